"""Detects film that was converted to 30 or 60 frames a second, by the fields or frames that repeat.

In 2:3 pulldown, four film frames A B C D become ten fields: ``AA BB BC CD DD``. Of every five frames, one
repeats the upper field of the one before it and another, two later, the lower one (or the other way round),
and two are woven of two film frames. It shows whatever the stream's flags say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import FrameUnavailableError
from framescope.core.media.facts.intervals import measure_intervals
from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.text import rate_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Picture
    from framescope.core.model.progress import ProgressCallback

    Steps = NDArray[np.float64]

_PERIOD = 5
_RATES = (30, 60)
_WINDOW = 60
"""Frames judged together: twelve periods. An edit after the pulldown shifts the rhythm."""
_STRETCH, _MOST_STRETCHES = 2 * _WINDOW + 1, 5
_LEAST_WINDOWS, _LEAST_SHARE = 2, 0.6
_LEAST_MOTION, _LEAST_MOVING = 0.3, 0.4
"""Mean change, in 8-bit levels, from which a frame moves, and the share of such frames in a window."""
_LEAST_STEP = 0.05
_LEAST_SIDE, _MOST_OTHER = 0.1, 0.4
"""Octaves by which a field that repeats changes less than the other one, and the share of it in other phases.

It is not much: what repeats was encoded again, often as if the frame were whole."""
_REPEATED_SHARE = 0.4
"""Of the change elsewhere: what a repeated frame changes by at most."""
_COLUMNS = 160


class TelecineKind(StrEnum):
    """What repeats."""

    FIELDS = "fields"
    """One field of two frames in five: 2:3 pulldown, woven into the frames (hard telecine)."""
    FRAMES = "frames"
    """One frame in five."""
    FRAMES_60 = "frames at 60"
    """Three frames in five: 2:3 pulldown to 60 frames a second."""


_FILM_SHARE = {
    TelecineKind.FIELDS: Fraction(4, 5),
    TelecineKind.FRAMES: Fraction(4, 5),
    TelecineKind.FRAMES_60: Fraction(2, 5),
}


@dataclass(frozen=True, slots=True)
class Telecine:
    """A cadence of film that was measured.

    Attributes:
        kind: What repeats.
        film_rate: Film frames per second; None if the rate of the video is not known.
        windows: In how many windows of 60 frames it was found.
        windows_moving: How many move enough to tell.
    """

    kind: TelecineKind
    film_rate: Fraction | None
    windows: int
    windows_moving: int

    @property
    def has_woven_frames(self) -> bool:
        """Whether some frames hold a field each of two film frames."""
        return self.kind is TelecineKind.FIELDS

    @property
    def words(self) -> str:
        """One sentence for display."""
        text = {
            TelecineKind.FIELDS: tr(
                "Hard telecine (2:3 pulldown): 2 of 5 frames are woven from the fields of two film frames."
            ),
            TelecineKind.FRAMES: tr("Film frames shown twice: 1 of 5 frames repeats the one before it."),
            TelecineKind.FRAMES_60: tr("2:3 pulldown of whole frames: 3 of 5 repeat the one before them."),
        }[self.kind]
        if self.film_rate is None:
            return text
        return tr("{text} The film has {rate}.", text=text, rate=rate_words(self.film_rate))


def may_be_telecine(index: FrameIndex) -> bool:
    """Whether it has a rate that pulldown makes of film: about 30 or 60 frames a second."""
    rate = measure_intervals(index).rate
    return rate is not None and round(rate) in _RATES


def find_telecine(
    video: Video, *, progress: ProgressCallback = ignore_progress, cancel: CancelToken | None = None
) -> Telecine | None:
    """The cadence of film in a video, from a few stretches of it that are decoded; None if there is none.

    Raises:
        Cancelled: The work was cancelled.
        OpenError: The file is gone.
    """
    cancel = cancel or CancelToken()
    kinds: list[TelecineKind | None] = []
    stretches = _stretches(len(video))
    for done, stretch in enumerate(stretches):
        cancel.raise_if_cancelled()
        progress(Progress(done, len(stretches), tr("Looking for telecine")))
        kinds += kinds_of(*field_steps(video, stretch))
    found = [kind for kind in kinds if kind is not None]
    most = max(set(found), key=found.count, default=None)
    if most is None or found.count(most) < max(_LEAST_WINDOWS, _LEAST_SHARE * len(kinds)):
        return None
    rate = measure_intervals(video.index).rate
    film = None if rate is None else rate * _FILM_SHARE[most]
    return Telecine(most, film, found.count(most), len(kinds))


def field_steps(video: Video, frames: Sequence[int]) -> tuple[Steps, Steps]:
    """How much the even and the odd rows change from each frame to the next.

    Returns:
        Two float64 arrays, one shorter than ``frames``, in 8-bit levels; NaN beside what cannot be decoded.
    """
    before: NDArray[np.int32] | None = None
    even, odd = [], []
    for answer in video.try_frames(frames):
        rows = None if isinstance(answer, FrameUnavailableError) else _rows(answer.picture)
        if rows is None or before is None or rows.shape != before.shape:
            steps = (np.nan, np.nan)
        else:
            change = np.abs(rows - before)
            steps = float(change[::2].mean()), float(change[1::2].mean())
        before = rows
        even.append(steps[0])
        odd.append(steps[1])
    return np.array(even[1:]), np.array(odd[1:])


def kinds_of(even: Steps, odd: Steps) -> Iterator[TelecineKind | None]:
    """For each window that moves enough, what repeats in it; None for nothing.

    Args:
        even: See `field_steps`.
        odd: Likewise.
    """
    for begin in range(0, len(even) - _WINDOW + 1, _WINDOW):
        upper, lower = (one[begin : begin + _WINDOW].reshape(-1, _PERIOD) for one in (even, odd))
        whole = (upper + lower) / 2
        moving = whole >= _LEAST_MOTION
        if moving.mean() >= _LEAST_MOVING:
            # One field beside the other of the same frame: that depends on no motion.
            sides = np.log2((upper + _LEAST_STEP) / (lower + _LEAST_STEP))
            yield _of_fields(_medians(sides, moving)) or _of_frames(_medians(whole, np.isfinite(whole)))


def _medians(values: Steps, are_known: NDArray[np.bool_]) -> Steps:
    """The median of each of the five phases; 0 where nothing is known."""
    known = zip(values.T, are_known.T, strict=True)
    return np.array([np.median(phase[which]) if which.any() else 0.0 for phase, which in known])


def _of_fields(sides: Steps) -> TelecineKind | None:
    """Whether one field repeats in one phase, and the other one two later."""
    upper, lower = int(sides.argmin()), int(sides.argmax())
    weaker = min(-float(sides[upper]), float(sides[lower]))
    most = float(np.abs(np.delete(sides, [upper, lower])).max())
    is_pair = weaker >= _LEAST_SIDE and most <= _MOST_OTHER * weaker and (upper - lower) % _PERIOD in (2, 3)
    return TelecineKind.FIELDS if is_pair else None


def _of_frames(whole: Steps) -> TelecineKind | None:
    """Whether whole frames repeat, compared with the two phases in which most changes."""
    repeats = int((whole < _REPEATED_SHARE * np.sort(whole)[-2:].mean()).sum())
    return {1: TelecineKind.FRAMES, 3: TelecineKind.FRAMES_60}.get(repeats)


def _stretches(total: int) -> list[range]:
    """Up to five stretches of frames, spread over the length."""
    if total <= _STRETCH:
        return [range(total)]
    count = min(_MOST_STRETCHES, total // _STRETCH)
    begins = np.linspace(0, total - _STRETCH, count).astype(np.int64)
    return [range(begin, begin + _STRETCH) for begin in begins.tolist()]


def _rows(picture: Picture) -> NDArray[np.int32]:
    """Every row of the brightness as stored, in 8-bit levels, and some columns: (rows, columns)."""
    if picture.pixel_format.startswith(("yuv", "nv", "gray")):
        plane = picture.planes()[0]
    else:
        plane = picture.to_rgb(rotate=False)[..., 1]
    some = plane[:, :: max(plane.shape[1] // _COLUMNS, 1)].astype(np.int32)
    return some >> (pixel_format_facts(picture.pixel_format).bit_depth - 8 if plane.dtype != np.uint8 else 0)
