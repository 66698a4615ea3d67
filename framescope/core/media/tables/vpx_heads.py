"""What the first byte of VP8 and VP9 packets tells, for all packets of a stream at once.

The same facts as ``packet_inspect`` reads packet by packet, from RFC 6386 (9.1) and the VP9 bitstream
specification (6.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.keyframe_check import refuse
from framescope.core.model.frame import PictureType

if TYPE_CHECKING:
    from numpy.typing import NDArray

LastByte = Callable[[int], int]
"""Reads the last byte of the packet of that number."""


@dataclass(frozen=True, slots=True, eq=False)
class VpxFlags:
    """Facts by packet.

    Attributes:
        is_keyframe: bool.
        is_hidden: bool, the packet holds nothing but a picture that is never shown.
        picture_type_codes: uint8, values of ``PictureType``.
    """

    is_keyframe: NDArray[np.bool_]
    is_hidden: NDArray[np.bool_]
    picture_type_codes: NDArray[np.uint8]


def vp8_flags(first_bytes: NDArray[np.uint8]) -> VpxFlags:
    """The flags of VP8 packets."""
    is_keyframe = (first_bytes & 1) == 0
    is_hidden = (first_bytes & 0x10) == 0
    is_intra = is_keyframe & ~is_hidden
    codes = np.where(is_intra, np.uint8(PictureType.I), np.uint8(PictureType.P))
    return VpxFlags(is_keyframe, is_hidden, codes)


def vp9_flags(first_bytes: NDArray[np.uint8], last_byte: LastByte) -> VpxFlags:
    """The flags of VP9 packets; the last byte is read only of those that may be hidden.

    Raises:
        NotPlainError: Some packet is of a reserved profile.
    """
    # Two bits of marker, profile low, profile high, [one reserved if both], show_existing, type, show.
    is_profile_3 = (first_bytes & 0x30) == 0x30
    refuse(bool((is_profile_3 & ((first_bytes & 8) != 0)).any()), "a reserved VP9 profile")
    bits = np.where(is_profile_3, first_bytes << 1, first_bytes)
    shows_existing, is_inter, is_shown = (bits & 8) != 0, (bits & 4) != 0, (bits & 2) != 0
    is_hidden = ~shows_existing & ~is_shown & (first_bytes >> 6 == 2)
    for number in np.flatnonzero(is_hidden).tolist():
        # A superframe ends in an index that begins with 110: it holds the shown picture as well.
        is_hidden[number] = last_byte(number) & 0xE0 != 0xC0
    is_keyframe = ~shows_existing & ~is_inter
    known = is_shown | shows_existing | is_hidden
    codes = np.where(known, np.uint8(PictureType.P), np.uint8(PictureType.UNKNOWN))
    codes[is_keyframe & is_shown] = PictureType.I
    return VpxFlags(is_keyframe, is_hidden, codes)
