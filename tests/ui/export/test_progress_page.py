"""How far an export is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar

from framescope.core.model.progress import Progress
from framescope.ui.export.result_page import ExportProgressPage
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


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
