"""How much each frame differs from the one before, as PySceneDetect's detectors measure it.

The library is imported when the first frame is scored, not when this module is: it brings along readers and
writers of its own that nobody needs here and that take their time to load.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

# Before PySceneDetect imports OpenCV by itself: this door undoes what the wheel does to Qt.
from framescope.core.opencv import cv2  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class SceneScores:
    """Scores by place; NaN where there is none. See `ContentMeasures`."""

    hue: NDArray[np.float64]
    saturation: NDArray[np.float64]
    lightness: NDArray[np.float64]
    correlation: NDArray[np.float64]
    hash_distance: NDArray[np.float64]
    brightness: NDArray[np.float64]


class SceneScorer:
    """Feeds frames, in order, to the library's detectors and keeps what they measure."""

    def __init__(self, count: int) -> None:
        """Prepare for frames at the places 0 to ``count`` - 1."""
        self.scores = SceneScores(*(np.full(count, np.nan) for _ in range(6)))
        self._detectors: tuple[Any, ...] = ()
        self._metrics = _Metrics()

    def score(self, place: int, picture: NDArray[np.uint8]) -> None:
        """Score the frame at ``place``; frames between this one and the last one were not to be had.

        Args:
            place: Higher than at the call before.
            picture: (rows, columns, 3) uint8 in B, G, R order, always of one size unless the video changes.
        """
        from scenedetect import FrameTimecode  # noqa: PLC0415 - loaded by the pass that needs it

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
    """Stands in for the library's ``StatsManager``, which keeps every frame's metrics in a dictionary."""

    def __init__(self) -> None:
        self.values: dict[str, float] = {}
        self.shape: tuple[int, ...] = ()

    def metrics_exist(self, timecode: object, metric_keys: Iterable[str]) -> bool:
        """Nothing is known before it is measured."""
        del timecode, metric_keys
        return False

    def set_metrics(self, timecode: object, metric_kv_dict: Mapping[str, float]) -> None:
        """Take the metrics of one frame; keys such as ``hist_diff [bins=128]`` by their first word."""
        del timecode
        for key, value in metric_kv_dict.items():
            self.values[key.split(" ")[0]] = float(value)


def _detectors(metrics: _Metrics) -> tuple[Any, ...]:
    """One detector for each kind of measure; what they would call a cut does not matter here.

    Made again where the size of the picture changes, since they compare pixel with pixel.
    """
    from scenedetect import detectors  # noqa: PLC0415 - see above

    class EdgelessDetector(detectors.ContentDetector):  # type: ignore[misc]
        """Its edges weigh nothing unless asked to, and cost more than all the rest."""

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
