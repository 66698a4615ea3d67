"""Measures every frame in one sequential decode, as the graphs of QCTools show them.

The measures are those of FFmpeg's signalstats filter (YMIN, YAVG, YMAX, SATAVG, YDIF), at the depth of the
samples; the PSNR is that of the luma of each frame against the frame before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.errors import FrameUnavailableError
from framescope.core.media.picture.components import component_planes
from framescope.core.media.picture.exact_color import luma_weights
from framescope.core.media.picture.picture import AvPicture
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.opencv import cv2
from framescope.core.tables.table import Table
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.tables.table import Cell

    Plane = NDArray[np.uint8] | NDArray[np.uint16]

_REPORT_EVERY = 8


@dataclass(frozen=True, slots=True, eq=False)
class FrameStatistics:
    """Numbers by frame number, float32; NaN where a frame cannot be decoded or has no such number.

    Attributes:
        luma_mean: The mean of luma, in code values.
        luma_min: Its lowest value.
        luma_max: Its highest value.
        saturation: The mean distance of chroma from grey, in code values; NaN without chroma.
        difference: The mean absolute difference of luma from the previous frame; NaN for the first one.
        psnr_db: PSNR of luma against the previous frame, in dB; infinite for a repeated frame.
    """

    luma_mean: NDArray[np.float32]
    luma_min: NDArray[np.float32]
    luma_max: NDArray[np.float32]
    saturation: NDArray[np.float32]
    difference: NDArray[np.float32]
    psnr_db: NDArray[np.float32]

    def __len__(self) -> int:
        """The number of frames."""
        return len(self.luma_mean)


def measure_statistics(
    video: Video,
    numbers: range | None = None,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> FrameStatistics:
    """Measure frames in one sequential decode.

    Args:
        video: The video.
        numbers: A run of frames, which are measured alone; None for all.
        progress: Receives the progress.
        cancel: Asks the work to stop.

    Raises:
        Cancelled: The work was cancelled.
    """
    values = np.full((len(fields(FrameStatistics)), len(video)), np.nan, np.float32)
    for number, measures in measured_frames(video, numbers, progress=progress, cancel=cancel):
        values[:, number] = measures
    return FrameStatistics(*values)


def measured_frames(
    video: Video,
    numbers: range | None = None,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Iterator[tuple[int, tuple[float, ...]]]:
    """Measure frames in one sequential decode, and give out each as it is measured; see `measure_statistics`.

    Yields:
        Each frame that can be decoded: its number, and its measures in the order of `FrameStatistics`.
    """
    numbers = range(len(video)) if numbers is None else numbers
    cancel = cancel or CancelToken()
    before: Plane | None = None
    for place, answer in enumerate(video.try_frames(numbers)):
        cancel.raise_if_cancelled()
        if isinstance(answer, FrameUnavailableError):
            before = None
        else:
            luma, bits, saturation = _samples(answer, video.info.color.matrix_used)
            yield numbers[place], (*_levels(luma), saturation, *_differences(before, luma, bits))
            before = luma
        if place % _REPORT_EVERY == 0:
            progress(Progress(place, len(numbers), tr("Measuring frames")))


def _samples(frame: Frame, matrix: str) -> tuple[Plane, int, float]:
    """The luma of a frame, its bits, and the mean saturation of its chroma."""
    picture = frame.picture
    planes = (
        {one.name: one for one in component_planes(picture.av_frame)}
        if isinstance(picture, AvPicture)
        else {}
    )
    if "Y" not in planes:
        red_weight, blue_weight = luma_weights(matrix)
        weights = [[red_weight, 1 - red_weight - blue_weight, blue_weight]]
        rgb = frame.to_rgb(rotate=False)
        return cast("Plane", np.ascontiguousarray(cv2.transform(rgb, np.array(weights)))), 8, math.nan
    luma = planes["Y"]
    saturation = math.nan
    if "Cb" in planes and "Cr" in planes:
        grey = 1 << (planes["Cb"].bits - 1)
        across, up = (planes[name].samples.astype(np.float32) - grey for name in ("Cb", "Cr"))
        saturation = cv2.mean(cv2.magnitude(across, up))[0]
    return cast("Plane", np.ascontiguousarray(luma.samples)), luma.bits, saturation


def _levels(luma: Plane) -> tuple[float, float, float]:
    low, high, *_places = cv2.minMaxLoc(luma)
    return cv2.mean(luma)[0], low, high


def _differences(before: Plane | None, luma: Plane, bits: int) -> tuple[float, float]:
    if before is None or before.shape != luma.shape or before.dtype != luma.dtype:
        return math.nan, math.nan
    error = cv2.norm(before, luma, cv2.NORM_L2SQR) / luma.size
    peak = (1 << bits) - 1
    psnr_db = 10 * math.log10(peak * peak / error) if error else math.inf
    return cv2.norm(before, luma, cv2.NORM_L1) / luma.size, psnr_db


def statistics_rows(statistics: FrameStatistics, index: FrameIndex, numbers: range) -> Table:
    """A row per frame: number, time, type, and its measures; None where there is none."""
    names = [field.name for field in fields(FrameStatistics)]
    return measure_rows({name: getattr(statistics, name) for name in names}, index, numbers)


def measure_rows(measures: Mapping[str, NDArray[np.float32]], index: FrameIndex, numbers: range) -> Table:
    """A row per frame: number, time, type, and a column for each of these measures by frame number."""

    def rows() -> Iterator[tuple[Cell, ...]]:
        for number in numbers:
            values = (float(column[number]) for column in measures.values())
            yield (
                number,
                index.time_of(number),
                str(index.picture_types[number]),
                *(None if math.isnan(value) else round(value, 6) for value in values),
            )

    return Table("frames", ("frame_number", "time_s", "picture_type", *measures), len(numbers), rows)
