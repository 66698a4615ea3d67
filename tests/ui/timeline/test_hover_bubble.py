"""The bubble's words, picture and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from framescope.ui.timeline.hover import HoverBubble, facts_of
from framescope.ui.widgets.theme import DARK
from tests.ui.parts import on_screen
from tests.ui.timeline.live_session import make_index, without_pts
from tests.ui.timeline.pixels import differs, is_near

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    return on_screen(qtbot, widget, 800, 500)


def test_facts_of_a_frame() -> None:
    facts = facts_of(make_index(100), 12, "0:00.48", is_unavailable=False)
    assert (facts.frame_number, facts.pts, facts.size_bytes) == (12, 12 * 1000 + 7777, 4000)
    assert facts.is_keyframe
    assert facts.type_code == 1
    assert not facts.is_decoded
    assert facts.trouble == ""


def test_facts_of_frames_in_trouble() -> None:
    damaged = make_index(100, damaged_frames=np.array([7], np.int32), **without_pts(100))
    assert facts_of(damaged, 7, "0:00.0", is_unavailable=False).trouble == "damaged"
    assert facts_of(damaged, 7, "0:00.0", is_unavailable=True).trouble == "cannot be shown"
    assert facts_of(damaged, 8, "0:00.0", is_unavailable=False).pts is None
    for index in (damaged, None):
        beyond = facts_of(index, 500, "0:00.0", is_unavailable=False)
        assert beyond.trouble == "not indexed yet"
        assert beyond.type_code is beyond.size_bytes is None


@pytest.mark.parametrize(("x", "is_clamped"), [(400, False), (0, True), (799, True)])
def test_it_stands_above_the_spot_and_inside_the_window(host: QWidget, x: int, *, is_clamped: bool) -> None:
    bubble = HoverBubble(host)
    bubble.point_at(QPoint(x, 400), 450)
    assert bubble.isVisible()
    assert bubble.geometry().bottom() < 400
    assert host.rect().contains(bubble.geometry())
    assert (abs(bubble.geometry().center().x() - x) > 1) is is_clamped


def test_without_room_above_it_goes_below(host: QWidget) -> None:
    bubble = HoverBubble(host)
    bubble.point_at(QPoint(400, 20), 120)
    assert bubble.geometry().top() > 120


def test_it_shows_a_picture_and_owns_up_to_another_frames(host: QWidget) -> None:
    bubble = HoverBubble(host)
    image = QImage(160, 90, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff00ff"))
    bubble.tell(facts_of(make_index(100), 15, "0:00.6", is_unavailable=False), DARK)
    bubble.set_picture(image, 15)
    bubble.point_at(QPoint(400, 400), 450)
    own = bubble.grab().toImage()
    assert is_near(own.pixelColor(bubble.width() // 2, 40), QColor("#ff00ff"))
    bubble.set_picture(image, 12)
    assert differs(own, bubble.grab().toImage())


@pytest.mark.parametrize("shape", [(90, 160), (400, 90), (0, 0)])
def test_pictures_of_any_shape_leave_room_for_the_words(host: QWidget, shape: tuple[int, int]) -> None:
    bubble = HoverBubble(host)
    bubble.tell(facts_of(make_index(100), 15, "0:00.6", is_unavailable=False), DARK)
    bubble.set_picture(QImage(*shape, QImage.Format.Format_RGB32), 15)
    bubble.point_at(QPoint(400, 400), 450)
    assert 180 <= bubble.width() <= 260
    assert not bubble.grab().isNull()
