"""The scores that are compared with a threshold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from framescope.core.export.settings import ExportSettings
from framescope.core.sampling.sampling import Sampling, SamplingKind, Viewpoint
from framescope.core.sampling.scenes import SceneDetector, SceneRule
from framescope.ui.export.frames.chart import score_curve
from framescope.ui.export.survey import ExportDraft, FilesChoice
from tests.core.sampling.contents import make_content
from tests.core.sampling.indexes import make_index
from tests.ui.stand_ins import make_info

CONTENT = make_content(50, missing=(3,), hashes=[place * 3 for place in range(50)], sharpness=range(50))
DRAFT = ExportDraft(
    make_info(),
    make_index([n * 100 for n in range(50)]),
    Viewpoint(in_out=range(10, 30)),
    Sampling(),
    ExportSettings(Path()),
    FilesChoice(),
    content=CONTENT,
)


def test_only_choices_with_scores_have_a_curve() -> None:
    for kind in SamplingKind:
        has_curve = score_curve(replace(DRAFT, sampling=Sampling(kind))) is not None
        assert has_curve is (kind in {SamplingKind.SCENES, SamplingKind.SHARPEST, SamplingKind.DISTINCT})
    unseen = replace(DRAFT, sampling=Sampling(SamplingKind.SCENES), content=None)
    assert score_curve(unseen) is None


@pytest.mark.parametrize("detector", list(SceneDetector))
def test_each_detector_has_its_threshold(detector: SceneDetector) -> None:
    rule = SceneRule(detector)
    curve = score_curve(replace(DRAFT, sampling=Sampling(SamplingKind.SCENES, scenes=rule)))
    assert curve is not None
    assert (len(curve.scores), curve.threshold) == (50, rule.threshold)
    assert curve.path.startswith("scenes.")
    assert rule.threshold <= curve.most


def test_duplicates_are_measured_in_bits() -> None:
    curve = score_curve(replace(DRAFT, sampling=Sampling(SamplingKind.DISTINCT, distance=5)))
    assert curve is not None
    assert (curve.threshold, curve.path) == (5, "distance")
    assert np.isnan(curve.scores[[0, 3]]).all()
    assert curve.scores[4] == (6 ^ 12).bit_count()


def test_only_the_range_is_shown() -> None:
    curve = score_curve(replace(DRAFT, sampling=Sampling(SamplingKind.SHARPEST, only_in_out=True)))
    assert curve is not None
    assert curve.scores.tolist() == list(range(10, 30))
    assert curve.threshold is None
