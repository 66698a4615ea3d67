"""What the export dialog says about the frames that are chosen: how many, and how they will be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.media.read_way import ReadWay
from framescope.core.text import counted, duration_words, grouped, size_words

if TYPE_CHECKING:
    from framescope.core.media.read_way import ReadCost
    from framescope.core.sampling.read_cost import ReadEstimate


def count_words(count: int, clip_total: int, frame_total: int) -> str:
    """``48 pictures in 3 clips``, ``9 of 250 frames``, ``1 of 1 frame``."""
    if clip_total:
        clips = counted(clip_total, "clip")
        return f"{counted(count, 'picture')} in {clips}"
    return f"{grouped(count)} of {counted(frame_total, 'frame')}"


def reading_words(estimate: ReadEstimate) -> tuple[str, str]:
    """How the frames will be read, and what the other way would take (empty where there is no other)."""
    through, seek = estimate.costs.through, estimate.costs.seek
    if through == seek:
        return f"Read in one go: {_cost(estimate, through)}.", ""
    if estimate.way is ReadWay.SEEK:
        return f"Read by seeking: {_cost(estimate, seek)}.", f"Reading through: {_cost(estimate, through)}."
    return f"Read through: {_cost(estimate, through)}.", f"Seeking: {_cost(estimate, seek)}."


def cost_cells(estimate: ReadEstimate, cost: ReadCost) -> tuple[str, str, str]:
    """What one way takes, in three short cells: frames, bytes, and time (empty while nobody measured)."""
    seconds = estimate.seconds(cost)
    time = "" if seconds is None else "< 0.1 s" if seconds < 0.05 else seconds_words(seconds)
    return counted(cost.frames, "frame"), size_words(cost.size_bytes), time


def seconds_words(seconds: float) -> str:
    """``0.4 s``, ``12 s``, ``2 min 05 s``; short spans with a digit more."""
    if seconds < 0.05:
        return "less than 0.1 s"
    return f"{seconds:.1f} s" if seconds < 9.95 else duration_words(seconds)


def _cost(estimate: ReadEstimate, cost: ReadCost) -> str:
    parts = [f"decodes {counted(cost.frames, 'frame')}"]
    if cost.seeks > 1:
        parts.append(counted(cost.seeks, "seek"))
    parts.append(size_words(cost.size_bytes))
    seconds = estimate.seconds(cost)
    if seconds is not None:
        parts.append(f"about {seconds_words(seconds)}" if seconds >= 0.05 else seconds_words(seconds))
    return ", ".join(parts)
