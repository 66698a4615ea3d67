"""What the stream says of its keyframes is read as FFmpeg's parser reads it."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from framescope.core.errors import Cancelled
from framescope.core.media.keyframe_check import (
    BitReader,
    NotPlainError,
    av1_rule,
    flags_hold,
    h264_rule,
    h264_rule_by_start_codes,
    hevc_rule,
    hevc_rule_by_start_codes,
    left_to_a_scan,
    refuse,
)
from framescope.core.media.tables.packet_table import PacketTable

# Baseline profile: sps_id 0, log2_max_frame_num 4, order type 0 with 4 bits, max_num_ref_frames, no gaps,
# width and height of one macroblock, frame_mbs_only.
ONE_REFERENCE = bytes([0x67, 66, 0, 30, 0b1_1_1_1_010_0, 0b1_1_1_00000])
FOUR_REFERENCES = bytes([0x67, 66, 0, 30, 0b1_1_1_1_0010, 0b1_0_1_1_1_000])
# High profile: sps_id 0, chroma 4:2:0 (1), 8 bits twice, no bypass, no scaling lists, then as above.
HIGH_ONE_REFERENCE = bytes([0x67, 100, 0, 30, 0b1_010_1_1_0_0, 0b1_1_1_010_0_1, 0b1_1_000000])
INTERLACED = bytes([0x67, 66, 0, 30, 0b1_1_1_1_0010, 0b1_0_1_1_0_000])

IDR = bytes([0x65, 0b1_0001000, 0x80])
INTRA = bytes([0x41, 0b1_0001000, 0x80])
PREDICTED = bytes([0x41, 0b1_00110_00, 0x80])
RECOVERY = bytes([0x06, 0x05, 0x01, 0xAA, 0x06, 0x01, 0x80, 0x80])
DELIMITER = bytes([0x09, 0xF0])


def _configuration(sequence: bytes) -> bytes:
    return bytes([1, 66, 0, 30, 0xFF, 0xE1]) + struct.pack(">H", len(sequence)) + sequence


def _confirms(packets: list[tuple[list[bytes], bool]], sequence: bytes) -> bool:
    blobs = [b"".join(struct.pack(">I", len(nal)) + nal for nal in nals) for nals, _ in packets]
    sizes = np.array([len(blob) for blob in blobs], np.int32)
    ticks = np.arange(len(blobs), dtype=np.int64)
    flags = np.zeros(len(blobs), np.bool_)
    table = PacketTable(
        pts=ticks,
        dts=ticks.copy(),
        sizes=sizes,
        positions=(np.cumsum(sizes) - sizes).astype(np.int64),
        is_keyframe=np.array([is_key for _, is_key in packets], np.bool_),
        is_discard=flags,
        is_corrupt=flags.copy(),
        picture_type_codes=np.zeros(len(blobs), np.uint8),
    )
    data = b"".join(blobs)

    def read(position: int, size: int) -> bytes:
        return data[position : position + size]

    return flags_hold(h264_rule(_configuration(sequence)), read, table)


@pytest.mark.parametrize(
    ("packets", "expected"),
    [
        ([([IDR], True), ([PREDICTED], False)], True),
        ([([DELIMITER, IDR], True), ([DELIMITER, INTRA], False)], True),
        ([([IDR], True), ([RECOVERY, INTRA], True)], True),
        ([([IDR], True), ([RECOVERY, PREDICTED], True)], False),
        ([([IDR], True), ([RECOVERY, INTRA], False)], False),
        ([([IDR], True), ([INTRA], True)], False),
        ([([IDR], False)], False),
        ([([DELIMITER], True)], False),
    ],
)
def test_idr_and_recovery_points_are_keyframes(
    packets: list[tuple[list[bytes], bool]], *, expected: bool
) -> None:
    assert _confirms(packets, FOUR_REFERENCES) is expected


@pytest.mark.parametrize("is_key", [True, False])
def test_intra_pictures_are_in_doubt_where_one_reference_is_kept(*, is_key: bool) -> None:
    packets = [([IDR], True), ([INTRA], is_key)]
    assert not _confirms(packets, ONE_REFERENCE)
    assert not _confirms(packets, HIGH_ONE_REFERENCE)
    assert _confirms(packets[:1], ONE_REFERENCE)


def test_units_may_begin_with_start_codes() -> None:
    first = b"".join(b"\0\0\0\1" + unit for unit in (DELIMITER, FOUR_REFERENCES, IDR))
    rule = h264_rule_by_start_codes(first)
    assert rule(first) is True
    assert rule(b"\0\0\1" + DELIMITER + b"\0\0\1" + PREDICTED) is False
    assert rule(b"\0\0\1" + RECOVERY + b"\0\0\1" + INTRA) is True
    assert rule(b"\0\0\1" + RECOVERY + b"\0\0\1" + PREDICTED) is None
    assert rule(b"no unit") is None
    hevc = hevc_rule_by_start_codes(b"")
    assert hevc(b"\0\0\1" + bytes([35 << 1, 1]) + b"\0\0\1" + bytes([19 << 1, 1, 0])) is True


@pytest.mark.parametrize("units", [[IDR], [INTERLACED, IDR]])
def test_streams_without_header_or_of_fields_are_refused(units: list[bytes]) -> None:
    with pytest.raises(NotPlainError):
        h264_rule_by_start_codes(b"".join(b"\0\0\1" + unit for unit in units))


def test_what_is_no_configuration_is_refused() -> None:
    for data in (b"", b"\0" * 20, b"\1\2"):
        with pytest.raises(NotPlainError):
            h264_rule(data)


def test_numbers_are_read_bit_by_bit() -> None:
    reader = BitReader(bytes([0b1_010_011_0, 0b0100_101_0]))
    assert [reader.exp_golomb() for _ in range(4)] == [0, 1, 2, 3]
    assert reader.bits(2) == 0b10
    with pytest.raises(NotPlainError):
        reader.bits(8)


def test_all_keyframes_and_the_largest_others_are_looked_up() -> None:
    count = 5000
    ticks = np.arange(count, dtype=np.int64)
    flags = np.zeros(count, np.bool_)
    table = PacketTable(
        pts=ticks,
        dts=ticks.copy(),
        sizes=ticks.astype(np.int32),
        positions=ticks.copy(),
        is_keyframe=ticks % 100 == 0,
        is_discard=flags,
        is_corrupt=flags.copy(),
        picture_type_codes=np.zeros(count, np.uint8),
    )
    numbers: list[int] = []

    def read(position: int, _: int) -> bytes:
        numbers.append(position)
        return b"k" if position % 100 == 0 else b"p"

    assert not flags_hold(lambda _: None, read, table)
    assert numbers == [0]
    numbers.clear()
    assert flags_hold(lambda head: head == b"k", read, table)
    assert set(range(0, count, 100)) <= set(numbers)
    assert {4999, 4998, 4950} <= set(numbers)
    assert len(numbers) < 200


@pytest.mark.parametrize(("kind", "expected"), [(1, False), (9, False), (16, True), (19, True), (21, True)])
def test_hevc_keyframes_are_those_that_decoding_can_start_at(kind: int, *, expected: bool) -> None:
    rule = hevc_rule(bytes([1]) + bytes(20) + bytes([3, 0]))
    parameters, picture = bytes([32 << 1, 1]), bytes([kind << 1, 1, 0])
    units = b"".join(struct.pack(">I", len(unit)) + unit for unit in (parameters, picture))
    assert rule(units) is expected
    assert rule(units[:6]) is None
    with pytest.raises(NotPlainError):
        hevc_rule(bytes(23))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        # Temporal delimiter, then a frame: shows_existing (1 bit), type (2 bits), is_shown (1 bit).
        (b"\x12\x00\x32\x01\x10", True),
        (b"\x12\x00\x32\x01\x30", False),
        (b"\x12\x00\x32\x01\x20\x32\x01\x30", False),
        (b"\x12\x00\x1a\x01\x80", False),
        (b"\x12\x00\x30\x10", True),
        (b"\x12\x00", None),
    ],
)
def test_av1_keyframes_are_new_key_frames_that_are_shown(head: bytes, *, expected: bool | None) -> None:
    assert av1_rule(head) is expected


@pytest.mark.parametrize("doubts", [[], ["odd"]])
def test_a_table_is_given_up_only_if_the_condition_holds(doubts: list[str]) -> None:
    if doubts:
        with pytest.raises(NotPlainError, match="something"):
            refuse(bool(doubts), "something")
    else:
        refuse(bool(doubts), "nothing")


@pytest.mark.parametrize(
    "error", [NotPlainError, IndexError, OverflowError, MemoryError, RecursionError, OSError]
)
def test_whatever_a_parser_stumbles_over_is_left_to_a_scan(error: type[Exception]) -> None:
    @left_to_a_scan
    def read() -> PacketTable:
        raise error

    assert read() is None


def test_a_cancelled_parser_is_cancelled() -> None:
    @left_to_a_scan
    def read() -> PacketTable:
        raise Cancelled

    with pytest.raises(Cancelled):
        read()
