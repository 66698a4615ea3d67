"""Frame sizes and keyframes totalled in blocks, so that two million frames draw as fast as two hundred."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex

TYPE_COUNT = 4
"""Unknown, I, P and B: the values of ``PictureType``."""

_BLOCK = 16
_FACTOR = 4
_STRIDE = 1 << 16


class _Level:
    """One level: largest frame and bytes by type, and keyframes, for each block."""

    def __init__(self, block: int, block_count: int) -> None:
        self.block = block
        self.maxima = np.zeros((TYPE_COUNT, block_count), np.int32)
        self.bytes = np.zeros((TYPE_COUNT, block_count), np.float32)
        self.keyframes = np.zeros(block_count, np.int32)


class Columns:
    """The values to draw, one entry per pixel column.

    Attributes:
        frame_counts: int64, frames in the column; 0 beyond the index.
        maxima: (4, columns) int32, largest frame of each picture type in bytes.
        bytes: (4, columns) float64, bytes of each picture type.
        keyframes: int64, keyframes in the column.
    """

    def __init__(self, count: int) -> None:
        self.frame_counts = np.zeros(count, np.int64)
        self.maxima = np.zeros((TYPE_COUNT, count), np.int32)
        self.bytes = np.zeros((TYPE_COUNT, count), np.float64)
        self.keyframes = np.zeros(count, np.int64)

    def level_maxima(self) -> None:
        """Clear the maxima, so that bars show only the mean."""
        self.maxima[:] = 0

    def widen_keyframes(self, count: int) -> None:
        """Extend each keyframe over ``count`` columns, to keep its tick as wide on a high-DPI screen."""
        narrow = self.keyframes.copy()
        for shift in range(1, count):
            np.maximum(self.keyframes[shift:], narrow[:-shift], out=self.keyframes[shift:])

    @property
    def means(self) -> NDArray[np.float64]:
        """Mean bytes per frame in each column."""
        means: NDArray[np.float64] = self.bytes.sum(axis=0) / np.maximum(self.frame_counts, 1)
        return means


class SizePyramid:
    """Totals for blocks of 16, 64, 256, … frames of an index. Computed once per index, in slices.

    Call ``advance`` until it returns True; slices keep a long index from blocking the GUI. Columns of frames
    not reached yet are empty, as for an unindexed video.
    """

    def __init__(self, index: FrameIndex) -> None:
        self._sizes = index.sizes_bytes
        self._codes = index.picture_type_codes
        self._keys = index.is_keyframe
        self._reached = 0
        self._levels: list[_Level] = []
        self.largest = 0
        block = _BLOCK
        while not self._levels or (len(self) > block * 256 and block <= _STRIDE):
            self._levels.append(_Level(block, -(-len(self) // block)))
            block *= _FACTOR

    def __len__(self) -> int:
        return len(self._sizes)

    @property
    def reached(self) -> int:
        """Number of frames processed so far."""
        return self._reached

    def advance(self, frame_budget: int) -> bool:
        """Process about ``frame_budget`` more frames (at least one slice); True once all are done."""
        stop = min(self._reached + max(frame_budget, 1), len(self))
        while self._reached < stop:
            self._take_slice()
        return self._reached >= len(self)

    def _take_slice(self) -> None:
        # The slice stays in the CPU cache, and its length is a multiple of every block filled from it;
        # the levels above are filled from the level below.
        start, stop = self._reached, min(self._reached + _STRIDE, len(self))
        sizes, codes = self._sizes[start:stop], self._codes[start:stop]
        edges = np.arange(0, stop - start, _BLOCK)
        base = self._levels[0]
        into = slice(start // _BLOCK, start // _BLOCK + len(edges))
        for code in range(TYPE_COUNT):
            of_type = np.where(codes == code, sizes, 0)
            base.maxima[code, into] = np.maximum.reduceat(of_type, edges)
            base.bytes[code, into] = np.add.reduceat(of_type, edges, dtype=np.float32)
        base.keyframes[into] = np.add.reduceat(self._keys[start:stop], edges, dtype=np.int32)
        self.largest = max(self.largest, int(sizes.max(initial=0)))
        self._reached = stop
        self._raise_slice(start, stop)

    def _raise_slice(self, start: int, stop: int) -> None:
        for below, level in zip(self._levels, self._levels[1:], strict=False):
            source = slice(start // below.block, -(-stop // below.block))
            edges = np.arange(0, source.stop - source.start, _FACTOR)
            into = slice(start // level.block, start // level.block + len(edges))
            level.maxima[:, into] = np.maximum.reduceat(below.maxima[:, source], edges, axis=1)
            level.bytes[:, into] = np.add.reduceat(below.bytes[:, source], edges, axis=1)
            level.keyframes[into] = np.add.reduceat(below.keyframes[source], edges)

    def columns(self, first: float, frames_per_column: float, count: int) -> Columns:
        """Totals of ``count`` pixel columns, starting at the frame position ``first``.

        Column borders are exact below 32 frames per column, and off by at most half a column otherwise.
        A column narrower than a frame repeats the frame under its middle.
        """
        columns = Columns(count)
        if frames_per_column < 1:
            middles = first + (np.arange(count) + 0.5) * frames_per_column
            numbers = np.floor(middles).astype(np.int64)
            self._fill_repeated(columns, numbers, int(np.floor(first - frames_per_column / 2)))
            return columns
        edges = np.floor(first + np.arange(count + 1) * frames_per_column + 1e-6).astype(np.int64)
        level = self._level_for(frames_per_column)
        self._fill_direct(columns, edges) if level is None else self._fill_from(level, columns, edges)
        return columns

    def _level_for(self, frames_per_column: float) -> _Level | None:
        fitting = [level for level in self._levels if level.block * 2 <= frames_per_column]
        return fitting[-1] if fitting else None

    def _fill_repeated(self, columns: Columns, numbers: NDArray[np.int64], number_before: int) -> None:
        places = np.flatnonzero((numbers >= 0) & (numbers < len(self)))
        shown = numbers[places]
        sizes, codes = self._sizes[shown], self._codes[shown]
        columns.frame_counts[places] = 1
        columns.maxima[codes, places] = sizes
        columns.bytes[codes, places] = sizes
        # A keyframe's tick is where the frame begins, not on every column it covers.
        begins = np.diff(shown, prepend=number_before) > 0
        columns.keyframes[places] = self._keys[shown] & begins

    def _fill_direct(self, columns: Columns, edges: NDArray[np.int64]) -> None:
        used, borders = _inside(edges, len(self))
        if not len(used):
            return
        start, stop = int(borders[0]), int(borders[-1])
        offsets = borders[:-1] - start
        sizes, codes = self._sizes[start:stop], self._codes[start:stop]
        columns.frame_counts[used] = np.diff(borders)
        for code in range(TYPE_COUNT):
            of_type = np.where(codes == code, sizes, 0)
            columns.maxima[code, used] = np.maximum.reduceat(of_type, offsets)
            columns.bytes[code, used] = np.add.reduceat(of_type, offsets, dtype=np.float64)
        columns.keyframes[used] = np.add.reduceat(self._keys[start:stop], offsets, dtype=np.int64)

    def _fill_from(self, level: _Level, columns: Columns, edges: NDArray[np.int64]) -> None:
        used, borders = _inside(-(-edges // level.block), -(-self._reached // level.block))
        if not len(used):
            return
        start, stop = int(borders[0]), int(borders[-1])
        offsets = borders[:-1] - start
        ends = np.minimum(borders * level.block, self._reached)
        columns.frame_counts[used] = np.diff(ends)
        columns.maxima[:, used] = np.maximum.reduceat(level.maxima[:, start:stop], offsets, axis=1)
        columns.bytes[:, used] = np.add.reduceat(level.bytes[:, start:stop], offsets, axis=1)
        columns.keyframes[used] = np.add.reduceat(level.keyframes[start:stop], offsets)


def _inside(edges: NDArray[np.int64], end: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The columns that overlap 0 to ``end``, and their borders."""
    clipped = np.clip(edges, 0, end)
    used = np.flatnonzero(np.diff(clipped) > 0)
    if not len(used):
        return used, clipped[:0]
    borders = np.append(clipped[used], clipped[used[-1] + 1])
    return used, borders
