"""Two animated scenes drawn from the frame number alone, so that any frame can be redrawn.

Both scenes are pure functions of their arguments; they leave encoding to `framescope.core.synth.clip_writer`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SHIFT = 4
"""OpenCV draws at a sixteenth of a pixel with this, so that slow shapes glide instead of jumping."""

_DUSK_SKY = ((24, 20, 56), (92, 48, 104), (226, 108, 92), (252, 186, 112))
_HILLS = ((86, 44, 84), (58, 34, 72), (32, 24, 52))
_DAY_PAPER = ((232, 240, 236), (206, 226, 226), (178, 210, 216))
_DAY_LINE = (150, 186, 194)
_DAY_RINGS = ((14, 92, 116), (236, 122, 76), (246, 190, 86), (66, 150, 136))


def draw_scene(
    frame_number: int, width: int, height: int, *, scene: int, rate: float = 24.0
) -> NDArray[np.uint8]:
    """Draw one frame of a scene.

    Args:
        frame_number: 0-based; two different numbers give two different pictures.
        width: Columns.
        height: Rows.
        scene: 0 for the hills at dusk, 1 for the orrery on paper.
        rate: Frames per second, which sets how far things move from one frame to the next.

    Returns:
        (height, width, 3) uint8 in R, G, B order.
    """
    time_s = frame_number / rate
    return _draw_dusk(time_s, width, height) if scene == 0 else _draw_orrery(time_s, width, height)


def draw_label(rgb: NDArray[np.uint8], text: str, *, center: tuple[float, float], height: float) -> None:
    """Write ``text`` with a soft edge around it, in place.

    Args:
        rgb: (height, width, 3) uint8.
        text: ASCII only.
        center: Where the middle of the text goes, as shares of width and height.
        height: Height of the digits, as a share of the picture's height.
    """
    rows, columns = rgb.shape[:2]
    face = cv2.FONT_HERSHEY_DUPLEX
    (_, unit), _ = cv2.getTextSize("0", face, 1.0, 1)
    scale = height * rows / max(unit, 1)
    thickness = max(1, round(scale * 1.2))
    (wide, tall), _ = cv2.getTextSize(text, face, scale, thickness)
    origin = (round(center[0] * columns - wide / 2), round(center[1] * rows + tall / 2))
    offset = max(1, round(scale))
    shadow = (origin[0] + offset, origin[1] + offset)
    cv2.putText(rgb, text, shadow, face, scale, (12, 12, 24), thickness, cv2.LINE_AA)
    cv2.putText(rgb, text, origin, face, scale, (255, 255, 255), thickness, cv2.LINE_AA)


@lru_cache(maxsize=8)
def _gradient(width: int, height: int, stops: tuple[tuple[int, int, int], ...]) -> NDArray[np.uint8]:
    places = np.linspace(0, len(stops) - 1, height)
    table = np.array(stops, float)
    column = np.stack(
        [np.interp(places, np.arange(len(stops)), table[:, channel]) for channel in range(3)], 1
    )
    # Half a level of fixed noise hides the bands that eight bits give a slow gradient.
    noise = np.random.default_rng(7).uniform(-0.5, 0.5, (height, width, 1))
    picture: NDArray[np.uint8] = np.clip(column[:, None, :] + noise + 0.5, 0, 255).astype(np.uint8)
    picture.setflags(write=False)
    return picture


def _fixed(*values: float) -> tuple[int, ...]:
    return tuple(round(value * (1 << _SHIFT)) for value in values)


def _disc(rgb: NDArray[np.uint8], center: tuple[float, float], radius: float, color: Sequence[int]) -> None:
    cv2.circle(rgb, _fixed(*center), _fixed(radius)[0], tuple(color), cv2.FILLED, cv2.LINE_AA, _SHIFT)


def _draw_dusk(time_s: float, width: int, height: int) -> NDArray[np.uint8]:
    rgb = _gradient(width, height, _DUSK_SKY).copy()
    sun_x, sun_y = width * (0.22 + 0.05 * time_s), height * (0.52 - 0.012 * time_s)
    for ring, tint in ((0.26, (238, 138, 100)), (0.19, (246, 160, 104)), (0.13, (255, 214, 140))):
        _disc(rgb, (sun_x, sun_y), height * ring, tint)
    for bird in range(5):
        _draw_bird(rgb, time_s, bird)
    across = np.arange(0, width + 8, max(1, width // 160), dtype=np.float64)
    for depth, color in enumerate(_HILLS):
        speed, base, rise = 0.03 * (depth + 1) ** 1.6, 0.60 + 0.12 * depth, 0.055 + 0.012 * depth
        phase = across / width * (5.5 - depth) + speed * time_s * 4 + depth * 1.9
        crest = height * (base - rise * (np.sin(phase) + 0.45 * np.sin(2.3 * phase + depth)))
        outline = np.concatenate([np.stack([across, crest], 1), [[width + 8, height], [0, height]]])
        cv2.fillPoly(rgb, [np.round(outline * (1 << _SHIFT)).astype(np.int32)], color, cv2.LINE_AA, _SHIFT)
    return rgb


def _draw_bird(rgb: NDArray[np.uint8], time_s: float, bird: int) -> None:
    height, width = rgb.shape[:2]
    x = width * ((0.9 - 0.07 * time_s * (1 + 0.08 * bird) + 0.06 * bird) % 1.2 - 0.1)
    y = height * (0.18 + 0.035 * bird + 0.015 * math.sin(time_s * 1.3 + bird))
    span = height * (0.022 + 0.002 * bird)
    lift = span * (0.35 + 0.5 * math.sin(time_s * 7 + bird * 1.7))
    wings = np.array([[x - span, y - lift], [x, y], [x + span, y - lift]]) * (1 << _SHIFT)
    thickness = max(1, round(height / 240))
    points, is_closed = [np.round(wings).astype(np.int32)], False
    cv2.polylines(rgb, points, is_closed, (38, 26, 58), thickness, cv2.LINE_AA, _SHIFT)


def _draw_orrery(time_s: float, width: int, height: int) -> NDArray[np.uint8]:
    rgb = _gradient(width, height, _DAY_PAPER).copy()
    thickness = max(1, round(height / 300))
    step = width / 16
    for line in range(18):
        x = line * step - (time_s * step * 0.5) % step
        cv2.line(rgb, _fixed(x, 0), _fixed(x, height), (190, 214, 218), thickness, cv2.LINE_AA, _SHIFT)
    middle_x, middle_y = width * 0.5, height * 0.48
    for orbit, color in enumerate(_DAY_RINGS):
        radius = height * (0.2 + 0.078 * orbit)
        cv2.circle(
            rgb, _fixed(middle_x, middle_y), _fixed(radius)[0], _DAY_LINE, thickness, cv2.LINE_AA, _SHIFT
        )
        angle = time_s * (1.9 - 0.37 * orbit) + orbit * 1.4
        x, y = middle_x + radius * math.cos(angle), middle_y + radius * math.sin(angle)
        size = height * (0.026 + 0.011 * orbit)
        for trail in range(6, 0, -1):
            back = angle - 0.05 * trail
            fade = [round(c + (212 - c) * (0.35 + 0.1 * trail)) for c in color]
            trail_x, trail_y = middle_x + radius * math.cos(back), middle_y + radius * math.sin(back)
            _disc(rgb, (trail_x, trail_y), size * (1 - 0.11 * trail), fade)
        _disc(rgb, (x, y), size, color)
    _disc(rgb, (middle_x, middle_y), height * 0.155, (24, 54, 74))
    return rgb
