"""Matches the frames of two videos by their fingerprints, over the whole length and with gaps. Pure.

Videos of more than a few hundred frames are matched from coarse to fine: means over runs of frames first,
without any limit on how far one is behind the other, then shorter runs and at last single frames near what
was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.compare.cadence import find_cadence
from framescope.core.compare.fingerprints import LEVEL
from framescope.core.compare.path import (
    MATCHED,
    MOST_MISMATCH,
    Band,
    Path,
    Prices,
    cheapest_path,
    matching_run,
)
from framescope.core.compare.registration import Registration, register
from framescope.core.distinct import distinct
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from framescope.core.compare.fingerprints import Fingerprints
    from framescope.core.model.progress import ProgressCallback

    Cells = NDArray[np.float32]
    Numbers = NDArray[np.float64]

_MOST_NODES = 1_500 * 1_500
"""So many are visited without a coarser search first."""
_FINER = 4
"""Each level of the search has runs of a fourth of the length."""
_REACH, _FINE_REACH = 10, 20
"""A finer level looks as many of the coarser runs to both sides, and the second round as many frames."""
_SURE_SHARE, _STRAIGHT_REACH = 0.995, 30
"""Where fewer of the frames are matched, it is tried how many are if both go along with each other, so many
runs apart at most."""

_FLAT = 4.0
"""Standard deviation in levels below which a picture counts as flat, whose noise must not be magnified."""
_CONTRAST = 40.0
_LEAST_NOISE = 0.05**2
"""Squared levels: below that, cells are equal."""
_MOST_NOISE_SHARE = 0.05
"""Pictures that differ by more of their own variance are not the same, however many do."""
_TOLERANCE = 1.05
_LEAST_SEVERITY, _MOST_SEVERITY = 1.0, 8.0
FINE_NOISE_SHARE = 1e-3
"""Of a picture's own variance: what a good copy differs by at most."""
_MOTION_REACH, _STILL_SHARE = 8, 0.15
"""Frames to both sides whose motion is taken for that of one, and the share of it that is standing still."""
_NOISE_REACH = 25
"""Frames to both sides whose noise is taken for that of one."""
_CADENCE_ROUNDS = 2
_MOST_PAIRS = 400
_PAIR_REACH, _PAIR_ROUNDS = 8, 20
_BLOCK, _LARGE_BLOCK = 64, 4096
_REPORT_EVERY = 512


class Matcher:
    """Two videos, and how their pictures differ as a whole.

    Attributes:
        a: (frames, 576) float32: A as B would show it, in levels, weighted.
        b: (frames, 576) float32: B, weighted alike.
        registration: What was applied to A; None for the first round, where every picture is normalised.
        noise: float64 (frames of A), the mean squared difference expected of the same picture in B.
        unknown_a: bool, frames of A that could not be decoded: they may be any.
        unknown_b: bool, those of B.
    """

    def __init__(
        self, a: Fingerprints, b: Fingerprints, progress: ProgressCallback, cancel: CancelToken
    ) -> None:
        self._prints = a, b
        self._positions = _positions(a.times_s, b.times_s)
        self._progress, self._cancel = progress, cancel
        self.registration: Registration | None = None
        self.a, self.b = (_by_blocks(one, _normalised) for one in (a, b))
        self.noise = np.full(len(a), _LEAST_NOISE)
        self.unknown_a, self.unknown_b = ~a.is_available, ~b.is_available

    def match(self, pins: Sequence[tuple[int, int]]) -> Path:
        """The path through both videos.

        Args:
            pins: (frame of A, frame of B) that are the same, both ascending.
        """
        parts = [self._rough_part(a, b) for a, b in self._parts(pins)]
        pairs = self._pairs(_joined(parts, pins))
        if len(pairs) >= 2:
            found = self.registration = self._registered(pairs)
            weights = np.sqrt(found.weights)
            # One after the other: both rounds at once would take twice the memory.
            self.a = np.empty((0, 0), np.float32)
            self.a = _by_blocks(self._prints[0], lambda cells: found.applied(cells) * weights)
            self.b = np.empty((0, 0), np.float32)
            self.b = _by_blocks(self._prints[1], lambda cells: cells * weights)
        fine = [self._fine_part(a, b, part) for (a, b), part in zip(self._parts(pins), parts, strict=True)]
        return _joined(fine, pins)

    def _registered(self, pairs: NDArray[np.int64]) -> Registration:
        """The registration of pairs, each of which may be a few frames off: a pan looks like a crop."""
        a, b = self._prints
        raw_a = _levels(a.cells[pairs[:, 0]])
        nearby = np.clip(pairs[:, 1, None] + np.arange(-_PAIR_REACH, _PAIR_REACH + 1), 0, len(b) - 1)
        found = register(raw_a, _levels(b.cells[pairs[:, 1]]))
        for _ in range(_PAIR_ROUNDS if found.is_cropped else 0):
            shown = found.applied(raw_a)
            apart = np.stack(
                [
                    ((_levels(b.cells[nearby[:, place]]) - shown) ** 2 * found.weights).mean(axis=1)
                    for place in range(nearby.shape[1])
                ],
                1,
            )
            best = nearby[np.arange(len(pairs)), apart.argmin(axis=1)]
            before, found = found, register(raw_a, _levels(b.cells[best]))
            if np.allclose((found.zoom, found.shift), (before.zoom, before.shift), atol=1e-4):
                break
        return found

    def differences(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> Numbers:
        """Mean squared differences of frames of A and frames of B, pair by pair."""
        means: Numbers = ((self.a[a] - self.b[b]) ** 2).mean(axis=1, dtype=np.float64)
        return means

    def typical_differences(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> Numbers:
        """Squared differences of most of the picture, pair by pair, whatever stands in the rest of it."""
        medians: Numbers = np.median((self.a[a] - self.b[b]) ** 2, axis=1).astype(np.float64)
        return medians

    def variances(self, a: NDArray[np.int64]) -> Numbers:
        """The variance within frames of A, and a little: no picture is quite flat."""
        variances: Numbers = self.a[a].var(axis=1, dtype=np.float64) + _FLAT
        return variances

    def _pairs(self, path: Path) -> NDArray[np.int64]:
        """Pairs that are likely the same, spread over the length: (pairs, 2)."""
        is_match = path.steps == MATCHED
        pairs = np.stack([path.a[is_match], path.b[is_match]], 1)
        if not len(pairs):
            return pairs
        pairs = pairs[distinct(np.linspace(0, len(pairs) - 1, 4 * _MOST_PAIRS).astype(np.int64))]
        apart = self.differences(pairs[:, 0], pairs[:, 1]) / self.variances(pairs[:, 0])
        best = np.argsort(apart, kind="stable")[: max(len(pairs) * 3 // 4, 1)]
        # Spread again: the best may all be of one still scene.
        best = np.sort(best)[:: max(len(best) // _MOST_PAIRS, 1)]
        near = best[apart[best] < 0.5]
        return pairs[near]

    def _parts(self, pins: Sequence[tuple[int, int]]) -> list[tuple[slice, slice]]:
        """The frames between pins."""
        ends = [(-1, -1), *pins, (len(self.a), len(self.b))]
        return [(slice(a + 1, next_a), slice(b + 1, next_b)) for (a, b), (next_a, next_b) in pairwise(ends)]

    def _rough_part(self, a: slice, b: slice) -> Path:
        """The path between two pins, found from coarse to fine."""
        a_cells, b_cells = self.a[a], self.b[b]
        band = Band.full(len(a_cells), len(b_cells))
        if len(a_cells) * len(b_cells) > _MOST_NODES:
            a_places, b_places = (
                one[part] - one[part][0] for one, part in zip(self._positions, (a, b), strict=True)
            )
            step = _mean_step(a_places, b_places)
            runs = [_FINER * step]
            while _run_nodes(a_places, b_places, runs[-1]) > _MOST_NODES:
                runs.append(runs[-1] * _FINER)
            found: tuple[Path, float] | None = None
            for length in reversed(runs):
                a_runs, b_runs = _pooled(a_cells, a_places, length), _pooled(b_cells, b_places, length)
                rough = Band.full(len(a_runs), len(b_runs))
                if found is not None:
                    a_ends, b_ends = (
                        np.arange(len(one) + 1, dtype=np.float64) * length for one in (a_runs, b_runs)
                    )
                    rough = _near(*found, a_ends, b_ends, _REACH)
                found = self._path(a_runs, b_runs, rough)[0], length
            assert found is not None
            a_ends, b_ends = (np.append(one, one[-1] + step) for one in (a_places, b_places))
            band = _near(*found, a_ends, b_ends, _REACH)
            path = self._rough_path(a, b, band)
            if _matched(path) < _SURE_SHARE * min(len(a_cells), len(b_cells)):
                # Where pictures recur, as in test patterns and loops, means over runs look all alike.
                # Usually, one video goes along with the other.
                band = _near(_straight(a_ends, b_ends, runs[0]), runs[0], a_ends, b_ends, _STRAIGHT_REACH)
                path = max(path, self._rough_path(a, b, band), key=_matched)
            return path
        return self._rough_path(a, b, band)

    def _rough_path(self, a: slice, b: slice, band: Band) -> Path:
        """The path between two pins through a band of single frames."""
        return self._path(self.a[a], self.b[b], band, unknown=(self.unknown_a[a], self.unknown_b[b]))[0]

    def _fine_part(self, a: slice, b: slice, before: Path) -> Path:
        """The path between two pins, near the one that was found before."""
        a_cells, b_cells = self.a[a], self.b[b]
        band = Band.full(len(a_cells), len(b_cells))
        if len(a_cells) * len(b_cells) > _MOST_NODES:
            a_ends, b_ends = (np.arange(len(one) + 1, dtype=np.float64) for one in (a_cells, b_cells))
            band = _near(before, 1, a_ends, b_ends, _FINE_REACH)
        unknown = self.unknown_a[a], self.unknown_b[b]
        path, self.noise[a] = self._path(a_cells, b_cells, band, unknown=unknown, expects_rhythm=True)
        return path

    def _path(
        self,
        a: Cells,
        b: Cells,
        band: Band,
        *,
        unknown: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None = None,
        expects_rhythm: bool = False,
    ) -> tuple[Path, Numbers]:
        """The path through a band, and the noise of each frame of A."""
        apart = _distances(a, b, band, self._cancel)
        if unknown is not None and (unknown[0].any() or unknown[1].any()):
            for frame, values in enumerate(apart):
                run = matching_run(band, frame)
                values[unknown[1][run.start : run.stop] | unknown[0][frame]] = 0
        middles = (band.first + band.stop)[1:] / 2
        noise = _Noise.of(apart, band, a, len(b))
        severity = noise.severity
        nearest = np.interp(np.arange(len(b)), middles, np.arange(len(a))).astype(np.int64) if len(a) else 0
        differs = _repeat_costs(b, noise.around[nearest] if len(a) else np.ones(len(b)))
        prices = Prices.usual(len(a), differs)
        total = len(a)

        def on_row(row: int) -> None:
            if row % _REPORT_EVERY == 0:
                self._cancel.raise_if_cancelled()
                self._progress(Progress(row, total, tr("Aligning frames")))

        def costs_of(frame: int) -> Numbers:
            expected = noise.between(frame, matching_run(band, frame))
            return _mismatch(apart[frame] / expected, severity[frame])

        path = cheapest_path(costs_of, prices, band, on_row)
        # A rhythm found from a path that did not expect it finds the rest of it.
        for _ in range(_CADENCE_ROUNDS if expects_rhythm else 0):
            cadence = find_cadence(path, len(a), len(b))
            if cadence is None:
                break
            expected = prices.expecting(cadence.repeats, cadence.skips, float(cadence.repeat_share))
            path = cheapest_path(costs_of, expected, band, on_row)
        return path, noise.around


def _repeat_costs(b: Cells, noise: Numbers) -> Numbers:
    """What it costs to take each frame of B for a repetition of the one before.

    A repetition differs from it by much less than other frames around do.
    """
    steps = np.zeros(len(b))
    if len(b) > 1:
        steps[1:] = ((b[1:] - b[:-1]) ** 2).mean(axis=1)
    window = np.ones(2 * _MOTION_REACH + 1) / (2 * _MOTION_REACH + 1)
    # Of roots, as a cut is no motion.
    padded = np.pad(np.sqrt(steps), _MOTION_REACH, mode="edge")
    motion = np.convolve(padded, window, mode="valid") ** 2 if len(b) else steps
    expected = _STILL_SHARE * motion + 0.02 * noise + _LEAST_NOISE
    return np.clip(4 * (steps / expected - 1), 0, MOST_MISMATCH)


def _mismatch(times_noise: Numbers, severity: Numbers | float) -> Numbers:
    """What it costs to match two pictures that differ so many times as much as is expected."""
    beyond = np.maximum(times_noise - _TOLERANCE, 0)
    return np.minimum(severity * beyond + 0.5 * np.minimum(times_noise, _TOLERANCE), MOST_MISMATCH)


def _joined(parts: Sequence[Path], pins: Sequence[tuple[int, int]]) -> Path:
    """The parts between pins, and the pins, as one path."""
    steps, a_places, b_places = [], [], []
    begins = [(0, 0), *((a + 1, b + 1) for a, b in pins)]
    for part, (a, b) in zip(parts, begins, strict=True):
        if a:
            steps.append(np.array([MATCHED], np.uint8))
            a_places.append(np.array([a - 1]))
            b_places.append(np.array([b - 1]))
        steps.append(part.steps)
        a_places.append(part.a + a)
        b_places.append(part.b + b)
    return Path(np.concatenate(steps), np.concatenate(a_places), np.concatenate(b_places))


def _levels(cells: NDArray[np.uint16]) -> Cells:
    return cells.astype(np.float32) / np.float32(LEVEL)


def _by_blocks(prints: Fingerprints, change: Callable[[Cells], Cells]) -> Cells:
    """All fingerprints in levels, changed some at a time."""
    out = np.empty(prints.cells.shape, np.float32)
    for begin in range(0, len(out), _LARGE_BLOCK):
        out[begin : begin + _LARGE_BLOCK] = change(_levels(prints.cells[begin : begin + _LARGE_BLOCK]))
    return out


def _normalised(cells: Cells) -> Cells:
    """Without brightness and contrast."""
    centred = cells - cells.mean(axis=1, keepdims=True)
    scale = _CONTRAST / (centred.std(axis=1, keepdims=True) + _FLAT)
    normalised: Cells = centred * scale.astype(np.float32)
    return normalised


def _positions(a_s: Numbers, b_s: Numbers) -> tuple[Numbers, Numbers]:
    """Where each frame lies, on the scale in which both videos are of more equal length: time or number."""
    by_number = np.arange(len(a_s), dtype=np.float64), np.arange(len(b_s), dtype=np.float64)
    if len(a_s) < 2 or len(b_s) < 2:
        return by_number
    for times in (a_s, b_s):
        if not np.isfinite(times).all() or (np.diff(times) <= 0).any():
            return by_number
    in_time, in_number = ((a_s[-1] - a_s[0]) / (b_s[-1] - b_s[0])), len(a_s) / len(b_s)
    return (a_s, b_s) if abs(np.log(in_time)) < abs(np.log(in_number)) else by_number


def _mean_step(*places: Numbers) -> float:
    return min(float(one[-1]) / (len(one) - 1) if len(one) > 1 else np.inf for one in places)


def _run_nodes(a: Numbers, b: Numbers, length: float) -> float:
    return float(a[-1] / length + 1) * float(b[-1] / length + 1)


def _pooled(cells: Cells, places: Numbers, length: float) -> Cells:
    """Means over runs of equal length; a run without frames shows the one before it."""
    run_of = (places / length).astype(np.int64)
    runs = distinct(run_of)
    begins = np.searchsorted(run_of, runs)
    sizes = np.diff(np.append(begins, len(cells)))
    means = np.add.reduceat(cells, begins, axis=0) / sizes[:, None]
    shown = np.searchsorted(runs, np.arange(runs[-1] + 1), side="right") - 1
    return np.asarray(means[shown], np.float32)


def _matched(path: Path) -> int:
    """How many frames a path matches."""
    return int((path.steps == MATCHED).sum())


def _straight(a_ends: Numbers, b_ends: Numbers, length: float) -> Path:
    """The path over runs of a length of two videos that are the same."""
    count = int(min(a_ends[-1], b_ends[-1]) / length) + 1
    runs = np.arange(count)
    return Path(np.full(count, MATCHED, np.uint8), runs, runs)


def _near(path: Path, length: float, a_ends: Numbers, b_ends: Numbers, reach: int) -> Band:
    """The band of a finer level around a path.

    Args:
        path: Of the coarser level.
        length: Of the coarser level's runs.
        a_ends: Where the finer level's nodes lie in A: one more than there are frames or runs.
        b_ends: The same of B.
        reach: How many of the coarser level's runs to look to both sides.
    """
    rows = np.append(path.a, path.a[-1] + 1 if len(path.a) else 0)
    columns = np.append(path.b, path.b[-1] + 1 if len(path.b) else 0)
    count = int(rows.max()) + 1
    low, high = np.full(count, np.iinfo(np.int64).max), np.zeros(count, np.int64)
    np.minimum.at(low, rows, columns)
    np.maximum.at(high, rows, columns)
    low, high = np.minimum.accumulate(low[::-1])[::-1], np.maximum.accumulate(high)
    row_of = (a_ends / length).astype(np.int64)
    low = low[np.clip(row_of - reach, 0, count - 1)] - reach
    high = high[np.clip(row_of + 1 + reach, 0, count - 1)] + 1 + reach
    first = np.searchsorted(b_ends, low * length)
    stop = np.searchsorted(b_ends, high * length, side="right")
    last = len(b_ends) - 1
    first = np.minimum(np.maximum.accumulate(np.clip(first, 0, last)), last)
    stop = np.maximum.accumulate(np.clip(stop, 1, last + 1))
    first[0], stop[-1] = 0, last + 1
    return Band(first, np.maximum(stop, first + 1))


def _distances(a: Cells, b: Cells, band: Band, cancel: CancelToken) -> list[Cells]:
    """For each frame of A, the mean squared differences from the frames of B that it may be matched to."""
    if not len(a) or not len(b):
        return [np.empty(0, np.float32) for _ in range(len(a))]
    # Around a common mean, the squares stay small and their difference exact.
    middle = b.mean(axis=0)
    a, b = a - middle, b - middle
    a_squares, b_squares = (a**2).sum(axis=1), (b**2).sum(axis=1)
    found: list[Cells] = []
    for begin in range(0, len(a), _BLOCK):
        cancel.raise_if_cancelled()
        frames = range(begin, min(begin + _BLOCK, len(a)))
        runs = [matching_run(band, frame) for frame in frames]
        low, high = min(run.start for run in runs), max(run.stop for run in runs)
        products = a[begin : frames.stop] @ b[low:high].T
        for frame, run in zip(frames, runs, strict=True):
            product = products[frame - begin, run.start - low : run.stop - low]
            squares = a_squares[frame] + b_squares[run.start : run.stop] - 2 * product
            found.append(np.maximum(squares, 0) / np.float32(a.shape[1]))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Noise:
    """What two pictures of the same frame may differ by, in squared levels.

    Attributes:
        around: float64 (frames of A), the median of the best fits around each. Frames without a counterpart
            have no good fit: those of the video with fewer of them are taken.
        best_of_a: float64, the best fit of each frame of A.
        best_of_b: float64, that of each frame of B.
        most: float64 (frames of A), what is too much.
    """

    around: Numbers
    best_of_a: Numbers
    best_of_b: Numbers
    most: Numbers

    @classmethod
    def of(cls, apart: list[Cells], band: Band, a: Cells, b_count: int) -> _Noise:
        most = _MOST_NOISE_SHARE * (a.var(axis=1, dtype=np.float64) + _FLAT)
        best_of_a, best_of_b = np.full(len(a), np.inf), np.full(b_count, np.inf)
        if not len(a) or not b_count:
            return cls(np.ones(len(a)), best_of_a, best_of_b, np.ones(len(a)))
        origins = np.zeros(b_count, np.int64)
        for frame, values in enumerate(apart):
            if len(values):
                run = matching_run(band, frame)
                best_of_a[frame] = values.min()
                is_better = values < best_of_b[run.start : run.stop]
                best_of_b[run.start : run.stop][is_better] = values[is_better]
                origins[run.start : run.stop][is_better] = frame
        from_a = _median_around(np.clip(best_of_a, _LEAST_NOISE, most))
        from_b = _median_around(np.clip(best_of_b, _LEAST_NOISE, most[origins]))
        middles = (band.first + band.stop)[1:] / 2
        nearest = np.clip(middles.astype(np.int64), 0, b_count - 1)
        return cls(np.minimum(from_a, from_b[nearest]), best_of_a, best_of_b, most)

    @property
    def severity(self) -> Numbers:
        """How much a relative difference says, for each frame of A.

        A mean over hundreds of cells hardly varies by chance: of a good copy, a few percent more already say
        something. A bad one drags parts of the previous pictures along, for many frames.
        """
        share = self.around / (self.most / _MOST_NOISE_SHARE)
        return np.clip(_MOST_SEVERITY * np.sqrt(FINE_NOISE_SHARE / share), _LEAST_SEVERITY, _MOST_SEVERITY)

    def between(self, frame: int, run: range) -> Numbers:
        """What a frame of A and each of a run of B may differ by.

        Where both have no better fit, it is the scene that is noisier than those around.
        """
        best = np.minimum(self.best_of_a[frame], self.best_of_b[run.start : run.stop])
        between: Numbers = np.maximum(np.minimum(best, self.most[frame]), self.around[frame])
        return between


def _median_around(values: Numbers) -> Numbers:
    reach = min(_NOISE_REACH, (len(values) - 1) // 2)
    padded = np.pad(values, reach, mode="reflect") if reach else values
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    medians: Numbers = np.median(windows, axis=1)
    return medians
