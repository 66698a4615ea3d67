"""Lines drawn on the picture with the mouse are where the picture's pixels are, however it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from framescope.core.spacetime.slit import Slit, SlitKind
from framescope.ui.picture.frame_view import FrameView
from tests.ui.parts import on_screen
from tests.ui.stand_ins import StandInPicture, make_info

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def view(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> Iterator[FrameView]:
    """A picture of 64 × 48, each pixel 10 × 10 on screen."""
    widget = FrameView(session.as_controller(), theme)
    on_screen(qtbot, widget, 640, 480)
    session.open()
    session.show()
    yield widget
    widget.close_reader()


def at(x: float, y: float) -> QPoint:
    return QPoint(round(x * 10 + 5), round(y * 10 + 5))


def drag(
    view: FrameView, first: tuple[int, int], last: tuple[int, int], key: Qt.KeyboardModifier = NO_KEY
) -> None:
    QTest.mousePress(view, LEFT, key, at(*first))
    QTest.mouseMove(view, at((first[0] + last[0]) / 2, first[1]))
    QTest.mouseRelease(view, LEFT, key, at(*last))


@pytest.mark.parametrize(
    ("tool", "slit"),
    [
        (SlitKind.LINE, (4, 5, 40, 20)),
        (SlitKind.ROW, (20,)),
        (SlitKind.COLUMN, (40,)),
        (SlitKind.REGION, (4, 5, 37, 16)),
        (SlitKind.CIRCLE, (4, 5, 4)),
    ],
)
def test_dragging_draws_to_where_the_pixels_are(
    tool: SlitKind, slit: tuple[int, ...], view: FrameView, session: StandInController
) -> None:
    session.line.use_tool(tool)
    drag(view, (4, 5), (40, 20))
    assert session.line.slit == Slit(tool, slit), "a circle ends at the edge of the picture"
    drag(view, (10, 10), (30, 30))
    assert session.line.slit != Slit(tool, slit), "the next one takes its place"
    view.grab()


def test_a_line_is_also_drawn_with_two_clicks(view: FrameView, session: StandInController) -> None:
    session.line.use_tool(SlitKind.LINE)
    QTest.mouseClick(view, LEFT, NO_KEY, at(4, 5))
    QTest.mouseMove(view, at(20, 20))
    QTest.mouseClick(view, LEFT, NO_KEY, at(30, 12))
    QTest.mouseMove(view, at(50, 40))
    assert session.line.slit == Slit(SlitKind.LINE, (4, 5, 30, 12))


def test_shift_keeps_a_line_straight(view: FrameView, session: StandInController) -> None:
    session.line.use_tool(SlitKind.LINE)
    drag(view, (4, 5), (40, 20), Qt.KeyboardModifier.ShiftModifier)
    assert session.line.slit == Slit(SlitKind.LINE, (4, 5, 40, 5))


@pytest.mark.parametrize("ends", ["Enter", "double click"])
def test_a_polyline_has_a_corner_at_each_click(
    ends: str, view: FrameView, session: StandInController
) -> None:
    session.line.use_tool(SlitKind.POLYLINE)
    for corner in ((4, 5), (20, 5), (20, 30)):
        QTest.mouseClick(view, LEFT, NO_KEY, at(*corner))
    if ends == "Enter":
        QTest.keyClick(view, Qt.Key.Key_Return)
    else:
        QTest.mouseDClick(view, LEFT, NO_KEY, at(20, 30))
    QTest.mouseMove(view, at(50, 40))
    assert session.line.slit == Slit(SlitKind.POLYLINE, (4, 5, 20, 5, 20, 30))


def test_escape_stops_drawing_then_puts_the_tool_away_then_removes_the_line(
    view: FrameView, session: StandInController
) -> None:
    session.line.use_tool(SlitKind.LINE)
    drag(view, (4, 5), (40, 20))
    QTest.mouseClick(view, LEFT, NO_KEY, at(10, 10))
    QTest.mouseMove(view, at(20, 40))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert session.line.slit == Slit(SlitKind.LINE, (4, 5, 40, 20)), "what was there before"
    assert session.line.is_active
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert session.line.tool is None
    assert session.line.is_active
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not session.line.is_active


def test_another_tool_or_video_begins_anew(view: FrameView, session: StandInController) -> None:
    session.line.use_tool(SlitKind.POLYLINE)
    QTest.mouseClick(view, LEFT, NO_KEY, at(10, 10))
    session.line.use_tool(SlitKind.LINE)
    drag(view, (4, 5), (40, 20))
    assert session.line.slit == Slit(SlitKind.LINE, (4, 5, 40, 20))
    QTest.mouseClick(view, LEFT, NO_KEY, at(10, 10))
    session.line.forget()
    session.open(make_info(source="/videos/other.mp4"))
    session.line.use_tool(SlitKind.LINE)
    drag(view, (4, 5), (40, 20))
    assert session.line.slit == Slit(SlitKind.LINE, (4, 5, 40, 20))


def test_points_beyond_the_picture_are_taken_at_its_edge(view: FrameView, session: StandInController) -> None:
    view.resize(640, 600)
    session.line.use_tool(SlitKind.LINE)
    QTest.mousePress(view, LEFT, NO_KEY, QPoint(5, 300))
    QTest.mouseMove(view, QPoint(300, 590))
    QTest.mouseRelease(view, LEFT, NO_KEY, QPoint(300, 595))
    slit = session.line.slit
    assert slit is not None
    assert slit.numbers[-1] == 47


def test_the_line_is_painted_where_it_is(
    view: FrameView, session: StandInController, theme: ThemeSource
) -> None:
    session.line.draw(Slit(SlitKind.ROW, (20,)))
    image = view.grab().toImage()
    assert image.pixelColor(320, 205).name() == QColor(theme.tokens.accent).name()
    session.line.set_width(9)
    assert image.pixelColor(320, 170) != view.grab().toImage().pixelColor(320, 170)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_picture_shown_as_stored_gets_the_line_of_the_same_pixels(
    rotation: int, *, mirrored: bool, view: FrameView, session: StandInController
) -> None:
    session.open(make_info(rotation=rotation, mirrored=mirrored, display_width=64, display_height=48))
    session.is_rotated = False
    session.show(picture=StandInPicture())
    session.line.use_tool(SlitKind.LINE)
    drag(view, (4, 5), (40, 20))
    slit = session.line.slit
    assert slit is not None
    first, last = slit.points
    expected = {
        (90, False): [(42, 4), (27, 40)],
        (180, False): [(59, 42), (23, 27)],
        (270, False): [(5, 59), (20, 23)],
        (90, True): [(42, 59), (27, 23)],
        (180, True): [(4, 42), (40, 27)],
        (270, True): [(5, 4), (20, 40)],
    }[rotation, mirrored]
    assert [first, last] == expected
    view.grab()
