"""From a decoded frame to the pixels that are encoded: colour, rotation, crop, size."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.export.geometry import ResizeMethod
from framescope.core.export.notes import is_deep
from framescope.core.media.pixel_formats import pixel_format_facts
from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.export.geometry import Resize
    from framescope.core.export.settings import ExportSettings
    from framescope.core.model.frame import Frame

    Pixels = NDArray[np.uint8] | NDArray[np.uint16]
    """(height, width, 3) in B, G, R order."""

_METHODS = {
    ResizeMethod.NEAREST: cv2.INTER_NEAREST,
    ResizeMethod.LINEAR: cv2.INTER_LINEAR,
    ResizeMethod.CUBIC: cv2.INTER_CUBIC,
    ResizeMethod.AREA: cv2.INTER_AREA,
    ResizeMethod.LANCZOS: cv2.INTER_LANCZOS4,
}


def picture_pixels(frame: Frame, settings: ExportSettings) -> Pixels:
    """The pixels that a file with these settings is to hold. Threads: any.

    Returns:
        (height, width, 3) in B, G, R order, uint8 or uint16, in one block.

    Raises:
        SettingsError: The crop reaches beyond the picture.
    """
    pixels = _colours(frame, settings)
    if settings.crop is not None:
        crop = settings.crop
        crop.check_inside(pixels.shape[1], pixels.shape[0])
        pixels = pixels[crop.y : crop.y + crop.height, crop.x : crop.x + crop.width]
    if settings.resize is not None:
        pixels = _resized(pixels, settings.resize)
    return cast("Pixels", np.ascontiguousarray(pixels))


def _colours(frame: Frame, settings: ExportSettings) -> Pixels:
    picture = frame.picture
    deep = is_deep(pixel_format_facts(picture.pixel_format).bit_depth, settings)
    maps = settings.tone_map and picture.is_hdr
    if deep or maps:
        return picture.to_bgr_exact(deep=deep, tone_map=maps, rotate=settings.rotate)
    return picture.to_bgr(rotate=settings.rotate)


def _resized(pixels: Pixels, resize: Resize) -> Pixels:
    height, width = pixels.shape[:2]
    size = resize.size_of(width, height)
    if size == (width, height):
        return pixels
    shrinks = size[0] <= width and size[1] <= height
    automatic = ResizeMethod.AREA if shrinks else ResizeMethod.CUBIC
    method = automatic if resize.method is ResizeMethod.AUTO else resize.method
    return cast("Pixels", cv2.resize(pixels, size, interpolation=_METHODS[method]))
