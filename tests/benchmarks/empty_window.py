"""What any program of this kind costs: an empty PySide6 window, and PyAV's decode of the first frame.

Run as ``python -m tests.benchmarks.empty_window FILE``; with ``--shown``, the window shows the frame and
stays. Nothing of FrameScope is imported.
"""

from __future__ import annotations

import sys

import av
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


def main() -> None:
    """Show the window, decode, say so."""
    app = QApplication([])
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    app.processEvents()
    with av.open(sys.argv[1]) as container:
        frame = next(container.decode(video=0))
    if "--shown" in sys.argv[2:]:
        window.setCentralWidget(_label(frame, window))
        app.exec()
    sys.stdout.write("picture\n")
    sys.stdout.flush()


def _label(frame: av.VideoFrame, window: QMainWindow) -> QLabel:
    plane = frame.reformat(format="bgra").planes[0]
    image = QImage(bytes(plane), frame.width, frame.height, plane.line_size, QImage.Format.Format_RGB32)
    label = QLabel(window)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setPixmap(QPixmap.fromImage(image).scaled(window.size(), Qt.AspectRatioMode.KeepAspectRatio))
    return label


if __name__ == "__main__":
    main()
