"""The whole window, empty or with a clip open in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.session.controller import Controller
from framescope.session.settings import Settings
from framescope.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def window(qtbot: QtBot, theme: ThemeSource, settings: Settings) -> Iterator[MainWindow]:
    widget = MainWindow(theme, settings)
    widget.fill(Controller(settings=settings))
    widget.controller.setParent(widget)
    qtbot.addWidget(widget)
    widget.resize(1280, 800)
    with qtbot.waitActive(widget):
        widget.show()
    yield widget
    widget.close()


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, plain_clip: Path) -> MainWindow:
    window.open_source(str(plain_clip))
    wait_for_frame(qtbot, window, 0)
    qtbot.waitUntil(lambda: window.controller.index is not None and window.controller.index.complete)
    # The actions follow the picture in a turn of their own.
    qtbot.waitUntil(window.actions_by_id["edit.copy_picture"].isEnabled)
    return window


def wait_for_frame(qtbot: QtBot, window: MainWindow, number: int) -> None:
    def is_there() -> bool:
        shown = window.controller.shown
        return shown is not None and shown.frame_number == number and not shown.provisional

    qtbot.waitUntil(is_there)
