"""Goes to the frame that a video was opened for, as soon as it is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.session.controller import Controller


class FirstFrame(QObject):
    """Shows a frame of the video that is opened next, whatever was shown last time. Threads: GUI."""

    def __init__(self, controller: Controller, frame_number: int, parent: QObject | None = None) -> None:
        """Wait for the video.

        Args:
            controller: Opens it.
            frame_number: The frame.
            parent: The Qt parent.
        """
        super().__init__(parent)
        self._controller = controller
        self._frame_number = frame_number
        self._went_to = -1
        self._is_over = False
        controller.source_opened.connect(self._on_source_opened)
        controller.source_failed.connect(self._on_over)

    @Slot()
    def _on_source_opened(self) -> None:
        self._controller.source_opened.disconnect(self._on_source_opened)
        self._controller.source_closed.connect(self._on_over)
        self._controller.index_updated.connect(self._on_index_updated)
        self._go()

    @Slot()
    def _on_index_updated(self) -> None:
        if self._is_over:
            return
        if self._controller.position == self._went_to:
            self._go()
        else:
            # Somebody has gone elsewhere meanwhile.
            self._on_over()

    def _go(self) -> None:
        controller, index = self._controller, self._controller.index
        controller.show_frame(self._frame_number)
        self._went_to = controller.position
        if self._went_to == self._frame_number:
            self._on_over()
        elif index is not None and index.complete:
            words = tr("There is no frame {frame_number}.", frame_number=self._frame_number)
            controller.notice_posted.emit(words, "warning")
            self._on_over()

    @Slot()
    def _on_over(self) -> None:
        self._is_over = True
        self.deleteLater()
