"""Checks whether a JPEG 2000 packet is complete: FFmpeg shows uninitialised memory if it is not.

Source: ITU-T T.800, annex A (SIZ, SOT and the other marker segments).
"""

from __future__ import annotations

import struct

_START_AND_SIZE = b"\xff\x4f\xff\x51"
_TILE_PART, _END = 0xFF90, 0xFFD9
_MOST_TILES = 65535
_TILE_PART_BYTES = 12
"""Length of the marker segment that starts a tile-part; the start-of-data marker follows it."""


def is_whole_picture(packet: memoryview) -> bool:
    """Whether the codestream is present and holds every tile of the picture with all its declared bytes.

    FFmpeg skips unknown markers and missing tiles without reporting either, and outputs the buffer with
    whatever it held before.
    """
    data = bytes(packet)
    place = data.find(_START_AND_SIZE)
    if place < 0:
        return False
    try:
        return _holds_all_tiles(data, place + 2)
    except (struct.error, ZeroDivisionError):
        return False


def _holds_all_tiles(data: bytes, place: int) -> bool:
    """Whether all tiles follow the SIZ segment at ``place``; raises where the data ends early."""
    width, height, left, top, tile_width, tile_height, tile_left, tile_top = struct.unpack_from(
        ">8I", data, place + 6
    )
    columns = -(-(width - tile_left) // tile_width)
    rows = -(-(height - tile_top) // tile_height)
    if width <= left or height <= top or columns * rows > _MOST_TILES:
        return False
    missing = set(range(columns * rows))
    while missing:
        marker, length = struct.unpack_from(">2H", data, place)
        if marker == _END or length < 2:
            return False
        if marker != _TILE_PART:
            place += 2 + length
            continue
        tile, part_bytes = struct.unpack_from(">HI", data, place + 4)
        # The last one may leave its length undefined.
        end = place + part_bytes if part_bytes else len(data)
        if not place + _TILE_PART_BYTES < end <= len(data):
            return False
        missing.discard(tile)
        place = end
    return True
