"""The texts of the timing panel. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.media.facts.intervals import UNPACKED
from framescope.core.text import counted, grouped
from framescope.core.translation import tr
from framescope.ui.panels.timing.columns import ms_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.facts.intervals import Intervals
    from framescope.core.media.index import FrameIndex
    from framescope.core.timing.errors import TimeErrors
    from framescope.ui.panels.timing.source import Timing


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the frame rate is constant.

    Attributes:
        headline: Two or three words.
        reason: How it was decided.
        role: The stylesheet's role: ``success``, ``warning`` or ``muted``.
    """

    headline: str
    reason: str
    role: str


def verdict(intervals: Intervals, *, complete: bool) -> Verdict:
    """Constant or variable, and why."""
    so_far = (
        ""
        if complete
        else tr(" So far, of the first {frames}.", frames=counted(intervals.frame_count, "frame", "frames"))
    )
    so_far += f" {UNPACKED}" if intervals.is_unpacked else ""
    if len(intervals.missing) == intervals.frame_count:
        return Verdict(
            tr("No timestamps"),
            tr(
                "The file stores no timestamps. Times shown by other programs are frame numbers divided by an"
                " assumed rate."
            )
            + so_far,
            "warning",
        )
    if math.isnan(intervals.median_s):
        return Verdict(
            tr("Rate not known"),
            tr("At least two frames with different times are needed to measure it.") + so_far,
            "muted",
        )
    pairs = int(intervals.is_known.sum())
    if len(intervals.missing):
        missing = grouped(len(intervals.missing))
        reason = tr(
            "{missing} of {frames} have no timestamp.",
            missing=missing,
            frames=counted(intervals.frame_count, "frame", "frames"),
        )
        return Verdict(tr("Timestamps missing"), reason + so_far, "warning")
    if intervals.is_constant:
        return Verdict(tr("Constant rate"), f"{_constant_words(intervals, pairs)}{so_far}", "success")
    close, usual = ms_words(intervals.tolerance_s * 1000), ms_words(intervals.median_s * 1000)
    are = "is" if intervals.exceptions == 1 else "are"
    return Verdict(
        tr("Variable rate"),
        tr(
            "{exceptions} of {intervals} {are} more than {close} off the median {usual}.{so_far}",
            exceptions=grouped(intervals.exceptions),
            intervals=counted(pairs, "interval", "intervals"),
            are=are,
            close=close,
            usual=usual,
            so_far=so_far,
        ),
        "warning",
    )


def _constant_words(intervals: Intervals, pairs: int) -> str:
    shortest, longest = (ms_words(size * 1000) for size in (intervals.shortest_s, intervals.longest_s))
    if pairs == 1:
        return tr("The only interval is {shortest}.", shortest=shortest)
    if shortest == longest:
        return tr(
            "All {intervals} are {shortest}.",
            intervals=counted(pairs, "interval", "intervals"),
            shortest=shortest,
        )
    is_rounding = intervals.longest_s - intervals.shortest_s < 2.5 * intervals.tick_s
    why = (
        tr("rounding to ticks of {ms}", ms=ms_words(intervals.tick_s * 1000))
        if is_rounding
        else tr("less than 1 %")
    )
    return tr(
        "All {intervals} are {shortest} to {longest}: equal except for {why}.",
        intervals=counted(pairs, "interval", "intervals"),
        shortest=shortest,
        longest=longest,
        why=why,
    )


def tiles(intervals: Intervals) -> tuple[tuple[str, str], ...]:
    """Number and label of: mean rate, usual interval, shortest, longest."""
    rate = intervals.rate
    known = (
        ""
        if rate is None
        else tr(
            "; the median interval corresponds to {rate:.6g} fps ({fraction})",
            rate=float(rate),
            fraction=rate,
        )
    )
    return (
        (
            "–" if math.isnan(intervals.mean_rate) else f"{intervals.mean_rate:.5g}",
            tr("Frames per second over the whole file{known}", known=known),
        ),
        (_short_ms(intervals.median_s), tr("Median interval between consecutive frames, in milliseconds")),
        (
            _short_ms(intervals.shortest_s),
            tr("Shortest interval between consecutive frames, in milliseconds"),
        ),
        (_short_ms(intervals.longest_s), tr("Longest interval between consecutive frames, in milliseconds")),
    )


def _short_ms(seconds: float) -> str:
    if math.isnan(seconds):
        return "–"
    value = seconds * 1000
    size = f"{abs(value):.4g}" if abs(value) < 10_000 else grouped(round(abs(value)))
    return f"−{size}" if value < 0 else size


def interval_words(timing: Timing, frame_number: int) -> str:
    """A frame's interval, as shown above the chart."""
    if not 0 <= frame_number < len(timing.intervals_ms):
        return ""
    value = float(timing.intervals_ms[frame_number])
    words = "first" if frame_number == 0 else (tr("no time") if math.isnan(value) else _exact_ms(value))
    return tr("frame {frame_number}: {words}", frame_number=grouped(frame_number), words=words)


def error_readout(timing: Timing, frame_number: int) -> str:
    """The error of ``n / fps`` at a frame, as shown above the chart."""
    if not 0 <= frame_number < len(timing.nominal_ms):
        return ""
    value = float(timing.nominal_ms[frame_number])
    words = tr("not known") if math.isnan(value) else _exact_ms(value, signed=True)
    return tr("frame {frame_number}: {words}", frame_number=grouped(frame_number), words=words)


def _exact_ms(value: float, *, signed: bool = False) -> str:
    if abs(value) >= 1000:
        return ms_words(value, signed=signed)
    rounded = round(value, 3)
    sign = "−" if rounded < 0 else ("+" if signed and rounded > 0 else "")
    return f"{sign}{abs(rounded):.3f} ms"


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """The error of a way to compute times.

    Attributes:
        sentence: The largest error, and the conclusion.
        worst_frame: The frame with the largest error; None if there is none.
        role: The stylesheet's role.
    """

    sentence: str
    worst_frame: int | None
    role: str


def error_words(errors: TimeErrors, index: FrameIndex, which: str = tr("every frame")) -> ErrorWords:
    """The largest error of a way to compute times, and the conclusion; ``which`` frames it covers."""
    worst = errors.worst_frame
    if worst is None:
        return ErrorWords(tr("Cannot be compared: the frames have no timestamps."), None, "muted")
    tick_ms = float(index.time_base) * 1000
    if abs(errors.worst_ms) < max(tick_ms / 2, 1e-3):
        return ErrorWords(tr("Correct for {which}.", which=which), None, "success")
    most = tr("Up to {ms}", ms=ms_words(errors.worst_ms, signed=True))
    if not errors.wrong_frames:
        return ErrorWords(tr("{most}; never enough to show a different frame.", most=most), worst, "success")
    off = abs(errors.worst_frames)
    sign = "−" if errors.worst_frames < 0 else "+"
    return ErrorWords(
        tr(
            "{most} and {sign}{frames}; it would show a different frame for {wrong_frames} of {count}.",
            most=most,
            sign=sign,
            frames=counted(off, "frame", "frames"),
            wrong_frames=grouped(errors.wrong_frames),
            count=grouped(len(index)),
        ),
        worst,
        "warning",
    )


def absent_words(intervals: Intervals) -> str:
    """Which kinds of odd timestamps do not occur; empty if unknown."""
    if math.isnan(intervals.median_s):
        return ""
    kinds = (
        (intervals.duplicates, "duplicates"),
        (intervals.gaps, "gaps"),
        (intervals.backward, tr("steps back")),
        (intervals.missing, tr("missing timestamps")),
    )
    names = [name for numbers, name in kinds if not len(numbers)]
    if not names:
        return ""
    return (
        tr("No {names} or {last}.", names=", ".join(names[:-1]), last=names[-1])
        if len(names) > 1
        else tr("No {names}.", names=names[0])
    )


def next_of(numbers: NDArray, position: int, step: int) -> int:  # type: ignore[type-arg]
    """The next or previous of ascending frame numbers from a position; wraps around at the ends."""
    if step > 0:
        place = int(numbers.searchsorted(position, side="right"))
    else:
        place = int(numbers.searchsorted(position, side="left")) - 1
    return int(numbers[place % len(numbers)])
