"""What is not imported before the first picture is shown: each would keep whoever opens a video waiting."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_LATER = (
    *(
        "asyncio",
        "concurrent.futures",
        "cv2",
        "email",
        "http",
        "importlib.metadata",
        "multiprocessing",
        "numpy.ma",
        "PIL",
        "psutil",
    ),
    *("ssl", "tomllib", "xml"),
    *("framescope.core.bitstream", "framescope.core.blocks", "framescope.core.compare.comparison"),
    *("framescope.core.live.ring", "framescope.core.scopes", "framescope.core.statistics"),
    *("framescope.core.audit", "framescope.core.clips", "framescope.core.contact_sheet"),
    *("framescope.core.export", "framescope.core.fragments", "framescope.core.recipe"),
    *("framescope.core.sampling", "framescope.core.sound", "framescope.core.synth"),
    *("framescope.core.tracks", "miniaudio"),
    *(
        "framescope.ui.dialogs.help_overlay",
        "framescope.ui.export",
        "framescope.ui.make",
        "framescope.ui.panels.codec",
        "framescope.ui.queue",
    ),
)
_AFTER_THE_PICTURE = (
    *("framescope.session.controller", "framescope.engine.source_engine", "framescope.ui.actions"),
    *("framescope.core.media.decoding.reader", "framescope.core.media.decoding.schedule"),
    *("framescope.core.media.video", "framescope.core.media.tables.matroska_tables"),
    *("framescope.ui.timeline", "framescope.ui.window.docks", "framescope.ui.window.contents"),
)
"""What the first picture does not wait for, but the window around it needs."""
_WINDOW = """
import sys
from framescope.cli.program import run
from framescope.core.source.ahead import SourceAhead
import shiboken6

ahead = SourceAhead(sys.argv[1])
print("Qt came first:", "PySide6.QtWidgets" in sys.modules)

import framescope.app
from framescope.app import make_application, make_window, show_window
from framescope.session.settings import Settings
from framescope.ui.widgets.theme import ThemeChoice
from framescope.ui.window import first_picture

class Told(first_picture.FirstPicture):
    def repaint(self):
        super().repaint()
        print("imported before:", *sys.modules)

framescope.app.FirstPicture = Told
app = make_application([])
window = make_window(app, Settings(), ThemeChoice.DARK, ahead=ahead)

def look():
    shown = window.controller.shown
    if shown is not None and not shown.provisional:
        window.repaint()
        print("imported:", *sys.modules)
        window.controller.frame_shown.disconnect(look)
        window.close()

window.controller.frame_shown.connect(look)
show_window(window)
app.exec()
"""


def test_what_the_first_picture_does_not_need_is_not_imported(plain_clip: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WINDOW, str(plain_clip)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Qt came first: False" in done.stdout
    for words, later in (("imported before:", _LATER + _AFTER_THE_PICTURE), ("imported:", _LATER)):
        line = next((line for line in done.stdout.splitlines() if line.startswith(words)), "")
        assert line, done.stderr
        assert [name for name in line.split() if name in later] == []


_START = """
import sys
from types import SimpleNamespace

from framescope.__main__ import QtLauncher
from framescope.core.source import ahead

def begin(*_):
    print("bindings ready:", "shibokensupport" in sys.modules)
    print("Qt came first:", "PySide6.QtCore" in sys.modules)

ahead.SourceAhead = begin
sys.modules["framescope.app"] = SimpleNamespace(run_window=lambda *_, **__: 0)
import framescope
framescope.app = sys.modules["framescope.app"]
QtLauncher().run_window("clip.mp4", demo=False, theme=None, frame=None)
"""


def test_no_thread_imports_while_the_bindings_look_through_all_modules() -> None:
    done = subprocess.run([sys.executable, "-c", _START], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["bindings ready: True", "Qt came first: False"], done.stderr
