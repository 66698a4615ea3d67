"""At every paint the number beside the picture is the picture's own, or the picture is marked approximate."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from framescope.core.media.video import Video
from framescope.core.synth.number_blocks import read_number
from framescope.session.controller import Controller
from framescope.session.settings import Settings
from framescope.ui.widgets.theme import ThemeChoice, ThemeSource
from framescope.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope import Frame

DECODE_S = 0.3
"""Much longer than a refresh of the display, and than the window's patience."""


def number_in(image: QImage) -> int | None:
    """The number that is drawn into a picture."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return read_number(rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy())


class Watcher(QObject):
    """Looks at the window whenever the picture or the number is painted."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.view = window.stage.frame_view
        self.field = window.transport.goto_field
        self.paints = self.marked = 0
        self.faults: list[str] = []
        for widget in (self.view, self.field, window.transport):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.look()
        return super().eventFilter(watched, event)

    def look(self) -> None:
        shown = self.window.controller.shown
        if shown is None or shown.image is None:
            return
        self.paints += 1
        self.marked += shown.provisional
        drawn, written = number_in(shown.image), int(self.field.text())
        if shown.provisional:
            if self.view.reading is not None or shown.frame is not None:
                self.faults.append(f"{written}: the placeholder can be read out")
        elif drawn != written:
            self.faults.append(f"{drawn} is shown as {written}")
        elif self.view.reading is not None and shown.frame is None:
            self.faults.append(f"{written}: values of no frame")


@pytest.fixture
def window(qtbot: QtBot, plain_clip: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """A window on a clip whose decoder is slow and fetches nothing ahead."""
    settings = Settings()
    window = MainWindow(ThemeSource(ThemeChoice.DARK), settings)
    window.fill(Controller(settings=settings))
    window.controller.setParent(window)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    with qtbot.waitActive(window):
        window.show()
    window.open_source(str(plain_clip))
    wait_for(qtbot, window, 0)
    decode = Video.frame

    def slowly(self: Video, frame_number: int) -> Frame:
        time.sleep(DECODE_S)
        return decode(self, frame_number)

    monkeypatch.setattr(Video, "frame", slowly)
    yield window
    window.close()


def wait_for(qtbot: QtBot, window: MainWindow, number: int) -> None:
    def is_there() -> bool:
        shown = window.controller.shown
        return shown is not None and shown.frame_number == number and not shown.provisional

    qtbot.waitUntil(is_there, timeout=20_000)


def test_through_drags_steps_and_jumps(qtbot: QtBot, window: MainWindow) -> None:
    watcher, controller, view = Watcher(window), window.controller, window.stage.frame_view
    QTest.mouseMove(view, QPoint(view.width() // 2, view.height() // 2))
    for number in (*range(1, 40, 3), 17, 46, 2, 44):
        controller.show_frame(number)
        QTest.qWait(20)
    wait_for(qtbot, window, 44)
    controller.go_to("5")
    wait_for(qtbot, window, 5)
    for delta in (1, 1, 1, -1, -10, 10):
        controller.step(delta)
        QTest.qWait(15)
    wait_for(qtbot, window, controller.position)
    QTest.qWait(30)
    # On a busy machine the window may come to look only when the decoder is done.
    for number in range(6, 40):
        if watcher.marked:
            break
        controller.show_frame(number)
        wait_for(qtbot, window, number)
    assert watcher.faults == []
    assert watcher.paints > 20
    assert watcher.marked > 0
    assert watcher.field.text() == str(controller.position)


def test_values_come_back_with_the_frame(qtbot: QtBot, window: MainWindow) -> None:
    controller, view = window.controller, window.stage.frame_view
    QTest.mouseMove(view, QPoint(view.width() // 2, view.height() // 2))
    qtbot.waitUntil(lambda: view.reading is not None)
    controller.show_frame(40)
    qtbot.waitUntil(lambda: controller.shown is not None and controller.shown.provisional)
    assert view.reading is None
    assert window.transport.goto_field.text() == "40"
    wait_for(qtbot, window, 40)
    qtbot.waitUntil(lambda: view.reading is not None)
