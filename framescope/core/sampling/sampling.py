"""A sampling method with its parameters, as a record that can be stored and applied later."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.sampling import selection
from framescope.core.sampling.chosen import Chosen
from framescope.core.sampling.frame_list import frames_listed, parse_frame_list
from framescope.core.sampling.rate import ClipRule, at_rate, clips_at_rate
from framescope.core.sampling.record_table import check_numbers, record_from_table, record_to_table
from framescope.core.sampling.refinement import Refinement, so_many, so_many_per_scene
from framescope.core.sampling.scenes import SceneRule, scene_cuts, scene_frames
from framescope.core.sampling.selection import require_times
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.sampling.content import ContentMeasures

    FrameNumbers = NDArray[np.int64]

HASH_BITS = 64

_FINEST = 1_000_000
_CHUNK = 512
_MOST_FITTED = 5_000
"""Maximum number of evenly spread frames to cluster; more would not change the result."""
_ROUNDS = 25


def sharpest_per_frames(content: ContentMeasures, window: int) -> FrameNumbers:
    """The sharpest frame of every ``window`` frames in a row; of equally sharp ones, the first.

    Raises:
        SettingsError: ``window`` is below 1.
    """
    if window < 1:
        raise SettingsError(
            tr("A window of {window} frames is empty.", window=window),
            hint=tr("The window must be 1 or more."),
        )
    numbers = content.frame_numbers
    return _sharpest_of_each(content, (numbers - content.start) // window)


def sharpest_per_seconds(
    content: ContentMeasures, index: FrameIndex, window_s: Fraction | float
) -> FrameNumbers:
    """The sharpest frame of every ``window_s`` seconds by pts; windows without a frame yield none.

    Raises:
        SettingsError: The window is not above 0, or frames have no timestamps.
    """
    if not math.isfinite(window_s) or window_s <= 0:
        raise SettingsError(tr("The window must be longer than 0 seconds."))
    numbers = content.frame_numbers
    pts, first = index.shown_pts[numbers], index.shown_pts[content.start]
    if not len(pts):
        return np.empty(0, np.int64)
    shown = index.shown_pts[np.union1d(numbers, content.start)]
    require_times(shown, hint=tr("Give the window in frames."))
    window = Fraction(window_s).limit_denominator(_FINEST) or Fraction(1, _FINEST)
    over, under = (window / index.time_base).as_integer_ratio()
    # Half a tick of tolerance allows for containers that round 33.3 ms to 33, as everywhere else.
    ticks = 2 * (pts - first).astype(object) + 1
    return _sharpest_of_each(content, (ticks * under // (2 * over)).astype(np.int64))


def without_duplicates(content: ContentMeasures, distance: int, *, anywhere: bool = False) -> FrameNumbers:
    """The frames that differ from the previously taken one by more than ``distance`` bits of 64.

    Args:
        content: Provides the hashes (dHash, compared by Hamming distance).
        distance: Maximum differing bits of a near-duplicate; 0 drops only frames with equal hashes.
        anywhere: Whether a frame must differ from every frame taken before, not only from the last one.

    Raises:
        SettingsError: ``distance`` is not between 0 and 63.
    """
    if not 0 <= distance < HASH_BITS:
        raise SettingsError(
            tr("Frames cannot differ by {distance} bits.", distance=distance), hint=tr("Use 0 to 63.")
        )
    numbers, hashes = content.frame_numbers, content.hashes[content.is_available]
    is_left = np.ones(len(hashes), np.bool_)
    taken: list[int] = []
    place = 0
    while place < len(hashes):
        taken.append(place)
        if anywhere:
            is_left[place:] &= np.bitwise_count(hashes[place:] ^ hashes[place]) > distance
            following = np.flatnonzero(is_left[place + 1 :])
            place = place + 1 + int(following[0]) if len(following) else len(hashes)
        else:
            place = _next_different(hashes, place, distance)
    return numbers[taken]


def representatives(content: ContentMeasures, count: int) -> FrameNumbers:
    """``count`` representative frames: the nearest to each k-means centre over tiny colour pictures.

    Deterministic. Fewer if fewer pictures differ.

    Raises:
        SettingsError: ``count`` is below 1.
    """
    if count < 1:
        raise SettingsError(
            tr("{count} frames cannot be taken.", count=count),
            hint=tr("The number of frames must be 1 or more."),
        )
    numbers = content.frame_numbers
    if not len(numbers):
        return numbers
    rare = -(-len(numbers) // _MOST_FITTED)
    numbers = numbers[::rare]
    points = content.features[numbers - content.start].astype(np.float32)
    groups, distances = _clusters(points, count)
    order = np.lexsort((numbers, distances, groups))
    is_first = np.concatenate(([True], np.diff(groups[order]) > 0))
    return np.sort(numbers[order[is_first]])


def _sharpest_of_each(content: ContentMeasures, windows: NDArray[np.int64]) -> FrameNumbers:
    numbers = content.frame_numbers
    if not len(numbers):
        return numbers
    order = np.lexsort((numbers, -content.sharpness[content.is_available], windows))
    is_first = np.concatenate(([True], np.diff(windows[order]) > 0))
    return np.sort(numbers[order[is_first]])


def _next_different(hashes: NDArray[np.uint64], place: int, distance: int) -> int:
    """The next position whose hash differs enough, searched in chunks; the end if there is none."""
    for start in range(place + 1, len(hashes), _CHUNK):
        differs = np.bitwise_count(hashes[start : start + _CHUNK] ^ hashes[place]) > distance
        if differs.any():
            return start + int(differs.argmax())
    return len(hashes)


def _clusters(points: NDArray[np.float32], count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """K-means (Lloyd), initialised by k-means++ (Arthur and Vassilvitskii 2007) with a fixed seed.

    Returns:
        For each point its cluster and its squared distance to the cluster's centre.
    """
    centres = points[_seeds(points, count)]
    groups, distances = _nearest_centres(points, centres)
    for _ in range(_ROUNDS):
        sums = np.zeros_like(centres)
        np.add.at(sums, groups, points)
        sizes = np.bincount(groups, minlength=len(centres))
        kept = sizes > 0
        centres[kept] = sums[kept] / sizes[kept, None]
        before = groups
        groups, distances = _nearest_centres(points, centres)
        if np.array_equal(before, groups):
            break
    return groups, distances


def _seeds(points: NDArray[np.float32], count: int) -> list[int]:
    chance = np.random.default_rng(0)
    # The most typical picture first, so that one seed represents what most frames show.
    seeds = [int(_squares(points, points.mean(axis=0)).argmin())]
    nearest = _squares(points, points[seeds[0]])
    while len(seeds) < count and nearest.max() > 0:
        shares = np.cumsum(nearest, dtype=np.float64)
        seed = int(np.searchsorted(shares, chance.random() * shares[-1], side="right"))
        seeds.append(min(seed, len(points) - 1))
        nearest = np.minimum(nearest, _squares(points, points[seeds[-1]]))
    return seeds


def _squares(points: NDArray[np.float32], centre: NDArray[np.float32]) -> NDArray[np.float32]:
    offsets = points - centre
    squares: NDArray[np.float32] = np.einsum("ij,ij->i", offsets, offsets)
    return squares


def _nearest_centres(
    points: NDArray[np.float32], centres: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    groups = np.zeros(len(points), np.int64)
    distances = _squares(points, centres[0])
    for number, centre in enumerate(centres[1:], 1):
        squares = _squares(points, centre)
        is_nearer = squares < distances
        groups[is_nearer] = number
        distances[is_nearer] = squares[is_nearer]
    return groups, distances


class SamplingKind(StrEnum):
    """The sampling method."""

    THIS = "this"
    MARKED = "marked"
    IN_OUT = "in-out"
    LIST = "list"
    ALL = "all"
    EVERY_NTH = "every-nth"
    EVERY_SECONDS = "every-seconds"
    SPREAD = "spread"
    RATE = "rate"
    CLIPS = "clips"
    KEYFRAMES = "keyframes"
    SCENES = "scenes"
    SHARPEST = "sharpest"
    DISTINCT = "distinct"
    REPRESENTATIVE = "representative"

    @property
    def spans_the_video(self) -> bool:
        """Whether the method covers the whole video, so that an in–out range can limit it."""
        return self not in _FIXED

    @property
    def needs_content(self) -> bool:
        """Whether the method depends on picture content, so that the frames must be measured first."""
        return self in _LOOKING


_FIXED = frozenset(
    {SamplingKind.THIS, SamplingKind.MARKED, SamplingKind.IN_OUT, SamplingKind.LIST, SamplingKind.ALL}
)
_LOOKING = frozenset(
    {SamplingKind.SCENES, SamplingKind.SHARPEST, SamplingKind.DISTINCT, SamplingKind.REPRESENTATIVE}
)


class WindowUnit(StrEnum):
    """The unit of a window."""

    SECONDS = "seconds"
    FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """The user's current frame, marks and range, which some methods depend on.

    Attributes:
        position: The current frame.
        marked: Marked frames, with their labels and notes.
        in_out: The in–out range, half-open; None if neither end is set.
    """

    position: int = 0
    marked: MarkedFrames = field(default_factory=MarkedFrames)
    in_out: range | None = None


@dataclass(frozen=True, slots=True)
class Sampling:
    """A sampling method with its parameters.

    Attributes:
        kind: The method; it determines which of the other fields apply.
        step: The step in frames.
        interval_s: The interval in seconds.
        count: The number of evenly spread frames.
        listed: Numbers and ranges as typed.
        only_in_out: Whether methods that span the video are limited to the in–out range.
        rate_fps: Frames per second, for a constant rate and for clips.
        clips: How to cut clips.
        scenes: What counts as a scene change.
        window: The window, in frames or seconds, of which the sharpest frame is taken.
        window_unit: Its unit.
        distance: Maximum differing bits, of 64, of near-duplicates.
        anywhere: Whether to compare with all frames taken before, not only the last one.
        representatives: The number of representative frames.
        refine: What is left of the chosen frames; its near-duplicates and scenes are judged by the same
            numbers as above.

    Raises:
        SettingsError: A number is not finite, or absurdly large.
    """

    kind: SamplingKind = SamplingKind.THIS
    step: int = 30
    interval_s: float = 1.0
    count: int = 20
    listed: str = ""
    only_in_out: bool = False
    rate_fps: float = 5.0
    clips: ClipRule = field(default_factory=ClipRule)
    scenes: SceneRule = field(default_factory=SceneRule)
    window: float = 1.0
    window_unit: WindowUnit = WindowUnit.SECONDS
    distance: int = 4
    anywhere: bool = False
    representatives: int = 12
    refine: Refinement = field(default_factory=Refinement)

    def __post_init__(self) -> None:
        """Refuse numbers that no video can satisfy."""
        check_numbers(self)

    @property
    def needs_content(self) -> bool:
        """Whether `take` needs the frames' measures."""
        return self.kind.needs_content or self.refine.needs_content

    def of_kind(self, kind: SamplingKind) -> Sampling:
        """Another method with the same numbers, and those of the refining steps that apply to it."""
        refine = self.refine
        if kind is SamplingKind.THIS:
            refine = Refinement()
        elif kind is SamplingKind.CLIPS:
            refine = Refinement(excluded=refine.excluded)
        elif kind is SamplingKind.DISTINCT:
            refine = replace(refine, without_duplicates=False)
        return replace(self, kind=kind, refine=refine)

    def content_span(self, index: FrameIndex, viewpoint: Viewpoint) -> range:
        """The frames to measure first; empty for methods that do not need content."""
        if not self.needs_content:
            return range(0)
        is_limited = self.only_in_out or self.kind is SamplingKind.IN_OUT
        return selection.span_of(index, viewpoint.in_out if is_limited else None)

    def as_table(self) -> dict[str, Any]:
        """Plain JSON and TOML values, for `sampling_from_table`."""
        return record_to_table(self)


def sampling_from_table(table: object) -> Sampling:
    """The sampling from a table of plain values; missing or invalid ones take their defaults."""
    return record_from_table(Sampling(), table)


def take(
    sampling: Sampling, index: FrameIndex, viewpoint: Viewpoint, content: ContentMeasures | None = None
) -> NDArray[np.int64]:
    """The selected frame numbers, ascending, each once; empty if nothing is marked or set.

    Args:
        sampling: The method and its parameters.
        index: The frame index.
        viewpoint: The user's position, marks and range.
        content: The frames' measures from `measure_content`; only needed by methods that use content.

    Raises:
        SettingsError: The method cannot be applied to this video, or the frames were not measured.
    """
    return selection.ascending_once(choose(sampling, index, viewpoint, content).frame_numbers)


def choose(
    sampling: Sampling, index: FrameIndex, viewpoint: Viewpoint, content: ContentMeasures | None = None
) -> Chosen:
    """The selected frames, including clips; see `take` for the arguments.

    Raises:
        SettingsError: The method cannot be applied to this video, or the frames were not measured.
    """
    sampling.refine.check(is_of_clips=sampling.kind is SamplingKind.CLIPS)
    if sampling.needs_content:
        span = sampling.content_span(index, viewpoint)
        if content is None or not content.covers(span):
            raise SettingsError(
                tr("The frames have not been analysed yet."), hint=tr("Analyse the video first.")
            )
        content = content.within(span)
    chosen = _refined(sampling, index, _chosen(sampling, index, viewpoint, content), content)
    return replace(chosen, marked=viewpoint.marked)


def _refined(
    sampling: Sampling, index: FrameIndex, chosen: Chosen, content: ContentMeasures | None
) -> Chosen:
    refine = sampling.refine
    if refine.excluded.strip():
        chosen = chosen.without(frames_listed(refine.excluded, len(index)))
    if chosen.clips is not None:
        return chosen
    numbers = chosen.frame_numbers
    if content is not None and refine.without_duplicates:
        numbers = without_duplicates(content.only(numbers), sampling.distance, anywhere=sampling.anywhere)
    if content is not None and refine.per_scene:
        numbers = so_many_per_scene(numbers, scene_cuts(content, sampling.scenes), refine.per_scene)
    return Chosen(so_many(numbers, refine.at_most) if refine.at_most else numbers)


def _chosen(
    sampling: Sampling, index: FrameIndex, viewpoint: Viewpoint, content: ContentMeasures | None
) -> Chosen:
    within = viewpoint.in_out if sampling.only_in_out else None
    if sampling.kind is SamplingKind.RATE:
        return at_rate(index, sampling.rate_fps, within=within)
    if sampling.kind is SamplingKind.CLIPS:
        return clips_at_rate(index, sampling.rate_fps, sampling.clips, within=within)
    if content is not None and sampling.kind.needs_content:
        excluded = sampling.refine.excluded.strip()
        left_out = frames_listed(excluded, len(index)) if excluded else np.empty(0, np.int64)
        return Chosen(_by_content(sampling, index, content, left_out))
    return Chosen(_by_index(sampling, index, viewpoint, within))


def _by_index(
    sampling: Sampling, index: FrameIndex, viewpoint: Viewpoint, within: range | None
) -> NDArray[np.int64]:
    span = viewpoint.in_out or range(0)
    ways: dict[SamplingKind, Callable[[], NDArray[np.int64]]] = {
        SamplingKind.THIS: lambda: selection.this_frame(index, viewpoint.position),
        SamplingKind.MARKED: lambda: selection.marked_frames(index, viewpoint.marked.marks),
        SamplingKind.IN_OUT: lambda: selection.all_frames(index, within=span),
        SamplingKind.EVERY_NTH: lambda: selection.every_nth(index, sampling.step, within=within),
        SamplingKind.EVERY_SECONDS: lambda: selection.every_seconds(
            index, sampling.interval_s, within=within
        ),
        SamplingKind.SPREAD: lambda: selection.evenly_spread(index, sampling.count, within=within),
        SamplingKind.KEYFRAMES: lambda: selection.keyframes(index, within=within),
        SamplingKind.ALL: lambda: selection.all_frames(index),
        SamplingKind.LIST: lambda: parse_frame_list(sampling.listed, len(index)),
    }
    return ways[sampling.kind]()


def _by_content(
    sampling: Sampling, index: FrameIndex, content: ContentMeasures, excluded: NDArray[np.int64]
) -> NDArray[np.int64]:
    if sampling.kind is SamplingKind.SCENES:
        return scene_frames(content, sampling.scenes, excluded=excluded)
    content = content.only(np.setdiff1d(content.frame_numbers, excluded))
    if sampling.kind is SamplingKind.DISTINCT:
        return without_duplicates(content, sampling.distance, anywhere=sampling.anywhere)
    if sampling.kind is SamplingKind.REPRESENTATIVE:
        return representatives(content, sampling.representatives)
    if sampling.window_unit is WindowUnit.FRAMES:
        return sharpest_per_frames(content, round(sampling.window))
    return sharpest_per_seconds(content, index, sampling.window)
