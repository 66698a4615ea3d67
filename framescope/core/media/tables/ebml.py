"""Reads EBML (RFC 8794), the element format of Matroska, in small pieces from a file or from bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from framescope.core.media.keyframe_check import NotPlainError, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBER_LENGTHS = bytes(0 if first == 0 else 9 - first.bit_length() for first in range(256))
"""Length in bytes of a variable-length number, by its first byte; 0 if the byte is invalid."""

NUMBER_MASKS = tuple((1 << 7 * length) - 1 for length in range(9))
"""The value bits of a variable-length number, by its length. All of them set mean an unknown size."""

_WINDOW, _SMALL_WINDOW, _LONG_STRIDE = 1 << 16, 1 << 12, 1 << 15
"""Bytes read at once; fewer if the strides are long, so that skipped data is not read."""

_LONGEST_INTEGER = 8
"""Bytes (RFC 8794, 7.2)."""

HEADER_MARGIN = 64
"""Bytes that must be available in the window: the longest run of headers parsed at once."""


def read_number(data: bytes, place: int) -> tuple[int, int]:
    """The variable-length number at ``place``, without its marker, and the place after it.

    Raises:
        NotPlainError: There is none.
        IndexError: The data ends before it.
    """
    length = NUMBER_LENGTHS[data[place]]
    stop = place + length
    refuse(length == 0 or stop > len(data), "a number is damaged")
    return int.from_bytes(data[place:stop], "big") & NUMBER_MASKS[length], stop


def read_size(data: bytes, place: int) -> tuple[int | None, int]:
    """The element size at ``place``, None if it is unknown, and the place after it."""
    length = NUMBER_LENGTHS[data[place]]
    size, stop = read_number(data, place)
    return (None if size == NUMBER_MASKS[length] else size), stop


def read_id(data: bytes, place: int) -> tuple[int, int]:
    """The element's identifier at ``place``, with its marker, and the place after it."""
    stop = place + NUMBER_LENGTHS[data[place]]
    refuse(not place < stop <= place + 4 or stop > len(data), "an identifier is damaged")
    return int.from_bytes(data[place:stop], "big"), stop


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Identifier and payload of each element in ``data``, which must hold nothing else.

    Raises:
        NotPlainError: An element is damaged, cut off, or of unknown size.
    """
    place = 0
    while place < len(data):
        kind, place = read_id(data, place)
        size, place = read_size(data, place)
        if size is None or place + size > len(data):
            raise NotPlainError("an element is cut off")
        yield kind, data[place : place + size]
        place += size


def unsigned(data: bytes) -> int:
    """The value of an unsigned integer element; 0 for an empty one.

    Raises:
        NotPlainError: It is longer than such an element may be.
    """
    refuse(len(data) > _LONGEST_INTEGER, "a number is too long")
    return int.from_bytes(data, "big")


class EbmlFile:
    """A file read in small pieces, mostly forwards.

    Not memory-mapped: a file that shrinks meanwhile must cause an error, not a crash.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, 2)
        self._window = b""
        self._base = 0

    def look(self, position: int) -> tuple[bytes, int]:
        """Bytes of the file that include ``position``, and the position of the first of them."""
        if not self._base <= position <= self._base + len(self._window) - HEADER_MARGIN:
            is_far = not 0 <= position - self._base - len(self._window) < _LONG_STRIDE
            self._file.seek(position)
            self._window, self._base = self._file.read(_SMALL_WINDOW if is_far else _WINDOW), position
        return self._window, self._base

    def read(self, position: int, size: int) -> bytes:
        """``size`` bytes at ``position``.

        Raises:
            NotPlainError: There are fewer.
        """
        refuse(position + size > self.size, "the file is truncated")
        self._file.seek(position)
        data = self._file.read(size)
        refuse(len(data) < size, "the file is truncated")
        return data

    def header(self, position: int) -> tuple[int, int | None, int]:
        """Identifier and size (None: unknown) of the element at ``position``, and its payload's position."""
        window, base = self.look(position)
        kind, place = read_id(window, position - base)
        size, place = read_size(window, place)
        return kind, size, base + place
