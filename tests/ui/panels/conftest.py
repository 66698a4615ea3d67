"""Fixtures for the panels: a seek panel with a canned audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.ui.panels.seek.panel import SeekPanel
from tests.ui.panels.seek.audits import canned_audit

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


@pytest.fixture
def seek_panel(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> SeekPanel:
    """A panel with a canned audit of 100 frames, all of them in view."""
    session.visible_range = (0.0, 100.0)
    panel = SeekPanel(session.as_controller(), theme)
    qtbot.addWidget(panel)
    panel.resize(340, 700)
    session.open()
    panel.run.adopt(canned_audit())
    panel.show()
    return panel
