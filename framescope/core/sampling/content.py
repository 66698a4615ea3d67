"""Measures frame content in one decoding pass, so that thresholds can be changed instantly afterwards."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.errors import FrameUnavailableError
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.opencv import cv2
from framescope.core.picture_threads import picture_threads
from framescope.core.sampling.selection import span_of
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from framescope.core.media.video import Video
    from framescope.core.model.frame import Picture
    from framescope.core.model.progress import ProgressCallback


@dataclass(frozen=True, slots=True, eq=False)
class SceneScores:
    """Scores by position; NaN if missing. See `ContentMeasures`."""

    hue: NDArray[np.float64]
    saturation: NDArray[np.float64]
    lightness: NDArray[np.float64]
    correlation: NDArray[np.float64]
    hash_distance: NDArray[np.float64]
    brightness: NDArray[np.float64]


class SceneScorer:
    """Feeds frames, in order, to PySceneDetect's detectors and keeps their metrics."""

    def __init__(self, count: int) -> None:
        """Prepare for frames at positions 0 to ``count`` - 1."""
        self.scores = SceneScores(*(np.full(count, np.nan) for _ in range(6)))
        self._detectors: tuple[Any, ...] = ()
        self._metrics = _Metrics()

    def score(self, place: int, picture: NDArray[np.uint8]) -> None:
        """Score the frame at ``place``; frames between the last one and this one were unavailable.

        Args:
            place: Higher than in the previous call.
            picture: (rows, columns, 3) uint8 in B, G, R order, of constant size unless the video's changes.
        """
        from scenedetect import FrameTimecode  # noqa: PLC0415 - loaded only when measuring

        if not self._detectors or picture.shape != self._metrics.shape:
            self._detectors = _detectors(self._metrics)
            self._metrics.shape = picture.shape
        self._metrics.values.clear()
        timecode = FrameTimecode(place, fps=25.0)
        for detector in self._detectors:
            detector.process_frame(timecode, picture)
        scores = self.scores
        for name, array in (
            ("delta_hue", scores.hue),
            ("delta_sat", scores.saturation),
            ("delta_lum", scores.lightness),
            ("hist_diff", scores.correlation),
            ("hash_dist", scores.hash_distance),
            ("average_rgb", scores.brightness),
        ):
            array[place] = self._metrics.values.get(name, np.nan)


class _Metrics:
    """Replaces the library's ``StatsManager``, which keeps every frame's metrics in a dictionary."""

    def __init__(self) -> None:
        self.values: dict[str, float] = {}
        self.shape: tuple[int, ...] = ()

    def metrics_exist(self, timecode: object, metric_keys: Iterable[str]) -> bool:
        """Always False: nothing is precomputed."""
        del timecode, metric_keys
        return False

    def set_metrics(self, timecode: object, metric_kv_dict: Mapping[str, float]) -> None:
        """Take the metrics of one frame; of keys such as ``hist_diff [bins=128]`` only the first word."""
        del timecode
        for key, value in metric_kv_dict.items():
            self.values[key.split(" ")[0]] = float(value)


def _detectors(metrics: _Metrics) -> tuple[Any, ...]:
    """One detector for each metric; the cuts they report are ignored here.

    Recreated when the picture size changes, since they compare pixel by pixel.
    """
    from scenedetect import detectors  # noqa: PLC0415 - see above

    class EdgelessDetector(detectors.ContentDetector):  # type: ignore[misc]
        """A content detector without edge detection, which has weight 0 by default and is expensive."""

        def _detect_edges(self, lum: NDArray[np.uint8]) -> None:
            del lum

    made = (
        EdgelessDetector(),
        detectors.HistogramDetector(),
        detectors.HashDetector(),
        detectors.ThresholdDetector(),
    )
    for detector in made:
        detector.stats_manager = metrics
    return made


SMALL_PX = 256
"""Longest side of the downscaled picture for scene changes, as in PySceneDetect."""
FEATURE_SIDE = 8
FEATURE_COUNT = 3 * FEATURE_SIDE * FEATURE_SIDE

_SHARP_PX = 640
"""Longest side of the downscaled picture for sharpness: in larger pictures, noise counts as sharpness."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureMeasures:
    """The measures of one picture.

    Attributes:
        small: (rows, columns, 3) uint8 in B, G, R order, the longest side 256 at most.
        sharpness: Variance of the Laplacian of the luma.
        difference_hash: 64 bits; see `difference_hash`.
        features: (192,) uint8, 8 × 8 pixels in CIE L*a*b*.
    """

    small: NDArray[np.uint8]
    sharpness: float
    difference_hash: int
    features: NDArray[np.uint8]


def measure_picture(picture: Picture) -> PictureMeasures:
    """Measure one picture, as decoded, without rotation or pixel aspect."""
    width, height = _fitted(picture.width, picture.height, SMALL_PX)
    small = cv2.cvtColor(picture.to_bgra(width=width, height=height, rotate=False), cv2.COLOR_BGRA2BGR)
    brightness = scaled_brightness(picture, _SHARP_PX)
    thumb = cv2.resize(small, (FEATURE_SIDE, FEATURE_SIDE), interpolation=cv2.INTER_AREA)
    return PictureMeasures(
        small=small.astype(np.uint8, copy=False),
        sharpness=sharpness(brightness),
        difference_hash=difference_hash(brightness),
        features=cv2.cvtColor(thumb, cv2.COLOR_BGR2LAB).astype(np.uint8, copy=False).reshape(-1),
    )


def sharpness(brightness: NDArray[np.uint8]) -> float:
    """Variance of the Laplacian (Pech-Pacheco et al. 2000); higher is sharper. Compare only within a video.

    Args:
        brightness: (rows, columns) uint8.
    """
    _, deviation = cv2.meanStdDev(cv2.Laplacian(brightness, cv2.CV_16S))
    return float(deviation[0, 0]) ** 2


def difference_hash(brightness: NDArray[np.uint8]) -> int:
    """DHash (Krawetz 2013): 9 × 8 pixels, one bit each, set if brighter than the right neighbour.

    Args:
        brightness: (rows, columns) uint8.
    """
    tiny = cv2.resize(brightness, (9, 8), interpolation=cv2.INTER_AREA)
    return int.from_bytes(np.packbits(tiny[:, :-1] > tiny[:, 1:]).tobytes(), "big")


def scaled_brightness(picture: Picture, longest: int) -> NDArray[np.uint8]:
    """(rows, columns) uint8: the luma as stored, without rotation, the longest side ``longest`` at most."""
    width, height = _fitted(picture.width, picture.height, longest)
    plane = picture.planes()[0] if picture.pixel_format.startswith(("yuv", "nv", "gray")) else None
    if plane is None or plane.dtype != np.uint8 or plane.shape != (picture.height, picture.width):
        # Packed, deep or RGB: a full conversion, which works for all of them.
        pixels = picture.to_bgra(width=width, height=height, rotate=False)
        return cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY).astype(np.uint8, copy=False)
    if (width, height) == (picture.width, picture.height):
        return np.ascontiguousarray(plane, dtype=np.uint8)
    return cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    share = min(longest / max(width, height, 1), 1.0)
    return max(round(width * share), 1), max(round(height * share), 1)


_WORKERS = 4
"""Measuring a picture takes a fraction of decoding it: more threads would wait for the decoder."""
_AHEAD = 8
"""Pictures measured at a time; each holds a decoded frame."""
_REPORT_EVERY = 8


@dataclass(frozen=True, slots=True, eq=False)
class ContentMeasures:
    """Measures of a run of frames. All arrays are by position in the run; NaN if a frame has no value.

    Attributes:
        start: Number of the first frame of the run.
        is_available: bool, whether the frame could be decoded.
        hue: float64, mean change of hue from the previous frame (PySceneDetect's ``delta_hue``).
        saturation: float64, that of saturation (``delta_sat``).
        lightness: float64, that of brightness (``delta_lum``).
        correlation: float64, correlation of its brightness histogram with the previous frame (``hist_diff``).
        hash_distance: float64, share of differing bits of the perceptual hashes (``hash_dist``), 0 to 1.
        brightness: float64, mean of all components, 0 to 255 (``average_rgb``).
        sharpness: float64, variance of the Laplacian.
        hashes: uint64, dHash.
        features: (n, 192) uint8, 8 × 8 pixels in CIE L*a*b*.
        frames_per_s: Speed of the pass; 0 if not measured.
    """

    start: int
    is_available: NDArray[np.bool_]
    hue: NDArray[np.float64]
    saturation: NDArray[np.float64]
    lightness: NDArray[np.float64]
    correlation: NDArray[np.float64]
    hash_distance: NDArray[np.float64]
    brightness: NDArray[np.float64]
    sharpness: NDArray[np.float64]
    hashes: NDArray[np.uint64]
    features: NDArray[np.uint8]
    frames_per_s: float = 0.0

    def __len__(self) -> int:
        """The number of frames in the run."""
        return len(self.is_available)

    @property
    def span(self) -> range:
        """The measured run of frames."""
        return range(self.start, self.start + len(self))

    @property
    def frame_numbers(self) -> NDArray[np.int64]:
        """int64 numbers of the frames that could be decoded, ascending."""
        return self.start + np.flatnonzero(self.is_available)

    def covers(self, span: range) -> bool:
        """Whether every frame of ``span`` was measured."""
        return not len(span) or (self.span.start <= span.start and span.stop <= self.span.stop)

    def only(self, numbers: NDArray[np.int64]) -> ContentMeasures:
        """The same run, as if only these of its frames could be decoded."""
        is_wanted = np.zeros(len(self), np.bool_)
        places = numbers - self.start
        is_wanted[places[(places >= 0) & (places < len(self))]] = True
        return replace(self, is_available=self.is_available & is_wanted)

    def within(self, span: range) -> ContentMeasures:
        """The measures of these frames only, as if only they had been measured."""
        if span == self.span:
            return self
        begin, end = span.start - self.start, max(span.stop - self.start, span.start - self.start)
        cut: dict[str, Any] = {
            part.name: value[begin:end]
            for part in fields(self)
            if isinstance(value := getattr(self, part.name), np.ndarray)
        }
        first = np.flatnonzero(cut["is_available"])[:1]
        for name in ("hue", "saturation", "lightness", "correlation", "hash_distance"):
            # The first frame of a run has no previous frame to compare with.
            cut[name] = cut[name].copy()
            cut[name][first] = np.nan
        return replace(self, start=span.start, **cut)


def measure_content(
    video: Video,
    *,
    within: range | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> ContentMeasures:
    """Measure every frame of a video, or of a run of it, in one pass.

    Frames come from the exact reader, so that the measure for frame n is of frame n. One that cannot be
    decoded is skipped.

    Args:
        video: Read by the calling thread; small pictures are measured in it, others in other threads.
        within: The run, half-open; None for all frames.
        progress: Called every few frames.
        cancel: Cancels the pass.

    Raises:
        Cancelled: The work was cancelled.
        OpenError: The file is gone.
    """
    return _Pass(span_of(video.index, within), progress, cancel or CancelToken()).carry_out(video)


class _Pass:
    """One running pass. Only the calling thread uses it; the pool gets pictures only."""

    def __init__(self, span: range, progress: ProgressCallback, cancel: CancelToken) -> None:
        self._span = span
        self._progress = progress
        self._cancel = cancel
        count = len(span)
        self._scorer = SceneScorer(count)
        self._is_available = np.zeros(count, np.bool_)
        self._sharpness = np.full(count, np.nan)
        self._hashes = np.zeros(count, np.uint64)
        self._features = np.zeros((count, FEATURE_COUNT), np.uint8)
        self._pending: deque[tuple[int, Future[PictureMeasures]]] = deque()

    def carry_out(self, video: Video) -> ContentMeasures:
        started = time.monotonic()
        pixels = video.info.width * video.info.height
        with picture_threads(pixels, _WORKERS, "measure") as pool:
            try:
                for place, answer in enumerate(video.try_frames(self._span)):
                    self._cancel.raise_if_cancelled()
                    if not isinstance(answer, FrameUnavailableError):
                        self._pending.append((place, pool.submit(measure_picture, answer.picture)))
                    while len(self._pending) > _AHEAD:
                        self._collect()
                    if place % _REPORT_EVERY == 0:
                        self._progress(Progress(place, len(self._span), tr("Analysing frames")))
                while self._pending:
                    self._cancel.raise_if_cancelled()
                    self._collect()
            finally:
                for _, future in self._pending:
                    future.cancel()
        self._progress(Progress(len(self._span), len(self._span), tr("Analysing frames")))
        elapsed_s = max(time.monotonic() - started, 1e-6)
        scores = self._scorer.scores
        return ContentMeasures(
            start=self._span.start,
            is_available=self._is_available,
            hue=scores.hue,
            saturation=scores.saturation,
            lightness=scores.lightness,
            correlation=scores.correlation,
            hash_distance=scores.hash_distance,
            brightness=scores.brightness,
            sharpness=self._sharpness,
            hashes=self._hashes,
            features=self._features,
            frames_per_s=len(self._span) / elapsed_s,
        )

    def _collect(self) -> None:
        place, future = self._pending.popleft()
        measures = future.result()
        self._scorer.score(place, measures.small)
        self._is_available[place] = True
        self._sharpness[place] = measures.sharpness
        self._hashes[place] = measures.difference_hash
        self._features[place] = measures.features
