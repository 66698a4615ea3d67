"""A choice of frames as a record: made in the dialog or on the command line, kept, and carried out later."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from framescope.core.errors import SettingsError
from framescope.core.sampling import content_selection, selection
from framescope.core.sampling.chosen import Chosen
from framescope.core.sampling.frame_list import parse_frame_list
from framescope.core.sampling.rate import ClipRule, at_rate, clips_at_rate
from framescope.core.sampling.record_table import check_numbers, record_from_table, record_to_table
from framescope.core.sampling.scenes import SceneRule, scene_frames

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.sampling.content import ContentMeasures


class SamplingKind(StrEnum):
    """What the choice goes by."""

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
        """Whether the choice runs over the whole video, so that an in–out range can limit it."""
        return self not in _FIXED

    @property
    def needs_content(self) -> bool:
        """Whether the choice looks at pictures, so that the frames have to be measured first."""
        return self in _LOOKING


_FIXED = frozenset(
    {SamplingKind.THIS, SamplingKind.MARKED, SamplingKind.IN_OUT, SamplingKind.LIST, SamplingKind.ALL}
)
_LOOKING = frozenset(
    {SamplingKind.SCENES, SamplingKind.SHARPEST, SamplingKind.DISTINCT, SamplingKind.REPRESENTATIVE}
)


class WindowUnit(StrEnum):
    """What a window is counted in."""

    SECONDS = "seconds"
    FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """What the user is looking at and has picked, as far as a choice depends on it.

    Attributes:
        position: The present frame.
        marks: Marked frames.
        in_out: The in–out range, half-open; None when neither end is set.
    """

    position: int = 0
    marks: tuple[int, ...] = ()
    in_out: range | None = None


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which frames are wanted.

    Attributes:
        kind: What the choice goes by; it says which of the others count.
        step: Every how many frames.
        interval_s: Every how many seconds.
        count: How many frames, evenly spread.
        listed: Numbers and ranges as typed.
        only_in_out: Whether kinds that span the video keep to the in–out range.
        rate_fps: Frames a second, of a constant rate and of clips.
        clips: How clips are cut.
        scenes: What counts as a scene change.
        window: Of how many frames or seconds the sharpest one is taken.
        window_unit: Which of the two.
        distance: Most bits of 64 by which near-duplicates differ.
        anywhere: Whether a near-duplicate may lie anywhere before, not only next to its like.
        representatives: How many frames that stand for all.

    Raises:
        SettingsError: A number is not finite, or larger than anything that can be counted or measured here.
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

    def __post_init__(self) -> None:
        """Refuse numbers that no video can meet."""
        check_numbers(self)

    @property
    def needs_content(self) -> bool:
        """Whether `take` needs the frames' measures."""
        return self.kind.needs_content

    def content_span(self, index: FrameIndex, viewpoint: Viewpoint) -> range:
        """The frames that have to be measured first; none for kinds that look at no picture."""
        if not self.needs_content:
            return range(0)
        return selection.span_of(index, viewpoint.in_out if self.only_in_out else None)

    def as_table(self) -> dict[str, Any]:
        """Plain JSON and TOML values; `sampling_from_table` reads them."""
        return record_to_table(self)


def sampling_from_table(table: object) -> Sampling:
    """The choice that a table of plain values holds; what is missing or unusable takes its default."""
    return record_from_table(Sampling(), table)


def take(
    sampling: Sampling, index: FrameIndex, viewpoint: Viewpoint, content: ContentMeasures | None = None
) -> NDArray[np.int64]:
    """The chosen frame numbers, ascending, each once; empty where nothing is marked or set.

    Args:
        sampling: The choice.
        index: Who the frames are.
        viewpoint: What the user has picked.
        content: What the frames look like, as `measure_content` finds it; only kinds that look need it.

    Raises:
        SettingsError: The choice makes no sense for this video, or the frames were not measured.
    """
    return selection.ascending_once(choose(sampling, index, viewpoint, content).frame_numbers)


def choose(
    sampling: Sampling, index: FrameIndex, viewpoint: Viewpoint, content: ContentMeasures | None = None
) -> Chosen:
    """The pictures that are wanted, clips and all; see `take` for the arguments.

    Raises:
        SettingsError: The choice makes no sense for this video, or the frames were not measured.
    """
    within = viewpoint.in_out if sampling.only_in_out else None
    if sampling.kind is SamplingKind.RATE:
        return at_rate(index, sampling.rate_fps, within=within)
    if sampling.kind is SamplingKind.CLIPS:
        return clips_at_rate(index, sampling.rate_fps, sampling.clips, within=within)
    if sampling.needs_content:
        span = sampling.content_span(index, viewpoint)
        if content is None or not content.covers(span):
            raise SettingsError("The frames have not been looked at yet.", hint="Analyse the video first.")
        return Chosen(_by_content(sampling, index, content.within(span)))
    return Chosen(_by_index(sampling, index, viewpoint, within))


def _by_index(
    sampling: Sampling, index: FrameIndex, viewpoint: Viewpoint, within: range | None
) -> NDArray[np.int64]:
    span = viewpoint.in_out or range(0)
    ways: dict[SamplingKind, Callable[[], NDArray[np.int64]]] = {
        SamplingKind.THIS: lambda: selection.this_frame(index, viewpoint.position),
        SamplingKind.MARKED: lambda: selection.marked_frames(index, viewpoint.marks),
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


def _by_content(sampling: Sampling, index: FrameIndex, content: ContentMeasures) -> NDArray[np.int64]:
    if sampling.kind is SamplingKind.SCENES:
        return scene_frames(content, sampling.scenes)
    if sampling.kind is SamplingKind.DISTINCT:
        return content_selection.without_duplicates(content, sampling.distance, anywhere=sampling.anywhere)
    if sampling.kind is SamplingKind.REPRESENTATIVE:
        return content_selection.representatives(content, sampling.representatives)
    if sampling.window_unit is WindowUnit.FRAMES:
        return content_selection.sharpest_per_frames(content, round(sampling.window))
    return content_selection.sharpest_per_seconds(content, index, sampling.window)
