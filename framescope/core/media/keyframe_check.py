"""Asks the stream itself whether a container's keyframe flags are those that FFmpeg will report.

For some codecs FFmpeg takes the flag not from the container but from the first bytes of each packet. A
table made from a container's lists stands only if both agree, which is looked up where they may differ:
at the listed keyframes and at the largest of the other packets, where an unlisted intra picture would be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from mmap import mmap

    from framescope.core.media.packet_table import PacketTable

_KEYFRAMES_LOOKED_UP, _OTHERS_LOOKED_UP = 512, 64
_HEAD_BYTES = 4096
"""How much of a packet is looked at; messages before the first slice are rarely longer."""

_SLICE, _PARTITION, _IDR, _MESSAGE, _PARAMETERS = 1, 2, 5, 6, 7
_RECOVERY_POINT = 6
_HIGH_PROFILES = frozenset((100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135))
_INTRA_SLICES = frozenset((2, 4, 7, 9))


class NotPlainError(Exception):
    """The file is damaged or does something unusual, so that its tables alone cannot be trusted."""


def refuse(condition: bool, reason: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Give the table up if ``condition`` holds.

    Raises:
        NotPlainError: It holds.
    """
    if condition:
        raise NotPlainError(reason)


class BitReader:
    """Reads numbers from the payload of a NAL unit (H.264 and H.265, 7.2 and 9.1)."""

    def __init__(self, data: bytes) -> None:
        clean = data.replace(b"\0\0\3", b"\0\0")
        self._bits = int.from_bytes(clean, "big")
        self._left = len(clean) * 8

    def bits(self, count: int) -> int:
        """The next ``count`` bits.

        Raises:
            NotPlainError: There are not so many.
        """
        self._left -= count
        refuse(self._left < 0, "a header of the stream is cut off")
        return self._bits >> self._left & ((1 << count) - 1)

    def exp_golomb(self) -> int:
        """The next unsigned Exp-Golomb number."""
        zeros = self._left - (self._bits & ((1 << self._left) - 1)).bit_length()
        self.bits(zeros)
        return self.bits(zeros + 1) - 1


@dataclass(frozen=True, slots=True)
class _AccessUnit:
    is_idr: bool = False
    is_intra: bool = False
    is_recovery_point: bool = False


class H264Check:
    """Compares keyframe flags with what FFmpeg's H.264 parser takes for a keyframe.

    That is an IDR picture, a picture after a recovery point message, or an I picture in a stream that
    keeps a single reference.
    """

    def __init__(self, configuration: bytes) -> None:
        """Take the decoder configuration record (``avcC``; ISO/IEC 14496-15, 5.3.3.1).

        Raises:
            NotPlainError: It is none.
        """
        refuse(len(configuration) < 7 or configuration[0] != 1, "no length-prefixed H.264")
        self._length_size = (configuration[4] & 3) + 1
        self._may_keep_one_reference = _may_keep_one_reference(configuration)

    def confirms(self, data: mmap, table: PacketTable) -> bool:
        """Whether the flags of ``table``, whose packets lie in ``data``, agree with the stream."""
        return all(self._agrees(data, table, number) for number in packets_to_look_up(table))

    def _agrees(self, data: mmap, table: PacketTable, number: int) -> bool:
        start, size = int(table.positions[number]), int(table.sizes[number])
        unit = self._access_unit(data[start : start + min(size, _HEAD_BYTES)])
        if unit is None:
            return False
        if unit.is_intra and self._may_keep_one_reference and not unit.is_idr:
            return False
        return bool(table.is_keyframe[number]) == (unit.is_idr or unit.is_recovery_point)

    def _access_unit(self, head: bytes) -> _AccessUnit | None:
        is_recovery_point = False
        for payload in _nal_units(head, self._length_size):
            kind = payload[0] & 31
            if kind == _MESSAGE:
                is_recovery_point |= _has_recovery_point(payload)
            elif kind in (_SLICE, _PARTITION, _IDR):
                reader = BitReader(payload[1:16])
                reader.exp_golomb()
                is_intra = reader.exp_golomb() in _INTRA_SLICES
                return _AccessUnit(kind == _IDR, is_intra, is_recovery_point)
        return None


def packets_to_look_up(table: PacketTable) -> list[int]:
    """The packets at which a wrong flag would show: listed keyframes and the largest of the others."""
    keys = np.flatnonzero(table.is_keyframe)
    if len(keys) > _KEYFRAMES_LOOKED_UP:
        keys = keys[np.linspace(0, len(keys) - 1, _KEYFRAMES_LOOKED_UP).astype(np.int64)]
    others = np.flatnonzero(~table.is_keyframe)
    if len(others) > _OTHERS_LOOKED_UP:
        largest = np.argpartition(table.sizes[others], -_OTHERS_LOOKED_UP)[-_OTHERS_LOOKED_UP:]
        others = others[largest]
    numbers: list[int] = [*keys.tolist(), *others.tolist()]
    return numbers


def _nal_units(head: bytes, length_size: int) -> Iterator[bytes]:
    place = 0
    while place + length_size < len(head):
        size = int.from_bytes(head[place : place + length_size], "big")
        place += length_size
        if size:
            yield head[place : place + size]
        place += size


def _has_recovery_point(message: bytes) -> bool:
    """Whether a supplemental message (H.264, 7.3.2.3) announces a point to start decoding at."""
    payload = message[1:].replace(b"\0\0\3", b"\0\0")
    place = 0
    while place + 2 < len(payload):
        numbers = []
        for _ in range(2):
            number = 0
            while place < len(payload) and payload[place] == 0xFF:
                number += 255
                place += 1
            number += payload[place] if place < len(payload) else 0
            place += 1
            numbers.append(number)
        kind, size = numbers
        if kind == _RECOVERY_POINT:
            return True
        place += size
    return False


def _may_keep_one_reference(configuration: bytes) -> bool:
    """Whether some sequence header allows no more than one reference picture, or none can be read."""
    count = configuration[5] & 31
    place = 6
    for _ in range(count):
        size = int.from_bytes(configuration[place : place + 2], "big")
        sequence = configuration[place + 2 : place + 2 + size]
        place += 2 + size
        references = _reference_count(sequence)
        if references is None or references <= 1:
            return True
    return count == 0


def _reference_count(sequence: bytes) -> int | None:
    """``max_num_ref_frames`` of a sequence header (H.264, 7.3.2.1.1), or None where it is too odd."""
    if len(sequence) < 4 or sequence[0] & 31 != _PARAMETERS:
        return None
    reader = BitReader(sequence[4:])
    reader.exp_golomb()
    if sequence[1] in _HIGH_PROFILES:
        if reader.exp_golomb() == 3:
            reader.bits(1)
        reader.exp_golomb()
        reader.exp_golomb()
        reader.bits(1)
        if reader.bits(1):
            return None
    reader.exp_golomb()
    order = reader.exp_golomb()
    if order == 0:
        reader.exp_golomb()
    elif order == 1:
        reader.bits(1)
        reader.exp_golomb()
        reader.exp_golomb()
        for _ in range(min(reader.exp_golomb(), 255)):
            reader.exp_golomb()
    return reader.exp_golomb()
