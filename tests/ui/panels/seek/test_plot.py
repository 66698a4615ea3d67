"""The plots of an engine's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QToolButton, QWidget

from framescope.ui.widgets.theme import ThemeChoice
from tests.ui.panels.seek.audits import answer, child

if TYPE_CHECKING:
    from framescope.ui.panels.seek.panel import SeekPanel
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


@pytest.mark.parametrize("view", ["landed", "offset", "latency"])
@pytest.mark.parametrize("choice", [ThemeChoice.DARK, ThemeChoice.LIGHT])
def test_plots_show_the_answers_of_the_chosen_engine(
    seek_panel: SeekPanel, theme: ThemeSource, view: str, choice: ThemeChoice
) -> None:
    theme.set_choice(choice)
    child(seek_panel, QToolButton, f"seekView.{view}").click()
    plot = child(seek_panel, QWidget, f"seekPlot.{view}")

    assert plot.point_count == 10
    assert not seek_panel.grab().isNull()


def test_a_point_that_is_clicked_is_shown_as_frames(
    seek_panel: SeekPanel, session: StandInController
) -> None:
    session.index = range(0)
    child(seek_panel, QToolButton, "seekView.offset").click()
    plot = child(seek_panel, QWidget, "seekPlot.offset")
    plot.request_chosen.emit(answer(50, 52))

    assert child(seek_panel, QToolButton, "seekView.frames").isChecked()


@pytest.mark.parametrize("view", ["landed", "offset"])
def test_plots_over_frames_show_what_the_timeline_shows(
    seek_panel: SeekPanel, session: StandInController, view: str
) -> None:
    child(seek_panel, QToolButton, f"seekView.{view}").click()
    plot = child(seek_panel, QWidget, f"seekPlot.{view}")
    first, last = plot.frames
    assert first <= 0
    assert last >= 100
    session.visible_range = (40.0, 60.0)
    session.visible_range_changed.emit(40.0, 60.0)
    assert plot.frames == pytest.approx((40.0, 60.0))
    plot.range_wanted.emit(10.0, 20.0)
    assert session.called("set_visible_range") == [(10.0, 20.0)]


def test_a_plot_made_later_begins_where_the_timeline_is(
    seek_panel: SeekPanel, session: StandInController
) -> None:
    session.visible_range = (40.0, 60.0)
    child(seek_panel, QToolButton, "seekView.offset").click()
    assert child(seek_panel, QWidget, "seekPlot.offset").frames == pytest.approx((40.0, 60.0))


def test_latency_is_over_no_frames(seek_panel: SeekPanel, session: StandInController) -> None:
    child(seek_panel, QToolButton, "seekView.latency").click()
    plot = child(seek_panel, QWidget, "seekPlot.latency")
    before = plot.frames
    session.visible_range = (40.0, 60.0)
    session.visible_range_changed.emit(40.0, 60.0)
    assert plot.frames == before
