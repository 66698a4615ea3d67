"""Copies the exact frame at full size to the clipboard, rendered in the background, or its position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage

from framescope.core.translation import tr
from framescope.engine.render import RenderSpec, render
from framescope.session.navigation import TargetError, Whereabouts
from framescope.session.position_text import PositionField, position_text

if TYPE_CHECKING:
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.jobs import JobRunner
    from framescope.session.state import ShownFrame


class PictureCopy(QObject):
    """Copies one picture at a time, once it is available. Threads: GUI."""

    notice_posted = Signal(str, str)
    """A sentence and its level."""

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._wanted: int | None = None

    def request(self, frame_number: int) -> None:
        """Copy this frame when `note_shown` has it, exactly."""
        self._wanted = frame_number

    @Slot()
    def forget(self) -> None:
        """Cancel the copy: the user has gone elsewhere."""
        self._wanted = None

    def note_shown(self, shown: ShownFrame | None, info: VideoInfo | None, *, rotate: bool) -> None:
        """A frame is on screen: copy it if requested, or report why it cannot be copied."""
        if shown is None or info is None or shown.provisional or shown.frame_number != self._wanted:
            return
        self._wanted = None
        if shown.frame is None:
            text = tr(
                "Frame {frame_number} cannot be copied: {unavailable_reason}",
                frame_number=shown.frame_number,
                unavailable_reason=shown.unavailable_reason,
            )
            self.notice_posted.emit(text, "warning")
        else:
            self.copy(shown.frame, info, rotate=rotate)

    def copy_position(self, field: PositionField, where: Whereabouts) -> None:
        """Put the number, time, timecode or pts of a frame on the clipboard, as text."""
        try:
            text = position_text(
                field, where.position, where.index, where.timecode_start, origin=where.origin
            )
        except TargetError as error:
            self.notice_posted.emit(str(error), "warning")
            return
        QGuiApplication.clipboard().setText(text)
        self.notice_posted.emit(tr("“{text}” is on the clipboard.", text=text), "info")

    def copy(self, frame: Frame, info: VideoInfo, *, rotate: bool) -> None:
        """Render the frame at full size and put it on the clipboard."""

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[int, QImage]:
            del progress, cancel
            return frame.frame_number, render(frame, info, RenderSpec(rotate=rotate))

        job = self._runner.start(
            tr("Copying frame {frame_number}", frame_number=frame.frame_number), work, announce=False
        )
        job.finished.connect(self._on_job_finished)
        job.failed.connect(self._on_job_failed)

    @Slot(object)
    def _on_job_finished(self, result: tuple[int, QImage]) -> None:
        frame_number, image = result
        QGuiApplication.clipboard().setImage(image)
        text = tr(
            "Frame {frame_number} is on the clipboard ({width} × {height}).",
            frame_number=frame_number,
            width=image.width(),
            height=image.height(),
        )
        self.notice_posted.emit(text, "info")

    @Slot(object)
    def _on_job_failed(self, error: FrameScopeError) -> None:
        self.notice_posted.emit(tr("The picture was not copied: {message}", message=error.message), "error")
