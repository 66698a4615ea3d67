"""What every video must keep to, as checks that take a `Video` and the truth of a sequential decode."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

from framescope import FrameUnavailableError
from framescope.core.media.index import NO_PTS
from framescope.core.synth.number_blocks import read_number
from tests.clips.truth import digest_of_planes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from framescope import Frame, Video
    from tests.clips.truth import TrueFrame


def digest_of(frame: Frame) -> str:
    """Hash over a frame's planes, comparable with the truth's."""
    picture = frame.picture
    return digest_of_planes(picture.width, picture.height, picture.pixel_format, frame.planes())


def wrong_frames(video: Video, truth: Sequence[TrueFrame], numbers: Iterable[int]) -> list[str]:
    """A line for each number whose frame is not the one that a sequential decode shows there."""
    place_of = {true.digest: place for place, true in enumerate(truth)}
    lines = []
    for number in numbers:
        try:
            frame = video.frame(number)
        except FrameUnavailableError as error:
            lines.append(f"{number}: {error}")
            continue
        digest = digest_of(frame)
        if digest != truth[number].digest:
            lines.append(f"{number}: its picture is that of frame {place_of.get(digest, 'nowhere')}")
        elif frame.frame_number != number or frame.pts != truth[number].pts:
            lines.append(
                f"{number}: pts {frame.pts} and number {frame.frame_number}, not {truth[number].pts}"
            )
    return lines


def wrong_sound_frames(
    video: Video, truth: Sequence[TrueFrame], sound: Collection[str], numbers: Iterable[int]
) -> list[str]:
    """Like `wrong_frames` for a damaged stream counted by its packets, whose numbers run on over losses.

    Pictures that depend on the damage are made up by the decoder, as it happens; only those frames count
    whose digest in the sequential decode is one of ``sound``. They are matched by pts, and all must be there.
    """
    wanted = {true.pts: true.digest for true in truth if true.digest in sound}
    lines = []
    for number in numbers:
        try:
            frame = video.frame(number)
        except FrameUnavailableError:
            continue
        digest = wanted.pop(frame.pts, None)
        if digest is not None and digest != digest_of(frame):
            lines.append(f"{number}: not the picture at its pts {frame.pts}")
    return [*lines, *(f"no frame has the pts {pts}" for pts in wanted)]


def shuffled(count: int, *, seed: int = 1) -> list[int]:
    """Every number below ``count``, out of order, the same on each run."""
    numbers = list(range(count))
    random.Random(seed).shuffle(numbers)
    return numbers


def restless(count: int) -> list[int]:
    """The ways people move: backwards, the same again, the end and back, and along from the middle."""
    last, middle = count - 1, count // 2
    backwards = range(last, max(last - 30, -1), -1)
    repeated = [middle, middle, 0, 0, last, last]
    end_and_back = [last, max(last - 1, 0), 0, last, middle, last, 0]
    return [*backwards, *repeated, *end_and_back, *range(middle, min(middle + 10, count))]


def wrong_pts(video: Video, truth: Sequence[TrueFrame]) -> list[str]:
    """A line for each pts of the index that differs from the sequential decode's."""
    pairs = zip(video.index.pts.tolist(), truth, strict=True)
    return [
        f"{number}: {pts}, not {true.pts}"
        for number, (pts, true) in enumerate(pairs)
        if pts != (NO_PTS if true.pts is None else true.pts)
    ]


def drawn_number(frame: Frame) -> int | None:
    """The number in the displayed picture."""
    return read_number(np.asarray(frame.to_rgb()))
