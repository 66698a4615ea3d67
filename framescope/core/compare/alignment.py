"""Which frame of B is which frame of A: by number, by time, or by what is in the pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.compare.cadence import find_cadence
from framescope.core.compare.choices import AlignBy
from framescope.core.compare.differences import Difference, find_differences
from framescope.core.compare.matching import FINE_NOISE_SHARE, Matcher
from framescope.core.compare.path import MATCHED, REPEATED, SKIPPED
from framescope.core.distinct import runs
from framescope.core.errors import SettingsError
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from framescope.core.compare.cadence import Cadence
    from framescope.core.compare.fingerprints import Fingerprints
    from framescope.core.compare.path import Path
    from framescope.core.compare.registration import Registration
    from framescope.core.model.progress import ProgressCallback

    Numbers = NDArray[np.int64]
    Times = NDArray[np.float64]

_SAME_NOISE = 4.0
"""Times the expected difference up to which a frame of B is taken for one of A at all."""
_SAME_SHARE = 0.25
"""Likewise, the share of the picture's own variance, for pictures with something else in them."""


_STEADY_FRAMES = 8
"""Frames on one diagonal that a map is believed to be on."""
_BAD_NOISE_SHARE = 5e-3
"""Of the picture's own variance: what a bad copy differs by at least."""


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """A map between the frames of A and B.

    Attributes:
        by: What decided.
        b_of_a: int64 (frames of A): the first frame of B that shows it, -1 if none does.
        a_of_b: int64 (frames of B): the frame of A that it shows, -1 if none; never decreasing otherwise.
        differences: What is missing, repeated or added, in order.
        registration: How the pictures of B differ as a whole, if they were looked at.
    """

    by: AlignBy
    b_of_a: Numbers
    a_of_b: Numbers
    differences: tuple[Difference, ...]
    registration: Registration | None = None

    @property
    def pairs(self) -> Numbers:
        """(pairs, 2) int64: frames of A and of B that show the same, each frame once."""
        a = np.flatnonzero(self.b_of_a >= 0)
        return np.stack([a, self.b_of_a[a]], 1)

    @property
    def is_complete(self) -> bool:
        """Whether every frame of A is in B once and B has no others."""
        return not self.differences


def align_by_number(a_count: int, b_count: int) -> Alignment:
    """Frame n of A is frame n of B."""
    a, b = np.arange(a_count), np.arange(b_count)
    return _alignment(AlignBy.NUMBER, np.where(b < a_count, b, -1), len(a))


def align_by_time(a_s: Times, b_s: Times) -> Alignment:
    """Frames belong together that are shown at the same time, each counted from the first frame.

    Two frames are never farther apart than half the shorter of the two frame intervals.

    Raises:
        SettingsError: Frames have no timestamps, or they go back.
    """
    for times in (a_s, b_s):
        if not np.isfinite(times).all() or (np.diff(times) < 0).any():
            raise SettingsError(
                tr("These videos cannot be aligned by time: frames have no usable timestamps."),
                hint=tr("Align them by number or by content."),
            )
    steps = [np.median(np.diff(times)) for times in (a_s, b_s) if len(times) > 1]
    reach = float(min(steps, default=1.0)) / 2
    nearest_b, nearest_a = _nearest(b_s, a_s), _nearest(a_s, b_s)
    b = np.arange(len(b_s))
    is_pair = (nearest_b[nearest_a] == b) & (np.abs(a_s[nearest_a] - b_s) <= reach)
    return _alignment(AlignBy.TIME, np.where(is_pair, nearest_a, -1), len(a_s))


def align_by_content(
    a: Fingerprints,
    b: Fingerprints,
    *,
    pins: Sequence[tuple[int, int]] = (),
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Alignment:
    """Frames belong together that show the same, in the same order; the simplest explanation wins.

    Args:
        a: The first video.
        b: The second.
        pins: Pairs (frame of A, frame of B) that belong together whatever they show.
        progress: Called every few hundred frames.
        cancel: Cancels the work.

    Raises:
        SettingsError: Pins name frames that do not exist, or contradict each other.
        Cancelled: The work was cancelled.
    """
    ordered = _checked(pins, len(a), len(b))
    matcher = Matcher(a, b, progress, cancel or CancelToken())
    path = matcher.match(ordered)
    a_of_b = _straightened(_origins(path, matcher, dict(ordered)), matcher, {b for _, b in ordered})
    found = _alignment(AlignBy.CONTENT, a_of_b, len(a), matcher, find_cadence(path, len(a), len(b)))
    return replace(found, registration=matcher.registration)


def _checked(pins: Sequence[tuple[int, int]], a_count: int, b_count: int) -> list[tuple[int, int]]:
    ordered = sorted(set(pins))
    for a, b in ordered:
        if not (0 <= a < a_count and 0 <= b < b_count):
            raise SettingsError(
                tr("There is no such pair of frames: {a} and {b}.", a=a, b=b),
                hint=tr(
                    "A has frames 0 to {a_last}, B has frames 0 to {b_last}.",
                    a_last=a_count - 1,
                    b_last=b_count - 1,
                ),
            )
    for (a, b), (next_a, next_b) in pairwise(ordered):
        if next_a <= a or next_b <= b:
            raise SettingsError(
                tr(
                    "The pairs {a}:{b} and {next_a}:{next_b} contradict each other.",
                    a=a,
                    b=b,
                    next_a=next_a,
                    next_b=next_b,
                ),
                hint=tr("Both numbers have to increase from pair to pair."),
            )
    return ordered


def _nearest(times: Times, wanted: Times) -> Numbers:
    """For each wanted time, the number of the nearest of ``times``, which ascend."""
    after = np.clip(np.searchsorted(times, wanted), 0, len(times) - 1)
    before = np.maximum(after - 1, 0)
    is_before = np.abs(times[before] - wanted) <= np.abs(times[after] - wanted)
    return np.where(is_before, before, after)


def _alignment(
    by: AlignBy,
    a_of_b: Numbers,
    a_count: int,
    matcher: Matcher | None = None,
    cadence: Cadence | None = None,
) -> Alignment:
    b_of_a = np.full(a_count, -1, np.int64)
    mapped = np.flatnonzero(a_of_b >= 0)[::-1]
    b_of_a[a_of_b[mapped]] = mapped
    return Alignment(by, b_of_a, a_of_b, find_differences(b_of_a, a_of_b, matcher, cadence))


def _origins(path: Path, matcher: Matcher, pins: dict[int, int]) -> Numbers:
    """For each frame of B, the frame of A that it shows, or -1."""
    a_of_b = np.full(len(matcher.b), -1, np.int64)
    is_match = path.steps == MATCHED
    a, b = path.a[is_match], path.b[is_match]
    pinned = np.array([pins.get(int(one)) == int(other) for one, other in zip(a, b, strict=True)], np.bool_)
    is_same = _look_alike(matcher, a, b) | pinned
    a_of_b[b[is_same]] = a[is_same]
    is_repeat = path.steps == REPEATED
    # What is repeated was matched before: A stands one further.
    a, b = path.a[is_repeat] - 1, path.b[is_repeat]
    is_same = _look_alike(matcher, a, b)
    a_of_b[b[is_same]] = a[is_same]
    for begin, end in runs(~(is_match | is_repeat)):
        skipped = path.a[begin:end][path.steps[begin:end] == SKIPPED]
        extra = path.b[begin:end][path.steps[begin:end] != SKIPPED]
        _explain(a_of_b, skipped, extra, matcher)
    return a_of_b


def _straightened(a_of_b: Numbers, matcher: Matcher, pinned: set[int]) -> Numbers:
    """Without detours: where a map leaves a diagonal and comes back to it, and the diagonal does as well.

    Something in B that is not in A, such as a subtitle, makes many frames differ, and a bad encoder drags the
    past along; neither is a reason for frames to be dropped in one place and doubled in another.
    """
    b = np.flatnonzero(a_of_b >= 0)
    if not len(b):
        return a_of_b
    offsets = a_of_b[b] - b
    starts = np.concatenate([[0], np.flatnonzero((np.diff(offsets) != 0) | (np.diff(b) > 1)) + 1, [len(b)]])
    runs = [(int(b[i]), int(b[j - 1]) + 1, int(offsets[i])) for i, j in pairwise(starts)]
    straight = a_of_b.copy()
    long = [run for run in runs if run[1] - run[0] >= _STEADY_FRAMES or _is_at_edge(run, matcher)]
    # A detour may itself be steady, but only a bad copy is believed to take one of that length.
    for steps in (1, 2):
        for (_, begin, offset), (end, _, next_offset) in zip(long, long[steps:], strict=False):
            frames = np.arange(begin, end)
            if offset != next_offset or not len(frames) or pinned.intersection(range(begin - 1, end + 1)):
                continue
            share = float(np.median(matcher.noise[frames + offset] / matcher.variances(frames + offset)))
            if (steps == 1 or share > _BAD_NOISE_SHARE) and _is_as_good(
                a_of_b[frames], frames, offset, matcher
            ):
                alike = _look_alike(matcher, frames + offset, frames)
                alike |= matcher.typical_differences(frames + offset, frames) <= _SAME_SHARE * (
                    matcher.variances(frames + offset)
                )
                straight[frames] = np.where(alike, frames + offset, -1)
    return straight


def _is_at_edge(run: tuple[int, int, int], matcher: Matcher) -> bool:
    """Whether a run begins, or ends, where both videos do."""
    begin, end, offset = run
    return begin == begin + offset == 0 or (end == len(matcher.b) and end + offset == len(matcher.a))


def _is_as_good(found: Numbers, frames: Numbers, offset: int, matcher: Matcher) -> bool:
    """Whether the diagonal explains these frames of B about as well as what was found."""
    is_mapped = found >= 0
    direct = matcher.typical_differences(frames + offset, frames)
    around = matcher.noise[frames + offset]
    share = around / matcher.variances(frames + offset)
    tolerance = float(np.where(share < FINE_NOISE_SHARE, 1.15, 1.3).mean())
    if not is_mapped.any():
        detour, straight = around, np.median(direct)
        return bool(straight <= _SAME_NOISE * np.median(detour))
    by_detour = matcher.typical_differences(found[is_mapped], frames[is_mapped])
    changed = found[is_mapped] != frames[is_mapped] + offset
    if not changed.any():
        return bool(np.median(direct) <= _SAME_NOISE * np.median(around))
    least = 0.02 * float(around.mean()) + 0.05**2
    on_way, on_line = by_detour[changed].mean(), direct[is_mapped][changed].mean()
    return bool(on_line <= tolerance * on_way + least)


def _look_alike(matcher: Matcher, a: Numbers, b: Numbers) -> NDArray[np.bool_]:
    apart = matcher.differences(a, b)
    alike: NDArray[np.bool_] = (apart <= _SAME_NOISE * matcher.noise[a]) | (
        apart <= _SAME_SHARE * matcher.variances(a)
    )
    return alike | matcher.unknown_a[a] | matcher.unknown_b[b]


def _explain(a_of_b: Numbers, skipped: Numbers, extra: Numbers, matcher: Matcher) -> None:
    """Explain frames of B without a counterpart where that is simple: as altered, or as repetitions."""
    if not len(extra):
        return
    if len(skipped) == len(extra):
        is_altered = _look_alike(matcher, skipped, extra)
        a_of_b[extra[is_altered]] = skipped[is_altered]
        return
    before = a_of_b[extra[0] - 1] if extra[0] else -1
    after = a_of_b[extra[-1] + 1] if extra[-1] + 1 < len(a_of_b) else -1
    for neighbour, frames in ((before, extra), (after, extra[::-1])):
        if neighbour < 0:
            continue
        limit = _SAME_NOISE * matcher.noise[neighbour]
        for frame in frames.tolist():
            if a_of_b[frame] >= 0:
                break
            if matcher.differences(np.array([neighbour]), np.array([frame]))[0] > limit:
                break
            a_of_b[frame] = neighbour
