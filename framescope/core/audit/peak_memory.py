"""Asks the system how much memory another process holds, and has held at most."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

_HIGH_WATER = re.compile(rb"^VmHWM:\s*(\d+) kB", re.MULTILINE)


def memory_of(process: psutil.Process) -> tuple[int, int]:
    """The resident memory of a process: bytes now, and the most since it began; zeros once it is gone.

    Linux and Windows keep the second figure, so nothing is missed between two looks. Elsewhere it is what the
    process holds now, and the caller must look often.
    """
    try:
        facts = process.memory_info()
    except psutil.Error:
        return 0, 0
    now = int(facts.rss)
    return now, max(now, int(getattr(facts, "peak_wset", 0)), _high_water_bytes(process.pid))


def _high_water_of_linux(pid: int) -> int:
    """``VmHWM`` of the process in bytes; 0 where there is none, as for one that has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return 0
    match = _HIGH_WATER.search(status)
    return 0 if match is None else int(match[1]) * 1024


def _unknown(pid: int) -> int:
    del pid
    return 0


_high_water_bytes: Callable[[int], int] = _high_water_of_linux if sys.platform == "linux" else _unknown
