"""Requests for frames and their answers; decides which answers may still be shown."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.engine.outbox import Outbox

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from framescope.core.model.frame import Frame
    from framescope.engine.render import RenderSpec


@dataclass(frozen=True, slots=True)
class FrameRequest:
    """One request for a frame.

    Attributes:
        generation: Incremented by every opening; answers to older generations are dropped.
        serial: Incremented by every request.
        frame_number: The frame.
        spec: The requested picture size.
        allows_stand_in: Whether a provisional picture may be shown in the meantime.
    """

    generation: int
    serial: int
    frame_number: int
    spec: RenderSpec
    allows_stand_in: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A picture to show for a request.

    Attributes:
        request: The request.
        image: The picture, or None if the frame is unavailable.
        source_size: Width and height at 1:1.
        frame: The exact frame; None for a stand-in and for an unavailable frame.
        pictured_number: The frame that the image shows, or None without one.
        unavailable_reason: Why there is no picture.
    """

    request: FrameRequest
    image: QImage | None
    source_size: tuple[int, int]
    frame: Frame | None
    pictured_number: int | None
    unavailable_reason: str | None = None

    @property
    def is_provisional(self) -> bool:
        """Whether the image is only a placeholder."""
        return self.frame is None and self.unavailable_reason is None


class AnswerDesk(QObject):
    """The slot where threads put answers and the window takes the latest.

    An answer is accepted if it is not older than the last accepted one: while dragging, an exact frame that
    is slightly behind is still better than none, but never an older one after a newer one.
    """

    answered = Signal(object)
    """An Answer to be shown, in the GUI thread."""

    def __init__(self, generation: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.generation = generation
        self._lock = threading.Lock()
        self._shown_serial = -1
        self._settled_serial = -1
        self._pictured_number: int | None = None
        self._outbox = Outbox(self)
        self._outbox.filled.connect(self._on_outbox_filled)

    @property
    def pictured_number(self) -> int | None:
        """The frame in the last accepted picture. Threads: any."""
        return self._pictured_number

    def is_settled(self, request: FrameRequest) -> bool:
        """Whether the request, or a later one, has its final answer. Threads: any."""
        return self._settled_serial >= request.serial

    def offer(self, answer: Answer) -> bool:
        """Put an answer. Threads: any.

        Returns:
            Whether it was accepted; a late one is dropped.
        """
        with self._lock:
            if not self._is_welcome(answer):
                return False
            self._shown_serial = answer.request.serial
            self._pictured_number = answer.pictured_number
            if not answer.is_provisional:
                self._settled_serial = answer.request.serial
            # Inside the lock, so that two threads' answers reach the window in the order they were accepted.
            self._outbox.put(answer)
        return True

    def _is_welcome(self, answer: Answer) -> bool:
        request = answer.request
        if request.generation != self.generation:
            return False
        # An exact answer ends its request: a stand-in or a second exact one comes too late.
        return request.serial >= self._shown_serial and request.serial > self._settled_serial

    @Slot()
    def _on_outbox_filled(self) -> None:
        answer = self._outbox.take()
        if answer is not None:
            self.answered.emit(answer)
