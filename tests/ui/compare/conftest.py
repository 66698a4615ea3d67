"""The whole window with a clip and its transcode beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.compare.choices import AlignBy
from framescope.session.controller import Controller
from framescope.session.settings import Settings
from framescope.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource
    from tests.compared_clips import ComparedClips


@pytest.fixture
def window(qtbot: QtBot, theme: ThemeSource, compared_clips: ComparedClips) -> Iterator[MainWindow]:
    """The source is open, alone."""
    settings = Settings()
    widget = MainWindow(theme, settings)
    widget.fill(Controller(settings=settings))
    widget.controller.setParent(widget)
    qtbot.addWidget(widget)
    widget.resize(1280, 800)
    with qtbot.waitActive(widget):
        widget.show()
    widget.open_source(str(compared_clips.source))

    def is_open() -> bool:
        controller = widget.controller
        shown = controller.shown
        is_listed = controller.index is not None and controller.index.complete
        return is_listed and shown is not None and shown.frame is not None

    qtbot.waitUntil(is_open)
    yield widget
    widget.close()


@pytest.fixture
def pair(qtbot: QtBot, window: MainWindow, compared_clips: ComparedClips) -> MainWindow:
    """The transcode is beside it, frames paired by number."""
    window.compare.open(str(compared_clips.copy))
    window.controller.comparing.set_align_by(AlignBy.NUMBER)
    wait_for_pair(qtbot, window)
    return window


def wait_for_pair(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.controller.comparing.exact_pair is not None)
    # The actions follow in a turn of their own.
    qtbot.waitUntil(window.actions_by_id["compare.close"].isEnabled)


def wait_until_compared(qtbot: QtBot, window: MainWindow) -> None:
    def is_compared() -> bool:
        run = window.controller.comparing.run
        return not run.is_running and run.found is not None and run.found.quality is not None

    qtbot.waitUntil(is_compared)
