"""Which frames the timeline shows and where: frames ↔ pixels, zoom and scroll, as pure functions."""

from __future__ import annotations

import math
from dataclasses import dataclass

WIDEST_CELL_PX = 72.0
"""Maximum width of a single frame: room for its number, letter and size."""


@dataclass(frozen=True, slots=True)
class FrameAxis:
    """A linear map between frames and pixels. Frame n covers positions n to n + 1.

    Attributes:
        first: The position, in frames, at the left edge.
        last: The position, in frames, at the right edge (half-open).
        left: x of the left edge, in logical pixels.
        width: Distance between the edges, in logical pixels.
    """

    first: float
    last: float
    left: float
    width: float

    @property
    def span(self) -> float:
        """Frames between the edges."""
        return self.last - self.first

    @property
    def px_per_frame(self) -> float:
        """Logical pixels per frame."""
        return self.width / (self.last - self.first)

    @property
    def right(self) -> float:
        """X of the right edge."""
        return self.left + self.width

    def x_of(self, position: float) -> float:
        """X of a position in frames; ``x_of(n + 0.5)`` is the middle of frame n."""
        # In one expression: the ruler asks for hundreds of places in each paint.
        return self.left + (position - self.first) * (self.width / (self.last - self.first))

    def position_at(self, x: float) -> float:
        """The position, in frames, at ``x``; not clamped."""
        return self.first + (x - self.left) / self.px_per_frame

    def frame_at(self, x: float, frame_total: int) -> int:
        """The frame under ``x``, clamped to existing frames and to the edges."""
        position = self.position_at(min(max(x, self.left), self.right - 1e-6))
        return min(max(math.floor(position), 0), max(frame_total - 1, 0))


def narrowest_span(width: float, frame_total: int) -> float:
    """The fewest frames that ``width`` may show, so that a cell is no wider than ``WIDEST_CELL_PX``."""
    return min(max(width / WIDEST_CELL_PX, 1.0), float(max(frame_total, 1)))


def clamped(first: float, last: float, width: float, frame_total: int) -> tuple[float, float]:
    """The nearest range that lies within the video and is neither too narrow nor too wide."""
    total = float(max(frame_total, 1))
    span = min(max(last - first, narrowest_span(width, frame_total)), total)
    start = min(max(first, 0.0), total - span)
    return start, start + span


def zoomed(axis: FrameAxis, factor: float, x: float, frame_total: int) -> tuple[float, float]:
    """The range after zooming in by ``factor``; the position under ``x`` stays, except near the ends."""
    anchor = axis.position_at(x)
    share = (anchor - axis.first) / axis.span
    narrowest = narrowest_span(axis.width, frame_total)
    span = min(max(axis.span / factor, narrowest), float(max(frame_total, 1)))
    first = anchor - share * span
    return clamped(first, first + span, axis.width, frame_total)


def scrolled(axis: FrameAxis, delta_px: float, frame_total: int) -> tuple[float, float]:
    """The range after scrolling ``delta_px`` to the right."""
    delta = delta_px / axis.px_per_frame
    return clamped(axis.first + delta, axis.last + delta, axis.width, frame_total)
