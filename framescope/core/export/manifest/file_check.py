"""Reads files back to see whether they are what a manifest says, several at a time."""

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
"""Pieces of work handed out before the first one is answered, so that a million are no burden."""


def file_digest(path: Path) -> str | None:
    """SHA-256 of a file, in hexadecimal; None when it is not there or cannot be read. Threads: any."""
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def in_order(pool: ThreadPoolExecutor, work: Iterable[Callable[[], _Answer]]) -> Iterator[_Answer]:
    """The answers of pieces of work that a pool does, in the order in which they were given."""
    under_way: deque[Future[_Answer]] = deque()
    for piece in work:
        under_way.append(pool.submit(piece))
        if len(under_way) >= _AHEAD:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()
