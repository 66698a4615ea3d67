"""Plays a person's hands on a video whose decoders exist in virtual time only, scheduled as real ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from framescope.core.media.decoding.schedule import Costs, Request, Situation, decide, remember
from framescope.core.media.decoding.seek_plan import BEGINNING, DecoderPosition, plan_seek
from framescope.core.media.frame_order import order_frames
from tests.core.media.index_examples import packet_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from framescope.core.media.decoding.schedule import Decision, Task
    from framescope.core.media.index import FrameIndex

PACKET_S = 0.003
"""As measured at 1080p on two cores."""

SEEK_S = 0.004
DELAY = 5
"""Pictures that a decoder holds back."""


@dataclass(frozen=True)
class Stream:
    """A stream's packets: who they become, and which of them no other refers to."""

    index: FrameIndex
    unreferenced: frozenset[int]


def b_pyramid(gop: int, gops: int) -> Stream:
    """Closed GOPs of I, then groups of four frames P B b b: half of the packets are needed by no other."""
    pts: list[int] = []
    unreferenced: set[int] = set()
    for start in range(0, gop * gops, gop):
        pts.append(start)
        place = start + 1
        while place < start + gop:
            if place + 4 <= start + gop:
                unreferenced |= {len(pts) + 2, len(pts) + 3}
                pts += [place + 3, place + 1, place, place + 2]
                place += 4
            else:
                pts.append(place)
                place += 1
    table = packet_table(pts, range(0, gop * gops, gop))
    return Stream(order_frames(table, Fraction(1, 30)), frozenset(unreferenced))


def no_b_frames(gop: int, gops: int) -> Stream:
    """Every packet is needed by the next one, as in AV1 and VP9."""
    table = packet_table(range(gop * gops), range(0, gop * gops, gop))
    return Stream(order_frames(table, Fraction(1, 30)), frozenset())


@dataclass
class _Decoder:
    """One decoder: what it was fed, what it is reading, and how long the packet in hand still takes."""

    next_packet: int | None = None
    first_number: int = 0
    pending: set[int] = field(default_factory=set)
    task: Task | None = None
    keep_from: int = 0
    drains_behind: int | None = None
    run_start: int = 0
    run_stop: int = 0
    left_s: float = 0.0
    is_feeding: bool = False

    @property
    def position(self) -> DecoderPosition:
        return DecoderPosition(
            self.next_packet, self.first_number, frozenset(self.pending), range(self.run_start, self.run_stop)
        )


@dataclass
class Gesture:
    """What came of a gesture.

    Attributes:
        waits_s: Seconds from each request to its answer.
        fed: How often each packet was fed, by decoder.
    """

    waits_s: list[float] = field(default_factory=list)
    fed: list[Counter[int]] = field(default_factory=list)

    @property
    def worst_s(self) -> float:
        """The longest wait."""
        return max(self.waits_s)

    @property
    def feeding(self) -> float:
        """Packets fed for each distinct packet; 1 where none was fed."""
        total = sum(sum(each.values()) for each in self.fed)
        distinct = len(set().union(*self.fed))
        return total / distinct if distinct else 1.0

    @property
    def fed_by_both(self) -> set[int]:
        """Packets that both decoders were fed."""
        first, second = self.fed
        return set(first) & set(second)


class Desk:
    """Two decoders, a cache and a clock. Two that run at once have half the speed each."""

    def __init__(self, stream: Stream, *, room: int = 400, packet_s: float = PACKET_S) -> None:
        self.stream = stream
        self.now_s = 0.0
        self.cached: dict[int, None] = {}
        self.gesture = Gesture(fed=[Counter(), Counter()])
        self.log: list[str] = []
        self._room = room
        self._packet_s = packet_s
        self._decoders = [_Decoder(), _Decoder()]
        self._requests: tuple[Request, ...] = ()
        self._decision: Decision | None = None
        self._again_at: float | None = None
        total = len(stream.index.packet_sizes)
        share = 1 - len(stream.unreferenced) / total
        self._costs = Costs(packet_s, share)

    def play(self, numbers: Iterable[int], *, pace_s: float, rest_s: float = 0.5) -> Gesture:
        """Ask for frames, one when the one before is there and no more often than every ``pace_s``."""
        self.gesture = Gesture(fed=[Counter(), Counter()])
        for place, number in enumerate(numbers):
            asked_s = self.now_s
            self.gesture.waits_s.append(self._ask(number))
            self._run_until(asked_s + (pace_s if place else rest_s))
        return self.gesture

    def settle(self) -> None:
        """Let the decoders finish what they have planned."""
        for _ in range(100_000):
            if not self._advance(1e9):
                return
        raise AssertionError("the decoders never rest")

    def _ask(self, number: int) -> float:
        asked_s = self.now_s
        is_there = number in self.cached
        request = Request(number, asked_s, asked_s if is_there else None)
        self._requests = remember(self._requests, request)
        self._decide()
        while number not in self.cached:
            assert self._advance(1e9), f"nobody decodes {number}"
        if not is_there:
            self._requests = (*self._requests[:-1], replace(request, answered_s=self.now_s))
            self._decide()
        self._touch(number)
        return self.now_s - asked_s

    def _run_until(self, end_s: float) -> None:
        while self.now_s < end_s and self._advance(end_s):
            pass
        self.now_s = max(self.now_s, end_s)

    def _decide(self) -> None:
        situation = Situation(
            self.stream.index,
            self.cached,
            self._requests,
            tuple(each.position for each in self._decoders),
            tuple(each.task for each in self._decoders),
            self._costs,
            self._room,
            now_s=self.now_s,
        )
        decision = self._decision = decide(situation)
        self._again_at = None if decision.again_in_s is None else self.now_s + decision.again_in_s
        for place, (decoder, task) in enumerate(zip(self._decoders, decision.tasks, strict=True)):
            if task is not None and (decoder.task is None or decoder.task.frame_number != task.frame_number):
                self._start(place, decoder, task)
            decoder.task = task

    def _start(self, place: int, decoder: _Decoder, task: Task) -> None:
        index = self.stream.index
        plan = plan_seek(index, task.frame_number, decoder.position, keeps_all=False, outlook=task.outlook)
        decoder.keep_from = plan.keep_from
        decoder.drains_behind = plan.end_packet if plan.drains else None
        if not plan.continues:
            self.log.append(f"{self.now_s:.3f} {place}: from {plan.start_packet} to {task}")
            decoder.next_packet = decoder.run_start = decoder.run_stop = plan.start_packet
            firsts = index.entries.first_numbers
            decoder.first_number = 0 if plan.entry == BEGINNING else int(firsts[plan.entry])
            decoder.pending.clear()
            decoder.left_s, decoder.is_feeding = SEEK_S, False
        else:
            self.log.append(f"{self.now_s:.3f} {place}: on from {decoder.next_packet} to {task}")

    def _advance(self, limit_s: float) -> bool:
        """To the next thing that happens, but not beyond a time; False where nothing is going to happen."""
        busy = [each for each in self._decoders if each.task is not None or each.is_feeding]
        times = [self.now_s + each.left_s * len(busy) for each in busy]
        if self._again_at is not None:
            times.append(self._again_at)
        if not times:
            return False
        time_s = min(*times, limit_s) if len(times) > 1 else min(times[0], limit_s)
        for each in busy:
            each.left_s = max(0.0, each.left_s - (time_s - self.now_s) / len(busy))
        self.now_s = time_s
        if self._again_at is not None and self.now_s >= self._again_at:
            self._decide()
        for place, each in enumerate(self._decoders):
            if each in busy and each.left_s <= 1e-12:
                self._finish_packet(place, each)
        return True

    def _finish_packet(self, place: int, decoder: _Decoder) -> None:
        packet_count = len(self.stream.index.packet_sizes)
        if decoder.is_feeding:
            decoder.is_feeding = False
            assert decoder.next_packet is not None
            packet = decoder.next_packet
            self.gesture.fed[place][packet] += 1
            decoder.pending.add(packet)
            decoder.next_packet = decoder.run_stop = packet + 1
            while len(decoder.pending) > DELAY:
                self._put_out(decoder)
        if decoder.task is None:
            return
        while True:
            assert decoder.next_packet is not None
            drains_behind = packet_count if decoder.drains_behind is None else decoder.drains_behind + 1
            if decoder.next_packet >= min(packet_count, drains_behind):
                while decoder.pending:
                    self._put_out(decoder, is_draining=True)
                decoder.next_packet = None
                # What was being read is there: the next task is a new one.
                decoder.task = None
                self._decide()
                return
            is_needed = decoder.next_packet not in self.stream.unreferenced
            if is_needed or self._is_kept(decoder):
                break
            decoder.next_packet += 1
        decoder.left_s, decoder.is_feeding = self._packet_s, True

    def _is_kept(self, decoder: _Decoder) -> bool:
        assert decoder.task is not None
        assert decoder.next_packet is not None
        number = int(self.stream.index.numbers_of_packets[decoder.next_packet])
        is_on_stride = (number - decoder.task.frame_number) % decoder.task.stride == 0
        return decoder.next_packet >= decoder.keep_from and is_on_stride

    def _put_out(self, decoder: _Decoder, *, is_draining: bool = False) -> None:
        numbers = self.stream.index.numbers_of_packets
        packet = min(decoder.pending, key=lambda packet: int(numbers[packet]))
        decoder.pending.discard(packet)
        number, task = int(numbers[packet]), decoder.task
        if number < decoder.first_number:
            return
        wanted = self._decision.wanted if self._decision else range(0)
        if number in wanted or (task is not None and number in task.kept):
            self._touch(number)
            while len(self.cached) > self._room:
                oldest = next((each for each in self.cached if each not in wanted), next(iter(self.cached)))
                del self.cached[oldest]
        if task is not None and number == task.frame_number and not is_draining:
            self._decide()

    def _touch(self, number: int) -> None:
        self.cached.pop(number, None)
        self.cached[number] = None


def waits(gesture: Gesture) -> Sequence[int]:
    """Waits in whole milliseconds, for a look at what a gesture was like."""
    return [round(each * 1000) for each in gesture.waits_s]
