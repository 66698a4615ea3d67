"""Caches indexes on disk, so that reopening is instant. An invalid entry counts as missing."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.folders import cache_folder
from framescope.core.media.array_store import ArrayStore
from framescope.core.media.index import DamageNote, EntryTable, FrameIndex, IndexBasis, UnpackedFrames
from framescope.core.model.frame import PictureType
from framescope.core.outside import parse_json, plain_text, whole_number

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.model.stream_facts import FileState

_FORMAT = 5
"""Incremented whenever the contents of an index, or the way frames are counted, change."""
_LIMIT_BYTES = 1 << 30
_FRAME_ARRAYS = ("pts", "dts", "packet_numbers", "is_keyframe", "picture_type_codes", "packet_sizes")
_KINDS = {
    "pts": np.int64,
    "dts": np.int64,
    "packet_numbers": np.int32,
    "is_keyframe": np.bool_,
    "picture_type_codes": np.uint8,
    "packet_sizes": np.int32,
    "entry_packet_numbers": np.int32,
    "entry_first_numbers": np.int32,
    "entry_pts": np.int64,
    "entry_dts": np.int64,
    "entry_positions": np.int64,
    "damaged_frames": np.int32,
    "unpacked_pts": np.int64,
    "unpacked_sizes": np.int32,
    "digests": np.uint64,
}
_OPTIONAL_ARRAYS = ("digests", "unpacked_pts", "unpacked_sizes")
_ENTRY_ARRAYS = ("packet_numbers", "first_numbers", "pts", "dts", "positions")


def default_folder() -> Path | None:
    """The user's cache folder for indexes; None if there is none."""
    folder = cache_folder()
    return None if folder is None else folder / "index"


class IndexStore:
    """Indexes in a folder, found again for as long as their file stays the same."""

    def __init__(self, folder: Path | None = None) -> None:
        self._arrays = ArrayStore(folder or default_folder())

    def load(self, source: str, stream_index: int) -> FrameIndex | None:
        """The stored index for the file's current state, or None."""
        return self._arrays.load(source, stream_index, str(_FORMAT), _from_arrays)

    def save(
        self, source: str, stream_index: int, index: FrameIndex, *, state: FileState | None = None
    ) -> None:
        """Store a complete index under the file's state before it was read; a full disk is not an error."""
        if index.complete and len(index):
            arrays = _to_arrays(index)
            self._arrays.save(
                source, stream_index, str(_FORMAT), arrays, limit_bytes=_LIMIT_BYTES, state=state
            )


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
    if index.unpacked is not None:
        arrays |= {"unpacked_pts": index.unpacked.pts, "unpacked_sizes": index.unpacked.sizes_bytes}
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    return arrays


def _from_arrays(arrays: dict[str, NDArray[Any]]) -> FrameIndex:
    header = parse_json(arrays["header"].tobytes())
    is_packed = "unpacked_pts" in arrays
    _check_arrays(arrays, whole_number(header["frames"]))
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
        doubts=tuple(map(plain_text, header["doubts"])),
        notes=tuple(map(plain_text, header["notes"])),
        damage=tuple(
            DamageNote(whole_number(number), whole_number(count), plain_text(reason))
            for number, count, reason in header["damage"]
        ),
        damaged_frames=arrays["damaged_frames"],
        digests=arrays.get("digests"),
        single_thread=header["single_thread"],
        unpacked=UnpackedFrames(arrays["unpacked_pts"], arrays["unpacked_sizes"]) if is_packed else None,
    )
    if index.time_base <= 0:
        raise ValueError("the stored index has no unit of time")
    return index


def _check_arrays(arrays: dict[str, NDArray[Any]], frame_count: int) -> None:
    """Check the arrays against each other: values of one used as indices into another must be in range.

    Raises:
        ValueError, KeyError: An array is missing, has the wrong type or length, or indexes out of range.
    """
    packets, entries = arrays["packet_sizes"], arrays["entry_packet_numbers"]
    lengths = {name: frame_count for name in _FRAME_ARRAYS if name != "packet_sizes"}
    lengths |= {f"entry_{name}": len(entries) for name in _ENTRY_ARRAYS}
    lengths |= {name: frame_count for name in _OPTIONAL_ARRAYS if name in arrays}
    wrong = [name for name, length in lengths.items() if arrays[name].shape != (length,)]
    wrong += [name for name, kind in _KINDS.items() if name in arrays and arrays[name].dtype != kind]
    limits = {"packet_numbers": len(packets), "entry_packet_numbers": len(packets)}
    limits |= {"damaged_frames": frame_count, "picture_type_codes": len(PictureType)}
    for name, limit in limits.items():
        values = arrays[name]
        if len(values) and not (int(values.min()) >= 0 and int(values.max()) < limit):
            wrong.append(name)
    if wrong or packets.ndim != 1 or (np.diff(entries) < 0).any():
        raise ValueError(f"the stored index is damaged: {wrong}")
