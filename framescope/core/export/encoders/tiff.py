"""Writes TIFF files with 8 or 16 bits per component and their tags (TIFF 6.0 and its technical note 2)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.errors import EncodeError
from framescope.core.export.encoders.deflate import deflated
from framescope.core.export.encoders.formats import TiffCompression
from framescope.core.export.encoders.ifd import HEADER, Rational, Short, directory
from framescope.core.export.encoders.metadata import (
    DESCRIPTION,
    SOFTWARE,
    density,
    description,
    icc_profile,
    xmp_bytes,
)
from framescope.core.opencv import cv2
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from framescope.core.export.encoders.ifd import Value
    from framescope.core.export.encoders.pixels import Pixels
    from framescope.core.export.encoders.tags import PictureTags

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_OFFSETS, _SAMPLES, _ROWS, _COUNTS, _PLANAR, _PREDICTOR, _SAMPLE_FORMAT = 273, 277, 278, 279, 284, 317, 339
_ACROSS, _DOWN, _UNIT, _INCH = 282, 283, 296, 2
_XMP, ICC = 700, 34675
_RGB, _CONTIGUOUS, _HORIZONTAL, _UNSIGNED = 2, 1, 2, 1
_SCHEMES = {TiffCompression.NONE: 1, TiffCompression.LZW: 5, TiffCompression.DEFLATE: 8}
_MOST_BYTES = (1 << 32) - (1 << 24)
_NOTHING: Mapping[int, Value] = {}


def tiff_bytes(
    pixels: Pixels,
    compression: TiffCompression,
    level: int,
    tags: PictureTags | None = None,
    *,
    more: Mapping[int, Value] = _NOTHING,
) -> bytes:
    """A little-endian RGB TIFF file of one picture.

    Args:
        pixels: (height, width, 3) uint8 or uint16 in B, G, R order.
        compression: How strips are compressed.
        level: DEFLATE level, 0 to 9.
        tags: What the file says about its frame; None for nothing.
        more: Other entries of its directory, by tag.

    Raises:
        EncodeError: The picture is too large for a TIFF.
    """
    height, width = pixels.shape[:2]
    if pixels.nbytes > _MOST_BYTES:
        raise EncodeError(tr("TIFF holds pictures up to 4 GB."), hint=tr("Choose PNG."))
    strips, rows, predictor = _strips(pixels, compression, level)
    entries: dict[int, Value] = {
        _WIDTH: width,
        _HEIGHT: height,
        _BITS: (Short(pixels.dtype.itemsize * 8),) * 3,
        _COMPRESSION: Short(_SCHEMES[compression]),
        _PHOTOMETRIC: Short(_RGB),
        _SAMPLES: Short(3),
        _ROWS: rows,
        _COUNTS: tuple(map(len, strips)),
        _PLANAR: Short(_CONTIGUOUS),
        _SAMPLE_FORMAT: (Short(_UNSIGNED),) * 3,
    }
    if predictor == _HORIZONTAL:
        entries[_PREDICTOR] = Short(predictor)
    if tags is not None:
        entries |= {DESCRIPTION: description(tags), SOFTWARE: tags.software, _XMP: xmp_bytes(tags)}
        if tags.pixel_aspect != 1:
            across, down = density(tags.pixel_aspect)
            entries |= {_ACROSS: Rational(across), _DOWN: Rational(down), _UNIT: Short(_INCH)}
        profile = icc_profile(tags)
        if profile:
            entries[ICC] = profile
    entries |= more
    # The size of the directory does not depend on the offsets filled in.
    at = len(HEADER) + len(directory({**entries, _OFFSETS: (0,) * len(strips)}, len(HEADER)))
    offsets = []
    for strip in strips:
        offsets.append(at)
        at += len(strip)
    return b"".join([HEADER, directory({**entries, _OFFSETS: tuple(offsets)}, len(HEADER)), *strips])


def _strips(pixels: Pixels, compression: TiffCompression, level: int) -> tuple[list[bytes], int, int]:
    """(strips, rows of a strip, predictor)."""
    if compression is TiffCompression.LZW:
        return _lzw_strips(pixels)
    rgb = cast("Pixels", cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))
    rgb = cast("Pixels", rgb.astype(rgb.dtype.newbyteorder("<"), copy=False))
    if compression is TiffCompression.NONE:
        return [rgb.tobytes()], pixels.shape[0], 1
    # Each component minus the one to its left, in the component's own width.
    differences = np.empty_like(rgb)
    differences[:, 0] = rgb[:, 0]
    np.subtract(rgb[:, 1:], rgb[:, :-1], out=differences[:, 1:])
    return [deflated(_as_bytes(differences), level)], pixels.shape[0], _HORIZONTAL


def _as_bytes(array: Pixels) -> NDArray[np.uint8]:
    return array.reshape(-1).view(np.uint8)


def _lzw_strips(pixels: Pixels) -> tuple[list[bytes], int, int]:
    # LZW is left to libtiff, through OpenCV; only its directory is replaced.
    parameters = [cv2.IMWRITE_TIFF_COMPRESSION, _SCHEMES[TiffCompression.LZW]]
    succeeded, data = cv2.imencode(".tif", pixels, parameters)
    if not succeeded:
        raise EncodeError(tr("The picture could not be encoded as TIFF."))
    whole = data.tobytes()
    entries = _read_directory(whole)
    places, counts = entries[_OFFSETS], entries[_COUNTS]
    strips = [whole[at : at + count] for at, count in zip(places, counts, strict=True)]
    return strips, entries[_ROWS][0], entries.get(_PREDICTOR, [1])[0]


def _entry_places(data: bytes) -> list[tuple[int, int]]:
    """(tag, offset of its entry) for each entry of the first directory."""
    (at,) = struct.unpack_from("<I", data, 4)
    (length,) = struct.unpack_from("<H", data, at)
    return [
        (struct.unpack_from("<H", data, place)[0], place) for place in range(at + 2, at + 2 + 12 * length, 12)
    ]


def _read_directory(data: bytes) -> dict[int, list[int]]:
    """The integers in a little-endian TIFF's first directory, by tag."""
    entries = {}
    for tag, place in _entry_places(data):
        kind, count = struct.unpack_from("<HI", data, place + 2)
        letter = {3: "H", 4: "I"}.get(kind)
        if letter is None:
            continue
        start = place + 8
        if struct.calcsize(f"<{count}{letter}") > 4:
            (start,) = struct.unpack_from("<I", data, start)
        entries[tag] = list(struct.unpack_from(f"<{count}{letter}", data, start))
    return entries
