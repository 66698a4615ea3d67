"""The blocks panel shows the numbers of the frame on screen, and switches the layers over the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel

from framescope.session.frame_blocks import BlockLayer
from framescope.ui.panels.blocks.panel import BlocksPanel
from tests.ui.clip.session import find_unavailable
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def panel(qtbot: QtBot, live: Controller, theme: ThemeSource) -> BlocksPanel:
    made = BlocksPanel(live, theme)
    on_screen(qtbot, made, 340, 900)
    qtbot.waitUntil(lambda: title_of(made) == "Frame 0, I")
    return made


def title_of(panel: BlocksPanel) -> str:
    title = panel.findChild(QLabel, "blocksTitle")
    assert title is not None
    return title.text()


def test_it_follows_the_playhead(panel: BlocksPanel, live: Controller, qtbot: QtBot) -> None:
    live.show_frame(7)
    qtbot.waitUntil(lambda: title_of(panel).startswith("Frame 7, "))
    texts = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert "Quantisers: QP" in texts
    assert any(text.endswith("%") for text in texts)
    assert panel.isVisible()


def test_blocks_of_an_earlier_frame_or_video_do_not_stay(
    panel: BlocksPanel, live: Controller, qtbot: QtBot
) -> None:
    find_unavailable(live)
    assert title_of(panel) == ""
    assert "Quantisers: QP" not in [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    live.show_frame(7)
    qtbot.waitUntil(lambda: title_of(panel).startswith("Frame 7, "))
    live.close_source()
    assert title_of(panel) == ""


def test_a_switch_draws_its_layer(panel: BlocksPanel, live: Controller, qtbot: QtBot) -> None:
    switch = panel.findChild(QCheckBox, "layerKINDS")
    assert switch is not None
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(8, switch.height() // 2))
    assert live.blocks.layers == BlockLayer.KINDS
    # From elsewhere, such as the menu.
    live.blocks.toggle(BlockLayer.KINDS)
    qtbot.waitUntil(lambda: not switch.isChecked())


def test_a_codec_without_blocks_is_explained(
    panel: BlocksPanel, live: Controller, clip: Callable[[str], Path], qtbot: QtBot
) -> None:
    live.open_source(str(clip("vp8.webm")))
    qtbot.waitUntil(lambda: title_of(panel) == "vp8")
    texts = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert any("exports neither" in text for text in texts)
    assert "Quantisers: QP" not in texts
    assert not any(box.isEnabled() for box in panel.findChildren(QCheckBox))
