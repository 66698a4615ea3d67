"""JPEG files: metadata, which OpenCV's encoder omits, and a cheap check that covers every block."""

from __future__ import annotations

import contextlib
import io
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from framescope.core.errors import VerificationError
from framescope.core.export.encoders.formats import Proof
from framescope.core.export.encoders.metadata import density, exif_bytes, icc_profile, xmp_bytes
from framescope.core.opencv import cv2
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.export.encoders.tags import PictureTags

_MARK = 0xFF
_SOI, _EOI, _SOS = b"\xff\xd8", b"\xff\xd9", b"\xff\xda"
_APP0, _APP1, _APP2 = b"\xff\xe0", b"\xff\xe1", b"\xff\xe2"
_BASELINE = (b"\xff\xc0", b"\xff\xc1")
"""Baseline and extended sequential frames: the picture comes from the top down."""
_MOST_SEGMENT = 65_533
_BLOCK = 8
_FEWEST_ROWS, _TOP_SHARE = 64, 16
"""What `check_top_of_jpeg` decodes: a sixteenth of the rows, and no fewer than these."""
_MOST_PIXELS_OF_PILLOW = 80_000_000
"""Pillow warns of larger pictures; they are read whole, by OpenCV, and have their size proven only."""
_LUMA_DC, _CHROMA_DC = 16, 17
"""The first numbers of the tables of ITU-T T.81, annex K.1, which libjpeg scales by the quality."""
# JFIF's colours (ITU-T T.871, 7): rows Y, Cb, Cr; columns B, G, R and what is added.
_TO_YCC = np.array(
    [[0.114, 0.587, 0.299, 0], [0.5, -0.331264, -0.168736, 128], [-0.081312, -0.418688, 0.5, 128]], np.float32
)
_ROUNDING = 3.0
"""Levels that rounding may add: of the means, of the encoder's colours and samples, of the decoder's."""


def tagged_jpeg(data: bytes, tags: PictureTags) -> bytes:
    """A JPEG file with Exif, XMP and a colour profile put in behind its first segment."""
    segments = [
        (_APP1, b"Exif\0\0" + exif_bytes(tags)),
        (_APP1, b"http://ns.adobe.com/xap/1.0/\0" + xmp_bytes(tags)),
    ]
    profile = icc_profile(tags)
    if profile:
        segments.append((_APP2, b"ICC_PROFILE\0\x01\x01" + profile))
    at = len(_SOI)
    if data[at : at + 2] == _APP0:
        if tags.pixel_aspect != 1:
            # Behind length, name and version (JFIF 1.02): dots an inch, across and down.
            shape = struct.pack(">BHH", 1, *density(tags.pixel_aspect))
            data = data[: at + 11] + shape + data[at + 11 + len(shape) :]
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    packed = [
        mark + struct.pack(">H", len(content) + 2) + content
        for mark, content in segments
        if len(content) <= _MOST_SEGMENT
    ]
    return b"".join([data[:at], *packed, data[at:]])


def check_top_of_jpeg(data: bytes, bgr: NDArray[np.uint8], quality: int) -> Proof:
    """Prove that a JPEG is whole, and that its top holds the top of the picture; for baseline files.

    Nearly all the time that decoding takes goes into undoing the Huffman codes, one after the other; so the
    decoder is given a file that ends after some rows. A small picture is proven in full, as by `check_jpeg`.

    Returns:
        What was proven.

    Raises:
        VerificationError: It cannot be read, has another size, or a block lies outside the bound.
    """
    height = bgr.shape[0]
    rows = max(_FEWEST_ROWS, height // _TOP_SHARE // _BLOCK // 2 * _BLOCK * 2)
    if rows >= height:
        check_jpeg(data, bgr, quality)
        return Proof.BLOCKS
    at = _frame_header(data)
    size = struct.unpack_from(">HH", data, at)
    if size != bgr.shape[:2]:
        raise VerificationError(tr("The encoded picture does not have the size of the frame."))
    check_jpeg(b"".join([data[:at], struct.pack(">H", rows), data[at + 2 :]]), bgr[:rows], quality)
    return Proof.TOP


def _frame_header(data: bytes) -> int:
    """Where a baseline file has its height and, behind that, its width; two bytes each.

    Raises:
        VerificationError: Its segments do not follow each other up to the end of the picture.
    """
    at, found = len(_SOI), -1
    with contextlib.suppress(struct.error):
        while data[:2] == _SOI:
            mark, length = struct.unpack_from(">2sH", data, at)
            if mark in _BASELINE:
                found = at + 5
            at += 2 + length
            if mark == _SOS and found > 0 and _is_one_scan(data, at):
                return found
            if mark == _SOS or mark[:1] != _SOI[:1]:
                break
    raise VerificationError(tr("The encoded picture could not be decoded again."))


def _is_one_scan(data: bytes, start: int) -> bool:
    """Whether nothing but one scan's codes follow, up to the end of the file and no further."""
    codes = np.frombuffer(data, np.uint8, offset=start)
    # Codes have a zero behind each 255. Restart markers are never asked for.
    marks = np.flatnonzero((codes[:-1] == _MARK) & (codes[1:] != 0))
    return data.endswith(_EOI) and len(marks) == 1 and marks[0] == len(codes) - len(_EOI)


def check_jpeg(data: bytes, bgr: NDArray[np.uint8], quality: int) -> None:
    """Prove that a JPEG holds the picture, block by block.

    The file is read to its end by another build of libjpeg than wrote it, at an eighth of its size: each
    pixel then is the mean of a block of 8 × 8, whose error the quantiser bounds. Every mean of brightness,
    and every mean of colour over 16 × 16 (a block of 4:2:0), has to keep that bound. What is not proven is
    detail inside the blocks.

    Raises:
        VerificationError: It cannot be read, has another size, or a block lies outside the bound.
    """
    height, width = bgr.shape[:2]
    if width * height > _MOST_PIXELS_OF_PILLOW:
        _check_readable(data, width, height)
        return
    blocks = _block_means(data, width, height)
    rows, columns = height // _BLOCK, width // _BLOCK
    if not rows or not columns:
        return
    means: NDArray[Any] = bgr[: rows * _BLOCK, : columns * _BLOCK]
    # Step by step: OpenCV halves pictures several times as fast as it reduces them by eight.
    for factor in (4, 2, 1):
        means = cv2.resize(means, (columns * factor, rows * factor), interpolation=cv2.INTER_AREA)
    errors = blocks[:rows, :columns] - cv2.transform(means.astype(np.float32), _TO_YCC)
    is_near = np.abs(errors[..., 0]).max() <= _step(_LUMA_DC, quality) / 16 + _ROUNDING
    rows, columns = rows // 2, columns // 2
    if rows and columns:
        colours = cv2.resize(
            errors[: rows * 2, : columns * 2, 1:], (columns, rows), interpolation=cv2.INTER_AREA
        )
        is_near = is_near and np.abs(colours).max() <= _step(_CHROMA_DC, quality) / 16 + _ROUNDING
    if not is_near:
        raise VerificationError(tr("The encoded picture differs from the frame by more than JPEG's error."))


def _block_means(data: bytes, width: int, height: int) -> NDArray[np.float32]:
    """(rows, columns, 3): Y, Cb, Cr of each block, the cut ones at the edges included."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            size = image.size
            image.draft("YCbCr", (max(width // _BLOCK, 1), max(height // _BLOCK, 1)))
            blocks = np.asarray(image, np.float32)
    except (OSError, ValueError, SyntaxError) as error:
        raise VerificationError(tr("The encoded picture could not be decoded again.")) from error
    if size != (width, height):
        raise VerificationError(tr("The encoded picture does not have the size of the frame."))
    return blocks


def _check_readable(data: bytes, width: int, height: int) -> None:
    try:
        grey = cv2.imdecode(
            np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
        )
    except (cv2.error, MemoryError) as error:
        raise VerificationError(tr("The encoded picture could not be decoded again.")) from error
    if grey is None or grey.shape[:2] != (height, width):
        raise VerificationError(tr("The encoded picture does not have the size of the frame."))


def _step(number: int, quality: int) -> int:
    # libjpeg's jpeg_quality_scaling and jpeg_add_quant_table, for baseline files.
    scale = 5000 // max(quality, 1) if quality < 50 else 200 - 2 * quality
    return min(max((number * scale + 50) // 100, 1), 255)
