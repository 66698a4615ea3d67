"""What a stream copy is said to contain, against how the clips were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.clips.copy_plan import plan_copy
from framescope.core.errors import ClipError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.core.clips.conftest import Listed


def test_a_span_between_keyframes_is_copied_as_it_is(listed: Callable[[str], Listed]) -> None:
    facts = listed("h264.mp4")  # closed GOPs of 12
    plan = plan_copy(facts.info, facts.index, range(12, 36))
    assert plan.is_exact
    assert plan.frames == range(12, 36)
    assert (plan.keyframes, plan.gop_count, plan.is_last_gop_cut) == ((12, 24), 2, False)
    assert plan.size_bytes == facts.index.sizes_bytes[12:36].sum()


def test_it_begins_at_a_keyframe_and_ends_where_no_frame_is_missing(listed: Callable[[str], Listed]) -> None:
    facts = listed("h264.mp4")  # I B B P B B P …: 13 is a B-frame before the P-frame 15
    plan = plan_copy(facts.info, facts.index, range(14, 29))
    assert (plan.frames.start, plan.extra_before) == (12, 2)
    # Frame 28 needs its later reference, which is decoded before it; what lies between must come too.
    assert plan.frames.stop in range(29, 32)
    assert plan.frame_count == len(plan.frames)
    assert plan.is_last_gop_cut
    assert not plan.is_exact


def test_leading_pictures_of_an_open_gop_are_left_out(listed: Callable[[str], Listed]) -> None:
    facts = listed("gop_open.mp4")
    plan = plan_copy(facts.info, facts.index, range(12, 24))
    assert plan.frames.start == 12
    assert plan.left_out == (9, 10, 11)
    assert plan.size_bytes == facts.index.sizes_bytes[plan.frames.start : plan.frames.stop].sum()
    # A leading picture itself needs the previous GOP.
    assert plan_copy(facts.info, facts.index, range(11, 24)).frames.start == 0


def test_a_recovery_point_is_no_place_to_begin(listed: Callable[[str], Listed]) -> None:
    facts = listed("gop_intra_refresh.mp4")
    plan = plan_copy(facts.info, facts.index, range(30, 40))
    assert plan.frames.start == 0


def test_pictures_that_an_edit_list_hides_are_announced(listed: Callable[[str], Listed]) -> None:
    facts = listed("edit_list_inside_gop.mp4")  # the source's frame 5 is the first that is shown
    plan = plan_copy(facts.info, facts.index, range(3))
    assert plan.revealed == 5
    assert plan.frame_count == len(plan.frames) + 5
    assert not plan.is_exact


def test_packets_that_hold_two_frames_are_refused(media_file: Callable[[str], Path]) -> None:
    from framescope.core.source.opening import open_video  # noqa: PLC0415 - only here

    with open_video(media_file("elst_3.mov"), use_index_cache=False) as video, pytest.raises(ClipError):
        plan_copy(video.info, video.index, range(12, 36))


@pytest.mark.parametrize("wanted", [range(5, 5), range(48, 50), range(40, 49), range(0, 10, 2)])
def test_frames_that_are_not_there_are_refused(listed: Callable[[str], Listed], wanted: range) -> None:
    facts = listed("h264.mp4")
    with pytest.raises(ClipError):
        plan_copy(facts.info, facts.index, wanted)
