"""The benchmark panel starts a comparison, shows it growing, and gives it away as JSON."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QProgressBar, QPushButton, QToolButton, QWidget

from framescope.core.audit.bench import BenchSettings, run_bench
from framescope.core.audit.bench_records import BenchTask
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.session.settings import Settings
from framescope.ui.panels.bench.panel import BenchPanel
from tests.ui.panels.bench.examples import canned_bench, under_way
from tests.ui.panels.seek.audits import child
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.core.audit.bench_records import FileBench
    from framescope.core.model.progress import Progress
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController

PATIENCE_MS = 240_000
SMALL = BenchSettings(
    engines=("framescope", "opencv", "pyav"),
    rounds=1, window=12, random_count=3, scrub_steps=4, shuffled_count=4,
)  # fmt: skip


def never(*_arguments: object, **_named: object) -> FileBench:
    raise AssertionError("nothing is measured here")


@pytest.fixture
def panel(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> BenchPanel:
    """A panel over a stand-in: nothing is measured."""
    widget = BenchPanel(session.as_controller(), theme, measure=never)
    return on_screen(qtbot, widget, 340, 900)


def _save_action(panel: BenchPanel, suffix: str) -> QAction:
    found: QAction | None = panel.findChild(QAction, f"benchSave{suffix}")
    assert found is not None
    return found


def test_without_a_video_there_is_nothing_to_press(panel: BenchPanel) -> None:
    assert not child(panel, QPushButton, "benchMeasure").isVisible()
    assert not child(panel, QPushButton, "benchAgain").isVisible()


def test_the_start_page_says_what_will_happen(panel: BenchPanel, session: StandInController) -> None:
    session.open()
    assert child(panel, QPushButton, "benchMeasure").isVisible()
    said = " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())
    assert "Each picture is checked" in said
    assert "several minutes" in said


def test_results_can_be_copied_saved_and_measured_again(
    panel: BenchPanel,
    session: StandInController,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.open()
    panel.run.adopt(canned_bench())
    assert panel.page.isVisible()
    assert child(panel, QPushButton, "benchAgain").isVisible()
    QTest.mouseClick(child(panel, QToolButton, "benchCopy"), Qt.MouseButton.LeftButton)
    copied = json.loads(QGuiApplication.clipboard().text())
    assert copied["engines"][0]["measures"]["scrub"]["figure"] == "mean"
    monkeypatch.setattr(session, "settings", Settings(), raising=False)
    path = tmp_path / "figures.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_options: (str(path), ""))
    _save_action(panel, ".json").trigger()
    work = session.called("run_job")[-1][1]
    work(ignore_progress, CancelToken())  # type: ignore[operator]
    assert json.loads(path.read_text(encoding="utf-8")) == copied
    for suffix, content in ((".csv", "file,use,task,engine"), (".html", "Which library for what")):
        path = tmp_path / f"figures{suffix}"
        _save_action(panel, suffix).trigger()
        work = session.called("run_job")[-1][1]
        work(ignore_progress, CancelToken())  # type: ignore[operator]
        assert content in path.read_text(encoding="utf-8")


def test_nothing_is_copied_or_saved_before_there_is_something(
    panel: BenchPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", never)
    QGuiApplication.clipboard().setText("as it was")
    panel.copy_as_json()
    panel.save_as(".json")
    assert QGuiApplication.clipboard().text() == "as it was"


def test_another_video_brings_the_start_page_back(panel: BenchPanel, session: StandInController) -> None:
    session.open()
    panel.run.adopt(under_way())
    session.open()
    assert child(panel, QWidget, "benchStart").isVisible()


def test_it_measures_a_real_file(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    heard: list[Progress] = []
    panel = BenchPanel(live, theme, measure=partial(_measure_little, heard))
    on_screen(qtbot, panel, 340, 900)
    QTest.mouseClick(child(panel, QPushButton, "benchMeasure"), Qt.MouseButton.LeftButton)
    assert child(panel, QProgressBar, "benchProgress").isVisible()
    assert child(panel, QPushButton, "benchStop").isVisible()
    qtbot.waitUntil(lambda: not panel.run.is_running, timeout=PATIENCE_MS)

    bench = panel.run.bench
    assert bench is not None, panel.run.error
    assert [one.engine for one in bench.engines] == ["framescope", "opencv", "pyav"]
    own = bench.engine("framescope")
    assert set(own.measures) == set(BenchTask)
    assert own.is_exact
    assert own.peak_memory_bytes > 0
    assert child(panel, QPushButton, "benchAgain").isVisible()
    assert not child(panel, QPushButton, "benchStop").isVisible()
    assert [bar.engine for bar in panel.page.bars("random").group.bars] == ["framescope", "opencv", "pyav"]
    assert heard[-1].total == 3 * 7


def test_a_live_stream_is_measured_on_request(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    asked: list[object] = []

    def measure(*_arguments: object, **named: object) -> FileBench:
        asked.append(named["settings"])
        return canned_bench()

    panel = on_screen(qtbot, BenchPanel(live, theme, measure=measure), 340, 900)
    child(panel, QCheckBox, "benchLive").click()
    QTest.mouseClick(child(panel, QPushButton, "benchMeasure"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.run.is_running, timeout=PATIENCE_MS)
    again = child(panel, QCheckBox, "benchLiveAgain")
    assert again.isChecked(), "what was chosen before is lost"
    again.click()
    QTest.mouseClick(child(panel, QPushButton, "benchAgain"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.run.is_running, timeout=PATIENCE_MS)
    assert asked == [BenchSettings(live=True), BenchSettings()]


def _measure_little(heard: list[Progress], source: str, **named: object) -> FileBench:
    """The real measuring, of little; notes what is said of its progress."""
    progress = named.pop("progress")
    assert callable(progress)
    assert named.pop("settings") == BenchSettings()

    def note(step: Progress) -> None:
        heard.append(step)
        progress(step)

    return run_bench(source, SMALL, progress=note, **named)  # type: ignore[arg-type]
