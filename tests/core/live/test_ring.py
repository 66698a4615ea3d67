"""What a ring holds, lists and drops, with packets made by hand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import pytest

from framescope.core.live.ring import Limits, LivePacket, PacketRing, Segment

if TYPE_CHECKING:
    from framescope.core.model.stream_facts import VideoInfo

TICK = Fraction(1, 100)


@dataclass
class Sender:
    """Sends packets of ten bytes, one each 0.1 s, without B-frames."""

    ring: PacketRing
    sent: int = 0

    def send(self, count: int, gop: int = 10, *, size: int = 10, damaged: range = range(0)) -> None:
        for _ in range(count):
            number, self.sent = self.sent, self.sent + 1
            self.ring.add(
                LivePacket(
                    bytes([number % 256]) * size,
                    number * 10,
                    number * 10,
                    10,
                    is_keyframe=number % gop == 0,
                    is_shown=True,
                    is_damaged=number in damaged,
                    picture_type_code=1,
                    arrived_s=number / 10,
                )
            )


def begun(limits: Limits) -> PacketRing:
    ring = PacketRing(TICK, limits)
    begin(ring)
    return ring


def begin(ring: PacketRing) -> None:
    ring.begin_segment(Segment(cast("VideoInfo", None), b"", TICK, ()))


def test_whole_gops_leave_and_no_number_changes() -> None:
    ring = begun(Limits(seconds=3.0))
    sender = Sender(ring)
    earlier = []
    for _ in range(30):
        sender.send(7)
        earlier.append(ring.index())
        state = ring.state()
        assert state.first_frame % 10 == 0
        assert state.held_s < 3.0 + 1.0
        assert all((ring.data_of(n) is not None) == (n >= state.first_frame) for n in range(state.frames))
    index = ring.index()
    assert len(index) == 210
    assert index.packet_numbers.tolist() == list(range(210))
    assert not earlier[0].extends(index)
    for one in earlier:
        assert index.extends(one)
        assert one.pts.tolist() == index.pts[: len(one)].tolist()
        assert len(one.packet_sizes) == len(one)
    assert index.keyframes.tolist() == list(range(0, 210, 10))
    assert index.time_of(209) == pytest.approx(20.9)


def test_damage_that_shows_later_is_marked_on_frames_that_have_numbers() -> None:
    ring = begun(Limits())
    sender = Sender(ring)
    sender.send(25, damaged=range(24, 25))
    before = ring.index()
    late = LivePacket(
        b"x",
        250,
        250,
        10,
        is_keyframe=False,
        is_shown=True,
        is_damaged=True,
        picture_type_code=1,
        arrived_s=2.5,
        damaged_before=3,
    )
    ring.add(late)
    assert before.damaged_frames.tolist() == [24]
    assert ring.index().damaged_frames.tolist() == [22, 23, 24, 25]
    assert [ring.facts_of(number).is_damaged for number in (21, 22, 24)] == [False, True, True]
    ring.add(late._replace(pts=260, dts=260, damaged_before=1000))
    assert ring.index().damaged_frames.tolist() == list(range(27))


def test_notes_are_told_once() -> None:
    ring = begun(Limits())
    for words in ("one", "two", "one"):
        ring.note(words)
    assert ring.index().notes == ("two", "one")


def test_bytes_are_bounded_whatever_the_gops_are() -> None:
    ring = begun(Limits(seconds=1e9, size_bytes=1000))
    sender = Sender(ring)
    for _ in range(50):
        sender.send(20, gop=40)
        assert ring.state().held_bytes <= 1000
        assert ring.state().held_bytes == sum(len(one.data) for one in ring.held_packets())
    assert ring.state().total_bytes == 10_000


def test_a_gop_larger_than_the_ring_is_not_held_at_all() -> None:
    ring = begun(Limits(seconds=1e9, size_bytes=1000))
    sender = Sender(ring)
    sender.send(250, gop=200)
    state = ring.state()
    assert state.frames == 250
    assert state.first_frame == 200
    assert [one.number for one in ring.held_packets()] == list(range(200, 250))
    sender.send(149, gop=200)
    assert ring.held_packets() == []
    assert ring.state().first_frame == ring.state().frames == 399
    assert ring.held_words() == "It holds no frame."
    sender.send(2, gop=200)
    assert [one.number for one in ring.held_packets()] == [400] or ring.held_packets()[0].number == 400


def test_what_no_decoder_can_start_with_has_no_number() -> None:
    ring = begun(Limits())
    sender = Sender(ring, sent=7)
    sender.send(13)
    state = ring.state()
    assert (state.skipped_packets, state.frames) == (3, 10)


def test_a_loss_is_a_gap_before_the_next_frame() -> None:
    ring = begun(Limits())
    sender = Sender(ring)
    sender.send(25)
    ring.lose("no signal", 2.5)
    begin(ring)
    sender.sent = 70
    sender.send(5)
    (gap,) = ring.state().gaps
    assert (gap.frame_number, gap.reason) == (25, "no signal")
    assert gap.seconds == pytest.approx(4.5)
    assert "Before frame 25 " in ring.index().notes[0]
    assert ring.segment_of(24) == 0
    assert ring.segment_of(25) == 1


def test_damage_is_listed_by_frame_number() -> None:
    ring = begun(Limits())
    Sender(ring).send(30, damaged=range(12, 20))
    assert ring.index().damaged_frames.tolist() == list(range(12, 20))
    assert ring.state().damaged_frames == 8


def test_the_end_is_the_end() -> None:
    ring = begun(Limits())
    sender = Sender(ring)
    sender.send(5)
    assert not ring.index().complete
    ring.end()
    sender.send(5)
    assert ring.index().complete
    assert len(ring.index()) == 5
    assert not ring.await_frames(6, 1e9)
