"""Colour conversion in floating point, without the fast conversion's rounding and nearest chroma.

The display conversion is up to three levels off, and neighbouring pixels share a chroma sample. Here chroma
is interpolated (cubic, Keys 1981, a = -1/2), the matrix is applied in floating point, and the result is
rounded once: to 8 bits, or to 16 with 0 for black and 65535 for white.

Subsampled chroma is assumed at the default location of MPEG-2, H.264, HEVC and AV1 (ITU-T H.273,
Chroma420SampleLocType 0): on the left column of its pixels, midway between their rows. Full-range video is
assumed to follow JPEG, with centred chroma. Interlaced pictures are converted field by field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from av.video.reformatter import VideoReformatter

from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.media.picture.readable import rgb_planes
from framescope.core.media.picture.sample_layout import components_of
from framescope.core.opencv import cv2

if TYPE_CHECKING:
    import av
    from numpy.typing import NDArray

    from framescope.core.media.picture.sample_layout import Component

    Plane = NDArray[np.float32]

# ITU-T H.273, table 4: the weights of red and blue in luma (Kr, Kb).
_WEIGHTS = {
    "bt709": (0.2126, 0.0722),
    "fcc": (0.30, 0.11),
    "bt470bg": (0.299, 0.114),
    "smpte170m": (0.299, 0.114),
    "smpte240m": (0.212, 0.087),
    "bt2020nc": (0.2627, 0.0593),
    "bt2020c": (0.2627, 0.0593),
}


def luma_weights(matrix: str) -> tuple[float, float]:
    """The weights of red and blue in luma (Kr, Kb); those of BT.709 for a matrix that is not linear."""
    return _WEIGHTS.get(matrix, _WEIGHTS["bt709"])


def exact_bgr(
    frame: av.VideoFrame, matrix: str, *, is_full: bool, deep: bool
) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """The picture in B, G, R order, each value within half a level of the exact one.

    Args:
        frame: As decoded.
        matrix: FFmpeg's name of the YUV matrix; BT.709 is used in place of those that are not linear.
        is_full: Whether it is full range.
        deep: Whether to give 16 bits.

    Returns:
        (height, width, 3), uint8, or uint16 where ``deep``.

    Raises:
        DecodeError: The frame's pixel format is not supported.
    """
    planes = {component.name: component for component in _components(frame)}
    depth = cv2.CV_16U if deep else cv2.CV_8U
    white = 65535.0 if deep else 255.0
    if "R" in planes:
        bgr = [_rounded(_floats(planes[name]), white / planes[name].most, 0.0, depth) for name in "BGR"]
    elif "Cb" not in planes:
        # FFmpeg treats grey pictures as full range, whatever they signal.
        grey = _rounded(_floats(planes["Y"]), white / planes["Y"].most, 0.0, depth)
        bgr = [grey, grey, grey]
    else:
        luma = _floats(planes["Y"])
        colours = tuple(
            _as_large_as(
                _floats(planes[name]), luma.shape, co_sited=not is_full, by_field=frame.interlaced_frame
            )
            for name in ("Cb", "Cr")
        )
        bgr = _from_yuv((luma, *colours), planes["Y"].bits, matrix, is_full=is_full, white=white)
    return cast("NDArray[np.uint8] | NDArray[np.uint16]", cv2.merge(bgr))


def _from_yuv(
    planes: tuple[Plane, ...], bits: int, matrix: str, *, is_full: bool, white: float
) -> list[NDArray[np.uint8] | NDArray[np.uint16]]:
    luma, cb, cr = planes
    depth = cv2.CV_16U if white > 255 else cv2.CV_8U
    red, blue = _WEIGHTS.get(matrix, _WEIGHTS["bt709"])
    green = 1 - red - blue
    scale, offset = _brightness_scale(bits, white, is_full=is_full)
    colour_scale = white / (((1 << bits) - 1) if is_full else 224 << (bits - 8))
    middle = float(1 << (bits - 1))
    to_red, to_blue = 2 * (1 - red) * colour_scale, 2 * (1 - blue) * colour_scale
    away = cv2.addWeighted(
        cb,
        -to_blue * blue / green,
        cr,
        -to_red * red / green,
        middle * (to_blue * blue + to_red * red) / green,
    )
    channels = [
        cv2.addWeighted(luma, scale, cb, to_blue, offset - middle * to_blue, dtype=depth),
        cv2.addWeighted(luma, scale, away, 1.0, offset, dtype=depth),
        cv2.addWeighted(luma, scale, cr, to_red, offset - middle * to_red, dtype=depth),
    ]
    return cast("list[NDArray[np.uint8] | NDArray[np.uint16]]", channels)


def _brightness_scale(bits: int, white: float, *, is_full: bool) -> tuple[float, float]:
    """(factor, offset) that scale luma to 0 … ``white``."""
    if is_full:
        return white / ((1 << bits) - 1), 0.0
    factor = white / (219 << (bits - 8))
    return factor, -(16 << (bits - 8)) * factor


def _components(frame: av.VideoFrame) -> tuple[Component, ...]:
    """The samples as stored, or converted to RGB for palettes, Bayer patterns and the like.

    Raises:
        DecodeError: The format is not supported.
    """
    components = components_of(frame)
    names = {component.name for component in components}
    if names >= {"R", "G", "B"} or ("Y" in names and "X" not in names and components[0].bits > 1):
        return components
    deep = pixel_format_facts(frame.format.name).bit_depth > 8
    return components_of(rgb_planes(VideoReformatter(), frame, deep=deep))


def _as_large_as(plane: Plane, shape: tuple[int, ...], *, co_sited: bool, by_field: bool) -> Plane:
    rows, columns = shape
    down, across = -(-rows // plane.shape[0]), -(-columns // plane.shape[1])
    grown = _grown_down(plane, down, by_field=by_field)
    grown = _grown_across(grown, across, co_sited=co_sited)
    return np.ascontiguousarray(grown[:rows, :columns])


def _grown_down(plane: Plane, factor: int, *, by_field: bool) -> Plane:
    if factor == 1:
        return plane
    if not (by_field and factor == 2):
        return _spread_down(plane, factor, (factor - 1) / 2)
    grown = np.empty((plane.shape[0] * 2, plane.shape[1]), np.float32)
    # A field's chroma lies a quarter of its line spacing from its own line above, or, in the second field,
    # from its own line below (H.264, figure 6-2).
    for field, offset in ((0, 0.25), (1, 0.75)):
        lines = np.ascontiguousarray(plane[field::2] if len(plane) > 1 else plane)
        spread = _spread_down(lines, 2, offset)
        wanted = len(grown[field::2])
        grown[field::2] = spread[np.minimum(np.arange(wanted), len(spread) - 1)]
    return grown


def _spread_down(plane: Plane, factor: int, offset: float) -> Plane:
    """Upsample rows; the first output row lies ``offset`` output rows above the sample."""
    grown = np.empty((plane.shape[0] * factor, plane.shape[1]), np.float32)
    for phase in range(factor):
        grown[phase::factor] = _filtered(plane, np.ones(1, np.float32), _kernel((phase - offset) / factor))
    return grown


def _grown_across(plane: Plane, factor: int, *, co_sited: bool) -> Plane:
    if factor == 1:
        return plane
    grown = np.empty((plane.shape[0], plane.shape[1] * factor), np.float32)
    for phase in range(factor):
        place = phase / factor if co_sited else (phase + 0.5) / factor - 0.5
        grown[:, phase::factor] = (
            plane if place == 0 else _filtered(plane, _kernel(place), np.ones(1, np.float32))
        )
    return grown


def _filtered(plane: Plane, across: Plane, down: Plane) -> Plane:
    return cast("Plane", cv2.sepFilter2D(plane, cv2.CV_32F, across, down, borderType=cv2.BORDER_REPLICATE))


def _kernel(place: float) -> Plane:
    """Weights of the samples at -2 … 2 for a value at ``place`` between -1 and 1."""
    return np.array([_cubic(abs(place - sample)) for sample in range(-2, 3)], np.float32)


def _cubic(distance: float) -> float:
    if distance < 1:
        return 1.5 * distance**3 - 2.5 * distance**2 + 1
    if distance < 2:
        return -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
    return 0.0


def _floats(component: Component) -> Plane:
    return component.samples().astype(np.float32)


def _rounded(
    plane: Plane, factor: float, addend: float, depth: int
) -> NDArray[np.uint8] | NDArray[np.uint16]:
    # addWeighted rounds once and saturates, which NumPy's casts do not.
    return cast(
        "NDArray[np.uint8] | NDArray[np.uint16]",
        cv2.addWeighted(plane, factor, plane, 0.0, addend, dtype=depth),
    )
