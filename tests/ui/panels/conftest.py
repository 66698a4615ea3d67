"""Fixtures for the panels: a seek panel with a canned audit, and a real session with a short clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.session.controller import Controller
from framescope.ui.panels.seek.panel import SeekPanel
from tests.ui.panels.seek.audits import canned_audit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


@pytest.fixture
def live_session(qtbot: QtBot, plain_clip: Path) -> Iterator[Controller]:
    """A real session with a short clip."""
    controller = Controller()
    controller.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: controller.index is not None and controller.index.complete)
    yield controller
    controller.close()
