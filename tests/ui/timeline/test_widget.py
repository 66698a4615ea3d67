"""The timeline as a person uses it: real events, a session that obeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from framescope.session.state import FrameChoice
from framescope.ui.timeline.axis import WIDEST_CELL_PX
from framescope.ui.timeline.hover import HoverBubble
from framescope.ui.timeline.pointer import overview_axis
from framescope.ui.widgets.theme import LIGHT, ThemeChoice, ThemeSource
from tests.ui.timeline.live_session import LiveSession, make_index, without_pts
from tests.ui.timeline.pixels import differs, holds_color

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.timeline.widget import Timeline

TEN_HOURS = 2_160_000
LEFT = Qt.MouseButton.LeftButton


def at(timeline: Timeline, position: float, lane: str = "bars") -> QPoint:
    scene = timeline.scene
    axis = overview_axis(scene) if lane == "overview" else scene.axis
    return QPoint(round(axis.x_of(position)), round(getattr(scene.lanes, lane).middle))


def wheel(
    timeline: Timeline, where: QPoint, delta: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    spot = QPointF(where)
    event = QWheelEvent(
        spot, QPointF(timeline.mapToGlobal(where)), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003 - Qt's signature
    )  # fmt: skip
    QApplication.sendEvent(timeline, event)


def test_names_for_tests_and_screen_readers(timeline: Timeline, session: LiveSession) -> None:
    assert timeline.objectName() == "timeline"
    assert timeline.accessibleName() == "Timeline"
    assert timeline.accessibleDescription() == "No video is open."
    session.open_index(make_index(1000))
    session.show_frame(12)
    assert timeline.accessibleDescription() == "Frame 12 of 1000, 0:00.480, I picture, keyframe"
    session.show_frame(13)
    assert timeline.accessibleDescription() == "Frame 13 of 1000, 0:00.520, B picture"
    session.close_source()
    assert timeline.accessibleDescription() == "No video is open."


def test_a_press_shows_the_frame_under_the_pointer(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(100))
    QTest.mousePress(timeline, LEFT, pos=at(timeline, 42.5))
    assert session.position == 42


def test_a_drag_shows_every_frame_on_the_way(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(100))
    QTest.mousePress(timeline, LEFT, pos=at(timeline, 10.5))
    for number in (11, 30, 60, 59):
        QTest.mouseMove(timeline, at(timeline, number + 0.5))
    QTest.mouseRelease(timeline, LEFT, pos=at(timeline, 59.5))
    assert session.called("show_frame") == [(10,), (11,), (30,), (60,), (59,)]
    QTest.mouseMove(timeline, at(timeline, 80.5))
    assert session.position == 59


def test_a_drag_past_the_edge_scrolls_on(timeline: Timeline, session: LiveSession, qtbot: QtBot) -> None:
    session.open_index(make_index(1000))
    session.set_visible_range(100, 200)
    QTest.mousePress(timeline, LEFT, pos=at(timeline, 190.5))
    outside = QPoint(timeline.width() + 30, 100)
    QTest.mouseMove(timeline, outside)
    qtbot.waitUntil(lambda: session.position > 220)
    QTest.mouseRelease(timeline, LEFT, pos=outside)
    first = session.visible_range[0]
    assert first > 120
    qtbot.wait(60)
    assert session.visible_range[0] == first


def test_ctrl_and_wheel_zoom_at_the_pointer(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(TEN_HOURS))
    where = at(timeline, 1_000_000.5)
    under = timeline.scene.axis.position_at(where.x())
    for _ in range(20):
        wheel(timeline, where, 120, Qt.KeyboardModifier.ControlModifier)
    assert timeline.scene.axis.span < TEN_HOURS / 50
    assert timeline.scene.axis.position_at(where.x()) == pytest.approx(under)
    for _ in range(60):
        wheel(timeline, where, 120, Qt.KeyboardModifier.ControlModifier)
    assert timeline.scene.axis.px_per_frame == pytest.approx(WIDEST_CELL_PX)
    for _ in range(90):
        wheel(timeline, where, -120, Qt.KeyboardModifier.ControlModifier)
    assert session.visible_range == pytest.approx((0, TEN_HOURS))


@pytest.mark.parametrize("keys", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier])
def test_the_wheel_scrolls(timeline: Timeline, session: LiveSession, keys: Qt.KeyboardModifier) -> None:
    session.open_index(make_index(1000))
    session.set_visible_range(100, 200)
    wheel(timeline, at(timeline, 150), -120, keys)
    first, last = session.visible_range
    assert first > 100
    assert last - first == pytest.approx(100)
    wheel(timeline, at(timeline, 150), 120, keys)
    assert session.visible_range == pytest.approx((100, 200))


def test_a_double_click_on_the_overview_shows_everything(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    session.set_visible_range(100, 200)
    QTest.mouseDClick(timeline, LEFT, pos=at(timeline, 150, "overview"))
    assert session.visible_range == pytest.approx((0, 1000))


def test_a_double_click_elsewhere_is_a_press(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(100))
    QTest.mouseDClick(timeline, LEFT, pos=at(timeline, 30.5))
    assert session.position == 30


def test_zooming_goes_around_the_playhead(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    session.show_frame(500)
    timeline.zoom_by(2)
    assert session.visible_range == pytest.approx((250.25, 750.25))
    timeline.zoom_by(1 / 2)
    assert session.visible_range == pytest.approx((0, 1000))
    session.set_visible_range(0, 100)
    timeline.zoom_by(2)
    assert session.visible_range == pytest.approx((25, 75))
    timeline.zoom_to_fit()
    assert session.visible_range == pytest.approx((0, 1000))


def test_the_whole_file_stays_in_view_while_it_grows(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(None, frame_total=900)
    session.grow(make_index(300, complete=False), frame_total=950)
    assert session.visible_range == pytest.approx((0, 950))
    session.grow(make_index(1000))
    assert session.visible_range == pytest.approx((0, 1000))
    assert timeline.scene.pending_from is None


def test_a_view_that_was_chosen_is_kept_while_the_file_grows(
    timeline: Timeline, session: LiveSession
) -> None:
    session.open_index(make_index(300, complete=False), frame_total=900)
    session.set_visible_range(100, 200)
    session.grow(make_index(1000))
    assert session.visible_range == pytest.approx((100, 200))
    assert timeline.scene.axis.first == 100


def test_an_estimate_that_was_too_long_is_corrected(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(300, complete=False), frame_total=900)
    session.set_visible_range(700, 900)
    session.grow(make_index(400))
    assert session.visible_range == pytest.approx((200, 400))
    assert timeline.scene.axis.last == 400


def test_cells_never_grow_wider_than_they_are_worth(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    session.set_visible_range(500, 501)
    assert timeline.scene.axis.px_per_frame == pytest.approx(WIDEST_CELL_PX)


def test_the_range_is_dragged_by_its_handle(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    session.set_range(200, 399)
    handle = at(timeline, 400, "markers") + QPoint(3, 0)
    QTest.mousePress(timeline, LEFT, pos=handle)
    QTest.mouseMove(timeline, at(timeline, 600.5, "markers"))
    assert session.out_point == 399
    QTest.mouseRelease(timeline, LEFT, pos=at(timeline, 600.5, "markers"))
    assert (session.in_point, session.out_point) == (200, 600)
    assert session.position == 600


def test_hovering_tells_of_the_frame_and_leaving_stops(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    QTest.mouseMove(timeline, at(timeline, 300))
    QTest.mouseMove(timeline, at(timeline, 400.5))
    bubble = timeline.window().findChild(HoverBubble)
    assert bubble is not None
    assert bubble.facts is not None
    assert bubble.facts.frame_number == pytest.approx(400, abs=1)
    QTest.mousePress(timeline, LEFT, pos=at(timeline, 400.5))
    assert bubble.isHidden()


def test_frames_that_cannot_be_shown_are_flagged_until_they_can(
    timeline: Timeline, session: LiveSession
) -> None:
    session.open_index(make_index(500))
    session.refuse(100)
    scene, x = timeline.scene, timeline.scene.axis.x_of(100)
    assert holds_color(timeline.grab(), scene.tokens.error, scene.lanes.bars, x - 1, x + 3)
    session.show(100)
    assert not holds_color(timeline.grab(), scene.tokens.error, scene.lanes.bars, x - 1, x + 3)


def test_marks_range_and_memory_are_painted_when_they_change(
    timeline: Timeline, session: LiveSession
) -> None:
    session.open_index(make_index(500))
    before = timeline.grab().toImage()
    session.mark(100)
    session.set_range(200, 300)
    session.cached_spans = ((10, 20),)
    session.cache_changed.emit()
    session.choice = FrameChoice(np.array([400], np.int64), np.array([450], np.int64))
    session.choice_changed.emit()
    scene, image = timeline.scene, timeline.grab().toImage()
    assert differs(before, image)
    x = scene.axis.x_of(15)
    assert holds_color(image, scene.tokens.cached, scene.lanes.cached, x - 3, x + 3)
    x = scene.axis.x_of(400.5)
    assert holds_color(image, scene.tokens.chosen, scene.lanes.chosen, x - 3, x + 3)
    x = scene.axis.x_of(450)
    assert holds_color(image, scene.tokens.text, scene.lanes.markers, x - 3, x + 3)


def test_it_follows_the_theme(timeline: Timeline, session: LiveSession, theme: ThemeSource) -> None:
    session.open_index(make_index(500))
    theme.set_choice(ThemeChoice.LIGHT)
    assert timeline.scene.tokens is LIGHT
    assert timeline.grab().toImage().pixelColor(2, 2) == LIGHT.surface


def test_moving_the_playhead_paints_no_layer_anew(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(5000))
    timeline.grab()
    before = timeline.content_paint_count
    for number in range(0, 5000, 500):
        session.show_frame(number)
        timeline.grab()
    assert timeline.content_paint_count == before


@pytest.mark.parametrize("count", [1, 2, 30, 5000])
@pytest.mark.parametrize("is_timed", [True, False])
def test_it_can_be_painted_for_files_of_all_kinds(
    timeline: Timeline, session: LiveSession, count: int, *, is_timed: bool
) -> None:
    session.open_index(make_index(count, **({} if is_timed else without_pts(count))))
    timeline.zoom_by(4.0)
    session.show_frame(count - 1)
    assert not timeline.grab().isNull()


def test_an_empty_index_is_still_a_timeline(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(0, complete=False), frame_total=100)
    assert not timeline.grab().isNull()
    session.show_frame(50)
    assert not timeline.grab().isNull()


def test_nothing_open_takes_no_orders(timeline: Timeline, session: LiveSession) -> None:
    QTest.mouseClick(timeline, LEFT, pos=QPoint(400, 100))
    wheel(timeline, QPoint(400, 100), 120, Qt.KeyboardModifier.ControlModifier)
    timeline.zoom_by(2.0)
    timeline.zoom_to_fit()
    assert session.calls == []
    assert session.visible_range == pytest.approx((0.0, 1.0))
    assert not timeline.grab().isNull()


def test_the_legend_is_explained_where_it_stands(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(100))
    where = QPoint(20, at(timeline, 0).y())
    event = QHelpEvent(QHelpEvent.Type.ToolTip, where, timeline.mapToGlobal(where))
    QApplication.sendEvent(timeline, event)
    assert "inferred" in QToolTip.text()


def test_a_ring_shows_who_came_by_keyboard(timeline: Timeline) -> None:
    accent = timeline.scene.tokens.accent
    timeline.setFocus(Qt.FocusReason.MouseFocusReason)
    assert timeline.grab().toImage().pixelColor(0, 50) != accent
    timeline.clearFocus()
    timeline.setFocus(Qt.FocusReason.TabFocusReason)
    assert timeline.grab().toImage().pixelColor(0, 50) == accent


def test_a_larger_font_gets_more_room(timeline: Timeline) -> None:
    before = timeline.minimumSizeHint().height()
    font = timeline.font()
    font.setPixelSize(26)
    timeline.setFont(font)
    assert timeline.minimumSizeHint().height() > before
    assert timeline.sizeHint().height() > timeline.minimumSizeHint().height()


def test_a_right_click_shows_the_frame_and_asks_for_the_menu(
    timeline: Timeline, session: LiveSession, qtbot: QtBot
) -> None:
    session.open_index(make_index(1000))
    spot = at(timeline, 500.5)
    number = timeline.scene.axis.frame_at(spot.x(), 1000)
    for where, is_menu in ((spot, True), (QPoint(30, 30), False)):
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, timeline.mapToGlobal(where))
        if is_menu:
            with qtbot.waitSignal(timeline.context_menu_requested):
                QApplication.sendEvent(timeline, event)
        else:
            with qtbot.assertNotEmitted(timeline.context_menu_requested):
                QApplication.sendEvent(timeline, event)
    assert session.position == number
