"""Notices when the open file is deleted, replaced or still growing."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

from framescope.core.media.container import local_path

if TYPE_CHECKING:
    from pathlib import Path

_SETTLE_MS = 300
"""A file that is being written reports each write; one look after a pause is enough."""


class SourceChange(StrEnum):
    """What happened to the file."""

    DELETED = "deleted"
    REPLACED = "replaced"
    GROWN = "grown"


class _Facts(NamedTuple):
    device: int
    inode: int
    size: int
    modified_ns: int


def _facts_of(path: Path) -> _Facts | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return _Facts(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def compare(before: _Facts, after: _Facts | None) -> SourceChange | None:
    """What happened between two looks at a file; None for nothing."""
    if after is None:
        return SourceChange.DELETED
    if after == before:
        return None
    is_same_file = (after.device, after.inode) == (before.device, before.inode)
    return SourceChange.GROWN if is_same_file and after.size > before.size else SourceChange.REPLACED


class SourceWatch(QObject):
    """Watches one local file; URLs are not watched. Threads: GUI.

    Each change is told once: a file that keeps growing has grown once until it is watched anew.
    """

    changed = Signal(str)
    """A SourceChange."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._facts: _Facts | None = None
        self._told: SourceChange | None = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_file_changed)
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self.look)

    def watch(self, source: str) -> None:
        """Watch this file from now on, and no other."""
        self.stop()
        self._path = local_path(source)
        self._facts = None if self._path is None else _facts_of(self._path)
        if self._path is not None and self._facts is not None:
            self._watcher.addPath(str(self._path))

    def stop(self) -> None:
        """Watch nothing."""
        self._timer.stop()
        if self._watcher.files():
            self._watcher.removePaths(self._watcher.files())
        self._path = self._facts = self._told = None

    @Slot()
    def look(self) -> None:
        """Compare the file with what it was; for when the window comes to the front, too."""
        if self._path is None or self._facts is None:
            return
        change = compare(self._facts, _facts_of(self._path))
        if change is not None and change is not self._told:
            self._told = change
            self.changed.emit(change.value)

    @Slot(str)
    def _on_file_changed(self, path: str) -> None:
        del path
        self._timer.start()
