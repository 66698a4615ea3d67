"""Describes FFmpeg's pixel formats."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import av

_SUBSAMPLING = {
    (0, 0): "4:4:4",
    (1, 0): "4:2:2",
    (1, 1): "4:2:0",
    (0, 1): "4:4:0",
    (2, 0): "4:1:1",
    (2, 1): "4:2:1",
    (2, 2): "4:1:0",
}
# A power of two that every subsampling divides, so that the sizes tell the shifts.
_PROBE_SIZE = 64


@dataclass(frozen=True, slots=True)
class PixelFormatFacts:
    """One pixel format.

    Attributes:
        bit_depth: Bits of the deepest component; 0 where the format is unknown.
        chroma: ``4:2:0`` and so on, ``RGB``, ``grey``, ``palette``, ``Bayer``, or ``unknown``.
        has_alpha: Whether it carries transparency.
        is_rgb: Whether it needs no YUV matrix.
        words: All of it for display, such as ``YUV 4:2:0, 10 bit, little endian``.
    """

    bit_depth: int
    chroma: str
    has_alpha: bool
    is_rgb: bool
    words: str


_UNKNOWN = PixelFormatFacts(0, "unknown", has_alpha=False, is_rgb=False, words="not known")


@lru_cache(maxsize=256)
def pixel_format_facts(name: str) -> PixelFormatFacts:
    """Everything a pixel format's name stands for."""
    try:
        described = av.VideoFormat(name, _PROBE_SIZE, _PROBE_SIZE)
    except ValueError:
        return _UNKNOWN
    components = described.components
    if not components:
        return PixelFormatFacts(0, "unknown", has_alpha=False, is_rgb=False, words=f"{name} (in the decoder)")
    has_alpha = any(part.is_alpha for part in components)
    bits = [part.bits for part in components]
    if described.is_bayer:
        # One sample a pixel, whose bits FFmpeg shares out among the colours.
        bits = [sum(bits)]
    depth = max(bits)
    kind, chroma = _kind_and_chroma(described)
    parts = [
        f"{kind}{' with alpha' if has_alpha else ''}",
        _depth_words(name, bits),
    ]
    if name.startswith("yuvj"):
        parts.append("full range")
    if depth > 8:
        parts.append("big endian" if described.is_big_endian else "little endian")
    return PixelFormatFacts(
        bit_depth=depth,
        chroma=chroma,
        has_alpha=has_alpha,
        is_rgb=chroma in ("RGB", "palette", "Bayer") or name.startswith("xyz"),
        words=", ".join(parts),
    )


def _kind_and_chroma(described: av.VideoFormat) -> tuple[str, str]:
    colours = [part for part in described.components if not part.is_alpha]
    if described.is_bayer:
        return "Bayer pattern", "Bayer"
    if described.has_palette:
        return "palette of RGB colours", "palette"
    if described.name.startswith("xyz"):
        return "CIE XYZ", "4:4:4"
    if described.is_rgb:
        return "RGB", "RGB"
    if len(colours) < 3:
        return ("black and white" if colours[0].bits == 1 else "grey"), "grey"
    shift_x = (_PROBE_SIZE // described.chroma_width(_PROBE_SIZE)).bit_length() - 1
    shift_y = (_PROBE_SIZE // described.chroma_height(_PROBE_SIZE)).bit_length() - 1
    chroma = _SUBSAMPLING.get((shift_x, shift_y), f"{1 << shift_x}×{1 << shift_y} subsampled")
    return f"YUV {chroma}", chroma


def _depth_words(name: str, bits: list[int]) -> str:
    if "f16" in name or "f32" in name:
        return f"{max(bits)} bit floating point"
    if len(set(bits)) == 1:
        return f"{bits[0]} bit"
    return f"{'+'.join(str(count) for count in bits)} bit"
