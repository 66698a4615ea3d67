"""The timing panel on a stand-in session."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from framescope.core.timing.identity import IdentityField
from framescope.ui.panels.timing import panel as timing_panel
from framescope.ui.panels.timing import source as timing_source
from framescope.ui.panels.timing.chart import TimingChart
from framescope.ui.panels.timing.panel import TimingPanel
from tests.core.compare.moving import Shot, film, write
from tests.ui.panels.timing.parts import index_with
from tests.ui.parts import on_screen, part
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.core.media.index import FrameIndex
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

VARIABLE = [0, 40, 80, 80, 120, 505, 540, 530, 580, 620]


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[RunningController]:
    del qtbot
    controller = RunningController()
    yield controller
    controller.runner.close()


@pytest.fixture
def panel(qtbot: QtBot, session: RunningController, theme: ThemeSource) -> TimingPanel:
    widget = TimingPanel(session.as_controller(), theme)
    return on_screen(qtbot, widget, 340, 700)


def open_with(session: RunningController, index: FrameIndex, frame_number: int = 0) -> None:
    session.index = index
    session.visible_range = (0.0, float(len(index)))
    session.open(frame_total=len(index))
    session.index_updated.emit()
    session.show(frame_number)


def text_of(panel: TimingPanel, name: str) -> str:
    return part(panel, QLabel, name).text()


def test_without_a_video_it_says_what_it_is_for(panel: TimingPanel) -> None:
    assert part(panel, QLabel, "timingEmpty").isVisible()
    assert "all their numbers" in text_of(panel, "timingEmpty")


def test_a_variable_rate_is_told_with_its_oddities(panel: TimingPanel, session: RunningController) -> None:
    open_with(session, index_with(VARIABLE))
    assert text_of(panel, "timingHeadline") == "Variable rate"
    assert text_of(panel, "oddityCount.gaps") == "1"
    assert text_of(panel, "oddityCount.duplicates") == "1"
    assert text_of(panel, "oddityCount.backward") == "1"
    assert text_of(panel, "noOddities") == "No missing timestamps."


def test_links_go_to_the_odd_frames(panel: TimingPanel, session: RunningController) -> None:
    open_with(session, index_with(VARIABLE))
    for name in ("oddityNext.gaps", "oddityPrevious.backward", "errorGo.nominal"):
        QTest.mouseClick(part(panel, QToolButton, name), Qt.MouseButton.LeftButton)
    # 200 ms are claimed for frame 5, which comes at 505.
    assert session.called("show_frame") == [(5,), (7,), (5,)]


def test_a_click_in_the_chart_goes_to_the_frame(panel: TimingPanel, session: RunningController) -> None:
    open_with(session, index_with(VARIABLE))
    chart = part(panel, TimingChart, "intervalChart")
    x = next(x for x in range(chart.width()) if chart.frame_at(x) == 6)
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x + 4, 40))
    assert session.called("show_frame") == [(6,)]


def test_two_million_frames_are_measured_beside_the_window(
    qtbot: QtBot, panel: TimingPanel, session: RunningController
) -> None:
    pts = np.arange(2_000_000, dtype=np.int64) * 40
    pts[1_500_000:] += 5000
    open_with(session, index_with(pts))
    assert not text_of(panel, "timingHeadline")
    qtbot.waitUntil(lambda: text_of(panel, "timingHeadline") == "Variable rate", timeout=30_000)
    chart = part(panel, TimingChart, "intervalChart")
    frames = {chart.frame_at(x) for x in range(chart.width())}
    assert 1_500_000 in frames


def test_without_timestamps_there_is_no_chart(
    qtbot: QtBot, panel: TimingPanel, session: RunningController
) -> None:
    open_with(session, index_with([None] * 5))
    assert text_of(panel, "timingHeadline") == "No timestamps"
    assert not part(panel, TimingChart, "intervalChart").isVisible()
    qtbot.waitUntil(lambda: panel.names.fields[IdentityField.NUMBER].name == "0")
    assert not panel.names.fields[IdentityField.PTS].isEnabled()


def test_another_video_starts_anew(panel: TimingPanel, session: RunningController) -> None:
    open_with(session, index_with(VARIABLE))
    session.info = session.index = None
    session.source_closed.emit()
    assert part(panel, QLabel, "timingEmpty").isVisible()
    open_with(session, index_with(range(0, 400, 40)))
    assert text_of(panel, "timingHeadline") == "Constant rate"


def test_a_partial_index_says_so_and_cannot_be_held_to_opencv(
    panel: TimingPanel, session: RunningController
) -> None:
    open_with(session, index_with(range(0, 400, 40), complete=False))
    assert "So far" in text_of(panel, "timingReason")
    assert not part(panel, QPushButton, "readOpenCV").isEnabled()


def test_opencv_is_read_when_asked(
    qtbot: QtBot, panel: TimingPanel, session: RunningController, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = (np.array([0.0, 0.04, 0.08, 0.12, 0.16]), "")
    monkeypatch.setattr(timing_source, "read_opencv_times", lambda *_args, **_named: answer)
    open_with(session, index_with([0, 40, 80, 120, 500]))
    assert "Not measured" in text_of(panel, "errorSentence.opencv")
    QTest.mouseClick(part(panel, QPushButton, "readOpenCV"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "−340 ms" in text_of(panel, "errorSentence.opencv"))
    assert not part(panel, QPushButton, "readOpenCV").isVisible()
    qtbot.waitUntil(lambda: panel.names.fields[IdentityField.OPENCV_MSEC].name == "0.000000")


def test_only_exact_frames_have_names(qtbot: QtBot, panel: TimingPanel, session: RunningController) -> None:
    open_with(session, index_with(range(0, 4000, 40)), 3)
    field = panel.names.fields[IdentityField.PTS]
    qtbot.waitUntil(lambda: field.text() == "120")
    session.show(9, provisional=True, frame=None)
    qtbot.waitUntil(lambda: not field.text())
    session.show(9)
    qtbot.waitUntil(lambda: field.text() == "360")


def test_wide_panels_show_both_parts(panel: TimingPanel, session: RunningController) -> None:
    open_with(session, index_with(VARIABLE))
    assert not panel.names.isVisible()
    panel.resize(700, 700)
    assert panel.names.isVisible()
    assert panel.page.isVisible()


def test_nobody_looking_costs_nothing(qtbot: QtBot, session: RunningController, theme: ThemeSource) -> None:
    widget = TimingPanel(session.as_controller(), theme)
    qtbot.addWidget(widget)
    open_with(session, index_with(VARIABLE, time_base=Fraction(1, 1000)))
    assert timing_source.TimingSource.of(session.as_controller()).timing is None
    widget.show()
    assert text_of(widget, "timingHeadline") == "Variable rate"


def test_charts_show_the_frames_that_the_timeline_shows(
    panel: TimingPanel, session: RunningController
) -> None:
    open_with(session, index_with(range(0, 4000, 40)))
    chart = part(panel, TimingChart, "intervalChart")
    assert chart.frames == (0.0, 100.0)
    session.visible_range = (20.0, 30.0)
    session.visible_range_changed.emit(20.0, 30.0)
    assert chart.frames == (20.0, 30.0)
    assert {chart.frame_at(x) for x in range(70, chart.width() - 5)} == set(range(20, 30))
    panel.hide()
    session.visible_range = (40.0, 60.0)
    session.visible_range_changed.emit(40.0, 60.0)
    panel.show()
    assert chart.frames == (40.0, 60.0)
    chart.range_wanted.emit(10.0, 20.0)
    assert session.called("set_visible_range") == [(10.0, 20.0)]


def test_telecine_is_named_where_the_rate_is_one_of_pulldown(
    qtbot: QtBot, live: Controller, theme: ThemeSource, tmp_path: Path
) -> None:
    film_frames = film((Shot(130, 3.0),))
    doubled = [film_frames[number * 4 // 5] for number in range(160)]
    panel = on_screen(qtbot, TimingPanel(live, theme), 340, 700)
    words = part(panel, QLabel, "timingTelecine")
    live.open_source(str(write(tmp_path / "doubled.mp4", doubled, rate=Fraction(30))))
    qtbot.waitUntil(words.isVisible)
    assert words.text().startswith("Film frames shown twice")
    live.open_source(str(write(tmp_path / "film.mp4", film_frames)))
    qtbot.waitUntil(lambda: not words.isVisible())


def test_telecine_is_looked_for_again_after_renumbering(
    panel: TimingPanel, session: RunningController, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def look(index: FrameIndex) -> bool:
        looked.append(len(index))
        return False

    monkeypatch.setattr(timing_panel, "may_be_telecine", look)
    first = index_with(list(range(0, 400, 40)))
    open_with(session, first)
    session.index = replace(first)
    session.index_updated.emit()
    assert looked == [10]
    session.index = replace(first, packet_numbers=first.packet_numbers[::-1].copy())
    session.index_updated.emit()
    assert looked == [10, 10]
    assert panel.isVisible()
