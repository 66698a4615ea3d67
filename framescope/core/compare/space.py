"""Brings the pictures of two videos into one form in which they can be compared, and says which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.opencv import cv2
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.model.frame import Picture
    from framescope.core.model.stream_facts import VideoInfo

    Pixels = NDArray[np.uint8] | NDArray[np.uint16]

_PLANES = {"grey": ("Y",), "RGB": ("G", "B", "R")}
_YUV = ("Y", "U", "V")


@dataclass(frozen=True, slots=True)
class Comparable:
    """Two pictures in one form.

    Attributes:
        names: Of the planes: Y, U, V, or R, G, B.
        a: The planes of A, (rows, columns) each.
        b: The planes of B, of the same shapes and depth.
        peak: The largest code value.
        space: The form, in words.
        is_as_decoded: Whether these are the planes as decoded, and so not upright if the video is rotated.
    """

    names: tuple[str, ...]
    a: tuple[Pixels, ...]
    b: tuple[Pixels, ...]
    peak: int
    space: str
    is_as_decoded: bool = False


class SharedSpace:
    """The form for two videos.

    Pictures of the same size, pixel format and colours are compared plane by plane as decoded. All others are
    compared as they are displayed, in R'G'B', the smaller scaled to the size of the larger.
    """

    def __init__(self, a: VideoInfo, b: VideoInfo) -> None:
        """Look at what both videos declare."""
        first, second = a.color, b.color
        self._same_colors = (first.matrix_used, first.range_used) == (second.matrix_used, second.range_used)

    def pair(self, a: Picture, b: Picture, *, rotate: bool = True) -> Comparable:
        """Two pictures, brought into one form; upright if compared as displayed and ``rotate`` is set."""
        is_alike = self._same_colors and (a.width, a.height, a.pixel_format, a.rotation) == (
            b.width,
            b.height,
            b.pixel_format,
            b.rotation,
        )
        if is_alike:
            planes_a, planes_b, names = a.planes(), b.planes(), _plane_names(a.pixel_format)
            if len(planes_a) >= len(names) > 0 and all(plane.ndim == 2 for plane in planes_a):
                return Comparable(
                    names,
                    planes_a[: len(names)],
                    planes_b[: len(names)],
                    (1 << pixel_format_facts(a.pixel_format).bit_depth) - 1,
                    tr("{pixel_format} as decoded", pixel_format=a.pixel_format),
                    is_as_decoded=True,
                )
        return _displayed(a, b, rotate=rotate)


def _plane_names(pixel_format: str) -> tuple[str, ...]:
    """The planes without alpha; none where components share a plane or are no whole numbers."""
    facts = pixel_format_facts(pixel_format)
    if "f16" in pixel_format or "f32" in pixel_format:
        return ()
    if facts.chroma == "RGB":
        return _PLANES["RGB"] if pixel_format.startswith("gbr") else ()
    if facts.chroma == "grey":
        return _PLANES["grey"] if pixel_format.startswith("gray") else ()
    return _YUV if pixel_format.startswith("yuv") else ()


def _displayed(a: Picture, b: Picture, *, rotate: bool) -> Comparable:
    deep = any(pixel_format_facts(one.pixel_format).bit_depth > 8 for one in (a, b))
    first, second = (one.to_bgr_exact(deep=deep, rotate=rotate) for one in (a, b))
    space = tr("16-bit R'G'B' as displayed") if deep else tr("8-bit R'G'B' as displayed")
    if first.shape != second.shape:
        height, width = max(first.shape[:2], second.shape[:2], key=lambda size: size[0] * size[1])
        words = tr("scaled to {width} × {height}, bicubic", width=width, height=height)
        first, second = (_scaled(one, width, height) for one in (first, second))
        space = f"{space}, {words}"
    return comparable_pixels(first, second, space)


def comparable_pixels(a: Pixels, b: Pixels, space: str) -> Comparable:
    """Two pictures of the same shape and depth, (height, width, 3) in B, G, R order."""
    peak = int(np.iinfo(a.dtype).max)
    return Comparable(("R", "G", "B"), _red_first(a), _red_first(b), peak, space)


def _red_first(pixels: Pixels) -> tuple[Pixels, ...]:
    blue, green, red = cast("tuple[Pixels, ...]", cv2.split(pixels))
    return red, green, blue


def _scaled(pixels: Pixels, width: int, height: int) -> Pixels:
    if pixels.shape[:2] == (height, width):
        return pixels
    return cast("Pixels", cv2.resize(pixels, (width, height), interpolation=cv2.INTER_CUBIC))
