"""Importing OpenCV leaves Qt's environment as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from framescope.core.opencv import cv2, open_capture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("before", [None, "/somewhere/plugins"])
def test_qt_variables_are_as_before(before: str | None) -> None:
    code = (
        "import os; from framescope.core.opencv import cv2; assert cv2.__version__;"
        "print(os.environ.get('QT_QPA_PLATFORM_PLUGIN_PATH'), os.environ.get('QT_QPA_FONTDIR'))"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("QT_QPA_")}
    if before is not None:
        environment["QT_QPA_PLATFORM_PLUGIN_PATH"] = before
    answer = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == [str(before), "None"]


def test_a_video_is_opened_whatever_its_name(clip: Callable[[str], Path], tmp_path: Path) -> None:
    path = tmp_path / "100% %03d ü.mp4"
    path.write_bytes(clip("h264.mp4").read_bytes())
    capture = open_capture(str(path))
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == 48
    capture.release()


def test_a_name_that_would_end_the_process_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="UTF-8"):
        open_capture(str(tmp_path / "bad\udcff.mp4"))
    with pytest.raises(OSError, match="cannot open"):
        open_capture(str(tmp_path / "missing.mp4"))
