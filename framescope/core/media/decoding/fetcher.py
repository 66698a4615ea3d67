"""Executes the schedule: two decoders, each in its own thread, fill the cache that answers requests.

What each decodes next is decided in one place (``schedule``), under one lock, on every request and after
every decoded frame. A request starts nothing by itself: it changes the schedule.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from framescope.core.errors import FrameScopeError
from framescope.core.media.decoding.schedule import (
    Costs,
    Decision,
    Request,
    Situation,
    decide,
    read_hand,
    remember,
    started,
)
from framescope.core.translation import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.media.decoding.cache import FrameCache
    from framescope.core.media.decoding.frame_reader import MakeReader
    from framescope.core.media.decoding.schedule import Task
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

_DECODERS = 2

_LOOK_BYTES = 384 << 20
"""Maximum memory for frames prefetched around one at rest: 120 frames of 1080p, 30 of 4K."""

_FADING = 0.98
"""The weight of a measurement relative to the next one."""

_FEWEST_PACKETS = 8
"""Packets needed before the measured cost is used."""

_LONGEST_WAIT_S = 0.5

_CLOSING_S = 2.0
"""How long closing waits for a busy decoder."""


class _InterruptedError(Exception):
    """The schedule has changed: the decoder is needed elsewhere. It keeps its position."""


class _Meter:
    """Measures decoding costs, weighting recent measurements more."""

    def __init__(self) -> None:
        self._seconds = self._packets = self._fed = self._seen = 0.0

    def add(self, seconds: float, *, fed: int, fed_of_skippable: int, left_out: int) -> None:
        """Add one measurement."""
        if not fed:
            return
        self._seconds = self._seconds * _FADING + seconds
        self._packets = self._packets * _FADING + fed
        self._fed = self._fed * _FADING + fed_of_skippable
        self._seen = self._seen * _FADING + fed_of_skippable + left_out

    @property
    def costs(self) -> Costs:
        """The costs as measured so far, or as estimated."""
        guess = Costs()
        return Costs(
            self._seconds / self._packets if self._packets >= _FEWEST_PACKETS else guess.packet_s,
            self._fed / self._seen if self._seen >= _FEWEST_PACKETS else guess.fed_share,
        )


class _Worker:
    """One decoder and its thread.

    Attributes:
        reader: The decoder. Threads: its own.
        position: Its position when its last frame came out. Guarded by the fetcher's lock.
        reading: The frame it is reading now; None between frames. Guarded by the fetcher's lock.
        index_serial: Which of the fetcher's indexes it uses. Threads: its own.
        epoch: The cache epoch that belongs to that index. Threads: its own.
        is_to_close: Whether it must release its memory before it continues. Threads: any.
    """

    def __init__(self, fetcher: Fetcher, place: int, make_reader: MakeReader, info: VideoInfo) -> None:
        self.place = place
        self.reader = make_reader(info, fetcher.index, on_frame=lambda frame: fetcher.take(self, frame))
        self.position = self.reader.position
        self.reading: int | None = None
        self.index_serial = 0
        self.epoch = 0
        self.is_to_close = False
        # A queue instead of a condition: a finalizer can put an item without taking a lock.
        self._alarms: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._thread = threading.Thread(
            target=fetcher.run, args=(self,), name=f"framescope-decoder-{place}", daemon=True
        )

    def wake(self) -> None:
        """Make it check the schedule; its thread starts with the first call."""
        if self._thread.ident is None:
            self._thread.start()
        self.alarm()

    def alarm(self) -> None:
        """Make it check the schedule if it is running. Takes no lock."""
        if self._thread.is_alive():
            self._alarms.put(None)

    def sleep(self, longest_s: float | None) -> None:
        """Wait for an alarm. Threads: its own."""
        with contextlib.suppress(queue.Empty):
            self._alarms.get(timeout=longest_s)

    def join(self, longest_s: float) -> None:
        """Wait until its thread has ended."""
        if self._thread.ident is not None:
            self._thread.join(max(longest_s, 0.0))


class Fetcher:
    """Fetches and prefetches frames of one video for interactive use. Threads: any; ``frame`` one at a time.

    An unexpected error in one of the threads is raised in the request that waits for that thread, or else
    reported through ``threading.excepthook``; nothing more is fetched before the next request.

    Attributes:
        index: The frame index, with all damage found so far.
    """

    def __init__(
        self, info: VideoInfo, index: FrameIndex, cache: FrameCache, make_reader: MakeReader
    ) -> None:
        """Prepare only: the threads start, and the file is opened, with the first request."""
        self.index = index
        self._cache = cache
        # Guards everything below and every decision based on it.
        self._lock = threading.Lock()
        self._newest = index
        self._index_serial = 0
        self._epoch = cache.epoch
        self._requests: tuple[Request, ...] = ()
        self._decision = Decision((None,) * _DECODERS)
        self._again_at: float | None = None
        self._meter = _Meter()
        self._frame_bytes = 1
        self._waiting: int | None = None
        self._answer: Frame | Exception | None = None
        self._bug: Exception | None = None
        self._is_stalled = False
        self._is_closing = False
        self._answers: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._workers = [_Worker(self, place, make_reader, info) for place in range(_DECODERS)]
        for worker in self._workers:
            worker.epoch = cache.epoch

    # --- the public face

    def frame(self, frame_number: int) -> Frame | None:
        """The frame; None if the fetcher was stopped meanwhile.

        Raises:
            FrameUnavailableError: It cannot be decoded.
            OpenError: The file is gone, or has been changed.
        """
        now_s = time.monotonic()
        with self._lock:
            frame = self._cache.get(frame_number)
            request = Request(frame_number, now_s, None if frame is None else now_s)
            self._requests = remember(self._requests, request)
            self._waiting = frame_number if frame is None else None
            self._answer = None
            self._is_stalled = False
            self._decide()
            if not read_hand(self._requests).step:
                self._cache.drop_unasked(self._decision.wanted)
        return self._await_answer() if frame is None else frame

    def _await_answer(self) -> Frame | None:
        while True:
            if self._is_closing:
                return None
            with self._lock:
                answer, self._answer = self._answer, None
            if isinstance(answer, Exception):
                raise answer
            if answer is not None:
                return answer
            if self._bug is not None:
                raise FrameScopeError(
                    tr("FrameScope made a mistake while decoding ahead."),
                    hint=tr("Open the video again, and please report it."),
                ) from self._bug
            with contextlib.suppress(queue.Empty):
                # On Windows, Ctrl+C is only noticed between two waits.
                self._answers.get(timeout=_LONGEST_WAIT_S)

    def adopt_index(self, index: FrameIndex, epoch: int) -> None:
        """Use another index of the same stream from now on, for this epoch of the cache."""
        with self._lock:
            if index.extends(self._newest):
                index = index.with_damage(self.index.damaged_frames)
            else:
                self._requests = ()
            self.index = self._newest = index
            self._epoch = epoch
            self._index_serial += 1
            self._decide()

    @property
    def damaged_frames(self) -> NDArray[np.int32]:
        """int32 numbers of the frames found to depend on damage."""
        return self.index.damaged_frames

    def rest(self) -> None:
        """Fetch nothing more before the next request."""
        with self._lock:
            self._is_stalled = True
            self._decide()

    def give_memory_back(self) -> None:
        """Close the decoders once they are idle, and fetch nothing more before the next request.

        Takes no lock, since another video's thread calls it.
        """
        self._is_stalled = True
        for worker in self._workers:
            worker.is_to_close = True
            worker.alarm()

    def stop(self) -> None:
        """Ask the threads to end, without waiting. Takes no lock, so that finalizers may call it."""
        self._is_closing = True
        self._answers.put(None)
        for worker in self._workers:
            worker.alarm()

    def close(self) -> None:
        """Stop and wait for the threads to end; one that is stuck in a decoder is left behind."""
        self.stop()
        end_s = time.monotonic() + _CLOSING_S
        for worker in self._workers:
            worker.join(end_s - time.monotonic())

    # --- one decision

    def _decide(self) -> None:
        """Decide what happens next and start it. Must hold the lock."""
        if self._is_stalled and self._waiting is None:
            decision = Decision((None,) * _DECODERS, self._decision.wanted)
        else:
            decision = decide(
                Situation(
                    self._newest,
                    self._cache,
                    self._requests,
                    tuple(worker.position for worker in self._workers),
                    self._decision.tasks,
                    self._meter.costs,
                    max(1, self._cache.limit_bytes // self._frame_bytes),
                    max(2, _LOOK_BYTES // self._frame_bytes),
                    time.monotonic(),
                )
            )
        self._decision = decision
        self._again_at = None if decision.again_in_s is None else time.monotonic() + decision.again_in_s
        # Once awake, the first worker computes when to decide again.
        timekeeper = self._workers[0] if self._again_at is not None else None
        for worker, task in zip(self._workers, decision.tasks, strict=True):
            if worker.reading is None and (task is not None or worker is timekeeper):
                worker.wake()

    # --- in a decoder's thread

    def run(self, worker: _Worker) -> None:
        """Follow the schedule until stopped. Threads: the worker's."""
        try:
            while (task := self._await_task(worker)) is not None:
                self._carry_out(worker, task)
        except Exception as bug:
            self._bug = bug
            self._answers.put(None)
            raise
        finally:
            worker.reader.close()
            if self._is_closing:
                # The reader refers back to this object: without this, the frames of a dropped video would
                # wait for the garbage collector, which does not know how large they are.
                self._cache.clear()

    def _await_task(self, worker: _Worker) -> Task | None:
        """What to do next; None when closing."""
        while not self._is_closing:
            if worker.is_to_close:
                worker.is_to_close = False
                worker.reader.close()
                worker.position = worker.reader.position
            rest_s: float | None = None
            with self._lock:
                if self._again_at is not None:
                    rest_s = self._again_at - time.monotonic()
                    if rest_s <= 0:
                        rest_s = None
                        self._decide()
                task = self._decision.tasks[worker.place]
                if task is not None:
                    worker.reading = task.frame_number
                    worker.position = started(self._newest, worker.position, task)
                    index, serial, epoch = self._newest, self._index_serial, self._epoch
            if task is None:
                if worker.reader.has_much_to_give_back:
                    worker.reader.close()
                worker.position = worker.reader.position
                worker.sleep(rest_s)
                continue
            if serial != worker.index_serial:
                worker.reader.adopt_index(index)
                worker.index_serial, worker.epoch = serial, epoch
            return task
        return None

    def _carry_out(self, worker: _Worker, task: Task) -> None:
        reader, failure = worker.reader, None
        before, start_s = reader.tally, time.perf_counter()
        try:
            reader.read(task.frame_number, outlook=task.outlook)
        except _InterruptedError:
            pass
        except Exception as error:  # noqa: BLE001 - raised in the request that waits for the frame
            if not isinstance(error, FrameScopeError):
                reader.forget_position()
            failure = error
        took_s, after = time.perf_counter() - start_s, reader.tally
        with self._lock:
            worker.reading, worker.position = None, reader.position
            self._meter.add(
                took_s,
                fed=after.fed - before.fed,
                fed_of_skippable=after.fed_of_skippable - before.fed_of_skippable,
                left_out=after.left_out - before.left_out,
            )
            if worker.index_serial == self._index_serial:
                self.index = self.index.with_damage(reader.index.damaged_frames)
            is_awaited = failure is not None and self._waiting == task.frame_number
            if is_awaited:
                self._settle(failure)
            # After an error nothing more is fetched: requesting the damaged frame itself raises the reason.
            self._is_stalled |= failure is not None
            self._decide()
        if failure is not None and not is_awaited and not isinstance(failure, FrameScopeError):
            _report(failure)

    def take(self, worker: _Worker, frame: Frame) -> None:
        """Accept a frame from a decoder. Threads: the worker's.

        Raises:
            _InterruptedError: The decoder is needed elsewhere, or the fetcher was stopped.
        """
        number = frame.frame_number
        with self._lock:
            if self._is_closing or worker.index_serial != self._index_serial:
                raise _InterruptedError
            worker.position = worker.reader.position
            self._frame_bytes = max(1, frame.picture.size_bytes)
            task = self._decision.tasks[worker.place]
            is_due = number == self._waiting
            wanted = self._decision.wanted
            if is_due or number in wanted or (task is not None and number in task.kept):
                fits = self._cache.put(frame, worker.epoch, wanted, worker.place)
                # Frames that evict each other would be fetched over and over.
                self._is_stalled |= not fits
                self._wake_those_with_memory()
            if is_due:
                # It was requested, so count it as used.
                self._cache.get(number)
                self._settle(frame)
            if number != worker.reading and (task is None or task.frame_number != worker.reading):
                raise _InterruptedError

    def _wake_those_with_memory(self) -> None:
        """Let idle decoders give memory back: their frames were evicted for another's. Must hold the lock."""
        for worker in self._workers:
            if worker.reading is None and worker.reader.has_much_to_give_back:
                worker.alarm()

    def _settle(self, answer: Frame | Exception | None) -> None:
        """Answer the waiting request. Must hold the lock."""
        self._waiting, self._answer = None, answer
        if self._requests:
            last = replace(self._requests[-1], answered_s=time.monotonic())
            self._requests = (*self._requests[:-1], last)
        self._answers.put(None)


def _report(bug: Exception) -> None:
    """Report an error that no request is waiting for, as if it had ended the thread."""
    arguments = (type(bug), bug, bug.__traceback__, threading.current_thread())
    threading.excepthook(threading.ExceptHookArgs(arguments))
