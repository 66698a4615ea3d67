"""The dialog that makes videos, from the first click to the file, on a real session."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QSpinBox

from framescope.core.synth.number_blocks import read_number
from framescope.core.synth.source_draft import SourceKind
from framescope.core.synth.writable import WritableTable, combinations
from framescope.ui.make import dialog as make_dialog_module
from framescope.ui.make import writable_dialog as writable_dialog_module
from framescope.ui.make.dialog import MakeDialog
from framescope.ui.make.writable_dialog import WritableDialog
from tests.clips.truth import decode_in_sequence
from tests.ui.clip.session import PATIENCE_MS, mark_range, open_session
from tests.ui.parts import part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def live(qtbot: QtBot, clip: Callable[[str], Path]) -> Iterator[Controller]:
    with open_session(qtbot, clip("vfr.mp4")) as controller:
        yield controller


@pytest.fixture
def dialog(
    qtbot: QtBot, live: Controller, theme: ThemeSource, in_folder: Settings, monkeypatch: pytest.MonkeyPatch
) -> MakeDialog:
    everything = WritableTable(tuple(replace(cell, works=True) for cell in combinations()))
    for module in (make_dialog_module, writable_dialog_module):
        monkeypatch.setattr(module, "writable_table", lambda **_: everything)
    made = MakeDialog(live, theme, in_folder)
    qtbot.addWidget(made)
    made.show()
    return made


def click(dialog: MakeDialog, name: str) -> None:
    part(dialog, QPushButton, name).click()


def wait_for_result(qtbot: QtBot, dialog: MakeDialog) -> str:
    qtbot.waitUntil(dialog.result_page.isVisible, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "PSNR" in dialog.result_page.words, timeout=PATIENCE_MS)
    return part(dialog, QLabel, "makeHeadline").text()


def small_pattern(dialog: MakeDialog, count: int = 8) -> None:
    part(dialog, QSpinBox, "makeWidth").setValue(96)
    part(dialog, QSpinBox, "makeHeight").setValue(64)
    part(dialog, QSpinBox, "makeCount").setValue(count)


def rows(path: Path) -> list[tuple[int | None, float]]:
    return [
        (read_number(frame.to_ndarray(format="rgb24").astype(np.uint8)), float(frame.time or 0))
        for frame in decode_in_sequence(path)
    ]


def test_a_pattern_becomes_a_video_that_opens(
    qtbot: QtBot, dialog: MakeDialog, live: Controller, tmp_path: Path
) -> None:
    small_pattern(dialog)
    click(dialog, "makeStart")
    assert wait_for_result(qtbot, dialog).startswith("8 frames in ")
    assert [number for number, _ in rows(tmp_path / "made.mp4")] == list(range(8))
    assert [title for title, _ in dialog.result_page.view.captions] == [
        "Original",
        "Converted only",
        "From the video",
    ]
    part(dialog, QSpinBox, "makeFrameNumber").setValue(5)
    click(dialog, "makeOpen")
    qtbot.waitUntil(
        lambda: live.source == str(tmp_path / "made.mp4") and live.info is not None, timeout=PATIENCE_MS
    )


def test_frames_of_the_video_keep_their_times(
    qtbot: QtBot, dialog: MakeDialog, live: Controller, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    mark_range(live, 3, 12)
    dialog.source.choose(SourceKind.VIDEO)
    click(dialog, "makeStart")
    wait_for_result(qtbot, dialog)
    truth, found = rows(clip("vfr.mp4"))[3:13], rows(tmp_path / "made.mp4")
    assert [number for number, _ in found] == [number for number, _ in truth]
    assert [time for _, time in found] == pytest.approx([time - truth[0][1] for _, time in truth], abs=0.0006)


def test_the_name_follows_the_container_until_it_is_typed(dialog: MakeDialog, tmp_path: Path) -> None:
    target = part(dialog, QLineEdit, "makeTarget")
    container = part(dialog, QComboBox, "makeContainer")
    container.setCurrentIndex(container.findData("mkv"))
    assert target.text() == str(tmp_path / "made.mkv")
    for ending in ("mp4", "MOV", "mkv"):
        target.setText(str(tmp_path / f"mine.{ending}"))
        target.textEdited.emit(target.text())
        # From then on it is the container that follows the name.
        assert dialog.codec.container == ending.lower()
        assert dialog.problem == ""
    target.setText(str(tmp_path / "mine.xyz"))
    target.textEdited.emit(target.text())
    assert dialog.codec.container == "mkv"
    assert "does not end in .mkv" in dialog.problem
    assert not part(dialog, QPushButton, "makeStart").isEnabled()


def test_a_file_that_is_there_is_asked_about(qtbot: QtBot, dialog: MakeDialog, tmp_path: Path) -> None:
    (tmp_path / "made.mp4").write_bytes(b"what was there")
    small_pattern(dialog)
    asked: list[Path] = []

    def refuse(path: Path) -> bool:
        asked.append(path)
        return False

    dialog.asks_to_replace = refuse
    click(dialog, "makeStart")
    assert asked == [tmp_path / "made.mp4"]
    assert not dialog.is_working
    dialog.asks_to_replace = lambda _path: True
    click(dialog, "makeStart")
    wait_for_result(qtbot, dialog)
    assert len(rows(tmp_path / "made.mp4")) == 8


def test_a_failure_is_said_on_the_form(qtbot: QtBot, dialog: MakeDialog, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    small_pattern(dialog)
    target = part(dialog, QLineEdit, "makeTarget")
    target.setText(str(tmp_path / "file" / "out.mp4"))
    target.textEdited.emit(target.text())
    click(dialog, "makeStart")
    note = part(dialog, QLabel, "makeNote")
    qtbot.waitUntil(lambda: "is not a folder" in note.text(), timeout=PATIENCE_MS)
    assert not dialog.is_working
    click(dialog, "makeClose")
    assert not dialog.isVisible()


def test_stopping_leaves_a_video_that_plays(qtbot: QtBot, dialog: MakeDialog, tmp_path: Path) -> None:
    part(dialog, QSpinBox, "makeCount").setValue(2000)
    click(dialog, "makeStart")
    words = part(dialog, QLabel, "makeProgress")
    qtbot.waitUntil(lambda: " of 2" in words.text(), timeout=PATIENCE_MS)
    click(dialog, "makeStop")
    assert "stopped early" in wait_for_result(qtbot, dialog)
    found = rows(tmp_path / "made.mp4")
    assert 0 < len(found) < 2000
    assert [number for number, _ in found] == list(range(len(found)))


def test_the_table_of_what_can_be_written_is_a_click_away(qtbot: QtBot, dialog: MakeDialog) -> None:
    click(dialog, "makeWritable")
    shown = dialog.findChild(WritableDialog)
    assert shown is not None
    qtbot.waitUntil(lambda: shown.table.rowCount() > 0, timeout=PATIENCE_MS)
    shown.accept()
