"""Texts about formats, qualities and similarity, shared by the dialogs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from framescope.core.export.encoders.formats import BitDepth, ImageFormat
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.export.settings import ExportSettings

# Each text applies from its value upwards.
_JPEG_WORDS = (
    (97, tr("Practically indistinguishable from the original; large files.")),
    (90, tr("Hard to distinguish from the original.")),
    (75, tr("Good for viewing; fine texture is softened.")),
    (50, tr("Ringing at edges and first blocking artefacts.")),
    (25, tr("Visible blocking artefacts; small files.")),
    (0, tr("Coarse blocks and colours; for rough previews only.")),
)
_PNG_WORDS = (
    (9, tr("Smallest files, but slow: several times as slow as 6 for a few per cent.")),
    (6, tr("Small files; several times as slow as 2.")),
    (3, tr("Somewhat smaller than 2; slower.")),
    (1, tr("Fast, with good compression for its speed.")),
    (0, tr("Uncompressed: about 3 bytes per pixel.")),
)


FORMAT_WORDS = {
    ImageFormat.JPEG: tr("JPEG, small"),
    ImageFormat.PNG: tr("PNG, lossless"),
    ImageFormat.WEBP: tr("WebP, smaller than JPEG"),
    ImageFormat.AVIF: tr("AVIF, smallest, slow"),
    ImageFormat.TIFF: tr("TIFF, lossless, 16 bits"),
    ImageFormat.NPY: tr("NumPy array, .npy"),
    ImageFormat.NPZ: tr("NumPy array, compressed, .npz"),
    ImageFormat.PLANES: tr("Planes as decoded, .npz"),
}
"""The display names of the formats."""


def decibel_words(decibels: float) -> str:
    """``41.2 dB``; rounded down, so that the value shown is really reached."""
    if math.isinf(decibels):
        return "∞ dB"
    return "–" if math.isnan(decibels) else f"{math.floor(decibels * 100) / 100:.2f} dB"


def ssim_words(ssim: float) -> str:
    """``0.9812``; rounded down, so that only equal pictures show 1.0000."""
    return "–" if math.isnan(ssim) else f"{math.floor(ssim * 10_000) / 10_000:.4f}"


def format_words(settings: ExportSettings) -> str:
    """The format in a few words: ``JPEG 95 · 4:2:0``, ``PNG · 16 bits``, ``WebP lossless``."""
    image_format = settings.image_format
    name = FORMAT_WORDS[image_format].split(",")[0]
    parts = [name]
    if image_format.has_quality:
        parts[0] = (
            tr("{format} lossless", format=name) if settings.is_lossless else f"{name} {settings.quality}"
        )
    if image_format.has_chroma and not settings.is_lossless:
        parts.append(settings.chroma.label)
    if settings.bit_depth is BitDepth.SIXTEEN and image_format.holds_16_bit:
        parts.append(tr("16 bits"))
    if settings.crop is not None:
        parts.append(tr("cropped"))
    if settings.resize is not None:
        parts.append(tr("resized"))
    return " · ".join(parts)


def cost_words(image_format: ImageFormat, level: int) -> str:
    """A description of a quality (JPEG) or compression (PNG); empty for formats whose preview shows it."""
    if image_format not in {ImageFormat.JPEG, ImageFormat.PNG}:
        return ""
    sentences = _JPEG_WORDS if image_format is ImageFormat.JPEG else _PNG_WORDS
    return next(sentence for start, sentence in sentences if level >= start)
