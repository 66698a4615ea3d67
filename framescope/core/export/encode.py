"""From pixels to the bytes of a picture file, in memory, and the proof that they hold the picture."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.errors import EncodeError, VerificationError
from framescope.core.export.formats import ChromaSampling, ImageFormat
from framescope.core.export.pixels import picture_pixels
from framescope.core.export.tags import PictureTags, SourceFacts, tags_for
from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.export.pixels import Pixels
    from framescope.core.export.settings import ExportSettings
    from framescope.core.model.frame import Frame

_MOST_SIDE = {ImageFormat.JPEG: 65_500, ImageFormat.WEBP: 16_383}
"""The formats' limits for a side of the picture."""

_RLE, _PLAIN = cv2.IMWRITE_PNG_STRATEGY_RLE, cv2.IMWRITE_PNG_STRATEGY_DEFAULT
# (deflate level, strategy, row filter). Left to itself OpenCV tries every filter on every row as soon as a
# level is named, which doubles the time; Paeth alone compresses film as well. Levels 1 and 2 look only for
# runs: the quickest there are, and smaller than OpenCV's default. Older versions choose the filter.
_PNG_RECIPES = {
    0: (0, _PLAIN, "IMWRITE_PNG_FILTER_NONE"),
    1: (1, _RLE, "IMWRITE_PNG_FILTER_UP"),
    2: (1, _RLE, "IMWRITE_PNG_FILTER_PAETH"),
    **{level: (level, _PLAIN, "IMWRITE_PNG_FILTER_PAETH") for level in range(3, 10)},
}
_JPEG_SAMPLING = {
    ChromaSampling.FULL: cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ChromaSampling.HALF: cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    ChromaSampling.QUARTER: cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
}


def encode_frame(frame: Frame, settings: ExportSettings, facts: SourceFacts | None = None) -> bytes:
    """The bytes of the frame's file, proven to hold the picture. Threads: any.

    Args:
        frame: The frame.
        settings: As what.
        facts: What the video's frames have in common; goes into the file's metadata.

    Raises:
        EncodeError: The format cannot hold the picture.
        VerificationError: The encoder did not give back the picture.
        SettingsError: The crop reaches beyond the picture.
    """
    if settings.image_format is ImageFormat.PLANES:
        return _planes_archive(frame, settings)
    pixels = picture_pixels(frame, settings)
    tags = tags_for(frame, settings, facts or SourceFacts()) if settings.metadata else None
    data = encode_pixels(pixels, settings, tags)
    check_encoded(data, pixels, settings)
    return data


def encode_pixels(pixels: Pixels, settings: ExportSettings, tags: PictureTags | None = None) -> bytes:
    """The bytes of a picture file.

    Args:
        pixels: (height, width, 3) uint8 or uint16 in B, G, R order, as `picture_pixels` gives them.
        settings: Format, quality and compression.
        tags: What the file says about itself; None for nothing.

    Raises:
        EncodeError: The format cannot hold this picture, or there is not enough memory.
    """
    del tags
    image_format = settings.image_format
    _check_size(pixels, image_format)
    if image_format in {ImageFormat.NPY, ImageFormat.NPZ}:
        return _array_file(pixels, settings)
    try:
        succeeded, data = cv2.imencode(image_format.extension, pixels, _parameters(settings))
    except (cv2.error, MemoryError) as error:
        raise EncodeError(f"The picture could not be encoded as {image_format.label}.") from error
    if not succeeded:
        raise EncodeError(f"The picture could not be encoded as {image_format.label}.")
    return data.tobytes()


def decode_encoded(data: bytes, settings: ExportSettings) -> Pixels:
    """The picture as a reader of the file sees it.

    Returns:
        (height, width, 3) in B, G, R order, uint8 or uint16, as `picture_pixels` gave it.

    Raises:
        VerificationError: The bytes hold no picture.
    """
    image_format = settings.image_format
    try:
        if image_format is ImageFormat.NPY:
            return cast("Pixels", np.load(io.BytesIO(data), allow_pickle=False)[..., ::-1])
        if image_format is ImageFormat.NPZ:
            with np.load(io.BytesIO(data), allow_pickle=False) as archive:
                return cast("Pixels", archive["rgb"][..., ::-1])
        flags = cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH | cv2.IMREAD_IGNORE_ORIENTATION
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except (cv2.error, MemoryError, ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise VerificationError("The encoded picture could not be decoded again.") from error
    if decoded is None:
        raise VerificationError("The encoded picture could not be decoded again.")
    return cast("Pixels", decoded)


def check_encoded(data: bytes, pixels: Pixels, settings: ExportSettings) -> None:
    """Prove that ``data`` holds the picture: lossless formats pixel by pixel, the others by their size.

    Raises:
        VerificationError: It does not.
    """
    decoded = decode_encoded(data, settings)
    if decoded.shape[:2] != pixels.shape[:2]:
        raise VerificationError("The encoded picture does not have the size of the frame.")
    if settings.is_lossless and not np.array_equal(decoded, pixels):
        raise VerificationError("The encoded picture does not have the pixels of the frame.")


def can_write(image_format: ImageFormat) -> str:
    """Why this machine cannot write the format; empty when it can."""
    if image_format is ImageFormat.AVIF and not cv2.haveImageWriter("a.avif"):
        return "This build of OpenCV has no AVIF encoder."
    return ""


def _check_size(pixels: Pixels, image_format: ImageFormat) -> None:
    height, width = pixels.shape[:2]
    most = _MOST_SIDE.get(image_format)
    if most is not None and max(width, height) > most:
        raise EncodeError(
            f"{image_format.label} holds pictures up to {most} pixels a side; "
            f"this one has {width} × {height}.",
            hint="Choose PNG.",
        )
    if not pixels.size:
        raise EncodeError("A picture without pixels cannot be saved.")


def _array_file(pixels: Pixels, settings: ExportSettings) -> bytes:
    rgb = np.ascontiguousarray(pixels[..., ::-1])
    buffer = io.BytesIO()
    if settings.image_format is ImageFormat.NPY:
        np.save(buffer, rgb, allow_pickle=False)
    elif settings.compression:
        np.savez_compressed(buffer, allow_pickle=False, rgb=rgb)
    else:
        np.savez(buffer, allow_pickle=False, rgb=rgb)
    return buffer.getvalue()


def _planes_archive(frame: Frame, settings: ExportSettings) -> bytes:
    arrays: dict[str, NDArray[np.uint8] | NDArray[np.uint16]] = {
        f"plane_{number}": plane for number, plane in enumerate(frame.planes())
    }
    buffer = io.BytesIO()
    if settings.compression:
        np.savez_compressed(buffer, allow_pickle=False, **arrays)
    else:
        np.savez(buffer, allow_pickle=False, **arrays)
    data = buffer.getvalue()
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        if not all(np.array_equal(archive[name], plane) for name, plane in arrays.items()):
            raise VerificationError("The file does not have the planes of the frame.")
    return data


def _parameters(settings: ExportSettings) -> list[int]:
    match settings.image_format:
        case ImageFormat.JPEG:
            return [
                *(cv2.IMWRITE_JPEG_QUALITY, settings.quality),
                *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, _JPEG_SAMPLING[settings.chroma]),
                *(cv2.IMWRITE_JPEG_PROGRESSIVE, int(settings.progressive)),
                *(cv2.IMWRITE_JPEG_OPTIMIZE, int(settings.optimized)),
            ]
        case ImageFormat.WEBP:
            # Above 100 OpenCV means lossless.
            return [cv2.IMWRITE_WEBP_QUALITY, 101 if settings.lossless else max(settings.quality, 1)]
        case ImageFormat.AVIF:
            return [cv2.IMWRITE_AVIF_QUALITY, 100 if settings.lossless else settings.quality]
        case ImageFormat.PNG:
            level, strategy, row_filter = _PNG_RECIPES[settings.compression]
            parameters = [cv2.IMWRITE_PNG_COMPRESSION, level, cv2.IMWRITE_PNG_STRATEGY, strategy]
            if hasattr(cv2, row_filter):
                parameters += [cv2.IMWRITE_PNG_FILTER, getattr(cv2, row_filter)]
            return parameters
    return []
