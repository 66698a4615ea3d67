"""Directories as TIFF 6.0 lays them out, byte by byte."""

from __future__ import annotations

import struct

from framescope.core.export.encoders.ifd import HEADER, Short, directory


def test_entries_are_sorted_and_small_values_stand_in_them() -> None:
    data = directory({300: Short(7), 256: 5}, 8)
    assert data == struct.pack("<HHHIIHHIHHI", 2, 256, 4, 1, 5, 300, 3, 1, 7, 0, 0)


def test_larger_values_stand_behind_at_even_places() -> None:
    data = HEADER + directory({1: "abcd", 2: (Short(1), Short(2), Short(3)), 3: b"12345"}, len(HEADER))
    assert HEADER == b"II*\0\x08\0\0\0"
    for place, kind, count, value in (
        (10, 2, 5, b"abcd\0"),
        (22, 3, 3, b"\1\0\2\0\3\0"),
        (34, 1, 5, b"12345"),
    ):
        _, found_kind, found_count, at = struct.unpack_from("<HHII", data, place)
        assert (found_kind, found_count) == (kind, count)
        assert at % 2 == 0
        assert data[at : at + len(value)] == value


def test_bytes_may_be_of_no_type() -> None:
    data = directory({0x9000: b"0232"}, 0, undefined=frozenset({0x9000}))
    assert struct.unpack_from("<HHI4s", data, 2) == (0x9000, 7, 4, b"0232")
