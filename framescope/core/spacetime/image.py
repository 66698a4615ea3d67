"""A space-time image: its samples frame by frame, the frames it lacks, and how time is laid out in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.media.index import NO_PTS
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from numpy.typing import NDArray

    from framescope.core.spacetime.slit import Interpolation, Slit

    Samples = NDArray[np.uint8] | NDArray[np.uint16]

_MOST_COLUMNS, _MOST_STRETCH = 20_000, 4
"""Spaced by time there are at most so many columns, or so many times the number of frames if that is more."""
_STRIPE = 4


class Spacing(StrEnum):
    """What a column of a space-time image is."""

    FRAMES = "frames"
    """One frame."""
    TIME = "time"
    """Equal times: a frame has as many columns as it is shown for."""


@dataclass(frozen=True, slots=True)
class TileShare:
    """How much of a fragment store was read.

    Attributes:
        tiles_read: Tiles under the line.
        tiles: Tiles of the picture.
        fragments_read: Fragments, each a tile for a run of frames.
        fragments: Fragments of the runs concerned.
        bytes_read: Bytes of the fragments read.
        bytes_in_all: Bytes of all fragments of these runs.
    """

    tiles_read: int
    tiles: int
    fragments_read: int
    fragments: int
    bytes_read: int
    bytes_in_all: int


@dataclass(frozen=True, slots=True, eq=False)
class SpaceTimeImage:
    """What lies under a line in each frame of a run.

    Attributes:
        slit: What is drawn on the picture.
        interpolation: How values between pixels were found.
        size: Columns and rows of the displayed picture.
        positions: (samples, 2) float64, x and y of each sample in the displayed picture.
        by_frame: (frames, samples, 3) uint8 or uint16 in R, G, B order, read-only; see ``pixels``.
        first_frame: Number of the first frame.
        pts: (frames,) int64, `NO_PTS` where there is none.
        times_s: (frames,) float64, seconds since the video's first frame; NaN without a timestamp.
        time_base: Seconds per unit of pts.
        missing: Why a frame could not be read, by its number. Its samples are magenta and black stripes.
        damaged: Numbers of frames that show damage, or may.
        share: How much of a fragment store was read; None for other sources.
    """

    slit: Slit
    interpolation: Interpolation
    size: tuple[int, int]
    positions: NDArray[np.float64]
    by_frame: Samples
    first_frame: int
    pts: NDArray[np.int64]
    times_s: NDArray[np.float64]
    time_base: Fraction
    missing: Mapping[int, str]
    damaged: tuple[int, ...]
    share: TileShare | None = None

    def __len__(self) -> int:
        """The number of frames."""
        return len(self.by_frame)

    @property
    def pixels(self) -> Samples:
        """(samples, frames, 3): time goes right, the line begins at the top; a view, read-only."""
        return self.by_frame.transpose(1, 0, 2)

    @property
    def frame_numbers(self) -> range:
        """The frames, in order."""
        return range(self.first_frame, self.first_frame + len(self))

    def columns(self, spacing: Spacing = Spacing.FRAMES) -> Columns:
        """How time is laid out.

        Raises:
            SettingsError: Equal times are asked for, and the frames have no ascending timestamps.
        """
        if spacing is Spacing.FRAMES:
            return Columns(spacing, np.arange(len(self)), None, 0)
        return _columns_by_time(self.pts, self.time_base)

    def laid_out(self, columns: Columns, *, time_down: bool = False) -> Samples:
        """The picture: (samples, columns, 3), or (columns, samples, 3) where ``time_down``."""
        by_frame = self.by_frame if columns.spacing is Spacing.FRAMES else self.by_frame[columns.frames]
        return by_frame if time_down else by_frame.transpose(1, 0, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """How time is laid out in a picture.

    Attributes:
        spacing: By frame or by time.
        frames: (columns,) int64: for each column the frame that it shows, counted from the image's first.
        step: Seconds from column to column; None by frame.
        hidden: Frames that are shown too briefly to have a column.
    """

    spacing: Spacing
    frames: NDArray[np.int64]
    step: Fraction | None
    hidden: int

    def __len__(self) -> int:
        """The number of columns."""
        return len(self.frames)


def _columns_by_time(pts: NDArray[np.int64], time_base: Fraction) -> Columns:
    """A column for each step of time: the frame on screen then. In whole ticks, so nothing is rounded."""
    steps = np.diff(pts)
    has_length = len(pts) == 1 or bool(steps.any())
    if (pts == NO_PTS).any() or (steps < 0).any() or not has_length:
        raise SettingsError(
            tr("The frames have no ascending timestamps, so they cannot be spaced by time."),
            hint=tr("Use spacing by frames."),
        )
    if len(pts) == 1:
        return Columns(Spacing.TIME, np.zeros(1, np.int64), time_base, 0)
    # The shortest time that a frame is shown, unless that makes a picture that nobody can open.
    most = max(_MOST_COLUMNS, _MOST_STRETCH * len(pts))
    duration = int(pts[-1] - pts[0])
    step = max(int(steps[steps > 0].min()), -(-duration // most))
    ticks = np.arange(duration // step + 1, dtype=np.int64) * step + int(pts[0])
    frames = np.searchsorted(pts, ticks, side="right") - 1
    if frames[-1] != len(pts) - 1:
        frames = np.append(frames, len(pts) - 1)
    return Columns(Spacing.TIME, frames, step * time_base, len(pts) - len(np.unique(frames)))


def stripes(samples: int, *, deep: bool) -> Samples:
    """(samples, 3) uint8, or uint16 where ``deep``: what stands for a frame that could not be read."""
    is_magenta = (np.arange(samples) // _STRIPE % 2 == 0).reshape(-1, 1) & np.array([True, False, True])
    return cast("Samples", is_magenta * (np.uint16(65535) if deep else np.uint8(255)))
