"""How far, how fast, how long still."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar

from framescope.core.model.progress import Progress
from framescope.ui.export.result_page import ExportProgressPage, progress_words
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize(
    ("done", "total", "elapsed_s", "words"),
    [
        (0, 300, 0.0, "0 of 300 frames"),
        (3, 300, 0.1, "3 of 300 frames"),
        (120, 300, 5.0, "120 of 300 frames · 24 frames/s · 8 s left"),
        (3, 300, 6.0, "3 of 300 frames · 0.5 frames/s · 9 min 54 s left"),
        (300, 300, 10.0, "300 of 300 frames · 30 frames/s"),
        (1, 1, 1.0, "1 of 1 frame · 1.0 frames/s"),
    ],
)
def test_words(done: int, total: int, elapsed_s: float, words: str) -> None:
    assert progress_words(done, total, elapsed_s) == words


def test_the_page_follows_an_export(qtbot: QtBot) -> None:
    page = ExportProgressPage()
    qtbot.addWidget(page)
    bar, words = part(page, QProgressBar, "exportBar"), part(page, QLabel, "exportProgress")
    page.begin("Exporting", "/a/folder")
    assert bar.maximum() == 0
    page.show_progress(Progress(0, 40, ""))
    page.show_progress(Progress(10, 40, "clip_000010.png"))
    assert bar.value() / bar.maximum() == pytest.approx(0.25)
    assert words.text().startswith("10 of 40 frames")
    page.show_stopping()
    assert words.text().startswith("Stopping")
