"""The head of the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QPushButton, QToolButton

from framescope.core.model.progress import Progress
from framescope.ui.panels.seek.bar import SeekBar
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.progress_bar import ProgressBar
from tests.ui.panels.seek.audits import child

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


def test_progress_stays_when_a_part_arrives(qtbot: QtBot, theme: ThemeSource) -> None:
    bar = SeekBar(theme, QMenu())
    qtbot.addWidget(bar)
    bar.set_state(is_running=True, can_export=False, can_start=True)
    bar.progress.show_progress(Progress(3, 10, "decord (1 of 2 engines)"))
    bar.set_state(is_running=True, can_export=False, can_start=True)

    shown = child(bar, ProgressBar, "seekProgress")
    assert shown.value() * 10 == shown.maximum() * 3


def test_stop_can_be_pressed_once(qtbot: QtBot, theme: ThemeSource) -> None:
    bar = SeekBar(theme, QMenu())
    qtbot.addWidget(bar)
    bar.set_state(is_running=True, can_export=False, can_start=True)
    button = child(bar, QPushButton, "seekStop")
    with qtbot.waitSignal(bar.progress.stop_wanted):
        button.click()

    assert not button.isEnabled()
    bar.progress.show_progress(Progress(3, 10, "decord"))
    assert any(label.whole_text == "Stopping…" for label in bar.findChildren(ElidedLabel))


def test_there_is_nothing_to_save_before_there_is_an_answer(qtbot: QtBot, theme: ThemeSource) -> None:
    bar = SeekBar(theme, QMenu())
    qtbot.addWidget(bar)
    bar.set_state(is_running=False, can_export=False, can_start=True)
    assert not child(bar, QToolButton, "seekExport").isEnabled()
    bar.set_state(is_running=False, can_export=True, can_start=True)
    with qtbot.waitSignal(bar.export_wanted) as wanted:
        child(bar, QToolButton, "seekExport").menu().actions()[1].trigger()

    assert wanted.args == [".json"]
