"""The part of the picture that a space-time image is made of, and how its samples are taken. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Positions = NDArray[np.float64]
    Samples = NDArray[np.uint8] | NDArray[np.uint16]

MOST_WIDTH = 256
_MOST_SAMPLES = 1 << 17
_MOST_POINTS, _MOST_NAMED = 1000, 4
_MOST_COORDINATE = 1e6
_SLACK = 1e-9
"""A length of a whole number of pixels must not lose its last sample to rounding."""


class SlitKind(StrEnum):
    """What is drawn on the picture."""

    LINE = "line"
    POLYLINE = "polyline"
    ROW = "row"
    COLUMN = "column"
    CIRCLE = "circle"
    REGION = "region"

    @property
    def form(self) -> str:
        """Its numbers as they are typed, such as ``X,Y,R``."""
        return _FORMS[self]


_FORMS = {
    SlitKind.LINE: "X1,Y1,X2,Y2",
    SlitKind.POLYLINE: "X1,Y1,X2,Y2,…",
    SlitKind.ROW: "Y",
    SlitKind.COLUMN: "X",
    SlitKind.CIRCLE: "X,Y,R",
    SlitKind.REGION: "X,Y,W,H",
}
_WHOLE = frozenset({SlitKind.ROW, SlitKind.COLUMN, SlitKind.REGION})
"""Their numbers are rows and columns of pixels."""


class Interpolation(StrEnum):
    """How a value between pixels is found."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"


@dataclass(frozen=True, slots=True)
class Slit:
    """What is drawn on the picture. Coordinates are those of the displayed pixels, after rotation.

    The centre of the pixel in the upper left corner is (0, 0); pixels are counted as in `Frame.to_rgb`,
    whatever their aspect ratio.

    Attributes:
        kind: What it is.
        numbers: LINE ``x1, y1, x2, y2``; POLYLINE two numbers a point; ROW ``y``; COLUMN ``x``; CIRCLE ``x,
            y, radius``; REGION ``x, y, width, height``.
        width: Pixels across the line over which each sample is averaged.

    Raises:
        SettingsError: There are not so many numbers, or they cannot be used.
    """

    kind: SlitKind
    numbers: tuple[float, ...]
    width: int = 1

    def __post_init__(self) -> None:
        """Refuse what is not such a line."""
        if not 1 <= self.width <= MOST_WIDTH:
            raise SettingsError(
                tr("A width of {width} pixels is not possible.", width=self.width),
                hint=tr("Choose 1 to {most}.", most=MOST_WIDTH),
            )
        if self.kind is SlitKind.REGION and self.width != 1:
            raise SettingsError(tr("A region has no width of a line."))
        if not _is_sound(self.kind, self.numbers):
            raise _not_a(self.kind, self.text)

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """The corners of a line or polyline; nothing of others."""
        if self.kind not in (SlitKind.LINE, SlitKind.POLYLINE):
            return ()
        return tuple(zip(self.numbers[::2], self.numbers[1::2], strict=True))

    @classmethod
    def parse(cls, kind: SlitKind, text: str, width: int = 1) -> Slit:
        """What was typed, numbers separated by commas.

        Raises:
            SettingsError: It is not one.
        """
        try:
            numbers = tuple(float(part) for part in text.split(","))
        except ValueError:
            numbers = ()
        if not numbers:
            raise _not_a(kind, text)
        return cls(kind, numbers, width)

    @property
    def text(self) -> str:
        """The numbers as they are typed."""
        return ",".join(f"{number:g}" for number in self.numbers)

    @property
    def words(self) -> str:
        """``row 120``, ``line 0,0,99,40, mean over 5 pixels``."""
        words = f"{_noun(self.kind)} {self.text}"
        if len(self.points) > _MOST_NAMED:
            words = tr("polyline through {count} points", count=len(self.points))
        if self.width == 1:
            return words
        return tr("{line}, mean over {width} pixels", line=words, width=self.width)

    def trace(self, width: int, height: int) -> tuple[Positions, Positions]:
        """The centre line: one sample a pixel of arc length.

        A circle begins at its right and goes clockwise; its samples are a pixel apart, or nearly, so that
        it closes.

        Args:
            width: Columns of the displayed picture.
            height: Its rows.

        Returns:
            (samples, 2) positions as x, y, and (samples, 2) unit vectors across the line.

        Raises:
            SettingsError: It reaches beyond the picture, or is longer than can be used.
        """
        if self.kind is SlitKind.CIRCLE:
            positions, across = self._around()
        else:
            positions, across = _along(self._corners(width, height))
        if not _inside(positions, width, height).all():
            raise SettingsError(
                tr(
                    "The {line} reaches beyond the picture of {width} × {height}.",
                    line=self.words,
                    width=width,
                    height=height,
                ),
                hint=tr(
                    "Columns go from 0 to {right}, rows from 0 to {bottom}, after rotation.",
                    right=width - 1,
                    bottom=height - 1,
                ),
            )
        return positions, across

    def _corners(self, width: int, height: int) -> tuple[tuple[float, float], ...]:
        match self.kind:
            case SlitKind.ROW:
                return ((0.0, self.numbers[0]), (width - 1.0, self.numbers[0]))
            case SlitKind.COLUMN:
                return ((self.numbers[0], 0.0), (self.numbers[0], height - 1.0))
            case SlitKind.REGION:
                x, y, across, down = self.numbers
                return ((x, y), (x + across - 1, y + down - 1))
            case _:
                return self.points

    def _around(self) -> tuple[Positions, Positions]:
        x, y, radius = self.numbers
        count = _checked_count(max(round(2 * math.pi * radius), 1))
        angles = 2 * math.pi * np.arange(count) / count
        across = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return np.array([x, y]) + radius * across, across


_EXAMPLES = {
    SlitKind.LINE: "0,0,320,240",
    SlitKind.POLYLINE: "0,0,100,80,320,240",
    SlitKind.ROW: "120",
    SlitKind.COLUMN: "160",
    SlitKind.CIRCLE: "160,120,50",
    SlitKind.REGION: "100,80,64,48",
}


def _not_a(kind: SlitKind, text: str) -> SettingsError:
    return SettingsError(
        tr("{text!r:.60} is not a {kind}.", kind=_noun(kind), text=text),
        hint=tr("Write {form} in pixels, such as {example}.", form=kind.form, example=_EXAMPLES[kind]),
    )


def _is_sound(kind: SlitKind, numbers: tuple[float, ...]) -> bool:
    if not all(abs(number) <= _MOST_COORDINATE for number in numbers):
        return False
    if kind in _WHOLE and any(number != int(number) for number in numbers):
        return False
    if kind is SlitKind.POLYLINE:
        is_right_count = len(numbers) % 2 == 0 and 4 <= len(numbers) <= 2 * _MOST_POINTS
    else:
        is_right_count = len(numbers) == kind.form.count(",") + 1
    # What must be above 0: a radius, a region's sides, the length of a line.
    sizes = {
        SlitKind.CIRCLE: numbers[2:],
        SlitKind.REGION: numbers[2:],
        SlitKind.LINE: (_reach(numbers),),
        SlitKind.POLYLINE: (_reach(numbers),),
    }.get(kind, ())
    return is_right_count and all(size > 0 for size in sizes)


def _reach(numbers: tuple[float, ...]) -> float:
    """How far points lie apart, across plus down."""
    return sum(max(one, default=0) - min(one, default=0) for one in (numbers[::2], numbers[1::2]))


def _noun(kind: SlitKind) -> str:
    return {
        SlitKind.LINE: tr("line"),
        SlitKind.POLYLINE: tr("polyline"),
        SlitKind.ROW: tr("row"),
        SlitKind.COLUMN: tr("column"),
        SlitKind.CIRCLE: tr("circle"),
        SlitKind.REGION: tr("region"),
    }[kind]


def _inside(positions: Positions, width: int, height: int) -> NDArray[np.bool_]:
    """For each position whether it lies on a pixel."""
    x, y = positions[..., 0], positions[..., 1]
    inside: NDArray[np.bool_] = (x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5)
    return inside


def _along(corners: tuple[tuple[float, float], ...]) -> tuple[Positions, Positions]:
    """Samples a pixel of arc length apart, from the first corner on, round the others."""
    points = np.array(corners, np.float64)
    steps = np.diff(points, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    if not lengths.any():
        # A row of a picture one pixel wide.
        return points[:1], np.array([[0.0, 1.0]])
    steps, starts, lengths = steps[lengths > 0], points[:-1][lengths > 0], lengths[lengths > 0]
    ends = np.cumsum(lengths)
    places = np.arange(_checked_count(math.floor(float(ends[-1]) + _SLACK) + 1), dtype=np.float64)
    segments = np.minimum(np.searchsorted(ends, places, side="right"), len(lengths) - 1)
    directions = steps[segments] / lengths[segments, None]
    into = places - (ends - lengths)[segments]
    return starts[segments] + directions * into[:, None], np.stack(
        [-directions[:, 1], directions[:, 0]], axis=1
    )


def _checked_count(count: int) -> int:
    if count > _MOST_SAMPLES:
        raise SettingsError(
            tr("The line is {samples} long.", samples=counted(count, "pixel", "pixels")),
            hint=tr("The maximum is {most}.", most=_MOST_SAMPLES),
        )
    return count


class Sampler:
    """Takes the samples of a slit from pictures of one size. Threads: any."""

    def __init__(self, slit: Slit, interpolation: Interpolation, width: int, height: int) -> None:
        """Prepare the positions and weights.

        Args:
            slit: What is drawn.
            interpolation: How a value between pixels is found; a region needs none.
            width: Columns of the displayed picture.
            height: Its rows.

        Raises:
            SettingsError: It reaches beyond the picture.
        """
        self.size = (width, height)
        self.positions, across = slit.trace(width, height)
        self._region: tuple[slice, slice] | None = None
        if slit.kind is SlitKind.REGION:
            x, y, columns, rows = (int(number) for number in slit.numbers)
            self._region = (slice(y, y + rows), slice(x, x + columns))
            self.positions = np.array([[x + (columns - 1) / 2, y + (rows - 1) / 2]])
            return
        offsets = np.arange(slit.width) - (slit.width - 1) / 2
        spread = self.positions[:, None, :] + offsets[None, :, None] * across[:, None, :]
        # What lies beyond the edge does not exist, so it has no part in the mean.
        exists = _inside(spread, width, height)
        weigh = _nearest if interpolation is Interpolation.NEAREST else _bilinear
        self._places, weights = weigh(spread, width, height)
        weights = (weights * exists[..., None]).reshape(len(self.positions), -1)
        self._weights = weights / weights.sum(axis=1, keepdims=True)

    def __len__(self) -> int:
        """The number of samples."""
        return len(self.positions)

    def sample(self, pixels: Samples) -> Samples:
        """The samples of one picture.

        Args:
            pixels: (height, width, 3) uint8 or uint16.

        Returns:
            (samples, 3) of the same type; means are rounded to the nearest value.
        """
        if self._region is not None:
            means = pixels[self._region].mean(axis=(0, 1), dtype=np.float64)[None]
            return cast("Samples", np.rint(means).astype(pixels.dtype))
        flat = pixels.reshape(-1, 3)
        if self._places.shape[1] == 1:
            return flat[self._places[:, 0]]
        means = np.einsum("nkc,nk->nc", flat[self._places].astype(np.float64), self._weights)
        return cast("Samples", np.rint(means).astype(pixels.dtype))

    def touched(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(columns, rows) of the displayed pixels that the samples come from; of a region a grid of them."""
        if self._region is not None:
            rows, columns = (_grid(one) for one in self._region)
            down, across = np.meshgrid(rows, columns, indexing="ij")
            return across.ravel(), down.ravel()
        places = np.unique(self._places[self._weights > 0])
        rows, columns = np.divmod(places, self.size[0])
        return columns, rows


def _nearest(spread: Positions, width: int, height: int) -> tuple[NDArray[np.int64], Positions]:
    """(samples, pixels) places in the flattened picture, and (samples, across, 1) weights."""
    whole = np.floor(spread + 0.5).astype(np.int64)
    columns, rows = np.clip(whole[..., 0], 0, width - 1), np.clip(whole[..., 1], 0, height - 1)
    return rows * width + columns, np.ones((*columns.shape, 1))


def _bilinear(spread: Positions, width: int, height: int) -> tuple[NDArray[np.int64], Positions]:
    """(samples, 4 × pixels) places in the flattened picture, and (samples, across, 4) weights."""
    # On a whole pixel up to rounding is on it.
    spread = np.where(np.abs(spread - np.rint(spread)) < _SLACK, np.rint(spread), spread)
    low = np.floor(spread).astype(np.int64)
    part = spread - low
    places, weights = [], []
    for down in (0, 1):
        for across in (0, 1):
            columns = np.clip(low[..., 0] + across, 0, width - 1)
            rows = np.clip(low[..., 1] + down, 0, height - 1)
            places.append(rows * width + columns)
            share_x = part[..., 0] if across else 1 - part[..., 0]
            share_y = part[..., 1] if down else 1 - part[..., 1]
            weights.append(share_x * share_y)
    return np.stack(places, axis=-1).reshape(len(spread), -1), np.stack(weights, axis=-1)


_GRID_STEP = 8


def _grid(span: slice) -> NDArray[np.int64]:
    return np.unique(np.append(np.arange(span.start, span.stop, _GRID_STEP), span.stop - 1))
