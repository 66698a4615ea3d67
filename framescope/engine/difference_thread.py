"""The thread that computes the difference of two exact frames for the screen; it decodes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtGui import QImage

from framescope.core.errors import FrameScopeError
from framescope.engine.bugs import BugsReported
from framescope.engine.mailbox import Mailbox
from framescope.engine.outbox import Outbox

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.compare.choices import DifferenceLook
    from framescope.core.compare.difference_picture import DifferencePicture
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo


@dataclass(frozen=True, slots=True, eq=False)
class DifferenceRequest:
    """Two exact frames to compare.

    Attributes:
        serial: Incremented by every request.
        a: The frame of A.
        a_info: Its video.
        b: The frame of B.
        b_info: Its video.
        look: How to draw the difference.
        rotate: Whether to draw it upright.
    """

    serial: int
    a: Frame
    a_info: VideoInfo
    b: Frame
    b_info: VideoInfo
    look: DifferenceLook
    rotate: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class DifferenceAnswer:
    """The difference of two frames.

    Attributes:
        request: The request.
        image: The picture; None if there is an error.
        found: The figures that belong to it; None if there is an error.
        error: Why there is no picture.
    """

    request: DifferenceRequest
    image: QImage | None
    found: DifferencePicture | None
    error: FrameScopeError | None = None

    def is_of(self, a: Frame | None, b: Frame | None) -> bool:
        """Whether it is the difference of these two frames."""
        return a is self.request.a and b is self.request.b


class DifferenceThread(QThread):
    """Answers the latest request. Threads: GUI, except `run`."""

    answered = Signal(object)
    """A DifferenceAnswer, in the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("difference")
        self._requests: Mailbox[DifferenceRequest] = Mailbox()
        self._outbox = Outbox(self)
        self._outbox.filled.connect(self._on_outbox_filled)

    @property
    def is_running(self) -> bool:
        """Whether the thread is alive."""
        return self.isRunning()

    def ask(self, request: DifferenceRequest) -> None:
        """Request a difference; replaces a pending request. Threads: any."""
        self._requests.put(request)

    def stop(self) -> None:
        """Ask the thread to end. Threads: any."""
        self._requests.close()

    def run(self) -> None:
        """Answer until stopped."""
        while not self._requests.is_closed:
            request = self._requests.take()
            if request is not None:
                with BugsReported():
                    self._outbox.put(_answer(request))

    @Slot()
    def _on_outbox_filled(self) -> None:
        answer = self._outbox.take()
        if answer is not None:
            self.answered.emit(answer)


def _answer(request: DifferenceRequest) -> DifferenceAnswer:
    # Imported here: these load OpenCV, and windows without a comparison start without it.
    from framescope.core.compare.difference_picture import difference_picture  # noqa: PLC0415
    from framescope.core.compare.space import SharedSpace  # noqa: PLC0415
    from framescope.core.media.picture.picture import DisplayRule, turn  # noqa: PLC0415

    try:
        space = SharedSpace(request.a_info, request.b_info)
        pair = space.pair(request.a.picture, request.b.picture, rotate=request.rotate)
    except FrameScopeError as error:
        return DifferenceAnswer(request, None, None, error)
    found = difference_picture(pair, request.look)
    grey = found.grey
    if request.rotate and pair.is_as_decoded:
        grey = turn(grey, DisplayRule.of(request.a_info))
    return DifferenceAnswer(request, _grey_image(grey), found)


def _grey_image(grey: NDArray[np.uint8]) -> QImage:
    """Copy (rows, columns) uint8 into an image."""
    rows, columns = grey.shape
    packed = np.ascontiguousarray(grey)
    return QImage(packed.data, columns, rows, columns, QImage.Format.Format_Grayscale8).copy()
