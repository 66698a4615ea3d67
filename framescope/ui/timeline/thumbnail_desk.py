"""Queues the thumbnail requests of filmstrip and timeline: the session keeps only the latest one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.session.controller import Controller

_HURRIED_MS = 600
"""How long an urgent thumbnail may delay the others: a frame that cannot be decoded is never delivered."""


class ThumbnailDesk(QObject):
    """Requests an urgent thumbnail first, then the list. Threads: GUI."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._listed: tuple[tuple[int, ...], int] = ((), 0)
        self._hurried: int | None = None
        self._timer = QTimer(self, singleShot=True, interval=_HURRIED_MS)
        self._timer.timeout.connect(self._on_timeout)
        controller.video.thumbnail_ready.connect(self._on_thumbnail_ready)

    @property
    def missing(self) -> tuple[int, ...]:
        """The requested thumbnails not delivered yet, by priority."""
        numbers, height_px = self._listed
        return tuple(n for n in numbers if self._controller.video.thumbnail(n, height_px) is None)

    def request(self, frame_numbers: Sequence[int], height_px: int) -> None:
        """Request a list, by priority; replaces the previous list."""
        self._listed = (tuple(frame_numbers), height_px)
        if self._hurried is None:
            self._send_list()

    def hurry(self, frame_number: int, height_px: int) -> None:
        """Request one thumbnail before all others; replaces an earlier urgent one."""
        self._hurried = frame_number
        self._timer.start()
        self._controller.video.request_thumbnails([frame_number], height_px)

    def _send_list(self) -> None:
        self._controller.video.request_thumbnails(self.missing, self._listed[1])

    def _go_on(self) -> None:
        self._hurried = None
        self._timer.stop()
        self._send_list()

    @Slot(int)
    def _on_thumbnail_ready(self, frame_number: int) -> None:
        if frame_number == self._hurried:
            self._go_on()

    @Slot()
    def _on_timeout(self) -> None:
        self._go_on()


def desk_of(controller: Controller) -> ThumbnailDesk:
    """The session's thumbnail desk."""
    desk = controller.findChild(ThumbnailDesk)
    return desk if isinstance(desk, ThumbnailDesk) else ThumbnailDesk(controller)
