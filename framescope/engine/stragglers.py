"""Threads that do not end when the window closes, because a library call does not return."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from typing import Protocol

from framescope.core.children import kill_children


class Straggler(Protocol):
    """A QObject that owns threads."""

    def setParent(self, parent: None, /) -> None:  # noqa: N802 - Qt's name
        """Remove the parent, so that it is not destroyed with it."""

    @property
    def is_running(self) -> bool:
        """Whether any thread of it is alive."""


_LOG = logging.getLogger(__name__)
_stragglers: list[Straggler] = []


def leave_behind(straggler: Straggler) -> None:
    """Keep an object whose threads are still running: Qt aborts when a running thread is destroyed."""
    _LOG.warning("A library does not return; what waits for it is left behind: %s", type(straggler).__name__)
    straggler.setParent(None)
    _stragglers.append(straggler)


def end_process_if_stuck(status: int) -> None:
    """Exit the process at once if a thread would block its exit; does nothing if all have ended.

    Args:
        status: The exit status.
    """
    if not any(straggler.is_running for straggler in _stragglers):
        return
    kill_children()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        # Python has none where the parent closed it; a full disk takes nothing more.
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(status)
