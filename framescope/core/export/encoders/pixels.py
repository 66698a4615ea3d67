"""Converts a decoded frame to the pixels to encode: colour, rotation, crop, size."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import numpy as np
from PIL import Image

from framescope.core.export.geometry import PAD_LEVEL, ResizeMethod
from framescope.core.export.notes import is_deep
from framescope.core.media.picture.geometry import rotated_pixel_aspect
from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.export.geometry import Resize
    from framescope.core.export.settings import ExportSettings
    from framescope.core.model.frame import Frame

    Pixels = NDArray[np.uint8] | NDArray[np.uint16]
    """(height, width, 3) in B, G, R order."""

# OpenCV's other methods sample only a few pixels however much a picture shrinks, which causes aliasing.
_BY_OPENCV = {ResizeMethod.NEAREST: cv2.INTER_NEAREST, ResizeMethod.AREA: cv2.INTER_AREA}
_BY_PILLOW = {
    ResizeMethod.LINEAR: Image.Resampling.BILINEAR,
    ResizeMethod.CUBIC: Image.Resampling.BICUBIC,
    ResizeMethod.LANCZOS: Image.Resampling.LANCZOS,
}


_SQUARE = Fraction(1)


def picture_pixels(frame: Frame, settings: ExportSettings, pixel_aspect: Fraction = _SQUARE) -> Pixels:
    """The pixels to save with these settings. Threads: any.

    Args:
        frame: The frame.
        settings: Crop, size, depth and rotation.
        pixel_aspect: Pixel width over height of the source, as stored.

    Returns:
        (height, width, 3) in B, G, R order, uint8 or uint16, contiguous.

    Raises:
        SettingsError: The crop reaches beyond the picture.
    """
    pixels = _colours(frame, settings)
    if settings.crop is not None:
        crop = settings.crop
        crop.check_inside(pixels.shape[1], pixels.shape[0])
        pixels = pixels[crop.y : crop.y + crop.height, crop.x : crop.x + crop.width]
    if settings.resize is not None:
        rotation = frame.picture.rotation if settings.rotate else 0
        pixels = resized(pixels, settings.resize, rotated_pixel_aspect(pixel_aspect, rotation))
    return cast("Pixels", np.ascontiguousarray(pixels))


def _colours(frame: Frame, settings: ExportSettings) -> Pixels:
    picture = frame.picture
    deep = is_deep(pixel_format_facts(picture.pixel_format).bit_depth, settings)
    maps = settings.tone_map and picture.is_hdr
    if deep or maps:
        return picture.to_bgr_exact(deep=deep, tone_map=maps, rotate=settings.rotate)
    return picture.to_bgr(rotate=settings.rotate)


def resized(pixels: Pixels, resize: Resize, pixel_aspect: Fraction) -> Pixels:
    """The picture in another size: (height, width, 3), in any channel order. Threads: any."""
    height, width = pixels.shape[:2]
    left, top, *inner = resize.inner_of(width, height, pixel_aspect)
    scaled = _scaled(pixels, (inner[0], inner[1]), resize.method)
    size = resize.size_of(width, height, pixel_aspect)
    if not resize.letterbox or size == (inner[0], inner[1]):
        return scaled
    depth = np.iinfo(pixels.dtype).max // 255
    whole = np.full((size[1], size[0], 3), PAD_LEVEL * depth, pixels.dtype)
    whole[top : top + inner[1], left : left + inner[0]] = scaled
    return cast("Pixels", whole)


def _scaled(pixels: Pixels, size: tuple[int, int], wanted: ResizeMethod) -> Pixels:
    height, width = pixels.shape[:2]
    if size == (width, height):
        return pixels
    shrinks = size[0] <= width and size[1] <= height
    automatic = ResizeMethod.AREA if shrinks else ResizeMethod.CUBIC
    method = automatic if wanted is ResizeMethod.AUTO else wanted
    if method in _BY_OPENCV:
        return cast("Pixels", cv2.resize(pixels, size, interpolation=_BY_OPENCV[method]))
    if pixels.dtype == np.uint8:
        return np.asarray(Image.fromarray(pixels).resize(size, _BY_PILLOW[method]))
    # Pillow has no 16-bit RGB: each channel is resized separately, as float.
    planes = [
        np.asarray(Image.fromarray(plane.astype(np.float32)).resize(size, _BY_PILLOW[method]))
        for plane in cv2.split(pixels)
    ]
    return cast("Pixels", cv2.merge([np.rint(plane).clip(0, 65535).astype(np.uint16) for plane in planes]))
