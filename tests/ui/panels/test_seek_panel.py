"""The panel: from the question to the frame, with a canned audit and once for real."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QToolButton, QWidget

from framescope.core.audit.records import Outcome, TrialState
from framescope.core.audit.requests import Order, RequestKind
from framescope.core.errors import DestinationError
from framescope.core.model.progress import Progress
from framescope.session.controller import Controller
from framescope.session.settings import Settings
from framescope.ui.panels.seek_bar import SeekBar
from framescope.ui.panels.seek_export import FORMATS, save_report
from framescope.ui.panels.seek_panel import SeekPanel
from framescope.ui.panels.seek_setup import SeekSetup
from framescope.ui.theme import ThemeChoice
from framescope.ui.timeline.lanes import EDGE_PX, GUTTER_PX
from tests.ui.panels.seek_audits import canned_audit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.ui.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


@pytest.fixture
def panel(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> SeekPanel:
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
def live(qtbot: QtBot, plain_clip: Path) -> Iterator[Controller]:
    """A real session with a short clip."""
    controller = Controller()
    controller.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: controller.index is not None and controller.index.complete)
    yield controller
    controller.close()


def _child(panel: QWidget, kind: type[QWidget], name: str) -> Any:  # noqa: ANN401
    found = panel.findChild(kind, name)
    assert found is not None
    return found


def test_without_a_video_it_says_what_it_will_show(
    qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    panel = SeekPanel(session.as_controller(), theme)
    qtbot.addWidget(panel)
    panel.show()

    assert not _child(panel, QWidget, "seekStart").isVisible()
    session.open()
    assert _child(panel, QWidget, "seekStart").isVisible()
    assert _child(panel, QPushButton, "seekStartQuick").isVisible()


def test_the_most_telling_engine_is_chosen_and_explained(panel: SeekPanel) -> None:
    assert panel.results.engine == "opencv"
    assert panel.results.text.startswith("2 of 3 engines")
    card = _child(panel, QWidget, "seekVerdict")
    assert "Likely cause: The frame rate varies." in card.text


def test_lanes_have_the_coordinates_of_the_timeline(panel: SeekPanel, session: StandInController) -> None:
    lanes = panel.results.lanes
    session.visible_range = (40.0, 60.0)
    session.visible_range_changed.emit(40.0, 60.0)
    axis = lanes.axis

    assert (axis.first, axis.last, axis.left) == (40.0, 60.0, GUTTER_PX)
    assert axis.right == lanes.width() - EDGE_PX
    assert [trial.engine for trial, _ in lanes.lanes] == ["framescope", "opencv", "decord"]


def test_a_lane_tells_about_the_answer_under_the_pointer(panel: SeekPanel) -> None:
    lanes = panel.results.lanes
    x = lanes.axis.x_of(50.5)

    assert "Frame 50: landed on 52 (+2)" in lanes.words_at(x, 25)
    assert "Frame 50: exact" in lanes.words_at(x, 5)
    assert "opencv(n)" in lanes.words_at(10, 25)
    assert not lanes.words_at(x, 1000)


def test_a_click_on_a_lane_asks_for_the_frames(
    qtbot: QtBot, panel: SeekPanel, session: StandInController
) -> None:
    session.index = range(0)
    lanes = panel.results.lanes
    spot = QPoint(round(lanes.axis.x_of(20.5)), 45)
    with qtbot.waitSignal(lanes.request_chosen) as chosen:
        QTest.mouseClick(lanes, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    assert chosen.args is not None

    assert chosen.args[1].outcome is Outcome.FOREIGN
    assert panel.results.engine == "decord"


def test_keys_walk_along_answers_and_engines(
    qtbot: QtBot, panel: SeekPanel, session: StandInController
) -> None:
    session.index = range(0)
    lanes = panel.results.lanes
    lanes.setFocus()
    QTest.keyClick(lanes, Qt.Key.Key_Up)
    assert panel.results.engine == "framescope"
    with qtbot.waitSignal(lanes.request_chosen) as chosen:
        QTest.keyClick(lanes, Qt.Key.Key_Right)
    assert chosen.args is not None
    assert chosen.args[1].frame_number == 0
    with qtbot.waitSignal(lanes.request_chosen) as chosen:
        QTest.keyClick(lanes, Qt.Key.Key_Right)
    assert chosen.args is not None
    assert chosen.args[1].frame_number == 10


@pytest.mark.parametrize("view", ["landed", "offset", "latency"])
@pytest.mark.parametrize("choice", [ThemeChoice.DARK, ThemeChoice.LIGHT])
def test_plots_show_the_answers_of_the_chosen_engine(
    panel: SeekPanel, theme: ThemeSource, view: str, choice: ThemeChoice
) -> None:
    theme.set_choice(choice)
    _child(panel, QToolButton, f"seekView.{view}").click()
    plot = _child(panel, QWidget, f"seekPlot.{view}")

    assert plot.point_count == 10
    assert not panel.grab().isNull()


@pytest.mark.parametrize("width", [340, 500, 700])
def test_nothing_is_wider_than_the_dock(panel: SeekPanel, width: int) -> None:
    panel.resize(width, 700)
    content = _child(panel, QWidget, "seekContent")

    assert content.minimumSizeHint().width() <= width


def test_another_video_makes_the_answers_void(panel: SeekPanel, session: StandInController) -> None:
    session.source_opened.emit()

    assert panel.run.audit is None
    assert _child(panel, QWidget, "seekStart").isVisible()


def test_the_last_order_cannot_be_taken_away(qtbot: QtBot) -> None:
    setup = SeekSetup()
    qtbot.addWidget(setup)
    for order in (Order.FORWARD, Order.BACKWARD, Order.END_THEN_BACK):
        _child(setup, QWidget, f"seekOrder.{order.value}").setChecked(False)

    assert not _child(setup, QWidget, "seekOrder.shuffled").isEnabled()
    assert setup.settings(RequestKind.ALL).orders == (Order.SHUFFLED,)
    assert setup.settings(RequestKind.QUICK).is_quick


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_a_report_is_saved(
    panel: SeekPanel, session: StandInController, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "settings", Settings(), raising=False)
    path = tmp_path / f"report{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    panel._on_export_wanted(suffix)  # noqa: SLF001 - what the menu's action is connected to

    assert "clip" in path.read_text(encoding="utf-8")


def test_a_report_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(DestinationError, match="cannot be written"):
        save_report(canned_audit(), tmp_path / "missing" / "report.csv", ".csv")


def test_a_quick_check_of_a_real_clip(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    panel = SeekPanel(live, theme)
    qtbot.addWidget(panel)
    panel.resize(700, 700)
    panel.show()
    panel.setup.choose_engines("framescope", "opencv")
    with qtbot.waitSignal(panel.run.changed):
        panel.check_quickly()
    qtbot.waitUntil(lambda: not panel.run.is_running, timeout=60_000)
    audit = panel.run.audit
    assert audit is not None

    assert audit.trial("framescope").is_exact
    assert "Quick trial" in panel.results.text
    trial = audit.trial("framescope")
    panel.results.frames.show_answer(trial, trial.requests[0], audit.facts)
    qtbot.waitUntil(lambda: panel.results.frames.plates[0].image is not None)
    assert "It is the same frame." in panel.results.frames.words


def test_progress_stays_when_a_part_arrives(qtbot: QtBot, theme: ThemeSource) -> None:
    bar = SeekBar(theme, QMenu())
    qtbot.addWidget(bar)
    bar.set_state(is_running=True, can_export=False, can_start=True)
    bar.show_progress(Progress(3, 10, "decord (1 of 2 engines)"))
    bar.set_state(is_running=True, can_export=False, can_start=True)

    assert _child(bar, QWidget, "seekProgress").value() == 3


def test_stopping_keeps_what_is_there(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    panel = SeekPanel(live, theme)
    qtbot.addWidget(panel)
    panel.setup.choose_engines("framescope", "opencv", "pyav")
    panel.check_every_frame()
    qtbot.waitUntil(lambda: panel.run.audit is not None or not panel.run.is_running, timeout=60_000)
    panel.run.cancel()
    qtbot.waitUntil(lambda: not panel.run.is_running, timeout=60_000)
    audit = panel.run.audit

    assert audit is not None
    assert all(trial.state is not TrialState.RUNNING for trial in audit.trials)


def test_code_for_the_frame_on_screen_is_copied(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    panel = SeekPanel(live, theme)
    qtbot.addWidget(panel)
    live.show_frame(7)
    menu = _child(panel, QToolButton, "seekCode").menu()
    menu.aboutToShow.emit()
    action = next(action for action in menu.actions() if action.objectName() == "seekCode.framescope")
    with qtbot.waitSignal(live.notice_posted):
        action.trigger()

    assert "7" in QGuiApplication.clipboard().text()
    assert menu.actions()[0].text().endswith("frame 7")
