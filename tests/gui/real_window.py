"""Runs in a separate process: opens the real window, works it with the mouse, and prints what was seen.

What is compared: the number that the window shows in its field, and the number drawn into the pixels that
the window put on screen.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import cv2  # First, as in programs that use OpenCV: its wheel points Qt at folders of its own.
import numpy as np
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from framescope.app import make_application, make_window
from framescope.core.synth.number_blocks import read_number
from framescope.session.settings import Settings
from framescope.ui.widgets.theme import ThemeChoice
from framescope.ui.window.picture_window import PictureWindow
from framescope.ui.window.screenshot import WindowSettler

if TYPE_CHECKING:
    from framescope.ui.picture.zoom_view import ZoomView

_TIMEOUT_MS = 60_000


class Session:
    """One window and the hand on the mouse."""

    def __init__(self, source: Path) -> None:
        self.app = make_application(())
        self.window = make_window(self.app, Settings(), ThemeChoice.DARK)
        self.controller = self.window.controller
        self.window.resize(1280, 800)
        self.window.show()
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        loop = QEventLoop()
        settler = WindowSettler(self.controller, 0, self.window)
        settler.settled.connect(loop.quit)
        settler.failed.connect(loop.quit)
        self.window.open_source(str(source))
        loop.exec()

    def part(self, name: str) -> QWidget:
        """A widget of the window by its objectName."""
        widget = self.window.findChild(QWidget, name)
        if widget is None:
            raise LookupError(name)
        return widget

    def wait_for_exact(self) -> None:
        """Until the picture on screen is the frame that was requested."""
        loop = QEventLoop()
        QTimer.singleShot(_TIMEOUT_MS, loop.quit)
        self.controller.frame_shown.connect(loop.quit)
        while not self._is_exact():
            loop.exec()
        # One more turn, so that what was shown is painted.
        QTimer.singleShot(0, loop.quit)
        loop.exec()

    def _is_exact(self) -> bool:
        shown = self.controller.shown
        return shown is not None and not shown.provisional and shown.frame_number == self.controller.position

    def drag(self, name: str, start: float, stop: float, *, down: float) -> None:
        """Press on a part, move in steps and let go; places are shares of its width and height."""
        part, handle = self.part(name), self.window.windowHandle()
        height = round(part.height() * down)
        places = [
            part.mapTo(self.window, QPoint(round(part.width() * share), height))
            for share in np.linspace(start, stop, 9)
        ]
        button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        # Sent to the native window: Qt itself finds out which widget is under the pointer.
        QTest.mousePress(handle, button, none, places[0])
        for place in places[1:]:
            QTest.mouseMove(handle, place)
        QTest.mouseRelease(handle, button, none, places[-1])
        self.wait_for_exact()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key in the window."""
        QTest.keyClick(self.window.windowHandle(), key, modifier)
        self.wait_for_exact()

    def seen(self, view: ZoomView | None = None) -> dict[str, int | None]:
        """The number in the field, and the number in the pixels of the view."""
        view = view or self.window.stage.frame_view
        image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        target = view.transform.target.toRect()
        pixels = np.frombuffer(image.constBits(), np.uint8)
        rows = pixels.reshape(image.height(), image.bytesPerLine())[:, : image.width() * 3]
        rgb = rows.reshape(image.height(), image.width(), 3)
        picture = rgb[target.top() : target.bottom() + 1, target.left() : target.right() + 1]
        field = self.part("gotoField")
        text = field.text() if isinstance(field, QLineEdit) else ""
        return {"field": int(text), "pixels": read_number(picture), "position": self.controller.position}


def work_the_window(session: Session) -> list[dict[str, int | None]]:
    """Drag to and fro, step and jump; what was seen after each."""
    seen = [session.seen()]
    for start, stop in ((0.1, 0.5), (0.5, 0.9), (0.9, 0.2), (0.2, 0.65)):
        session.drag("timeline", start, stop, down=0.15)
        seen.append(session.seen())
    session.window.stage.frame_view.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Home):
        session.key(key)
        seen.append(session.seen())
    session.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    seen.append(session.seen())
    return seen


def fill_the_screen(session: Session) -> list[dict[str, int | None]]:
    """The picture alone, on the whole screen: what was seen after each key there."""
    session.key(Qt.Key.Key_F)
    alone = session.window.findChild(PictureWindow)
    if alone is None:
        raise LookupError("pictureWindow")
    QTest.qWaitForWindowActive(alone)
    seen: list[dict[str, int | None]] = [{"width": alone.view.width(), "height": alone.view.height()}]
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Left):
        QTest.keyClick(alone.windowHandle(), key)
        session.wait_for_exact()
        seen.append(session.seen(alone.view))
    QTest.keyClick(alone.windowHandle(), Qt.Key.Key_Escape)
    return seen


def play_slowly(session: Session, last: int) -> list[dict[str, int | None]]:
    """At a quarter of the speed to the end: the number of each picture shown, and that in its pixels."""
    session.controller.show_frame(last - 6)
    session.wait_for_exact()
    seen: list[dict[str, int | None]] = []
    loop = QEventLoop()

    def note_shown() -> None:
        shown = session.controller.shown
        if shown is not None and not shown.provisional:
            seen.append({"shown": shown.frame_number, **session.seen()})

    session.controller.frame_shown.connect(note_shown)

    def note_speed(speed: float) -> None:
        if not speed:
            loop.quit()

    session.controller.playback.speed_changed.connect(note_speed)
    session.controller.player.halve_speed()
    session.controller.player.halve_speed()
    session.controller.player.toggle()
    QTimer.singleShot(_TIMEOUT_MS, loop.quit)
    loop.exec()
    session.controller.frame_shown.disconnect(note_shown)
    return seen


def main() -> int:
    """Print the report as JSON."""
    session = Session(Path(sys.argv[1]))
    seen = work_the_window(session)
    full = fill_the_screen(session)
    slow = play_slowly(session, session.controller.frame_total - 1)
    session.window.close()
    report = {
        "platform": QGuiApplication.platformName(),
        "cv2": cv2.__version__,
        "fontdir": os.environ.get("QT_QPA_FONTDIR"),
        "seen": seen,
        "full": full,
        "slow": slow,
    }
    sys.stdout.write(json.dumps(report) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
