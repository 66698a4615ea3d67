"""One hurried thumbnail goes before the list, and the list is not forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.ui.timeline.thumbnail_desk import ThumbnailDesk, desk_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.ui.timeline.live_session import LiveSession


@pytest.fixture
def desk(session: LiveSession) -> ThumbnailDesk:
    return desk_of(session.as_controller())


def test_a_session_has_one_desk(session: LiveSession, desk: ThumbnailDesk) -> None:
    assert desk_of(session.as_controller()) is desk


def test_the_list_is_asked_for_without_what_is_in_memory(session: LiveSession, desk: ThumbnailDesk) -> None:
    session.deliver(3)
    desk.request([5, 3, 4], 90)
    assert session.called("request_thumbnails") == [((5, 4), 90)]


def test_a_hurried_one_goes_first_and_the_list_goes_on_after_it(
    session: LiveSession, desk: ThumbnailDesk
) -> None:
    desk.request([5, 6], 90)
    desk.hurry(1, 120)
    desk.request([7, 8], 90)
    assert session.requests == [(5, 6), (1,)]
    session.deliver(9)
    assert session.requests == [(5, 6), (1,)]
    session.deliver(1)
    assert session.requests == [(5, 6), (1,), (7, 8)]


def test_a_hurried_one_that_never_comes_does_not_hold_up_the_rest(
    session: LiveSession, desk: ThumbnailDesk, qtbot: QtBot
) -> None:
    desk.request([5, 6], 90)
    desk.hurry(1, 120)
    qtbot.waitUntil(lambda: session.requests[-1] == (5, 6))
    assert session.requests == [(5, 6), (1,), (5, 6)]
