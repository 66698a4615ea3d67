"""Reports go where they were asked to, and what goes wrong is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from framescope.session.settings import Settings
from framescope.ui.panels.report_saving import Report, ask_and_save_report

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.ui.stand_ins import StandInController


@pytest.fixture
def said(session: StandInController, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The notices, as they are posted."""
    monkeypatch.setattr(session, "settings", Settings(), raising=False)
    notices: list[tuple[str, str]] = []
    session.notice_posted.connect(lambda text, level: notices.append((text, level)))
    return notices


def save(qtbot: QtBot, session: StandInController, monkeypatch: pytest.MonkeyPatch, chosen: str) -> list[int]:
    made: list[int] = []

    def text() -> str:
        made.append(1)
        return "ä\r\n"

    parent = QWidget()
    qtbot.addWidget(parent)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_options: (chosen, ""))
    ask_and_save_report(session.as_controller(), Report("Lines", "clip_lines.txt", text), parent)
    return made


def test_a_name_without_a_suffix_gets_the_report_s(
    qtbot: QtBot,
    session: StandInController,
    said: list[tuple[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save(qtbot, session, monkeypatch, str(tmp_path / "lines"))
    assert (tmp_path / "lines.txt").read_bytes() == "ä\r\n".encode()
    assert said == [("The report was saved as lines.txt", "info")]


def test_nothing_is_made_where_nobody_chose(
    qtbot: QtBot, session: StandInController, said: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not save(qtbot, session, monkeypatch, "")
    assert not said


def test_what_cannot_be_written_is_said(
    qtbot: QtBot,
    session: StandInController,
    said: list[tuple[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "file").touch()
    save(qtbot, session, monkeypatch, str(tmp_path / "file" / "lines.txt"))
    ((text, level),) = said
    assert (level, "is not a folder" in text) == ("error", True)
