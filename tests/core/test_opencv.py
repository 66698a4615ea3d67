"""Importing OpenCV leaves Qt's environment as it was."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


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
