"""Choosing the video stream by its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QListWidget

from framescope.ui.dialogs.stream_dialog import StreamDialog
from tests.ui.clip.session import open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller


@pytest.fixture
def two_videos(qtbot: QtBot, clip: Callable[[str], Path]) -> Iterator[Controller]:
    with open_session(qtbot, clip("two_videos.mkv")) as controller:
        yield controller


def list_of(dialog: StreamDialog) -> QListWidget:
    found = dialog.findChild(QListWidget, "streams")
    assert found is not None
    return found


def test_each_stream_is_listed_with_a_picture(qtbot: QtBot, two_videos: Controller) -> None:
    dialog = StreamDialog(two_videos)
    qtbot.addWidget(dialog)
    rows = list_of(dialog)
    assert rows.count() == 2
    blank = rows.item(0).icon().cacheKey()
    qtbot.waitUntil(lambda: rows.item(0).icon().cacheKey() != blank)
    info = two_videos.info
    assert info is not None
    other = next(row for row in range(2) if row != rows.currentRow())
    rows.setCurrentRow(other)
    dialog.accept()
    assert dialog.stream_index == [0, 2][other]
    assert dialog.stream_index != info.stream_index


def test_cancelling_chooses_none(qtbot: QtBot, two_videos: Controller) -> None:
    dialog = StreamDialog(two_videos)
    qtbot.addWidget(dialog)
    dialog.reject()
    assert dialog.stream_index is None
