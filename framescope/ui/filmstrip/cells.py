"""Which frames the filmstrip shows and where they stand, as pure functions of the timeline's axis."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from framescope.ui.timeline.axis import FrameAxis

_SNAP_FROM = 8
"""Stretches of at least so many frames show a keyframe near their middle: it is decoded alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One thumbnail.

    Attributes:
        frame_number: The frame it shows.
        start: The first of the frames that are nearer to it than to its neighbours.
        stop: One past the last of them.
        center: x of its middle, in logical pixels.
    """

    frame_number: int
    start: int
    stop: int
    center: float


def stride_for(px_per_frame: float, pitch_px: float) -> int:
    """The fewest frames, of a sparse series, whose width holds a cell.

    The series (1, 2, … 7, 8, 10, 12, 14, 16, 20, …) leaves gaps of a quarter of a cell at most, and keeps
    most frames of a strip in place while the timeline is zoomed.
    """
    wanted = max(math.ceil(pitch_px / px_per_frame - 1e-9), 1)
    if wanted < 8:
        return wanted
    unit: int = 1 << (wanted.bit_length() - 3)
    return -(-wanted // unit) * unit


def even_cells(
    axis: FrameAxis, frame_total: int, pitch_px: float, keyframes: NDArray[np.int64], margin: float = 0.0
) -> list[Cell]:
    """Cells at equal distances, each over the stretch of frames it is taken from; the first one is frame 0.

    Args:
        axis: Frames ↔ pixels, the timeline's.
        frame_total: Frames of the video.
        pitch_px: Room that a cell takes, gap included.
        keyframes: Frame numbers, ascending. One near the middle of a wide stretch is shown.
        margin: How far beyond the edges to go on, as a share of the view.
    """
    cells = []
    for start, stop, center in _stretches(axis, frame_total, pitch_px, margin):
        middle = (start + stop) // 2
        snap = (stop - start) // 4 if stop - start >= _SNAP_FROM else 0
        number = _nearest_within(keyframes, middle, max(middle - snap, start), min(middle + snap + 1, stop))
        if not start:
            number = 0
        cells.append(Cell(middle if number is None else number, start, stop, center))
    return _parted(cells)


def keyframe_cells(
    axis: FrameAxis, frame_total: int, pitch_px: float, keyframes: NDArray[np.int64], margin: float = 0.0
) -> list[Cell]:
    """Cells of keyframes only; where they crowd, one stands for its neighbours.

    A stretch without a keyframe leaves its place empty; if that would leave the whole view empty, the
    keyframe that the view builds on stands at its left.
    """
    cells = []
    for start, stop, center in _stretches(axis, frame_total, pitch_px, margin):
        number = _nearest_within(keyframes, (start + stop) // 2 if start else 0, start, stop)
        if number is not None:
            cells.append(Cell(number, start, stop, center))
    half = pitch_px / 2
    if not any(axis.left - half < cell.center < axis.right + half for cell in cells):
        before = int(np.searchsorted(keyframes, axis.first, side="right")) - 1
        if before >= 0:
            number = int(keyframes[before])
            cells.append(Cell(number, number, number + 1, axis.left + half))
    return _parted(cells)


def request_order(cells: list[Cell], axis: FrameAxis) -> list[int]:
    """Frame numbers from the middle of the view outward, each once."""
    middle = axis.left + axis.width / 2
    outward = sorted(cells, key=lambda cell: abs(cell.center - middle))
    return list(dict.fromkeys(cell.frame_number for cell in outward))


def nearest_cell(cells: Sequence[Cell], frame_number: int) -> Cell | None:
    """The cell whose own frame is nearest, the later one of two as near; None when there is none."""
    return min(reversed(cells), key=lambda cell: abs(cell.frame_number - frame_number), default=None)


def cell_at(cells: list[Cell], x: float, width_px: float) -> Cell | None:
    """The cell under ``x``; None in a gap."""
    return next((cell for cell in cells if abs(x - cell.center) <= width_px / 2), None)


def _stretches(
    axis: FrameAxis, frame_total: int, pitch_px: float, margin: float
) -> list[tuple[int, int, float]]:
    """First frame, one past the last frame and x of the middle of what each cell stands for.

    A view of the whole video is divided evenly. Any other keeps to a grid from frame 0, so that scrolling
    moves cells and does not change them; a rest at the end of the video that has no room for a whole cell
    goes to the stretch before it.
    """
    if axis.first <= 0 and axis.last >= frame_total:
        count = min(max(int(frame_total * axis.px_per_frame / pitch_px + 1e-6), 1), frame_total)
        edges = [(2 * frame_total * place + count) // (2 * count) for place in range(count + 1)]
        # At equal distances even where few frames cannot be shared out evenly: half a frame beside its own
        # place a cell is still over its frames, but two cells closer than their width would overlap.
        centers = [axis.x_of(frame_total * (place + 0.5) / count) for place in range(count)]
        return [(*ends, center) for ends, center in zip(pairwise(edges), centers, strict=True)]
    stride = stride_for(axis.px_per_frame, pitch_px)
    reach = axis.span * margin
    first = max(math.floor((axis.first - reach) / stride), 0) * stride
    end = min(math.ceil(axis.last + reach), frame_total)
    stretches: list[tuple[int, int, float]] = []
    for start in range(first, end, stride):
        stop = min(start + stride, frame_total)
        if (stop - start) * axis.px_per_frame < pitch_px - 1 and stretches:
            start_before, _, center_before = stretches.pop()
            stretches.append((start_before, stop, center_before))
        else:
            stretches.append((start, stop, axis.x_of((start + stop) / 2)))
    return stretches


def _parted(cells: list[Cell]) -> list[Cell]:
    """Each frame goes to the cell whose own frame is nearest: the one that is lit shows it best."""
    borders = [(left.frame_number + right.frame_number + 1) // 2 for left, right in pairwise(cells)]
    starts = [cell.start for cell in cells[:1]] + borders
    stops = borders + [cell.stop for cell in cells[-1:]]
    return [
        replace(cell, start=start, stop=stop) for cell, start, stop in zip(cells, starts, stops, strict=True)
    ]


def _nearest_within(keyframes: NDArray[np.int64], middle: int, start: int, stop: int) -> int | None:
    place = int(np.searchsorted(keyframes, middle))
    near = [int(number) for number in keyframes[max(place - 1, 0) : place + 1] if start <= number < stop]
    return min(near, key=lambda number: abs(number - middle)) if near else None
