"""Boxes are found without reading what is between them, and damaged ones are refused."""

from __future__ import annotations

import io
import struct

import pytest

from framescope.core.media.keyframe_check import NotPlainError
from framescope.core.media.tables.mp4_boxes import find_movie, only_box, optional_box, read_boxes, table_rows


def _box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(payload), kind) + payload


def _find(data: bytes) -> bytes:
    return find_movie(io.BytesIO(data), len(data))


def test_the_header_is_found_before_and_after_the_data() -> None:
    header, data = _box(b"moov", b"abcd"), _box(b"mdat", b"x" * 100)
    assert _find(header + data) == b"abcd"
    assert _find(data + header) == b"abcd"


def test_sizes_of_64_bits_and_to_the_end_are_understood() -> None:
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + 10) + b"x" * 10
    assert _find(large + struct.pack(">I4s", 0, b"moov") + b"abcd") == b"abcd"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no video at all, only some text",
        _box(b"moov", b"a") + _box(b"moov", b"a"),
        _box(b"moov", b"a") + _box(b"moof", b"a"),
        _box(b"moov", b"abcd")[:-1],
        struct.pack(">I4s", 1, b"moov"),
    ],
)
def test_no_header_two_headers_fragments_and_cut_ones_are_refused(data: bytes) -> None:
    with pytest.raises(NotPlainError):
        _find(data)


def test_boxes_are_grouped_by_kind() -> None:
    boxes = read_boxes(_box(b"trak", b"1") + _box(b"udta", b"") + _box(b"trak", b"2"))
    assert [bytes(box) for box in boxes[b"trak"]] == [b"1", b"2"]
    assert optional_box(boxes, b"meta") is None
    with pytest.raises(NotPlainError):
        only_box(boxes, b"trak")


def test_a_box_longer_than_its_parent_is_refused() -> None:
    with pytest.raises(NotPlainError):
        read_boxes(struct.pack(">I4s", 100, b"trak") + b"1234")


def test_a_table_that_claims_more_rows_than_it_has_is_refused() -> None:
    rows = struct.pack(">II", 0, 2) + struct.pack(">4I", 1, 2, 3, 4)
    assert table_rows(memoryview(rows), 2).tolist() == [[1, 2], [3, 4]]
    with pytest.raises(NotPlainError):
        table_rows(memoryview(struct.pack(">II", 0, 1 << 31) + b"1234"), 2)
