"""What the mouse takes hold of, and what it does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, Qt

from framescope.ui.timeline.overlay import Overlay
from framescope.ui.timeline.pointer import Hold, Pointer, overview_axis, whole_frame_at
from tests.ui.timeline.live_session import LiveSession, make_index

if TYPE_CHECKING:
    from framescope.ui.timeline.scene import Scene
    from tests.ui.timeline.conftest import SceneMaker

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton


@pytest.fixture
def overlay() -> Overlay:
    return Overlay(in_point=100, out_point=299)


@pytest.fixture
def pointer(session: LiveSession, overlay: Overlay) -> Pointer:
    session.open_index(make_index(1000))
    session.set_range(100, 299)
    return Pointer(session.as_controller(), overlay)


@pytest.fixture
def scene(make_scene: SceneMaker) -> Scene:
    return make_scene(make_index(1000))


def on(scene: Scene, lane: str, position: float, dx: float = 0.0) -> QPointF:
    strip = getattr(scene.lanes, lane)
    axis = overview_axis(scene) if lane == "overview" else scene.axis
    return QPointF(axis.x_of(position) + dx, strip.middle)


@pytest.mark.parametrize(
    ("lane", "position", "dx", "hold"),
    [
        ("bars", 500, 0, Hold.PLAYHEAD), ("times", 500, 0, Hold.PLAYHEAD),
        ("markers", 500, 0, Hold.PLAYHEAD), ("markers", 100, -3, Hold.IN_POINT),
        ("markers", 300, 3, Hold.OUT_POINT), ("bars", 100, -3, Hold.PLAYHEAD), ("bars", 0, -60, Hold.NOTHING),
    ],
)  # fmt: skip
def test_what_is_under_the_pointer(  # noqa: PLR0913, PLR0917 - a case has so many parts
    pointer: Pointer, scene: Scene, lane: str, position: float, dx: float, hold: Hold
) -> None:
    assert pointer.hold_at(scene, on(scene, lane, position, dx)) is hold


def test_nothing_can_be_held_while_nothing_is_open(pointer: Pointer, make_scene: SceneMaker) -> None:
    empty = make_scene(None)
    assert not pointer.press(empty, QPointF(300, 100), LEFT)
    assert pointer.hold_at(empty, QPointF(300, 100)) is Hold.NOTHING


def test_scrubbing_asks_for_every_frame_on_the_way(
    pointer: Pointer, scene: Scene, session: LiveSession
) -> None:
    pointer.press(scene, on(scene, "bars", 10.5), LEFT)
    for number in (11, 50, 200, 40):
        pointer.move(scene, on(scene, "bars", number + 0.5))
    pointer.release()
    assert session.called("show_frame") == [(10,), (11,), (50,), (200,), (40,)]
    assert not pointer.is_dragging


def test_an_end_of_the_range_moves_with_the_picture_and_is_set_once(
    pointer: Pointer, scene: Scene, session: LiveSession, overlay: Overlay
) -> None:
    pointer.press(scene, on(scene, "markers", 100, -3), LEFT)
    pointer.move(scene, on(scene, "markers", 150.5))
    assert overlay.in_point == 150
    assert session.in_point == 100
    pointer.release()
    assert (session.in_point, session.out_point) == (150, 299)


def test_the_out_point_holds_the_frame_under_the_pointer(
    pointer: Pointer, scene: Scene, session: LiveSession
) -> None:
    pointer.press(scene, on(scene, "markers", 300, 3), LEFT)
    pointer.move(scene, on(scene, "markers", 400.5))
    pointer.release()
    assert session.marked_range is not None
    assert session.marked_range.stop == 401


@pytest.mark.parametrize(("end", "dx", "to", "wanted"), [(100, -3, 900, (299, 299)), (300, 3, 5, (100, 100))])
def test_the_ends_cannot_cross(  # noqa: PLR0913, PLR0917 - a case has so many parts
    pointer: Pointer, scene: Scene, session: LiveSession, end: int, dx: int, to: int, wanted: tuple[int, int]
) -> None:
    pointer.press(scene, on(scene, "markers", end, dx), LEFT)
    pointer.move(scene, on(scene, "markers", to))
    pointer.release()
    assert (session.in_point, session.out_point) == wanted


def test_a_mere_click_on_an_end_leaves_it_where_it_is(
    pointer: Pointer, scene: Scene, session: LiveSession
) -> None:
    pointer.press(scene, on(scene, "markers", 100, -3), LEFT)
    pointer.release()
    assert (session.in_point, session.position) == (100, 0)


@pytest.fixture
def zoomed(make_scene: SceneMaker, session: LiveSession) -> Scene:
    """Frames 200 to 400 of a thousand in view."""
    session.set_visible_range(200, 400)
    return make_scene(make_index(1000), 200, 400)


def test_the_middle_button_pulls_the_view(pointer: Pointer, zoomed: Scene, session: LiveSession) -> None:
    pointer.press(zoomed, on(zoomed, "bars", 300), MIDDLE)
    pointer.move(zoomed, on(zoomed, "bars", 250))
    assert session.visible_range == pytest.approx((250, 450))


def test_the_right_button_holds_nothing(pointer: Pointer, scene: Scene) -> None:
    assert not pointer.press(scene, on(scene, "bars", 300), RIGHT)


def test_the_overviews_window_is_dragged(pointer: Pointer, zoomed: Scene, session: LiveSession) -> None:
    pointer.press(zoomed, on(zoomed, "overview", 300), LEFT)
    pointer.move(zoomed, on(zoomed, "overview", 500))
    assert session.visible_range == pytest.approx((400, 600))
    pointer.move(zoomed, on(zoomed, "overview", 5000))
    assert session.visible_range == pytest.approx((800, 1000))


def test_a_press_beside_the_window_brings_it_there(
    pointer: Pointer, zoomed: Scene, session: LiveSession
) -> None:
    pointer.press(zoomed, on(zoomed, "overview", 700), LEFT)
    assert session.visible_range == pytest.approx((600, 800))
    pointer.move(zoomed, on(zoomed, "overview", 750))
    assert session.visible_range == pytest.approx((650, 850))


@pytest.mark.parametrize(("edge", "to", "wanted"), [(200, 100, (100, 400)), (400, 700, (200, 700))])
def test_the_windows_edges_zoom(  # noqa: PLR0913 - a case has so many parts
    pointer: Pointer,
    zoomed: Scene,
    session: LiveSession,
    *,
    edge: int,
    to: int,
    wanted: tuple[int, int],
) -> None:
    pointer.press(zoomed, on(zoomed, "overview", edge), LEFT)
    pointer.move(zoomed, on(zoomed, "overview", to))
    assert session.visible_range == pytest.approx(wanted)


def test_the_view_follows_a_drag_past_its_edge(pointer: Pointer, zoomed: Scene, session: LiveSession) -> None:
    pointer.press(zoomed, on(zoomed, "bars", 390), LEFT)
    pointer.pull_at_edge(zoomed, QPointF(zoomed.axis.right + 40, 100))
    assert session.visible_range[0] > 200
    before = session.visible_range
    pointer.release()
    pointer.pull_at_edge(zoomed, QPointF(zoomed.axis.right + 40, 100))
    assert session.visible_range == before


def test_a_frame_cut_by_an_edge_is_never_asked_for(make_scene: SceneMaker) -> None:
    scene = make_scene(make_index(1000), 200.4, 220.6)
    assert whole_frame_at(scene, scene.axis.left) == 201
    assert whole_frame_at(scene, scene.axis.right) == 219
    whole = make_scene(make_index(1000), 200.0, 220.0)
    assert whole_frame_at(whole, whole.axis.left) == 200
    assert whole_frame_at(whole, whole.axis.right) == 219


def test_the_cursor_says_what_a_press_would_do(pointer: Pointer, scene: Scene) -> None:
    assert pointer.cursor_at(scene, on(scene, "markers", 100, -3)) == Qt.CursorShape.SizeHorCursor
    assert pointer.cursor_at(scene, on(scene, "bars", 500)) == Qt.CursorShape.ArrowCursor
    pointer.press(scene, on(scene, "bars", 500), MIDDLE)
    assert pointer.cursor_at(scene, on(scene, "bars", 500)) == Qt.CursorShape.ClosedHandCursor
