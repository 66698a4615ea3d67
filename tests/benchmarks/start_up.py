"""Opens the window on a file, as the program does, and says when the first exact picture is painted.

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

from framescope.core.source.ahead import HeaderAhead  # noqa: E402 - as in the program, the file comes first

ahead = HeaderAhead(sys.argv[1])

from PySide6.QtCore import QSettings  # noqa: E402 - as in the program, NumPy comes later

from framescope.app import make_application, make_window, show_window  # noqa: E402 - as in the program, NumPy comes later
from framescope.session.settings import Settings  # noqa: E402 - as in the program, NumPy comes later
from framescope.ui.widgets.theme import ThemeChoice  # noqa: E402 - as in the program, NumPy comes later


def main() -> None:
    """Show the window, open the file, say so."""
    app = make_application([])
    with tempfile.TemporaryDirectory(prefix="framescope-") as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        window = make_window(app, Settings(store), ThemeChoice.DARK, ahead=ahead)
        window.resize(1440, 900)
        controller = window.controller

        def look() -> None:
            shown = controller.shown
            if shown is not None and not shown.provisional:
                window.repaint()
                sys.stdout.write("shown\n")
                sys.stdout.flush()
                window.close()

        controller.frame_shown.connect(look)
        show_window(window)
        app.exec()


if __name__ == "__main__":
    main()
