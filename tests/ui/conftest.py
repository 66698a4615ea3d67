"""Fixtures for the widgets: a theme, a session that is a stand-in, and a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.session.settings import Settings
from framescope.ui.widgets.theme import ThemeChoice, ThemeSource
from tests.ui.clip.session import open_session
from tests.ui.stand_ins import StandInController

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller


@pytest.fixture(autouse=True)
def undressed(qapp: QApplication) -> None:
    """Widgets are judged without a stylesheet, whatever a test before this one left on the application."""
    if qapp.styleSheet():
        qapp.setStyleSheet("")


@pytest.fixture
def theme(qtbot: QtBot) -> ThemeSource:
    """The dark theme, applied to nothing."""
    del qtbot
    return ThemeSource(ThemeChoice.DARK)


@pytest.fixture
def session(qtbot: QtBot) -> StandInController:
    """A session that writes down what it is asked."""
    del qtbot
    return StandInController()


@pytest.fixture
def controller(session: StandInController) -> Controller:
    """The same session, as widgets see it."""
    return session.as_controller()


@pytest.fixture
def live(qtbot: QtBot, plain_clip: Path) -> Iterator[Controller]:
    """A real session with a short clip."""
    with open_session(qtbot, plain_clip) as controller:
        yield controller


@pytest.fixture
def in_folder(tmp_path: Path) -> Settings:
    """Settings of a user whose last folder is empty."""
    settings = Settings()
    settings.last_folder = str(tmp_path)
    return settings
