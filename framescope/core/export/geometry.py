"""Crop and resize settings, and their text form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from framescope.core.errors import SettingsError
from framescope.core.outside import finite_number, whole_number
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LETTERBOX = "letterbox"
PAD_LEVEL = 114
"""The grey, of 255, around a letterboxed picture: that of the detectors that are trained on such pictures."""
_CROP = re.compile(r"(\d{1,9})x(\d{1,9})\+(\d{1,9})\+(\d{1,9})", re.ASCII)
_SIZE = re.compile(r"(\d{0,9})x(\d{0,9})|(\d{1,9})", re.ASCII)
MOST_PIXELS = 65_535
"""The longest side that a picture may be resized to."""


class ResizeMethod(StrEnum):
    """The interpolation method."""

    AUTO = "auto"
    """Area for shrinking, cubic for enlarging."""
    NEAREST = "nearest"
    LINEAR = "linear"
    CUBIC = "cubic"
    AREA = "area"
    LANCZOS = "lanczos"


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle of the displayed picture, after rotation.

    Attributes:
        x: First column.
        y: First row.
        width: Columns.
        height: Rows.

    Raises:
        SettingsError: It is empty or starts outside the picture.
    """

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        """Refuse invalid values."""
        if self.x < 0 or self.y < 0 or self.width < 1 or self.height < 1:
            raise SettingsError(
                tr(
                    "A crop of {width} × {height} pixels at {x}, {y} is not possible.",
                    width=self.width,
                    height=self.height,
                    x=self.x,
                    y=self.y,
                )
            )

    def __str__(self) -> str:
        """``640x360+100+20``: width, height, first column, first row."""
        return f"{self.width}x{self.height}+{self.x}+{self.y}"

    @classmethod
    def parse(cls, text: str) -> Crop:
        """Parse a crop.

        Raises:
            SettingsError: It does not have the form ``640x360+100+20``.
        """
        match = _CROP.fullmatch(text.strip())
        if match is None:
            raise SettingsError(
                tr("“{text}” is not a crop.", text=text),
                hint=tr("Write WIDTHxHEIGHT+LEFT+TOP, such as 640x360+100+20."),
            )
        width, height, x, y = map(int, match.groups())
        return cls(x, y, width, height)

    def check_inside(self, width: int, height: int) -> None:
        """Check that the picture contains the whole rectangle.

        Raises:
            SettingsError: It reaches beyond the picture.
        """
        if self.x + self.width > width or self.y + self.height > height:
            raise SettingsError(
                tr(
                    "The crop {self} reaches beyond the picture, which has {width} × {height} pixels.",
                    self=self,
                    width=width,
                    height=height,
                ),
                hint=tr("Coordinates start at 0, in the picture as it is saved."),
            )


@dataclass(frozen=True, slots=True)
class Resize:
    """The size to scale pictures to, after cropping.

    Attributes:
        width: Columns; None to follow the height.
        height: Rows; None to follow the width.
        longest: Length of the longer side in pixels, instead of the two above.
        square: Whether to enlarge one side until pixels are square, instead of all of these.
        method: The interpolation method.
        letterbox: Whether the picture keeps its shape, with square pixels, and grey fills what is left of
            ``width`` and ``height``, half on each side.

    Raises:
        SettingsError: No size is given, or an invalid one.
    """

    width: int | None = None
    height: int | None = None
    longest: int | None = None
    method: ResizeMethod = ResizeMethod.AUTO
    square: bool = False
    letterbox: bool = False

    def __post_init__(self) -> None:
        """Refuse invalid values."""
        sides = [side for side in (self.width, self.height, self.longest) if side is not None]
        if bool(sides) == self.square or (self.longest is not None and len(sides) > 1):
            raise SettingsError(tr("Give a width, a height, both, the longest side, or square pixels."))
        if not all(1 <= side <= MOST_PIXELS for side in sides):
            raise SettingsError(
                tr("Pictures cannot be made {sides} pixels wide or high.", sides=max(sides)),
                hint=tr("From 1 to {most_pixels}.", most_pixels=MOST_PIXELS),
            )
        if self.letterbox and (self.width is None or self.height is None):
            raise SettingsError(
                tr("A letterbox needs a width and a height."), hint=tr("For example 640x640:letterbox.")
            )

    def __str__(self) -> str:
        """``1280x720``, ``1280x``, ``x720``, ``640`` (longest side), ``square``, ``640x640:letterbox``.

        A method other than the automatic one follows: ``1280x:lanczos``.
        """
        size = str(self.longest) if self.longest else f"{self.width or ''}x{self.height or ''}"
        size = "square" if self.square else size
        size = f"{size}:{_LETTERBOX}" if self.letterbox else size
        return size if self.method is ResizeMethod.AUTO else f"{size}:{self.method.value}"

    @classmethod
    def parse(cls, text: str) -> Resize:
        """Parse a size.

        Raises:
            SettingsError: It does not have the form of `__str__`.
        """
        size, _, method = text.strip().partition(":")
        kind, _, rest = method.partition(":")
        letterbox = kind == _LETTERBOX
        method = rest if letterbox else method
        if not letterbox and size == "square" and method in ("", *ResizeMethod):
            return cls(square=True, method=ResizeMethod(method or ResizeMethod.AUTO))
        match = _SIZE.fullmatch(size)
        if match is None or (method and method not in tuple(ResizeMethod)):
            raise SettingsError(
                tr("“{text}” is not a size.", text=text),
                hint=tr(
                    "Write 1280x720, 1280x, x720, 640 for the longest side, square for square pixels, or "
                    "640x640:letterbox."
                ),
            )
        width, height, longest = (int(side) if side else None for side in match.groups())
        return cls(width, height, longest, ResizeMethod(method or ResizeMethod.AUTO), letterbox=letterbox)

    def size_of(self, width: int, height: int, pixel_aspect: Fraction | int = 1) -> tuple[int, int]:
        """(width, height) of a picture after scaling; an omitted side keeps the aspect ratio.

        Args:
            width: Columns.
            height: Rows.
            pixel_aspect: Its pixel width over height; only used for square pixels and letterboxes.
        """
        if self.square:
            if pixel_aspect >= 1:
                return max(round(width * pixel_aspect), 1), height
            return width, max(round(height / pixel_aspect), 1)
        new_width, new_height = self.width, self.height
        if self.longest is not None:
            new_width, new_height = (self.longest, None) if width >= height else (None, self.longest)
        if new_width is None and new_height is not None:
            new_width = max(round(width * new_height / height), 1)
        if new_height is None and new_width is not None:
            new_height = max(round(height * new_width / width), 1)
        return new_width or width, new_height or height

    def inner_of(
        self, width: int, height: int, pixel_aspect: Fraction | int = 1
    ) -> tuple[int, int, int, int]:
        """(left, top, width, height) of the scaled picture inside that of `size_of`; see there."""
        new_width, new_height = self.size_of(width, height, pixel_aspect)
        if not self.letterbox:
            return 0, 0, new_width, new_height
        shown = width * Fraction(pixel_aspect)
        scale = min(new_width / shown, Fraction(new_height, height))
        inner = (
            min(max(round(shown * scale), 1), new_width),
            min(max(round(height * scale), 1), new_height),
        )
        return (new_width - inner[0]) // 2, (new_height - inner[1]) // 2, *inner


@dataclass(frozen=True, slots=True)
class Geometry:
    """Which part of a frame a saved picture shows, and where.

    Coordinates are in pixels from the top left corner, so that the picture ends at its width: the point
    ``x`` of the frame lies at ``x * scale[0] + offset[0]`` of the saved picture.

    Attributes:
        source: (width, height) of the frame as displayed: after rotation, before crop.
        size: (width, height) of the saved picture.
        scale: Factors across and down.
        offset: Where the frame's corner lies.
        inner: (left, top, width, height) of what the saved picture shows of the frame, without the bars of a
            letterbox; None if that is all of it.
    """

    source: tuple[int, int]
    size: tuple[int, int]
    scale: tuple[float, float] = (1.0, 1.0)
    offset: tuple[float, float] = (0.0, 0.0)
    inner: tuple[int, int, int, int] | None = None

    @property
    def box(self) -> tuple[int, int, int, int]:
        """(left, top, width, height) of what the saved picture shows of the frame: no bars are part of it."""
        return self.inner or (0, 0, *self.size)

    def as_table(self) -> dict[str, list[float]]:
        """Plain values by name; ``inner`` only if there are bars."""
        table = {name: list(getattr(self, name)) for name in ("source", "size", "scale", "offset")}
        return table if self.inner is None else {**table, "inner": list(self.inner)}

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Geometry:
        """Read what `as_table` gave.

        Raises:
            KeyError, TypeError, ValueError: It is not that.
        """
        sizes = [tuple(whole_number(side, 1) for side in table[name]) for name in ("source", "size")]
        values = [tuple(finite_number(one) for one in table[name]) for name in ("scale", "offset")]
        (source, size), (scale, offset) = sizes, values
        if any(len(pair) != 2 for pair in (source, size, scale, offset)) or min(scale) <= 0:
            raise ValueError(tr("a geometry has two values for each name"))
        inner = None if table.get("inner") is None else _inner_box(table["inner"], (size[0], size[1]))
        pairs = (source[0], source[1]), (size[0], size[1]), (scale[0], scale[1]), (offset[0], offset[1])
        return cls(*pairs, inner)


def _inner_box(values: Sequence[object], size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, width, height = (whole_number(one, int(place > 1)) for place, one in enumerate(values))
    if left + width > size[0] or top + height > size[1]:
        raise ValueError(tr("the inner part of a picture lies inside it"))
    return left, top, width, height


def geometry_of(
    width: int, height: int, pixel_aspect: Fraction | int, crop: Crop | None, resize: Resize | None
) -> Geometry:
    """Where the pixels of a displayed frame end up.

    Args:
        width: Columns of the frame as displayed.
        height: Its rows.
        pixel_aspect: Its pixel width over height.
        crop: The part to save; None for all of it.
        resize: The size to scale that to; None to keep it.

    Raises:
        SettingsError: The crop reaches beyond the picture.
    """
    part = crop or Crop(0, 0, width, height)
    part.check_inside(width, height)
    size = part.width, part.height
    left, top, *inner = 0, 0, *size
    if resize is not None:
        left, top, *inner = resize.inner_of(*size, pixel_aspect)
        size = resize.size_of(*size, pixel_aspect)
    scale = inner[0] / part.width, inner[1] / part.height
    offset = left - part.x * scale[0], top - part.y * scale[1]
    has_bars = size != (inner[0], inner[1])
    return Geometry(
        (width, height), size, scale, offset, (left, top, inner[0], inner[1]) if has_bars else None
    )
