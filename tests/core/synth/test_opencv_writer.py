"""OpenCV's VideoWriter, whose silence is broken."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from framescope.core.errors import SynthesisError
from framescope.core.synth.opencv_writer import OpenCVWriter

PICTURE = np.full((48, 64, 3), 90, np.uint8)


def test_frames_are_written(tmp_path: Path) -> None:
    path = tmp_path / "out.avi"
    with OpenCVWriter(path, "MJPG", Fraction(10), (64, 48)) as writer:
        for level in (10, 120, 240):
            writer.write(np.full((48, 64, 3), (level, 0, 0), np.uint8))
    capture = cv2.VideoCapture(str(path))
    reds = []
    while (found := capture.read())[0]:
        reds.append(int(found[1][..., 2].mean()))
    assert reds == pytest.approx([10, 120, 240], abs=4)


@pytest.mark.parametrize(
    "wrong",
    [PICTURE[:-1], PICTURE[..., 0], PICTURE.astype(np.float32), np.zeros((48, 64, 4), np.uint8)],
    ids=["size", "channels", "type", "alpha"],
)
def test_what_it_would_drop_without_a_word_is_an_error(wrong: np.ndarray, tmp_path: Path) -> None:
    writer = OpenCVWriter(tmp_path / "out.avi", "MJPG", Fraction(10), (64, 48))
    writer.write(PICTURE)
    with pytest.raises(SynthesisError, match="Frame 1"):
        writer.write(wrong)
    writer.discard()


def test_a_writer_that_does_not_open_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SynthesisError, match="does not open"):
        OpenCVWriter(tmp_path / "out.avi", "ZZZZ", Fraction(10), (64, 48))


def test_a_path_that_opencv_cannot_be_told_is_an_error() -> None:
    with pytest.raises(SynthesisError, match="names in UTF-8"):
        OpenCVWriter(Path("folder \udcff") / "out.avi", "MJPG", Fraction(10), (64, 48))
