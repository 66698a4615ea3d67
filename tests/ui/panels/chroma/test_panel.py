"""The chroma panel follows the current frame of a real session."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel

from framescope.core.synth.chroma_loss import Losses, measure_losses
from framescope.ui.panels.chroma import panel as chroma_panel
from framescope.ui.panels.chroma.panel import ChromaPanel
from tests.ui.clip.session import find_unavailable
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from framescope.core.synth.make_settings import MakeSettings
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def panel(qtbot: QtBot, live: Controller, theme: ThemeSource) -> ChromaPanel:
    made = ChromaPanel(live, theme)
    on_screen(qtbot, made, 340, 900)
    qtbot.waitUntil(lambda: made.planes.names == ("Y", "Cb", "Cr"))
    return made


def test_it_shows_planes_pixels_and_losses(panel: ChromaPanel, qtbot: QtBot) -> None:
    title = panel.findChild(QLabel, "chromaTitle")
    assert title is not None
    assert title.text() == "4:2:0, 8 bits"
    assert panel.magnifier.grids["Cb"] == (8, 8)
    qtbot.waitUntil(lambda: panel.losses.rows["4:2:0"][2].endswith("dB"))


def test_it_follows_the_playhead(panel: ChromaPanel, live: Controller, qtbot: QtBot) -> None:
    before = panel.planes.grab().toImage()
    live.show_frame(30)
    qtbot.waitUntil(lambda: panel.planes.grab().toImage() != before)
    qtbot.waitUntil(lambda: panel.losses.rows["4:2:0"][2].endswith("dB"))


def test_nothing_is_shown_for_a_frame_that_is_not_available(
    panel: ChromaPanel, live: Controller, qtbot: QtBot
) -> None:
    find_unavailable(live)
    qtbot.waitUntil(lambda: not panel.planes.isVisible())
    live.show_frame(30)
    qtbot.waitUntil(panel.planes.isVisible)


def test_figures_of_an_earlier_codec_are_not_shown(
    panel: ChromaPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: panel.losses.rows["4:2:0"][2].endswith("dB"))
    has_begun, may_end = threading.Event(), threading.Event()

    def slow(rgb: NDArray[np.uint8], settings: MakeSettings) -> Losses:
        if settings.codec == "ffv1":
            has_begun.set()
            may_end.wait(30)
        return measure_losses(rgb, settings)

    shown: list[str] = []

    def note(losses: Losses | None) -> None:
        if losses is not None:
            shown.append(losses.settings.codec)

    monkeypatch.setattr(chroma_panel, "measure_losses", slow)
    monkeypatch.setattr(panel.losses, "show_losses", note)
    codec = panel.findChild(QComboBox, "chromaCodec")
    assert codec is not None
    codec.setCurrentIndex(codec.findData("ffv1"))
    qtbot.waitUntil(has_begun.is_set)
    codec.setCurrentIndex(codec.findData("mjpeg"))
    may_end.set()
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == ["mjpeg"]


def test_a_click_moves_the_enlarged_pixels(panel: ChromaPanel) -> None:
    corners = []
    for share in (0.1, 0.9):
        place = panel.planes.places[0]
        point = place.topLeft() + (place.bottomRight() - place.topLeft()) * share
        QTest.mouseClick(panel.planes, Qt.MouseButton.LeftButton, pos=point.toPoint())
        corners.append(panel.magnifier.corner)
    assert corners[0] == (8, 4)
    assert corners[1][0] > 120
    assert corners[1][1] > 90


def test_the_tint_can_be_taken_off(panel: ChromaPanel) -> None:
    tint = panel.findChild(QCheckBox, "chromaTint")
    assert tint is not None
    tinted = panel.planes.grab().toImage()
    tint.click()
    assert panel.planes.grab().toImage() != tinted


def test_without_a_video_it_says_what_it_is_for(panel: ChromaPanel, live: Controller, qtbot: QtBot) -> None:
    live.close_source()
    qtbot.waitUntil(lambda: not panel.planes.isVisible())
