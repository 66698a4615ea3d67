"""What H.264 packets tell of losses without decoding: pictures left out, and messages that are cut off.

Sources: ITU-T H.264, 7.3.3 (slice header), 7.4.3 (``frame_num``) and 7.3.2.3.1 (supplemental messages).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.media.keyframe_check import BitReader, NotPlainError, sequence_facts
from framescope.core.media.packet_inspect import nal_length_size, nal_starts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.media.keyframe_check import SequenceFacts

_SLICES, _IDR, _MESSAGE, _PARAMETERS = (1, 2, 5), 5, 6, 7
_HEADER_BYTES = 24
"""Of a slice; ``frame_num`` ends well before."""


class GapFinder:
    """Follows the numbers of reference pictures from packet to packet: one left out is a picture lost.

    Containers say nothing when a recorder lost a packet, and FFmpeg fills the gap in without a word.
    """

    def __init__(self, extradata: bytes | None) -> None:
        """Start before the first packet.

        Args:
            extradata: The stream's out-of-band header.
        """
        self._length_size = nal_length_size("h264", extradata)
        self._facts: SequenceFacts | None = None
        self._last: int | None = None
        header = extradata or b""
        if self._length_size:
            self._learn(header[8:])
        else:
            for unit in _units(memoryview(header), 0):
                if unit[0] & 31 == _PARAMETERS:
                    self._learn(bytes(unit))

    def is_gap_before(self, packet: memoryview) -> bool:
        """Whether a reference picture is missing between the packet given last and this one."""
        for unit in _units(packet, self._length_size):
            kind = unit[0] & 31
            if kind == _PARAMETERS:
                self._learn(bytes(unit))
            elif kind in _SLICES:
                return self._follow(unit, kind)
        return False

    def _learn(self, sequence: bytes) -> None:
        try:
            self._facts = sequence_facts(sequence)
        except NotPlainError:
            self._facts = None

    def _follow(self, unit: memoryview, kind: int) -> bool:
        facts, last = self._facts, self._last
        if facts is None or facts.allows_gaps:
            self._last = None
            return False
        try:
            number = _frame_num(bytes(unit[1:_HEADER_BYTES]), facts)
        except NotPlainError:
            self._last = None
            return False
        if unit[0] & 0x60:
            self._last = number
        if kind == _IDR or last is None:
            return False
        return number not in (last, (last + 1) % (1 << facts.number_bits))


def _unit_spans(packet: memoryview, length_size: int) -> Iterator[tuple[int, int]]:
    """Where the NAL units of a packet begin and end."""
    between = length_size or 3
    starts = nal_starts(packet, length_size)
    for place, start in enumerate(starts):
        stop = starts[place + 1] - between if place + 1 < len(starts) else len(packet)
        if start < stop:
            yield start, stop


def _units(packet: memoryview, length_size: int) -> Iterator[memoryview]:
    return (packet[start:stop] for start, stop in _unit_spans(packet, length_size))


def _frame_num(header: bytes, facts: SequenceFacts) -> int:
    """The number of the picture that a slice, without its first byte, belongs to.

    Raises:
        NotPlainError: The slice is cut off.
    """
    reader = BitReader(header)
    # first_mb_in_slice, slice_type, pic_parameter_set_id, perhaps colour_plane_id.
    for _ in range(3):
        reader.exp_golomb()
    if facts.has_color_planes:
        reader.bits(2)
    return reader.bits(facts.number_bits)


def without_broken_messages(packet: bytes, extradata: bytes | None) -> bytes | None:
    """The packet without the supplemental messages that are cut off; None where there are none.

    They belong to no picture, but a decoder told to report damage refuses the whole packet for them.
    """
    length_size = nal_length_size("h264", extradata)
    between = length_size or 3
    kept, is_broken = bytearray(), False
    for start, stop in _unit_spans(memoryview(packet), length_size):
        if packet[start] & 31 == _MESSAGE and _is_cut_off(packet[start + 1 : stop]):
            is_broken = True
        else:
            kept += packet[start - between : stop]
    return bytes(kept) if is_broken else None


def _is_cut_off(message: bytes) -> bool:
    """Whether a supplemental message announces more bytes than there are."""
    payload = message.replace(b"\0\0\3", b"\0\0")
    place = 0
    while place + 2 < len(payload):
        # The kind, then the size.
        for _ in range(2):
            size = 0
            while place < len(payload) and payload[place] == 0xFF:
                size += 255
                place += 1
            size += payload[place] if place < len(payload) else 0
            place += 1
        place += size
    # A whole one is followed by the bit that ends the unit.
    return place >= len(payload)
