"""Decisions are those of PySceneDetect's detectors, and cuts lie where the film has them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scenedetect import FrameTimecode
from scenedetect.detectors import (
    AdaptiveDetector,
    ContentDetector,
    HashDetector,
    HistogramDetector,
    ThresholdDetector,
)

from framescope.core.errors import SettingsError
from framescope.core.sampling.record_table import record_from_table
from framescope.core.sampling.scenes import (
    THRESHOLD_NAMES,
    SceneDetector,
    ScenePick,
    SceneRule,
    scene_cuts,
    scene_frames,
    scene_scores,
)
from tests.core.sampling.contents import content_of_pictures, make_content
from tests.core.sampling.story import BLACK, CUTS, FRAME_TOTAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.sampling.content import ContentMeasures


def restless_pictures(seed: int) -> list[NDArray[np.uint8]]:
    """120 pictures of scenes of random length that move, flash, and go dark from time to time."""
    chance = np.random.default_rng(seed)
    pictures: list[NDArray[np.uint8]] = []
    while len(pictures) < 120:
        ground = chance.integers(0, 256, (6, 8, 3)).repeat(6, 0).repeat(8, 1)
        light = 0.02 if chance.random() < 0.25 else 1.0
        for step in range(int(chance.integers(1, 30))):
            picture = np.roll(ground, step, axis=1) * light
            noise = chance.normal(0, 8 if chance.random() < 0.9 else 60, picture.shape)
            pictures.append(np.clip(picture + noise * light, 0, 255).astype(np.uint8))
    return pictures[:120]


def by_library(detector: Any, pictures: list[NDArray[np.uint8]], missing: tuple[int, ...]) -> list[int]:  # noqa: ANN401 - the library has no types
    cuts = []
    for place, picture in enumerate(pictures):
        if place not in missing:
            cuts += detector.process_frame(FrameTimecode(place, fps=25.0), picture)
    return [cut.frame_num for cut in cuts]


@pytest.mark.parametrize("shortest", [0, 4, 15])
@pytest.mark.parametrize("missing", [(), (3, 40, 41, 42, 77)])
@pytest.mark.parametrize("seed", range(3))
def test_the_rules_decide_as_the_library_does(seed: int, missing: tuple[int, ...], shortest: int) -> None:
    pictures = restless_pictures(seed)
    content = content_of_pictures(pictures, missing=missing)
    found = 0
    for kind, threshold, detector in (
        *((SceneDetector.CONTENT, t, ContentDetector(t, shortest)) for t in (5.0, 27.0, 60.0)),
        *((SceneDetector.ADAPTIVE, t, AdaptiveDetector(t, shortest)) for t in (1.2, 3.0, 8.0)),
        *((SceneDetector.HASH, t, HashDetector(t, min_scene_len=shortest)) for t in (0.1, 0.35, 0.5)),
        *((SceneDetector.HISTOGRAM, t, HistogramDetector(t, 128, shortest)) for t in (0.05, 0.2, 0.9)),
        *((SceneDetector.FADE, t, ThresholdDetector(t, shortest)) for t in (12.0, 100.0, 140.0)),
    ):
        table = {"detector": kind.value, "shortest": shortest, THRESHOLD_NAMES[kind]: threshold}
        rule = record_from_table(SceneRule(), table)
        cuts = by_library(detector, pictures, missing)
        assert scene_cuts(content, rule).tolist() == cuts, (kind, threshold)
        found += len(cuts)
    assert found > 20


@pytest.mark.parametrize(
    "detector", [SceneDetector.CONTENT, SceneDetector.ADAPTIVE, SceneDetector.HASH, SceneDetector.HISTOGRAM]
)
def test_hard_cuts_are_found_at_their_frames(story: ContentMeasures, detector: SceneDetector) -> None:
    cuts = scene_cuts(story, SceneRule(detector)).tolist()
    assert [cut for cut in cuts if cut < 90] == list(CUTS)


def test_a_fade_is_found_in_the_dark(story: ContentMeasures) -> None:
    (cut,) = scene_cuts(story, SceneRule(SceneDetector.FADE)).tolist()
    assert cut in BLACK


@pytest.mark.parametrize(
    ("pick", "numbers"),
    [
        (ScenePick.FIRST, [10, 20, 40]),
        (ScenePick.MIDDLE, [14, 29, 44]),
        (ScenePick.LAST, [19, 39, 49]),
    ],
)
def test_one_frame_stands_for_each_scene(pick: ScenePick, numbers: list[int]) -> None:
    hue = [90.0 if place in (10, 30) else 0.0 for place in range(40)]
    content = make_content(40, start=10, hue=hue)
    assert scene_frames(content, SceneRule(shortest=5, pick=pick)).tolist() == numbers


def test_frames_that_cannot_be_decoded_are_never_taken() -> None:
    content = make_content(30, missing=(0, 29), hue=[90.0 if place == 15 else 0.0 for place in range(30)])
    assert scene_frames(content, SceneRule()).tolist() == [1]
    assert scene_frames(content, SceneRule(shortest=10)).tolist() == [1, 15]
    assert scene_frames(content, SceneRule(shortest=10, pick=ScenePick.LAST)).tolist() == [14, 28]


def test_nothing_seen_is_no_scene() -> None:
    for content in (make_content(0), make_content(3, missing=(0, 1, 2))):
        for detector in SceneDetector:
            assert scene_cuts(content, SceneRule(detector)).tolist() == []
            assert scene_frames(content, SceneRule(detector)).tolist() == []


@pytest.mark.parametrize("rule", [SceneRule(content=-1), SceneRule(shortest=-1)])
def test_what_makes_no_sense_is_refused(rule: SceneRule) -> None:
    with pytest.raises(SettingsError):
        scene_cuts(make_content(3), rule)


@pytest.mark.parametrize(
    "detector", [SceneDetector.CONTENT, SceneDetector.ADAPTIVE, SceneDetector.HASH, SceneDetector.HISTOGRAM]
)
def test_scores_reach_the_threshold_where_cuts_are(story: ContentMeasures, detector: SceneDetector) -> None:
    rule = SceneRule(detector)
    scores = scene_scores(story, rule)
    assert scores.shape == (FRAME_TOTAL,)
    reached = np.flatnonzero(np.nan_to_num(scores) >= rule.threshold)
    assert set(scene_cuts(story, rule).tolist()) <= set(reached.tolist())
    assert set(CUTS) <= set(reached.tolist())


def test_scores_of_fades_are_brightness(story: ContentMeasures) -> None:
    scores = scene_scores(story, SceneRule(SceneDetector.FADE))
    assert set(BLACK) <= set(np.flatnonzero(scores < SceneRule().fade).tolist())


def test_deciding_leaves_qt_alone() -> None:
    code = (
        "import os\n"
        "from framescope.core.sampling.scenes import SceneRule, scene_cuts\n"
        "from tests.core.sampling.contents import make_content\n"
        "scene_cuts(make_content(3), SceneRule())\n"
        "print([name for name in os.environ if name.startswith('QT_') and 'cv2' in os.environ[name]])"
    )
    project = Path(__file__).resolve().parents[3]
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
