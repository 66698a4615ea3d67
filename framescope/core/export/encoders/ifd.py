"""Image file directories, the tables that TIFF files and Exif data are made of (TIFF 6.0, section 2)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER = struct.pack("<2sHI", b"II", 42, 8)
"""The header of a little-endian TIFF whose directory follows immediately."""


class Short(int):
    """A 16-bit integer; plain integers take 32 bits."""


class Rational(int):
    """An integer written as a fraction of two 32-bit numbers."""


Value = int | tuple[int, ...] | str | bytes
_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED = 1, 2, 3, 4, 5, 7


def directory(entries: Mapping[int, Value], at: int, *, undefined: frozenset[int] = frozenset()) -> bytes:
    """A directory followed by its values.

    Args:
        entries: Values by tag. `Short` and tuples of it take 16 bits, `Rational` 64, other integers 32; str
            is ASCII (UTF-8 where it has to be); bytes are bytes.
        at: The directory's offset in the file.
        undefined: Tags whose bytes have the type UNDEFINED.
    """
    values_at = at + 2 + 12 * len(entries) + 4
    table, values = [struct.pack("<H", len(entries))], bytearray()
    for tag, value in sorted(entries.items()):
        kind, count, data = _packed(value)
        if tag in undefined:
            kind = _UNDEFINED
        if len(data) <= 4:
            place = data.ljust(4, b"\0")
        else:
            place = struct.pack("<I", values_at + len(values))
            values += data + b"\0" * (len(data) % 2)
        table.append(struct.pack("<HHI", tag, kind, count) + place)
    return b"".join([*table, struct.pack("<I", 0), values])


def _packed(value: Value) -> tuple[int, int, bytes]:
    if isinstance(value, bytes):
        return _BYTE, len(value), value
    if isinstance(value, str):
        data = value.encode() + b"\0"
        return _ASCII, len(data), data
    if isinstance(value, Rational):
        return _RATIONAL, 1, struct.pack("<II", value, 1)
    numbers = value if isinstance(value, tuple) else (value,)
    if all(isinstance(number, Short) for number in numbers):
        return _SHORT, len(numbers), struct.pack(f"<{len(numbers)}H", *numbers)
    return _LONG, len(numbers), struct.pack(f"<{len(numbers)}I", *numbers)
