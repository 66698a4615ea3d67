"""Saving tables from the window."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from framescope.core.source.opening import open_video
from framescope.core.tables.table import TableFormat
from framescope.core.tables.video_tables import TableKind
from framescope.session.settings import Settings
from framescope.ui.export.save_table import (
    SavedTable,
    ask_and_save_lanes,
    ask_and_save_table,
    save_table,
    with_table_suffix,
)
from framescope.ui.lanes.desk import LaneDesk
from framescope.ui.widgets.save_target import Target
from tests.ui.clip.session import PATIENCE_MS, open_session

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller


@pytest.mark.parametrize("kind", list(TableKind))
def test_a_table_is_saved_where_the_user_says(
    qtbot: QtBot, plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: TableKind
) -> None:
    asked: list[str] = []

    def answer(
        _parent: QWidget, _title: str, start: str, _filters: str, **_options: object
    ) -> tuple[str, str]:
        asked.append(start)
        return str(tmp_path / "table"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    settings, parent = Settings(), QWidget()
    qtbot.addWidget(parent)
    with open_session(qtbot, plain_clip) as controller:
        job = ask_and_save_table(controller, settings, kind, parent)
        assert job is not None
        ended = job
        qtbot.waitUntil(lambda: ended.is_over, timeout=PATIENCE_MS)
        result = ended.result
    assert isinstance(result, SavedTable)
    rows = 4 if kind is TableKind.GOPS else 48
    assert result.summary == f"table.csv: {rows} rows saved"
    assert asked == [f"h264_{kind.value}.csv"]
    with (tmp_path / "table.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == rows


def test_nothing_is_saved_without_a_video_or_a_name(
    qtbot: QtBot, controller: Controller, monkeypatch: pytest.MonkeyPatch, plain_clip: Path
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    assert ask_and_save_table(controller, Settings(), TableKind.GOPS, parent) is None
    assert save_table(controller, TableKind.GOPS, Target(Path("a.csv"), replaces=False)) is None
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("", ""))
    with open_session(qtbot, plain_clip) as live:
        assert ask_and_save_table(live, Settings(), TableKind.GOPS, parent) is None


def test_a_name_without_an_ending_gets_one() -> None:
    assert with_table_suffix(Path("a"), TableFormat.JSON) == Path("a.json")
    assert with_table_suffix(Path("a.b"), None) == Path("a.b.csv")
    assert with_table_suffix(Path("a.CSV"), TableFormat.JSON) == Path("a.CSV")


def test_the_lanes_of_the_timeline_are_saved(
    qtbot: QtBot, plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = str(tmp_path / "lanes.csv")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_o: (target, ""))
    parent = QWidget()
    qtbot.addWidget(parent)
    with open_session(qtbot, plain_clip) as controller:
        notices: list[str] = []
        controller.notice_posted.connect(lambda text, _level: notices.append(text))
        assert ask_and_save_lanes(controller, Settings(), parent) is None
        assert notices == ["No lane of the timeline has values yet."]
        controller.settings.toggle_lane("luma_mean")
        desk = LaneDesk.of(controller)
        qtbot.waitUntil(lambda: desk.curves[0].reached == 48, timeout=PATIENCE_MS)
        job = ask_and_save_lanes(controller, Settings(), parent)
        assert job is not None
        qtbot.waitUntil(lambda: job.is_over, timeout=PATIENCE_MS)
    with (tmp_path / "lanes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open_video(plain_clip) as video:
        means = [float(frame.planes()[0].mean()) for frame in video]
    assert [float(row["luma_mean"]) for row in rows] == pytest.approx(means, rel=1e-5)
