"""Prepares the items of an iteration a few ahead, in a thread that ends with the iteration."""

from __future__ import annotations

import contextlib
import contextvars
import os
import queue
import threading
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Item = TypeVar("_Item")

_AHEAD = 3
"""Items that are ready or being prepared while the caller has one."""

_LONGEST_WAIT_S = 0.5

_ENDING_S = 10.0
"""How long ending waits for the item in hand. Not for ever: the garbage collector may end an iteration in a
thread that holds a lock which that item needs."""


class _End:
    """Stands for the end of the items.

    Attributes:
        error: What ended them; None if there are no more.
    """

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Worker(Generic[_Item]):
    """The thread and what it has ready."""

    def __init__(self, items: Iterator[_Item]) -> None:
        self._items = items
        self._room = threading.Semaphore(_AHEAD)
        self._is_ended = False
        self.ready: queue.SimpleQueue[_Item | _End] = queue.SimpleQueue()
        # Whatever the caller's thread is cancelled by, cancels this one.
        run = partial(contextvars.copy_context().run, self._run)
        self._thread = threading.Thread(target=run, name="framescope-look-ahead", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            for item in self._items:
                self.ready.put(item)
                del item
                self._room.acquire()
                if self._is_ended:
                    break
        except BaseException as ended_by:  # noqa: BLE001 - raised where the item is waited for
            error = ended_by
        self.ready.put(_End(error))

    def take(self, check: Callable[[], None]) -> _Item | _End:
        """The next item, as soon as it is ready."""
        while True:
            check()
            with contextlib.suppress(queue.Empty):
                # On Windows, Ctrl+C is noticed between two waits only.
                item = self.ready.get(timeout=_LONGEST_WAIT_S)
                self._room.release()
                return item

    def end(self) -> None:
        """Start no further item, and wait until the thread has ended."""
        self._is_ended = True
        self._room.release()
        if self._thread is not threading.current_thread():
            self._thread.join(_ENDING_S)


def looked_ahead(items: Iterator[_Item], check: Callable[[], None]) -> Iterator[_Item]:
    """The same items, in the same order, and at the same place the error that ends them.

    Args:
        items: Run in a thread that starts with the first request and ends with the iteration.
        check: Called before each wait; what it raises ends the iteration. It must raise in a process that was
            forked meanwhile, where the thread does not exist.
    """
    worker, process = _Worker(items), os.getpid()
    try:
        while True:
            item = worker.take(check)
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        # A forked process has no such thread, and its locks are as the thread left them.
        if process == os.getpid():
            worker.end()
