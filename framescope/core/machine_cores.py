"""How many cores this program may use: the machine's, or those that it was given."""

from __future__ import annotations

import os

_most: int | None = None


def core_count() -> int:
    """How many cores this process may use."""
    return _most or available_cores()


def available_cores() -> int:
    """How many cores the system gives this process, whatever was set here."""
    if hasattr(os, "sched_getaffinity"):
        return max(len(os.sched_getaffinity(0)), 1)
    return os.cpu_count() or 1


def limit_cores(most: int) -> None:
    """Use no more than so many cores from now on: others work on the same machine."""
    global _most  # noqa: PLW0603 - cores belong to the process
    _most = most


def core_limit() -> int | None:
    """What `limit_cores` has set; None where each library may decide for itself."""
    return _most
