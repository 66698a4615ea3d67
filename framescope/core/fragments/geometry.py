"""How a picture is cut into tiles. Pure; positions are aligned so that chroma samples are never shared."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Protocol

from framescope.core.errors import FragmentError
from framescope.core.translation import tr


class PicturePart(Protocol):
    """A part of the picture as decoded, of any shape, for which tiles are needed."""

    def meets(self, other: Region) -> bool:
        """Whether a tile is needed for it."""


class Region(NamedTuple):
    """A rectangle of the picture as decoded, in pixels, before rotation.

    Attributes:
        x: First column.
        y: First row.
        width: Columns.
        height: Rows.
    """

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column after it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.height

    def meets(self, other: Region) -> bool:
        """Whether the two overlap."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def widened(self, step_x: int, step_y: int, size: tuple[int, int]) -> Region:
        """The smallest aligned region that contains this one, within a picture of ``size``.

        Raises:
            FragmentError: It is empty, or reaches beyond the picture.
        """
        self.check_inside(size)
        width, height = size
        left, top = self.x // step_x * step_x, self.y // step_y * step_y
        right = min(-(-self.right // step_x) * step_x, width)
        bottom = min(-(-self.bottom // step_y) * step_y, height)
        return Region(left, top, right - left, bottom - top)

    def check_inside(self, size: tuple[int, int]) -> None:
        """Check that the picture contains the whole rectangle.

        Raises:
            FragmentError: It is empty, or reaches beyond a picture of this width and height.
        """
        width, height = size
        is_empty = self.width <= 0 or self.height <= 0
        if is_empty or min(self.x, self.y) < 0 or self.right > width or self.bottom > height:
            words = (
                tr("is empty")
                if is_empty
                else tr("reaches beyond the picture of {width} × {height}", width=width, height=height)
            )
            raise FragmentError(
                tr("The region {region} {problem}.", region=self.words, problem=words),
                hint=tr("Give X,Y,W,H in pixels of the stored picture, counted from its upper left corner."),
            )

    @property
    def words(self) -> str:
        """``640 × 360 at 0, 0``."""
        return tr("{width} × {height} at {x}, {y}", width=self.width, height=self.height, x=self.x, y=self.y)


@dataclass(frozen=True, slots=True)
class Grid:
    """The number of tiles, or their size: one of the two.

    Attributes:
        rows: Rows of tiles; 0 if the tile size is given.
        columns: Columns of tiles; 0 if the tile size is given.
        tile_width: Columns of pixels in a tile; 0 if the counts are given.
        tile_height: Rows of pixels in a tile; 0 if the counts are given.
    """

    rows: int = 0
    columns: int = 0
    tile_width: int = 0
    tile_height: int = 0

    def __post_init__(self) -> None:
        """Refuse an invalid grid."""
        counted = self.rows > 0 and self.columns > 0
        sized = self.tile_width > 0 and self.tile_height > 0
        if counted == sized:
            raise FragmentError(
                tr("A grid needs rows and columns, or the size of a tile."),
                hint=tr("Write 3x4 for three rows of four tiles, or give a tile size such as 256x256."),
            )

    @property
    def words(self) -> str:
        """``3 × 4 tiles`` or ``tiles of 256 × 256``."""
        if self.rows:
            return tr("{rows} × {columns} tiles", rows=self.rows, columns=self.columns)
        return tr(
            "tiles of {tile_width} × {tile_height}", tile_width=self.tile_width, tile_height=self.tile_height
        )


def cut_tiles(width: int, height: int, grid: Grid, steps: tuple[int, int]) -> tuple[Region, ...]:
    """The tiles of a picture, row by row; together they cover it once.

    Args:
        width: Columns of the picture.
        height: Rows.
        grid: The number or size of tiles.
        steps: Columns and rows that share one chroma sample: every edge inside is a multiple of them. A
            picture too small for so many tiles gets as many as fit.
    """
    across = _edges(width, grid.columns, grid.tile_width, steps[0])
    down = _edges(height, grid.rows, grid.tile_height, steps[1])
    return tuple(
        Region(left, top, right - left, bottom - top)
        for top, bottom in pairwise(down)
        for left, right in pairwise(across)
    )


def _edges(length: int, count: int, size: int, step: int) -> list[int]:
    if size:
        aligned = max(step, size // step * step)
        inside = list(range(aligned, length, aligned))
    else:
        inside = [round(place * length / count / step) * step for place in range(1, count)]
    return sorted({0, length, *(edge for edge in inside if 0 < edge < length)})
