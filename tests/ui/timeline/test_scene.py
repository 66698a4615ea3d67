"""What a layer is painted from."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontInfo

from framescope.ui.timeline.axis import FrameAxis
from framescope.ui.timeline.scene import Fonts
from framescope.ui.widgets.theme import LIGHT
from tests.ui.timeline.live_session import make_index

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.ui.timeline.conftest import SceneMaker


def test_a_scene_is_the_same_until_something_in_it_changes(make_scene: SceneMaker) -> None:
    scene = make_scene(make_index(100))
    assert scene.is_same_as(dataclasses.replace(scene))
    assert not scene.is_same_as(None)
    for changes in (
        {"axis": FrameAxis(1, 50, 84, 800)}, {"tokens": LIGHT}, {"ratio": 2.0}, {"frame_total": 101},
        {"width": 901}, {"chart": None},
    ):  # fmt: skip
        assert not scene.is_same_as(dataclasses.replace(scene, **changes))


def test_what_is_pending(make_scene: SceneMaker) -> None:
    assert make_scene(make_index(100)).pending_from is None
    assert make_scene(make_index(100, complete=False), frame_total=300).pending_from == 100
    assert make_scene(make_index(100, complete=False), frame_total=100).pending_from is None
    assert make_scene(None, frame_total=300).pending_from == 0
    assert make_scene(None).pending_from is None


def test_fonts_keep_their_proportions(qtbot: QtBot) -> None:
    del qtbot
    font = QFont()
    font.setPixelSize(20)
    fonts = Fonts(font)
    assert QFontInfo(fonts.small).pixelSize() < QFontInfo(fonts.label).pixelSize() < 20
    assert fonts.text_height >= fonts.label_metrics.height()
    tiny = QFont()
    tiny.setPixelSize(4)
    assert QFontInfo(Fonts(tiny).small).pixelSize() >= 8
