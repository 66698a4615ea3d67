"""The right frame in other colours is said to be so."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from framescope.core.audit.file_audit import audit, color_remark
from framescope.core.audit.messages import look_of
from framescope.core.audit.snippets import SnippetKind, SnippetRequest, snippet
from framescope.core.opencv import cv2
from framescope.core.source.opening import open_video
from tests.clips.encoding import Encoding, write_clip

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

UNDECLARED = 2


_ROUNDING = 1.5
"""Levels by which swscale's fast conversion is off; another matrix is off by 2 at least."""


def write(path: Path, *, height: int, matrix: int = UNDECLARED) -> Path:
    write_clip(path, Encoding(width=height * 16 // 9, height=height, frames=4, matrix=matrix))
    return path


def opencv_picture(path: Path) -> NDArray[np.uint8]:
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    done, image = capture.read()
    capture.release()
    assert done
    return np.asarray(image[..., ::-1], np.uint8)


def test_another_matrix_is_named_where_the_file_declares_none(tmp_path: Path) -> None:
    path = write(tmp_path / "undeclared.mp4", height=720)
    with open_video(path) as video:
        own = video.frame(0).to_rgb().astype(np.int16)
    difference = np.abs(own - opencv_picture(path)).mean()
    assert difference > 2, "this OpenCV takes the same matrix"
    sentence = audit(path, engines=["opencv"], requests="all").trial("opencv").verdict.sentence
    assert "declares no colour matrix: it takes BT.601, FrameScope BT.709" in sentence
    assert f"off by {difference:.0f} of 255 levels" in sentence


@pytest.mark.parametrize(("height", "matrix"), [(360, UNDECLARED), (720, 1)])
def test_nothing_is_said_of_the_same_colours(height: int, matrix: int, tmp_path: Path) -> None:
    path = write(tmp_path / "same.mp4", height=height, matrix=matrix)
    assert "matrix" not in audit(path, engines=["opencv"], requests="all").trial("opencv").verdict.sentence


def test_another_picture_is_no_other_colour(tmp_path: Path) -> None:
    path = write(tmp_path / "undeclared.mp4", height=720)
    other = look_of(np.random.default_rng(1).integers(0, 256, (720, 1280, 3), dtype=np.uint8))
    assert other is not None
    with open_video(path) as video:
        assert not color_remark(other, video.frame(0), video.info)


def test_snippets_say_whose_colours_they_give(tmp_path: Path) -> None:
    path = write(tmp_path / "undeclared.mp4", height=720)
    with open_video(path) as video:
        request = SnippetRequest(str(path), 2, video.index, video.info.stream_index, color=video.info.color)
        shown = video.frame(2).to_rgb().astype(np.int16)
    for kind in SnippetKind:
        assert ("BT.601" in snippet(kind, request)) == (kind is not SnippetKind.FFMPEG)
    for kind in (SnippetKind.FRAMESCOPE, SnippetKind.PYAV):
        names: dict[str, Any] = {}
        exec(compile(snippet(kind, request), "snippet", "exec"), names)
        assert np.abs(names["image"] - shown).mean() < _ROUNDING
    if shutil.which("ffmpeg") is not None:
        subprocess.run(shlex.split(snippet(SnippetKind.FFMPEG, request)), cwd=tmp_path, check=True)
        picture = cv2.imread(str(tmp_path / "frame_000002.png"))
        assert picture is not None
        assert np.abs(picture[..., ::-1] - shown).mean() < _ROUNDING
