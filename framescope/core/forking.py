"""What a process does when it was forked: it leaves what belongs to the parent's threads alone."""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Renewable(Protocol):
    """Holds locks, threads or decoders, which a forked process needs anew."""

    def set_up_after_fork(self) -> None:
        """Begin anew in this process, touching none of those."""


_steps: list[Callable[[], None]] = []
_holders: weakref.WeakSet[Renewable] = weakref.WeakSet()


def run_in_children(step: Callable[[], None]) -> None:
    """Have a function called in each forked process, before any object is set up again."""
    _steps.append(step)


def renew_in_children(holder: Renewable) -> None:
    """Have an object set up again in each forked process, as long as it is in use."""
    _holders.add(holder)


def _begin_child() -> None:
    for step in _steps:
        step()
    for holder in tuple(_holders):
        holder.set_up_after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_child)


def never_free(*inherited: object) -> None:
    """Keep objects until the process ends, and skip what freeing them would do.

    Freeing a decoder waits for its threads, and freeing one of its pictures takes a lock that one of them may
    have held; a forked process has no such thread. The memory stays shared with the parent.
    """
    import ctypes  # noqa: PLC0415 - few processes are forked

    for one in inherited:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(one))
