"""What the page of all frames shows of a measurement."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from framescope.ui.panels.timing.chart import TimingChart
from framescope.ui.panels.timing.page import TimingPage
from framescope.ui.panels.timing.source import make_timing
from framescope.ui.widgets.icons import IconSource
from tests.ui.panels.timing.parts import index_with
from tests.ui.stand_ins import make_info

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def page(qtbot: QtBot, theme: ThemeSource) -> TimingPage:
    widget = TimingPage(theme, IconSource(theme))
    qtbot.addWidget(widget)
    widget.show()
    return widget


def text_of(page: TimingPage, name: str) -> str:
    label = page.findChild(QLabel, name)
    assert label is not None
    return label.text()


def test_where_nothing_is_off_no_error_is_plotted(page: TimingPage) -> None:
    page.set_timing(make_timing(make_info(), index_with(range(0, 400, 40)), None), make_info(), None)
    errors = page.findChild(TimingChart, "errorChart")
    assert errors is not None
    assert errors.isHidden()
    assert text_of(page, "errorSentence.nominal") == "Correct for every frame."


def test_a_header_without_a_rate_has_no_error(page: TimingPage) -> None:
    info = make_info(average_rate=None, base_rate=None)
    page.set_timing(make_timing(info, index_with(range(0, 400, 40)), None), info, None)
    assert text_of(page, "errorSentence.nominal") == "The header declares no frame rate."


def test_a_remark_about_opencv_stands_beside_its_error(page: TimingPage) -> None:
    info = make_info(average_rate=Fraction(25))
    times = (np.array([0.0, 0.04]), "OpenCV shows 2 frames in sequence where the file has 3.")
    page.set_timing(make_timing(info, index_with([0, 40, 80]), times), info, None)
    assert text_of(page, "errorSentence.opencv") == f"Correct for every frame it returns. {times[1]}"


def test_opencv_that_gives_nothing_is_a_remark(page: TimingPage) -> None:
    info = make_info()
    times = (np.empty(0), "OpenCV gives no frame.")
    page.set_timing(make_timing(info, index_with([0, 40, 80]), times), info, None)
    assert text_of(page, "errorSentence.opencv") == "OpenCV gives no frame."
