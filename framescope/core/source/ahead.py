"""Reads the header and the first picture of a source in the background while a program starts."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from framescope.core.errors import Cancelled, FrameScopeError
from framescope.core.media.container import local_path, source_name
from framescope.core.media.decoding.first_frame import first_frame
from framescope.core.media.file_state import check_unchanged
from framescope.core.media.index import FrameIndex
from framescope.core.media.index_store import IndexStore
from framescope.core.model.frame import Frame
from framescope.core.model.progress import CancelToken, cancellable, check_cancelled
from framescope.core.source.opening import build_index, known_video, probe

if TYPE_CHECKING:
    from framescope.core.media.probe import FirstDecoded
    from framescope.core.media.video import Video
    from framescope.core.model.stream_facts import VideoInfo

_LOG = logging.getLogger(__name__)

_LOOK_S = 0.05
"""How often to look whether nobody waits for the header any longer."""


class SourceAhead:
    """One header and one picture, being read. Threads: any.

    Attributes:
        source: The absolute path, or the address.
    """

    def __init__(self, source: str, frame_number: int | None = None) -> None:
        """Begin at once, in a thread that does not keep the process from ending.

        Args:
            source: A path or an address.
            frame_number: The frame that will be shown first; None for the one that was shown last time.
        """
        path = local_path(source)
        self.source = source if path is None else str(path)
        self._is_local = path is not None
        self._number = frame_number
        self._info: VideoInfo | None = None
        self._error: Exception | None = None
        self._first: FirstDecoded | None = None
        self._to_show: Frame | None = None
        self._to_keep: Frame | None = None
        self._has_header = threading.Event()
        self._is_over = threading.Event()
        self._is_asked = False
        self._cancel = CancelToken()
        threading.Thread(target=self._read, name="framescope-ahead", daemon=True).start()

    def probe(self, source: str, stream_index: int | None) -> VideoInfo:
        """As `opening.probe`; the first time, it waits for the header that is being read."""
        if self._is_asked or source != self.source or stream_index is not None:
            return probe(source, stream_index=stream_index)
        self._is_asked = True
        try:
            while not self._has_header.wait(_LOOK_S):
                check_cancelled()
        except Cancelled:
            self._cancel.cancel()
            raise
        if self._info is None:
            assert self._error is not None
            raise self._error
        return self._info

    def take_picture(self, timeout_s: float) -> tuple[VideoInfo, Frame] | None:
        """The video and its first frame, exact, but only once; None if it is not there in time, or at all."""
        self._is_over.wait(timeout_s)
        info, frame, self._to_show = self._info, self._to_show, None
        return None if info is None or frame is None else (info, frame)

    @property
    def is_over(self) -> bool:
        """Whether the picture is there, or will not come."""
        return self._is_over.is_set()

    def open_reader(self, info: VideoInfo, index: FrameIndex, **options: Any) -> Video:  # noqa: ANN401 - passed on
        """As `opening.known_video`, with the first picture in its cache: it is not decoded again."""
        video = known_video(info, index, **options)
        # The header's own file state: a file that was replaced since then has another one.
        frame, self._to_keep = self._to_keep, None
        if frame is not None and info is self._info:
            video.keep(frame)
        return video

    def _read(self) -> None:
        try:
            with cancellable(self._cancel):
                info = self._read_header()
                # An address would be read twice, over a network.
                if info is not None and self._is_local and info.has_packets:
                    number = _last_shown(info) if self._number is None else self._number
                    frame = None if number is None else _frame_of(info, number, self._first)
                    # What was replaced since the header was read has a picture of another video.
                    check_unchanged(info, is_open=False)
                    self._to_show = self._to_keep = frame
        except (FrameScopeError, Cancelled) as error:
            # Whoever opens the video will be told.
            _LOG.info("%s: no first picture ahead: %s", source_name(self.source), error)
        except Exception:  # noqa: BLE001 - the program starts without it, and meets the same bug again
            _LOG.exception("%s: no first picture ahead", source_name(self.source))
        finally:
            self._first = None
            self._is_over.set()

    def _read_header(self) -> VideoInfo | None:
        try:
            self._info = probe(self.source, on_first=self._take_first if self._is_local else None)
        except Exception as error:  # noqa: BLE001 - raised in the thread that asks for the header
            self._error = error
        finally:
            self._has_header.set()
        return self._info

    def _take_first(self, first: FirstDecoded) -> None:
        self._first = first


def _last_shown(info: VideoInfo) -> int | None:
    """The frame that was shown last time; None where more than its number is to be restored."""
    # Imported while the program imports Qt.
    from framescope.core.marks.video_memory import VideoMemory  # noqa: PLC0415

    recalled = VideoMemory().recall(info.source, only_looks=True)
    if recalled is None:
        return 0
    is_plain = recalled.state.zoom is None and recalled.stream_index == info.stream_index
    return recalled.state.position if is_plain else None


def _frame_of(info: VideoInfo, number: int, first: FirstDecoded | None) -> Frame | None:
    """A frame, as soon as an index lists it; None where that takes a count by decoding."""
    found: list[FrameIndex | Frame] = []
    enough = CancelToken()

    def take_index(index: FrameIndex) -> None:
        if len(index) > number and not found:
            found.append(index)
            enough.cancel()

    def take_frame(frame: Frame) -> None:
        if frame.frame_number == number and not found:
            found.append(frame)
        enough.cancel()

    with suppress(Cancelled):
        take_index(
            build_index(info, store=IndexStore(), on_partial=take_index, on_frame=take_frame, cancel=enough)
        )
    match found:
        case [Frame() as frame]:
            return frame
        case [FrameIndex() as index]:
            at_once = first_frame(info, index, first) if first is not None and number == 0 else None
            if at_once is not None:
                return at_once
            with known_video(info, index) as video:
                return video.frame(number)
    return None
