"""A choice of frames as a record: made in the dialog or on the command line, kept, and carried out later."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.sampling import selection
from framescope.core.sampling.frame_list import parse_frame_list

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex


class SamplingKind(StrEnum):
    """What the choice goes by."""

    THIS = "this"
    MARKED = "marked"
    IN_OUT = "in-out"
    EVERY_NTH = "every-nth"
    EVERY_SECONDS = "every-seconds"
    SPREAD = "spread"
    KEYFRAMES = "keyframes"
    ALL = "all"
    LIST = "list"

    @property
    def spans_the_video(self) -> bool:
        """Whether the choice runs over the whole video, so that an in–out range can limit it."""
        return self in _SPANNING


_SPANNING = frozenset(
    {SamplingKind.EVERY_NTH, SamplingKind.EVERY_SECONDS, SamplingKind.SPREAD, SamplingKind.KEYFRAMES}
)


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
    """

    kind: SamplingKind = SamplingKind.THIS
    step: int = 30
    interval_s: float = 1.0
    count: int = 20
    listed: str = ""
    only_in_out: bool = False


def take(sampling: Sampling, index: FrameIndex, viewpoint: Viewpoint) -> NDArray[np.int64]:
    """The chosen frame numbers, ascending, each once; empty where nothing is marked or set.

    Raises:
        SettingsError: The choice makes no sense for this video.
    """
    within = viewpoint.in_out if sampling.only_in_out else None
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
