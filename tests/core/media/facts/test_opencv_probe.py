"""What OpenCV says, as it says it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from framescope.core.media.facts.opencv_probe import probe_opencv
from framescope.core.opencv import cv2
from tests.clips.real_media import real_media_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_clip(plain_clip: Path) -> None:
    facts = probe_opencv(plain_clip)
    assert facts.opened
    assert facts.version == cv2.__version__
    assert (facts.fourcc, facts.fps, facts.frame_count) == ("h264", 24.0, 48.0)
    assert (facts.width, facts.height) == (160, 120)


@pytest.mark.parametrize("name", ["missing.mp4", "empty.mp4", "text.mp4", "folder.mp4", "no_moov.mp4"])
def test_what_it_cannot_open_is_no_error(name: str, refused_file: Callable[[str], Path]) -> None:
    facts = probe_opencv(refused_file(name))
    assert not facts.opened
    assert facts.fourcc == ""


def test_a_name_that_is_not_utf8_is_not_shown_to_it(tmp_path: Path) -> None:
    assert not probe_opencv(tmp_path / os.fsdecode(b"bad\xff.mp4")).opened


SAMPLE = ("mpeg4_packed_b.avi", "h264_first_pts_10s.mp4", "qtrle_alpha.mov", "raw_h264_count.h264", "vc1.mov")


@pytest.mark.parametrize(
    "row", [row for row in real_media_rows() if row["file"] in SAMPLE], ids=lambda row: row["file"]
)
def test_real_files_give_the_manifest_s_figures(row: dict[str, str], media_folder: Path) -> None:
    facts = probe_opencv(media_folder / row["file"])
    assert facts.fourcc == row["cv2_fourcc"]
    assert facts.frame_count == float(row["n_cv2_count"])
    assert facts.fps == pytest.approx(float(row["cv2_fps"]), abs=1e-3)
