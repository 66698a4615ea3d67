"""From pixels to the bytes of a picture file, in memory, and the proof that they hold the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import EncodeError, VerificationError
from framescope.core.export.settings import ImageFormat
from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.export.settings import ExportSettings

_MOST_JPEG_PIXELS = 65_500
"""libjpeg's limit for a side of the picture."""

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


def encode_picture(bgr: NDArray[np.uint8], settings: ExportSettings) -> bytes:
    """The bytes of a picture file.

    Args:
        bgr: (height, width, 3) uint8 in B, G, R order.
        settings: Format, quality and compression.

    Raises:
        EncodeError: The format cannot hold this picture, or there is not enough memory.
    """
    height, width = bgr.shape[:2]
    if settings.image_format is ImageFormat.JPEG and max(width, height) > _MOST_JPEG_PIXELS:
        raise EncodeError(
            f"JPEG holds pictures up to {_MOST_JPEG_PIXELS} pixels a side; this one has {width} × {height}.",
            hint="Choose PNG.",
        )
    try:
        succeeded, data = cv2.imencode(settings.image_format.extension, bgr, _parameters(settings))
    except (cv2.error, MemoryError) as error:
        raise EncodeError(f"The picture could not be encoded as {settings.image_format.label}.") from error
    if not succeeded:
        raise EncodeError(f"The picture could not be encoded as {settings.image_format.label}.")
    return data.tobytes()


def check_encoded(data: bytes, bgr: NDArray[np.uint8], image_format: ImageFormat) -> None:
    """Prove that ``data`` holds the picture ``bgr``: PNG pixel by pixel, JPEG by its size.

    Raises:
        VerificationError: It does not.
    """
    # JPEG in grey: every coefficient is still read to the end, at half the cost of making colours of them.
    flags = cv2.IMREAD_COLOR if image_format.is_lossless else cv2.IMREAD_GRAYSCALE
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
    except (cv2.error, MemoryError) as error:
        raise VerificationError("The encoded picture could not be decoded again.") from error
    if decoded is None or decoded.shape[:2] != bgr.shape[:2]:
        raise VerificationError("The encoded picture does not have the size of the frame.")
    if image_format.is_lossless and not np.array_equal(decoded, bgr):
        raise VerificationError("The encoded picture does not have the pixels of the frame.")


def _parameters(settings: ExportSettings) -> list[int]:
    if settings.image_format is ImageFormat.JPEG:
        return [cv2.IMWRITE_JPEG_QUALITY, settings.quality]
    level, strategy, row_filter = _PNG_RECIPES[settings.compression]
    parameters = [cv2.IMWRITE_PNG_COMPRESSION, level, cv2.IMWRITE_PNG_STRATEGY, strategy]
    if hasattr(cv2, row_filter):
        parameters += [cv2.IMWRITE_PNG_FILTER, getattr(cv2, row_filter)]
    return parameters
