"""Keeps track of running child processes, so that none outlives the program."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import Popen

_children: weakref.WeakSet[Popen[str] | Popen[bytes]] = weakref.WeakSet()


def note_child(process: Popen[str] | Popen[bytes]) -> None:
    """Remember a process that was just started. Threads: any."""
    _children.add(process)


def kill_children() -> None:
    """Kill every running child, without waiting. Threads: any."""
    for process in tuple(_children):
        try:
            process.kill()
        except OSError:
            continue  # It has already ended.
