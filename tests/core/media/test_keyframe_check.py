"""What the stream says of its keyframes is read as FFmpeg's parser reads it."""

from __future__ import annotations

import mmap
import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.media.keyframe_check import (
    BitReader,
    H264Check,
    NotPlainError,
    packets_to_look_up,
    refuse,
)
from framescope.core.media.packet_table import PacketTable

if TYPE_CHECKING:
    from pathlib import Path

# Baseline profile: sps_id 0, log2_max_frame_num 4, order type 0 with 4 bits, then max_num_ref_frames.
ONE_REFERENCE = bytes([0x67, 66, 0, 30, 0b1_1_1_1_010_0, 0])
FOUR_REFERENCES = bytes([0x67, 66, 0, 30, 0b1_1_1_1_0010, 0b1_0000000])
# High profile: sps_id 0, chroma 4:2:0 (1), 8 bits twice, no bypass, no scaling lists, then as above.
HIGH_ONE_REFERENCE = bytes([0x67, 100, 0, 30, 0b1_010_1_1_0_0, 0b1_1_1_010_00])

IDR = bytes([0x65, 0b1_0001000, 0x80])
INTRA = bytes([0x41, 0b1_0001000, 0x80])
PREDICTED = bytes([0x41, 0b1_00110_00, 0x80])
RECOVERY = bytes([0x06, 0x05, 0x01, 0xAA, 0x06, 0x01, 0x80, 0x80])
DELIMITER = bytes([0x09, 0xF0])


def _configuration(sequence: bytes) -> bytes:
    return bytes([1, 66, 0, 30, 0xFF, 0xE1]) + struct.pack(">H", len(sequence)) + sequence


def _confirms(tmp_path: Path, packets: list[tuple[list[bytes], bool]], sequence: bytes) -> bool:
    blobs = [b"".join(struct.pack(">I", len(nal)) + nal for nal in nals) for nals, _ in packets]
    path = tmp_path / "packets"
    path.write_bytes(b"".join(blobs))
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
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return H264Check(_configuration(sequence)).confirms(data, table)


@pytest.mark.parametrize(
    ("packets", "expected"),
    [
        ([([IDR], True), ([PREDICTED], False)], True),
        ([([DELIMITER, IDR], True), ([DELIMITER, INTRA], False)], True),
        ([([IDR], True), ([RECOVERY, PREDICTED], True)], True),
        ([([IDR], True), ([RECOVERY, INTRA], False)], False),
        ([([IDR], True), ([INTRA], True)], False),
        ([([IDR], False)], False),
        ([([DELIMITER], True)], False),
    ],
)
def test_idr_and_recovery_points_are_keyframes(
    tmp_path: Path, packets: list[tuple[list[bytes], bool]], *, expected: bool
) -> None:
    assert _confirms(tmp_path, packets, FOUR_REFERENCES) is expected


@pytest.mark.parametrize("is_key", [True, False])
def test_intra_pictures_are_in_doubt_where_one_reference_is_kept(tmp_path: Path, *, is_key: bool) -> None:
    packets = [([IDR], True), ([INTRA], is_key)]
    assert not _confirms(tmp_path, packets, ONE_REFERENCE)
    assert not _confirms(tmp_path, packets, HIGH_ONE_REFERENCE)
    assert _confirms(tmp_path, packets[:1], ONE_REFERENCE)


def test_what_is_no_configuration_is_refused() -> None:
    for data in (b"", b"\0" * 20, b"\1\2"):
        with pytest.raises(NotPlainError):
            H264Check(data)


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
    numbers = packets_to_look_up(table)
    assert set(range(0, count, 100)) <= set(numbers)
    assert {4999, 4998, 4950} <= set(numbers)
    assert len(numbers) < 200


@pytest.mark.parametrize("doubts", [[], ["odd"]])
def test_a_table_is_given_up_only_if_the_condition_holds(doubts: list[str]) -> None:
    if doubts:
        with pytest.raises(NotPlainError, match="something"):
            refuse(bool(doubts), "something")
    else:
        refuse(bool(doubts), "nothing")
