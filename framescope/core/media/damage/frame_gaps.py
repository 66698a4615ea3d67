"""Detects lost pictures of H.264, MPEG-1 and MPEG-2 from packet headers, without decoding.

Sources: ITU-T H.264, 7.3.3 (slice header), 7.4.3 (``frame_num``) and 7.3.2.3.1 (supplemental messages); ITU-T
H.262, 6.2.2.6 (group of pictures) and 6.3.9 (``temporal_reference``).

VP8, VP9, AV1 and MPEG-4 number no pictures, and VP8 and VP9 have no checksums either: in these streams a
missing packet or flipped bits cannot be detected unless decoding fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from framescope.core.media.keyframe_check import (
    BitReader,
    NotPlainError,
    sequence_facts,
    supplemental_messages,
)
from framescope.core.media.packet_inspect import nal_length_size, nal_starts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.media.keyframe_check import SequenceFacts

_PICTURE, _GROUP = b"\0\0\1\0", b"\0\0\1\xb8"
_HEADERS_BYTES = 4096
"""Bytes read of an MPEG packet; the headers of its first picture end well before that."""
_ORDERS = 1 << 10
_P, _B = 2, 3

_SLICES, _IDR, _MESSAGE, _PARAMETERS = (1, 2, 5), 5, 6, 7
_HEADER_BYTES = 24
"""Bytes read of a slice; ``frame_num`` ends well before that."""


class GapFinder(Protocol):
    """Follows the packets of a stream from the first one on."""

    def missing_before(self, packet: memoryview) -> int | None:
        """How many packets before this one a reference picture is missing, or None.

        0 means directly before it; some losses only show at the next reference picture.
        """

    def missing_at_end(self) -> int | None:
        """The same after the last packet, counted back from the end."""


def gap_finder_for(codec: str, extradata: bytes | None) -> GapFinder | None:
    """The gap finder for a stream, positioned before its first packet; None if there is none for the codec.

    Args:
        codec: FFmpeg's name of the codec.
        extradata: The stream's out-of-band header.
    """
    if codec == "h264":
        return NumberGaps(extradata)
    if codec in ("mpeg1video", "mpeg2video"):
        return OrderGaps()
    return None


class OrderGaps:
    """Tracks ``temporal_reference``, the display position within its GOP of an MPEG-1 or MPEG-2 picture.

    A position skipped before a reference picture is either one of its B-frames or an earlier reference
    picture. Only the latter affects other pictures. It is assumed to be a B-frame where all reference
    pictures of the stream so far have had that many B-frames, or where an earlier one of its B-frames did
    arrive. The last reference picture of a group is not missed if its B-frames are lost with it: nothing
    reliable states the group's length.
    """

    def __init__(self) -> None:
        self._last: int | None = None
        self._before_last: int | None = None
        self._since_last = 0
        self._between: range | None = None
        """The display positions between the last two reference pictures, if both belong to the same group."""
        self._filled: set[int] = set()
        self._b_counts: set[int] = set()
        """The B-frame counts seen per reference picture, where none was missing."""

    def missing_before(self, packet: memoryview) -> int | None:
        """See `GapFinder`."""
        self._since_last += 1
        head = bytes(packet[:_HEADERS_BYTES])
        place = head.find(_PICTURE)
        if place < 0 or place + 6 > len(head):
            return None
        order = head[place + 4] << 2 | head[place + 5] >> 6
        kind = head[place + 5] >> 3 & 7
        if kind == _B:
            self._filled.add(order)
            return None if self._lies_between(order) else 0
        return self._follow(order, begins=kind != _P or _GROUP in head[:place])

    def missing_at_end(self) -> int | None:
        """See `GapFinder`."""
        return self._since_last + 1 if self._lacks_reference() else None

    def _lies_between(self, order: int) -> bool:
        """Whether a B-frame lies between the last two reference pictures, if these are known."""
        is_early = self._last is None or _ahead(order, self._last) <= 0
        return is_early and (self._before_last is None or _ahead(order, self._before_last) >= 0)

    def _follow(self, order: int, *, begins: bool) -> int | None:
        if not begins and order == self._last:
            return None  # The other field of the same picture.
        late = self._since_last if self._lacks_reference() else None
        # The last reference picture of a group often has fewer B-frames than the others.
        if self._between is not None and not begins and self._first_left_out() is None:
            self._b_counts.add(len(self._between))
        # The orders of two groups are not comparable.
        self._before_last = None if begins else self._last
        ahead = 0 if self._before_last is None else _ahead(order, self._before_last)
        self._between = None if self._before_last is None else range(order - ahead + 1, order)
        self._last, self._since_last, self._filled = order, 0, set()
        # A group whose first pictures are lost still counts from its own start.
        return 0 if ahead < 0 else late

    def _lacks_reference(self) -> bool:
        """Whether a reference picture is missing directly before the last one."""
        return (
            self._between is not None
            # B-frames arrive in display order, and those of a lost picture come before the others.
            and self._first_left_out() == self._between.start
            and self._b_counts != {len(self._between)}
        )

    def _first_left_out(self) -> int | None:
        return next((place for place in self._between or () if place % _ORDERS not in self._filled), None)


def _ahead(order: int, other: int) -> int:
    """Distance between two pictures in display order; the numbers wrap around."""
    return (order - other + _ORDERS // 2) % _ORDERS - _ORDERS // 2


class NumberGaps:
    """Tracks ``frame_num`` of H.264 reference pictures: a skipped number is a lost picture.

    Containers do not record that a packet was lost, and FFmpeg fills the gap silently.
    """

    def __init__(self, extradata: bytes | None) -> None:
        """Start before the first packet; see `gap_finder_for`."""
        self._length_size = nal_length_size("h264", extradata)
        self._facts: SequenceFacts | None = None
        self._last: int | None = None
        header = extradata or b""
        if self._length_size:
            self._learn(header[8:])
        else:
            for unit in nal_units(memoryview(header), 0):
                if unit[0] & 31 == _PARAMETERS:
                    self._learn(bytes(unit))

    def missing_before(self, packet: memoryview) -> int | None:
        """See `GapFinder`."""
        for unit in nal_units(packet, self._length_size):
            kind = unit[0] & 31
            if kind == _PARAMETERS:
                self._learn(bytes(unit))
            elif kind in _SLICES:
                return 0 if self._is_gap_before(unit, kind) else None
        return None

    def missing_at_end(self) -> int | None:
        """See `GapFinder`: every loss shows at the next packet."""
        return None

    def _learn(self, sequence: bytes) -> None:
        try:
            self._facts = sequence_facts(sequence)
        except NotPlainError:
            self._facts = None

    def _is_gap_before(self, unit: memoryview, kind: int) -> bool:
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


def nal_units(packet: memoryview, length_size: int) -> Iterator[memoryview]:
    """The NAL units of an H.264 packet, up to the limit for finding a slice."""
    return (packet[start:stop] for start, stop in _unit_spans(packet, length_size))


def _frame_num(header: bytes, facts: SequenceFacts) -> int:
    """``frame_num`` of a slice, given without its first byte.

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
    """The packet without its truncated SEI messages; None if it has none.

    They affect no picture, but a decoder in strict mode rejects the whole packet because of them.
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
    """Whether an SEI message declares more bytes than there are."""
    payload, end = message.replace(b"\0\0\3", b"\0\0"), 0
    for _, end in supplemental_messages(payload):  # noqa: B007 - the last one's end
        pass
    # A complete message is followed by the unit's trailing bit.
    return end >= len(payload)
