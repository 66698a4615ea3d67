"""Answers immediately: the exact frame if cached, otherwise the nearest picture, marked as provisional.

A decode in progress may take a second; while the user drags the slider, something should be shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, Slot

from framescope.engine.answers import Answer
from framescope.engine.bugs import BugsReported
from framescope.engine.decode_thread import declared_size, exact_answer
from framescope.engine.mailbox import Mailbox
from framescope.engine.render import fitted_size, render

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.answers import AnswerDesk, FrameRequest
    from framescope.engine.decode_thread import DecodeThread
    from framescope.engine.thumbnail_thread import ThumbnailThread

_REFRESH_S = 0.016
"""How long the exact frame may take before a stand-in is shown: one refresh of a common display."""

_LOOK_S = 2 * _REFRESH_S
"""How often to look for a nearer picture while a request waits."""


class QuickThread(QThread):
    """Takes every request first. It only looks into the caches of the other threads and never decodes."""

    def __init__(
        self,
        decode: DecodeThread,
        thumbnails: ThumbnailThread,
        desk: AnswerDesk,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("quick")
        self._decode = decode
        self._thumbnails = thumbnails
        self._desk = desk
        self._requests: Mailbox[FrameRequest] = Mailbox()
        self._open_request: FrameRequest | None = None

    def ask(self, request: FrameRequest) -> None:
        """Request a frame; replaces a pending request. Threads: any."""
        self._requests.put(request)

    @Slot()
    def look_again(self) -> None:
        """Check again: a newly cached frame may be nearer to the requested one. Threads: any."""
        self._requests.poke()

    def stop(self) -> None:
        """Ask the thread to end. Threads: any."""
        self._requests.close()

    def run(self) -> None:
        """Answer until stopped."""
        is_fresh = False
        while not self._requests.is_closed:
            request = self._requests.take(self._patience_s(is_fresh=is_fresh))
            with BugsReported():
                is_fresh = request is not None and self._answer(request)
                if not is_fresh:
                    self._stand_in()

    def _patience_s(self, *, is_fresh: bool) -> float | None:
        """How long to wait for another request before looking again for this one."""
        if is_fresh:
            return _REFRESH_S
        # Frames decoded on the way may be nearer than the one on screen.
        is_coming = self._is_open() and not self._decode.wait_idle(0)
        return _LOOK_S if is_coming else None

    def _answer(self, request: FrameRequest) -> bool:
        """Answer from memory or pass on.

        Returns:
            Whether to wait one display refresh for the exact frame.
        """
        # While one request after another goes unanswered (dragging), waiting would starve the view.
        is_overdue = self._is_open()
        self._open_request = request
        self._offer_exact(request)
        self._decode.ask(request)
        return not is_overdue and self._is_open()

    def _offer_exact(self, request: FrameRequest) -> None:
        reader = self._decode.reader
        # A view that needs more than the frame is left to the decode thread.
        needs_more = request.spec.fields.needs_neighbors
        frame = None if reader is None or needs_more else reader.cached_frame(request.frame_number)
        if reader is not None and frame is not None:
            self._desk.offer(exact_answer(frame, reader.info, request))

    def _is_open(self) -> bool:
        return self._open_request is not None and not self._desk.is_settled(self._open_request)

    def _stand_in(self) -> None:
        request, reader = self._open_request, self._decode.reader
        if request is None or reader is None or not self._is_open():
            return
        # A decode in progress for an earlier request may have passed this frame.
        self._offer_exact(request)
        if not request.allows_stand_in or not self._is_open():
            return
        wanted = request.frame_number
        pictured = self._desk.pictured_number
        # Keep the current picture unless a nearer one is found: a placeholder must be worth the flicker.
        distance = None if pictured is None else abs(pictured - wanted)
        # Thumbnails are always upright; they cannot replace a picture shown without rotation.
        has_thumbnails = request.spec.rotate or not (reader.info.rotation or reader.info.mirrored)
        thumbnail = self._thumbnails.cache.nearest(wanted) if has_thumbnails else None
        frame = reader.nearest_cached_frame(wanted)
        if frame is not None and _is_nearer(frame.frame_number, wanted, distance):
            distance = abs(frame.frame_number - wanted)
        else:
            frame = None
        if thumbnail is not None and _is_nearer(thumbnail[0], wanted, distance):
            distance = abs(thumbnail[0] - wanted)
            self._offer_thumbnail(request, reader.info, *thumbnail)
        elif frame is not None:
            self._offer_frame(request, reader.info, frame)
        if has_thumbnails:
            self._thumbnails.hurry_keyframe(wanted, distance)

    def _offer_frame(self, request: FrameRequest, info: VideoInfo, frame: Frame) -> None:
        size = declared_size(info, request.spec)
        image = render(frame, info, request.spec)
        self._desk.offer(Answer(request, image, size, None, frame.frame_number))

    def _offer_thumbnail(
        self, request: FrameRequest, info: VideoInfo, frame_number: int, thumbnail: QImage
    ) -> None:
        size = declared_size(info, request.spec)
        image = thumbnail.scaled(
            *fitted_size(size, request.spec),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        self._desk.offer(Answer(request, image, size, None, frame_number))


def _is_nearer(frame_number: int, wanted: int, distance: int | None) -> bool:
    return distance is None or abs(frame_number - wanted) < distance
