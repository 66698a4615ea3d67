"""Which frame the bubble tells of, and the thumbnail it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF

from framescope.ui.timeline.hover import Hover
from framescope.ui.timeline.pointer import overview_axis
from tests.ui.timeline.live_session import LiveSession, make_index

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.timeline.hover import HoverFacts
    from framescope.ui.timeline.widget import Timeline
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def hover(timeline: Timeline, session: LiveSession, theme: ThemeSource) -> Hover:
    session.open_index(make_index(1000))
    return Hover(timeline, session.as_controller(), theme)


def told(hover: Hover) -> HoverFacts:
    assert hover.bubble is not None
    assert hover.bubble.facts is not None
    return hover.bubble.facts


def test_it_tells_of_the_frame_under_the_pointer(hover: Hover, timeline: Timeline) -> None:
    scene = timeline.scene
    spot = QPointF(scene.axis.x_of(40.5), scene.lanes.bars.middle)
    assert hover.follow(scene, spot, set()) == 40
    assert told(hover).frame_number == 40
    assert told(hover).time == "0:01.600"
    assert hover.follow(scene, spot, {40}) == 40


def test_over_the_overview_it_tells_of_the_whole_file(
    hover: Hover, timeline: Timeline, session: LiveSession
) -> None:
    session.set_visible_range(100, 200)
    scene = timeline.scene
    spot = QPointF(overview_axis(scene).x_of(700.5), scene.lanes.overview.middle)
    assert hover.follow(scene, spot, set()) == 700


@pytest.mark.parametrize("place", [(10.0, 90.0), (5000.0, 90.0), (400.0, -30.0)])
def test_beside_the_frames_it_is_silent(
    hover: Hover, timeline: Timeline, session: LiveSession, place: tuple[float, float]
) -> None:
    scene = timeline.scene
    hover.follow(scene, QPointF(400, 90), set())
    if place[1] < 0:
        session.close_source()
        scene = timeline.scene
    assert hover.follow(scene, QPointF(place[0], 90), set()) is None
    assert hover.bubble is not None
    assert hover.bubble.isHidden()


def test_a_pointer_at_rest_asks_for_the_keyframe(
    hover: Hover, timeline: Timeline, session: LiveSession, qtbot: QtBot
) -> None:
    scene = timeline.scene
    hover.follow(scene, QPointF(scene.axis.x_of(40.5), 90), set())
    assert session.requests == []
    qtbot.waitUntil(lambda: (36,) in session.requests)


def test_leaving_calls_the_wish_off(
    hover: Hover, timeline: Timeline, session: LiveSession, qtbot: QtBot
) -> None:
    scene = timeline.scene
    hover.follow(scene, QPointF(scene.axis.x_of(40.5), 90), set())
    hover.leave()
    qtbot.wait(80)
    assert session.requests == []


def test_pictures_in_memory_are_shown_at_once(
    hover: Hover, timeline: Timeline, session: LiveSession, qtbot: QtBot
) -> None:
    session.deliver(40)
    session.deliver(48)
    scene = timeline.scene
    for number in (40, 50):
        hover.follow(scene, QPointF(scene.axis.x_of(number + 0.5), 90), set())
    qtbot.wait(80)
    assert session.requests == []


def test_a_picture_that_arrives_is_shown(hover: Hover, timeline: Timeline, session: LiveSession) -> None:
    scene = timeline.scene
    hover.follow(scene, QPointF(scene.axis.x_of(40.5), 90), set())
    assert hover.bubble is not None
    before = hover.bubble.grab().toImage()
    session.deliver(36, "#ff00ff")
    assert hover.bubble.grab().toImage() != before


def test_frames_that_are_not_indexed_have_no_picture(
    hover: Hover, timeline: Timeline, session: LiveSession
) -> None:
    session.grow(make_index(100, complete=False), frame_total=1000)
    scene = timeline.scene
    hover.follow(scene, QPointF(scene.axis.x_of(700), 90), set())
    assert told(hover).trouble == "not indexed yet"


def test_a_note_is_read_where_its_mark_is(hover: Hover, timeline: Timeline, session: LiveSession) -> None:
    session.marks, session.notes = (40, 500), {40: "Goal"}
    scene = timeline.scene
    lane = scene.lanes.markers.middle
    hover.follow(scene, QPointF(scene.axis.x_of(40.5), lane), set())
    assert told(hover).note == "Goal"
    assert hover.bubble is not None
    height = hover.bubble.height()
    # The diamond is wider than its frame.
    hover.follow(scene, QPointF(scene.axis.x_of(40.5) + 4, lane), set())
    assert told(hover).note == "40: Goal"
    for number in (60.5, 500.5):
        hover.follow(scene, QPointF(scene.axis.x_of(number), lane), set())
        assert told(hover).note == ""
    assert hover.bubble.height() < height
