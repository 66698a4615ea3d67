"""The table of what this machine can write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from framescope.core.synth.codecs import CODECS
from framescope.core.synth.make_settings import Writer
from framescope.core.synth.writable import WritableTable, combinations
from framescope.session.controller import Controller
from framescope.ui.make import writable_dialog
from framescope.ui.make.writable_dialog import WritableDialog
from tests.ui.parts import part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

NO_H264 = "The FFmpeg inside this OpenCV has no encoder for H.264."


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each trial was to be made afresh."""
    calls: list[bool] = []
    cells = tuple(
        replace(
            cell,
            works=cell.writer is Writer.PYAV or cell.codec == "mpeg4",
            stored="mp4v" if cell.codec == "mpeg4" else cell.fourcc,
            reason=NO_H264 if (cell.writer, cell.codec) == (Writer.OPENCV, "h264") else "",
        )
        for cell in combinations()
    )

    def table(*, afresh: bool, **_: object) -> WritableTable:
        calls.append(afresh)
        return WritableTable(cells)

    monkeypatch.setattr(writable_dialog, "writable_table", table)
    return calls


@pytest.fixture
def dialog(qtbot: QtBot, theme: ThemeSource, asked: list[bool]) -> Iterator[WritableDialog]:
    controller = Controller()
    made = WritableDialog(controller, theme)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.table.rowCount() > 0)
    assert asked == [False]
    yield made
    controller.close()


def test_each_cell_says_who_writes_it_and_why_not(dialog: WritableDialog) -> None:
    assert dialog.table.rowCount() == sum(len(codec.fourccs) for codec in CODECS)
    text, tip = dialog.cell("mp4v", "mp4")
    assert text == "both"
    assert tip == "PyAV: written and read back.\nOpenCV: written and read back."
    text, tip = dialog.cell("XVID", "mp4")
    assert text == "(both)"
    assert "OpenCV: written and read back, but the file holds mp4v." in tip
    text, tip = dialog.cell("avc1", "mp4")
    assert text == "PyAV"
    assert NO_H264 in tip
    text, tip = dialog.cell("avc1", "webm")
    assert text == "–"
    assert "PyAV: the container does not support this codec." in tip
    assert "combinations work" in part(dialog, QLabel, "writableNote").text()


def test_it_is_tried_again_when_asked(dialog: WritableDialog, asked: list[bool], qtbot: QtBot) -> None:
    again = part(dialog, QPushButton, "writableAgain")
    qtbot.waitUntil(again.isEnabled)
    again.click()
    qtbot.waitUntil(lambda: asked == [False, True] and again.isEnabled())
    part(dialog, QPushButton, "writableClose").click()
    assert not dialog.isVisible()
