"""EBML's variable-length numbers and elements are read, and damaged ones refused."""

from __future__ import annotations

import io

import pytest

from framescope.core.media.keyframe_check import NotPlainError
from framescope.core.media.tables.ebml import (
    NUMBER_LENGTHS,
    NUMBER_MASKS,
    EbmlFile,
    elements,
    read_id,
    read_number,
    read_size,
)


def test_lengths_are_told_by_the_leading_zeros() -> None:
    assert [NUMBER_LENGTHS[first] for first in (0x80, 0xFF, 0x40, 0x20, 0x10, 0x01, 0x00)] == [
        1, 1, 2, 3, 4, 8, 0,
    ]  # fmt: skip
    assert NUMBER_MASKS[1] == 0x7F
    assert NUMBER_MASKS[2] == 0x3FFF


def test_numbers_lose_their_marker_and_identifiers_keep_it() -> None:
    assert read_number(b"\x40\x02rest", 0) == (2, 2)
    assert read_number(b"..\x82", 2) == (2, 3)
    assert read_id(b"\x1a\x45\xdf\xa3", 0) == (0x1A45DFA3, 4)


def test_a_size_of_all_ones_is_unknown() -> None:
    assert read_size(b"\xff", 0) == (None, 1)
    assert read_size(b"\x01" + b"\xff" * 7, 0) == (None, 8)
    assert read_size(b"\x40\x7f", 0) == (127, 2)


@pytest.mark.parametrize("data", [b"\x00\x00", b"\x40", b"\x08\x00\x00\x00\x00"])
def test_damaged_identifiers_are_refused(data: bytes) -> None:
    with pytest.raises(NotPlainError):
        read_id(data, 0)


def test_elements_must_fill_their_parent() -> None:
    assert list(elements(b"\xd7\x81\x05\x86\x82ab")) == [(0xD7, b"\5"), (0x86, b"ab")]
    with pytest.raises(NotPlainError):
        list(elements(b"\xd7\x85\x05"))
    with pytest.raises(NotPlainError):
        list(elements(b"\xd7\xff\x05"))


def test_a_file_is_read_in_pieces_forwards_and_backwards() -> None:
    data = bytes(range(256)) * 200
    file = EbmlFile(io.BytesIO(data))
    assert file.size == len(data)
    for position in (0, 100, 40_000, 39_999, 8_192, len(data) - 5):
        window, base = file.look(position)
        assert window[position - base] == data[position]
    assert file.read(1000, 3) == data[1000:1003]
    with pytest.raises(NotPlainError):
        file.read(len(data) - 2, 3)


def test_headers_tell_where_the_payload_is() -> None:
    file = EbmlFile(io.BytesIO(b"\x1a\x45\xdf\xa3\x82ab\xec\xff"))
    assert file.header(0) == (0x1A45DFA3, 2, 5)
    assert file.header(7) == (0xEC, None, 9)
