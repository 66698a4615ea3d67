"""Keeps indexes on disk, so that a second opening is instant. A bad entry is never an error, only missing."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.errors import DestinationError
from framescope.core.files import part_file
from framescope.core.folders import cache_folder
from framescope.core.media.container import local_path
from framescope.core.media.index import DamageNote, EntryTable, FrameIndex, IndexBasis

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_FORMAT = 1
"""Raised whenever what an index holds, or how frames are counted, changes."""
_LIMIT_BYTES = 1 << 30
_FRAME_ARRAYS = ("pts", "dts", "packet_numbers", "is_keyframe", "picture_type_codes", "packet_sizes")
_ENTRY_ARRAYS = ("packet_numbers", "first_numbers", "pts", "dts", "positions")


def default_folder() -> Path | None:
    """The user's cache folder for indexes; None where nothing can be kept."""
    folder = cache_folder()
    return None if folder is None else folder / "index"


class IndexStore:
    """A folder of indexes, one file for each (path, size, modification time, stream, FFmpeg version)."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or default_folder()

    def _entry(self, source: str, stream_index: int) -> Path | None:
        path = local_path(source)
        if path is None or self._folder is None:
            return None
        try:
            facts = path.stat()
        except OSError:
            return None
        # The FFmpeg version counts: another decoder may show other frames of a damaged file.
        key = f"{_FORMAT}\n{path}\n{facts.st_size}\n{facts.st_mtime_ns}\n{stream_index}\n{_library_version()}"
        # A name need not be UTF-8: Python holds the other bytes as surrogates.
        digest = hashlib.blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16)
        return self._folder / f"{digest.hexdigest()}.npz"

    def load(self, source: str, stream_index: int) -> FrameIndex | None:
        """The stored index of the file as it is now, or None."""
        entry = self._entry(source, stream_index)
        if entry is None:
            return None
        try:
            # Opened here: NumPy leaves a file open whose first bytes it does not like.
            with entry.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                index = _from_arrays(dict(stored))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, TypeError, IndexError, zipfile.BadZipFile):
            with contextlib.suppress(OSError):
                entry.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(entry)
        return index

    def save(self, source: str, stream_index: int, index: FrameIndex) -> None:
        """Keep a complete index; a disk that is full or read-only is no error."""
        entry = self._entry(source, stream_index)
        if entry is None or not index.complete or not len(index):
            return
        with contextlib.suppress(OSError, DestinationError):
            with part_file(entry, replaces=True) as part, part.open("wb") as file:
                np.savez(file, allow_pickle=False, **_to_arrays(index))
            _trim(entry.parent)


def _trim(folder: Path) -> None:
    """Drop the entries that were not used for longest once the folder passes its limit."""
    entries = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    total = 0
    for entry in entries:
        total += entry.stat().st_size
        if total > _LIMIT_BYTES:
            entry.unlink(missing_ok=True)


def _library_version() -> str:
    import av  # noqa: PLC0415 - only its version is wanted, and only here

    return ".".join(str(part) for part in av.library_versions["libavcodec"])


def _to_arrays(index: FrameIndex) -> dict[str, NDArray[Any]]:
    header = {
        "basis": index.basis.value,
        "time_base": [index.time_base.numerator, index.time_base.denominator],
        "picture_types_decoded": index.picture_types_decoded,
        "doubts": index.doubts,
        "notes": index.notes,
        "damage": [[note.before_frame_number, note.packet_count, note.reason] for note in index.damage],
        "single_thread": index.single_thread,
        "frames": len(index),
    }
    arrays: dict[str, NDArray[Any]] = {name: getattr(index, name) for name in _FRAME_ARRAYS}
    arrays |= {f"entry_{name}": getattr(index.entries, name) for name in _ENTRY_ARRAYS}
    arrays["damaged_frames"] = index.damaged_frames
    if index.digests is not None:
        arrays["digests"] = index.digests
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    return arrays


def _from_arrays(arrays: dict[str, NDArray[Any]]) -> FrameIndex:
    header = json.loads(arrays["header"].tobytes())
    index = FrameIndex(
        basis=IndexBasis(header["basis"]),
        complete=True,
        time_base=Fraction(*header["time_base"]),
        pts=arrays["pts"],
        dts=arrays["dts"],
        packet_numbers=arrays["packet_numbers"],
        is_keyframe=arrays["is_keyframe"],
        picture_type_codes=arrays["picture_type_codes"],
        packet_sizes=arrays["packet_sizes"],
        entries=EntryTable(**{name: arrays[f"entry_{name}"] for name in _ENTRY_ARRAYS}),
        picture_types_decoded=header["picture_types_decoded"],
        doubts=tuple(header["doubts"]),
        notes=tuple(header["notes"]),
        damage=tuple(DamageNote(*note) for note in header["damage"]),
        damaged_frames=arrays["damaged_frames"],
        digests=arrays.get("digests"),
        single_thread=header["single_thread"],
    )
    if not len(index.pts) == len(index.dts) == len(index.packet_numbers) == header["frames"]:
        raise ValueError("the stored index is cut short")
    return index
