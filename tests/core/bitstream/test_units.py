"""Packets are split where their bytes say, and no bytes make the splitter fail."""

from __future__ import annotations

import random

import pytest

from framescope.core.bitstream.units import MOST_UNITS, UnitSplitter, has_units, leb128

_CODECS = ("h264", "hevc", "vvc", "av1", "vp8", "vp9", "mpeg1video", "mpeg2video", "mpeg4")
_AVC_HEADER = bytes.fromhex("01640015ffe1000467640015010003 68ee3c")
"""avcC: lengths of 4 bytes, an SPS of 4 bytes and a PPS of 3."""


def _parts(splitter: UnitSplitter, packet: bytes) -> list[tuple[str, bytes]]:
    units = splitter.split(packet).units
    return [(unit.name, packet[unit.offset : unit.offset + unit.size]) for unit in units]


def test_nal_units_between_start_codes() -> None:
    packet = b"\x00\x00\x00\x01\x67abc\x00\x00\x01\x68d\x00\x00\x00\x01\x65efg\x00\x00"
    assert _parts(UnitSplitter("h264", b""), packet) == [
        ("SPS", b"\x67abc"),
        ("PPS", b"\x68d"),
        ("IDR slice", b"\x65efg"),
    ]


def test_nal_units_after_lengths() -> None:
    splitter = UnitSplitter("h264", _AVC_HEADER)
    assert splitter.length_bytes == 4
    assert [(unit.name, unit.size) for unit in splitter.header_split.units] == [("SPS", 4), ("PPS", 3)]
    packet = b"\x00\x00\x00\x02\x06x\x00\x00\x00\x00\x00\x00\x00\x03\x41yz"
    assert _parts(splitter, packet) == [("SEI", b"\x06x"), ("non-IDR slice", b"\x41yz")]


def test_a_length_beyond_the_packet_is_damage() -> None:
    split = UnitSplitter("h264", _AVC_HEADER).split(b"\x00\x00\x00\x02\x06x\x00\x00\x00\x09\x41")
    assert [unit.name for unit in split.units] == ["SEI"]
    assert not split.is_whole


def test_obus_with_and_without_a_size() -> None:
    packet = b"\x12\x00" + b"\x0a\x03abc" + b"\x30rest"
    assert _parts(UnitSplitter("av1", b""), packet) == [
        ("OBU_TEMPORAL_DELIMITER", b"\x12\x00"),
        ("OBU_SEQUENCE_HEADER", b"\x0a\x03abc"),
        ("OBU_FRAME", b"\x30rest"),
    ]


def test_a_number_of_av1() -> None:
    assert leb128(bytes([0xE5, 0x8E, 0x26]), 0) == (624485, 3)
    assert leb128(b"\xff" * 20, 3)[1] == 8
    assert leb128(b"\xff", 0) == (127, 2)


def test_the_frames_of_a_superframe() -> None:
    hidden, shown = b"\x82hidden", b"\x86shown!!"
    marker = bytes([0xC0 | 1])
    packet = hidden + shown + marker + bytes([len(hidden), len(shown)]) + marker
    assert [part for _, part in _parts(UnitSplitter("vp9", b""), packet)] == [hidden, shown]
    assert [part for _, part in _parts(UnitSplitter("vp9", b""), shown)] == [shown]


def test_start_code_units_keep_their_start_codes() -> None:
    packet = b"\x00\x00\x01\xb3seq\x00\x00\x01\xb5\x14ext\x00\x00\x01\x00pic\x00\x00\x01\x02slice"
    assert _parts(UnitSplitter("mpeg2video", b""), packet) == [
        ("sequence header", b"\x00\x00\x01\xb3seq"),
        ("sequence extension", b"\x00\x00\x01\xb5\x14ext"),
        ("picture header", b"\x00\x00\x01\x00pic"),
        ("slice", b"\x00\x00\x01\x02slice"),
    ]


@pytest.mark.parametrize("codec", _CODECS)
def test_any_bytes_can_be_split(codec: str) -> None:
    assert has_units(codec)
    chance = random.Random(7)
    pieces = (b"\x00\x00\x01", b"\x00\x00\x00\x01", b"\x01", b"\xff\xff", b"\x81", b"\xc1")
    for _ in range(300):
        noise = [chance.randbytes(chance.randrange(1, 40)) for _ in range(chance.randrange(5))]
        header = chance.choice(pieces) + b"".join(noise)
        splitter = UnitSplitter(codec, header if chance.random() < 0.7 else b"")
        packet = b"".join(part for piece in noise for part in (chance.choice(pieces), piece))
        for data, split in ((packet, splitter.split(packet)), (header, splitter.header_split)):
            stops = [unit.offset + unit.size for unit in split.units]
            assert all(unit.size > 0 and unit.offset >= 0 for unit in split.units)
            assert all(stop <= len(data) for stop in stops)
            assert stops == sorted(stops)


def test_units_are_limited() -> None:
    split = UnitSplitter("h264", b"").split(b"\x00\x00\x01\x09" * (MOST_UNITS + 5))
    assert len(split.units) == MOST_UNITS
    assert not split.is_whole
