"""A comparison in sentences, for the command line and reports."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from framescope.core.compare.differences import DifferenceKind
from framescope.core.text import clock, counted, damage_words, listed, rate_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.compare.comparison import Comparison, Side
    from framescope.core.compare.differences import Difference
    from framescope.core.compare.registration import Registration

_PULLDOWN = (1, 5), (3, 5)
"""How many frames of how many are repeated in 2:3 pulldown, from 24 to 30 and to 60."""
_DAMAGE_REACH = 2
"""Frames beside damage that may be lost with it."""
_LEAST_SCALE = 2e-4
"""A difference in speed below that is rounding."""


def verdict(comparison: Comparison) -> str:
    """The result in one sentence."""
    kinds = [one.kind for one in comparison.alignment.differences]
    if DifferenceKind.NOTHING_IN_COMMON in kinds:
        return tr("The videos have no frame in common.")
    if not kinds and comparison.is_selection:
        return tr(
            "B holds {pictures} of frames of A, all that its manifest lists.",
            pictures=counted(len(comparison.b), "picture", "pictures"),
        )
    if not kinds and not comparison.is_complete:
        return tr("B has a frame for every frame of A, but not all can be decoded.")
    if not kinds:
        return tr(
            "Every frame of A is in B, once and in order: {frames}.",
            frames=counted(len(comparison.a), "frame", "frames"),
        )
    counts = {
        kind: sum(one.count for one in comparison.alignment.differences if one.kind is kind)
        for kind in dict.fromkeys(kinds)
    }
    return tr("B differs from A: {parts}.", parts=listed([_counted(*one) for one in counts.items()]))


def _counted(kind: DifferenceKind, count: int) -> str:
    frames = counted(count, "frame", "frames")
    return {
        DifferenceKind.DROPPED: tr("{frames} dropped", frames=frames),
        DifferenceKind.DOUBLED: tr("{frames} doubled", frames=frames),
        DifferenceKind.INSERTED: tr("{frames} inserted", frames=frames),
        DifferenceKind.CUT: tr("{frames} cut", frames=frames),
        DifferenceKind.ADDED: tr("{frames} added", frames=frames),
        DifferenceKind.STARTS_LATER: tr("{frames} missing at the start", frames=frames),
        DifferenceKind.ENDS_EARLIER: tr("{frames} missing at the end", frames=frames),
        DifferenceKind.LEAD_IN: tr("{frames} added at the start", frames=frames),
        DifferenceKind.LEAD_OUT: tr("{frames} added at the end", frames=frames),
        DifferenceKind.REPEATS_IN_RHYTHM: tr("{frames} repeated for another rate", frames=frames),
        DifferenceKind.DROPS_IN_RHYTHM: tr("{frames} left out for another rate", frames=frames),
        DifferenceKind.NOTHING_IN_COMMON: frames,
    }[kind]


def _clock(frame_number: int, time_s: float) -> str:
    del frame_number
    return clock(time_s)


Clock = Callable[[int, float], str]
"""Writes the time of a frame, of which the seconds since the first one are known."""
CLOCKS: tuple[Clock, Clock] = (_clock, _clock)
"""How times of A and of B are written where nobody has chosen a way."""


def sentence(difference: Difference, comparison: Comparison, clocks: tuple[Clock, Clock] = CLOCKS) -> str:
    """One difference, with frame numbers and times, and whether a video is damaged there."""
    return " ".join((_sentence(difference, comparison, clocks), *_damage_there(difference, comparison)))


def _damage_there(difference: Difference, comparison: Comparison) -> Iterator[str]:
    """Sentences on damage in or next to the frames: what is lost or concealed looks dropped or doubled."""
    for side, frames, words in (
        (comparison.a, difference.a, tr("A is damaged there.")),
        (comparison.b, difference.b, tr("B is damaged there.")),
    ):
        first, last = frames.start - _DAMAGE_REACH, frames.stop + _DAMAGE_REACH
        if ((side.damaged >= first) & (side.damaged < last)).any():
            yield words


def _sentence(difference: Difference, comparison: Comparison, clocks: tuple[Clock, Clock]) -> str:
    a = frames_words(difference.a, comparison.a, clocks[0])
    b = frames_words(difference.b, comparison.b, clocks[1])
    if difference.kind in (DifferenceKind.REPEATS_IN_RHYTHM, DifferenceKind.DROPS_IN_RHYTHM):
        return _rhythm(difference, comparison)
    text = {
        DifferenceKind.DROPPED: tr("Dropped: {a} of A.", a=a),
        DifferenceKind.DOUBLED: tr("Doubled: {b} of B repeats {a} of A.", b=b, a=a)
        if difference.count == 1
        else tr("Doubled: {b} of B repeat {a} of A.", b=b, a=a),
        DifferenceKind.INSERTED: tr("Inserted: {b} of B, before {place} of A.", b=b, place=a),
        DifferenceKind.CUT: tr("Cut: {a} of A.", a=a),
        DifferenceKind.ADDED: tr("Added: {b} of B, before {place} of A.", b=b, place=a),
        DifferenceKind.STARTS_LATER: tr("Missing at the start: {a} of A.", a=a),
        DifferenceKind.ENDS_EARLIER: tr("Missing at the end: {a} of A.", a=a),
        DifferenceKind.LEAD_IN: tr("Added at the start: {b} of B.", b=b),
        DifferenceKind.LEAD_OUT: tr("Added at the end: {b} of B.", b=b),
        DifferenceKind.NOTHING_IN_COMMON: tr("No frame of A is in B."),
    }[difference.kind]
    telecine = comparison.b.telecine
    if difference.kind is DifferenceKind.INSERTED and telecine is not None and telecine.has_woven_frames:
        return tr("{text} It may be woven of the frames beside it.", text=text)
    if difference.is_certain:
        return text
    side, whole, times = tr("A"), comparison.a, clocks[0]
    if difference.kind is DifferenceKind.DOUBLED:
        side, whole, times = tr("B"), comparison.b, clocks[1]
    same = tr(
        "It may be any of {frames} of {side}: the pictures are the same.",
        frames=frames_words(difference.between, whole, times),
        side=side,
    )
    return f"{text} {same}"


def _rhythm(difference: Difference, comparison: Comparison) -> str:
    share = difference.share
    rates = ""
    if comparison.a.rate is not None and comparison.b.rate is not None:
        rates = tr(" ({a} to {b})", a=rate_words(comparison.a.rate), b=rate_words(comparison.b.rate))
    if difference.kind is DifferenceKind.DROPS_IN_RHYTHM:
        return tr(
            "Rate lowered{rates}: {part} of {whole} frames of A are left out, {frames} in all.",
            rates=rates,
            part=share.numerator,
            whole=share.denominator,
            frames=counted(difference.count, "frame", "frames"),
        )
    text = tr(
        "Rate raised{rates}: {part} of {whole} frames of B are repetitions, {frames} in all.",
        rates=rates,
        part=share.numerator,
        whole=share.denominator,
        frames=counted(difference.count, "frame", "frames"),
    )
    is_pulldown = (share.numerator, share.denominator) in _PULLDOWN
    return tr("{text} This is 2:3 pulldown.", text=text) if is_pulldown else text


def frames_words(frames: range, side: Side, times: Clock = _clock) -> str:
    """``frame 30 (0:01.250)``, ``frames 30 to 34 (0:01.250)``."""
    if frames.start >= len(side):
        return tr("the end")
    time = times(frames.start, float(side.times_s[frames.start]))
    if len(frames) <= 1:
        return tr("frame {number} ({time})", number=frames.start, time=time)
    return tr("frames {first} to {last} ({time})", first=frames.start, last=frames[-1], time=time)


def remarks(comparison: Comparison) -> list[str]:
    """Whatever else was found: a different speed, a crop, frames that cannot be decoded."""
    found = []
    scale = _time_scale(comparison)
    if scale is not None:
        found.append(
            tr("B plays the same frames {percent:.2f} % faster.", percent=100 * (scale - 1))
            if scale > 1
            else tr("B plays the same frames {percent:.2f} % slower.", percent=100 * (1 - scale))
        )
    registration = comparison.alignment.registration
    if registration is not None:
        found += _picture_remarks(registration)
    for side, name in ((comparison.a, tr("A")), (comparison.b, tr("B"))):
        if side.telecine is not None:
            found.append(tr("{name}: {words}", name=name, words=side.telecine.words))
        if len(side.damaged):
            words = damage_words(len(side.damaged), len(side))
            found.append(tr("{name}: {words}.", name=name, words=words))
        if len(side.unavailable):
            found.append(
                tr(
                    "{frames} of {name} cannot be decoded.",
                    frames=counted(len(side.unavailable), "frame", "frames"),
                    name=name,
                )
            )
    return found


def _picture_remarks(registration: Registration) -> list[str]:
    found = []
    if registration.is_cropped:
        found.append(
            tr(
                "B shows {across:.1f} % of A's width and {down:.1f} % of its height.",
                across=100 * registration.zoom[0],
                down=100 * registration.zoom[1],
            )
        )
    return found


def _time_scale(comparison: Comparison) -> float | None:
    """How much faster B plays what both show; None if it does not, or has no times."""
    pairs = comparison.alignment.pairs
    if len(pairs) < 2:
        return None
    first, last = pairs[0], pairs[-1]
    a_s = comparison.a.times_s[last[0]] - comparison.a.times_s[first[0]]
    b_s = comparison.b.times_s[last[1]] - comparison.b.times_s[first[1]]
    if not (math.isfinite(a_s) and math.isfinite(b_s)) or b_s <= 0 or a_s <= 0:
        return None
    scale = float(a_s / b_s)
    # A few frames more or less are not another speed.
    lost = sum(one.count for one in comparison.alignment.differences if not one.share)
    least = _LEAST_SCALE + (lost + 1) / len(pairs)
    return scale if abs(scale - 1) > least else None
