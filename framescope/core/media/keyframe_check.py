"""Checks in the bitstream whether a container's keyframe flags are those that FFmpeg will report.

For some codecs FFmpeg takes the flag not from the container but from the first bytes of each packet. A table
made from the container is valid only if both agree. They are compared where they may differ: at the listed
keyframes and at the largest of the other packets, where an unlisted intra picture would be.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple, ParamSpec

import numpy as np

from framescope.core.errors import Cancelled

if TYPE_CHECKING:
    from framescope.core.media.tables.packet_table import PacketTable

_KEYFRAMES_LOOKED_UP, _OTHERS_LOOKED_UP = 512, 64
_HEAD_BYTES = 4096
"""How much of a packet is read; what precedes the first slice is rarely longer."""

_SLICE, _PARTITION, _IDR, _MESSAGE, _PARAMETERS = 1, 2, 5, 6, 7
_AV1_FRAME_HEADER, _AV1_FRAME = 3, 6
_RECOVERY_POINT = 6
_HIGH_PROFILES = frozenset((100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135))
_INTRA_SLICES = frozenset((2, 4, 7, 9))
_START_CODE = b"\0\0\1"


_Given = ParamSpec("_Given")


class NotPlainError(Exception):
    """The file is damaged or does something unusual, so that its tables alone cannot be trusted."""


def refuse(condition: bool, reason: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Give up the table if ``condition`` holds.

    Raises:
        NotPlainError: It does.
    """
    if condition:
        raise NotPlainError(reason)


def left_to_a_scan(read: Callable[_Given, PacketTable]) -> Callable[_Given, PacketTable | None]:
    """Make a table reader return None, so that a scan is used, whatever error it meets.

    A damaged file can cause a parser to raise any error. None of them may reach the user, because FFmpeg can
    still read the file; only Cancelled is re-raised.
    """

    @functools.wraps(read)
    def attempt(*args: _Given.args, **kwargs: _Given.kwargs) -> PacketTable | None:
        try:
            return read(*args, **kwargs)
        except Cancelled:
            raise
        except NotPlainError as error:
            logging.getLogger(__name__).debug("%s leaves the file to FFmpeg: %s", read.__name__, error)
            return None
        except Exception:
            logging.getLogger(__name__).debug("%s gave up", read.__name__, exc_info=True)
            return None

    return attempt


class BitReader:
    """Reads numbers from the payload of a NAL unit (H.264 and H.265, 7.2 and 9.1)."""

    def __init__(self, data: bytes) -> None:
        clean = data.replace(b"\0\0\3", b"\0\0")
        self._bits = int.from_bytes(clean, "big")
        self._left = len(clean) * 8

    def bits(self, count: int) -> int:
        """The next ``count`` bits.

        Raises:
            NotPlainError: There are fewer.
        """
        self._left -= count
        refuse(self._left < 0, "a header of the stream is cut off")
        return self._bits >> self._left & ((1 << count) - 1)

    def exp_golomb(self) -> int:
        """The next unsigned Exp-Golomb number."""
        zeros = self._left - (self._bits & ((1 << self._left) - 1)).bit_length()
        self.bits(zeros)
        return self.bits(zeros + 1) - 1


KeyframeRule = Callable[[bytes], bool | None]
"""Whether FFmpeg treats a packet with these first bytes as a keyframe; None if they do not show it."""

SplitUnits = Callable[[bytes], Iterator[bytes]]
"""Splits a packet into NAL units, without their length fields or start codes."""

ReadBytes = Callable[[int, int], bytes]
"""Reads a number of bytes from a position in the file."""


def flags_hold(
    rule: KeyframeRule,
    read: ReadBytes,
    table: PacketTable,
    *,
    offset: int = 0,
    expect: Callable[[list[int]], None] = lambda _positions: None,
) -> bool:
    """Whether the keyframe flags of ``table`` agree with the stream at all packets checked.

    Args:
        rule: The codec's rule.
        read: Reads from the file.
        table: The packets.
        offset: Distance from each packet's position to its first byte.
        expect: Receives where it will read, in this order, before it does.
    """
    numbers = _packets_to_look_up(table)
    expect([int(table.positions[number]) + offset for number in numbers])
    for number in numbers:
        start, size = int(table.positions[number]) + offset, int(table.sizes[number])
        says = rule(read(start, min(size, _HEAD_BYTES)))
        if says is None and size > _HEAD_BYTES:
            says = rule(read(start, size))
        if says is not bool(table.is_keyframe[number]):
            return False
    return True


def _packets_to_look_up(table: PacketTable) -> list[int]:
    """The packets at which a wrong flag would show: the listed keyframes and the largest others."""
    keys = np.flatnonzero(table.is_keyframe)
    if len(keys) > _KEYFRAMES_LOOKED_UP:
        keys = keys[np.linspace(0, len(keys) - 1, _KEYFRAMES_LOOKED_UP).astype(np.int64)]
    others = np.flatnonzero(~table.is_keyframe)
    if len(others) > _OTHERS_LOOKED_UP:
        largest = np.argpartition(table.sizes[others], -_OTHERS_LOOKED_UP)[-_OTHERS_LOOKED_UP:]
        others = others[largest]
    numbers: list[int] = [*keys.tolist(), *others.tolist()]
    return numbers


def h264_rule(configuration: bytes) -> KeyframeRule:
    """The rule of FFmpeg's H.264 parser for length-prefixed packets.

    A keyframe is an IDR picture, one after a recovery point message, or an I picture in a stream that keeps
    a single reference; the last case is left undecided here, and so is a recovery point that is not an I
    picture.

    Args:
        configuration: The decoder configuration record (``avcC``; ISO/IEC 14496-15, 5.3.3.1).

    Raises:
        NotPlainError: It is not a valid one.
    """
    refuse(len(configuration) < 7 or configuration[0] != 1, "no length-prefixed H.264")
    split = _split_by_length((configuration[4] & 3) + 1)
    return _h264_rule(split, may_keep_one_reference=_may_keep_one_reference(_sequences(configuration)))


def h264_rule_by_start_codes(first_packet: bytes) -> KeyframeRule:
    """The same rule for packets with start codes (H.264, annex B).

    Args:
        first_packet: The start of the stream, which must contain its sequence header.

    Raises:
        NotPlainError: It contains none, or the stream may be interlaced.
    """
    units = _split_by_start_codes(first_packet)
    sequences = [unit for unit in units if unit[0] & 31 == _PARAMETERS]
    headers = [sequence_facts(sequence) for sequence in sequences]
    is_progressive = all(facts is not None and facts.is_progressive for facts in headers)
    refuse(not headers or not is_progressive, "no sequence header, or one of interlaced video")
    return _h264_rule(_split_by_start_codes, may_keep_one_reference=_may_keep_one_reference(sequences))


def _h264_rule(split: SplitUnits, *, may_keep_one_reference: bool) -> KeyframeRule:
    def rule(head: bytes) -> bool | None:
        is_recovery_point = False
        for unit in split(head):
            kind = unit[0] & 31
            if kind == _IDR:
                return True
            if kind == _MESSAGE:
                is_recovery_point |= _has_recovery_point(unit)
            elif kind in (_SLICE, _PARTITION):
                reader = BitReader(unit[1:16])
                reader.exp_golomb()
                is_intra = reader.exp_golomb() in _INTRA_SLICES
                # A gradual refresh begins at a recovery point without an intra picture: only a packet scan
                # can tell.
                is_gradual = is_recovery_point and not is_intra
                is_uncertain = is_gradual or (is_intra and may_keep_one_reference)
                return None if is_uncertain else is_recovery_point
        return None

    return rule


def hevc_rule(configuration: bytes) -> KeyframeRule:
    """The rule of FFmpeg's HEVC parser: a keyframe is a picture that decoding can start at.

    Args:
        configuration: The decoder configuration record (``hvcC``; ISO/IEC 14496-15, 8.3.3.1).

    Raises:
        NotPlainError: It is not a valid one.
    """
    refuse(len(configuration) < 23 or configuration[0] != 1, "no length-prefixed HEVC")
    return _hevc_rule(_split_by_length((configuration[21] & 3) + 1))


def hevc_rule_by_start_codes(first_packet: bytes) -> KeyframeRule:
    """The same rule for packets with start codes (H.265, annex B)."""
    del first_packet
    return _hevc_rule(_split_by_start_codes)


def _hevc_rule(split: SplitUnits) -> KeyframeRule:
    def rule(head: bytes) -> bool | None:
        for unit in split(head):
            kind = unit[0] >> 1 & 63
            if kind < 32:
                return 16 <= kind <= 23
        return None

    return rule


def av1_rule(head: bytes) -> bool | None:
    """The rule of FFmpeg's AV1 parser: whether the picture that is shown is a new key frame (AV1, 5.9.2)."""
    place = 0
    while place + 1 < len(head):
        kind = head[place] >> 3 & 15
        has_extension, has_size = head[place] & 4, head[place] & 2
        place += 2 if has_extension else 1
        size = len(head) - place
        if has_size:
            size, place = _leb128(head, place)
        if kind in (_AV1_FRAME_HEADER, _AV1_FRAME) and place < len(head):
            first = head[place]
            shows_existing, frame_type, is_shown = first >> 7, first >> 5 & 3, first >> 4 & 1
            if shows_existing or is_shown:
                return not shows_existing and frame_type == 0
        place += size
    return None


def _leb128(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 56, 7):
        refuse(place >= len(data), "a header of the stream is cut off")
        value |= (data[place] & 0x7F) << shift
        place += 1
        if not data[place - 1] & 0x80:
            break
    return value, place


def _split_by_length(length_size: int) -> SplitUnits:
    def split(head: bytes) -> Iterator[bytes]:
        place = 0
        while place + length_size < len(head):
            size = int.from_bytes(head[place : place + length_size], "big")
            place += length_size
            if size:
                yield head[place : place + size]
            place += size

    return split


def _split_by_start_codes(head: bytes) -> Iterator[bytes]:
    place = head.find(_START_CODE)
    while place >= 0:
        start = place + len(_START_CODE)
        place = head.find(_START_CODE, start)
        unit = head[start:] if place < 0 else head[start:place]
        if unit:
            yield unit


def _has_recovery_point(message: bytes) -> bool:
    """Whether an SEI message (H.264, 7.3.2.3) announces a recovery point."""
    payload = message[1:].replace(b"\0\0\3", b"\0\0")
    return any(kind == _RECOVERY_POINT for kind, _ in supplemental_messages(payload))


def supplemental_messages(payload: bytes) -> Iterator[tuple[int, int]]:
    """The messages of an unescaped SEI unit: the type of each, and its declared end."""
    place = 0
    while place + 2 < len(payload):
        numbers = []
        # The type, then the size.
        for _ in range(2):
            number = 0
            while place < len(payload) and payload[place] == 0xFF:
                number += 255
                place += 1
            number += payload[place] if place < len(payload) else 0
            place += 1
            numbers.append(number)
        kind, size = numbers
        place += size
        yield kind, place


def _sequences(configuration: bytes) -> list[bytes]:
    """The sequence headers of a decoder configuration record."""
    found: list[bytes] = []
    place = 6
    for _ in range(configuration[5] & 31):
        size = int.from_bytes(configuration[place : place + 2], "big")
        found.append(configuration[place + 2 : place + 2 + size])
        place += 2 + size
    return found


def _may_keep_one_reference(sequences: list[bytes]) -> bool:
    """Whether some sequence header allows at most one reference picture, or none can be read."""
    headers = [sequence_facts(sequence) for sequence in sequences]
    return not headers or any(facts is None or facts.references <= 1 for facts in headers)


class SequenceFacts(NamedTuple):
    """What an H.264 sequence header says about its pictures.

    Attributes:
        references: Maximum number of reference pictures.
        is_progressive: Whether all pictures are frames, not fields.
        number_bits: Bits of a picture's ``frame_num``.
        allows_gaps: Whether ``frame_num`` may skip numbers.
        has_color_planes: Whether the colour planes are coded separately.
    """

    references: int
    is_progressive: bool
    number_bits: int
    allows_gaps: bool
    has_color_planes: bool


def sequence_facts(sequence: bytes) -> SequenceFacts | None:
    """Read an H.264 sequence header (7.3.2.1.1); None if it is too unusual.

    Raises:
        NotPlainError: It is cut off.
    """
    if len(sequence) < 4 or sequence[0] & 31 != _PARAMETERS:
        return None
    reader = BitReader(sequence[4:])
    reader.exp_golomb()
    has_color_planes = False
    if sequence[1] in _HIGH_PROFILES:
        if reader.exp_golomb() == 3:
            has_color_planes = bool(reader.bits(1))
        reader.exp_golomb()
        reader.exp_golomb()
        reader.bits(1)
        if reader.bits(1):
            return None
    number_bits = reader.exp_golomb() + 4
    order = reader.exp_golomb()
    if order == 0:
        reader.exp_golomb()
    elif order == 1:
        reader.bits(1)
        reader.exp_golomb()
        reader.exp_golomb()
        for _ in range(min(reader.exp_golomb(), 255)):
            reader.exp_golomb()
    references = reader.exp_golomb()
    allows_gaps = bool(reader.bits(1))
    # Width and height, then frame_mbs_only.
    reader.exp_golomb()
    reader.exp_golomb()
    return SequenceFacts(references, bool(reader.bits(1)), number_bits, allows_gaps, has_color_planes)
