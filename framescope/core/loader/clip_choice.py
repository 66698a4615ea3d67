"""Decides where the clips of a data set begin, and which frames they hold. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.sampling.selection import spread_places
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray


class ClipsAre(StrEnum):
    """Which clips of each video are taken."""

    ALL = "all"
    """One after another, from the first frame to the last."""
    UNIFORM = "uniform"
    """A number of them, evenly spaced from the first possible one to the last."""
    RANDOM = "random"
    """A number of them, each beginning anywhere."""


class Boundary(StrEnum):
    """What becomes of a clip that reaches beyond the end of its video."""

    DROP = "drop"
    """It is left out."""
    REPEAT_LAST = "repeat_last"
    """The last frame that it has is repeated."""
    WRAP = "wrap"
    """The frames that it has are repeated, from its first one."""
    ERROR = "error"
    """It is refused."""


@dataclass(frozen=True, slots=True)
class ClipLayout:
    """The shape of the clips of a data set, and where they begin.

    Attributes:
        are: Which clips are taken.
        length: Frames a clip.
        stride: From each frame of a clip to the next; 1 for adjacent ones.
        step: From the start of a clip to the start of the next, in frames; 0 for adjacent clips.
        per_video: How many clips of each video, for `ClipsAre.UNIFORM` and `ClipsAre.RANDOM`.
        boundary: What becomes of clips that reach beyond the end.
        seed: Makes random starts repeatable.

    Raises:
        SettingsError: A number is too small.
    """

    are: ClipsAre = ClipsAre.ALL
    length: int = 1
    stride: int = 1
    step: int = 0
    per_video: int = 1
    boundary: Boundary = Boundary.DROP
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what no video has."""
        for name, least in (("length", 1), ("stride", 1), ("step", 0), ("per_video", 1), ("seed", 0)):
            if getattr(self, name) < least:
                raise SettingsError(
                    tr("The clip {name} cannot be {value}.", name=name, value=getattr(self, name)),
                    hint=tr("The minimum is {least}.", least=least),
                )

    @property
    def span(self) -> int:
        """Frames of the video from the first to the last one of a clip, both included."""
        return (self.length - 1) * self.stride + 1

    def starts(self, frame_total: int, *, name: str, epoch: int = 0) -> NDArray[np.int64]:
        """The first frame of each clip of a video, int64.

        The number of them depends on nothing but the number of frames.

        Args:
            frame_total: Frames of the video.
            name: The video's name, on which random starts depend: other videos do not change them.
            epoch: Which pass over the data this is, on which they depend too.

        Raises:
            SettingsError: The video is shorter than a clip, and the boundary refuses that.
        """
        last = frame_total - self.span
        if last < 0 and self.boundary is Boundary.ERROR:
            raise SettingsError(
                tr(
                    "{name} has {frames}; a clip spans {span}.",
                    name=name,
                    frames=counted(frame_total, "frame", "frames"),
                    span=self.span,
                ),
                hint=tr("Set boundary to drop, repeat_last or wrap."),
            )
        fills_up = self.boundary in {Boundary.REPEAT_LAST, Boundary.WRAP}
        if frame_total < 1 or (last < 0 and not fills_up):
            return np.empty(0, np.int64)
        if self.are is ClipsAre.ALL:
            return np.arange(0, frame_total if fills_up else last + 1, self.step or self.span, dtype=np.int64)
        last = max(last, 0)
        if self.are is ClipsAre.RANDOM:
            digest = hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).digest()
            chance = np.random.default_rng([self.seed, epoch, int.from_bytes(digest, "big")])
            return chance.integers(0, last, self.per_video, endpoint=True, dtype=np.int64)
        if self.per_video == 1:
            return np.array([last // 2], np.int64)
        return spread_places(last + 1, self.per_video)

    def frame_numbers(self, start: int, frame_total: int) -> NDArray[np.int64]:
        """The frames of the clip that begins at a frame, int64 of shape (length,)."""
        numbers = start + self.stride * np.arange(self.length, dtype=np.int64)
        inside = int(np.count_nonzero(numbers < frame_total))
        if inside < self.length:
            wraps = self.boundary is Boundary.WRAP
            places = np.arange(self.length)
            numbers = numbers[places % inside if wraps else np.minimum(places, inside - 1)]
        return numbers
