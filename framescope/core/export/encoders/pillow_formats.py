"""WebP and AVIF, through Pillow, which can write their metadata; lossless AVIF through OpenCV."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, features

from framescope.core.errors import EncodeError
from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.export.encoders.metadata import exif_bytes, icc_profile, xmp_bytes
from framescope.core.opencv import cv2
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.export.encoders.tags import PictureTags
    from framescope.core.export.settings import ExportSettings

_AVIF_SPEED = 8
"""From 0 to 10: at 6, libavif's default, a 1080p picture takes seconds."""
_WEBP_METHOD = 4
_WEBP_LOSSLESS_EFFORT = 40


def missing_codec(image_format: ImageFormat, *, lossless: bool = False) -> str:
    """Why WebP or AVIF cannot be written on this machine; empty if it can."""
    if image_format is ImageFormat.AVIF and lossless:
        return (
            ""
            if cv2.haveImageWriter("a.avif")
            else tr("This build of OpenCV has no encoder for lossless AVIF.")
        )
    name = image_format.value
    return (
        ""
        if features.check(name)
        else tr("This build of Pillow has no {label} encoder.", label=image_format.label)
    )


def pillow_bytes(bgr: NDArray[np.uint8], settings: ExportSettings, tags: PictureTags | None) -> bytes:
    """A WebP or AVIF file.

    Args:
        bgr: (height, width, 3) in B, G, R order.
        settings: Format, quality, chroma, lossless.
        tags: What the file says about itself; None for nothing.

    Raises:
        EncodeError: The format cannot hold this picture, or cannot be written on this machine.
    """
    if settings.image_format is ImageFormat.AVIF and settings.lossless:
        return _lossless_avif(bgr, tags)
    rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    options: dict[str, Any] = {"quality": settings.quality}
    if settings.image_format is ImageFormat.WEBP:
        options |= {"lossless": settings.lossless, "method": _WEBP_METHOD, "exact": True}
        if settings.lossless:
            options["quality"] = _WEBP_LOSSLESS_EFFORT
    else:
        options |= {"subsampling": settings.chroma.label, "speed": _AVIF_SPEED, "max_threads": 1}
    if tags is not None:
        options |= {"exif": exif_bytes(tags), "xmp": xmp_bytes(tags), "icc_profile": icc_profile(tags)}
    buffer = io.BytesIO()
    try:
        Image.fromarray(np.asarray(rgb)).save(buffer, settings.image_format.value, **options)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise EncodeError(
            tr("The picture could not be encoded as {label}.", label=settings.image_format.label)
        ) from error
    return buffer.getvalue()


def _lossless_avif(bgr: NDArray[np.uint8], tags: PictureTags | None) -> bytes:
    # Pillow's AVIF is YUV at any quality; OpenCV's at quality 100 is RGB, and lossless.
    missing = missing_codec(ImageFormat.AVIF, lossless=True)
    if missing:
        raise EncodeError(missing, hint=tr("Choose WebP."))
    parameters = [cv2.IMWRITE_AVIF_QUALITY, 100]
    if tags is None or not hasattr(cv2, "imencodeWithMetadata"):
        succeeded, data = cv2.imencode(".avif", bgr, parameters)
    else:
        kinds = [cv2.IMAGE_METADATA_EXIF, cv2.IMAGE_METADATA_XMP]
        content = [np.frombuffer(one, np.uint8) for one in (exif_bytes(tags), xmp_bytes(tags))]
        succeeded, data = cv2.imencodeWithMetadata(".avif", bgr, kinds, content, parameters)
    if not succeeded:
        raise EncodeError(tr("The picture could not be encoded as AVIF."))
    return data.tobytes()
