"""The bars of a GOP: which frames, and which of them lead to the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from framescope.core.media.frame_order import order_frames
from framescope.core.media.gops import gop_table
from framescope.ui.panels.gop.frame_chart import GopFrames, gop_frames
from framescope.ui.panels.gop.strip import GopStrip
from tests.core.media.index_examples import TIME_BASE, packet_table
from tests.ui.panels.panel_examples import gop_index
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


def content_of(frame_number: int, most: int = 100) -> GopFrames:
    index = gop_index()
    return gop_frames(gop_table(index), index, frame_number, most)


def test_a_frame_needs_what_comes_before_it_in_decode_order() -> None:
    # Decoded I0 P3 B1 B2: the last B needs all, the P only the keyframe.
    assert content_of(2).needed.tolist() == [True, True, True, True]
    assert content_of(3).needed.tolist() == [True, False, False, True]
    assert content_of(0).needed.tolist() == [True, False, False, False]


def test_a_leading_picture_brings_the_gop_before() -> None:
    content = content_of(9)
    assert content.numbers.tolist() == list(range(4, 12))
    assert content.numbers[content.present] == 9
    assert not content.needed[-1]


@pytest.mark.parametrize("number", [0, 10, 150, 298, 299])
def test_a_long_gop_is_cut_around_the_present_frame(number: int) -> None:
    index = order_frames(packet_table(list(range(300)), [0]), TIME_BASE)
    content = gop_frames(gop_table(index), index, number, 50)
    assert len(content.numbers) == 50
    assert content.is_cut
    assert content.numbers[content.present] == number


@pytest.fixture
def strip(qtbot: QtBot, theme: ThemeSource) -> GopStrip:
    made = GopStrip(theme)
    return on_screen(qtbot, made, 300, 92)


def test_a_click_asks_for_the_frame_under_it(strip: GopStrip, qtbot: QtBot) -> None:
    strip.set_content(content_of(5))
    places = {strip.frame_at(QPointF(x + 0.5, 50)): x for x in range(strip.width())}
    assert set(places) == {None, 4, 5, 6, 7, 8}
    with qtbot.waitSignal(strip.frame_clicked) as clicked:
        QTest.mouseClick(
            strip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(places[7] - 3, 50)
        )
    assert clicked.args == [7]


def test_it_draws_any_content(strip: GopStrip) -> None:
    empty = strip.grab().toImage()
    strip.set_content(content_of(5))
    assert strip.grab().toImage() != empty
    index = order_frames(packet_table(list(range(300)), [0]), TIME_BASE)
    strip.set_content(gop_frames(gop_table(index), index, 100, strip.capacity))
    assert strip.grab().toImage() != empty
    strip.set_content(None)
    assert strip.grab().toImage() == empty


def test_without_content_nothing_can_be_clicked(strip: GopStrip) -> None:
    assert strip.frame_at(QPointF(100, 50)) is None
    assert strip.capacity > 10
