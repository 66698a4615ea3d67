"""The smallest quality that keeps a similarity."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from framescope.core.errors import Cancelled, SettingsError
from framescope.core.export.encoders.formats import ChromaSampling, ImageFormat
from framescope.core.export.quality.search import Metric, Target, find_smallest_quality
from framescope.core.export.quality.trial import FrameTrials, Trial
from framescope.core.model.progress import CancelToken, Progress
from tests.core.export.quality.test_trial import JPEG, smooth_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.export.settings import ExportSettings


class FakeTrials:
    """A made-up encoder."""

    def __init__(
        self, decibels: Callable[[int], float], chroma: ChromaSampling = ChromaSampling.FULL
    ) -> None:
        self.decibels = decibels
        self.settings = replace(JPEG, chroma=chroma)
        self.tried: list[int] = []

    def at_level(self, level: int, *, with_ssim: bool = False) -> Trial:
        self.tried.append(level)
        return Trial(level, level * 10, self.decibels(level), 0.9 if with_ssim else math.nan, 0.0)

    def measure(self, settings: ExportSettings, *, with_ssim: bool = False) -> Trial:
        del with_ssim
        assert settings.chroma is ChromaSampling.FULL
        return Trial(settings.quality, 5000, self.decibels(settings.quality) + 6, math.nan, 0.0)

    def as_trials(self) -> FrameTrials:
        return cast("FrameTrials", self)


@pytest.mark.parametrize("threshold", [0, 1, 37, 64, 99, 100])
def test_the_smallest_is_found_with_few_trials(threshold: int) -> None:
    fake = FakeTrials(lambda quality: 40.0 if quality >= threshold else 30.0)
    search = find_smallest_quality(fake.as_trials(), Target(Metric.PSNR, 40.0))
    assert search.found is not None
    assert search.found.level == threshold
    assert len(fake.tried) <= 11
    assert [trial.level for trial in search.trials] == sorted(fake.tried)


def test_a_dent_in_the_curve_does_not_hide_a_smaller_quality() -> None:
    # 61 alone is worse than 60: between 60 and 62 bisection sees the dent and stops above it.
    fake = FakeTrials(lambda quality: 39.0 if quality == 61 or quality < 60 else 41.0)
    search = find_smallest_quality(fake.as_trials(), Target(Metric.PSNR, 40.0))
    assert search.found is not None
    assert search.found.level == 60


def test_what_cannot_be_reached_is_said() -> None:
    fake = FakeTrials(lambda quality: 20 + quality / 5)
    search = find_smallest_quality(fake.as_trials(), Target(Metric.PSNR, 50.0))
    assert search.found is None
    assert search.best.psnr_db == 40.0
    assert search.full_chroma is None
    assert fake.tried == [100]


def test_finer_colours_are_tried_where_coarse_ones_may_stand_in_the_way() -> None:
    fake = FakeTrials(lambda quality: 20 + quality / 5, ChromaSampling.QUARTER)
    search = find_smallest_quality(fake.as_trials(), Target(Metric.PSNR, 45.0))
    assert search.found is None
    assert search.full_chroma is not None
    assert search.full_chroma.psnr_db == 46.0


@pytest.mark.parametrize(
    ("metric", "least"), [(Metric.PSNR, 34.0), (Metric.PSNR, 30.0), (Metric.SSIM, 0.9), (Metric.SSIM, 0.97)]
)
def test_with_a_real_encoder_every_quality_below_misses_the_target(metric: Metric, least: float) -> None:
    frame = FrameTrials(smooth_frame(), replace(JPEG, chroma=ChromaSampling.FULL))
    target = Target(metric, least)
    search = find_smallest_quality(frame, target)
    assert search.found is not None
    every = [frame.at_level(quality, with_ssim=True) for quality in range(search.found.level + 1)]
    assert target.is_met(every[-1])
    assert not any(target.is_met(trial) for trial in every[-2:-4:-1])


def test_coarse_colours_can_put_a_target_out_of_reach_for_real() -> None:
    frame = FrameTrials(smooth_frame(), replace(JPEG, chroma=ChromaSampling.QUARTER))
    search = find_smallest_quality(frame, Target(Metric.PSNR, 44.0))
    assert search.found is None
    assert search.full_chroma is not None
    assert search.full_chroma.psnr_db > 44.0 > search.best.psnr_db


def test_a_picture_too_small_for_ssim_never_meets_it() -> None:
    frame = FrameTrials(smooth_frame(8, 8), JPEG)
    search = find_smallest_quality(frame, Target(Metric.SSIM, 0.1))
    assert search.found is None


def test_it_tells_how_far_it_is_and_stops_when_asked() -> None:
    fake = FakeTrials(float)
    reports: list[Progress] = []
    cancel = CancelToken()

    def report(progress: Progress) -> None:
        reports.append(progress)
        if progress.done == 3:
            cancel.cancel()

    with pytest.raises(Cancelled):
        find_smallest_quality(fake.as_trials(), Target(Metric.PSNR, 10.0), progress=report, cancel=cancel)
    assert [report.done for report in reports] == [1, 2, 3]
    assert reports[0].text == "Quality 100"


def test_a_format_without_quality_is_refused() -> None:
    frame = FrameTrials(smooth_frame(), replace(JPEG, image_format=ImageFormat.NPY))
    with pytest.raises(SettingsError, match="no quality"):
        find_smallest_quality(frame, Target(Metric.PSNR, 40.0))
