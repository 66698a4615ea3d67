"""In another language, no text of the window, its panels and its dialogs stays English."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from framescope.core.synth.demo import write_demo

CHILD = Path(__file__).with_name("marked_texts.py")
ROOT = CHILD.parents[2]
SHOWS_VALUES = re.compile(
    r"QLineEdit|ptsLabel|videoName|videoWords|recentSource|seekCode|NameField"
    r"|(Codec|Container|PixelFormat|Fourcc)\[|exportTab\.files|seekEngine|seekOrder|streamChooser"
)
"""Shows names of files, codecs and libraries, or FFmpeg's own terms."""
WORD = re.compile(r"[A-Za-z][a-z]{2,}")
NAMES = {"FrameScope"}


def test_no_text_stays_english(tmp_path: Path) -> None:
    clip = tmp_path / "demo.mp4"
    write_demo(clip, frame_count=60)
    finished = subprocess.run(
        [sys.executable, str(CHILD), str(clip)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert finished.returncode == 0, finished.stderr.decode()
    bare = [
        f"{where}: {text}"
        for where, text in json.loads(finished.stdout)
        if WORD.search(text) and text not in NAMES and not SHOWS_VALUES.search(where)
    ]
    assert not bare
