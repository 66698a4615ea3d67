"""The flags of all packets at once are those that are read packet by packet."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.media.keyframe_check import NotPlainError
from framescope.core.media.packet_inspect import inspector_for
from framescope.core.media.tables.matroska_tables import vp8_flags, vp9_flags

EVERY_BYTE = np.arange(256, dtype=np.uint8)
VALID_VP9 = np.array([b for b in range(128, 192) if b & 0x38 != 0x38], np.uint8)


def test_vp8_flags_equal_the_inspector() -> None:
    inspect = inspector_for("vp8", None)
    assert inspect is not None
    flags = vp8_flags(EVERY_BYTE)
    looks = [inspect(memoryview(bytes([first, 0, 0]))) for first in range(256)]
    assert flags.is_hidden.tolist() == [not look.is_shown for look in looks]
    assert flags.picture_type_codes.tolist() == [look.picture_type.value for look in looks]
    assert flags.is_keyframe.tolist() == [first & 1 == 0 for first in range(256)]


def test_vp9_flags_equal_the_inspector() -> None:
    inspect = inspector_for("vp9", None)
    assert inspect is not None
    flags = vp9_flags(VALID_VP9, lambda _: 0)
    looks = [inspect(memoryview(bytes([first, 0, 0]))) for first in VALID_VP9.tolist()]
    assert flags.is_hidden.tolist() == [not look.is_shown for look in looks]
    assert flags.picture_type_codes.tolist() == [look.picture_type.value for look in looks]


def test_a_vp9_superframe_is_shown() -> None:
    asked: list[int] = []

    def last_byte(number: int) -> int:
        asked.append(number)
        return 0xC9

    # A shown inter picture, and a hidden one at the head of a superframe.
    flags = vp9_flags(np.array([0x86, 0x84], np.uint8), last_byte)
    assert asked == [1]
    assert not flags.is_hidden.any()
    assert not flags.is_keyframe.any()


def test_reserved_vp9_profiles_are_refused() -> None:
    with pytest.raises(NotPlainError):
        vp9_flags(np.array([0xB8], np.uint8), lambda _: 0)
