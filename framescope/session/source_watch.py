"""Notices when the open file is deleted, replaced or still growing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

from framescope.core.media.container import local_path
from framescope.core.media.file_state import change_since, state_of

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.file_state import SourceChange
    from framescope.core.model.stream_facts import FileState

_SETTLE_MS = 300
"""A file that is being written reports each write; one check after a pause is enough."""


class SourceWatch(QObject):
    """Watches one local file; URLs are not watched. Threads: GUI.

    Each change is reported once: a growing file is reported again only after it is watched again.
    """

    changed = Signal(str)
    """A SourceChange."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._state: FileState | None = None
        self._told: SourceChange | None = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_file_changed)
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self.look)

    def watch(self, source: str) -> None:
        """Watch this file from now on, and no other."""
        self.stop()
        self._path = local_path(source)
        self._state = state_of(source, is_sampled=True)
        if self._path is not None and self._state is not None:
            self._watcher.addPath(str(self._path))

    def stop(self) -> None:
        """Stop watching."""
        self._timer.stop()
        if self._watcher.files():
            self._watcher.removePaths(self._watcher.files())
        self._path = self._state = self._told = None

    @Slot()
    def look(self) -> None:
        """Compare the file with its earlier state; also called when the window is activated."""
        if self._path is None or self._state is None:
            return
        change = change_since(self._state, self._path)
        if change is not None and change is not self._told:
            self._told = change
            self.changed.emit(change.value)

    @Slot(str)
    def _on_file_changed(self, path: str) -> None:
        del path
        self._timer.start()
