"""Finds the rhythm in which frames are repeated or left out where one rate was made of another. Pure.

Of 24 frames a second, 30 are made by showing every fourth frame twice: frame j of B is frame ``floor(r · j +
p)`` of A, with r = 24 ÷ 30 and a phase p. One rule explains all repetitions. Where the picture hardly moves,
it says which of several frames that look alike are the repeated ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.compare.path import EXTRA, MATCHED, REPEATED, SKIPPED
from framescope.core.distinct import runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.compare.path import Path

    Expected = NDArray[np.int8]

_LEAST_GAPS = 6
"""Fewer are accidents, not a rhythm."""
_LONGEST_PERIOD = 60
"""Frames from one gap to the next; what is rarer is found by itself."""
_LONGEST_GAP = 4
"""Frames repeated or left out in a row; longer ones are cut scenes."""
_LEAST_WINDOW, _PERIODS_IN_WINDOW, _MOST_WINDOWS = 120, 12, 40
"""The phase is found again for each so many frames: one that was really dropped may shift it."""
_PHASES = 48
_LEAST_SHARE = 0.3
"""Of the gaps that chance would not put there, at most so many may be where the rhythm has none."""


@dataclass(frozen=True, slots=True, eq=False)
class Cadence:
    """Where a rhythm puts gaps: 1 where one is due, 0 where none is, -1 where there is no rhythm.

    Attributes:
        repeats: int8 (frames of B), repetitions of the frame before.
        skips: int8 (frames of A), frames that are left out.
        repeat_share: The share of the frames of B that are repetitions, 0 without such a rhythm.
        skip_share: The share of the frames of A that are left out, likewise.
    """

    repeats: Expected
    skips: Expected
    repeat_share: Fraction
    skip_share: Fraction


def find_cadence(path: Path, a_count: int, b_count: int) -> Cadence | None:
    """The cadence of a path; None if there is none anywhere."""
    short = _is_short(path)
    is_repeat = short & ((path.steps == REPEATED) | (path.steps == EXTRA))
    is_skip = short & (path.steps == SKIPPED)
    matched = np.flatnonzero(path.steps == MATCHED)
    repeats, repeat_share = _due(path.b[is_repeat], path.b[matched], b_count)
    skips, skip_share = _due(path.a[is_skip], path.a[matched], a_count)
    if not repeat_share and not skip_share:
        return None
    return Cadence(repeats, skips, repeat_share, skip_share)


def _is_short(path: Path) -> NDArray[np.bool_]:
    """For each step, whether it is not part of a long gap."""
    is_match = path.steps == MATCHED
    short = np.ones(len(is_match), np.bool_)
    for begin, end in runs(~is_match):
        short[begin:end] = end - begin <= _LONGEST_GAP
    return short


def _due(gaps: NDArray[np.int64], others: NDArray[np.int64], count: int) -> tuple[Expected, Fraction]:
    """Where gaps are due in a video of ``count`` frames, and their share.

    The frames are the gaps, the others, and such as neither say anything.
    """
    due = np.full(count, -1, np.int8)
    if len(gaps) < _LEAST_GAPS or len(others) + len(gaps) > _LONGEST_PERIOD * len(gaps):
        return due, Fraction(0)
    about = len(others) / (len(others) + len(gaps))
    window = max(_LEAST_WINDOW, round(_PERIODS_IN_WINDOW / (1 - about)))
    rate = _rate(gaps, about, window)
    known: float | None = None
    for begin in range(0, count, window // 2):
        frames = np.arange(begin, min(begin + window, count))
        inside = gaps[(gaps >= begin) & (gaps <= frames[-1])]
        if len(inside) < _LEAST_GAPS // 2:
            continue
        hits = _hits(rate, inside)
        # Several are as good: the middle one is least at the edge of being wrong.
        phase = _middle(np.flatnonzero(hits == hits.max())) / _PHASES
        # By chance, a share of 1 - rate is hit.
        if hits.max() >= (1 - _LEAST_SHARE * rate) * len(inside):
            known = phase
        if known is not None:
            due[frames] = (rate * frames + known) % 1 >= rate
    if not (due >= 0).any():
        return due, Fraction(0)
    return due, Fraction(1 - rate).limit_denominator(_LONGEST_PERIOD // 2)


def _hits(rate: float, gaps: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each phase, how many gaps are where it puts them."""
    places = (rate * gaps[:, None] + np.arange(_PHASES) / _PHASES) % 1
    hits: NDArray[np.int64] = (places >= rate).sum(axis=0)
    return hits


def _rate(gaps: NDArray[np.int64], about: float, window: int) -> float:
    """The share of frames that are not gaps.

    Counting is not enough: in still scenes, gaps gather in one place.
    """
    windows = np.split(gaps, np.flatnonzero(np.diff(gaps // window)) + 1)
    windows = windows[:: max(len(windows) // _MOST_WINDOWS, 1)]
    # Within a window, a rate must be right to a part of the room that a gap has.
    rates = np.arange(1 - 1.5 * (1 - about), 1 - 0.75 * (1 - about), (1 - about) / window / 3)
    rates = rates[rates > 0]
    # A hit weighs more where fewer are due.
    gain = [
        sum((_hits(rate, some) - (1 - rate) * len(some)).max() for some in windows) for rate in rates.tolist()
    ]
    best = np.flatnonzero(np.asarray(gain) >= max(gain) - 1e-9)
    return float(rates[best[len(best) // 2]])


def _middle(phases: NDArray[np.int64]) -> int:
    """The middle of the longest run on a circle."""
    breaks = np.flatnonzero(np.diff(phases) > 1)
    if len(breaks):
        phases = np.concatenate([phases[breaks[0] + 1 :], phases[: breaks[0] + 1] + _PHASES])
        parts = np.split(phases, np.flatnonzero(np.diff(phases) > 1) + 1)
        phases = max(parts, key=len)
    return int(phases[len(phases) // 2]) % _PHASES
