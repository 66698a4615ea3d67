"""The thumbnail thread and its cache; the view takes priority over it."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from framescope.core.errors import FrameScopeError
from framescope.engine.bugs import BugsReported
from framescope.engine.render import RenderSpec, image_from_bgra, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.backend import Backend
    from framescope.engine.decode_thread import DecodeThread


class ThumbnailCache:
    """QImages by (frame number, height). Threads: any."""

    def __init__(self, limit_bytes: int) -> None:
        self._lock = threading.Lock()
        self._limit_bytes = limit_bytes
        self._used_bytes = 0
        self._images: OrderedDict[tuple[int, int], QImage] = OrderedDict()

    @property
    def used_bytes(self) -> int:
        """Memory used by the pictures, in bytes."""
        return self._used_bytes

    def __len__(self) -> int:
        """The number of thumbnails."""
        return len(self._images)

    def get(self, frame_number: int, height_px: int) -> QImage | None:
        """The thumbnail, or None; counts as a use."""
        key = frame_number, height_px
        with self._lock:
            image = self._images.get(key)
            if image is not None:
                self._images.move_to_end(key)
            return image

    def put(self, frame_number: int, height_px: int, image: QImage) -> None:
        """Keep a thumbnail, dropping those that no longer fit."""
        with self._lock:
            old = self._images.pop((frame_number, height_px), None)
            self._used_bytes += image.sizeInBytes() - (0 if old is None else old.sizeInBytes())
            self._images[frame_number, height_px] = image
            while self._used_bytes > self._limit_bytes and len(self._images) > 1:
                _, dropped = self._images.popitem(last=False)
                self._used_bytes -= dropped.sizeInBytes()

    def nearest(self, frame_number: int) -> tuple[int, QImage] | None:
        """The thumbnail closest to the frame, the largest of several; does not count as a use."""
        with self._lock:
            if not self._images:
                return None
            key = min(self._images, key=lambda key: (abs(key[0] - frame_number), -key[1]))
            return key[0], self._images[key]

    def clear(self) -> None:
        """Drop everything, as when frame numbers change."""
        with self._lock:
            self._images.clear()
            self._used_bytes = 0


_IMAGES_BYTES = 64 << 20
_FRAMES_BYTES = 48 << 20
_KEPT_FRAMES = 12
"""Of a GOP of at most so many frames, the reader keeps what it decodes on the way, if there is room."""
_GIVE_WAY_S = 0.5
"""How long a thumbnail waits for the view before it is made anyway."""
_HURRIED_HEIGHT_PX = 360


class ThumbnailThread(QThread):
    """Makes the thumbnails requested, the most wanted GOP first. Threads: any, except ``run``."""

    ready = Signal(int, QImage)
    """Frame number and picture."""
    damage_found = Signal(object)
    """int32 numbers of the frames known to depend on damage, when there are new ones."""
    hurried_ready = Signal()
    """A keyframe requested with `hurry_keyframe` is cached."""

    def __init__(self, backend: Backend, decode: DecodeThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("thumbnails")
        self.cache = ThumbnailCache(_IMAGES_BYTES)
        self._backend = backend
        self._decode = decode
        self._condition = threading.Condition()
        self._wanted: deque[int] = deque()
        self._height_px = 0
        self._hurried: int | None = None
        self._index: FrameIndex | None = None
        self._new_index: FrameIndex | None = None
        self._info: VideoInfo | None = None
        self._damaged_count = 0
        self._hopeless: set[int] = set()
        self._is_stopped = False
        self._reader: Video | None = None
        self._last: int | None = None

    def request(self, frame_numbers: Sequence[int], height_px: int) -> None:
        """Request thumbnails, most wanted first; replaces the earlier request."""
        with self._condition:
            self._wanted = deque(frame_numbers)
            self._height_px = max(height_px, 1)
            self._condition.notify()

    def hurry_keyframe(self, frame_number: int, distance: int | None) -> None:
        """Make a thumbnail of the keyframe before this frame at once, if it is nearer than ``distance``."""
        index = self._index
        if index is None or frame_number >= len(index):
            return
        keyframe = index.keyframe_at_or_before(frame_number)
        if keyframe == frame_number and distance is None:
            # The first picture of a video: the same frame is being decoded for the view already.
            return
        if keyframe is None or (distance is not None and frame_number - keyframe >= distance):
            return
        if self.cache.get(keyframe, _HURRIED_HEIGHT_PX) is not None:
            return
        with self._condition:
            self._hurried = keyframe
            self._condition.notify()

    def adopt_index(self, info: VideoInfo, index: FrameIndex) -> None:
        """Use this index from the next thumbnail on."""
        with self._condition:
            self._info, self._new_index = info, index
            self._condition.notify()

    def stop(self) -> None:
        """Ask the thread to end; a read in progress is interrupted."""
        with self._condition:
            self._is_stopped = True
            self._condition.notify()
        reader = self._reader
        if reader is not None:
            reader.interrupt()

    def run(self) -> None:
        """Make thumbnails until stopped."""
        with BugsReported():
            try:
                while self._await_work():
                    with BugsReported():
                        self._follow_index()
                        if self._reader is not None:
                            self._take_turn(self._reader)
            finally:
                if self._reader is not None:
                    self._reader.close()

    def _await_work(self) -> bool:
        with self._condition:
            self._condition.wait_for(self._has_work)
            return not self._is_stopped

    def _has_work(self) -> bool:
        if self._is_stopped or self._new_index is not None:
            return True
        return self._hurried is not None or self._first_listed() is not None

    def _first_listed(self) -> int | None:
        """The most wanted frame in the index; the others wait for a longer index."""
        listed = 0 if self._index is None else len(self._index)
        return next((number for number in self._wanted if 0 <= number < listed), None)

    def _follow_index(self) -> None:
        with self._condition:
            info, index, self._new_index = self._info, self._new_index, None
        if index is None or info is None or not len(index):
            return
        before = self._index
        if self._reader is None:
            self._reader = self._backend.open_reader(info, index, cache_bytes=_FRAMES_BYTES, read_ahead=False)
        else:
            if before is not None and not _keeps_numbers(before, index):
                self.cache.clear()
            try:
                self._reader.adopt_index(index)
            except FrameScopeError:
                # Stopping closes the video during the read.
                if not self._is_stopped:
                    raise
                return
        self._index = index
        self._hopeless.clear()
        self._damaged_count = len(index.damaged_frames)

    def _take_turn(self, reader: Video) -> None:
        with self._condition:
            hurried, self._hurried = self._hurried, None
            height_px = self._height_px
        if hurried is not None:
            self._make(reader, hurried, _HURRIED_HEIGHT_PX)
            self.hurried_ready.emit()
            return
        # The view comes first; but while it plays without a pause, a thumbnail from time to time is all
        # right.
        self._decode.wait_idle(_GIVE_WAY_S)
        with self._condition:
            # The request may have changed meanwhile, and a keyframe may be urgent.
            most_kept = _most_kept(reader.info)
            frame_number = next_frame(self._wanted, reader.index, self._last, most_kept)
            if frame_number is None or self._hurried is not None or height_px != self._height_px:
                return
            self._wanted.remove(frame_number)
            following = next_frame(self._wanted, reader.index, frame_number, most_kept)
        image = self._make(reader, frame_number, height_px, following)
        if image is not None and not self._is_stopped:
            self.ready.emit(frame_number, image)

    def _make(
        self, reader: Video, frame_number: int, height_px: int, following: int | None = None
    ) -> QImage | None:
        if frame_number in self._hopeless:
            return None
        image = self.cache.get(frame_number, height_px)
        if image is not None:
            return image
        # Whatever happens, it is not retried endlessly.
        self._hopeless.add(frame_number)
        try:
            image = self._draw(reader, frame_number, height_px, following)
        except FrameScopeError:
            # The view reports the error when the user goes there; the strip keeps its placeholder.
            return None
        self._hopeless.discard(frame_number)
        self.cache.put(frame_number, height_px, image)
        damaged = reader.damaged_frames
        if len(damaged) > self._damaged_count:
            self._damaged_count = len(damaged)
            self.damage_found.emit(damaged)
        return image

    def _draw(self, reader: Video, frame_number: int, height_px: int, following: int | None) -> QImage:
        view_reader = self._decode.reader
        frame = None if view_reader is None else view_reader.cached_frame(frame_number)
        if frame is not None:
            return render(frame, reader.info, RenderSpec(max_height=height_px))
        self._last = frame_number
        return image_from_bgra(reader.thumbnail(frame_number, height_px, exact=True, next_number=following))


def next_frame(wanted: Iterable[int], index: FrameIndex, last: int | None, most_kept: int) -> int | None:
    """The frame to decode next, so that no GOP is decoded again for a frame that it has passed.

    Args:
        wanted: The frames wanted, most wanted first; those that are not in the index wait.
        index: The index.
        last: The frame decoded last.
        most_kept: The most frames of a GOP that stays in memory as a whole: their order costs nothing.

    Returns:
        The next frame of the GOP that was begun, or else the first of the GOP of the most wanted frame. The
        most wanted frame itself if its GOP is short. None without any.
    """
    listed = [number for number in wanted if 0 <= number < len(index)]
    if not listed:
        return None
    if last is not None and last < len(index):
        ahead = [number for number in _of_long_gop(listed, index, last, most_kept) if number > last]
        if ahead:
            return min(ahead)
    return min(_of_long_gop(listed, index, listed[0], most_kept), default=listed[0])


def _of_long_gop(numbers: list[int], index: FrameIndex, frame_number: int, most_kept: int) -> list[int]:
    """Those in the same GOP as the frame; none if the GOP has no more than ``most_kept`` frames."""
    start, stop = index.keyframe_at_or_before(frame_number) or 0, index.keyframe_after(frame_number)
    if stop is None:
        stop = len(index)
        # It may become longer.
        is_long = not index.complete or stop - start > most_kept
    else:
        is_long = stop - start > most_kept
    return [number for number in numbers if start <= number < stop] if is_long else []


def _most_kept(info: VideoInfo) -> int:
    # At least: most pictures have 8 bits, and colours at half the resolution.
    picture_bytes = max(info.width * info.height * 3 // 2, 1)
    return min(_KEPT_FRAMES, _FRAMES_BYTES // picture_bytes)


def _keeps_numbers(before: FrameIndex, after: FrameIndex) -> bool:
    """Whether every frame numbered by ``before`` has the same number in ``after``."""
    shared = len(before)
    same: np.bool_ | bool = (
        len(after) >= shared and (after.packet_numbers[:shared] == before.packet_numbers).all()
    )
    return bool(same)
