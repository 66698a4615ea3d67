"""Crop and resize settings, and their text form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.translation import tr

if TYPE_CHECKING:
    from fractions import Fraction

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

    Raises:
        SettingsError: No size is given, or an invalid one.
    """

    width: int | None = None
    height: int | None = None
    longest: int | None = None
    method: ResizeMethod = ResizeMethod.AUTO
    square: bool = False

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

    def __str__(self) -> str:
        """``1280x720``, ``1280x``, ``x720``, ``640`` (longest side), ``square``; plus ``:lanczos``."""
        size = str(self.longest) if self.longest else f"{self.width or ''}x{self.height or ''}"
        size = "square" if self.square else size
        return size if self.method is ResizeMethod.AUTO else f"{size}:{self.method.value}"

    @classmethod
    def parse(cls, text: str) -> Resize:
        """Parse a size.

        Raises:
            SettingsError: It does not have the form of `__str__`.
        """
        size, _, method = text.strip().partition(":")
        if size == "square" and method in ("", *ResizeMethod):
            return cls(square=True, method=ResizeMethod(method or ResizeMethod.AUTO))
        match = _SIZE.fullmatch(size)
        if match is None or (method and method not in tuple(ResizeMethod)):
            raise SettingsError(
                tr("“{text}” is not a size.", text=text),
                hint=tr(
                    "Write 1280x720, 1280x, x720, 640 for the longest side, or square for square pixels."
                ),
            )
        width, height, longest = (int(side) if side else None for side in match.groups())
        return cls(width, height, longest, ResizeMethod(method or ResizeMethod.AUTO))

    def size_of(self, width: int, height: int, pixel_aspect: Fraction | int = 1) -> tuple[int, int]:
        """(width, height) of a picture after scaling; an omitted side keeps the aspect ratio.

        Args:
            width: Columns.
            height: Rows.
            pixel_aspect: Its pixel width over height; only used for square pixels.
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
