"""The thread that opens the video, decodes the latest requested frame, and closes the video."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from framescope.core.errors import FrameScopeError, FrameUnavailableError, OpenError
from framescope.core.media.picture.geometry import is_quarter_turn
from framescope.core.model.progress import CancelToken, cancellable
from framescope.core.translation import tr
from framescope.engine.answers import Answer
from framescope.engine.bugs import BugsReported
from framescope.engine.mailbox import Mailbox
from framescope.engine.render import render, shown_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.answers import AnswerDesk, FrameRequest
    from framescope.engine.backend import Backend
    from framescope.engine.render import Neighbors, RenderSpec


def exact_answer(
    frame: Frame, info: VideoInfo, request: FrameRequest, neighbors: Neighbors = (None, None)
) -> Answer:
    """The exact frame, rendered as requested. Threads: any."""
    size = shown_size(frame.picture, info, request.spec)
    image = render(frame, info, request.spec, neighbors)
    return Answer(request, image, size, frame, frame.frame_number)


def declared_size(info: VideoInfo, spec: RenderSpec) -> tuple[int, int]:
    """Width and height at 1:1 as requested, or else from the header, if there is no picture yet."""
    size = spec.full_size or (info.display_width, info.display_height)
    is_turned = not spec.rotate and is_quarter_turn(info.rotation) and spec.full_size is None
    return size[::-1] if is_turned else size


class DecodeThread(QThread):
    """Serves the view. Only this thread uses its reader, except where `Video` allows any thread.

    It first reads the header, then waits for an index; requests for frames not in the index yet wait for a
    longer one.
    """

    probed = Signal(object)
    """VideoInfo: the header was read."""
    open_failed = Signal(object)
    """FrameScopeError: nothing can be shown."""
    damage_found = Signal(object)
    """int32 numbers of the frames known to depend on damage, when there are new ones."""
    cache_touched = Signal()
    """The set of cached frames may have changed."""

    def __init__(
        self,
        look: Callable[[], VideoInfo],
        backend: Backend,
        cache_bytes: int,
        desk: AnswerDesk,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("decode")
        self._look = look
        self._backend = backend
        self._cache_bytes = cache_bytes
        self._desk = desk
        self._requests: Mailbox[FrameRequest] = Mailbox()
        self._held: FrameRequest | None = None
        self._expected: int | None = None
        self._awaits_first = False
        self._given: Frame | None = None
        self._has_looked = threading.Event()
        self._looking = CancelToken()
        self._new_index: FrameIndex | None = None
        self._index: FrameIndex | None = None
        self._damaged_count = 0
        self._idle = threading.Event()
        self._reader: Video | None = None

    @property
    def reader(self) -> Video | None:
        """The video, only for methods open to any thread; None before the first index and after closing."""
        return self._reader

    def ask(self, request: FrameRequest) -> None:
        """Request a frame; replaces a pending request. Threads: any."""
        self._idle.clear()
        self._requests.put(request)

    def adopt_index(self, index: FrameIndex) -> None:
        """Use this index from the next request on. Threads: any."""
        self._new_index = index
        if self._held is not None or self._expected is not None:
            # Probably the first picture; nothing may delay it.
            self._idle.clear()
        self._requests.poke()

    def give(self, frame: Frame) -> None:
        """Do not decode this frame again; call it before an index lists it. Threads: any."""
        self._given = frame

    def expect(self, frame_number: int) -> None:
        """Decode this frame as soon as it is listed: it is about to be requested. Threads: any.

        Work that gives way to the view waits for that request, too.
        """
        self._expected = frame_number
        self._awaits_first = True

    def wait_probed(self) -> None:
        """Wait until the header was read, or could not be, and that was reported. Threads: any."""
        self._has_looked.wait()

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until no request is pending; for work that must not slow the view. Threads: any."""
        return self._idle.wait(timeout_s)

    def stop(self) -> None:
        """Ask the thread to end; a read in progress is interrupted. Threads: any."""
        self._looking.cancel()
        self._requests.close()
        self._idle.set()
        self._has_looked.set()
        reader = self._reader
        if reader is not None:
            reader.interrupt()

    def run(self) -> None:
        """Read the header, serve until stopped, close."""
        info = self._probe()
        if info is not None:
            self.probed.emit(info)
        self._has_looked.set()
        if info is None:
            return
        while not self._requests.is_closed:
            with BugsReported():
                self._take_turn(info)
        with BugsReported():
            reader, self._reader = self._reader, None
            if reader is not None:
                reader.close()

    def _probe(self) -> VideoInfo | None:
        failure: FrameScopeError = OpenError(
            tr("The video could not be opened because of a bug in FrameScope."), hint=tr("Please report it.")
        )
        with BugsReported():
            try:
                with cancellable(self._looking):
                    return self._look()
            except FrameScopeError as error:
                failure = error
        if not self._looking.is_cancelled:
            self.open_failed.emit(failure)
        return None

    def _take_turn(self, info: VideoInfo) -> None:
        if self._requests.is_empty and self._new_index is None and not self._awaits_first:
            self._idle.set()
        request = self._requests.take() or self._held
        with BugsReported():
            self._follow_index(info)
        reader, index = self._reader, self._index
        if request is None or self._requests.is_closed:
            self._read_expected()
            return
        self._expected, self._awaits_first = None, False
        if reader is None or index is None or (request.frame_number >= len(index) and not index.complete):
            self._held = request
            return
        self._held = None
        if request.frame_number >= len(index):
            # It was requested while the length was only estimated; the window is about to be updated.
            self._refuse(info, request, tr("the video ends with frame {count}.", count=len(index) - 1))
            return
        with BugsReported():
            self._serve(reader, request)
            damaged = reader.damaged_frames
            if len(damaged) > self._damaged_count:
                self._damaged_count = len(damaged)
                self.damage_found.emit(damaged)
        # After a bug the window must not wait forever.
        self._refuse(info, request, tr("FrameScope has a bug that affects this frame."))
        self.cache_touched.emit()

    def _read_expected(self) -> None:
        number, reader, index = self._expected, self._reader, self._index
        if number is not None and reader is not None and index is not None and number < len(index):
            self._expected = None
            # The request for it will report the reason.
            with BugsReported(), contextlib.suppress(FrameScopeError):
                reader.prepare(number)

    def _follow_index(self, info: VideoInfo) -> None:
        index, self._new_index = self._new_index, None
        if index is None or not len(index):
            return
        if self._reader is None:
            self._reader = self._backend.open_reader(
                info, index, cache_bytes=self._cache_bytes, read_ahead=True
            )
            if self._given is not None:
                self._reader.keep(self._given)
                self._given = None
        else:
            try:
                self._reader.adopt_index(index)
            except FrameScopeError:
                # Stopping closes the video during the read.
                if not self._requests.is_closed:
                    raise
                return
        self._index = index
        self._damaged_count = len(index.damaged_frames)

    def _serve(self, reader: Video, request: FrameRequest) -> None:
        try:
            frame = reader.frame(request.frame_number)
            if self._desk.is_settled(request):
                # It was cached; the reader was only informed, for its prefetching.
                return
            answer = exact_answer(frame, reader.info, request, self._neighbors(reader, request))
        except FrameUnavailableError as error:
            self._refuse(reader.info, request, error.reason)
        except FrameScopeError as error:
            self._refuse(reader.info, request, error.message)
        else:
            self._desk.offer(answer)

    def _neighbors(self, reader: Video, request: FrameRequest) -> Neighbors:
        if not request.spec.fields.needs_neighbors:
            return None, None
        found: list[Frame | None] = []
        for number in (request.frame_number - 1, request.frame_number + 1):
            try:
                found.append(reader.frame(number) if 0 <= number < len(reader) else None)
            except FrameUnavailableError:
                found.append(None)
        return found[0], found[1]

    def _refuse(self, info: VideoInfo, request: FrameRequest, reason: str) -> None:
        if not self._desk.is_settled(request):
            size = declared_size(info, request.spec)
            self._desk.offer(Answer(request, None, size, None, None, reason))
