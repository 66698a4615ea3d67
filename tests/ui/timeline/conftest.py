"""Fixtures of the timeline's tests: an obedient session, a scene to paint, a canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from framescope.ui.timeline.axis import FrameAxis
from framescope.ui.timeline.clock import FrameClock
from framescope.ui.timeline.lanes import EDGE_PX, GUTTER_PX, lanes_for
from framescope.ui.timeline.scene import Chart, Fonts, Scene
from framescope.ui.timeline.size_pyramid import SizePyramid
from framescope.ui.timeline.widget import Timeline
from framescope.ui.widgets.theme import DARK
from tests.ui.parts import on_screen
from tests.ui.timeline.live_session import LiveSession

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.core.media.index import FrameIndex
    from framescope.ui.widgets.theme import ThemeSource

WIDTH = 900
SceneMaker = Callable[..., Scene]


def chart_of(index: FrameIndex) -> Chart:
    """The whole chart of an index, at once."""
    pyramid = SizePyramid(index)
    while not pyramid.advance(1 << 20):
        pass
    return Chart(index, pyramid, FrameClock(index))


@pytest.fixture
def make_scene(qtbot: QtBot) -> SceneMaker:
    """Makes a scene of an index; ``first`` and ``last`` are what is in view."""
    del qtbot
    fonts = Fonts(QApplication.font())

    def make(
        index: FrameIndex | None,
        first: float = 0.0,
        last: float | None = None,
        *,
        frame_total: int | None = None,
        ratio: float = 1.0,
    ) -> Scene:
        total = frame_total if frame_total is not None else len(index) if index is not None else 0
        width = float(WIDTH - GUTTER_PX - EDGE_PX)
        return Scene(
            axis=FrameAxis(first, float(total or 1) if last is None else last, float(GUTTER_PX), width),
            lanes=lanes_for(200, fonts.text_height),
            width=WIDTH,
            ratio=ratio,
            tokens=DARK,
            fonts=fonts,
            chart=None if index is None else chart_of(index),
            frame_total=total,
        )

    return make


@pytest.fixture
def canvas(qtbot: QtBot) -> QImage:
    """An empty picture as large as a scene."""
    del qtbot
    image = QImage(WIDTH, 200, QImage.Format.Format_RGB32)
    image.fill(DARK.surface)
    return image


@pytest.fixture
def session(qtbot: QtBot) -> LiveSession:
    """A session that obeys."""
    del qtbot
    return LiveSession()


@pytest.fixture
def timeline(qtbot: QtBot, session: LiveSession, theme: ThemeSource) -> Timeline:
    """A timeline on the screen, of a size whose content is 800 pixels wide."""
    widget = Timeline(session.as_controller(), theme)
    on_screen(qtbot, widget, 800 + GUTTER_PX + EDGE_PX, 200)
    qtbot.waitExposed(widget)
    return widget
