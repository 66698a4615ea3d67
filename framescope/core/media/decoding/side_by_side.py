"""Reads frames that lie far apart with several decoders, each in its own section of the video.

The threads of one decoder depend on each other. If pictures are small, or most are only decoded on the way to
others, the threads mostly wait for each other; independent decoders do not.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import FrameUnavailableError
from framescope.core.machine_cores import core_count
from framescope.core.media.container import local_path
from framescope.core.media.decoding.read_way import read_costs, start_packets
from framescope.core.media.decoding.reader import ExactReader
from framescope.core.media.decoding.seek_plan import Outlook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

_FEWEST_DECODED = 300
"""Fewer frames than this are not worth another decoder."""
_SPARSE = 4
"""Minimum frames decoded per wanted frame. If more are wanted, those decoded early would take much memory
until it is their turn."""
_MOST_PIXELS = 1920 * 1200
"""For larger pictures, one decoder's threads share the work well, and each decoder needs much memory."""
_MOST_DECODERS = 4
_STRETCH = 96
"""Minimum frames per section: restarting a decoder costs a few."""
_ROOM_BYTES = 64 << 20
"""Maximum memory for frames decoded before their turn, plus one frame per decoder."""


class _ClosingError(Exception):
    """The remaining frames are no longer wanted."""


def stretches(index: FrameIndex, wanted: NDArray[np.int64]) -> list[list[int]]:
    """Split the wanted frames into sections that can be reached independently. Pure.

    Args:
        index: The frame index.
        wanted: Frame numbers, ascending; duplicates stay in the same section.
    """
    starts = start_packets(index, wanted)
    begins = [0]
    for place in (np.flatnonzero(starts[1:] > starts[:-1]) + 1).tolist():
        if starts[place] - starts[begins[-1]] >= _STRETCH:
            begins.append(place)
    return [wanted[begin:end].tolist() for begin, end in pairwise([*begins, len(wanted)])]


def decoders_for(info: VideoInfo, index: FrameIndex, wanted: NDArray[np.int64]) -> int:
    """The best number of decoders for these frames; 1 if more would not help."""
    path = local_path(info.source)
    # Frames of a damaged stream depend on everything decoded before them.
    is_plain = not index.single_thread and path is not None and path.is_file()
    cores = min(core_count(), _MOST_DECODERS)
    if cores < 2 or not is_plain or not len(wanted) or info.width * info.height > _MOST_PIXELS:
        return 1
    cost = read_costs(index, wanted).cheaper.frames
    if cost < _FEWEST_DECODED or cost < _SPARSE * len(wanted):
        return 1
    return min(cores, len(stretches(index, wanted)))


class SideBySide:
    """A single read of frames by several decoders; `answers` can be called once.

    Attributes:
        index: The frame index, with all damage found so far.
    """

    def __init__(
        self, info: VideoInfo, index: FrameIndex, wanted: NDArray[np.int64], check_open: Callable[[], None]
    ) -> None:
        """Prepare only; nothing is opened yet.

        Args:
            info: The stream's declared facts.
            index: The frame index.
            wanted: Their numbers, ascending.
            check_open: Raises a FrameScopeError if reading must stop, as in a process forked meanwhile, where
                the threads do not exist. Threads: any.
        """
        self._info = info
        self.index = self._index = index
        self._check_open = check_open
        self._stretches = stretches(index, wanted)
        self._wanted = np.zeros(len(index), np.bool_)
        self._wanted[wanted] = True
        # Guards everything below.
        self._change = threading.Condition()
        self._shelves: list[deque[Frame | FrameUnavailableError]] = [deque() for _ in self._stretches]
        self._room = _ROOM_BYTES
        self._next = 0
        self._turn = 0
        self._error: BaseException | None = None
        self._is_closing = False

    def answers(self, decoders: int) -> Iterator[Frame | FrameUnavailableError]:
        """One answer for each number, in order.

        Raises:
            FrameScopeError: The file no longer exists, or the video was closed.
        """
        process = os.getpid()
        threads = [
            threading.Thread(target=self._read, name=f"framescope-side-by-side-{number}", daemon=True)
            for number in range(decoders)
        ]
        try:
            for thread in threads:
                thread.start()
            for turn, stretch in enumerate(self._stretches):
                for _ in stretch:
                    yield self._take(turn)
        finally:
            if process == os.getpid():
                self._end(threads)

    def _end(self, threads: list[threading.Thread]) -> None:
        with self._change:
            self._is_closing = True
            self._change.notify_all()
        for thread in threads:
            if thread.ident is not None:
                thread.join()

    def _take(self, turn: int) -> Frame | FrameUnavailableError:
        self._check_open()
        with self._change:
            if turn != self._turn:
                self._turn = turn
                self._change.notify_all()
            while not self._shelves[turn]:
                if self._error is not None:
                    raise self._error
                self._change.wait()
            answer = self._shelves[turn].popleft()
            self._room += _size_of(answer)
            self._change.notify_all()
            return answer

    def _read(self) -> None:
        """The work of each thread, with its own decoder."""
        reader = ExactReader(
            self._info, self._index, on_frame=lambda _frame: self._check_wanted(), one_thread=True
        )
        try:
            while (turn := self._next_stretch()) is not None:
                self._read_stretch(reader, turn)
        except _ClosingError:
            pass
        except BaseException as error:  # noqa: BLE001 - raised in `answers`
            with self._change:
                self._error = self._error or error
                self._change.notify_all()
        finally:
            reader.close()

    def _next_stretch(self) -> int | None:
        with self._change:
            turn, self._next = self._next, self._next + 1
            return turn if turn < len(self._stretches) and not self._is_closing else None

    def _read_stretch(self, reader: ExactReader, turn: int) -> None:
        numbers = self._stretches[turn]
        answer: Frame | FrameUnavailableError | None = None
        for place, number in enumerate(numbers):
            if answer is None or number != numbers[place - 1]:
                following = next((later for later in numbers[place + 1 :] if later > number), None)
                try:
                    outlook = Outlook(following, reads_through=True, wanted=self._wanted)
                    answer = reader.read(number, outlook=outlook)
                except FrameUnavailableError as error:
                    answer = error
                if reader.index is not self._index:
                    self._note_damage(reader.index)
            self._give(turn, answer)

    def _note_damage(self, found: FrameIndex) -> None:
        with self._change:
            self.index = self.index.with_damage(found.damaged_frames)

    def _give(self, turn: int, answer: Frame | FrameUnavailableError) -> None:
        with self._change:
            # The section whose turn it is never waits: its memory is freed as its frames are taken.
            while self._room <= 0 and turn != self._turn and not self._is_closing:
                self._change.wait()
            self._room -= _size_of(answer)
            self._shelves[turn].append(answer)
            self._change.notify_all()

    def _check_wanted(self) -> None:
        if self._is_closing or self._error is not None:
            raise _ClosingError
        self._check_open()


def _size_of(answer: Frame | FrameUnavailableError) -> int:
    return 0 if isinstance(answer, FrameUnavailableError) else answer.picture.size_bytes
