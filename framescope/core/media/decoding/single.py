"""One decoder that runs in the caller's thread, and the frames that come out of it before they are due."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from framescope.core.media.decoding.seek_plan import Outlook

if TYPE_CHECKING:
    from framescope.core.media.decoding.cache import FrameCache
    from framescope.core.media.decoding.frame_reader import MakeReader
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

_STEP = 12
"""Requests no further apart than this count as moving forwards or backwards, not as a jump."""

_FEWEST_JUMPS, _MOST_JUMPS = 2, 3
"""So many jumps in a row, one of them backwards, mean that the next one goes anywhere as well."""


class EarlyFrames:
    """Frames of one sequential pass that were decoded before they were due."""

    def __init__(self) -> None:
        self._first = 0
        self._epoch = 0
        self._early: dict[int, Frame] = {}

    def turn_to(self, frame_number: int, epoch: int) -> Frame | None:
        """Drop earlier frames, which are not requested again; returns this frame if it is present."""
        if epoch != self._epoch:
            self._early.clear()
        self._first, self._epoch = frame_number, epoch
        for number in [number for number in self._early if number < frame_number]:
            del self._early[number]
        return self._early.get(frame_number)

    def take(self, frame: Frame) -> None:
        """Keep a frame that is not due yet."""
        if frame.frame_number >= self._first:
            self._early[frame.frame_number] = frame


class _StoppedError(Exception):
    """The video is being closed."""


class _FrameSink:
    """Receives the frames from a reader. It refers to neither the reader nor the video.

    Attributes:
        epoch: The cache's epoch that the reader's index belongs to.
        current_pass: The current sequential pass; None if frames go into the cache.
        is_stopped: Whether reading must stop. Threads: any.
    """

    def __init__(self, cache: FrameCache) -> None:
        self._cache = cache
        self.epoch = cache.epoch
        self.current_pass: EarlyFrames | None = None
        self.is_stopped = False

    def take(self, frame: Frame) -> None:
        """Accept a decoded frame.

        Raises:
            _StoppedError: The video was closed meanwhile.
        """
        if self.is_stopped:
            raise _StoppedError
        if self.current_pass is None:
            self._cache.put(frame, self.epoch)
        else:
            self.current_pass.take(frame)


class SingleDecoder:
    """One decoder that runs in the caller's thread. Threads: one at a time, except ``stop``."""

    def __init__(
        self, info: VideoInfo, index: FrameIndex, cache: FrameCache, make_reader: MakeReader
    ) -> None:
        self._cache = cache
        self._sink = _FrameSink(cache)
        self._reader = make_reader(info, index, on_frame=self._sink.take)
        self._last_number: int | None = None
        self._moves: deque[int] = deque(maxlen=_MOST_JUMPS)

    @property
    def index(self) -> FrameIndex:
        """The frame index, with all damage found so far."""
        return self._reader.index

    def frame(self, frame_number: int, outlook: Outlook | None = None) -> Frame | None:
        """The frame; None if reading was stopped meanwhile. ``outlook`` is what is read next, if known."""
        last, self._last_number = self._last_number, frame_number
        if last is not None:
            self._moves.append(frame_number - last)
        steps = bool(self._moves) and abs(self._moves[-1]) <= _STEP
        if outlook is None and self._jumps_about:
            outlook = Outlook()
        return self._cache.get(frame_number) or self._read(frame_number, keeps_all=steps, outlook=outlook)

    @property
    def _jumps_about(self) -> bool:
        """Whether the latest requests show that no frame near this one will be requested next."""
        # Forward jumps alone may go on within a GOP, which costs less if the decoder keeps its position.
        moves = self._moves
        are_far = all(abs(distance) > _STEP for distance in moves)
        return are_far and len(moves) >= _FEWEST_JUMPS and min(moves) < 0

    def frame_of_many(self, frame_number: int, outlook: Outlook, whole: EarlyFrames) -> Frame | None:
        """A frame of a sequential pass, which keeps frames decoded early; None if it was stopped."""
        frame = whole.turn_to(frame_number, self._sink.epoch) or self._cache.get(frame_number)
        if frame is not None:
            return frame
        self._sink.current_pass = whole
        try:
            return self._read(frame_number, outlook=outlook)
        finally:
            self._sink.current_pass = None

    def _read(
        self, frame_number: int, *, keeps_all: bool = False, outlook: Outlook | None = None
    ) -> Frame | None:
        try:
            return self._reader.read(frame_number, keeps_all=keeps_all, outlook=outlook)
        except _StoppedError:
            return None

    def adopt_index(self, index: FrameIndex, epoch: int) -> None:
        """Use another index of the same stream from now on, for this epoch of the cache."""
        self._sink.epoch = epoch
        self._reader.adopt_index(index)

    def note_damage(self, found: FrameIndex) -> None:
        """Mark the damage that other decoders found, by an index of the same stream."""
        if self.index.extends(found):
            self._reader.index = self.index.with_damage(found.damaged_frames)

    def give_memory_back(self) -> None:
        """Close the decoder: its pool keeps the memory of frames that left the cache."""
        self._reader.close()

    def stop(self) -> None:
        """Interrupt a read in progress after its next picture. Threads: any."""
        self._sink.is_stopped = True

    def close(self) -> None:
        """Release the file."""
        self._reader.close()
