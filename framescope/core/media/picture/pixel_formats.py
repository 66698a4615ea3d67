"""Pixel formats: FFmpeg's description in words, and the formats that pack a pixel into one word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import av

from framescope.core.translation import tr

_SUBSAMPLING = {
    (0, 0): "4:4:4",
    (1, 0): "4:2:2",
    (1, 1): "4:2:0",
    (0, 1): "4:4:0",
    (2, 0): "4:1:1",
    (2, 1): "4:2:1",
    (2, 2): "4:1:0",
}
WORD_FIELDS = {
    "rgb565": (2, {"R": (11, 5), "G": (5, 6), "B": (0, 5)}),
    "bgr565": (2, {"B": (11, 5), "G": (5, 6), "R": (0, 5)}),
    "rgb555": (2, {"R": (10, 5), "G": (5, 5), "B": (0, 5)}),
    "bgr555": (2, {"B": (10, 5), "G": (5, 5), "R": (0, 5)}),
    "rgb444": (2, {"R": (8, 4), "G": (4, 4), "B": (0, 4)}),
    "bgr444": (2, {"B": (8, 4), "G": (4, 4), "R": (0, 4)}),
    "rgb8": (1, {"R": (5, 3), "G": (2, 3), "B": (0, 2)}),
    "bgr8": (1, {"B": (6, 2), "G": (3, 3), "R": (0, 3)}),
    "rgb4_byte": (1, {"R": (3, 1), "G": (1, 2), "B": (0, 1)}),
    "bgr4_byte": (1, {"B": (3, 1), "G": (1, 2), "R": (0, 1)}),
    "rgb4": (1, {"R": (3, 1), "G": (1, 2), "B": (0, 1)}),
    "bgr4": (1, {"B": (3, 1), "G": (1, 2), "R": (0, 1)}),
    "x2rgb10": (4, {"R": (20, 10), "G": (10, 10), "B": (0, 10)}),
    "x2bgr10": (4, {"B": (20, 10), "G": (10, 10), "R": (0, 10)}),
    "xv30": (4, {"Cr": (20, 10), "Y": (10, 10), "Cb": (0, 10)}),
    "v30x": (4, {"Cr": (22, 10), "Y": (12, 10), "Cb": (2, 10)}),
    "monow": (1, {"Y": (0, 1)}),
    "monob": (1, {"Y": (0, 1)}),
}
"""Formats that pack all components of a pixel into one word: its bytes, and (lowest bit, bits) of each."""

# A power of two that every subsampling divides, so that plane sizes give the shifts.
_PROBE_SIZE = 64


@dataclass(frozen=True, slots=True)
class PixelFormatFacts:
    """One pixel format.

    Attributes:
        bit_depth: Bits of the deepest component; 0 where the format is unknown.
        chroma: ``4:2:0`` and so on, ``RGB``, ``grey``, ``palette``, ``Bayer``, or ``unknown``.
        has_alpha: Whether it has an alpha channel.
        is_rgb: Whether it needs no YUV matrix.
        words: A description for display, such as ``YUV 4:2:0, 10 bit, little endian``.
    """

    bit_depth: int
    chroma: str
    has_alpha: bool
    is_rgb: bool
    words: str


_UNKNOWN = PixelFormatFacts(0, "unknown", has_alpha=False, is_rgb=False, words=tr("not known"))


@lru_cache(maxsize=256)
def pixel_format_facts(name: str) -> PixelFormatFacts:
    """The facts behind a pixel format's name."""
    try:
        described = av.VideoFormat(name, _PROBE_SIZE, _PROBE_SIZE)
    except ValueError:
        return _UNKNOWN
    components = described.components
    if not components:
        return PixelFormatFacts(
            0, "unknown", has_alpha=False, is_rgb=False, words=tr("{name} (in the decoder)", name=name)
        )
    has_alpha = any(part.is_alpha for part in components)
    bits = [part.bits for part in components]
    if described.is_bayer:
        # One sample per pixel, whose bits FFmpeg divides among the colours.
        bits = [sum(bits)]
    depth = max(bits)
    kind, chroma = _kind_and_chroma(described)
    parts = [
        f"{kind}{' with alpha' if has_alpha else ''}",
        _depth_words(name, bits),
    ]
    if name.startswith("yuvj"):
        parts.append(tr("full range"))
    if depth > 8:
        parts.append(tr("big endian") if described.is_big_endian else tr("little endian"))
    return PixelFormatFacts(
        bit_depth=depth,
        chroma=chroma,
        has_alpha=has_alpha,
        is_rgb=chroma in ("RGB", "palette", "Bayer") or name.startswith("xyz"),
        words=", ".join(parts),
    )


def layout_name(pixel_format: str) -> str:
    """The name of a pixel format without its byte order, often the only difference between two."""
    return re.sub(r"[bl]e$", "", pixel_format)


def _kind_and_chroma(described: av.VideoFormat) -> tuple[str, str]:
    colours = [part for part in described.components if not part.is_alpha]
    if described.is_bayer:
        return tr("Bayer pattern"), "Bayer"
    if described.has_palette:
        return tr("palette of RGB colours"), "palette"
    if described.name.startswith("xyz"):
        return tr("CIE XYZ"), "4:4:4"
    if described.is_rgb:
        return "RGB", "RGB"
    if len(colours) < 3:
        return (tr("black and white") if colours[0].bits == 1 else "grey"), "grey"
    shift_x = (_PROBE_SIZE // described.chroma_width(_PROBE_SIZE)).bit_length() - 1
    shift_y = (_PROBE_SIZE // described.chroma_height(_PROBE_SIZE)).bit_length() - 1
    chroma = _SUBSAMPLING.get((shift_x, shift_y), f"{1 << shift_x}×{1 << shift_y} subsampled")
    return tr("YUV {chroma}", chroma=chroma), chroma


def _depth_words(name: str, bits: list[int]) -> str:
    if "f16" in name or "f32" in name:
        return tr("{bits} bit floating point", bits=max(bits))
    if len(set(bits)) == 1:
        return f"{bits[0]} bit"
    return f"{'+'.join(str(count) for count in bits)} bit"
