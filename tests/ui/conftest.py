"""Fixtures for the widgets: a theme, and a session that is a stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.ui.widgets.theme import ThemeChoice, ThemeSource
from tests.ui.stand_ins import StandInController

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller


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
