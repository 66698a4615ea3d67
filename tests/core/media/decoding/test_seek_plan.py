"""Where to seek, what to decode, what may be left out."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.media.decoding.seek_plan import (
    BEGINNING,
    DecoderPosition,
    Outlook,
    choose_entry,
    plan_seek,
)
from framescope.core.media.frame_order import order_frames
from tests.core.media.index_examples import TIME_BASE, closed_gops, open_gops, packet_table

FRESH = DecoderPosition()


@pytest.mark.parametrize(("number", "entry"), [(0, 0), (3, 0), (4, 1), (7, 1)])
def test_closed_gops_start_at_their_keyframe(number: int, entry: int) -> None:
    assert choose_entry(closed_gops(), number) == entry


@pytest.mark.parametrize(("number", "entry"), [(3, 0), (4, 0), (5, 0), (6, 1), (7, 1), (9, 1)])
def test_leading_pictures_start_one_gop_earlier(number: int, entry: int) -> None:
    assert choose_entry(open_gops(), number) == entry


def test_distrusted_entries_are_passed_over() -> None:
    assert choose_entry(closed_gops(), 6, {1}) == 0
    assert choose_entry(closed_gops(), 6, {0, 1}) == BEGINNING


def test_a_jump_seeks_skips_and_drains() -> None:
    plan = plan_seek(closed_gops(), 5, FRESH, keeps_all=False)
    assert (plan.continues, plan.entry, plan.start_packet, plan.target_packet) == (False, 1, 4, 6)
    assert (plan.last_packet, plan.may_skip, plan.drains) == (6, True, True)


def test_a_step_back_keeps_all_on_the_way() -> None:
    plan = plan_seek(closed_gops(), 5, FRESH, keeps_all=True)
    assert (plan.continues, plan.may_skip, plan.drains) == (False, False, False)


def test_going_on_needs_no_seek() -> None:
    position = DecoderPosition(next_packet=2, first_number=0, pending={0, 1})
    assert plan_seek(closed_gops(), 2, position, keeps_all=True).continues
    assert plan_seek(closed_gops(), 0, position, keeps_all=True).continues  # fed, still to come out


def test_a_frame_that_has_come_out_needs_a_seek() -> None:
    position = DecoderPosition(next_packet=4, first_number=0, pending={1})
    assert not plan_seek(closed_gops(), 0, position, keeps_all=True).continues


def test_a_later_keyframe_beats_going_on() -> None:
    position = DecoderPosition(next_packet=2, first_number=0, pending=set())
    plan = plan_seek(closed_gops(), 7, position, keeps_all=False)
    assert (plan.continues, plan.start_packet) == (False, 4)


def test_a_run_that_began_behind_leading_pictures_does_not_give_them() -> None:
    position = DecoderPosition(next_packet=5, first_number=6, pending={4})
    assert not plan_seek(open_gops(), 4, position, keeps_all=True).continues


def test_near_targets_are_reached_without_short_cuts() -> None:
    long_gop = order_frames(packet_table(list(range(100)), [0]), TIME_BASE)
    position = DecoderPosition(next_packet=10)
    near = plan_seek(long_gop, 20, position, keeps_all=False)
    far = plan_seek(long_gop, 90, position, keeps_all=False)
    assert (near.continues, near.may_skip, near.drains) == (True, False, False)
    assert (far.continues, far.may_skip, far.drains) == (True, True, True)


def test_second_fields_belong_to_their_frame() -> None:
    index = order_frames(packet_table([0, 5, 1, 6], [0], discarded=[1, 3]), TIME_BASE)
    assert plan_seek(index, 0, FRESH, keeps_all=False).last_packet == 1
    assert plan_seek(index, 1, FRESH, keeps_all=False).last_packet == 3


def test_a_far_target_keeps_the_decoder_going() -> None:
    """Draining would throw away a long decode that the next step needs."""
    long_gop = order_frames(packet_table(list(range(100)), [0]), TIME_BASE)
    far, short = (plan_seek(long_gop, number, FRESH, keeps_all=False) for number in (90, 40))
    assert (far.keep_from, far.drains, far.may_skip) == (74, False, True)
    assert (short.keep_from, short.drains, short.may_skip) == (40, True, True)


def test_one_of_many_is_not_drained_while_the_next_is_near() -> None:
    near = plan_seek(closed_gops(), 1, FRESH, keeps_all=False, outlook=Outlook(next_number=3))
    assert not near.drains
    far = plan_seek(closed_gops(), 1, FRESH, keeps_all=False, outlook=Outlook(next_number=7))
    assert far.drains
    last = plan_seek(closed_gops(), 7, FRESH, keeps_all=False, outlook=Outlook())
    assert last.drains


def test_reading_through_passes_keyframes_by() -> None:
    position = DecoderPosition(next_packet=2, first_number=0, pending=set())
    plan = plan_seek(
        closed_gops(), 7, position, keeps_all=False, outlook=Outlook(next_number=None, reads_through=True)
    )
    assert (plan.continues, plan.start_packet) == (True, 2)
    plan = plan_seek(closed_gops(), 1, FRESH, keeps_all=False, outlook=Outlook(7, reads_through=True))
    assert not plan.drains


def test_whoever_keeps_everything_wants_everything() -> None:
    is_wanted = np.arange(8) % 2 == 1
    plans = [
        plan_seek(closed_gops(), 1, FRESH, keeps_all=keeps, outlook=Outlook(3, wanted=is_wanted))
        for keeps in (False, True)
    ]
    assert plans[0].wanted is is_wanted
    assert plans[1].wanted is None


def test_a_run_is_kept_from_its_first_packet_to_its_last() -> None:
    # Decoded I P B B: frame 3 is shown last of its GOP and decoded second.
    run = range(1, 4)
    stays = plan_seek(closed_gops(), 1, FRESH, keeps_all=False, outlook=Outlook(4, kept=run))
    assert (stays.start_packet, stays.keep_from, stays.drains) == (0, 2, False)
    ends = plan_seek(closed_gops(), 3, FRESH, keeps_all=False, outlook=Outlook(None, kept=run))
    assert (ends.keep_from, ends.target_packet, ends.last_packet, ends.end_packet) == (1, 1, 1, 3)
    assert ends.drains


def test_a_run_does_not_end_between_two_fields() -> None:
    # Each frame is two packets, the second of which yields none.
    index = order_frames(packet_table([0, 0, 1, 1, 2, 2], [0], discarded=[1, 3, 5]), TIME_BASE)
    plan = plan_seek(index, 0, FRESH, keeps_all=False, outlook=Outlook(None, kept=range(2)))
    assert plan.end_packet == 3
