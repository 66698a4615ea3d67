"""Encodes pixels to the bytes of a picture file, in memory, and verifies them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.errors import EncodeError, VerificationError
from framescope.core.export.encoders.arrays import (
    RGB_NAME,
    npy_bytes,
    npz_bytes,
    picture_arrays,
    plane_arrays,
    read_npy,
    read_npz,
)
from framescope.core.export.encoders.formats import ChromaSampling, ImageFormat, Proof
from framescope.core.export.encoders.jpeg import check_jpeg, check_top_of_jpeg, tagged_jpeg
from framescope.core.export.encoders.metadata import png_chunks
from framescope.core.export.encoders.pillow_formats import missing_codec, pillow_bytes
from framescope.core.export.encoders.pixels import picture_pixels
from framescope.core.export.encoders.png import check_png, png_bytes
from framescope.core.export.encoders.tags import PictureTags, SourceFacts, tags_for
from framescope.core.export.encoders.tiff import tiff_bytes
from framescope.core.opencv import cv2
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.export.encoders.pixels import Pixels
    from framescope.core.export.settings import ExportSettings
    from framescope.core.model.frame import Frame

_MOST_SIDE = {ImageFormat.JPEG: 65_500, ImageFormat.WEBP: 16_383, ImageFormat.AVIF: 65_535}
"""The formats' limits for the picture's sides."""

_JPEG_SAMPLING = {
    ChromaSampling.FULL: cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ChromaSampling.HALF: cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    ChromaSampling.QUARTER: cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
}
_MOST_MEAN_ERROR = 12.0
"""Tolerated average error of the means of 16 × 16 blocks in WebP and AVIF at the lowest quality, in
levels."""


def encode_frame(frame: Frame, settings: ExportSettings, facts: SourceFacts | None = None) -> bytes:
    """The bytes of the frame's file, fully verified; see `proven_file`. Threads: any."""
    return proven_file(frame, settings, facts)[0]


def proven_file(
    frame: Frame, settings: ExportSettings, facts: SourceFacts | None = None, *, in_full: bool = True
) -> tuple[bytes, Proof]:
    """The bytes of the frame's file, and how they were verified. Threads: any.

    Args:
        frame: The frame.
        settings: The export settings.
        facts: Facts common to the video's frames, for the file's metadata.
        in_full: Whether to decode a JPEG completely. Other formats always are.

    Raises:
        EncodeError: The format cannot hold the picture.
        VerificationError: The encoded file does not decode to the picture.
        SettingsError: The crop reaches beyond the picture.
    """
    known = facts or SourceFacts()
    tags = tags_for(frame, settings, known) if settings.metadata else None
    if settings.image_format is ImageFormat.PLANES:
        arrays = plane_arrays(frame.picture, known, tags)
        data = npz_bytes(arrays, settings.compression)
        stored = read_npz(data)
        if not all(np.array_equal(stored[name], array) for name, array in arrays.items()):
            raise VerificationError(tr("The file does not have the planes of the frame."))
        return data, Proof.PIXELS
    pixels = picture_pixels(frame, settings, known.pixel_aspect)
    data = encode_pixels(pixels, settings, tags)
    return data, check_encoded(data, pixels, settings, in_full=in_full)


def encode_pixels(pixels: Pixels, settings: ExportSettings, tags: PictureTags | None = None) -> bytes:
    """The bytes of a picture file.

    Args:
        pixels: (height, width, 3) uint8 or uint16 in B, G, R order, as returned by `picture_pixels`.
        settings: Format, quality and compression.
        tags: The file's metadata; None for none.

    Raises:
        EncodeError: The format cannot hold this picture, or there is not enough memory. Planes can only be
            written by `encode_frame`.
    """
    image_format = settings.image_format
    _check_size(pixels, image_format)
    try:
        match image_format:
            case ImageFormat.PNG:
                chunks = () if tags is None else png_chunks(tags)
                return png_bytes(pixels, settings.compression, settings.png_strategy, chunks=chunks)
            case ImageFormat.TIFF:
                return tiff_bytes(pixels, settings.tiff_compression, settings.compression, tags)
            case ImageFormat.NPY:
                return npy_bytes(pixels[..., ::-1])
            case ImageFormat.NPZ:
                return npz_bytes(picture_arrays(pixels, tags), settings.compression)
            case ImageFormat.JPEG:
                data = _jpeg_bytes(pixels, settings)
                return data if tags is None else tagged_jpeg(data, tags)
            case ImageFormat.WEBP | ImageFormat.AVIF:
                return pillow_bytes(cast("NDArray[np.uint8]", pixels), settings, tags)
            case ImageFormat.PLANES:
                raise EncodeError(tr("The decoder's planes cannot be encoded as a picture."))
    except (cv2.error, MemoryError) as error:
        raise EncodeError(
            tr("The picture could not be encoded as {label}.", label=image_format.label)
        ) from error


def decode_encoded(data: bytes, settings: ExportSettings) -> Pixels:
    """The picture as decoded from the file.

    Returns:
        (height, width, 3) in B, G, R order, uint8 or uint16, as returned by `picture_pixels`.

    Raises:
        VerificationError: The bytes are not a valid picture.
    """
    image_format = settings.image_format
    if image_format is ImageFormat.NPY:
        return _bgr_of(read_npy(data))
    if image_format in {ImageFormat.NPZ, ImageFormat.PLANES}:
        arrays = read_npz(data)
        if RGB_NAME not in arrays:
            raise VerificationError(tr("The file holds planes, not a picture."))
        return _bgr_of(arrays[RGB_NAME])
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except (cv2.error, MemoryError) as error:
        raise VerificationError(tr("The encoded picture could not be decoded again.")) from error
    if decoded is None:
        raise VerificationError(tr("The encoded picture could not be decoded again."))
    return cast("Pixels", decoded)


def check_encoded(data: bytes, pixels: Pixels, settings: ExportSettings, *, in_full: bool = True) -> Proof:
    """Verify that ``data`` holds the picture.

    Lossless formats must match in every pixel. A JPEG's blocks must stay within its quantiser's error bound
    (`check_jpeg`). WebP and AVIF must match in size and, on average over blocks, in colour.

    Args:
        data: The file.
        pixels: The expected pixels, as passed to `encode_pixels`.
        settings: The settings it was encoded with.
        in_full: Whether to decode a JPEG completely, which takes as long as encoding it.

    Raises:
        VerificationError: It does not.
    """
    if settings.image_format is ImageFormat.PNG:
        check_png(data, pixels)
        return Proof.PIXELS
    if settings.image_format is ImageFormat.JPEG:
        bgr = cast("NDArray[np.uint8]", pixels)
        # In a progressive file, the top of the picture is spread over the whole file.
        if not in_full and not settings.progressive:
            return check_top_of_jpeg(data, bgr, settings.quality)
        check_jpeg(data, bgr, settings.quality)
        return Proof.BLOCKS
    decoded = decode_encoded(data, settings)
    if decoded.shape[:2] != pixels.shape[:2]:
        raise VerificationError(tr("The encoded picture does not have the size of the frame."))
    if settings.is_lossless:
        if decoded.dtype != pixels.dtype or not np.array_equal(decoded, pixels):
            raise VerificationError(tr("The encoded picture does not have the pixels of the frame."))
        return Proof.PIXELS
    if _mean_error(decoded, pixels) > _MOST_MEAN_ERROR:
        raise VerificationError(tr("The encoded picture differs too much from the frame."))
    return Proof.BLOCKS


def can_write(image_format: ImageFormat, *, lossless: bool = False) -> str:
    """Why the format cannot be written on this machine; empty if it can.

    Args:
        image_format: The format.
        lossless: Whether WebP or AVIF must be lossless.
    """
    return missing_codec(image_format, lossless=lossless) if image_format.has_lossless_option else ""


def _jpeg_bytes(pixels: Pixels, settings: ExportSettings) -> bytes:
    parameters = [
        *(cv2.IMWRITE_JPEG_QUALITY, settings.quality),
        *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, _JPEG_SAMPLING[settings.chroma]),
        *(cv2.IMWRITE_JPEG_PROGRESSIVE, int(settings.progressive)),
        *(cv2.IMWRITE_JPEG_OPTIMIZE, int(settings.optimized)),
    ]
    succeeded, data = cv2.imencode(".jpg", pixels, parameters)
    if not succeeded:
        raise EncodeError(tr("The picture could not be encoded as JPEG."))
    return data.tobytes()


def _bgr_of(rgb: NDArray[np.uint8] | NDArray[np.uint16]) -> Pixels:
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype not in (np.uint8, np.uint16):
        raise VerificationError(tr("The file holds no picture."))
    return cast("Pixels", np.ascontiguousarray(rgb[..., ::-1]))


def _mean_error(decoded: Pixels, pixels: Pixels) -> float:
    height, width = pixels.shape[:2]
    size = (max(width // 16, 1), max(height // 16, 1))
    first, second = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (decoded, pixels))
    return float(np.abs(first.astype(np.float32) - second.astype(np.float32)).mean())


def _check_size(pixels: Pixels, image_format: ImageFormat) -> None:
    height, width = pixels.shape[:2]
    most = _MOST_SIDE.get(image_format)
    if most is not None and max(width, height) > most:
        raise EncodeError(
            tr(
                "{label} holds pictures up to {most} pixels a side; this one has {width} × {height}.",
                label=image_format.label,
                most=most,
                width=width,
                height=height,
            ),
            hint=tr("Choose PNG."),
        )
    if not pixels.size:
        raise EncodeError(tr("A picture without pixels cannot be saved."))
