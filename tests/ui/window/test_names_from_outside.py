"""No name, title or text from outside acts on the screen: wherever the window shows it, it is harmless."""

from __future__ import annotations

import os
import re
import shutil
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QTableView, QWidget

from framescope.core.marks.marked_frames import MarkedFrames
from tests.ui.window.conftest import wait_for_frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.ui.window.main_window import MainWindow

ODD = "a\x1b[2J \u202egpj\u2066.\x9b1A &b"
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ud800-\udfff]")
_PROPERTIES = ("text", "title", "toolTip", "windowTitle", "placeholderText", "accessibleName", "statusTip")


@pytest.fixture
def odd(plain_clip: Path, tmp_path: Path) -> str:
    """A clip with an odd name, odd chapters, and another one beside it."""
    folder = tmp_path / "videos"
    folder.mkdir()
    path = folder / f"{ODD}.mkv"
    with av.open(plain_clip) as source:
        try:
            made = av.open(os.fspath(path), "w", format="matroska")
        except OSError:
            pytest.skip("this file system takes no such name")
        with made:
            made.set_chapters(
                [
                    {
                        "id": number,
                        "start": number * 500,
                        "end": number * 500 + 500,
                        "time_base": Fraction(1, 1000),
                        "metadata": {"title": ODD},
                    }
                    for number in range(3)
                ]
            )
            stream = made.add_stream_from_template(source.streams.video[0])
            for packet in source.demux(video=0):
                if packet.dts is not None:
                    packet.stream = stream
                    made.mux(packet)
    shutil.copyfile(path, folder / f"{ODD} 2.mkv")
    return str(path)


def texts_of(top: QWidget) -> Iterator[tuple[str, str]]:
    for part in (top, *top.findChildren(QWidget), *top.findChildren(QAction)):
        where = f"{type(part).__name__} {part.objectName()}"
        yield from ((f"{where}.{name}", str(part.property(name) or "")) for name in _PROPERTIES)
        if isinstance(part, QTableView) and (model := part.model()) is not None:
            places = [
                (row, column) for row in range(model.rowCount()) for column in range(model.columnCount())
            ]
            yield from ((where, str(model.index(*place).data() or "")) for place in places)


def test_nothing_that_is_shown_acts(qtbot: QtBot, window: MainWindow, odd: str) -> None:
    window.open_sources([odd, odd.replace(".mkv", " 2.mkv")])
    wait_for_frame(qtbot, window, 0)
    controller = window.controller
    qtbot.waitUntil(lambda: controller.index is not None and controller.index.complete)
    qtbot.waitUntil(lambda: len(controller.tracks.chapters) == 3)
    controller.set_note(3, ODD)
    controller.add_marked(MarkedFrames().with_label(4, ODD).with_note(4, ODD))
    found: dict[str, str] = {}
    for name in window.docks.panel_names:
        window.docks.show_panel(name)
        QApplication.sendPostedEvents()
        found |= dict(texts_of(window))
    dialogs = window.dialogs
    for show in (
        dialogs.export_frames,
        dialogs.export_queue,
        dialogs.export_clip,
        dialogs.make_contact_sheet,
        dialogs.show_marks,
        dialogs.show_command_palette,
    ):
        show()
        for top in QApplication.topLevelWidgets():
            if not isinstance(top, QMenu):
                found |= dict(texts_of(top))
    for top in QApplication.topLevelWidgets():
        if top is not window:
            top.close()
    # It is there at all, and the fields where a path is typed hold it as it is.
    assert [where for where, text in found.items() if "gpj" in text]
    bad = {where: text for where, text in found.items() if ACTING.search(text) and "LineEdit" not in where}
    assert not bad


def test_an_error_names_it_too(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / f"{ODD}.mp4"
    try:
        path.write_bytes(b"no video" * 100)
    except OSError:
        pytest.skip("this file system takes no such name")
    window.open_source(str(path))
    qtbot.waitUntil(lambda: any("gpj" in text for _, text in texts_of(window)))
    assert not {where: text for where, text in texts_of(window) if ACTING.search(text)}
