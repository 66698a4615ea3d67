"""The table of the panel: what it says, when it is there, and the code that it copies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from framescope.core.audit.bench_records import BenchTask
from framescope.core.audit.choice import Use
from framescope.session.seek_truth import SeekTruth
from framescope.ui.panels.bench.panel import BenchPanel
from framescope.ui.panels.bench.words import choice_basis, unfit_lines
from tests.ui.panels.bench.examples import OPENCV, OWN, canned_bench, engine
from tests.ui.panels.seek.audits import canned_audit, child
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.core.audit.bench_records import EngineBench, FileBench
    from framescope.session.controller import Controller
    from framescope.ui.panels.bench.choices import ChoiceRow
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


def never(*_arguments: object, **_named: object) -> FileBench:
    raise AssertionError("nothing is measured here")


def counted(one: EngineBench) -> EngineBench:
    return replace(one, frame_count_claimed=100, frames_read=100)


BENCH = canned_bench(counted(OWN), counted(OPENCV), counted(engine("pyav", "PyAV, plain seek", 2.0, wrong=3)))


@pytest.fixture
def panel(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> BenchPanel:
    session.open()
    widget = BenchPanel(session.as_controller(), theme, measure=never)
    return on_screen(qtbot, widget, 340, 900)


def row(panel: BenchPanel, use: Use) -> ChoiceRow:
    return next(one for one in panel.page.choices.rows if one.objectName() == f"choice.{use.value}")


def test_each_use_has_a_row_with_library_reason_and_whom_not_to_use(panel: BenchPanel) -> None:
    assert panel.page.choices.isHidden()
    panel.run.adopt(BENCH)
    assert [one.objectName() for one in panel.page.choices.rows] == [f"choice.{use.value}" for use in Use]
    assert row(panel, Use.EXACT).text.splitlines() == [
        "Exact single frames",
        "FrameScope",
        "5.00 ms a frame, 4.0× faster than OpenCV, by frame number, all 4 frames right",
        "Not PyAV, plain seek: wrong frame at 3 of 4 jumps",
    ]
    assert row(panel, Use.SEQUENTIAL).text.splitlines()[1] == "PyAV"
    assert row(panel, Use.LIVE).text.splitlines()[1].startswith("Not measured")


def test_it_waits_until_the_run_is_over(panel: BenchPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(panel.run), "is_running", property(lambda _run: True))
    panel.run.adopt(BENCH)
    assert panel.page.choices.isHidden()


def test_the_seek_test_of_the_other_panel_is_added_as_it_comes(
    panel: BenchPanel, session: StandInController
) -> None:
    panel.run.adopt(BENCH)
    basis = child(panel, QLabel, "choiceBasis")
    assert basis.text().startswith("Based on this benchmark alone")
    assert row(panel, Use.EXACT).text.splitlines()[1] == "FrameScope"
    audit = canned_audit()
    SeekTruth.of(session.as_controller()).set_audit(audit)
    assert basis.text() == choice_basis(audit)
    assert "seek test" in basis.text()
    SeekTruth.of(session.as_controller()).set_audit(None)
    assert basis.text().startswith("Based on this benchmark alone")


def test_wide_panels_put_the_use_beside_its_row(panel: BenchPanel) -> None:
    panel.run.adopt(BENCH)
    one = row(panel, Use.EXACT)
    narrow = one.height()
    panel.resize(900, 900)
    QGuiApplication.processEvents()
    assert one.height() < narrow


def test_libraries_with_the_same_fault_share_a_line(panel: BenchPanel) -> None:
    faulty = [engine(name, name, 1.0, wrong=1) for name in ("one", "two")]
    panel.run.adopt(canned_bench(counted(OWN), *faulty))
    exact = next(one for one in panel.choices if one.use is Use.EXACT)
    assert unfit_lines(exact) == ("Not one and two: wrong frame at 1 of 4 jumps",)


def test_code_for_the_chosen_library_is_copied(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    panel = on_screen(qtbot, BenchPanel(live, theme, measure=never), 340, 900)
    panel.run.adopt(BENCH)
    QGuiApplication.clipboard().setText("")
    QTest.mouseClick(child(row(panel, Use.SEQUENTIAL), QToolButton, "choiceCode"), Qt.MouseButton.LeftButton)
    assert "for frame in container.decode(stream)" in QGuiApplication.clipboard().text()
    assert not child(row(panel, Use.LIVE), QToolButton, "choiceCode").isVisible()
    nothing = canned_bench(replace(OWN, measures={BenchTask.OPEN: OWN.measures[BenchTask.OPEN]}))
    panel.run.adopt(nothing)
    assert not child(row(panel, Use.EXACT), QToolButton, "choiceCode").isVisible()
