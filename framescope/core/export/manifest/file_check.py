"""Compares files with their manifest, reading several at a time."""

from __future__ import annotations

import hashlib
from collections import deque
from typing import TYPE_CHECKING, TypeVar

from framescope.core.outside import open_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future, ThreadPoolExecutor
    from pathlib import Path

    _Answer = TypeVar("_Answer")

_AHEAD = 64
"""Tasks submitted before the first result is taken, so that a million tasks do not fill the memory."""


def file_digest(path: Path) -> str | None:
    """SHA-256 of a file, in hexadecimal; None if it is missing or unreadable. Threads: any."""
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def in_order(pool: ThreadPoolExecutor, work: Iterable[Callable[[], _Answer]]) -> Iterator[_Answer]:
    """The results of a pool's tasks, in the order of submission."""
    under_way: deque[Future[_Answer]] = deque()
    for piece in work:
        under_way.append(pool.submit(piece))
        if len(under_way) >= _AHEAD:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()
