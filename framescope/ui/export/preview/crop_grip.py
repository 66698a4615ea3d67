"""Rectangles that people draw on a picture: what the pointer takes hold of and where a drag leads. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from framescope.core.export.geometry import Crop


class Grip(StrEnum):
    """A part of the rectangle, named by the sides that move with it; or all of it, or a new one."""

    NEW = "new"
    MOVE = "move"
    LEFT = "l"
    RIGHT = "r"
    TOP = "t"
    BOTTOM = "b"
    TOP_LEFT = "tl"
    TOP_RIGHT = "tr"
    BOTTOM_LEFT = "bl"
    BOTTOM_RIGHT = "br"

    @property
    def sides(self) -> str:
        """The letters of the sides that move."""
        return "" if self in {Grip.NEW, Grip.MOVE} else self.value


@dataclass(frozen=True, slots=True)
class Size:
    """Size of the picture, in pixels."""

    width: int
    height: int


def grip_at(crop: Crop | None, x: float, y: float, reach: float) -> Grip:
    """What the pointer takes hold of at a place in picture pixels.

    Args:
        crop: The rectangle; None when there is none yet.
        x: Place across.
        y: Place down.
        reach: How near an edge must be, in picture pixels.
    """
    if crop is None:
        return Grip.NEW
    right, bottom = crop.x + crop.width, crop.y + crop.height
    if not (crop.x - reach <= x <= right + reach and crop.y - reach <= y <= bottom + reach):
        return Grip.NEW
    # A small rectangle must still have a middle to move it by.
    reach_x, reach_y = min(reach, crop.width / 3), min(reach, crop.height / 3)
    across = "l" if x < crop.x + reach_x else "r" if x > right - reach_x else ""
    down = "t" if y < crop.y + reach_y else "b" if y > bottom - reach_y else ""
    return Grip(down + across) if down + across else Grip.MOVE


def dragged(crop: Crop, grip: Grip, by: tuple[int, int], size: Size) -> Crop:
    """The rectangle after a drag; it stays inside the picture and keeps a pixel at least.

    Args:
        crop: As it was when the drag began.
        grip: What is held; not a new one.
        by: Picture pixels across and down since then.
        size: The picture.
    """
    left, top = crop.x, crop.y
    right, bottom = crop.x + crop.width, crop.y + crop.height
    across, down = by
    if grip is Grip.MOVE:
        left = min(max(left + across, 0), size.width - crop.width)
        top = min(max(top + down, 0), size.height - crop.height)
        return Crop(left, top, crop.width, crop.height)
    sides = grip.sides
    if "l" in sides:
        left = min(max(left + across, 0), right - 1)
    if "r" in sides:
        right = max(min(right + across, size.width), left + 1)
    if "t" in sides:
        top = min(max(top + down, 0), bottom - 1)
    if "b" in sides:
        bottom = max(min(bottom + down, size.height), top + 1)
    return Crop(left, top, right - left, bottom - top)


def spanned(
    begin: tuple[float, float], end: tuple[float, float], size: Size, *, square: bool = False
) -> Crop | None:
    """The pixels between two corners; None where they span none.

    Args:
        begin: Where the drag began, in picture pixels.
        end: Where it is now.
        size: The picture.
        square: Whether both sides are to be as long as the shorter one.
    """
    (x0, y0), (x1, y1) = begin, end
    left, right = (min(max(edge, 0.0), size.width) for edge in sorted((x0, x1)))
    top, bottom = (min(max(edge, 0.0), size.height) for edge in sorted((y0, y1)))
    width, height = round(right) - round(left), round(bottom) - round(top)
    if square:
        width = height = min(width, height)
    if width < 1 or height < 1:
        return None
    x = round(left) if x1 >= x0 else round(right) - width
    y = round(top) if y1 >= y0 else round(bottom) - height
    return Crop(x, y, width, height)


def seen_part(seen: tuple[float, float, float, float], shown: Size, crop: Crop) -> Crop | None:
    """The part of the frame that is in view; None where the view holds all that is shown, or nothing.

    Args:
        seen: Left, top, right and bottom of the view, in pixels of what is shown.
        shown: Size of what is shown: the crop, perhaps resized.
        crop: What of the frame is shown.
    """
    left, top = max(seen[0], 0.0), max(seen[1], 0.0)
    right, bottom = min(seen[2], shown.width), min(seen[3], shown.height)
    across, down = crop.width / shown.width, crop.height / shown.height
    x, y = math.floor(left * across), math.floor(top * down)
    width = min(math.ceil(right * across), crop.width) - x
    height = min(math.ceil(bottom * down), crop.height) - y
    if width < 1 or height < 1 or (width, height) == (crop.width, crop.height):
        return None
    return Crop(crop.x + x, crop.y + y, width, height)


def fitted_inside(crop: Crop, size: Size) -> Crop | None:
    """What of the rectangle lies in the picture; None where nothing does."""
    right, bottom = min(crop.x + crop.width, size.width), min(crop.y + crop.height, size.height)
    if right <= crop.x or bottom <= crop.y:
        return None
    return Crop(crop.x, crop.y, right - crop.x, bottom - crop.y)
