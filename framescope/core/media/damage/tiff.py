"""Drops the tags of a TIFF picture that FFmpeg's strict decoder rejects although no pixel depends on them.

Nearly every TIFF has some: the unit of its resolution, its orientation, Exif, XMP. Source: TIFF 6.0,
sections 2 and 8.
"""

from __future__ import annotations

import struct

_ORDERS = {b"II": "<", b"MM": ">"}
_VERSION = 42
_ENTRY_BYTES = 12
_SAMPLE_FORMAT, _UNSIGNED, _MOST_SAMPLES = 339, 1, 16

_PIXEL_TAGS = frozenset(
    # Kind, width, height, bits, compression, photometric, fill order, strips, samples, planes, fax options,
    # predictor, palette, tiles, further directories, JPEG tables, chroma; and the colour profile.
    {254, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 330}
    | {347, 529, 530, 531, 532, 34675}
)


def without_other_tags(packet: memoryview) -> bytes | None:
    """The picture with only the tags that its pixels depend on; None if it has no others."""
    data = bytearray(packet)
    try:
        order = _ORDERS[bytes(data[:2])]
        version, place = struct.unpack_from(f"{order}HI", data, 2)
        (count,) = struct.unpack_from(f"{order}H", data, place)
        begin = place + 2
        entries = [
            bytes(data[at : at + _ENTRY_BYTES])
            for at in range(begin, begin + _ENTRY_BYTES * count, _ENTRY_BYTES)
        ]
        kept = [entry for entry in entries if _matters(order, entry, data)]
        if version != _VERSION or len(kept) == count:
            return None
        struct.pack_into(f"{order}H", data, place, len(kept))
        end = begin + _ENTRY_BYTES * len(kept)
        data[begin:end] = b"".join(kept)
        # There is room: at least one entry fewer precedes the place of the next directory.
        struct.pack_into(f"{order}I", data, end, 0)
    except (KeyError, struct.error):
        return None
    return bytes(data)


def _matters(order: str, entry: bytes, data: bytearray) -> bool:
    tag, _, count, place = struct.unpack(f"{order}HHII", entry)
    if tag != _SAMPLE_FORMAT:
        return tag in _PIXEL_TAGS
    if not 0 < count <= _MOST_SAMPLES:
        return True
    # Up to two values are in the entry itself. FFmpeg takes signed and floating-point samples for unsigned.
    values = struct.unpack_from(f"{order}{count}H", *((entry, 8) if count <= 2 else (data, place)))
    return set(values) != {_UNSIGNED}
