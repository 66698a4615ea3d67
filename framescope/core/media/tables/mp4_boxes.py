"""Parses the boxes of an MP4 or MOV header (ISO/IEC 14496-12, 4.2) and rejects damaged ones."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from framescope.core.media.keyframe_check import NotPlainError, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_LARGEST_HEADER = 1 << 28

BoxTree = dict[bytes, list[memoryview]]
"""The payloads of the boxes in a container box, by their four characters, in file order."""


def find_movie(file: BinaryIO, file_size: int, *, allows_fragments: bool = False) -> bytes:
    """The payload of the only ``moov``, reading only the headers of the other boxes.

    Args:
        file: The file.
        file_size: Its length in bytes.
        allows_fragments: Whether the ``moov`` before the first fragment is enough, whatever follows.

    Raises:
        NotPlainError: There is none or more than one, it is cut off, or fragments are not allowed.
    """
    position = 0
    movie: bytes | None = None
    while position + 8 <= file_size:
        file.seek(position)
        header = file.read(16)
        size, kind = struct.unpack_from(">I4s", header)
        header_size = 8
        if size == 1:
            refuse(len(header) < 16, "a box is cut off")
            size, header_size = struct.unpack_from(">Q", header, 8)[0], 16
        elif size == 0:
            size = file_size - position
        if size < header_size:
            break  # Bytes after the last box; FFmpeg stops at them as well.
        if kind in (b"moof", b"sidx"):
            refuse(movie is None or not allows_fragments, "fragmented")
            break
        if kind == b"moov":
            refuse(movie is not None, "two headers")
            refuse(position + size > file_size or size > _LARGEST_HEADER, "the header is cut off")
            file.seek(position + header_size)
            movie = file.read(size - header_size)
        position += size
    if movie is None:
        raise NotPlainError("no header")
    return movie


def read_boxes(payload: bytes | memoryview) -> BoxTree:
    """The boxes directly inside ``payload``.

    Raises:
        NotPlainError: One of them is longer than its parent.
    """
    found: BoxTree = {}
    for kind, content in walk_boxes(memoryview(payload)):
        found.setdefault(kind, []).append(content)
    return found


def walk_boxes(payload: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Type and payload of each box directly inside ``payload``, in order."""
    position = 0
    while position + 8 <= len(payload):
        size, kind = struct.unpack_from(">I4s", payload, position)
        header_size = 8
        if size == 1:
            size, header_size = struct.unpack_from(">Q", payload, position + 8)[0], 16
        if size == 0:
            # The terminator of QuickTime lists. FFmpeg treats any other zero size as a box up to its parent's
            # end.
            refuse(any(payload[position:]), "a box of no size")
            break
        refuse(size < header_size or position + size > len(payload), "a box exceeds its parent")
        yield kind, payload[position + header_size : position + size]
        position += size


def only_box(boxes: BoxTree, kind: bytes) -> memoryview:
    """The payload of the box of that type; there must be exactly one."""
    found = boxes.get(kind, [])
    refuse(len(found) != 1, f"not exactly one {kind!r}")
    return found[0]


def optional_box(boxes: BoxTree, kind: bytes) -> memoryview | None:
    """The payload of the box of that type, or None if there is none; more than one is refused."""
    return only_box(boxes, kind) if kind in boxes else None


def read_track_id(track: BoxTree) -> int:
    """The track number in ``tkhd``."""
    header = only_box(track, b"tkhd")
    number: int = struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)[0]
    return number


def read_time_scale(header: memoryview) -> int:
    """Units per second, of ``mvhd`` and ``mdhd`` alike."""
    scale: int = struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)[0]
    refuse(not 0 < scale < 1 << 31, "no time scale")
    return scale


def table_rows(box: memoryview, columns: int, *, kind: str = ">u4") -> NDArray[np.int64]:
    """The table of a full box with a row count: (rows, columns) int64."""
    count: int = struct.unpack_from(">I", box, 4)[0]
    width = np.dtype(kind).itemsize
    refuse(8 + count * columns * width > len(box), "a table is cut off")
    flat = np.frombuffer(box, kind, count * columns, 8)
    return flat.reshape(count, columns).astype(np.int64)
