"""Leaves what belongs to the threads of a parent process alone in a process forked from it."""

from __future__ import annotations


def never_free(*inherited: object) -> None:
    """Keep objects until the process ends, and skip what freeing them would do.

    Freeing a decoder waits for its threads, and freeing one of its pictures takes a lock that one of them may
    have held; a forked process has no such thread. The memory stays shared with the parent.
    """
    import ctypes  # noqa: PLC0415 - few processes are forked

    for one in inherited:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(one))
