"""A one-slot mailbox: the latest item replaces a waiting one."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Passes the latest item from any number of threads to one. Threads: any for put, poke and close."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._item: T | None = None
        self._is_poked = False
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """Whether it is closed."""
        return self._is_closed

    @property
    def is_empty(self) -> bool:
        """Whether no item is waiting."""
        return self._item is None

    def put(self, item: T) -> None:
        """Put an item; it replaces a waiting one. A closed mailbox drops it."""
        with self._condition:
            if not self._is_closed:
                self._item = item
                self._condition.notify()

    def poke(self) -> None:
        """Wake the taker without an item, to make it check its own state."""
        with self._condition:
            self._is_poked = True
            self._condition.notify()

    def take(self, timeout_s: float | None = None) -> T | None:
        """Wait for an item.

        Returns:
            The latest item, or None after a poke, after the time-out, or when closed.
        """
        with self._condition:
            self._condition.wait_for(self._has_news, timeout_s)
            item, self._item = self._item, None
            self._is_poked = False
            return None if self._is_closed else item

    def close(self) -> None:
        """Wake the taker for the last time."""
        with self._condition:
            self._is_closed = True
            self._item = None
            self._condition.notify_all()

    def _has_news(self) -> bool:
        return self._item is not None or self._is_poked or self._is_closed
