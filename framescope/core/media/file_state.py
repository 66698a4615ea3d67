"""Detects whether a file has changed since it was opened."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.errors import MissingFileError
from framescope.core.media.container import local_path, source_name
from framescope.core.media.remote_file import changed_error, is_remote, is_state_of_remote, remote_state
from framescope.core.model.stream_facts import FileState

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo

_SAMPLES = 4
_SAMPLE_BYTES = 256


class SourceChange(StrEnum):
    """What happened to a file."""

    DELETED = "deleted"
    REPLACED = "replaced"
    GROWN = "grown"


def state_of(source: str | os.PathLike[str], *, is_sampled: bool = False) -> FileState | None:
    """The current state of a local file, or of an object in a store; None if it is missing. Threads: any.

    None for other addresses, too.

    Args:
        source: Path or address.
        is_sampled: Whether some of a file's content is read, by which it is recognised after it has grown.

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
    samples = _samples_of(path, status.st_size) if is_sampled and stat.S_ISREG(status.st_mode) else None
    return FileState(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, samples)


def _state_of_remote(address: str) -> FileState | None:
    if not is_remote(address):
        return None
    try:
        return remote_state(address)
    except MissingFileError:
        return None


def change_since(before: FileState, source: str | os.PathLike[str]) -> SourceChange | None:
    """What happened to a file or an object; None if nothing did.

    Args:
        before: Its earlier state, with samples: otherwise one that has grown counts as replaced.
        source: Path or address.

    Raises:
        OpenError: The server of the store does not answer, or denies access.
    """
    after = state_of(source)
    if after is None:
        return SourceChange.DELETED
    if after == before._replace(samples=None):
        return None
    return SourceChange.GROWN if _is_grown(before, after, source) else SourceChange.REPLACED


def _is_grown(before: FileState, after: FileState, source: str | os.PathLike[str]) -> bool:
    path = local_path(source)
    if path is None or not _is_same_file(before, after) or after.size <= before.size:
        return False
    # It may also have been overwritten with something longer.
    return before.samples is not None and _samples_of(path, before.size) == before.samples


def _samples_of(path: Path, size: int) -> int | None:
    """A digest of some of the first ``size`` bytes of a file; None if it cannot be read.

    None of the places is near the beginning, where lengths and times are filled in when a recording ends.
    """
    digest = hashlib.blake2b(digest_size=8)
    try:
        with path.open("rb", buffering=0) as file:
            for number in range(1, _SAMPLES + 1):
                place = number * size // (_SAMPLES + 1)
                file.seek(place)
                digest.update(file.read(min(_SAMPLE_BYTES, size - place)))
    except OSError:
        return None
    return int.from_bytes(digest.digest())


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
    if change_since(before, info.source) is not SourceChange.REPLACED:
        return
    after = state_of(info.source) if is_open else None
    if after is not None and not _is_same_file(before, after):
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
    return replace(info, file_state=now._replace(samples=before.samples)) if is_same else info


def _is_same_file(one: FileState, other: FileState) -> bool:
    return (one.device, one.inode) == (other.device, other.inode)
