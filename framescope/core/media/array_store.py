"""Keeps arrays computed from a file on disk, for as long as the file stays the same and there is room."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import numpy as np

from framescope.core.errors import DestinationError
from framescope.core.files import part_file
from framescope.core.media.container import local_path
from framescope.core.media.file_state import state_of
from framescope.core.outside import ARCHIVE_FAULTS, load_arrays, open_regular

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.model.stream_facts import FileState

_LOG = logging.getLogger(__name__)

T = TypeVar("T")


class ArrayStore:
    """A folder of archives, one per path, inode, size, modification time, stream and FFmpeg version.

    An invalid entry counts as missing. When the folder gets too large, the least recently used are deleted.
    """

    def __init__(self, folder: Path | None) -> None:
        """Use a folder, which is made when something is saved; None keeps nothing."""
        self._folder = folder

    def _entry(self, source: str, stream_index: int, kind: str, state: FileState | None) -> Path | None:
        if state is None or self._folder is None:
            return None
        # The device is left out: its number may change with each reboot.
        file = f"{local_path(source) or source}\n{state.inode}\n{state.size}\n{state.modified_ns}"
        # The FFmpeg version counts: another decoder may output other frames from a damaged file.
        key = f"{kind}\n{file}\n{stream_index}\n{_library_version()}"
        # A name need not be UTF-8: Python represents other bytes as surrogates.
        digest = hashlib.blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16)
        return self._folder / f"{digest.hexdigest()}.npz"

    def load(
        self, source: str, stream_index: int, kind: str, parse: Callable[[dict[str, NDArray[Any]]], T]
    ) -> T | None:
        """What is stored for the file's current state, or None.

        Args:
            source: Path or address.
            stream_index: The stream, over all streams of the file.
            kind: What is stored and in which format; anything else stored does not match.
            parse: Makes it from the arrays; raises one of `ARCHIVE_FAULTS` if they are damaged.
        """
        entry = self._entry(source, stream_index, kind, state_of(source))
        if entry is None:
            return None
        try:
            found = parse(load_arrays(partial(_load, entry)))
        except FileNotFoundError:
            return None
        except ARCHIVE_FAULTS as error:
            _LOG.info("%s: what was stored of it is thrown away: %r", source, error)
            with contextlib.suppress(OSError):
                entry.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(entry)
        return found

    def save(  # noqa: PLR0913 - every one is named at the call
        self,
        source: str,
        stream_index: int,
        kind: str,
        arrays: dict[str, NDArray[Any]],
        *,
        limit_bytes: int,
        state: FileState | None = None,
    ) -> None:
        """Store arrays under the file's state before it was read; a full disk is not an error."""
        entry = self._entry(source, stream_index, kind, state or state_of(source))
        if entry is None:
            return
        with contextlib.suppress(OSError, DestinationError):
            with part_file(entry, replaces=True) as part, part.open("wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            _trim(entry.parent, limit_bytes)


def _load(entry: Path) -> dict[str, NDArray[Any]]:
    # Opened here: NumPy leaves a file open if it rejects its first bytes.
    with open_regular(entry) as file:
        _check_sizes(file, os.fstat(file.fileno()).st_size)
        with np.load(file, allow_pickle=False) as stored:
            return dict(stored)


def _trim(folder: Path, limit_bytes: int) -> None:
    """Delete the least recently used entries once the folder exceeds its limit."""
    entries = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    total = 0
    for entry in entries:
        total += entry.stat().st_size
        if total > limit_bytes:
            entry.unlink(missing_ok=True)


def _library_version() -> str:
    import av  # noqa: PLC0415 - only its version is needed, and only here

    return ".".join(str(part) for part in av.library_versions["libavcodec"])


def _check_sizes(file: BinaryIO, size: int) -> None:
    """Refuse a compressed archive: arrays are stored uncompressed."""
    with zipfile.ZipFile(file) as members:
        if sum(member.file_size for member in members.infolist()) > size:
            raise ValueError("the stored arrays are packed")
    file.seek(0)
