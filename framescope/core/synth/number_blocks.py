"""Draws a frame number into a picture so that programs can read it back after any lossy codec.

The number stands in the picture's lowest rows as black and white cells: 20 bits of number and 12 bits of
checksum, highest bit first. Cells are placed by proportion, so a scaled picture reads as well. Only luma
differs between them, which chroma subsampling does not touch.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_WIDTH, MIN_HEIGHT = 64, 48
"""The smallest picture that can carry a number."""

_NUMBER_BITS, _CHECK_BITS = 20, 12
MAX_NUMBER = (1 << _NUMBER_BITS) - 1
"""The largest number that can be drawn."""

_DARK_BELOW, _LIGHT_ABOVE = 100, 155


@dataclass(frozen=True, slots=True)
class BlockLayout:
    """Where the 32 cells stand: ``rows`` × ``columns`` over the full width, at the picture's lower edge.

    Attributes:
        rows: Rows of cells.
        columns: Cells in a row.
        height_share: Height of all rows together, as a share of the picture's.
    """

    rows: int
    columns: int
    height_share: float

    def cell(self, place: int, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom (half-open, in pixels) of the cell that carries bit ``place``."""
        row, column = divmod(place, self.columns)
        band = max(self.rows, round(height * self.height_share))
        top = height - band
        return (
            column * width // self.columns,
            top + row * band // self.rows,
            (column + 1) * width // self.columns,
            top + (row + 1) * band // self.rows,
        )


LARGE_BLOCKS = BlockLayout(rows=2, columns=16, height_share=1 / 4)
"""For small test clips: 4 × 6 pixels a cell in a picture of 64 × 48."""

EDGE_CODE = BlockLayout(rows=1, columns=32, height_share=1 / 36)
"""A thin line along the lower edge, for large pictures that people look at."""


def draw_number(rgb: NDArray[np.uint8], number: int, *, layout: BlockLayout = LARGE_BLOCKS) -> None:
    """Draw ``number`` into the lowest rows of ``rgb``, in place.

    Args:
        rgb: (height, width, 3) uint8, at least 64 × 48.
        number: 0 to ``MAX_NUMBER``.
        layout: The layout of the cells.

    Raises:
        ValueError: The picture is too small or the number too large.
    """
    height, width = rgb.shape[:2]
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        raise ValueError(
            f"a number needs {MIN_WIDTH} × {MIN_HEIGHT} pixels, this picture has {width} × {height}"
        )
    if not 0 <= number <= MAX_NUMBER:
        raise ValueError(f"only numbers from 0 to {MAX_NUMBER} can be drawn, not {number}")
    word = (number << _CHECK_BITS) | _checksum(number)
    total = _NUMBER_BITS + _CHECK_BITS
    for place in range(total):
        left, top, right, bottom = layout.cell(place, width, height)
        rgb[top:bottom, left:right] = 255 if word >> (total - 1 - place) & 1 else 0


def read_number(rgb: NDArray[np.uint8]) -> int | None:
    """The number drawn into ``rgb`` (any channel order), or None if none can be read for certain."""
    height, width = rgb.shape[:2]
    if width < MIN_WIDTH // 2 or height < MIN_HEIGHT // 2:
        return None
    for layout in (LARGE_BLOCKS, EDGE_CODE):
        number = _read(rgb, layout)
        if number is not None:
            return number
    return None


def _read(rgb: NDArray[np.uint8], layout: BlockLayout) -> int | None:
    height, width = rgb.shape[:2]
    word = 0
    for place in range(_NUMBER_BITS + _CHECK_BITS):
        left, top, right, bottom = layout.cell(place, width, height)
        # Only the middle of a cell: its border takes up the neighbours' ringing.
        across, down = (right - left) // 4, (bottom - top) // 4
        level = float(
            np.mean(rgb[top + down : max(bottom - down, top + down + 1), left + across : right - across])
        )
        if _DARK_BELOW <= level <= _LIGHT_ABOVE:
            return None
        word = word << 1 | (level > _LIGHT_ABOVE)
    number, check = divmod(word, 1 << _CHECK_BITS)
    return number if check == _checksum(number) else None


def _checksum(number: int) -> int:
    # Neither an all-black nor an all-white picture passes: crc32 of zeros is not zero, of ones not ones.
    return zlib.crc32(number.to_bytes(4, "big")) & ((1 << _CHECK_BITS) - 1)
