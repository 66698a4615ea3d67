"""Opens the window on a file, as the program does, and says when the first picture and all of it are painted.

Run as ``python -m tests.benchmarks.start_up FILE``. It imports nothing but what the program imports.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from framescope.cli.start import start_lightly

start_lightly()
gc.disable()

import shiboken6  # noqa: E402, F401 - as in the program, it comes before a thread imports anything

from framescope.core.source.ahead import SourceAhead  # noqa: E402 - as in the program, the file comes first

ahead = SourceAhead(sys.argv[1])

from PySide6.QtCore import QSettings  # noqa: E402 - as in the program, NumPy comes later
from PySide6.QtWidgets import QWidget  # noqa: E402 - as in the program, NumPy comes later

from framescope.app import make_application, make_window, show_window  # noqa: E402 - as in the program, NumPy comes later
from framescope.session.settings import Settings  # noqa: E402 - as in the program, NumPy comes later
from framescope.ui.widgets.theme import ThemeChoice  # noqa: E402 - as in the program, NumPy comes later
from framescope.ui.window.first_picture import FirstPicture  # noqa: E402 - as in the program, NumPy comes later


def _say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def _repaint(first: FirstPicture) -> None:
    QWidget.repaint(first)
    _say("picture")


def main() -> None:
    """Show the window, open the file, say so."""
    app = make_application([])
    FirstPicture.repaint = _repaint  # type: ignore[assignment, method-assign]
    with tempfile.TemporaryDirectory(prefix="framescope-") as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        window = make_window(app, Settings(store), ThemeChoice.DARK, ahead=ahead)
        controller = window.controller

        def look() -> None:
            shown = controller.shown
            if shown is not None and not shown.provisional:
                window.repaint()
                _say("window")
                window.close()

        controller.frame_shown.connect(look)
        show_window(window)
        app.exec()


if __name__ == "__main__":
    main()
