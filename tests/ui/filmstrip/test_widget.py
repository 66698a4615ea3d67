"""The filmstrip as a person uses it: real events, a session that obeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from framescope.session.settings import TimeFormat
from framescope.ui.timeline.lanes import Lane
from framescope.ui.timeline.scene import Fonts
from framescope.ui.widgets.theme import LIGHT, ThemeChoice, ThemeSource
from tests.ui.parts import Canvas, share_of
from tests.ui.stand_ins import make_shown
from tests.ui.timeline.live_session import LiveSession, make_index, without_pts
from tests.ui.timeline.pixels import differs, holds_color

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.filmstrip.cells import Cell
    from framescope.ui.filmstrip.widget import Filmstrip

LEFT = Qt.MouseButton.LeftButton
TEN_HOURS = 2_160_000


def on(cell: Cell) -> QPoint:
    return QPoint(round(cell.center), 40)


def test_names_for_tests_and_screen_readers(filmstrip: Filmstrip) -> None:
    assert filmstrip.objectName() == "filmstrip"
    assert filmstrip.accessibleName() == "Filmstrip"


def test_it_wishes_for_what_is_in_view_from_the_middle_outward(
    filmstrip: Filmstrip, session: LiveSession, qtbot: QtBot
) -> None:
    session.open_index(make_index(1000))
    qtbot.waitUntil(lambda: bool(session.requests and session.requests[-1]))
    request = session.requests[-1]
    assert {cell.frame_number for cell in filmstrip.cells} <= set(request)
    assert abs(request[0] - 500) < 100
    assert abs(request[-1] - 500) > 300


def test_it_keeps_in_step_with_the_timeline(filmstrip: Filmstrip, session: LiveSession, qtbot: QtBot) -> None:
    session.open_index(make_index(100_000))
    session.set_visible_range(50_000, 50_100)
    assert all(49_980 < cell.frame_number < 50_120 for cell in filmstrip.cells)
    qtbot.waitUntil(
        lambda: bool(session.requests and session.requests[-1] and abs(session.requests[-1][0] - 50_050) < 15)
    )


def test_a_long_scroll_asks_now_and_then_and_not_at_every_turn(
    filmstrip: Filmstrip, session: LiveSession, qtbot: QtBot
) -> None:
    session.open_index(make_index(100_000))
    for first in range(0, 50_000, 100):
        session.set_visible_range(first, first + 1000)
    qtbot.waitUntil(
        lambda: bool(
            session.requests and session.requests[-1] and abs(session.requests[-1][0] - 50_400) < 200
        )
    )
    assert len(session.requests) < 50
    assert filmstrip.cells


def test_a_click_shows_the_frame(filmstrip: Filmstrip, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    cell = filmstrip.cells[3]
    QTest.mouseClick(filmstrip, LEFT, pos=on(cell))
    assert session.position == cell.frame_number


def test_a_double_click_marks_and_unmarks(filmstrip: Filmstrip, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    cell = filmstrip.cells[3]
    QTest.mouseDClick(filmstrip, LEFT, pos=on(cell))
    marked = [session.marks]
    QTest.mouseDClick(filmstrip, LEFT, pos=on(cell))
    assert [*marked, session.marks] == [(cell.frame_number,), ()]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_marks_the_present_frame(filmstrip: Filmstrip, session: LiveSession, key: Qt.Key) -> None:
    session.open_index(make_index(1000))
    cell = filmstrip.cells[2]
    QTest.mouseClick(filmstrip, LEFT, pos=on(cell))
    QTest.keyClick(filmstrip, key)
    assert session.marks == (cell.frame_number,)


def test_space_is_left_to_the_window_where_it_plays(filmstrip: Filmstrip) -> None:
    event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(filmstrip, event)
    assert not event.isAccepted()


def test_gaps_and_the_gutter_do_nothing(filmstrip: Filmstrip, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    left, right = filmstrip.cells[2:4]
    gap = QPoint(round((left.center + right.center) / 2), 40)
    for spot in (gap, QPoint(40, 70)):
        QTest.mouseClick(filmstrip, LEFT, pos=spot)
        QTest.mouseDClick(filmstrip, LEFT, pos=spot)
    QTest.mouseClick(filmstrip, Qt.MouseButton.RightButton, pos=on(left))
    assert session.position == 0
    assert session.marks == ()


def test_the_wheel_scrolls_and_zooms_the_timeline(filmstrip: Filmstrip, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    session.set_visible_range(100, 200)
    spot = QPointF(500, 40)
    for keys in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
        before = session.visible_range
        event = QWheelEvent(
            spot, spot, QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, keys,
            Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003 - Qt's signature
        )  # fmt: skip
        QApplication.sendEvent(filmstrip, event)
        assert session.visible_range != before


def test_keyframes_only(filmstrip: Filmstrip, session: LiveSession, qtbot: QtBot) -> None:
    session.open_index(make_index(1000, gop=50))
    segment = filmstrip.findChild(QWidget, "keyframesSegment")
    assert segment is not None
    with qtbot.waitSignal(filmstrip.keyframes_only_changed):
        QTest.mouseClick(segment, LEFT)
    assert filmstrip.is_keyframes_only
    assert all(cell.frame_number % 50 == 0 for cell in filmstrip.cells)
    filmstrip.set_keyframes_only(keyframes_only=False)
    assert not filmstrip.is_keyframes_only


def test_larger_thumbnails_get_more_room_and_are_asked_for_anew(
    filmstrip: Filmstrip, session: LiveSession, qtbot: QtBot
) -> None:
    session.open_index(make_index(1000))
    cells, height = filmstrip.cells, filmstrip.minimumHeight()
    with qtbot.waitSignal(filmstrip.thumbnail_height_changed, check_params_cb=lambda px: px == 120):
        filmstrip.set_thumbnail_height(120)
    assert filmstrip.thumbnail_height == 120
    assert filmstrip.minimumHeight() == height + 48
    assert len(filmstrip.cells) < len(cells)
    qtbot.waitUntil(lambda: ("request_thumbnails", 120) in [(name, last[-1]) for name, last in session.calls])


def test_cells_take_the_shape_of_the_pictures(filmstrip: Filmstrip, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    wide = len(filmstrip.cells)
    session.shown = make_shown(0, source_width=1080, source_height=1920)
    session.frame_shown.emit()
    narrow = len(filmstrip.cells)
    assert narrow > wide
    session.rotation_changed.emit(False)  # noqa: FBT003 - a signal
    session.deliver(0)
    assert len(filmstrip.cells) == wide


def test_a_thumbnail_that_arrives_is_painted(filmstrip: Filmstrip, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    before = filmstrip.grab().toImage()
    cell = filmstrip.cells[2]
    session.deliver(cell.frame_number, "#ff00ff")
    image = filmstrip.grab().toImage()
    assert differs(before, image)
    assert image.pixelColor(on(cell)).name() == "#ff00ff"


def test_marks_range_and_position_are_painted(filmstrip: Filmstrip, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    cell, tokens = filmstrip.cells[2], ThemeSource(ThemeChoice.DARK).tokens
    session.mark(cell.frame_number)
    session.set_range(cell.start, cell.stop - 1)
    session.show_frame(cell.frame_number)
    image = filmstrip.grab().toImage()
    left, right = cell.center - 70, cell.center + 70
    whole = Lane(0, filmstrip.height())
    for color in (tokens.mark, tokens.accent, tokens.playhead):
        assert holds_color(image, color, whole, left, right)


def test_it_follows_the_theme(filmstrip: Filmstrip, session: LiveSession, theme: ThemeSource) -> None:
    session.open_index(make_index(1000))
    theme.set_choice(ThemeChoice.LIGHT)
    assert filmstrip.grab().toImage().pixelColor(2, filmstrip.height() - 2) == LIGHT.surface


@pytest.mark.parametrize("count", [0, 1, 2, 50, TEN_HOURS])
@pytest.mark.parametrize("is_timed", [True, False])
def test_it_can_be_painted_for_files_of_all_kinds(
    filmstrip: Filmstrip, session: LiveSession, count: int, *, is_timed: bool
) -> None:
    damaged = np.array([0], np.int32)
    timing = {} if is_timed else without_pts(count)
    session.open_index(make_index(count, damaged_frames=damaged, **timing))
    for keyframes_only in (False, True):
        filmstrip.set_keyframes_only(keyframes_only=keyframes_only)
        assert not filmstrip.grab().isNull()
        assert bool(filmstrip.cells) is (count > 0)


def test_cells_end_where_the_index_does(filmstrip: Filmstrip, session: LiveSession) -> None:
    session.open_index(make_index(100, complete=False), frame_total=1000)
    assert all(cell.frame_number < 100 for cell in filmstrip.cells)
    session.grow(make_index(1000))
    assert filmstrip.cells[-1].frame_number > 800


def test_cells_keep_their_frames_while_more_are_listed(filmstrip: Filmstrip, session: LiveSession) -> None:
    session.open_index(make_index(100, complete=False), frame_total=1000)
    shown = [(cell.frame_number, cell.center) for cell in filmstrip.cells]
    for listed in (130, 400, 999, 1000):
        session.grow(make_index(listed, complete=listed == 1000), frame_total=1000)
        longer = [(cell.frame_number, cell.center) for cell in filmstrip.cells]
        assert longer[: len(shown)] == shown
        shown = longer
    assert len(shown) > 5


def test_hovering_lights_up_a_cell(filmstrip: Filmstrip, session: LiveSession) -> None:
    session.open_index(make_index(1000))
    before = filmstrip.grab().toImage()
    QTest.mouseMove(filmstrip, QPoint(500, 3))
    QTest.mouseMove(filmstrip, on(filmstrip.cells[1]))
    assert filmstrip.cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert differs(before, filmstrip.grab().toImage())


def test_moving_paints_the_marker_and_the_cells_it_leaves_and_enters_only(
    filmstrip: Filmstrip, session: LiveSession
) -> None:
    session.open_index(make_index(1000))
    session.shown = make_shown(0)
    session.frame_shown.emit()
    first, second, *_, last = filmstrip.cells
    canvas = Canvas(filmstrip)
    session.show_frame(first.start + 3)
    canvas.catch_up()
    session.show_frame(first.start + 4)
    assert share_of(canvas.catch_up(), filmstrip) < 0.005
    session.show_frame(last.frame_number)
    painted = canvas.catch_up()
    assert painted.contains(on(first))
    assert painted.contains(on(last))
    assert not painted.contains(on(second))
    # Another picture on screen changes nothing here.
    session.shown = make_shown(last.frame_number)
    session.frame_shown.emit()
    assert canvas.catch_up().isEmpty()
    session.deliver(second.frame_number, "#ff00ff")
    painted = canvas.catch_up()
    assert painted.contains(on(second))
    assert not painted.contains(on(last))
    assert canvas.is_true


@pytest.mark.parametrize("height", [32, 72])
def test_painted_in_parts_it_looks_the_same(filmstrip: Filmstrip, session: LiveSession, height: int) -> None:
    session.open_index(make_index(TEN_HOURS))
    session.set_visible_range(40_000, 46_000)
    filmstrip.set_thumbnail_height(height)
    session.mark(*(cell.frame_number for cell in filmstrip.cells[::2]))
    session.set_range(41_000, 44_000)
    for cell in filmstrip.cells[::3]:
        session.deliver(cell.frame_number, "#405060")
    canvas = Canvas(filmstrip)
    for number in range(39_000, 47_000, 217):
        session.show_frame(number)
        canvas.catch_up()
    for cell in filmstrip.cells:
        session.show_frame(cell.frame_number)
        QTest.mouseMove(filmstrip, on(cell))
        canvas.catch_up()
    assert canvas.is_true


def test_nothing_open_and_nothing_listed_each_say_so(filmstrip: Filmstrip, session: LiveSession) -> None:
    controls = filmstrip.findChild(QWidget, "thumbnailSize")
    assert controls is not None
    assert not controls.isVisible()
    empty = filmstrip.grab().toImage()
    session.open_index(None, frame_total=100)
    assert controls.isVisible()
    assert differs(empty, filmstrip.grab().toImage())
    session.close_source()
    assert not controls.isVisible()
    assert filmstrip.cells == ()
    QTest.keyClick(filmstrip, Qt.Key.Key_Space)
    assert session.marks == ()


def test_a_hidden_strip_asks_for_nothing(filmstrip: Filmstrip, session: LiveSession, qtbot: QtBot) -> None:
    filmstrip.hide()
    session.open_index(make_index(1000))
    qtbot.wait(60)
    assert session.requests == []
    filmstrip.show()
    qtbot.waitUntil(lambda: bool(session.requests))


def test_a_right_click_shows_the_frame_and_asks_for_the_menu(
    filmstrip: Filmstrip, session: LiveSession, qtbot: QtBot
) -> None:
    session.open_index(make_index(1000))
    cell = filmstrip.cells[3]
    spot = on(cell)
    for where, is_menu in ((spot, True), (QPoint(30, 30), False)):
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, filmstrip.mapToGlobal(where))
        if is_menu:
            with qtbot.waitSignal(filmstrip.context_menu_requested):
                QApplication.sendEvent(filmstrip, event)
        else:
            with qtbot.assertNotEmitted(filmstrip.context_menu_requested):
                QApplication.sendEvent(filmstrip, event)
    assert session.position == cell.frame_number


@pytest.mark.parametrize("keyframes_only", [False, True])
def test_wherever_the_playhead_is_in_view_the_nearest_thumbnail_is_lit(
    filmstrip: Filmstrip, session: LiveSession, *, keyframes_only: bool
) -> None:
    session.open_index(make_index(300, gop=250))
    filmstrip.set_keyframes_only(keyframes_only=keyframes_only)
    for visible in ((0, 300), (100, 200), (150, 300), (20, 24)):
        session.set_visible_range(*visible)
        for number in range(*visible):
            session.show_frame(number)
            lit = filmstrip.lit_cell
            assert lit is not None
            distances = [abs(cell.frame_number - number) for cell in filmstrip.cells]
            assert abs(lit.frame_number - number) == min(distances)
    session.set_visible_range(0, 100)
    session.position = 200
    assert filmstrip.lit_cell is None


@pytest.mark.parametrize("chosen", list(TimeFormat))
def test_cells_leave_room_for_the_time_in_every_format(
    filmstrip: Filmstrip, session: LiveSession, chosen: TimeFormat
) -> None:
    session.open_index(make_index(100_000))
    session.shown = make_shown(0, source_width=9, source_height=16)
    session.frame_shown.emit()
    session.settings.time_format = chosen
    metrics = Fonts(filmstrip.font()).small_metrics
    index, cells = session.index, filmstrip.cells
    times = [session.times.of(cell.frame_number, index.time_of(cell.frame_number)) for cell in cells]
    apart = np.diff([cell.center for cell in cells]).min()
    assert apart > max(metrics.horizontalAdvance(time) for time in times)
