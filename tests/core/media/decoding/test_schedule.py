"""What two decoders are told to do, played in virtual time: how long hands wait, and what is decoded."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from framescope.core.media.decoding.schedule import HELD_KEY_S, Request, read_hand, remember
from tests.core.media.decoding.hand_simulator import PACKET_S, Desk, Stream, b_pyramid, no_b_frames

LENGTH = 1500

STREAMS = {
    "GOP 30": b_pyramid(30, LENGTH // 30),
    "GOP 250": b_pyramid(250, LENGTH // 250),
    "GOP 30, all needed": no_b_frames(30, LENGTH // 30),
    "GOP 250, all needed": no_b_frames(250, LENGTH // 250),
}
GOPS = {name: 30 if "30" in name else 250 for name in STREAMS}

every_stream = pytest.mark.parametrize("name", STREAMS)
at_any_pace = pytest.mark.parametrize("pace_s", [HELD_KEY_S, 0.005], ids=["held key", "at once"])
at_any_stride = pytest.mark.parametrize("stride", [1, 3, 7, 30, "uneven"])


def strides(start: int, stride: int | str, sign: int, count: int) -> list[int]:
    """Where a hand goes from a frame; uneven like a mouse."""
    rng = random.Random(9)
    numbers = [start]
    for _ in range(count):
        numbers.append(numbers[-1] + sign * (rng.randint(2, 11) if isinstance(stride, str) else stride))
    return [number for number in numbers if 0 <= number < LENGTH]


def resting_at(stream: Stream, number: int, *, warm: bool = True, room: int = 400) -> Desk:
    """A desk whose hand went to a frame and rests there, for half a second or just arrived."""
    desk = Desk(stream, room=room)
    desk.play([number], pace_s=0.0, rest_s=0.5 if warm else 0.0)
    return desk


def plain_decode_s(name: str) -> float:
    """What a plain reader takes for the last frame of a GOP: every packet of it, and what it holds back."""
    return (GOPS[name] + 8) * PACKET_S


@every_stream
@at_any_pace
@at_any_stride
@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_going_back_waits_no_longer_than_a_plain_decode(
    name: str, pace_s: float, stride: int | str, *, warm: bool
) -> None:
    desk = resting_at(STREAMS[name], 1120, warm=warm)
    gesture = desk.play(strides(1120, stride, -1, 100)[1:], pace_s=pace_s, rest_s=pace_s)
    assert gesture.worst_s <= plain_decode_s(name)
    assert gesture.feeding <= 2.1


@every_stream
@at_any_pace
@at_any_stride
def test_no_packet_is_fed_to_both_decoders_in_one_gesture(
    name: str, pace_s: float, stride: int | str
) -> None:
    for sign in (1, -1):
        desk = resting_at(STREAMS[name], 700)
        gesture = desk.play(strides(700, stride, sign, 80)[1:], pace_s=pace_s, rest_s=pace_s)
        # What the decoder that goes on holds back at a border is all that may be fed again.
        assert len(gesture.fed_by_both) <= 0.02 * sum(sum(each.values()) for each in gesture.fed)


@every_stream
@at_any_pace
@at_any_stride
@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_going_on_decodes_everything_once(name: str, pace_s: float, stride: int | str, *, warm: bool) -> None:
    desk = resting_at(STREAMS[name], 310, warm=warm)
    gesture = desk.play(strides(310, stride, 1, 100)[1:], pace_s=pace_s, rest_s=pace_s)
    assert gesture.feeding <= 1.1
    assert gesture.worst_s <= plain_decode_s(name) / 2


@every_stream
def test_what_a_fast_drag_left_out_is_not_gone_back_for(name: str) -> None:
    """The hand is sometimes too fast for the decoder and sometimes not."""
    desk = resting_at(STREAMS[name], 310)
    paces_s = [0.005, 0.06, 0.005, 0.03, 0.005, HELD_KEY_S]
    total, packets = 0, set[int]()
    number = 310
    for pace_s in paces_s:
        path = range(number + 7, number + 64, 7)
        gesture = desk.play(path, pace_s=pace_s, rest_s=pace_s)
        number = path[-1]
        total += sum(sum(each.values()) for each in gesture.fed)
        packets |= set().union(*gesture.fed)
    assert total <= 1.1 * len(packets)


@at_any_pace
@pytest.mark.parametrize("name", ["GOP 30", "GOP 250"])
@pytest.mark.parametrize("stride", [7, 30])
def test_a_regular_drag_back_decodes_each_gop_once_and_leaves_out_what_is_not_seen(
    name: str, stride: int, pace_s: float
) -> None:
    desk = resting_at(STREAMS[name], 1120)
    path = strides(1120, stride, -1, 100)[1:]
    gesture = desk.play(path, pace_s=pace_s, rest_s=pace_s)
    assert gesture.feeding <= 1.1
    gop = GOPS[name]
    fed = set().union(*gesture.fed) & set(range(path[-1] // gop * gop, 1120))
    assert len(fed) <= 0.75 * (1120 - path[-1] // gop * gop)
    way_back = desk.play(path[-2::-1], pace_s=HELD_KEY_S, rest_s=HELD_KEY_S)
    assert way_back.worst_s == 0


@every_stream
@pytest.mark.parametrize("stride", [1, 3, 7])
def test_nobody_waits_for_a_held_key_going_on(name: str, stride: int) -> None:
    desk = resting_at(STREAMS[name], 310)
    gesture = desk.play(strides(310, stride, 1, 100)[1:], pace_s=HELD_KEY_S, rest_s=HELD_KEY_S)
    assert gesture.worst_s == 0


@every_stream
def test_nobody_waits_for_a_held_key_going_back_over_keyframes(name: str) -> None:
    for start in (520, 270, 1140):
        desk = resting_at(STREAMS[name], start)
        gesture = desk.play(range(start - 1, start - 130, -1), pace_s=HELD_KEY_S, rest_s=HELD_KEY_S)
        assert gesture.worst_s == 0


@every_stream
@at_any_pace
def test_turning_round_costs_nothing_more(name: str, pace_s: float) -> None:
    there_and_back = [*range(519, 470, -1), *range(471, 560), *range(558, 480, -1)]
    gesture = resting_at(STREAMS[name], 520).play(there_and_back, pace_s=pace_s, rest_s=pace_s)
    assert gesture.worst_s <= plain_decode_s(name)
    assert gesture.feeding <= 2.1


def test_the_tail_of_a_gop_comes_first() -> None:
    stream = STREAMS["GOP 250"]
    desk = resting_at(stream, 510, warm=False)
    first, second = 499, 498
    for number in (509, 508):
        desk.play([number], pace_s=0.0, rest_s=0.0)
    gesture = desk.play([first, second], pace_s=0.0, rest_s=0.0)
    # Half of the packets are left out on the way, and the frame before came along.
    assert gesture.waits_s[0] < 0.75 * plain_decode_s("GOP 250")
    assert gesture.waits_s[1] < 10 * PACKET_S


def test_a_jump_is_answered_as_soon_as_its_frame_is_out() -> None:
    stream = STREAMS["GOP 250"]
    gesture = Desk(stream).play([380], pace_s=0.0)
    needed = [packet for packet in range(250, 388) if packet not in stream.unreferenced]
    assert gesture.waits_s[0] <= (len(needed) + 14) * PACKET_S


@every_stream
def test_what_may_follow_a_jump_is_there_before_it_is_asked_for(name: str) -> None:
    desk = Desk(STREAMS[name])
    desk.play([700], pace_s=0.0, rest_s=0.0)
    desk.settle()
    assert all(number in desk.cached for number in range(700 - 32, 700 + 25))


@every_stream
def test_looking_keeps_little_and_ends(name: str) -> None:
    desk = Desk(STREAMS[name])
    desk.play([700], pace_s=0.0, rest_s=0.0)
    desk.settle()
    assert len(desk.cached) <= 80
    at_rest_s = desk.now_s
    desk.settle()
    assert desk.now_s == at_rest_s


@every_stream
def test_shuffled_reads_fetch_nothing_around_them(name: str) -> None:
    desk = Desk(STREAMS[name])
    numbers = random.Random(4).sample(range(LENGTH), 20)
    desk.play(numbers, pace_s=0.0, rest_s=0.0)
    assert len([line for line in desk.log if ": from " in line]) <= len(numbers)


@every_stream
@pytest.mark.parametrize("room", [1, 2, 5, 40])
def test_a_small_cache_lets_the_decoders_rest_too(name: str, room: int) -> None:
    desk = resting_at(STREAMS[name], 700, room=room)
    desk.settle()
    desk.play([*range(699, 660, -1), *range(661, 690)], pace_s=HELD_KEY_S)
    desk.settle()
    assert len(desk.cached) <= room


@pytest.mark.parametrize("stream", [b_pyramid(30, 4), no_b_frames(30, 4)], ids=["B-pyramid", "all needed"])
def test_nothing_is_fetched_ahead_where_frames_are_still_being_listed(stream: Stream) -> None:
    growing = replace(stream, index=replace(stream.index, complete=False))
    at_its_end, before_it, complete = (
        resting_at(growing, 100),
        resting_at(growing, 80),
        resting_at(stream, 100),
    )
    for desk in (at_its_end, before_it, complete):
        desk.settle()
    assert max(at_its_end.cached) == 100
    assert {80, 81, 87} <= set(before_it.cached)
    assert max(before_it.cached) == 87
    assert max(complete.cached) == 119


def requests(*numbers: int, pace_s: float = 0.05) -> tuple[Request, ...]:
    kept: tuple[Request, ...] = ()
    for place, number in enumerate(numbers):
        kept = remember(kept, Request(number, place * pace_s, place * pace_s))
    return kept


def test_hands_are_read() -> None:
    assert read_hand(requests(40)).step == 0
    assert read_hand(requests(40, 41)).step == 1
    assert read_hand(requests(40, 39)).step == -1
    assert read_hand(requests(40, 400)).step == 0
    assert read_hand(requests(40, 70)).step == 0, "the first long move may be a jump"
    assert read_hand(requests(40, 70, 100)).step == 30
    assert read_hand(requests(400, 370, 340, 310)).step == -30
    assert read_hand(requests(10, 17, 24, 31)).is_regular
    assert not read_hand(requests(10, 17, 22, 31)).is_regular
    assert read_hand(requests(10, 11, 12, 11)).step == -1
    assert read_hand(requests(10, 11, 12, 12)).step == 1, "asked for again, as when the window is resized"


def test_the_pace_is_never_thought_slower_than_a_held_key() -> None:
    assert read_hand(requests(40, 41, pace_s=2.0)).pace_s == pytest.approx(HELD_KEY_S)
    assert read_hand(requests(40, 41, 42, pace_s=0.01)).pace_s == pytest.approx(0.01)
