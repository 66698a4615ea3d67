"""Video: open a file, learn its facts, get its frames by number. The façade over this folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import FrameScopeError, FrameUnavailableError
from framescope.core.media.cache import FrameCache, default_cache_bytes
from framescope.core.media.container import local_path, no_frame_decodes
from framescope.core.media.index_builder import Counting, build_index
from framescope.core.media.index_store import IndexStore
from framescope.core.media.probe import probe
from framescope.core.media.read_ahead import ReadAhead, Wish
from framescope.core.media.read_way import ReadWay, read_costs
from framescope.core.media.seek_plan import Outlook
from framescope.core.media.source_kinds import reader_for
from framescope.core.model.progress import ignore_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType
    from typing import Self

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_STEP = 12
"""Requests no further apart than this count as going on or back, not as a jump."""


class Video:
    """The frames of one video stream, by number. Threads: one at a time, except where a method says any."""

    def __init__(
        self,
        info: VideoInfo,
        index: FrameIndex,
        *,
        cache_bytes: int | None = None,
        read_ahead: bool = False,
    ) -> None:
        self.info = info
        self._cache = FrameCache(default_cache_bytes() if cache_bytes is None else cache_bytes)
        self._reader = reader_for(info, index, on_frame=self._cache.put)
        self._ahead = ReadAhead(info, index, self._cache) if read_ahead else None
        self._last_number: int | None = None

    @property
    def index(self) -> FrameIndex:
        """Who the frames are: arrays by frame number."""
        return self._reader.index

    def adopt_index(self, index: FrameIndex) -> None:
        """Go on with a longer or better index of the same stream."""
        is_extended = index.extends(self.index)
        self._reader.adopt_index(index)
        if self._ahead is not None:
            self._ahead.adopt_index(index)
        if not is_extended:
            self._cache.clear()

    def __len__(self) -> int:
        """How many frames a sequential decode shows, as far as the index knows."""
        return len(self.index)

    def frame(self, frame_number: int) -> Frame:
        """The frame with this 0-based number: the one that a sequential decode shows in that place.

        Raises:
            IndexError: There is no frame of this number.
            FrameUnavailableError: It cannot be decoded.
            OpenError: The file is gone.
        """
        if not 0 <= frame_number < len(self):
            raise IndexError(f"frame {frame_number} of a video of {len(self)} frames")
        last, self._last_number = self._last_number, frame_number
        move = 0 if last is None else frame_number - last
        steps = last is not None and abs(move) <= _STEP
        frame = self._cache.get(frame_number)
        if frame is None and self._ahead is not None:
            frame = self._ahead.wait_for(frame_number)
        if frame is None:
            frame = self._decode(frame_number, keeps_all=steps)
        if self._ahead is not None:
            direction = (move > 0) - (move < 0) if steps else 0
            self._ahead.release(Wish(frame_number, direction, frame.picture.size_bytes))
        return frame

    def _decode(self, frame_number: int, *, keeps_all: bool) -> Frame:
        if self._ahead is None:
            return self._reader.read(frame_number, keeps_all=keeps_all)
        self._ahead.hold()
        try:
            return self._reader.read(frame_number, keeps_all=keeps_all)
        except FrameScopeError:
            self._ahead.release(None)
            raise

    def _frame_of_many(self, frame_number: int, outlook: Outlook) -> Frame:
        if not 0 <= frame_number < len(self):
            raise IndexError(f"frame {frame_number} of a video of {len(self)} frames")
        frame = self._cache.get(frame_number)
        return self._reader.read(frame_number, outlook=outlook) if frame is None else frame

    def frames(self, numbers: Iterable[int] | slice) -> Iterator[Frame]:
        """The frames of a range, a slice or any iterable of numbers, in that order.

        Raises:
            IndexError: There is no frame of one of the numbers.
            FrameUnavailableError: One cannot be decoded; see `try_frames` to go on behind it.
        """
        for answer in self.try_frames(numbers):
            if isinstance(answer, FrameUnavailableError):
                raise answer
            yield answer

    def try_frames(self, numbers: Iterable[int] | slice) -> Iterator[Frame | FrameUnavailableError]:
        """One answer for each number, in order; damage is an answer and does not end the rest.

        Ascending numbers that are all known beforehand (a range, a list, an array, no generator) are read
        the cheaper way: straight through, or from keyframe to keyframe; see ``read_way``.
        """
        if isinstance(numbers, slice):
            numbers = range(*numbers.indices(len(self)))
        wanted = np.asarray(numbers, np.int64) if isinstance(numbers, (Sequence, np.ndarray)) else None
        if wanted is None or self._ahead is not None or not self._is_ascending(wanted):
            return self._answers((int(number), None) for number in numbers)
        return self._answers(self._with_outlooks(wanted))

    def _is_ascending(self, wanted: NDArray[np.int64]) -> bool:
        is_inside = len(wanted) > 1 and wanted[0] >= 0 and wanted[-1] < len(self)
        return bool(is_inside and (wanted[1:] >= wanted[:-1]).all())

    def _with_outlooks(self, wanted: NDArray[np.int64]) -> Iterator[tuple[int, Outlook | None]]:
        reads_through = read_costs(self.index, wanted).way is ReadWay.THROUGH
        # Of a number that is there several times the last one's follower counts: the others are at hand.
        followers = np.searchsorted(wanted, wanted, side="right")
        for number, follower in zip(wanted.tolist(), followers.tolist(), strict=True):
            following = int(wanted[follower]) if follower < len(wanted) else None
            yield number, Outlook(following, reads_through)

    def _answers(
        self, wanted: Iterable[tuple[int, Outlook | None]]
    ) -> Iterator[Frame | FrameUnavailableError]:
        for number, outlook in wanted:
            try:
                yield self.frame(number) if outlook is None else self._frame_of_many(number, outlook)
            except FrameUnavailableError as error:
                yield error

    def cached_frame(self, frame_number: int) -> Frame | None:
        """The frame if it is at hand, without decoding. Threads: any."""
        return self._cache.get(frame_number)

    def nearest_cached_frame(self, frame_number: int) -> Frame | None:
        """The frame at hand whose number is closest. Threads: any."""
        return self._cache.nearest(frame_number)

    def cached_spans(self) -> list[tuple[int, int]]:
        """Half-open runs of frame numbers that are at hand. Threads: any."""
        return self._cache.spans()

    @property
    def cached_bytes(self) -> int:
        """Memory that the frames at hand take. Threads: any."""
        return self._cache.used_bytes

    def thumbnail(self, frame_number: int, height_px: int, *, exact: bool = True) -> NDArray[np.uint8]:
        """(height, width, 4) uint8 in B, G, R, A order: the frame scaled down, upright, pixels square.

        Args:
            frame_number: The frame wanted.
            height_px: Rows of the result.
            exact: Whether it must be that frame; otherwise the keyframe it hangs on will do, which costs
                the decode of one intra picture.

        Raises:
            FrameUnavailableError: The frame cannot be decoded.
        """
        if not exact:
            key = self.index.keyframe_at_or_before(frame_number)
            frame_number = frame_number if key is None else key
        frame = self.frame(frame_number)
        width_px = max(1, round(height_px * self.info.display_width / max(self.info.display_height, 1)))
        return frame.picture.to_bgra(width=width_px, height=height_px)

    def close(self) -> None:
        """Let go of the file and of the frames at hand."""
        if self._ahead is not None:
            self._ahead.close()
        self._reader.close()
        self._cache.clear()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


def open_video(  # noqa: PLR0913 - every option is named at the call
    source: str | os.PathLike[str],
    *,
    stream_index: int | None = None,
    counting: Counting = Counting.AUTO,
    cache_bytes: int | None = None,
    use_index_cache: bool = True,
    read_ahead: bool = False,
    frames_wanted: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Video:
    """Open a video and index it.

    Args:
        source: A path, or an address that FFmpeg can read.
        stream_index: The stream to take, counted over all streams; None for the one a person would mean.
        counting: What the frame numbers are counted from.
        cache_bytes: Most memory for decoded frames; None for a quarter of the machine's, at most 2 GiB.
        use_index_cache: Whether an index may be taken from and kept on disk.
        read_ahead: Whether a second decoder fetches, while the first rests, the frames likely to be asked
            for next. Good for a person's hands; a script that reads once through has no use for it.
        frames_wanted: So many frames are enough of a source without a known end, such as a live one.
        progress: Told how far the indexing is.
        cancel: Asks the indexing to stop.

    Raises:
        OpenError: The file is missing, damaged, no media, or holds no video.
        IndexingError: Its packets could not be listed.
        Cancelled: ``cancel`` was asked to stop.
    """
    info = probe(
        os.fspath(source) if local_path(source) is None else str(local_path(source)),
        stream_index=stream_index,
    )
    store = IndexStore() if use_index_cache else None
    index = build_index(
        info,
        counting=counting,
        store=store,
        frames_wanted=frames_wanted,
        progress=progress,
        cancel=cancel,
    )
    if not len(index):
        raise no_frame_decodes(info.source)
    return Video(info, index, cache_bytes=cache_bytes, read_ahead=read_ahead)
