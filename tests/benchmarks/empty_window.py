"""What any program of this kind costs: an empty PySide6 window, and PyAV's decode of the first frame.

Run as ``python -m tests.benchmarks.empty_window FILE``. Nothing of FrameScope is imported.
"""

from __future__ import annotations

import sys

import av
from PySide6.QtWidgets import QApplication, QMainWindow


def main() -> None:
    """Show the window, decode, say so."""
    app = QApplication([])
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    app.processEvents()
    with av.open(sys.argv[1]) as container:
        next(container.decode(video=0))
    sys.stdout.write("picture\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
