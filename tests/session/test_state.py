"""What an answer puts on screen."""

from __future__ import annotations

import math

from PySide6.QtGui import QImage

from framescope.engine.answers import Answer, FrameRequest
from framescope.engine.render import RenderSpec
from framescope.session.state import FrameRange, shown_frame
from tests.engine.fakes import make_frame, make_index


def request(frame_number: int) -> FrameRequest:
    return FrameRequest(1, 1, frame_number, RenderSpec())


def test_exact_frame_speaks_for_itself() -> None:
    frame = make_frame(50)
    shown = shown_frame(Answer(request(50), QImage(), (32, 24), frame, 50), None)
    assert (shown.frame_number, shown.pts, shown.time_s) == (50, 25600, 2.0)
    assert shown.frame is frame
    assert not shown.provisional
    assert (shown.source_width, shown.source_height) == (32, 24)


def test_stand_in_has_no_frame_and_names_what_it_pictures() -> None:
    shown = shown_frame(Answer(request(50), QImage(), (32, 24), None, 40), make_index())
    assert shown.provisional
    assert shown.frame is None
    assert (shown.frame_number, shown.pictured_number) == (50, 40)
    assert (shown.pts, shown.time_s) == (25600, 2.0)


def test_unavailable_frame_beyond_the_index() -> None:
    shown = shown_frame(Answer(request(500), None, (32, 24), None, None, "damaged"), make_index())
    assert not shown.provisional
    assert shown.unavailable_reason == "damaged"
    assert shown.pts is None
    assert math.isnan(shown.time_s)


def test_length_of_a_range() -> None:
    assert len(FrameRange(3, 10)) == 7
    assert len(FrameRange(3, 3)) == 0
