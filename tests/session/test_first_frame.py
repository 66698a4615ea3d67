"""A video that is opened for one of its frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.session.first_frame import FirstFrame

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from tests.engine.fakes import FakeMedia
    from tests.session.conftest import Ear


@pytest.mark.parametrize("is_listed_late", [False, True])
def test_the_frame_is_shown_once_it_is_listed(
    qtbot: QtBot, controller: Controller, media: FakeMedia, ear: Ear, *, is_listed_late: bool
) -> None:
    if is_listed_late:
        media.listing_gate.clear()
    FirstFrame(controller, 73, controller)
    controller.open_source("/videos/clip.mp4")
    qtbot.waitUntil(lambda: "opened" in ear.words)
    media.listing_gate.set()
    qtbot.waitUntil(lambda: bool(ear.shown) and ear.shown[-1].frame_number == 73 and ear.is_exact())
    # It is over: the next video opens where it was left.
    controller.open_source("/videos/other.mp4")
    qtbot.waitUntil(lambda: ear.words.count("opened") == 2 and ear.shown[-1].frame_number == 0)
    assert ear.notices == []


def test_a_frame_beyond_the_end_is_told(qtbot: QtBot, controller: Controller, ear: Ear) -> None:
    FirstFrame(controller, 100, controller)
    controller.open_source("/videos/clip.mp4")
    qtbot.waitUntil(lambda: bool(ear.notices))
    assert ear.notices == [("There is no frame 100.", "warning")]
    assert controller.position == 99
