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
"""Baseline and extended sequential frames: the picture is coded from top to bottom."""
_MOST_SEGMENT = 65_533
_BLOCK = 8
_FEWEST_ROWS, _TOP_SHARE = 64, 16
"""`check_top_of_jpeg` decodes a sixteenth of the rows, but at least this many."""
_MOST_PIXELS_OF_PILLOW = 80_000_000
"""Pillow warns about larger pictures; OpenCV decodes them, and only their size is verified."""
_LUMA_DC, _CHROMA_DC = 16, 17
"""The first numbers of the tables of ITU-T T.81, annex K.1, which libjpeg scales with the quality."""
# JFIF's colour matrix (ITU-T T.871, 7): rows Y, Cb, Cr; columns B, G, R and the offset.
_TO_YCC = np.array(
    [[0.114, 0.587, 0.299, 0], [0.5, -0.331264, -0.168736, 128], [-0.081312, -0.418688, 0.5, 128]], np.float32
)
_ROUNDING = 3.0
"""Levels that rounding may add: in the means, the encoder's colours and samples, and the decoder's."""


def tagged_jpeg(data: bytes, tags: PictureTags) -> bytes:
    """A JPEG file with Exif, XMP and an ICC profile inserted after its first segment."""
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
            # After length, name and version (JFIF 1.02): dots per inch, horizontal and vertical.
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
    """Verify that a baseline JPEG is complete, and that its top rows hold the top of the picture.

    Decoding spends nearly all its time on the Huffman codes, which are sequential, so the decoder gets a file
    that ends after some rows. A small picture is verified completely, as by `check_jpeg`.

    Returns:
        The kind of verification.

    Raises:
        VerificationError: It cannot be decoded, has a different size, or a block exceeds the error bound.
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
    """The offset in a baseline file of its height, followed by its width; two bytes each.

    Raises:
        VerificationError: Its segments are not contiguous up to the end of the picture.
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
    """Whether exactly one scan's data follows, up to the end of the file."""
    codes = np.frombuffer(data, np.uint8, offset=start)
    # In entropy-coded data a zero follows each 255. Restart markers are never requested.
    marks = np.flatnonzero(codes == _MARK)
    return data.endswith(_EOI) and not codes[marks[:-1] + 1].any()


def check_jpeg(data: bytes, bgr: NDArray[np.uint8], quality: int) -> None:
    """Verify block by block that a JPEG holds the picture.

    The file is decoded completely by a different build of libjpeg than the one that wrote it, at an eighth of
    its size: each pixel is then the mean of an 8 × 8 block, whose error the quantiser bounds. Every mean of
    luma, and every mean of chroma over 16 × 16 (a 4:2:0 block), must stay within that bound. Detail inside
    the blocks is not verified.

    Raises:
        VerificationError: It cannot be decoded, has a different size, or a block exceeds the error bound.
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
    # In steps: OpenCV is several times as fast at halving pictures as at reducing them by eight.
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
    """(rows, columns, 3): Y, Cb, Cr of each block, including partial ones at the edges."""
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
