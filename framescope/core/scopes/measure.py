"""Counts samples by value, column and colour, as waveform monitors and vectorscopes show them.

All counts are of the decoded samples at their own depth; only the parade is of converted RGB. The terms and
the legal ranges are those of ITU-R BT.601, BT.709 and BT.2100.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.picture.exact_color import luma_weights
from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from framescope.core.media.picture.components import ComponentPlane

LEVELS = 256
"""Rows of a waveform and both sides of a vectorscope, whatever the depth."""
COLUMNS = 256
"""Columns of a waveform."""


@dataclass(frozen=True, slots=True)
class PicturePart:
    """A part of the picture as decoded, in fractions of its size from the top left; half-open."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    def of(self, samples: NDArray[np.generic]) -> NDArray[np.generic]:
        """The rows and columns of an array in it; at least one of each."""
        rows, columns = samples.shape[:2]
        top = min(max(int(self.top * rows), 0), rows - 1)
        left = min(max(int(self.left * columns), 0), columns - 1)
        bottom = min(max(round(self.bottom * rows), top + 1), rows)
        right = min(max(round(self.right * columns), left + 1), columns)
        return samples[top:bottom, left:right]


WHOLE = PicturePart()
"""The whole picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """How often each value of a component occurs.

    Attributes:
        name: The component.
        bits: Bits of a sample.
        counts: int64, by value.
        legal: The lowest and the highest value of the legal range; None where all values are legal.
    """

    name: str
    bits: int
    counts: NDArray[np.int64]
    legal: tuple[int, int] | None

    @property
    def outside(self) -> tuple[float, float]:
        """The shares of samples below and above the legal range, or at the two ends of a full range."""
        low, high = self.legal or (1, len(self.counts) - 2)
        total = max(int(self.counts.sum()), 1)
        return float(self.counts[:low].sum() / total), float(self.counts[high + 1 :].sum() / total)

    @property
    def span(self) -> tuple[int, int]:
        """The lowest and the highest value that occurs."""
        found = np.flatnonzero(self.counts)
        return int(found[0]), int(found[-1])

    @property
    def mean(self) -> float:
        """The mean value."""
        return float(self.counts @ np.arange(len(self.counts)) / max(int(self.counts.sum()), 1))


@dataclass(frozen=True, slots=True, eq=False)
class Scopes:
    """The scopes of one frame.

    Attributes:
        levels: Of luma, or of R, G and B in a format without luma.
        waveform: (256, 256) int64: samples of luma by level (from 0 at the top row) and column; None without
            luma.
        parade: (3, 256, 256) int64: the same of converted R, G and B.
        vectors: (256, 256) int64: samples by Cr (rows) and Cb (columns); None without chroma.
    """

    levels: tuple[Levels, ...]
    waveform: NDArray[np.int64] | None
    parade: NDArray[np.int64]
    vectors: NDArray[np.int64] | None


def measure_scopes(
    components: Iterable[ComponentPlane],
    rgb: NDArray[np.uint8],
    *,
    is_full_range: bool,
    region: PicturePart = WHOLE,
) -> Scopes:
    """The scopes of a frame.

    Args:
        components: The frame's components, as decoded; see `component_planes`.
        rgb: (rows, columns, 3) uint8, the same frame converted, as decoded, not rotated.
        is_full_range: Whether all values of luma and chroma are legal.
        region: The part of the picture that counts.
    """
    planes = {plane.name: plane for plane in components}
    luma, blue, red = planes.get("Y"), planes.get("Cb"), planes.get("Cr")
    colors = [planes[name] for name in "RGB" if name in planes]
    shown = [luma] if luma is not None else colors
    # R, G and B are of full range unless the stream says otherwise, which no decoder honours.
    is_unlimited = is_full_range or luma is None
    rgb_part = region.of(rgb)
    return Scopes(
        levels=tuple(_levels(plane, region, is_full_range=is_unlimited) for plane in shown),
        waveform=None if luma is None else _waveform(region.of(luma.samples), luma.bits),
        parade=np.stack([_waveform(rgb_part[..., channel], 8) for channel in range(3)]),
        vectors=None
        if blue is None or red is None
        else _joint(region.of(red.samples), region.of(blue.samples), red.bits),
    )


def legal_range(bits: int) -> tuple[int, int]:
    """The lowest and the highest legal value of luma in limited range."""
    return 16 << (bits - 8), 235 << (bits - 8)


def bar_targets(matrix: str, *, is_full_range: bool) -> dict[str, tuple[float, float]]:
    """Where 75 % colour bars lie in a vectorscope: (Cb, Cr) from -0.5 to 0.5, by the bar's letters.

    Args:
        matrix: FFmpeg's name of the YUV matrix; BT.709 for one without weights of its own.
        is_full_range: Whether chroma uses all values, rather than 224 of 256.
    """
    scale = 1.0 if is_full_range else 224 / 256
    red_weight, blue_weight = luma_weights(matrix)
    green_weight = 1 - red_weight - blue_weight
    targets = {}
    for name, (red, green, blue) in _BARS.items():
        luma = red_weight * red + green_weight * green + blue_weight * blue
        differences = (blue - luma) / (1 - blue_weight), (red - luma) / (1 - red_weight)
        targets[name] = differences[0] / 2 * scale, differences[1] / 2 * scale
    return targets


_BARS = {
    "R": (0.75, 0, 0),
    "Mg": (0.75, 0, 0.75),
    "B": (0, 0, 0.75),
    "Cy": (0, 0.75, 0.75),
    "G": (0, 0.75, 0),
    "Yl": (0.75, 0.75, 0),
}


def _levels(plane: ComponentPlane, region: PicturePart, *, is_full_range: bool) -> Levels:
    samples, size = np.ascontiguousarray(region.of(plane.samples)), 1 << plane.bits
    counts = cv2.calcHist([samples], [0], None, [size], [0, size])
    legal = None if is_full_range else legal_range(plane.bits)
    return Levels(plane.name, plane.bits, counts.ravel().astype(np.int64), legal)


def _waveform(samples: NDArray[np.generic], bits: int) -> NDArray[np.int64]:
    width = samples.shape[1]
    columns = (np.arange(width) * COLUMNS // width).astype(samples.dtype)
    across = np.broadcast_to(columns, samples.shape)
    values = [np.ascontiguousarray(samples), np.ascontiguousarray(across)]
    counts = cv2.calcHist(values, [0, 1], None, [LEVELS, COLUMNS], [0, 1 << bits, 0, COLUMNS])
    return counts.astype(np.int64)


def _joint(rows: NDArray[np.generic], columns: NDArray[np.generic], bits: int) -> NDArray[np.int64]:
    values = [np.ascontiguousarray(rows), np.ascontiguousarray(columns)]
    span = [0, 1 << bits, 0, 1 << bits]
    return cv2.calcHist(values, [0, 1], None, [LEVELS, LEVELS], span).astype(np.int64)
