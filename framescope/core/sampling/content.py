"""What frames look like, in numbers: one pass of decoding, after which every threshold is turned at once."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.errors import FrameUnavailableError
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.sampling.picture_measures import FEATURE_COUNT, measure_picture
from framescope.core.sampling.scene_scores import SceneScorer
from framescope.core.sampling.selection import span_of

if TYPE_CHECKING:
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from framescope.core.media.video import Video
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.sampling.picture_measures import PictureMeasures

_WORKERS = 4
"""Measuring a picture takes a fraction of decoding it: more threads would wait for the decoder."""
_AHEAD = 8
"""Pictures that are measured at a time; each holds a decoded frame."""
_REPORT_EVERY = 8


@dataclass(frozen=True, slots=True, eq=False)
class ContentMeasures:
    """Measures of a run of frames. All arrays are by place in the run; NaN where a frame has no measure.

    Attributes:
        start: Number of the first frame of the run.
        is_available: bool, whether the frame could be decoded.
        hue: float64, mean change of hue from the frame before (PySceneDetect's ``delta_hue``).
        saturation: float64, that of saturation (``delta_sat``).
        lightness: float64, that of brightness (``delta_lum``).
        correlation: float64, correlation of its brightness histogram with the frame before (``hist_diff``).
        hash_distance: float64, share of differing bits of the perceptual hashes (``hash_dist``), 0 to 1.
        brightness: float64, mean of all components, 0 to 255 (``average_rgb``).
        sharpness: float64, variance of the Laplacian.
        hashes: uint64, dHash.
        features: (n, 192) uint8, 8 × 8 pixels in CIE L*a*b*.
        frames_per_s: How fast the pass went; 0 where nobody measured.
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
        """How many frames were looked at."""
        return len(self.is_available)

    @property
    def span(self) -> range:
        """The frames that were looked at."""
        return range(self.start, self.start + len(self))

    @property
    def frame_numbers(self) -> NDArray[np.int64]:
        """int64 numbers of the frames that could be decoded, ascending."""
        return self.start + np.flatnonzero(self.is_available)

    def covers(self, span: range) -> bool:
        """Whether every frame of ``span`` was looked at."""
        return not len(span) or (self.span.start <= span.start and span.stop <= self.span.stop)

    def within(self, span: range) -> ContentMeasures:
        """The measures of these frames only, as if the pass had begun and ended with them."""
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
            # The first frame of a run has none before it to differ from.
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
    """Look at every frame of a video once, or of a run of it.

    Frames are the reader's own, so that what is measured for frame n is frame n. One that cannot be decoded
    is left out and ends nothing.

    Args:
        video: Read by the calling thread; small copies are measured in others meanwhile.
        within: The run, half-open; None for all frames.
        progress: Told every few frames.
        cancel: Asks the pass to stop.

    Raises:
        Cancelled: ``cancel`` was asked to stop.
        OpenError: The file is gone.
    """
    return _Pass(span_of(video.index, within), progress, cancel or CancelToken()).carry_out(video)


class _Pass:
    """One pass under way. Only the calling thread touches it; the pool sees pictures only."""

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
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="measure") as pool:
            try:
                for place, answer in enumerate(video.try_frames(self._span)):
                    self._cancel.raise_if_cancelled()
                    if not isinstance(answer, FrameUnavailableError):
                        self._pending.append((place, pool.submit(measure_picture, answer.picture)))
                    while len(self._pending) > _AHEAD:
                        self._collect()
                    if place % _REPORT_EVERY == 0:
                        self._progress(Progress(place, len(self._span), "Looking at the frames"))
                while self._pending:
                    self._cancel.raise_if_cancelled()
                    self._collect()
            finally:
                for _, future in self._pending:
                    future.cancel()
        self._progress(Progress(len(self._span), len(self._span), "Looking at the frames"))
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
