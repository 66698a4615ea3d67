"""The peaks and mean level of short blocks of sound, so that hours of it draw as fast as a second."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.folders import cache_folder
from framescope.core.media.array_store import ArrayStore
from framescope.core.model.progress import Progress, ignore_progress
from framescope.core.outside import parse_json, whole_number
from framescope.core.sound.reading import LONGEST_S, SoundReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import FileState
    from framescope.core.sound.reading import Samples

BLOCK = 256
"""Samples in a block of the lowest level."""
SILENT_BELOW = 0.001
"""−60 dB: sound that stays below this is silence."""

_FACTOR = 4
_BLOCKS_A_COLUMN = 8
_LEAST_BLOCKS = 64
_SCALE = 32767
_POWER_SCALE = 65535
_FULL_SCALE = 32767 / 32768
"""The largest value that 16 bits hold."""
_CLIPPED_RUN = 3
"""So many samples in a row at full scale are clipped: a single one is a peak that just fits."""
_BATCH = 1 << 17
_PARTIAL_EVERY = 32
"""Batches between two reports of what has been measured so far."""
_FORMAT = "peaks-1"
_LIMIT_BYTES = 256 << 20
_KINDS = {"lows": np.int16, "highs": np.int16, "levels": np.uint16, "clipped": np.bool_}


@dataclass(frozen=True, slots=True, eq=False)
class PeakColumns:
    """What to draw in each of n columns. All arrays are (channels, n).

    Attributes:
        lows: float32, the lowest sample; 0 where there is none.
        highs: float32, the highest sample; 0 where there is none.
        levels: float32, root mean square.
        clipped: bool, whether samples in it are clipped.
        has_sound: bool, (n,): whether the column lies before the end of the sound.
    """

    lows: NDArray[np.float32]
    highs: NDArray[np.float32]
    levels: NDArray[np.float32]
    clipped: NDArray[np.bool_]
    has_sound: NDArray[np.bool_]

    @property
    def silent(self) -> NDArray[np.bool_]:
        """(channels, n) bool: whether all of a column's sound is silence."""
        return self.has_sound & (np.maximum(self.highs, -self.lows) < SILENT_BELOW)

    def mixed(self) -> PeakColumns:
        """All channels in one, (1, n): the envelope around them, so that no peak is averaged away."""
        power = np.square(self.levels).mean(axis=0, keepdims=True)
        return PeakColumns(
            self.lows.min(axis=0, keepdims=True),
            self.highs.max(axis=0, keepdims=True),
            np.sqrt(power),
            np.logical_or.reduce(self.clipped, axis=0, keepdims=True),
            self.has_sound,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """Blocks of one size; all arrays are (channels, blocks)."""

    block: int
    lows: NDArray[np.int16]
    highs: NDArray[np.int16]
    power: NDArray[np.float32]
    clipped: NDArray[np.bool_]

    def above(self) -> _Level:
        """The same in blocks several times as long."""
        edges = np.arange(0, self.lows.shape[1], _FACTOR)
        counts = np.diff(np.append(edges, self.lows.shape[1]))
        return _Level(
            self.block * _FACTOR,
            np.minimum.reduceat(self.lows, edges, axis=1),
            np.maximum.reduceat(self.highs, edges, axis=1),
            (np.add.reduceat(self.power, edges, axis=1) / counts).astype(np.float32),
            np.logical_or.reduceat(self.clipped, edges, axis=1),
        )


@dataclass(frozen=True, eq=False)
class Peaks:
    """The peaks of an audio stream, in blocks of 256 samples; longer blocks are derived from them.

    Positions are those of `SoundReader`.

    Attributes:
        rate: Samples per second and channel.
        sample_count: Samples from the first frame of the video to the end of the sound, or to where it has
            been measured so far.
        is_complete: Whether that is the end.
        lows: (channels, blocks) int16, the lowest sample; 32767 is full scale.
        highs: (channels, blocks) int16, the highest.
        levels: (channels, blocks) uint16, root mean square; 65535 is full scale.
        clipped: (channels, blocks) bool, whether samples are clipped: three or more in a row at full scale.
    """

    rate: int
    sample_count: int
    is_complete: bool
    lows: NDArray[np.int16]
    highs: NDArray[np.int16]
    levels: NDArray[np.uint16]
    clipped: NDArray[np.bool_]
    _levels: list[_Level] = field(default_factory=list, init=False, repr=False)

    @property
    def channels(self) -> int:
        """Number of channels."""
        return int(self.lows.shape[0])

    @property
    def duration_s(self) -> float:
        """Seconds from the first frame of the video to the end of the sound."""
        return self.sample_count / self.rate

    @cached_property
    def clipped_share(self) -> float:
        """The share of blocks with clipped samples in any channel."""
        return float(self.clipped.any(axis=0).mean()) if self.clipped.size else 0.0

    def columns(self, edges: NDArray[np.int64]) -> PeakColumns:
        """The columns between ascending positions, each at least one sample wide.

        Whole blocks count: a column shows up to an eighth of its width, or 256 samples, of its neighbours.

        Args:
            edges: int64, n + 1 positions; what lies before 0 or behind the end counts as nothing.
        """
        inside = np.clip(edges, 0, self.sample_count)
        starts, stops = inside[:-1], inside[1:]
        has_sound = (edges[1:] > 0) & (starts < self.sample_count)
        shown = np.flatnonzero(has_sound)
        count = len(starts)
        lows, highs, levels = (np.zeros((self.channels, count), np.float32) for _ in range(3))
        clipped = np.zeros((self.channels, count), np.bool_)
        found = PeakColumns(lows, highs, levels, clipped, has_sound)
        if not len(shown):
            return found
        level = self._level_for(float(np.median(stops[shown] - starts[shown])))
        first = starts[shown] // level.block
        last = np.maximum(-(-stops[shown] // level.block), first + 1)
        lows[:, shown] = _in_spans(np.minimum, level.lows, first, last) / _SCALE
        highs[:, shown] = _in_spans(np.maximum, level.highs, first, last) / _SCALE
        clipped[:, shown] = _in_spans(np.logical_or, level.clipped, first, last)
        levels[:, shown] = np.sqrt(_in_spans(np.add, level.power, first, last) / (last - first))
        return found

    def _level_for(self, samples_per_column: float) -> _Level:
        levels = self._levels
        if not levels:
            power = np.square(self.levels.astype(np.float32) / _POWER_SCALE)
            levels.append(_Level(BLOCK, self.lows, self.highs, power, self.clipped))
            while levels[-1].lows.shape[1] > _LEAST_BLOCKS:
                levels.append(levels[-1].above())
        fitting = [level for level in levels if level.block * _BLOCKS_A_COLUMN <= samples_per_column]
        return fitting[-1] if fitting else levels[0]


def sample_columns(samples: Samples, first: int, edges: NDArray[np.int64]) -> PeakColumns:
    """The columns between ascending positions, from samples: exact at any zoom.

    Args:
        samples: (channels, count) float32.
        first: The position of the first one.
        edges: int64, n + 1 positions; a column narrower than a sample shows the one it lies in.
    """
    count = samples.shape[1]
    starts = np.clip(edges[:-1] - first, 0, max(count - 1, 0))
    stops = np.clip(np.maximum(edges[1:] - first, starts + 1), 1, max(count, 1))
    has_sound = (edges[1:] > first) & (edges[:-1] < first + count)
    if not count:
        samples = np.zeros((samples.shape[0], 1), np.float32)
    power = _in_spans(np.add, np.square(samples), starts, stops) / (stops - starts)
    parts = (
        _in_spans(np.minimum, samples, starts, stops),
        _in_spans(np.maximum, samples, starts, stops),
        np.sqrt(power),
    )
    lows, highs, levels = (np.where(has_sound, part, 0).astype(np.float32) for part in parts)
    clipped = has_sound & _in_spans(np.logical_or, clipped_samples(samples), starts, stops)
    return PeakColumns(lows, highs, levels, clipped, has_sound)


def _in_spans(
    ufunc: np.ufunc, values: NDArray[Any], starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> NDArray[Any]:
    """``ufunc`` over each span of ``values`` (channels, n); spans ascend, may overlap, and are not empty."""
    first, last = int(starts[0]), int(stops.max())
    # One more at the end, so that its border is a valid index.
    part = np.concatenate([values[:, first:last], values[:, last - 1 : last]], axis=1)
    borders = np.stack([starts, stops], axis=1).ravel() - first
    # What lies between two spans is reduced as well, and left out.
    reduced: NDArray[Any] = ufunc.reduceat(part, borders, axis=1)[:, ::2]
    return reduced


def clipped_samples(samples: Samples) -> NDArray[np.bool_]:
    """(channels, n) bool: whether a sample is one of at least three in a row at full scale."""
    full = np.abs(samples) >= _FULL_SCALE
    clipped = np.zeros_like(full)
    count = full.shape[1] - _CLIPPED_RUN + 1
    if count > 0 and full.any():
        runs = np.logical_and.reduce([full[:, shift : shift + count] for shift in range(_CLIPPED_RUN)])
        for shift in range(_CLIPPED_RUN):
            clipped[:, shift : shift + count] |= runs
    return clipped


class _Measurement:
    """Collects the blocks of a stream."""

    def __init__(self, rate: int, channels: int) -> None:
        self._rate = rate
        self._parts: dict[str, list[NDArray[Any]]] = {name: [] for name in _KINDS}
        self._rest = np.zeros((channels, 0), np.float32)
        self._count = 0

    def add(self, samples: Samples) -> None:
        """Measure whole blocks; what is left waits for more."""
        joined = np.concatenate([self._rest, samples], axis=1)
        whole = joined.shape[1] // BLOCK * BLOCK
        self._measure(joined[:, :whole])
        self._rest = joined[:, whole:]

    def end(self) -> None:
        """Measure what is left as a shorter block."""
        self._measure(self._rest)

    def peaks(self, *, is_complete: bool) -> Peaks:
        """What has been measured so far."""
        channels = self._rest.shape[0]
        arrays: dict[str, NDArray[Any]] = {
            name: np.concatenate([np.zeros((channels, 0), _KINDS[name]), *parts], axis=1)
            for name, parts in self._parts.items()
        }
        return Peaks(self._rate, self._count, is_complete, **arrays)

    def _measure(self, samples: Samples) -> None:
        if not samples.shape[1]:
            return
        edges = np.arange(0, samples.shape[1], BLOCK)
        counts = np.diff(np.append(edges, samples.shape[1]))
        level = np.sqrt(np.add.reduceat(np.square(samples), edges, axis=1) / counts)
        parts = self._parts
        parts["lows"].append(_in_16_bits(np.minimum.reduceat(samples, edges, axis=1)))
        parts["highs"].append(_in_16_bits(np.maximum.reduceat(samples, edges, axis=1)))
        parts["levels"].append(np.round(np.clip(level, 0, 1) * _POWER_SCALE).astype(np.uint16))
        parts["clipped"].append(np.logical_or.reduceat(clipped_samples(samples), edges, axis=1))
        self._count += samples.shape[1]


def _in_16_bits(values: Samples) -> NDArray[np.int16]:
    return np.round(np.clip(values, -1, 1) * _SCALE).astype(np.int16)


def measure_peaks(  # noqa: PLR0913 - every one is named at the call
    source: str,
    stream_index: int,
    origin_s: Fraction,
    *,
    on_partial: Callable[[Peaks], None] | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Peaks:
    """Decode a whole audio stream and measure it. Threads: any.

    Args:
        source: Path or address.
        stream_index: The audio stream, over all streams of the file.
        origin_s: When the first frame of the video is shown, on the file's own clock.
        on_partial: Receives what has been measured, now and then.
        progress: Receives seconds.
        cancel: Stops it.

    Raises:
        OpenError: The file cannot be opened.
        SoundError: There is no such stream, or nothing of it can be decoded.
        Cancelled: It was stopped.
    """
    with SoundReader(source, stream_index, origin_s) as reader:
        measured = _Measurement(reader.rate, reader.channels)
        total = None if reader.duration_s is None else max(int(reader.duration_s), 1)
        waiting: list[Samples] = []
        batches = 0
        for at, samples in reader.blocks():
            if cancel is not None:
                cancel.raise_if_cancelled()
            waiting.append(samples)
            if sum(part.shape[1] for part in waiting) < _BATCH:
                continue
            measured.add(np.concatenate(waiting, axis=1))
            waiting.clear()
            batches += 1
            done = at // reader.rate
            progress(Progress(done if total is None else min(done, total), total))
            if on_partial is not None and batches % _PARTIAL_EVERY == 0:
                on_partial(measured.peaks(is_complete=False))
        if waiting:
            measured.add(np.concatenate(waiting, axis=1))
        measured.end()
    return measured.peaks(is_complete=True)


class PeaksStore:
    """Peaks on disk, found again for as long as their file stays the same."""

    def __init__(self, folder: Path | None = None) -> None:
        own = cache_folder()
        self._arrays = ArrayStore(folder or (None if own is None else own / "sound"))

    def load(self, source: str, stream_index: int, origin_s: Fraction) -> Peaks | None:
        """The stored peaks for the file's current state, or None."""
        return self._arrays.load(source, stream_index, _kind(origin_s), _from_arrays)

    def save(
        self, source: str, stream_index: int, origin_s: Fraction, peaks: Peaks, state: FileState | None
    ) -> None:
        """Store complete peaks under the file's state before it was read; a full disk is not an error."""
        header = {"rate": peaks.rate, "samples": peaks.sample_count}
        arrays: dict[str, NDArray[Any]] = {name: getattr(peaks, name) for name in _KINDS}
        arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
        self._arrays.save(
            source, stream_index, _kind(origin_s), arrays, limit_bytes=_LIMIT_BYTES, state=state
        )


def _kind(origin_s: Fraction) -> str:
    # Positions count from the first frame of the video, and another video stream may begin elsewhere.
    return f"{_FORMAT} {origin_s}"


def _from_arrays(arrays: dict[str, NDArray[Any]]) -> Peaks:
    header = parse_json(arrays["header"].tobytes())
    rate, count = whole_number(header["rate"], least=1), whole_number(header["samples"])
    shape = arrays["lows"].shape
    wrong = [
        name for name, kind in _KINDS.items() if arrays[name].dtype != kind or arrays[name].shape != shape
    ]
    if wrong or count > LONGEST_S * rate or shape != (shape[0], -(-count // BLOCK)) or not shape[0]:
        raise ValueError(f"the stored peaks are damaged: {wrong}")
    return Peaks(rate, count, is_complete=True, **{name: arrays[name] for name in _KINDS})
