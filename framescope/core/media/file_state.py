"""Detects whether a file has changed since it was opened."""

from __future__ import annotations

import os
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.errors import MissingFileError
from framescope.core.media.container import local_path, source_name
from framescope.core.media.remote_file import changed_error, is_remote, is_state_of_remote, remote_state
from framescope.core.model.stream_facts import FileState

if TYPE_CHECKING:
    from framescope.core.model.stream_facts import VideoInfo


class SourceChange(StrEnum):
    """What happened to a file."""

    DELETED = "deleted"
    REPLACED = "replaced"
    GROWN = "grown"


def state_of(source: str | os.PathLike[str]) -> FileState | None:
    """The current state of a local file, or of an object in a store; None if it is missing. Threads: any.

    None for other addresses, too.

    Raises:
        OpenError: The server of the store does not answer, or denies access.
    """
    path = local_path(source)
    if path is None:
        return _state_of_remote(os.fspath(source))
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return FileState(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def _state_of_remote(address: str) -> FileState | None:
    if not is_remote(address):
        return None
    try:
        return remote_state(address)
    except MissingFileError:
        return None


def compare(before: FileState, after: FileState | None) -> SourceChange | None:
    """What changed between two states of a file; None if nothing did."""
    if after is None:
        return SourceChange.DELETED
    if after == before:
        return None
    is_grown = _is_same_file(before, after) and after.size > before.size
    return SourceChange.GROWN if is_grown else SourceChange.REPLACED


def check_unchanged(info: VideoInfo, *, is_open: bool) -> None:
    """Refuse to continue reading a file whose content has changed since it was probed.

    A file that has grown keeps its frames; a deleted one fails when it is opened.

    Args:
        info: The video as probed.
        is_open: Whether the file is already open: then only changes to its content matter, not which file now
            has its name.

    Raises:
        OpenError: It was changed or replaced, or its server does not answer.
    """
    before = info.file_state
    # Every block of an object is compared with its state when it arrives, so what was read is of that state.
    if before is None or (is_open and is_state_of_remote(before)):
        return
    after = state_of(info.source)
    if compare(before, after) is not SourceChange.REPLACED:
        return
    if is_open and after is not None and not _is_same_file(before, after):
        return
    raise changed_error(source_name(info.source))


def found_again(info: VideoInfo) -> VideoInfo:
    """The facts for reading the same file from another machine, where its device has another number.

    A file of another size or time, or another one on the same device, keeps its old state: `check_unchanged`
    then refuses it.
    """
    before, now = info.file_state, state_of(info.source)
    if before is None or now is None or now.device == before.device:
        return info
    is_same = (now.size, now.modified_ns) == (before.size, before.modified_ns)
    return replace(info, file_state=now) if is_same else info


def _is_same_file(one: FileState, other: FileState) -> bool:
    return (one.device, one.inode) == (other.device, other.inode)
