"""Video: open a file, get its properties and its frames by number. The facade of this package."""

from __future__ import annotations

import operator
import os
import threading
import weakref
from collections import deque
from collections.abc import Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, SupportsFloat, SupportsIndex, overload

import numpy as np

from framescope.core.closing import Closing
from framescope.core.errors import FrameScopeError, FrameUnavailableError
from framescope.core.media.container import source_name
from framescope.core.media.decoding.cache import FrameCache, default_cache_bytes
from framescope.core.media.decoding.fetcher import Fetcher
from framescope.core.media.decoding.look_ahead import looked_ahead
from framescope.core.media.decoding.read_way import ReadWay, read_costs
from framescope.core.media.decoding.reader import ExactReader
from framescope.core.media.decoding.seek_plan import Outlook
from framescope.core.media.decoding.side_by_side import SideBySide, decoders_for
from framescope.core.model.decoder_in_use import DecoderInUse
from framescope.core.text import TypedTime
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import NoReturn

    from numpy.typing import NDArray

    from framescope.core.media.decoding.reader import MakeReader
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

_LONGEST_S = 1e12
_LARGE_PIXELS = 500_000
"""Pictures of this size are decoded ahead of those who read one after another."""

_STEP = 12
"""Requests no further apart than this count as moving forwards or backwards, not as a jump."""

_FEWEST_JUMPS, _MOST_JUMPS = 2, 3
"""So many jumps in a row, one of them backwards, mean that the next one goes anywhere as well."""


class _Pass:
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
        self.current_pass: _Pass | None = None
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


class _Single:
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

    def frame(self, frame_number: int) -> Frame | None:
        """The frame; None if reading was stopped meanwhile."""
        last, self._last_number = self._last_number, frame_number
        if last is not None:
            self._moves.append(frame_number - last)
        steps = bool(self._moves) and abs(self._moves[-1]) <= _STEP
        outlook = Outlook() if self._jumps_about else None
        return self._cache.get(frame_number) or self._read(frame_number, keeps_all=steps, outlook=outlook)

    @property
    def _jumps_about(self) -> bool:
        """Whether the latest requests show that no frame near this one will be requested next."""
        # Forward jumps alone may go on within a GOP, which costs less if the decoder keeps its position.
        moves = self._moves
        are_far = all(abs(distance) > _STEP for distance in moves)
        return are_far and len(moves) >= _FEWEST_JUMPS and min(moves) < 0

    def frame_of_many(self, frame_number: int, outlook: Outlook, whole: _Pass) -> Frame | None:
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


class Video(Closing):
    """The frames of one video stream, by number. Threads: any; one waits while another reads.

    >>> from framescope import open_video
    >>> with open_video(clip) as video:
    ...     len(video), video[17].pts, video.frame_at(0.5).frame_number
    ...     [frame.frame_number for frame in video[::20]]
    (48, 8704, 12)
    [0, 20, 40]

    After `close`, and in a process forked after opening, reading raises a FrameScopeError: a decoder and its
    threads cannot be shared between processes. A video that goes out of scope without `close` releases
    everything.
    """

    def __init__(  # noqa: PLR0913 - every option is named at the call
        self,
        info: VideoInfo,
        index: FrameIndex,
        *,
        make_reader: MakeReader,
        cache_bytes: int | None = None,
        read_ahead: bool = False,
        decoder: Callable[[], DecoderInUse] = DecoderInUse,
    ) -> None:
        self.info = info
        self._decoder = decoder
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._is_stopped = False
        give_back = weakref.WeakMethod(self._give_memory_back)
        self._cache = FrameCache(
            default_cache_bytes() if cache_bytes is None else cache_bytes,
            lambda: (method := give_back()) and method(),
        )
        self._is_file_read_exactly = make_reader is ExactReader
        self._single = None if read_ahead else _Single(info, index, self._cache, make_reader)
        # One of them decodes: a single decoder in this thread, or two that read ahead in their own threads.
        self._source = self._single or Fetcher(info, index, self._cache, make_reader)
        weakref.finalize(self, self._source.stop)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads out while a frame is read.

        Raises:
            FrameScopeError: The video is closed, or was opened by another process.
        """
        self._check_process()
        with self._lock:
            self._check_not_stopped()
            yield

    def _check_open(self) -> None:
        self._check_process()
        self._check_not_stopped()

    def _check_not_stopped(self) -> None:
        if self._is_stopped:
            raise self._closed()

    def _closed(self) -> FrameScopeError:
        return FrameScopeError(
            tr("{name} is closed.", name=source_name(self.info.source)),
            hint=tr("Open the video again to read from it."),
        )

    def _check_process(self) -> None:
        # Before any lock is taken: in a forked process it may be held by a thread that no longer exists.
        if self._process != os.getpid():
            raise FrameScopeError(
                tr(
                    "{source_name} was opened before this process was forked.",
                    source_name=source_name(self.info.source),
                ),
                hint=tr("Open the video in each process that reads it."),
            )

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied, pickled or sent to another process."""
        raise FrameScopeError(
            tr(
                "The open video {source_name} cannot be copied or pickled.",
                source_name=source_name(self.info.source),
            ),
            hint=tr("Pass its path and open it there."),
        )

    @property
    def index(self) -> FrameIndex:
        """The frame index: arrays by frame number. Threads: any."""
        return self._source.index

    @property
    def damaged_frames(self) -> NDArray[np.int32]:
        """int32 numbers of the frames known to depend on damage, ascending."""
        return self.index.damaged_frames

    @property
    def decoder(self) -> DecoderInUse:
        """With what it is decoded: a device, or software, and why. Threads: any."""
        return self._decoder()

    def adopt_index(self, index: FrameIndex) -> None:
        """Continue with a longer or better index of the same stream.

        Raises:
            FrameScopeError: The video is closed, or was opened by another process.
        """
        with self._alone():
            if not index.extends(self.index):
                self._cache.clear()
            self._source.adopt_index(index, self._cache.epoch)

    def __len__(self) -> int:
        """The number of frames in a sequential decode, as far as indexed."""
        return len(self.index)

    @overload
    def __getitem__(self, key: SupportsIndex) -> Frame: ...
    @overload
    def __getitem__(self, key: slice) -> VideoSlice: ...
    def __getitem__(self, key: SupportsIndex | slice) -> Frame | VideoSlice:
        """``video[n]`` is frame n, ``video[-1]`` the last one, ``video[a:b:c]`` a `VideoSlice`.

        Raises:
            IndexError: There is no frame of this number.
            FrameUnavailableError: It cannot be decoded.
            FrameScopeError: The video is closed, or was opened by another process.
        """
        if isinstance(key, slice):
            return VideoSlice(self, range(*key.indices(len(self))))
        number = operator.index(key)
        if not -len(self) <= number < len(self):
            raise IndexError(f"frame {number} of a video of {len(self)} frames")
        return self.frame(number % len(self))

    def __iter__(self) -> Iterator[Frame]:
        """All frames, in order; see `frames`."""
        return self.frames(range(len(self)))

    def frame_at(self, seconds: SupportsFloat) -> Frame:
        """The frame shown at a time in seconds since the first frame, as in ``times_s``.

        Raises:
            IndexError: No frame is shown at that time, or the frames have no timestamps.
            FrameUnavailableError: It cannot be decoded.
            FrameScopeError: The video is closed, or was opened by another process.
        """
        exact: Fraction | float = seconds if isinstance(seconds, Fraction) else float(seconds)
        if not -_LONGEST_S < exact < _LONGEST_S:
            raise IndexError(f"nothing is shown at {seconds} s")
        # The times in an index are floats: each must map back to its own frame.
        time = TypedTime(Fraction(exact), Fraction(1, 10**9))
        if not self.index.shows_at(time):
            raise IndexError(f"nothing is shown at {seconds} s")
        return self.frame(self.index.number_at_time(time))

    def frame(self, frame_number: int) -> Frame:
        """The frame with this 0-based number, as in a sequential decode.

        Raises:
            IndexError: There is no frame of this number.
            FrameUnavailableError: It cannot be decoded.
            OpenError: The file is missing or has changed.
            FrameScopeError: The video is closed, or was opened by another process.
        """
        return self._frame(frame_number, None, None)

    def prepare(self, frame_number: int) -> None:
        """Cache a frame that is about to be requested, and nothing around it before it is.

        Raises as `frame` does.
        """
        self.frame(frame_number)
        if isinstance(self._source, Fetcher):
            self._source.rest()

    def _frame(self, frame_number: int, outlook: Outlook | None, whole: _Pass | None) -> Frame:
        with self._alone():
            if not 0 <= frame_number < len(self):
                raise IndexError(f"frame {frame_number} of a video of {len(self)} frames")
            if self._single is None or outlook is None or whole is None:
                frame = self._source.frame(frame_number)
            else:
                frame = self._single.frame_of_many(frame_number, outlook, whole)
            if frame is None:
                raise self._closed()
            return frame

    def frames(self, numbers: Iterable[int] | slice) -> Iterator[Frame]:
        """The frames of a range, a slice or any iterable of numbers, in that order; see `try_frames`.

        Raises:
            IndexError: There is no frame of one of the numbers.
            FrameUnavailableError: One cannot be decoded; use `try_frames` to continue after it.
            FrameScopeError: The video is closed, or was opened by another process.
        """
        return _only_frames(self.try_frames(numbers))

    def try_frames(self, numbers: Iterable[int] | slice) -> Iterator[Frame | FrameUnavailableError]:
        """One answer per number, in order; a damaged frame yields an error and does not stop the iteration.

        Ascending numbers that are all known beforehand (a range, list or array, not a generator) are read the
        cheaper way, sequentially or from keyframe to keyframe (see ``read_way``), and nothing is cached.
        Other numbers are read as if `frame` were called for each.

        Raises:
            IndexError: There is no frame of one of the numbers.
            FrameScopeError: The video is closed, or was opened by another process.
        """
        with self._alone():
            if isinstance(numbers, slice):
                numbers = range(*numbers.indices(len(self)))
            wanted = np.asarray(numbers, np.int64) if isinstance(numbers, (Sequence, np.ndarray)) else None
            if wanted is None or self._single is None or not self._is_ascending(wanted):
                return self._answers((int(number), None) for number in numbers)
            decoders = decoders_for(self.info, self.index, wanted) if self._is_file_read_exactly else 1
            if decoders > 1:
                return self._answers_side_by_side(self._single, wanted, decoders)
            answers = self._answers(self._with_outlooks(wanted))
            # Converting a picture takes about as long as decoding the next one, so both go on at once. With
            # small pictures, changing from thread to thread would cost more.
            is_worth_it = len(wanted) > 1 and self.info.width * self.info.height >= _LARGE_PIXELS
            return looked_ahead(answers, self._check_open) if is_worth_it else answers

    def _is_ascending(self, wanted: NDArray[np.int64]) -> bool:
        is_inside = len(wanted) > 0 and wanted[0] >= 0 and wanted[-1] < len(self)
        return bool(is_inside and (wanted[1:] >= wanted[:-1]).all())

    def _with_outlooks(self, wanted: NDArray[np.int64]) -> Iterator[tuple[int, Outlook | None]]:
        reads_through = read_costs(self.index, wanted).way is ReadWay.THROUGH
        is_wanted = np.zeros(len(self.index), np.bool_)
        is_wanted[wanted] = True
        # For a repeated number, look ahead from its last occurrence: the others are in memory.
        followers = np.searchsorted(wanted, wanted, side="right")
        for number, follower in zip(wanted.tolist(), followers.tolist(), strict=True):
            following = int(wanted[follower]) if follower < len(wanted) else None
            yield number, Outlook(following, reads_through, wanted=is_wanted)

    def _answers(
        self, wanted: Iterable[tuple[int, Outlook | None]]
    ) -> Iterator[Frame | FrameUnavailableError]:
        whole = _Pass()
        for number, outlook in wanted:
            try:
                yield self._frame(number, outlook, whole)
            except FrameUnavailableError as error:
                yield error

    def _answers_side_by_side(
        self, single: _Single, wanted: NDArray[np.int64], decoders: int
    ) -> Iterator[Frame | FrameUnavailableError]:
        readers = SideBySide(self.info, self.index, wanted, self._check_not_stopped)
        noted = readers.index
        for answer in readers.answers(decoders):
            with self._alone():
                if readers.index is not noted:
                    noted = readers.index
                    single.note_damage(noted)
            yield answer

    def keep(self, frame: Frame) -> None:
        """Cache a frame of this video that was decoded elsewhere, as its index has it. Threads: any."""
        self._cache.put(frame, self._cache.epoch)

    def cached_frame(self, frame_number: int) -> Frame | None:
        """The frame if it is cached, without decoding. Threads: any."""
        self._check_process()
        return self._cache.get(frame_number)

    def nearest_cached_frame(self, frame_number: int) -> Frame | None:
        """The cached frame whose number is closest. Threads: any."""
        self._check_process()
        return self._cache.nearest(frame_number)

    def cached_spans(self) -> list[tuple[int, int]]:
        """Half-open runs of cached frame numbers. Threads: any."""
        self._check_process()
        return self._cache.spans()

    @property
    def cached_bytes(self) -> int:
        """Memory used by cached frames, in bytes. Threads: any."""
        return self._cache.used_bytes

    def thumbnail(self, frame_number: int, height_px: int, *, exact: bool = True) -> NDArray[np.uint8]:
        """(height, width, 4) uint8 in B, G, R, A order: the frame scaled down, upright, pixels square.

        Args:
            frame_number: The frame wanted.
            height_px: Rows of the result.
            exact: Whether it must be that frame; otherwise its keyframe may be used, which costs decoding one
                intra picture.

        Raises:
            FrameUnavailableError: The frame cannot be decoded.
            FrameScopeError: The video is closed, or was opened by another process.
        """
        if not exact:
            key = self.index.keyframe_at_or_before(frame_number)
            frame_number = frame_number if key is None else key
        frame = self.frame(frame_number)
        width_px = max(1, round(height_px * self.info.display_width / max(self.info.display_height, 1)))
        return frame.picture.to_bgra(width=width_px, height=height_px)

    def _give_memory_back(self) -> None:
        if self._single is None:
            self._source.give_memory_back()
        elif self._lock.acquire(blocking=False):
            # Unless a read is in progress.
            try:
                self._single.give_memory_back()
            finally:
                self._lock.release()

    def interrupt(self) -> None:
        """Break off a read in flight after its next picture; nothing can be read afterwards. Threads: any."""
        self._is_stopped = True
        self._source.stop()

    def close(self) -> None:
        """Release the file and the cached frames; a read in another thread is interrupted first.

        In a process forked after opening it does nothing: the resources belong to the parent.
        """
        if self._process != os.getpid():
            return
        self.interrupt()
        with self._lock:
            self._source.close()
            self._cache.clear()


class VideoSlice(Sequence["Frame"]):
    """Evenly spaced frames of a video, decoded on demand.

    Attributes:
        video: Where they come from.
        numbers: Their numbers.
    """

    def __init__(self, video: Video, numbers: range) -> None:
        self.video = video
        self.numbers = numbers

    def __len__(self) -> int:
        """The number of frames."""
        return len(self.numbers)

    @overload
    def __getitem__(self, key: SupportsIndex) -> Frame: ...
    @overload
    def __getitem__(self, key: slice) -> VideoSlice: ...
    def __getitem__(self, key: SupportsIndex | slice) -> Frame | VideoSlice:
        """A frame by its position in the slice, or a smaller slice."""
        if isinstance(key, slice):
            return VideoSlice(self.video, self.numbers[key])
        return self.video.frame(self.numbers[operator.index(key)])

    def __iter__(self) -> Iterator[Frame]:
        """Iterates over the frames, sequentially or by seeking; see `Video.frames`."""
        return self.video.frames(self.numbers)


def _only_frames(answers: Iterator[Frame | FrameUnavailableError]) -> Iterator[Frame]:
    for answer in answers:
        if isinstance(answer, FrameUnavailableError):
            raise answer
        yield answer
