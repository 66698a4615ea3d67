"""Reports go where they were asked to, and what goes wrong is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from framescope.core.errors import ExportError
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.session.settings import Settings
from framescope.ui.widgets.report_saving import Report, SavedReport, ask_and_save_report

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.ui.stand_ins import StandInController


@pytest.fixture(autouse=True)
def _settings(session: StandInController, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "settings", Settings(), raising=False)


def carry_out(jobs: list[tuple[Any, ...]]) -> SavedReport:
    """Do what the one job does."""
    ((_, work),) = jobs
    saved = work(ignore_progress, CancelToken())
    assert isinstance(saved, SavedReport)
    return saved


def save(
    qtbot: QtBot, session: StandInController, monkeypatch: pytest.MonkeyPatch, chosen: str
) -> list[tuple[Any, ...]]:
    """The jobs that were started."""
    made: list[int] = []

    def text() -> str:
        made.append(1)
        return "ä\r\n"

    parent = QWidget()
    qtbot.addWidget(parent)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_options: (chosen, ""))
    ask_and_save_report(session.as_controller(), Report("Lines", "clip_lines.txt", text), parent)
    # The window does not wait: nothing was made or written yet.
    assert not made
    return session.called("run_job")


def test_a_name_without_a_suffix_gets_the_report_s(
    qtbot: QtBot, session: StandInController, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = carry_out(save(qtbot, session, monkeypatch, str(tmp_path / "lines")))
    assert (tmp_path / "lines.txt").read_bytes() == "ä\r\n".encode()
    assert saved.summary == "The report was saved as lines.txt"


def test_nothing_is_made_where_nobody_chose(
    qtbot: QtBot, session: StandInController, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert save(qtbot, session, monkeypatch, "") == []


def test_what_cannot_be_written_is_said(
    qtbot: QtBot, session: StandInController, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    jobs = save(qtbot, session, monkeypatch, str(tmp_path / "file" / "lines.txt"))
    with pytest.raises(ExportError, match="is not a folder"):
        carry_out(jobs)
