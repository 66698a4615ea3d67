"""The state of a session with no video, and estimates of its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.fakes import FakeMedia, make_index, make_info

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller


def test_empty_session(controller: Controller) -> None:
    assert controller.source is None
    assert controller.info is None
    assert controller.opencv_facts is None
    assert controller.index is None
    assert controller.shown is None
    assert controller.marked_range is None
    assert not controller.is_listing
    assert not controller.can_undo
    assert not controller.can_redo
    assert controller.is_rotated
    assert (controller.frame_total, controller.position, controller.speed) == (1, 0, 0)
    assert (controller.marks, controller.cached_spans, controller.visible_range) == ((), (), (0.0, 1.0))


@pytest.mark.parametrize("lengths", [(250, 0, 250), (250, 10, 100), (-7, 0, 1), (0, 10, 100)])
def test_length_while_listing(
    qtbot: QtBot, controller: Controller, media: FakeMedia, lengths: tuple[int, int, int]
) -> None:
    declared, partial, expected = lengths
    media.info = make_info(frame_count_declared=declared)
    media.listing_gate.clear()
    if partial:
        media.indexes.insert(0, make_index(partial, complete=False))
    controller.open_source("/videos/clip.mp4")
    qtbot.waitUntil(lambda: controller.info is not None and (controller.index is not None) == bool(partial))
    assert controller.frame_total == expected
    assert controller.is_listing
    media.indexes[-1] = make_index(90)
    media.listing_gate.set()
    qtbot.waitUntil(lambda: controller.frame_total == 90 and not controller.is_listing)
