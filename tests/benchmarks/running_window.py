"""A window that is open already: opens each file named on its standard input, and closes it at an empty line.

Run as ``python -m tests.benchmarks.running_window``. It imports nothing but what the program imports.
"""

from __future__ import annotations

import sys
import threading

from framescope.cli.start import start_lightly

start_lightly()

from PySide6.QtCore import QObject, QTimer, Signal, Slot  # noqa: E402 - as in the program, NumPy comes later

from framescope.app import make_application, make_window, show_window  # noqa: E402 - as in the program
from framescope.session.settings import Settings  # noqa: E402 - as in the program
from framescope.ui.widgets.theme import ThemeChoice  # noqa: E402 - as in the program

_SETTLE_MS = 1500


class Orders(QObject):
    """Passes lines of the standard input on to the GUI thread."""

    given = Signal(str)
    ended = Signal()

    def listen(self) -> None:
        """Read until the end."""
        for line in sys.stdin:
            self.given.emit(line.rstrip("\n"))
        self.ended.emit()


class Driver(QObject):
    """Does what is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._app = make_application([])
        self.window = make_window(self._app, Settings(), ThemeChoice.DARK)
        self.window.resize(1440, 900)
        show_window(self.window)

    def run(self) -> None:
        """Live until the standard input ends."""
        orders = Orders()
        orders.given.connect(self._on_given)
        orders.ended.connect(self.window.close)
        threading.Thread(target=orders.listen, daemon=True).start()
        QTimer.singleShot(_SETTLE_MS, self._say_ready)
        self._app.exec()

    @Slot()
    def _say_ready(self) -> None:
        sys.stdout.write("ready\n")
        sys.stdout.flush()

    @Slot(str)
    def _on_given(self, source: str) -> None:
        if source:
            self.window.open_source(source)
        else:
            self.window.controller.close_source()


if __name__ == "__main__":
    Driver().run()
