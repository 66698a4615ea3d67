"""Passes the latest item from a thread to the window: a slow window gets fewer items, never late ones."""

from __future__ import annotations

import threading
from typing import Any

from PySide6.QtCore import QObject, Signal


class Outbox(QObject):
    """One slot between threads and the GUI thread.

    Queued signals do not coalesce; here ``filled`` is emitted once, however many items were put before the
    window took one.
    """

    filled = Signal()
    """An item can be taken."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._item: Any = None

    def put(self, item: object) -> None:
        """Put an item; it replaces one not yet taken. Threads: any but the GUI's."""
        with self._lock:
            was_empty, self._item = self._item is None, item
        if was_empty:
            self.filled.emit()

    def take(self) -> Any:  # noqa: ANN401 - the type is known to the outbox's creator
        """The latest item, or None. Threads: GUI."""
        with self._lock:
            item, self._item = self._item, None
            return item
