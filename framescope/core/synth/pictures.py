"""Sources of pictures for a new video: files, one repeated picture, or another video."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

from framescope.core.errors import SynthesisError
from framescope.core.folders import is_folder, is_regular_file, is_there, natural_order
from framescope.core.opencv import cv2
from framescope.core.outside import no_such_file
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".ppm", ".pgm", ".jp2", ".exr"}
)
"""Endings of the files that are taken for pictures in a folder."""

_MILLISECOND = 0.001
"""What Matroska rounds to."""


class PictureSource(Protocol):
    """Pictures by number. Threads: one."""

    @property
    def times_s(self) -> tuple[float, ...]:
        """When each is shown, in seconds from the first; empty if the source has no times."""

    @property
    def paths(self) -> tuple[str | Path, ...]:
        """The files that are read, which the new video must not replace."""

    def __len__(self) -> int:
        """How many."""

    def picture(self, number: int) -> NDArray[np.uint8]:
        """(height, width, 3) uint8 in R, G, B order; not to be written to.

        Raises:
            FrameScopeError: It is not available.
        """

    def describe(self, number: int) -> str:
        """What the picture is called in messages, such as a file's name."""


@dataclass(frozen=True, slots=True)
class PictureFiles:
    """Picture files, one per frame."""

    paths: tuple[Path, ...]
    times_s: tuple[float, ...] = ()

    def __len__(self) -> int:
        """How many."""
        return len(self.paths)

    def picture(self, number: int) -> NDArray[np.uint8]:
        """The picture in file ``number``."""
        return read_picture(self.paths[number])

    def describe(self, number: int) -> str:
        """The file's name."""
        return self.paths[number].name


class RepeatedPicture:
    """One picture, shown again and again."""

    def __init__(self, path: Path, count: int) -> None:
        """Read it.

        Raises:
            SynthesisError: The file holds no picture.
            MissingFileError: There is no such file.
        """
        self._path, self._count = path, count
        self._rgb = read_picture(path)
        self.times_s: tuple[float, ...] = ()
        self.paths: tuple[str | Path, ...] = (path,)

    def __len__(self) -> int:
        """How many times."""
        return self._count

    def picture(self, number: int) -> NDArray[np.uint8]:
        """The picture."""
        del number
        return self._rgb

    def describe(self, number: int) -> str:
        """The file's name."""
        del number
        return self._path.name


class VideoFrames:
    """Frames of an open video, as displayed."""

    def __init__(self, video: Video, numbers: Sequence[int]) -> None:
        """Take these frames, at their own distances in time.

        Args:
            video: Stays open as long as this is used, by the same thread.
            numbers: Ascending frame numbers.
        """
        self._video, self._numbers = video, tuple(int(number) for number in numbers)
        self.paths: tuple[str | Path, ...] = (video.info.source,)
        self._frames: Iterator[Frame] = iter(())
        self._following = -1
        times = [video.index.time_of(number) for number in self._numbers]
        first = times[0] if times else 0.0
        # Where timestamps are missing or stand still, the frames have no times of their own.
        ascend = all(later > earlier for earlier, later in pairwise(times))
        self.times_s = tuple(time - first for time in times) if ascend else ()

    def __len__(self) -> int:
        """How many."""
        return len(self._numbers)

    def picture(self, number: int) -> NDArray[np.uint8]:
        """The frame, colour and rotation applied."""
        if number != self._following:
            self._frames = self._video.frames(self._numbers[number:])
        # Only once it is there: an error ends the reading through, so the next one has to begin again.
        self._following = -1
        frame = next(self._frames)
        self._following = number + 1
        return frame.to_rgb()

    def describe(self, number: int) -> str:
        """The frame's number in its video."""
        return tr("frame {numbers}", numbers=self._numbers[number])


def constant_rate(times_s: Sequence[float]) -> Fraction | None:
    """The rate that these times keep to within a millisecond each; None if there is no such rate."""
    if len(times_s) < 2:
        return None
    rate = Fraction((len(times_s) - 1) / (times_s[-1] - times_s[0])).limit_denominator(1001)
    first = times_s[0]
    is_kept = all(abs(time - first - place / rate) <= _MILLISECOND for place, time in enumerate(times_s))
    return rate if is_kept else None


def picture_files(places: Sequence[Path]) -> PictureFiles:
    """The picture files named, and those in the folders named, each folder in the order people count.

    Raises:
        SynthesisError: There is none.
        MissingFileError: A file or folder does not exist.
    """
    found: list[Path] = []
    for place in places:
        if not is_there(place):
            raise no_such_file(place, tr("file or folder"))
        if is_folder(place):
            inside = (path for path in place.iterdir() if path.suffix.lower() in PICTURE_SUFFIXES)
            found += sorted((path for path in inside if is_regular_file(path)), key=natural_order)
        else:
            found.append(place)
    if not found:
        raise SynthesisError(
            tr("There are no pictures in {places}.", places=", ".join(str(place) for place in places)),
            hint=tr(
                "Pictures end in {picture_suffixes}.", picture_suffixes=", ".join(sorted(PICTURE_SUFFIXES))
            ),
        )
    return PictureFiles(tuple(found))


def read_picture(path: Path) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 in R, G, B order: the file's picture, 8 bits, alpha left out.

    Raises:
        MissingFileError: There is no such file.
        SynthesisError: It contains no readable picture.
    """
    try:
        data = np.fromfile(path, np.uint8)
    except FileNotFoundError as error:
        raise no_such_file(path) from error
    except OSError as error:
        raise SynthesisError(
            tr("{path} cannot be read: {strerror}.", path=path, strerror=error.strerror or error)
        ) from error
    try:
        bgr = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    except cv2.error as error:
        raise SynthesisError(tr("{path} contains no readable picture.", path=path.name)) from error
    if bgr is None:
        raise SynthesisError(
            tr("{path} contains no readable picture.", path=path.name), hint=tr("Remove it from the list.")
        )
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
