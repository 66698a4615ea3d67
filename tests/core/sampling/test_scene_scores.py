"""Scores are what PySceneDetect's detectors write into their statistics."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
from scenedetect import FrameTimecode, StatsManager
from scenedetect.detectors import ContentDetector, HashDetector, HistogramDetector, ThresholdDetector

from framescope.core.sampling.content import SceneScorer

PICTURES = [np.random.default_rng(seed).integers(0, 256, (36, 64, 3)).astype(np.uint8) for seed in range(6)]
KEYS = {
    "hue": "delta_hue",
    "saturation": "delta_sat",
    "lightness": "delta_lum",
    "correlation": "hist_diff [bins=128]",
    "hash_distance": "hash_dist [size=8 lowpass=2]",
    "brightness": "average_rgb",
}


def test_scores_are_the_librarys_own() -> None:
    scorer = SceneScorer(len(PICTURES))
    stats = StatsManager()
    detectors = [ContentDetector(), HashDetector(), HistogramDetector(), ThresholdDetector()]
    for detector in detectors:
        detector.stats_manager = stats
        stats.register_metrics(detector.get_metrics())
    for place, picture in enumerate(PICTURES):
        scorer.score(place, picture)
        for detector in detectors:
            detector.process_frame(FrameTimecode(place, fps=25.0), picture)
    for name, key in KEYS.items():
        expected = [stats.get_metrics(place, [key])[0] for place in range(len(PICTURES))]
        wanted = [np.nan if value is None else float(value) for value in expected]
        np.testing.assert_array_equal(getattr(scorer.scores, name), wanted, err_msg=name)


def test_a_frame_that_is_missing_has_no_score_and_the_next_is_compared_with_the_one_before() -> None:
    gapless, gappy = SceneScorer(2), SceneScorer(3)
    for place, picture in zip((0, 1), (PICTURES[0], PICTURES[2]), strict=True):
        gapless.score(place, picture)
    for place, picture in zip((0, 2), (PICTURES[0], PICTURES[2]), strict=True):
        gappy.score(place, picture)
    assert np.isnan(gappy.scores.hue[1])
    assert gappy.scores.hue[2] == gapless.scores.hue[1]


def test_another_size_starts_anew() -> None:
    scorer = SceneScorer(3)
    for place, picture in enumerate((PICTURES[0], PICTURES[1][:20], PICTURES[2][:20])):
        scorer.score(place, np.ascontiguousarray(picture))
    assert np.isnan(scorer.scores.hue[:2]).all()
    assert scorer.scores.hue[2] > 0


def test_the_library_is_not_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, framescope, framescope.core.sampling.content, framescope.core.sampling.sampling;"
        "print('scenedetect' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
