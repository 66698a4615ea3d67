"""The location of each component in FFmpeg's buffers, and its samples as numbers.

FFmpeg describes its pixel formats by plane, offset and shift, but PyAV exposes only the plane. What the names
do not spell out is in tables here (libavutil/pixfmt.h).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.media.picture.pixel_formats import WORD_FIELDS, layout_name
from framescope.core.media.picture.planes import plane_rows

if TYPE_CHECKING:
    import av
    from numpy.typing import NDArray

    Words = NDArray[Any]

_NAMES = {"y": "Y", "u": "Cb", "v": "Cr"}

_ORDERS = {
    "yuyv422": "yuyv",
    "uyvy422": "uyvy",
    "yvyu422": "yvyu",
    "y210": "yuyv",
    "y212": "yuyv",
    "y216": "yuyv",
    "uyyvyy411": "uyyvyy",
    "ayuv": "ayuv",
    "ayuv64": "ayuv",
    "uyva": "uyva",
    "vuya": "vuya",
    "vuyx": "vuyx",
    "vyu444": "vyu",
    "xyz12": "XYZ",
    "xv36": "uyvx",
    "xv48": "uyvx",
    "nv21": "vu",
    "nv42": "vu",
}
"""The components in one group of words, of the only plane or of the shared chroma plane; x is padding."""

_PIXELS_IN_A_BYTE = {"rgb4": 2, "bgr4": 2, "monow": 8, "monob": 8}
_AT_THE_TOP = re.compile(r"p[024]1\d|y21\d|xv36|xyz12|.*msb", re.ASCII)
"""Formats whose samples are the most significant bits of their words."""


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """One component of a picture as stored in memory.

    Attributes:
        name: ``Y``, ``Cb``, ``Cr``, ``R``, ``G``, ``B``, ``A``, ``index`` of a palette, or ``Bayer``.
        bits: Bits of a sample.
        words: (rows, columns) of the words that hold the samples, uint8, uint16, uint32 or floating point of
            either byte order; a view where FFmpeg's buffer allows it.
        shift: Position of a sample's lowest bit within its word.
    """

    name: str
    bits: int
    words: Words
    shift: int = 0

    @property
    def most(self) -> float:
        """The full-range maximum of a sample: all bits set, or 1.0 in floating point."""
        return 1.0 if self.words.dtype.kind == "f" else float((1 << self.bits) - 1)

    def samples(self) -> Words:
        """(rows, columns): uint8, uint16, uint32, float16 or float32 in native byte order."""
        return self._numbers(self.words)

    def at(self, row: int, column: int) -> float:
        """One sample, an ``int`` unless it is floating point."""
        number: float = self._numbers(self.words[row : row + 1, column : column + 1])[0, 0].item()
        return number

    def _numbers(self, words: Words) -> Words:
        if words.dtype.kind == "f":
            return words.astype(words.dtype.newbyteorder("="), copy=False)
        most = (1 << self.bits) - 1
        if self.shift or most < np.iinfo(words.dtype).max:
            words = words >> self.shift & most
        return words.astype(f"u{1 if self.bits <= 8 else 2 if self.bits <= 16 else 4}", copy=False)


def components_of(frame: av.VideoFrame) -> tuple[Component, ...]:
    """Every component of a frame; none for hardware formats."""
    described = frame.format
    if not described.components or not frame.planes:
        return ()
    name = layout_name(described.name)
    order = ">" if described.is_big_endian else "<"
    if name in WORD_FIELDS:
        return _fields(frame, name, order)
    whole = sum(part.bits for part in described.components) if described.is_bayer else 0
    bits = whole or max(part.bits for part in described.components)
    kind = "f" if "f16" in name or "f32" in name else "u"
    dtype = np.dtype(f"{order}{kind}{1 if bits <= 8 else 2 if bits <= 16 else 4}")
    shift = dtype.itemsize * 8 - bits if _AT_THE_TOP.match(name) else 0
    found = []
    for number, letters in enumerate(_letters(described.name)):
        plane = frame.planes[number]
        words = plane_rows(plane)[: plane.height]
        words = words[:, : words.shape[1] // dtype.itemsize * dtype.itemsize].view(dtype)
        for letter in dict.fromkeys(letters.replace("x", "")):
            width = described.chroma_width(frame.width) if letter in "uv" else frame.width
            label = {"i": "index", "m": "Bayer"}.get(letter) or _NAMES.get(letter) or letter.upper()
            found.append(Component(label, bits, _picked(words, letters, letter)[:, :width], shift))
    return tuple(found)


@lru_cache(maxsize=64)
def _letters(pixel_format: str) -> tuple[str, ...]:
    """For each plane, the components in a group of its words."""
    import av  # noqa: PLC0415 - imported once, as everywhere

    described = av.VideoFormat(pixel_format, 64, 64)
    name = layout_name(pixel_format)
    if described.has_palette:
        return ("i",)
    if described.is_bayer:
        return ("m",)
    parts = described.components
    count = 1 + max(part.plane for part in parts)
    if count == 1 and len(parts) > 1:
        return (_ORDERS.get(name) or _spelled(name),)
    own = "rgba" if described.is_rgb else "yuva" if len(parts) > 2 else "ya"
    planes = ["" for _ in range(count)]
    for letter, part in zip(own, parts, strict=False):
        planes[part.plane] += letter
    return tuple(_ORDERS.get(name, letters) if len(letters) > 1 else letters for letters in planes)


def _spelled(name: str) -> str:
    """The order that a name such as ``bgr48``, ``0rgb`` or ``yaf32`` spells, with x for padding."""
    match = re.match(r"[rgbay0]+", name)
    return "" if match is None else match[0].replace("0", "x")


def _picked(words: Words, letters: str, letter: str) -> Words:
    """The words of one component; a group may hold several."""
    places = [place for place, one in enumerate(letters) if one == letter]
    step = len(letters) // len(places)
    if places == list(range(places[0], len(letters), step)):
        return words[:, places[0] :: step]
    groups = words.shape[1] // len(letters)
    grouped = words[:, : groups * len(letters)].reshape(len(words), groups, len(letters))
    return grouped[:, :, places].reshape(len(words), -1)


def _fields(frame: av.VideoFrame, name: str, order: str) -> tuple[Component, ...]:
    size, fields = WORD_FIELDS[name]
    words: Words = plane_rows(frame.planes[0])[: frame.height]
    in_a_byte = _PIXELS_IN_A_BYTE.get(name, 1)
    if in_a_byte > 1:
        bits = np.unpackbits(words, axis=1).reshape(len(words), -1, 8 // in_a_byte)
        # The first pixel is in the most significant bits.
        words = (bits << np.arange(bits.shape[2] - 1, -1, -1, dtype=np.uint8)).sum(axis=2, dtype=np.uint8)
    words = words[:, : words.shape[1] // size * size].view(f"{order}u{size}")[:, : frame.width]
    return tuple(Component(label, bits, words, shift) for label, (shift, bits) in fields.items())
