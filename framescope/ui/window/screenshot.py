"""Waits until the window is complete, and saves a screenshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal, Slot

from framescope.core.errors import FrameScopeError
from framescope.core.files import write_file
from framescope.core.translation import tr
from framescope.ui.timeline.thumbnail_desk import desk_of
from framescope.ui.widgets.rgb_image import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from framescope.session.controller import Controller
    from framescope.ui.window.main_window import MainWindow

_QUIET_MS = 500
_PATIENCE_MS = 5000
"""How long to wait for the next thumbnail: a frame that cannot be decoded never gets one."""
_PANELS_MS = 15_000
"""How long to wait for what panels find out in the background, such as the settings of the encoder."""
_TIMEOUT_MS = 60_000


class WindowSettler(QObject):
    """Signals when the exact frame, the complete index and the visible thumbnails are shown. Threads: GUI."""

    settled = Signal()
    """Frame, index and thumbnails are complete, and nothing has changed for half a second."""
    failed = Signal(object)
    """FrameScopeError: the video could not be opened, or it timed out."""

    def __init__(self, controller: Controller, frame_number: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._frame_number = frame_number
        self._desk = desk_of(controller)
        self._is_patient = False
        self._panels = QDeadlineTimer(0)
        self._was_idle = False
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self._on_quiet)
        self._limit = QTimer(self, singleShot=True, interval=_TIMEOUT_MS)
        self._limit.timeout.connect(self._on_limit_reached)
        controller.source_opened.connect(self._on_source_opened)
        controller.source_failed.connect(self.failed)
        for signal in (
            controller.frame_shown,
            controller.index_updated,
            controller.video.thumbnail_ready,
            controller.video.opencv_facts_found,
            controller.view.visible_range_changed,
            controller.sound.changed,
        ):
            signal.connect(self._on_something_changed)
        self._limit.start()

    @Slot()
    def _on_source_opened(self) -> None:
        self._panels.setRemainingTime(_PANELS_MS)
        self._controller.show_frame(self._frame_number)
        self._on_something_changed()

    @Slot()
    def _on_something_changed(self) -> None:
        if self._is_past_the_end():
            self._limit.stop()
            self._quiet.stop()
            # Imported here: it would delay every start of the window.
            from framescope.core.sampling.selection import extent_words  # noqa: PLC0415

            total = self._controller.frame_total
            self.failed.emit(
                FrameScopeError(
                    tr("There is no frame {frame_number}.", frame_number=self._frame_number),
                    hint=extent_words(total),
                )
            )
        elif self._is_there():
            self._wait()
        else:
            self._quiet.stop()

    @Slot()
    def _on_quiet(self) -> None:
        # More thumbnails may have been requested meanwhile, and panels may still find something out. What
        # they have found is shown a moment later: so the work must have been over the last time, too.
        was_idle, self._was_idle = self._was_idle, not self._controller.is_working
        is_finding_out = not (was_idle and self._was_idle) and not self._panels.hasExpired()
        if is_finding_out or (self._desk.missing and not self._is_patient):
            self._wait()
        else:
            self._limit.stop()
            self.settled.emit()

    def _wait(self) -> None:
        self._is_patient = bool(self._desk.missing)
        self._quiet.start(_PATIENCE_MS if self._is_patient else _QUIET_MS)

    def _is_past_the_end(self) -> bool:
        index = self._controller.index
        return index is not None and index.complete and self._frame_number >= self._controller.frame_total

    def _is_there(self) -> bool:
        controller = self._controller
        shown, index = controller.shown, controller.index
        if shown is None or index is None or not index.complete:
            return False
        if controller.position < self._frame_number:
            # The frame had not been indexed yet.
            controller.show_frame(self._frame_number)
            return False
        return not shown.provisional and shown.frame_number == controller.position

    @Slot()
    def _on_limit_reached(self) -> None:
        self._quiet.stop()
        self.failed.emit(
            FrameScopeError(
                tr("The window was not ready after {seconds} seconds.", seconds=_TIMEOUT_MS // 1000),
                hint=tr(
                    "Long files take a while to index; open the file in the window once, then try again."
                ),
            )
        )


def save_window(window: MainWindow, path: Path, *, replaces: bool, sources: Iterable[str] = ()) -> None:
    """Save a screenshot of the window.

    Args:
        window: The window.
        path: The file; its suffix sets the format.
        replaces: Whether an existing file may be replaced.
        sources: The files the window shows, which are never replaced.

    Raises:
        DestinationError: The file cannot be written, already exists, or is the video.
        EncodeError: Qt does not support the format.
    """
    data = encoded(window.grab().toImage(), path)
    write_file(path, data, replaces=replaces, sources=sources)
