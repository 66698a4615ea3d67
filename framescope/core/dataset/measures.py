"""Measures the pictures of a data set: how sharp they are, and which look alike."""

from __future__ import annotations

import itertools
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.export.manifest.file_check import in_order
from framescope.core.machine_cores import core_count
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.opencv import cv2
from framescope.core.outside import read_small_file
from framescope.core.sampling.content import difference_hash, sharpness
from framescope.core.sampling.selection import spread_places
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.dataset.records import DataPicture, DataSet
    from framescope.core.model.progress import ProgressCallback

NEAR_BITS = 4
"""Bits of 64 in which the hashes of near-duplicates may differ, as in the choice without duplicates."""
_MOST_BYTES = 1 << 30
_SHARP_PX, _THUMB_PX = 640, 160
_FLAT = 2.0
"""Deviation of the brightness below which a picture shows too little to be compared: black, or one colour."""


@dataclass(frozen=True, slots=True)
class PictureMeasure:
    """The measures of one picture.

    Attributes:
        picture: The picture.
        sharpness: Variance of the Laplacian of its brightness; compare only within a video.
        hash: 64 bits; see `difference_hash`.
        is_flat: Whether it shows too little to be compared with others.
        thumbnail: A small JPEG.
    """

    picture: DataPicture
    sharpness: float
    hash: int
    is_flat: bool
    thumbnail: bytes

    def is_like(self, other: PictureMeasure) -> bool:
        """Whether they are near-duplicates."""
        return (self.hash ^ other.hash).bit_count() <= NEAR_BITS


@dataclass(frozen=True, slots=True)
class DataSetMeasures:
    """The measures of a data set's pictures.

    Attributes:
        measures: By position; None for a file that is missing, was altered or is not a picture.
        total: How many pictures there are; if more than were measured, those are spread evenly.
    """

    measures: tuple[PictureMeasure | None, ...]
    total: int

    def by_video(self) -> dict[int, list[PictureMeasure]]:
        """The measures of each video's pictures in order, by the number of the video."""
        found: dict[int, list[PictureMeasure]] = defaultdict(list)
        for one in self.measures:
            if one is not None:
                found[one.picture.video.id].append(one)
        return dict(found)

    def repeats(self) -> dict[int, int]:
        """How many pictures of each video look like the previous one of that video."""
        return {
            video: sum(second.is_like(first) for first, second in itertools.pairwise(own))
            for video, own in self.by_video().items()
        }

    def leaks(self) -> list[tuple[PictureMeasure, PictureMeasure]]:
        """Pictures of different splits with equal hashes, each with the first one that has it."""
        first: dict[int, PictureMeasure] = {}
        found = []
        for one in self.measures:
            if one is None or one.is_flat:
                continue
            other = first.setdefault(one.hash, one)
            if other.picture.video.split != one.picture.video.split:
                found.append((other, one))
        return found


def measure_dataset(
    data: DataSet,
    *,
    most: int = 20_000,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> DataSetMeasures:
    """Measure the pictures of a data set.

    Args:
        data: The data set.
        most: The most pictures to measure; of more, every second, third and so on is taken.
        progress: Receives how far it is.
        cancel: Cancels the work.

    Raises:
        ManifestError: The manifest of a video cannot be read.
        Cancelled: The work was cancelled.
    """
    cancel = cancel or CancelToken()
    total = sum(1 for _ in data.pictures())
    step = max(-(-total // most), 1)
    chosen = [one for place, one in enumerate(data.pictures()) if place % step == 0]
    measures: list[PictureMeasure | None] = []
    with ThreadPoolExecutor(core_count(), thread_name_prefix="measure") as pool:
        for measure in in_order(pool, (partial(_measure, data.folder, one) for one in chosen)):
            cancel.raise_if_cancelled()
            measures.append(measure)
            progress(Progress(len(measures), len(chosen), tr("Measuring pictures")))
    return DataSetMeasures(tuple(measures), total)


def _measure(folder: Path, picture: DataPicture) -> PictureMeasure | None:
    try:
        data = read_small_file(folder / picture.video.folder / picture.line.file, _MOST_BYTES)
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except (OSError, cv2.error, MemoryError):
        return None
    if decoded is None:
        return None
    pixels = cast("NDArray[np.uint8]", decoded)
    brightness = cv2.cvtColor(_within(pixels, _SHARP_PX), cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    _, thumbnail = cv2.imencode(".jpg", _within(pixels, _THUMB_PX), [cv2.IMWRITE_JPEG_QUALITY, 80])
    return PictureMeasure(
        picture=picture,
        sharpness=sharpness(brightness),
        hash=difference_hash(brightness),
        is_flat=float(brightness.std()) < _FLAT,
        thumbnail=thumbnail.tobytes(),
    )


def _within(pixels: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    share = min(longest / max(width, height), 1.0)
    if share == 1.0:
        return pixels
    size = max(round(width * share), 1), max(round(height * share), 1)
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def spread(items: Sequence[PictureMeasure], count: int) -> list[PictureMeasure]:
    """Up to ``count`` of the items, evenly spread, the first and the last among them."""
    return (
        list(items) if len(items) <= count else [items[place] for place in spread_places(len(items), count)]
    )
