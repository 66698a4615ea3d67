"""Queues the thumbnail requests of filmstrip and timeline: the session holds only the latest one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.session.controller import Controller

_HURRIED_MS = 600
"""How long one hurried thumbnail may hold up the others: a frame that cannot be decoded never answers."""


class ThumbnailDesk(QObject):
    """Asks for one hurried thumbnail first and then continues with the long list. Threads: GUI."""

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
        """What was requested last and is not there, most wanted first."""
        numbers, height_px = self._listed
        return tuple(n for n in numbers if self._controller.video.thumbnail(n, height_px) is None)

    def request(self, frame_numbers: Sequence[int], height_px: int) -> None:
        """Request a list, most wanted first; the earlier list is forgotten."""
        self._listed = (tuple(frame_numbers), height_px)
        if self._hurried is None:
            self._send_list()

    def hurry(self, frame_number: int, height_px: int) -> None:
        """Request one thumbnail before all others; an earlier one of these is forgotten."""
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
    """The one desk of this session."""
    desk = controller.findChild(ThumbnailDesk)
    return desk if isinstance(desk, ThumbnailDesk) else ThumbnailDesk(controller)
