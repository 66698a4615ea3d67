"""Measures how similar the frames of B are to their counterparts in A: PSNR, SSIM, MS-SSIM, by plane."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.compare.space import SharedSpace
from framescope.core.compare.vmaf import VmafMeter, vmaf_program
from framescope.core.errors import FrameUnavailableError
from framescope.core.export.quality.measure import block_ssim, decibels, mean_squared_error, ms_ssim
from framescope.core.machine_cores import core_count
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.picture_threads import picture_threads
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from framescope.core.compare.space import Comparable
    from framescope.core.media.video import Video
    from framescope.core.model.progress import ProgressCallback

    Values = NDArray[np.float64]

WORST_FRAMES = 10
_REPORT_EVERY = 16


class Metric(StrEnum):
    """A measure of similarity; all grow with it."""

    PSNR = "psnr"
    """In dB, as FFmpeg's filter of this name; infinite for equal pictures."""
    SSIM = "ssim"
    """Up to 1, as FFmpeg's filter of this name."""
    MS_SSIM = "ms-ssim"
    """Up to 1, at five scales; see `measure.ms_ssim`."""

    VMAF = "vmaf"
    """0 to 100, by the ffmpeg program, if it was built with libvmaf."""

    @property
    def label(self) -> str:
        """The name that people use."""
        return self.value.upper()

    def words(self, value: float) -> str:
        """A value with its unit and as many digits as FFmpeg prints."""
        if math.isnan(value):
            return "–"
        if self is Metric.PSNR:
            return tr("identical") if math.isinf(value) else f"{value:.2f} dB"
        if self is Metric.VMAF:
            return f"{value:.2f}"
        return f"{value:.6f}"


@dataclass(frozen=True, slots=True)
class Summary:
    """A metric over all pairs of frames.

    Attributes:
        mean: The arithmetic mean; for PSNR over the pairs that differ.
        harmonic_mean: The harmonic mean of the same pairs, in which bad frames weigh more.
        low: The mean of the lowest 1 % of them, at least of one.
        lowest: The lowest value.
        identical: How many pairs are equal in every pixel.
        worst: The places of the worst pairs, worst first.
    """

    mean: float
    harmonic_mean: float
    low: float
    lowest: float
    identical: int
    worst: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Quality:
    """The similarity of every pair of frames.

    Attributes:
        a: int64, the frame of A of each pair.
        b: int64, the frame of B.
        values: For each metric and plane float64 by pair, the plane ``all`` being the mean over planes by
            their size, as FFmpeg has it; NaN where a frame could not be decoded or is too small.
        is_identical: bool, whether all planes are equal.
        spaces: In which forms the pictures were compared, in words, most frequent first.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    values: dict[tuple[Metric, str], Values]
    is_identical: NDArray[np.bool_]
    spaces: tuple[str, ...]

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics that were measured."""
        return tuple(dict.fromkeys(metric for metric, _ in self.values))

    def summary(self, metric: Metric) -> Summary:
        """A metric over all pairs."""
        values = self.values[metric, "all"]
        known = np.flatnonzero(np.isfinite(values))
        identical = int(self.is_identical.sum())
        if not len(known):
            lone = math.inf if identical and metric is Metric.PSNR else math.nan
            return Summary(lone, lone, lone, lone, identical, ())
        ordered = known[np.argsort(values[known], kind="stable")]
        low = ordered[: max(len(ordered) // 100, 1)]
        found = values[known]
        positive = found[found > 0]
        harmonic = len(positive) / float((1 / positive).sum()) if len(positive) == len(found) else 0.0
        return Summary(
            mean=float(found.mean()),
            harmonic_mean=harmonic,
            low=float(values[low].mean()),
            lowest=float(values[ordered[0]]),
            identical=identical,
            worst=tuple(ordered[:WORST_FRAMES].tolist()),
        )


def measure_quality(  # noqa: PLR0913 - every option is named at the call
    a: Video,
    b: Video,
    pairs: NDArray[np.int64],
    *,
    metrics: Collection[Metric] = (Metric.PSNR, Metric.SSIM),
    known: Quality | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Quality:
    """Measure pairs of frames.

    Args:
        a: Read by the calling thread, like ``b``; pictures are measured in other threads.
        b: The other video.
        pairs: (pairs, 2) int64 frames of A and of B, both ascending.
        metrics: What to measure.
        known: What was measured of the same videos before: of its pairs, nothing is measured again. VMAF
            depends on the frames before, and is.
        progress: Called every few pairs.
        cancel: Cancels the work.

    Raises:
        SettingsError: VMAF is not available.
        FrameScopeError: The ffmpeg program failed.
        Cancelled: The work was cancelled.
        OpenError: A file is gone.
    """
    if known is not None and set(known.metrics) == set(metrics) and Metric.VMAF not in metrics:
        rest = pairs[~np.isin(_keys(pairs), _keys(np.stack((known.a, known.b), axis=1)))]
        measured = measure_quality(a, b, rest, metrics=metrics, progress=progress, cancel=cancel)
        return _chosen_of(pairs, known, measured)
    space = SharedSpace(a.info, b.info)
    answers = zip(a.try_frames(pairs[:, 0]), b.try_frames(pairs[:, 1]), strict=True)
    prepared = (
        None
        if isinstance(first, FrameUnavailableError) or isinstance(second, FrameUnavailableError)
        else partial(space.pair, first.picture, second.picture)
        for first, second in answers
    )
    pixels = max(video.info.width * video.info.height for video in (a, b))
    return measure_pairs(pairs, prepared, pixels=pixels, metrics=metrics, progress=progress, cancel=cancel)


def _keys(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each pair; frame numbers take fewer than 31 bits."""
    return (pairs[:, 0] << 31) | pairs[:, 1]


def _chosen_of(pairs: NDArray[np.int64], *parts: Quality) -> Quality:
    """What was measured of these pairs, each of which is in one of the parts."""
    keys = np.concatenate([_keys(np.stack((part.a, part.b), axis=1)) for part in parts])
    order = np.argsort(keys, kind="stable")
    places = order[np.searchsorted(keys[order], _keys(pairs))]
    names = dict.fromkeys(name for part in parts for name in part.values)
    missing = [np.full(len(part.a), math.nan) for part in parts]
    values = {
        name: np.concatenate(
            [part.values.get(name, empty) for part, empty in zip(parts, missing, strict=True)]
        )[places]
        for name in names
    }
    return Quality(
        a=pairs[:, 0],
        b=pairs[:, 1],
        values=values,
        is_identical=np.concatenate([part.is_identical for part in parts])[places],
        spaces=tuple(dict.fromkeys(space for part in parts for space in part.spaces)),
    )


def measure_pairs(  # noqa: PLR0913 - every option is named at the call
    pairs: NDArray[np.int64],
    prepared: Iterator[Callable[[], Comparable | None] | None],
    *,
    pixels: int,
    metrics: Collection[Metric],
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Quality:
    """Measure pairs of pictures; see `measure_quality`.

    Args:
        pairs: (pairs, 2) int64 frames of A and of B.
        prepared: For each, what brings its pictures into one form, in any thread; None where there are none.
        pixels: Columns times rows of a picture; small ones are measured in the calling thread.
        metrics: What to measure.
        progress: Called every few pairs.
        cancel: Cancels the work.
    """
    cancel = cancel or CancelToken()
    chosen = tuple(metric for metric in Metric if metric in metrics)
    rows = _Rows(VmafMeter(vmaf_program()) if Metric.VMAF in chosen else None)
    pending: deque[Future[_Row | None] | None] = deque()
    workers = core_count()
    with rows, picture_threads(pixels, workers, "quality") as pool:
        try:
            for place, prepare in enumerate(prepared):
                cancel.raise_if_cancelled()
                pending.append(None if prepare is None else pool.submit(_measured, prepare, chosen))
                while len(pending) > 2 * workers:
                    rows.take(pending.popleft())
                if place % _REPORT_EVERY == 0:
                    progress(Progress(place, len(pairs), tr("Measuring quality")))
            while pending:
                cancel.raise_if_cancelled()
                rows.take(pending.popleft())
        finally:
            for future in pending:
                if future is not None:
                    future.cancel()
        found = _table(pairs, rows)
    progress(Progress(len(pairs), len(pairs), tr("Measuring quality")))
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    pair: Comparable
    is_identical: bool
    values: dict[tuple[Metric, str], float]


class _Rows:
    """What was measured, in order."""

    def __init__(self, meter: VmafMeter | None) -> None:
        self._meter = meter
        self.spaces: list[str] = []
        self.is_identical: list[bool] = []
        self.values: list[dict[tuple[Metric, str], float]] = []

    def __enter__(self) -> None:
        """Nothing: the meter starts with the first pair."""

    def __exit__(self, *_: object) -> None:
        """End the meter."""
        if self._meter is not None:
            self._meter.close()

    def take(self, future: Future[_Row | None] | None) -> None:
        """Take the next pair; None where there are no two pictures."""
        row = None if future is None else future.result()
        if row is not None:
            self.spaces.append(row.pair.space)
        self.is_identical.append(row is not None and row.is_identical)
        self.values.append({} if row is None else row.values)
        if self._meter is not None:
            self._meter.add(None if row is None else row.pair)

    def vmaf(self) -> list[float] | None:
        """VMAF of each pair; None if it was not asked for."""
        return None if self._meter is None else self._meter.values()


def _measured(prepare: Callable[[], Comparable | None], metrics: tuple[Metric, ...]) -> _Row | None:
    pair = prepare()
    if pair is None:
        return None
    errors = [mean_squared_error(one, other) for one, other in zip(pair.a, pair.b, strict=True)]
    values: dict[tuple[Metric, str], float] = {}
    sizes = [plane.size for plane in pair.a]
    for metric in metrics:
        if metric is Metric.VMAF:
            continue
        if metric is Metric.PSNR:
            found = [decibels(error, pair.peak) for error in errors]
            whole = decibels(float(np.average(errors, weights=sizes)), pair.peak)
        else:
            found = _similarities(metric, pair)
            known = [place for place, value in enumerate(found) if not math.isnan(value)]
            whole = (
                float(np.average([found[one] for one in known], weights=[sizes[one] for one in known]))
                if known
                else math.nan
            )
        values |= {(metric, name): value for name, value in zip(pair.names, found, strict=True)}
        values[metric, "all"] = whole
    return _Row(pair, not any(errors), values)


def _similarities(metric: Metric, pair: Comparable) -> list[float]:
    measure = block_ssim if metric is Metric.SSIM else ms_ssim
    return [measure(one, other, peak=pair.peak) for one, other in zip(pair.a, pair.b, strict=True)]


def _table(pairs: NDArray[np.int64], rows: _Rows) -> Quality:
    names = list(dict.fromkeys(name for row in rows.values for name in row))
    values = {name: np.array([row.get(name, math.nan) for row in rows.values]) for name in names}
    vmaf = rows.vmaf()
    if vmaf is not None:
        values[Metric.VMAF, "all"] = np.array(vmaf)
    return Quality(
        a=pairs[:, 0],
        b=pairs[:, 1],
        values=values,
        is_identical=np.array(rows.is_identical, np.bool_),
        spaces=tuple(sorted(dict.fromkeys(rows.spaces), key=rows.spaces.count, reverse=True)),
    )
