"""One record holds what was measured, what the header says and what OpenCV claims."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.audit.records import EngineTrial, Interruption, Sequence, TrialState
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.source.opening import open_video, probe
from framescope.core.timing import report as module
from framescope.core.timing.report import measure_timing, read_opencv_times
from tests.core.media.index_examples import closed_gops

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo


@pytest.fixture
def info(plain_clip: Path) -> VideoInfo:
    return replace(probe(str(plain_clip)), average_rate=Fraction(24), base_rate=Fraction(30), duration_s=0.5)


def test_the_declared_rate_is_held_to_the_measured_one(info: VideoInfo) -> None:
    report = measure_timing(info, closed_gops())
    assert report.intervals.rate == 25
    assert report.rate_declared == 24
    assert report.duration_declared_s == 0.5
    assert report.nominal is not None
    assert report.nominal.source == "n / 24"
    assert report.nominal.worst_ms == pytest.approx(7000 / 24 - 7000 / 25)
    assert (report.opencv, report.opencv_times_s, report.opencv_remark) == (None, None, "")


def test_the_base_rate_stands_in(info: VideoInfo) -> None:
    assert measure_timing(replace(info, average_rate=None), closed_gops()).rate_declared == 30
    silent = measure_timing(replace(info, average_rate=None, base_rate=None), closed_gops())
    assert (silent.rate_declared, silent.nominal) == (None, None)


def test_opencv_is_held_to_the_true_times(info: VideoInfo) -> None:
    report = measure_timing(info, closed_gops(), np.arange(8, dtype=np.float64) * 0.04 + 0.04, "one late")
    assert report.opencv is not None
    assert report.opencv.frames.tolist() == [1, 1, 1, 1, 1, 1, 1, 0]
    assert report.opencv.seconds == pytest.approx(np.full(8, 0.04))
    assert report.opencv_remark == "one late"
    assert measure_timing(info, closed_gops(), np.empty(0), "nothing").opencv is None


def test_opencv_reads_the_file_itself(plain_clip: Path) -> None:
    seen: list[Progress] = []
    with open_video(str(plain_clip)) as video:
        times, remark = read_opencv_times(video.info, video.index, progress=seen.append, cancel=CancelToken())
    assert remark == ""
    assert times == pytest.approx(np.arange(48) / 24, abs=1e-3)
    assert seen[-1].done == 48


@pytest.mark.parametrize(
    ("count", "reason", "words"),
    [
        (0, "crashed: SIGSEGV", "OpenCV returns no frame: crashed: SIGSEGV."),
        (0, "", "OpenCV returns no frame: read() returns False."),
        (5, "", "OpenCV shows 5 frames in sequence where the file has 8."),
        (8, "", ""),
    ],
)
def test_what_is_odd_is_remarked(
    info: VideoInfo, monkeypatch: pytest.MonkeyPatch, count: int, reason: str, words: str
) -> None:
    sequence = Sequence(
        digests=np.arange(count, dtype=np.uint64), times_s=np.arange(count, dtype=np.float64) / 25
    )
    trial = EngineTrial("opencv", "OpenCV", "read", "5", TrialState.DONE, reason, sequence=sequence)
    monkeypatch.setattr(module, "run_trial", lambda *_args, **_options: trial)
    times, remark = read_opencv_times(
        info, closed_gops(), progress=lambda _progress: None, cancel=CancelToken()
    )
    assert (len(times), remark) == (count, words)


def test_a_read_that_fails_in_the_middle_is_remarked(
    info: VideoInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    sequence = Sequence(
        digests=np.arange(8, dtype=np.uint64),
        times_s=np.arange(8, dtype=np.float64) / 25,
        is_complete=True,
        interruptions=(Interruption(5, 1, "read() returns False"),),
    )
    trial = EngineTrial("opencv", "OpenCV", "read", "5", TrialState.DONE, sequence=sequence)
    monkeypatch.setattr(module, "run_trial", lambda *_args, **_options: trial)
    times, remark = read_opencv_times(
        info, closed_gops(), progress=lambda _progress: None, cancel=CancelToken()
    )
    assert len(times) == 8
    assert "read() returns False once, at frame 5" in remark
    assert "loses 3 frames" in remark
