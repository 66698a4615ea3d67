"""Fixtures of the filmstrip's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.ui.filmstrip.widget import Filmstrip
from framescope.ui.timeline.lanes import EDGE_PX, GUTTER_PX
from tests.ui.parts import on_screen
from tests.ui.timeline.live_session import LiveSession

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def session(qtbot: QtBot) -> LiveSession:
    """A session that obeys."""
    del qtbot
    return LiveSession()


@pytest.fixture
def filmstrip(qtbot: QtBot, session: LiveSession, theme: ThemeSource) -> Filmstrip:
    """A filmstrip on the screen with room for 1000 pixels of cells."""
    widget = Filmstrip(session.as_controller(), theme)
    on_screen(qtbot, widget, 1000 + GUTTER_PX + EDGE_PX, widget.minimumHeight())
    qtbot.waitExposed(widget)
    return widget
