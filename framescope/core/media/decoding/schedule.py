"""Decides what each decoder of a video decodes next, from the requests and the cached frames. Pure.

When stepping backwards, the frame wanted first is the last one of a GOP. So the tail of a GOP comes first,
skipping non-reference pictures on the way, and the rest of the GOP follows while the user steps through the
tail.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from framescope.core.media.decoding.seek_plan import (
    BEGINNING,
    DecoderPosition,
    Outlook,
    choose_entry,
    plan_seek,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from framescope.core.media.decoding.seek_plan import SeekPlan
    from framescope.core.media.index import FrameIndex

HELD_KEY_S = 1 / 30
"""The repeat interval of a held key, assumed where nothing was measured."""

_STEP = 12
"""Requests no further apart than this count as moving forwards or backwards at once."""

_STRIDE = 64
"""Two moves in the same direction, no longer than this, count as a drag; anything else is a jump."""

_MOVES = 3
"""The number of recent moves used to estimate the step."""

_PACES_S = (0.004, HELD_KEY_S)
"""Limits for the assumed time between requests. A user who has just started, or who steps singly, may hold
the key down at any moment."""

_REST_S = 0.04
"""A jump must be followed by this long a pause before anything is prefetched around it; shuffled reads are
not."""

_TAIL = 32
"""Frames fetched first when going backwards: at 30 per second they last until the others are fetched."""

_LONGEST_TAILS = (48, 96)
"""The maximum if the user steps or drags faster: with more, the first of them comes too late."""

_NEAR = 48
"""Up to this many packets are all decoded on the way to a frame; beyond that, unneeded ones are skipped."""

_KEPT_BEFORE_JUMP = 16
"""Frames kept before a distant jump's target, since a step back may follow."""

_AHEAD = 24
"""Minimum read-ahead from the frame on screen, in frames."""

_NEWLY_LISTED = 32
"""Frames at the end of a growing index that are not fetched ahead: a decoder holds them back until it has
read on, and starts anew when they are listed, while a count decodes the same."""

_STEPS_AHEAD = 6
"""Read-ahead in moves of the current step."""

_LONG_STRIDE = 4
"""With steps this long, non-reference pictures in between may be skipped."""

_SHARE = 0.6
"""The largest share of the cache for prefetched frames, so that they never evict each other."""

_SEEK_PACKETS = 4
"""The cost, in packets, of restarting a decoder elsewhere."""

_SAFETY = 1.5
"""How much longer than estimated a run may take and still count as on time."""

_PIECES = 8
"""How many of the most wanted runs are considered for the decoders."""

_CANNOT_SKIP = 0.9
"""If more than this share of packets is needed anyway, skipping the others gains nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """A requested frame.

    Attributes:
        frame_number: The frame.
        asked_s: When it was requested, on any clock.
        answered_s: When it was answered; None while it is pending.
    """

    frame_number: int
    asked_s: float
    answered_s: float | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """The user's position and movement, estimated from the last requests.

    Attributes:
        frame_number: The last requested frame.
        step: Frames per move, negative for backwards; 0 after a jump.
        pace_s: Seconds from one request to the next.
        is_regular: Whether the last moves were of the same length.
    """

    frame_number: int
    step: int = 0
    pace_s: float = HELD_KEY_S
    is_regular: bool = False


@dataclass(frozen=True, slots=True)
class Costs:
    """The measured decoding costs.

    Attributes:
        packet_s: Seconds to decode a packet.
        fed_share: Share of the packets that must be fed when as many as possible are skipped.
    """

    packet_s: float = 0.004
    fed_share: float = 0.6


@dataclass(frozen=True, slots=True)
class Task:
    """A decoder's assignment: read one frame of a run, then the others.

    Attributes:
        frame_number: The frame to read next.
        first: The lowest wanted frame of the run; on the way there, pictures may be skipped.
        last: The highest one.
        goes_on: Whether the decoder may be needed after it.
        stride: From ``first`` to ``last``, every how many frames one is wanted.
    """

    frame_number: int
    first: int
    last: int
    goes_on: bool = True
    stride: int = 1

    @property
    def kept(self) -> range:
        """The wanted frames."""
        return range(self.first, self.last + 1, self.stride)

    @property
    def outlook(self) -> Outlook:
        """The same, for the reader."""
        return Outlook(self.last + self.stride if self.goes_on else None, kept=self.kept)


@dataclass(frozen=True, slots=True)
class Situation:
    """The input of a decision.

    Attributes:
        index: The frame index.
        cached: Frames in the cache.
        requests: The last requests, oldest first; see `remember`.
        positions: The position of each decoder.
        tasks: The current task of each decoder.
        costs: The measured costs.
        room: Frames that fit into the cache.
        look: Frames to keep around one at rest.
        now_s: The time, on the clock of the requests.
    """

    index: FrameIndex
    cached: Container[int]
    requests: tuple[Request, ...]
    positions: tuple[DecoderPosition, ...]
    tasks: tuple[Task | None, ...]
    costs: Costs = Costs()
    room: int = 1 << 30
    look: int = 1 << 30
    now_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens next.

    Attributes:
        tasks: The task of each decoder; None if it is idle.
        wanted: Frames that may be requested soon: cached when decoded, and evicted last.
        again_in_s: When to decide again if nothing else happens; None for never.
    """

    tasks: tuple[Task | None, ...]
    wanted: range = range(0)
    again_in_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of frames worth fetching.

    Attributes:
        first: The lowest frame, which is not cached.
        last: The highest one.
        due_s: Seconds until the user gets there.
        place: The decoder that is already on its way there.
        stride: From the lowest to the highest, every how many frames one is wanted.
    """

    first: int
    last: int
    due_s: float = 0.0
    place: int | None = None
    stride: int = 1


def remember(requests: tuple[Request, ...], request: Request) -> tuple[Request, ...]:
    """The last requests plus a new one, without those that are no longer relevant."""
    if requests and requests[-1].frame_number == request.frame_number:
        requests = requests[:-1]
    return (*requests[-_MOVES:], request)


def read_hand(requests: Sequence[Request]) -> Hand:
    """The user's movement, from at least one request."""
    numbers = [request.frame_number for request in requests]
    moves = [after - before for before, after in pairwise(numbers)]
    intervals = [after.asked_s - before.asked_s for before, after in pairwise(requests)]
    least, most = _PACES_S
    # The shortest one: a user who had to wait would have requested sooner.
    pace_s = min(max(min(intervals, default=most), least), most)
    same: list[int] = []
    for move in reversed(moves):
        if abs(move) > _STRIDE or move * moves[-1] < 0:
            break
        same.append(move)
    if not same or (abs(same[0]) > _STEP and len(same) == 1):
        return Hand(numbers[-1])
    return Hand(
        numbers[-1], round(statistics.median(same)), pace_s, len(same) == _MOVES and len(set(same)) == 1
    )


def started(index: FrameIndex, position: DecoderPosition, task: Task) -> DecoderPosition:
    """The position of a decoder once it has begun a task: a new one if it must restart."""
    plan = plan_seek(index, task.frame_number, position, keeps_all=False, outlook=task.outlook)
    if plan.continues:
        return position
    first = 0 if plan.entry == BEGINNING else int(index.entries.first_numbers[plan.entry])
    return DecoderPosition(plan.start_packet, first, run=range(plan.start_packet, plan.start_packet + 1))


def decide(situation: Situation) -> Decision:
    """The next task of each decoder."""
    if not situation.requests:
        return Decision((None,) * len(situation.positions))
    return _Scheduler(situation).decide()


class _Scheduler:
    """The state of a single decision."""

    def __init__(self, situation: Situation) -> None:
        self._now = situation
        self._index = situation.index
        self._hand = read_hand(situation.requests)
        request = situation.requests[-1]
        self._answered_s = situation.now_s if request.answered_s is None else request.answered_s
        is_waiting = request.answered_s is None and request.frame_number not in situation.cached
        self._waiting = request.frame_number if is_waiting else None
        self._room = max(1, int(situation.room * _SHARE))
        self._skips = situation.costs.fed_share < _CANNOT_SKIP
        self._stride = self._read_stride()
        self._homes = [self._home(position) for position in situation.positions]

    def _read_stride(self) -> int:
        """The distance between wanted frames if the decoder cannot deliver all in time."""
        step, costs = abs(self._hand.step), self._now.costs
        # Backwards, all frames of a GOP take two passes: one for its tail, and one for the others.
        packets = step if self._hand.step > 0 else 2 * step
        is_too_fast = packets * costs.packet_s > self._hand.pace_s
        is_drag = self._hand.is_regular and step >= _LONG_STRIDE
        return step if self._skips and is_drag and is_too_fast else 1

    def decide(self) -> Decision:
        window = self._window()
        wanted = self._wanted(window)
        tasks: list[Task | None] = [None] * len(self._now.positions)
        if self._waiting is not None:
            # Alone: the other decoder would only take CPU time from it.
            place, task = self._answer(self._waiting)
            tasks[place] = task
            return Decision(tuple(tasks), wanted)
        if not self._hand.step:
            rest_s = self._answered_s + _REST_S - self._now.now_s
            if rest_s > 0:
                return Decision(tuple(tasks), wanted, rest_s)
        number = self._hand.frame_number
        pieces = list(islice(self._pieces(window), _PIECES))
        busy = {piece.place for piece in pieces if piece.place is not None}
        for piece in pieces:
            free = [place for place, task in enumerate(tasks) if task is None]
            if not free:
                break
            owner = piece.place if piece.place is not None else self._owner(piece)
            is_first = len(free) == len(tasks)
            if is_first or owner is None:
                # A decoder on its way to other wanted frames continues.
                free = [place for place in free if place == piece.place or place not in busy] or free
            elif owner not in free:
                # No packet is fed to both: the rest of this GOP is left to the decoder that is in it.
                continue
            place = owner if owner is not None and owner in free else self._best(piece, free)
            goes_on = self._hand.step >= 0 or piece.last > number
            tasks[place] = Task(piece.first, piece.first, piece.last, goes_on, piece.stride)
            if is_first and not self._has_time_for_two(place, piece):
                break
        return Decision(tuple(tasks), wanted)

    def _window(self) -> range:
        """The frames around the current one that may be requested next."""
        number, step = self._hand.frame_number, self._hand.step
        look = min(self._now.look, self._room)
        back = min(_TAIL, look * _TAIL // (_TAIL + _AHEAD))
        ahead = min(_AHEAD, look - back)
        if step < 0:
            back, ahead = self._room * self._stride, min(ahead, self._room // 4)
        elif step > 0:
            ahead = min(max(_AHEAD, _STEPS_AHEAD * step), self._room // 2)
        end = len(self._index)
        if not self._index.complete and not self._index.is_live:
            end = max(end - _NEWLY_LISTED, number + 1)
        return range(max(0, number - back), min(end, number + ahead + 1))

    def _wanted(self, window: range) -> range:
        """The frames to keep, including those ahead of the window, which would otherwise be decoded twice."""
        number = self._hand.frame_number
        if self._hand.step < 0:
            return range(self._first_on_stride(number, window.start), window.stop, self._stride)
        return range(window.start, max(window.stop, number + self._room // 2))

    def _first_on_stride(self, number: int, lowest: int) -> int:
        """The lowest frame, but not below ``lowest``, that lies whole strides before a frame."""
        return number - (number - lowest) // self._stride * self._stride

    # --- the requested frame

    def _answer(self, number: int) -> tuple[int, Task]:
        """Which decoder reads the requested frame, and how: the one that gets there first."""
        for place, task in enumerate(self._now.tasks):
            if task is not None and task.frame_number == number:
                return place, task
        piece = _Piece(number, number)
        place = self._best(piece, range(len(self._now.positions)))
        plan = self._plan(place, number)
        task = self._now.tasks[place]
        is_near = plan.last_packet - plan.start_packet <= _NEAR
        if task is not None and plan.continues and is_near and number in task.kept:
            # It will pass this frame anyway.
            return place, replace(task, frame_number=number)
        goes_on = self._hand.step >= 0
        first = self._first_kept(number, is_near=is_near)
        is_on_stride = first == number or self._hand.step < 0
        return place, Task(number, first, number, goes_on, self._stride if is_on_stride else 1)

    def _first_kept(self, number: int, *, is_near: bool) -> int:
        """The first frame to keep on the way to the requested one."""
        step, room = self._hand.step, max(1, self._room // 2)
        if step >= _LONG_STRIDE and self._skips:
            return number
        if step < 0 and self._stride > 1:
            # One pass gives all the frames of this GOP that the user will see.
            return self._first_on_stride(number, self._gop_start(number))
        if not self._skips or (is_near and step):
            # Either skipping pictures gains nothing, or they are wanted next.
            return max(0, number - min(room, 2 * _NEAR if step else _TAIL))
        if step < 0:
            start = self._gop_start(number)
            whole_s = self._packets(start, number) * self._now.costs.packet_s
            return max(0, number - self._tail_length(whole_s) + 1)
        return number if is_near else max(0, number - min(room, _KEPT_BEFORE_JUMP))

    # --- frames that may be requested next

    def _pieces(self, window: range) -> Iterator[_Piece]:
        """Runs worth fetching, most wanted first."""
        if self._hand.step < 0:
            behind = self._behind_by_stride if self._stride > 1 else self._behind
            yield from behind(window.start)
            return
        yield from self._ahead(window.stop)
        if not self._hand.step:
            yield from self._behind(window.start)

    def _ahead(self, stop: int) -> Iterator[_Piece]:
        number, step, cached = self._hand.frame_number, self._hand.step, self._now.cached
        if self._stride > 1:
            for each in range(number + step, stop, step):
                if each not in cached:
                    yield _Piece(each, each, stride=self._stride)
            return
        missing = self._first_missing(number + 1, stop)
        if missing is not None:
            running = self._running_to(missing)
            yield _Piece(missing, stop - 1, place=None if running is None else running[1])

    def _first_missing(self, start: int, stop: int) -> int | None:
        """Where to continue reading. Frames skipped during a drag are not fetched later."""
        packets = self._index.packet_numbers
        around = [each for each in self._now.positions if packets[self._hand.frame_number] in each.run]
        is_drag = self._hand.step >= _LONG_STRIDE and bool(around)
        for number in range(start, stop):
            if number in self._now.cached:
                continue
            packet = int(packets[number])
            if not is_drag or any(packet not in each.run or packet in each.pending for each in around):
                return number
        return None

    def _behind(self, lowest: int) -> Iterator[_Piece]:
        number, packet_s = self._hand.frame_number, self._now.costs.packet_s
        frame_s = self._hand.pace_s / max(abs(self._hand.step), 1)
        last = number - 1
        while True:
            while last >= lowest and last in self._now.cached:
                last -= 1
            if last < lowest:
                return
            due_s = (number - last) * frame_s
            running = self._running_to(last)
            if running is not None:
                first, place = running
                yield _Piece(first, last, due_s, place)
                last = first - 1
                continue
            first = self._first_worth(last, lowest)
            whole_s = self._packets(first, last) * packet_s
            if self._hand.step and self._is_early(last, first, due_s, whole_s):
                return
            if self._hand.step and whole_s * _SAFETY > due_s:
                first = max(first, self._gop_start(last))
                count = self._tail_length(whole_s)
                if self._skips and last - first >= count + count // 2:
                    yield _Piece(last - count + 1, last, due_s)
                    last, due_s = last - count, due_s + count * frame_s
            yield _Piece(first, last, due_s)
            last = first - 1

    def _behind_by_stride(self, lowest: int) -> Iterator[_Piece]:
        number, stride = self._hand.frame_number, self._stride
        last = number - stride
        while last >= lowest:
            if last in self._now.cached:
                last -= stride
                continue
            due_s = (number - last) // stride * self._hand.pace_s
            running = self._running_to(last)
            if running is not None:
                first, place = running
                yield _Piece(first, last, due_s, place, stride)
            else:
                first = self._first_on_stride(last, max(self._gop_start(last), lowest))
                if self._has_time(due_s, self._packets(first, last) * self._now.costs.packet_s):
                    return
                yield _Piece(first, last, due_s, stride=stride)
            last = first - stride

    def _running_to(self, number: int) -> tuple[int, int] | None:
        """The decoder whose current task reaches a frame, and the first missing frame on its way."""
        for place, task in enumerate(self._now.tasks):
            if task is None or number not in task.kept:
                continue
            if self._plan(place, number).continues:
                missing = (each for each in task.kept if each < number and each not in self._now.cached)
                return next((each for each in missing if self._plan(place, each).continues), number), place
        return None

    def _tail_length(self, whole_s: float) -> int:
        """How many frames last until the rest of their GOP is decoded."""
        stride = abs(self._hand.step)
        lasting = int(whole_s * stride / self._hand.pace_s)
        return min(max(lasting, _TAIL), _LONGEST_TAILS[stride >= _LONG_STRIDE], max(1, self._room // 2))

    def _first_worth(self, last: int, lowest: int) -> int:
        """First frame of a run to ``last``: the start of its GOP, or of an earlier one if GOPs are short."""
        first = self._gop_start(last)
        while first > lowest:
            earlier = self._gop_start(first - 1)
            if earlier < lowest or last - earlier >= _TAIL + _TAIL // 2:
                break
            first = earlier
        first = max(first, lowest)
        while first < last and first in self._now.cached:
            first += 1
        return first

    def _is_early(self, last: int, first: int, due_s: float, whole_s: float) -> bool:
        """Whether it is too early to fetch a run: there is time, and the user may change direction."""
        distance = self._hand.frame_number - last
        is_cut = first > self._gop_start(first)
        # A window that ends within a GOP advances in halves, or each frame would cost a GOP.
        return self._has_time(due_s, whole_s) or (is_cut and distance > self._room // 2)

    @staticmethod
    def _has_time(due_s: float, whole_s: float) -> bool:
        """Whether a run that takes so long can be begun later."""
        return due_s > 2 * whole_s + 0.5

    def _gop_start(self, number: int) -> int:
        entry = choose_entry(self._index, number)
        return 0 if entry == BEGINNING else min(int(self._index.entries.first_numbers[entry]), number)

    def _packets(self, first: int, last: int) -> int:
        """Number of packets of a run, from the keyframe on."""
        entry = choose_entry(self._index, first)
        start = 0 if entry == BEGINNING else int(self._index.entries.packet_numbers[entry])
        return int(self._index.packet_numbers[last]) + 1 - start

    # --- which decoder

    def _home(self, position: DecoderPosition) -> range:
        """The entries of the GOPs that a decoder has decoded since it started."""
        entries, run = self._index.entries, position.run
        if not run:
            return range(0)
        return range(entries.at_or_before(run.start), entries.at_or_before(run.stop - 1) + 1)

    def _owner(self, piece: _Piece) -> int | None:
        """The decoder currently in a run's GOP."""
        entry = choose_entry(self._index, piece.last)
        owners = [place for place, home in enumerate(self._homes) if entry in home]
        return min(owners, key=lambda place: self._cost(place, piece)) if owners else None

    def _best(self, piece: _Piece, places: Sequence[int]) -> int:
        """The decoder that gets there first; if both must restart, the one already in that GOP."""
        owner = self._owner(piece)
        here = choose_entry(self._index, self._hand.frame_number)
        return min(
            places,
            key=lambda place: (self._cost(place, piece), place != owner, here in self._homes[place]),
        )

    def _plan(self, place: int, number: int) -> SeekPlan:
        """The seek plan for a decoder to reach a frame."""
        outlook = Outlook(number + 1, kept=range(number, number + 1))
        return plan_seek(self._index, number, self._now.positions[place], keeps_all=False, outlook=outlook)

    def _cost(self, place: int, piece: _Piece) -> int:
        """Packets from a decoder's position to the end of a run."""
        plan = self._plan(place, piece.first)
        last = int(self._index.packet_numbers[piece.last])
        return max(last, plan.last_packet) + 1 - plan.start_packet + (0 if plan.continues else _SEEK_PACKETS)

    def _has_time_for_two(self, place: int, piece: _Piece) -> bool:
        """Whether the most wanted run is still on time if another run takes half of the CPU."""
        if self._hand.step >= 0:
            # At rest there is. When moving, two decoders would both read past the keyframe where they meet.
            return not self._hand.step
        return 2 * self._cost(place, piece) * self._now.costs.packet_s <= piece.due_s
