"""Tells whether a file is still the one that was looked at: deleted, replaced or still growing."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from framescope.core.media.container import local_path

if TYPE_CHECKING:
    import os


class SourceChange(StrEnum):
    """What happened to the file."""

    DELETED = "deleted"
    REPLACED = "replaced"
    GROWN = "grown"


class SourceState(NamedTuple):
    """What the file system says of a file: enough to notice that it was written to."""

    device: int
    inode: int
    size: int
    modified_ns: int


def state_of(source: str | os.PathLike[str]) -> SourceState | None:
    """The state of a local file now; None for an address, and where there is no file. Threads: any."""
    path = local_path(source)
    if path is None:
        return None
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return SourceState(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def compare(before: SourceState, after: SourceState | None) -> SourceChange | None:
    """What happened between two looks at a file; None for nothing."""
    if after is None:
        return SourceChange.DELETED
    if after == before:
        return None
    is_same_file = (after.device, after.inode) == (before.device, before.inode)
    return SourceChange.GROWN if is_same_file and after.size > before.size else SourceChange.REPLACED
