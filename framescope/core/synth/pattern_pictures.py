"""Test patterns for codecs and scalers, with a machine-readable number in each frame."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.synth.number_blocks import (
    EDGE_CODE,
    LARGE_BLOCKS,
    MAX_NUMBER,
    MIN_HEIGHT,
    MIN_WIDTH,
    draw_number,
)
from framescope.core.synth.patterns import draw_label, draw_scene
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

_BARS = ((191, 191, 191), (191, 191, 0), (0, 191, 191), (0, 191, 0), (191, 0, 191), (191, 0, 0), (0, 0, 191))
"""White, yellow, cyan, green, magenta, red and blue at 75 %, as atop SMPTE's chart (ECR 1)."""
_SCENE_FRAMES = 48
_LARGE_CODE_BELOW = 480


class Pattern(StrEnum):
    """What is drawn."""

    COUNTER = "counter"
    """The frame number, large, over a scene that moves."""
    GRADIENT = "gradient"
    """A smooth ramp of colour that moves: shows banding."""
    NOISE = "noise"
    """Random pixels, new in each frame: the worst case of every codec."""
    ZONE_PLATE = "zone-plate"
    """Rings as fine as the pixels allow, moving: shows aliasing and lost detail."""
    BARS = "bars"
    """Colour bars with a fine red and blue grid below: shows colour errors and subsampling."""
    SCENES = "scenes"
    """A hard cut every 48 frames."""


class PatternPictures:
    """The frames of a pattern, drawn when asked for: the same frame is the same picture every time."""

    def __init__(self, pattern: Pattern, count: int, *, size: tuple[int, int], rate: float = 25.0) -> None:
        """Prepare.

        Args:
            pattern: What is drawn.
            count: How many frames.
            size: (width, height).
            rate: Frames per second, which sets how far things move.

        Raises:
            SettingsError: The frames are too small to carry a number, or too many.
        """
        if size[0] < MIN_WIDTH or size[1] < MIN_HEIGHT:
            raise SettingsError(
                tr(
                    "Patterns need {min_width} × {min_height} pixels, not {width} × {height}.",
                    min_width=MIN_WIDTH,
                    min_height=MIN_HEIGHT,
                    width=size[0],
                    height=size[1],
                ),
                hint=tr("Below that the frame's number cannot be read back."),
            )
        if not 1 <= count <= MAX_NUMBER + 1:
            raise SettingsError(
                tr("{count} frames cannot be numbered.", count=count),
                hint=tr("1 to {max_number} can.", max_number=MAX_NUMBER + 1),
            )
        self._pattern, self._count, self._size, self._rate = pattern, count, size, rate
        self._layout = LARGE_BLOCKS if min(size) < _LARGE_CODE_BELOW else EDGE_CODE
        self.times_s: tuple[float, ...] = ()
        self.paths: tuple[str | Path, ...] = ()

    def __len__(self) -> int:
        """How many frames."""
        return self._count

    def picture(self, number: int) -> NDArray[np.uint8]:
        """Frame ``number``, its number in machine-readable blocks at the lower edge."""
        rgb = _DRAWERS[self._pattern](number, *self._size, self._rate)
        draw_number(rgb, number, layout=self._layout)
        return rgb

    def describe(self, number: int) -> str:
        """The frame's number."""
        return tr("frame {number}", number=number)


def _counter(number: int, width: int, height: int, rate: float) -> NDArray[np.uint8]:
    rgb = draw_scene(number, width, height, scene=0, rate=rate)
    draw_label(rgb, f"{number:04d}", center=(0.5, 0.4), height=0.22)
    return rgb


def _scenes(number: int, width: int, height: int, rate: float) -> NDArray[np.uint8]:
    shot = number // _SCENE_FRAMES
    rgb = draw_scene(number, width, height, scene=shot % 2, rate=rate)
    if shot // 2 % 2:
        # More than two scenes: each second pair in other colours.
        rgb = np.ascontiguousarray(rgb[:, ::-1, ::-1])
    return rgb


def _gradient(number: int, width: int, height: int, rate: float) -> NDArray[np.uint8]:
    turn = number / rate * 0.1
    across = np.linspace(0, 1, width)[None, :] + turn
    down = np.linspace(0, 1, height)[:, None] + turn * 0.5
    waves = [0.5 + 0.5 * np.cos(2 * np.pi * (across + 0.4 * down + shift)) for shift in (0, 1 / 3, 2 / 3)]
    return _to_bytes(np.stack(waves, 2))


def _noise(number: int, width: int, height: int, rate: float) -> NDArray[np.uint8]:
    del rate
    return np.random.default_rng(number).integers(0, 256, (height, width, 3), np.uint8)


def _zone_plate(number: int, width: int, height: int, rate: float) -> NDArray[np.uint8]:
    # Phase k·r²: its local frequency grows with the radius and reaches half a cycle a pixel at the edge.
    x = np.arange(width)[None, :] - (width - 1) / 2
    y = np.arange(height)[:, None] - (height - 1) / 2
    phase = np.pi * (x * x + y * y) / max(width, height) - 2 * np.pi * number / rate
    return _to_bytes(np.repeat((0.5 + 0.5 * np.cos(phase))[:, :, None], 3, 2))


def _bars(number: int, width: int, height: int, rate: float) -> NDArray[np.uint8]:
    rgb = np.empty((height, width, 3), np.uint8)
    columns = np.arange(width) * len(_BARS) // width
    rgb[:] = np.array(_BARS, np.uint8)[columns][None]
    # One red and one blue pixel: 4:2:0 averages their chroma to purple.
    top = height * 2 // 3
    grid = (np.arange(width)[None, :] + np.arange(top, height)[:, None] + int(number * 30 / rate)) % 2
    rgb[top:] = np.where(grid[:, :, None] == 0, np.array((220, 20, 20)), np.array((20, 20, 220)))
    return rgb


def _to_bytes(levels: NDArray[np.floating]) -> NDArray[np.uint8]:
    rounded: NDArray[np.uint8] = np.round(levels * 255).astype(np.uint8)
    return np.ascontiguousarray(rounded)


_DRAWERS: dict[Pattern, Callable[[int, int, int, float], NDArray[np.uint8]]] = {
    Pattern.COUNTER: _counter,
    Pattern.GRADIENT: _gradient,
    Pattern.NOISE: _noise,
    Pattern.ZONE_PLATE: _zone_plate,
    Pattern.BARS: _bars,
    Pattern.SCENES: _scenes,
}
