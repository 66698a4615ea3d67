"""Video: open a file, get its properties and its frames by number. The facade of this package."""

from __future__ import annotations

import operator
import os
import threading
import weakref
from collections.abc import Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, SupportsFloat, SupportsIndex, overload

import numpy as np

from framescope.core.closing import Closing
from framescope.core.errors import FrameScopeError, FrameUnavailableError
from framescope.core.forking import never_free, renew_in_children
from framescope.core.media.container import source_name
from framescope.core.media.decoding.cache import FrameCache, default_cache_bytes
from framescope.core.media.decoding.fetcher import Fetcher
from framescope.core.media.decoding.look_ahead import looked_ahead
from framescope.core.media.decoding.read_way import ReadWay, read_costs
from framescope.core.media.decoding.reader import ExactReader
from framescope.core.media.decoding.seek_plan import Outlook
from framescope.core.media.decoding.side_by_side import SideBySide, decoders_for
from framescope.core.media.decoding.single import EarlyFrames, SingleDecoder
from framescope.core.media.file_state import found_again
from framescope.core.model.decoder_in_use import DecoderInUse
from framescope.core.text import TypedTime
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from framescope.core.media.decoding.frame_reader import MakeReader
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

_LONGEST_S = 1e12
_LARGE_PIXELS = 500_000
"""Pictures of this size are decoded ahead of those who read one after another."""


class Video(Closing):
    """The frames of one video stream, by number. Threads: any; one waits while another reads.

    >>> from framescope import open_video
    >>> with open_video(clip) as video:
    ...     len(video), video[17].pts, video.frame_at(0.5).frame_number
    ...     [frame.frame_number for frame in video[::20]]
    (48, 8704, 12)
    [0, 20, 40]

    It can be pickled, as a data loader does for its workers: the other process opens the file again, at the
    first read, and refuses it if it has changed. A process forked after opening does the same; only an
    iteration that began before the fork cannot continue there. After `close`, reading raises a
    FrameScopeError. A video that goes out of scope without `close` releases everything.
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
        looks_ahead: bool = True,
    ) -> None:
        """Prepare to read; the file is opened by the first read.

        Args:
            info: The stream's declared facts.
            index: The frame index.
            make_reader: Makes the reader of such a source.
            cache_bytes: Most memory for decoded frames; None for the default.
            read_ahead: Whether two decoders also fetch the frames likely to be asked for next.
            decoder: Says what decodes: a device, or software.
            looks_ahead: Whether a thread decodes the next large frames of an iteration meanwhile, as it is
                good where there is a core for it.
        """
        self.info = info
        self._make_reader = make_reader
        self._cache_bytes = cache_bytes
        self._reads_ahead = read_ahead
        self._decoder = decoder
        self._looks_ahead = looks_ahead
        self._is_file_read_exactly = make_reader is ExactReader
        self._is_stopped = False
        self._set_up(index)
        renew_in_children(self)

    def _set_up(self, index: FrameIndex) -> None:
        """Prepare to read in this process; the file is opened by the first read."""
        self._process = os.getpid()
        self._lock = threading.RLock()
        give_back = weakref.WeakMethod(self._give_memory_back)
        self._cache = FrameCache(
            default_cache_bytes() if self._cache_bytes is None else self._cache_bytes,
            lambda: (method := give_back()) and method(),
        )
        parts = (self.info, index, self._cache, self._make_reader)
        self._single = None if self._reads_ahead else SingleDecoder(*parts)
        # One of them decodes: a single decoder in this thread, or two that read ahead in their own threads.
        self._source = self._single or Fetcher(*parts)
        self._stop_if_dropped = weakref.finalize(self, self._source.stop)

    def set_up_after_fork(self) -> None:
        """In a process forked after opening, leave decoder and frames to the parent; prepare to open anew."""
        self._stop_if_dropped.detach()
        # A frame's memory belongs to its decoder, whose locks may be held by threads of the parent.
        never_free(self._source, self._cache)
        # What a live source received is in the parent.
        if not self._is_stopped and not self.index.is_live:
            self._set_up(self.index)

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

    def _check_still_open(self, process: int) -> None:
        """Refuse to continue what began in another process, or before closing."""
        if process != os.getpid():
            raise self._forked()
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
            raise self._forked()

    def _forked(self) -> FrameScopeError:
        name = source_name(self.info.source)
        return FrameScopeError(
            tr("Reading {name} began before this process was forked.", name=name),
            hint=tr("Begin to read in the process that uses the frames."),
        )

    def __reduce__(self) -> tuple[Callable[..., Video], tuple[object, ...]]:
        """What another process needs to open the file again; no decoder and no frame.

        Raises:
            FrameScopeError: The video is closed, or its source is live: what it received is in this process.
        """
        self._check_not_stopped()
        if self.index.is_live:
            raise FrameScopeError(
                tr("The live video {name} cannot be copied or pickled.", name=source_name(self.info.source)),
                hint=tr("Pass its address and open it there."),
            )
        options = {
            "make_reader": self._make_reader,
            "cache_bytes": self._cache_bytes,
            "read_ahead": self._reads_ahead,
            "looks_ahead": self._looks_ahead,
            "decoder": self._decoder,
        }
        return _opened_again, (self.info, self.index, options)

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
        """What decodes it, a device or software, and why. Threads: any."""
        return self._decoder()

    def adopt_index(self, index: FrameIndex) -> None:
        """Continue with a longer or better index of the same stream.

        Raises:
            FrameScopeError: The video is closed, or was opened by another process.
        """
        with self._alone():
            if not index.extends(self.index) or index.adds_damage_to(self.index):
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

    def _frame(self, frame_number: int, outlook: Outlook | None, whole: EarlyFrames | None) -> Frame:
        with self._alone():
            if not 0 <= frame_number < len(self):
                raise IndexError(f"frame {frame_number} of a video of {len(self)} frames")
            if self._single is None or outlook is None:
                frame = self._source.frame(frame_number)
            elif whole is None:
                frame = self._single.frame(frame_number, outlook)
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
            check_open = partial(self._check_still_open, os.getpid())
            if decoders > 1:
                readers = SideBySide(self.info, self.index, wanted, check_open)
                return self._answers_side_by_side(self._single, readers, decoders)
            answers = self._answers(self._with_outlooks(wanted))
            # Converting a picture takes about as long as decoding the next one, so both go on at once. With
            # small pictures, changing from thread to thread would cost more.
            is_large = self.info.width * self.info.height >= _LARGE_PIXELS
            is_worth_it = self._looks_ahead and is_large and len(wanted) > 1
            return (
                looked_ahead(answers, partial(self._check_still_open, os.getpid()))
                if is_worth_it
                else answers
            )

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
        whole, process = EarlyFrames(), os.getpid()
        for number, outlook in wanted:
            self._check_still_open(process)
            try:
                yield self._frame(number, outlook, whole)
            except FrameUnavailableError as error:
                yield error

    def _answers_side_by_side(
        self, single: SingleDecoder, readers: SideBySide, decoders: int
    ) -> Iterator[Frame | FrameUnavailableError]:
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

    def thumbnail(
        self, frame_number: int, height_px: int, *, exact: bool = True, next_number: int | None = None
    ) -> NDArray[np.uint8]:
        """(height, width, 4) uint8 in B, G, R, A order: the frame scaled down, upright, pixels square.

        Args:
            frame_number: The frame wanted.
            height_px: Rows of the result.
            exact: Whether it must be that frame; otherwise its keyframe may be used, which costs decoding one
                intra picture.
            next_number: The frame that will be requested next, if that is known: what leads to both is then
                decoded once.

        Raises:
            FrameUnavailableError: The frame cannot be decoded.
            FrameScopeError: The video is closed, or was opened by another process.
        """
        if not exact:
            key = self.index.keyframe_at_or_before(frame_number)
            frame_number = frame_number if key is None else key
        outlook = None if next_number is None else Outlook(next_number)
        frame = self._frame(frame_number, outlook, None)
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

        In a process forked after opening, the resources of the parent stay open.
        """
        if self._process != os.getpid():
            return
        self.interrupt()
        with self._lock:
            self._source.close()
            self._cache.clear()


def _opened_again(info: VideoInfo, index: FrameIndex, options: dict[str, Any]) -> Video:
    """The video that `Video.__reduce__` described, in another process, perhaps on another machine."""
    return Video(found_again(info), index, **options)


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
