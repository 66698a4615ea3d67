"""Crop and resize settings, and how they are written as text."""

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
    """How pixels between pixels are made."""

    AUTO = "auto"
    """Area when the picture shrinks, cubic when it grows."""
    NEAREST = "nearest"
    LINEAR = "linear"
    CUBIC = "cubic"
    AREA = "area"
    LANCZOS = "lanczos"


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle of the picture as it is shown, after rotation.

    Attributes:
        x: First column.
        y: First row.
        width: Columns.
        height: Rows.

    Raises:
        SettingsError: It holds no pixels or begins outside.
    """

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
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
        """The crop that ``text`` writes.

        Raises:
            SettingsError: It is not written as ``640x360+100+20``.
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
        """Refuse a picture that does not hold the whole rectangle.

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
    """A size to bring pictures to, after cropping.

    Attributes:
        width: Columns; None to follow the height.
        height: Rows; None to follow the width.
        longest: Pixels of the longer side, in place of the two.
        square: Whether one side grows until the pixels are square, in place of all these.
        method: How pixels between pixels are made.

    Raises:
        SettingsError: No size is named, or one that cannot be used.
    """

    width: int | None = None
    height: int | None = None
    longest: int | None = None
    method: ResizeMethod = ResizeMethod.AUTO
    square: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
        sides = [side for side in (self.width, self.height, self.longest) if side is not None]
        if bool(sides) == self.square or (self.longest is not None and len(sides) > 1):
            raise SettingsError(tr("Give a width, a height, both, the longest side, or square pixels."))
        if not all(1 <= side <= MOST_PIXELS for side in sides):
            raise SettingsError(
                tr("Pictures cannot be made {sides} pixels wide or high.", sides=max(sides)),
                hint=tr("From 1 to {most_pixels}.", most_pixels=MOST_PIXELS),
            )

    def __str__(self) -> str:
        """``1280x720``, ``1280x``, ``x720``, ``640`` (longest side), ``square``; ``:lanczos`` behind it."""
        size = str(self.longest) if self.longest else f"{self.width or ''}x{self.height or ''}"
        size = "square" if self.square else size
        return size if self.method is ResizeMethod.AUTO else f"{size}:{self.method.value}"

    @classmethod
    def parse(cls, text: str) -> Resize:
        """The size that ``text`` writes.

        Raises:
            SettingsError: It is not written as `__str__` writes it.
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
        """(width, height) that a picture of ``width`` × ``height`` gets; a side not named keeps the shape.

        Args:
            width: Columns.
            height: Rows.
            pixel_aspect: How many times as wide as high its pixels are; only square pixels need it.
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
