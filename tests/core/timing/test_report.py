"""One record holds a file's timing, and OpenCV's word beside it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope.core.media.video import open_video
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.timing.report import measure_timing, read_opencv_times

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_constant_file_has_no_errors(plain_clip: Path) -> None:
    with open_video(plain_clip) as video:
        info, index = video.info, video.index
    times, remark = read_opencv_times(info, index, progress=ignore_progress, cancel=CancelToken())
    assert (len(times), remark) == (48, "")
    report = measure_timing(info, index, times, remark)
    assert report.intervals.is_constant
    assert report.rate_declared == Fraction(24)
    assert report.duration_declared_s == pytest.approx(2.0)
    assert report.nominal is not None
    assert report.nominal.wrong_frames == 0
    assert report.opencv is not None
    assert report.opencv.worst_ms == pytest.approx(0, abs=0.1)


def test_a_varying_file_has_errors(clip: Callable[[str], Path]) -> None:
    with open_video(clip("vfr.mp4")) as video:
        report = measure_timing(video.info, video.index)
    assert not report.intervals.is_constant
    assert report.nominal is not None
    assert report.nominal.wrong_frames > 20
    assert report.opencv is None


def test_what_opencv_cannot_read_is_remarked(media_file: Callable[[str], Path]) -> None:
    for name, words in (("av1_filmgrain_10bit.ivf", "gives no frame"), ("bad_h264_middle.mp4", "28 frames")):
        with open_video(media_file(name)) as video:
            _, remark = read_opencv_times(
                video.info, video.index, progress=ignore_progress, cancel=CancelToken()
            )
        assert words in remark
