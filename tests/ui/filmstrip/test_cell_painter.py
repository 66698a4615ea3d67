"""What a cell looks like."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from framescope.ui.filmstrip.cells import CellLook, CellStyle, paint_cell
from framescope.ui.timeline.lanes import Lane
from framescope.ui.timeline.scene import Fonts
from framescope.ui.widgets.theme import DARK
from tests.ui.timeline.pixels import differs, holds_color, is_near, painted

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ROOM = QPointF(20, 10)
WHOLE = Lane(0, 140)


@pytest.fixture
def style(qtbot: QtBot) -> CellStyle:
    del qtbot
    return CellStyle(DARK, Fonts(QApplication.font()), QSizeF(128, 72), 1.0, (10.0, 160.0))


def cell(style: CellStyle, **changes: Any) -> QImage:  # noqa: ANN401
    facts: dict[str, Any] = {
        "frame_number": 1234, "time": "0:01.500", "type_code": 2, "is_decoded": True, "image": picture(),
        "is_current": False, "holds_current": False, "is_marked": False, "holds_mark": False,
        "is_damaged": False, "is_hovered": False,
    }  # fmt: skip
    image = QImage(170, 140, QImage.Format.Format_RGB32)
    image.fill(DARK.surface)
    return painted(image, lambda painter: paint_cell(painter, CellLook(**{**facts, **changes}), ROOM, style))


def picture(width: int = 128, height: int = 72) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff00ff"))
    return image


def test_the_picture_fills_its_room(style: CellStyle) -> None:
    image = cell(style)
    for x, y in ((26, 16), (84, 46), (142, 76)):
        assert is_near(image.pixelColor(x, y), QColor("#ff00ff"))


def test_a_picture_of_another_shape_is_not_stretched(style: CellStyle) -> None:
    image = cell(style, image=picture(40, 80))
    assert is_near(image.pixelColor(84, 46), QColor("#ff00ff"))
    assert is_near(image.pixelColor(30, 46), DARK.picture_background)


def test_what_is_on_its_way_is_a_calm_surface(style: CellStyle) -> None:
    for missing in (None, QImage()):
        assert is_near(cell(style, image=missing).pixelColor(84, 46), DARK.surface_raised)


def test_what_is_damaged_says_so(style: CellStyle) -> None:
    assert differs(cell(style, image=None), cell(style, image=None, is_damaged=True))


def test_outlines_tell_present_hovered_and_others_apart(style: CellStyle) -> None:
    looks = [cell(style, **{name: True}) for name in ("is_current", "holds_current", "is_hovered")]
    assert holds_color(looks[0], DARK.accent, WHOLE, 10, 160)
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert differs(looks[one], looks[other])
    assert all(differs(cell(style), look) for look in looks)


def test_badges(style: CellStyle) -> None:
    for name in ("is_marked", "holds_mark"):
        assert holds_color(cell(style, **{name: True}), DARK.mark, WHOLE, 120, 160)
    assert not holds_color(cell(style), DARK.mark, WHOLE, 120, 160)


def test_the_dot_is_hollow_while_the_type_is_inferred(style: CellStyle) -> None:
    below = Lane(84, 20)
    counts = []
    for is_decoded in (True, False):
        image = cell(style, is_decoded=is_decoded)
        spots = ((x, y) for x in range(20, 148) for y in range(below.top, below.bottom))
        counts.append(sum(is_near(image.pixelColor(x, y), DARK.p_frame) for x, y in spots))
    assert counts[0] > counts[1]
    assert not holds_color(cell(style, type_code=None), DARK.p_frame, below, 20, 148)


def test_a_cell_is_as_high_as_it_says(style: CellStyle) -> None:
    image = cell(style)
    bottom = round(ROOM.y() + style.height)
    assert all(image.pixelColor(x, y) == DARK.surface for x in range(170) for y in range(bottom + 1, 140))


def test_words_stay_whole_at_the_edges_of_the_strip_or_are_left_out(style: CellStyle) -> None:
    below = Lane(84, 50)
    for right, is_written in ((160.0, True), (100.0, True), (40.0, False)):
        image = cell(dataclasses.replace(style, view=(10.0, right)))
        assert holds_color(image, DARK.text, below, 20, 148) is is_written
        assert not holds_color(image, DARK.text, below, right, 165)


def test_a_note_is_written_along_the_lower_edge(style: CellStyle) -> None:
    plain = cell(style, is_marked=True)
    noted = cell(style, is_marked=True, note="A note that is much longer than the picture is wide")
    rows, columns = range(plain.height()), range(20, 148)
    changed = [y for y in rows for x in columns if plain.pixel(x, y) != noted.pixel(x, y)]
    assert changed
    assert 50 < min(changed) <= max(changed) < 82
