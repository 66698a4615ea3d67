"""The page that offers to split a video."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from framescope.ui.panels.fragments.run import FragmentRun
from framescope.ui.panels.fragments.split_page import SplitPage
from tests.ui.panels.fragments.parts import small_sweep

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.core.fragments.split import SplitSettings
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


class NotingRun(FragmentRun):
    """Starts nothing."""

    def __init__(self, session: StandInController) -> None:
        super().__init__(session.as_controller())
        self.asked: list[tuple[str, object]] = []

    def split_into(self, path: Path, settings: SplitSettings) -> None:
        self.asked.append((path.name, settings.grid.words))

    def try_cuts(self, settings: SplitSettings) -> None:
        self.asked.append(("sweep", settings.codec))


@pytest.fixture
def page(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> tuple[NotingRun, SplitPage]:
    run = NotingRun(session)
    session.open()
    widget = SplitPage(session.as_controller(), theme, run)
    qtbot.addWidget(widget)
    widget.show()
    return run, widget


def test_buttons_start_the_work(
    page: tuple[NotingRun, SplitPage], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run, widget = page
    suggested: list[str] = []

    def choose(
        _parent: object, _title: str, name: str, *_rest: object, **_options: object
    ) -> tuple[str, str]:
        suggested.append(Path(name).name)
        return str(tmp_path / "chosen"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    for name in ("fragmentSplit", "fragmentSweep"):
        button = widget.findChild(QPushButton, name)
        assert button is not None
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    widget.form.single_file.setChecked(True)
    widget.ask_and_split()
    assert [one[0] for one in run.asked] == ["chosen", "sweep", "chosen.zip"]
    assert suggested == ["clip_fragments", "clip_fragments.zip"]


def test_a_sweep_is_drawn_and_put_in_words(page: tuple[NotingRun, SplitPage]) -> None:
    run, widget = page
    assert not widget.chart.isVisible()
    run.swept = small_sweep()
    run.changed.emit()
    assert widget.chart.isVisible()
    words = widget.findChild(QLabel, "sweepWords")
    assert words is not None
    assert "Fewest bytes to read" in words.text()
