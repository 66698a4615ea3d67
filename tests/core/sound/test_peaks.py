"""Peaks: what is loud, silent or clipped is in the column of the frame where it was written."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import Cancelled
from framescope.core.media.file_state import state_of
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.sound import peaks as peaks_module
from framescope.core.sound.peaks import BLOCK, Peaks, PeaksStore, measure_peaks, sample_columns
from tests.clips.sounding import RATE, Sound, clicks, tone, write_sounding

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FRAMES = (0, 5, 23, 40, 47)
ORIGIN = Fraction(0)


def measured(path: Path, samples: NDArray[np.float32], codec: str = "pcm_s16le") -> Peaks:
    write_sounding(path, [Sound(samples, codec=codec)])
    return measure_peaks(str(path), 1, ORIGIN)


def frame_edges(count: int = 48) -> NDArray[np.int64]:
    """The positions where each frame begins, at 24 per second."""
    return np.round(np.arange(count + 1) * RATE / 24).astype(np.int64)


@pytest.mark.parametrize(("codec", "suffix"), [("pcm_s16le", "mkv"), ("aac", "mp4"), ("libopus", "mkv")])
def test_a_click_is_in_the_column_of_its_frame(tmp_path: Path, codec: str, suffix: str) -> None:
    path = tmp_path / f"clip.{suffix}"
    # A little after the frame begins: the columns are exact to half a block.
    peaks = measured(path, clicks([number / 24 + 0.02 for number in FRAMES]), codec)
    columns = peaks.columns(frame_edges())
    loud = np.flatnonzero(columns.highs[0] > 0.4)
    assert loud.tolist() == list(FRAMES)
    assert np.flatnonzero(columns.lows[0] < -0.4).tolist() == list(FRAMES)


def test_every_zoom_shows_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    samples = (rng.uniform(-1, 1, (2, RATE * 2)) * np.linspace(0, 0.9, RATE * 2)).astype(np.float32)
    peaks = measured(tmp_path / "clip.mkv", samples)
    assert (peaks.rate, peaks.channels, peaks.sample_count, peaks.is_complete) == (RATE, 2, 2 * RATE, True)
    for width in (BLOCK, 2 * BLOCK, 16 * BLOCK, 64 * BLOCK):
        edges = np.arange(0, 2 * RATE + 1, width)
        found, truth = peaks.columns(edges), samples[:, : edges[-1]].reshape(2, -1, width)
        assert np.abs(found.highs - truth.max(axis=2)).max() < 1e-3
        assert np.abs(found.lows - truth.min(axis=2)).max() < 1e-3
        assert np.abs(found.levels - np.sqrt(np.square(truth).mean(axis=2))).max() < 1e-3


def test_columns_of_one_block_and_less_repeat_it(tmp_path: Path) -> None:
    peaks = measured(tmp_path / "clip.mkv", tone(0.5, level=0.8))
    edges = np.arange(0, 3 * BLOCK, 50)
    assert (peaks.columns(edges).highs > 0.7).all()


def test_before_and_behind_the_sound_there_is_nothing(tmp_path: Path) -> None:
    peaks = measured(tmp_path / "clip.mkv", tone(0.5))
    edges = np.arange(-RATE, 2 * RATE, RATE // 4)
    columns = peaks.columns(edges)
    assert np.flatnonzero(columns.has_sound).tolist() == [4, 5]
    assert not columns.highs[:, ~columns.has_sound].any()
    assert not peaks.columns(np.array([5 * RATE, 6 * RATE])).has_sound.any()


def test_silence_is_what_stays_below_60_db(tmp_path: Path) -> None:
    samples = np.concatenate([tone(0.512), tone(0.512, level=0.0005), tone(0.512, level=0.01)], axis=1)
    peaks = measured(tmp_path / "clip.mkv", samples)
    silent = peaks.columns(np.arange(0, samples.shape[1] + 1, 24 * BLOCK)).silent[0]
    assert silent.tolist() == [False] * 4 + [True] * 4 + [False] * 4


def test_three_samples_in_a_row_at_full_scale_are_clipped(tmp_path: Path) -> None:
    samples = np.zeros((1, RATE), np.float32)
    samples[0, 4000:4002] = 1.0
    samples[0, 20_000:20_003] = -1.0
    samples[0, BLOCK * 150 - 1 : BLOCK * 150 + 2] = 1.0  # across two blocks
    peaks = measured(tmp_path / "clip.mkv", samples)
    clipped = np.flatnonzero(peaks.clipped[0])
    assert clipped.tolist() == [20_000 // BLOCK, 149, 150]
    assert peaks.clipped_share == pytest.approx(3 / peaks.clipped.shape[1])
    assert peaks.columns(np.array([0, 10_000, 30_000])).clipped[0].tolist() == [False, True]


def test_mixed_channels_hide_no_peak(tmp_path: Path) -> None:
    samples = np.concatenate([clicks([0.51]), -clicks([1.01])])
    mixed = measured(tmp_path / "clip.mkv", samples).columns(frame_edges()).mixed()
    assert np.flatnonzero(mixed.highs[0] > 0.5).tolist() == [12, 24]
    assert mixed.levels.shape == (1, 48)


def test_single_samples_are_exact_at_the_deepest_zoom() -> None:
    samples = np.array([[0.1, -0.2, 0.3, -0.4, 1.0, 1.0, 1.0]], np.float32)
    edges = np.array([99, 100, 101, 102, 103, 103, 104, 107, 108])
    columns = sample_columns(samples, 100, edges)
    assert columns.highs[0] == pytest.approx([0, 0.1, -0.2, 0.3, -0.4, -0.4, 1.0, 0])
    assert columns.lows[0] == pytest.approx(columns.highs[0])
    assert columns.has_sound.tolist() == [False, *[True] * 6, False]
    assert columns.clipped[0].tolist() == [False] * 6 + [True, False]


def test_progress_and_partial_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peaks_module, "_BATCH", RATE // 4)
    monkeypatch.setattr(peaks_module, "_PARTIAL_EVERY", 1)
    path = tmp_path / "clip.mkv"
    write_sounding(path, [Sound(tone(2.0))])
    parts: list[Peaks] = []
    reports: list[Progress] = []
    whole = measure_peaks(str(path), 1, ORIGIN, on_partial=parts.append, progress=reports.append)
    counts = [part.sample_count for part in parts]
    assert counts == sorted(counts)
    assert len(counts) > 4
    assert not any(part.is_complete for part in parts)
    for part in parts:
        shown = part.lows.shape[1]
        assert np.array_equal(part.lows, whole.lows[:, :shown])
    assert reports
    assert all(report.done <= (report.total or 0) for report in reports)


def test_it_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    write_sounding(path, [Sound(tone(0.5))])
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        measure_peaks(str(path), 1, ORIGIN, cancel=cancel)


def test_peaks_are_kept_for_as_long_as_the_file_stays_the_same(tmp_path: Path) -> None:
    store, path = PeaksStore(tmp_path / "store"), tmp_path / "clip.mkv"
    peaks = measured(path, tone(0.5))
    store.save(str(path), 1, ORIGIN, peaks, state_of(path))
    loaded = store.load(str(path), 1, ORIGIN)
    assert loaded is not None
    assert (loaded.rate, loaded.sample_count, loaded.is_complete) == (RATE, RATE // 2, True)
    assert np.array_equal(loaded.lows, peaks.lows)
    assert np.array_equal(loaded.clipped, peaks.clipped)
    assert store.load(str(path), 2, ORIGIN) is None
    assert store.load(str(path), 1, Fraction(1, 24)) is None
    measured(path, tone(0.6))
    assert store.load(str(path), 1, ORIGIN) is None


@pytest.mark.parametrize("change", ["lows", "header", "cut"])
def test_damaged_peaks_count_as_missing(tmp_path: Path, change: str) -> None:
    store, path = PeaksStore(tmp_path / "store"), tmp_path / "clip.mkv"
    store.save(str(path), 1, ORIGIN, measured(path, tone(0.5)), None)
    (entry,) = (tmp_path / "store").glob("*.npz")
    if change == "cut":
        entry.write_bytes(entry.read_bytes()[:500])
    else:
        with np.load(entry) as stored:
            arrays = dict(stored)
        arrays[change] = arrays[change][..., :-1]
        with entry.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
    assert store.load(str(path), 1, ORIGIN) is None
    assert not list((tmp_path / "store").glob("*.npz"))
