"""The scores that a choice by content compares with its threshold, for the eye."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.sampling.sampling import SamplingKind
from framescope.core.sampling.scenes import THRESHOLD_NAMES, SceneDetector, scene_scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.sampling.content import ContentMeasures
    from framescope.ui.export.survey import ExportDraft


@dataclass(frozen=True, slots=True, eq=False)
class ScoreCurve:
    """Scores of a run of frames and the threshold that is held against them.

    Attributes:
        scores: float64 by place in the run; NaN where there is none.
        threshold: Where the line stands; None where the choice knows no threshold.
        path: The part of `Sampling` that holds the threshold; empty where there is none.
        most: Largest threshold that can be set.
        title: What the scores are.
    """

    scores: NDArray[np.float64]
    threshold: float | None
    path: str
    most: float
    title: str


_TITLES = {
    SceneDetector.CONTENT: "Change from the frame before",
    SceneDetector.ADAPTIVE: "Change compared with its neighbours",
    SceneDetector.HASH: "Difference of perceptual hashes",
    SceneDetector.HISTOGRAM: "Difference of histograms",
    SceneDetector.FADE: "Mean brightness",
}
_MOST = {
    SceneDetector.CONTENT: 255.0,
    SceneDetector.ADAPTIVE: 255.0,
    SceneDetector.HASH: 1.0,
    SceneDetector.HISTOGRAM: 1.0,
    SceneDetector.FADE: 255.0,
}


def score_curve(draft: ExportDraft) -> ScoreCurve | None:
    """The scores of the draft's choice; None where it goes by none, or nobody has looked yet."""
    sampling = draft.sampling
    if draft.content is None or not sampling.needs_content or len(draft.unseen):
        return None
    content = draft.content.within(sampling.content_span(draft.index, draft.viewpoint))
    if sampling.kind is SamplingKind.SCENES:
        rule = sampling.scenes
        path = f"scenes.{THRESHOLD_NAMES[rule.detector]}"
        scores = scene_scores(content, rule)
        return ScoreCurve(scores, rule.threshold, path, _MOST[rule.detector], _TITLES[rule.detector])
    if sampling.kind is SamplingKind.DISTINCT:
        distances = _hash_distances(content)
        return ScoreCurve(
            distances, sampling.distance, "distance", 63.0, "Bits that differ from the frame before"
        )
    if sampling.kind is SamplingKind.SHARPEST:
        return ScoreCurve(content.sharpness, None, "", 0.0, "Sharpness")
    return None


def _hash_distances(content: ContentMeasures) -> NDArray[np.float64]:
    distances = np.full(len(content), np.nan)
    seen = np.flatnonzero(content.is_available)
    hashes = content.hashes[seen]
    distances[seen[1:]] = np.bitwise_count(hashes[1:] ^ hashes[:-1])
    return distances
