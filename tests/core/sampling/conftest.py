"""A clip of which it is known what happens at which frame, and what the pass over it measures."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.opencv import cv2
from framescope.core.sampling.content import measure_content
from framescope.core.source.opening import open_video
from framescope.core.synth.clip_writer import ClipFormat, ClipWriter
from tests.core.sampling.story import FRAME_TOTAL, HEIGHT, RATE, WIDTH, story_picture

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.sampling.content import ContentMeasures


@pytest.fixture(scope="session")
def story_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """See `tests.core.sampling.story`; without loss, so that a repeated picture is the same to the bit."""
    path = tmp_path_factory.mktemp("story") / "story.mp4"
    options = {"qp": "0", "preset": "ultrafast", "g": "30", "bf": "2", "threads": "1"}
    with ClipWriter(path, ClipFormat(WIDTH, HEIGHT, Fraction(RATE), options=options)) as writer:
        for number in range(FRAME_TOTAL):
            writer.write(story_picture(number))
    return path


@pytest.fixture(scope="session")
def story(story_clip: Path) -> ContentMeasures:
    """What the pass finds in the clip."""
    with open_video(story_clip, use_index_cache=False) as video:
        return measure_content(video)


@pytest.fixture(scope="session")
def decoded_story(story_clip: Path) -> list[np.ndarray]:
    """The clip's pictures by OpenCV, read from beginning to end: another reader than the one under test."""
    capture = cv2.VideoCapture(str(story_clip))
    pictures: list[np.ndarray] = []
    while True:
        is_read, picture = capture.read()
        if not is_read:
            break
        pictures.append(np.asarray(picture))
    capture.release()
    return pictures
