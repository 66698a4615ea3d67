"""Tells where a new H.264 decoder may take over, because damage leaves something behind in the old one.

Where a block of an H.264 stream coded without CABAC breaks off, FFmpeg's decoder keeps the coefficients read
so far, even if it is flushed, and adds them to a later picture, which may be a keyframe. None of its other
common decoders does so. Sources: ITU-T H.264, 7.3.2.2 (picture parameter set) and 7.4.1.2.4 (IDR picture).
"""

from __future__ import annotations

from framescope.core.media.damage.frame_gaps import nal_units
from framescope.core.media.keyframe_check import BitReader, NotPlainError
from framescope.core.media.packet_inspect import nal_length_size

_SLICES, _IDR, _SEQUENCE, _PICTURE = (1, 2, 5), 5, 7, 8
_HEADER_BYTES = 24
"""Bytes read of a parameter set; its numbers come before that."""


def fresh_starts_for(codec: str, extradata: bytes | None) -> FreshStarts | None:
    """What follows the packets of a stream; None if its decoder keeps nothing of damage.

    Args:
        codec: FFmpeg's name of the codec.
        extradata: The stream's out-of-band header.
    """
    return FreshStarts(extradata) if codec == "h264" else None


class FreshStarts:
    """Follows the packets of an H.264 stream."""

    def __init__(self, extradata: bytes | None) -> None:
        """Start before any packet; see `fresh_starts_for`."""
        self._length_size = nal_length_size("h264", extradata)
        self._given: set[tuple[int, int]] = set()
        self._uses_cabac: set[bool] = set()
        header = memoryview(extradata or b"")
        for unit in _sets_of(header) if self._length_size else nal_units(header, 0):
            self._set_number(unit)

    @property
    def delimiter(self) -> bytes:
        """A packet without a picture: only an access unit delimiter (7.3.2.4)."""
        unit = b"\x09\xf0"
        return (len(unit).to_bytes(self._length_size, "big") if self._length_size else b"\0\0\1") + unit

    @property
    def lingers(self) -> bool:
        """Whether damage may linger in the decoder: pictures may be coded without CABAC."""
        return self._uses_cabac != {True}

    def is_at(self, packet: memoryview) -> bool:
        """Whether a new decoder shows this packet and those after it as one that was fed those before.

        So it is at an IDR picture, unless it relies on a parameter set that only an earlier packet carried.
        """
        here: set[tuple[int, int]] = set()
        begins = False
        for unit in nal_units(packet, self._length_size):
            kind = unit[0] & 31
            if kind in _SLICES:
                # A picture may be cut into packets; the first begins with its first macroblock.
                begins = kind == _IDR and len(unit) > 1 and bool(unit[1] & 0x80)
                break
            number = self._set_number(unit)
            if number is not None:
                here.add((kind, number))
        self._given |= here
        return begins and self._given == here

    def _set_number(self, unit: memoryview) -> int | None:
        """The number of a parameter set; None for another unit. Takes note of the entropy coding."""
        kind = unit[0] & 31
        if kind not in (_SEQUENCE, _PICTURE):
            return None
        # Before the number, a sequence header has the profile and the level.
        reader = BitReader(bytes(unit[4 if kind == _SEQUENCE else 1 : _HEADER_BYTES]))
        try:
            number = reader.exp_golomb()
            if kind == _PICTURE:
                reader.exp_golomb()
                self._uses_cabac.add(bool(reader.bits(1)))
        except NotPlainError:
            return None
        return number


def _sets_of(header: memoryview) -> list[memoryview]:
    """The parameter sets in an avcC header (ISO/IEC 14496-15, 5.3.3.1)."""
    found: list[memoryview] = []
    place = 5
    for mask in (31, 255):
        if place >= len(header):
            break
        count, place = header[place] & mask, place + 1
        for _ in range(count):
            size = int.from_bytes(header[place : place + 2], "big")
            if size and place + 2 < len(header):
                found.append(header[place + 2 : place + 2 + size])
            place += 2 + size
    return found
