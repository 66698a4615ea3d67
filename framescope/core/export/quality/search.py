"""Finds the lowest quality that reaches a given similarity (PSNR or SSIM), by encoding the frame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.export.encoders.formats import ChromaSampling
from framescope.core.export.quality.trial import LevelKind
from framescope.core.model.progress import Progress, ignore_progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.export.quality.trial import FrameTrials, Trial
    from framescope.core.model.progress import CancelToken, ProgressCallback

_HIGHEST = LevelKind.QUALITY.most
_LOOK_BELOW = 2
"""Qualities below the one found that are tried as well: similarity is not strictly monotonic."""
_MOST_TRIALS = 11


class Metric(StrEnum):
    """The similarity metric."""

    PSNR = "psnr"
    """Decibels."""
    SSIM = "ssim"
    """0 to 1."""

    def value_of(self, trial: Trial) -> float:
        """The metric's value in a trial."""
        return trial.psnr_db if self is Metric.PSNR else trial.ssim


@dataclass(frozen=True, slots=True)
class Target:
    """A similarity to reach.

    Attributes:
        metric: The metric.
        least: The minimum value.
    """

    metric: Metric
    least: float

    def is_met(self, trial: Trial) -> bool:
        """Whether a trial reached it; NaN never does."""
        return self.metric.value_of(trial) >= self.least


@dataclass(frozen=True, slots=True)
class Search:
    """The result of a search.

    Attributes:
        target: What was requested.
        found: The lowest quality that reaches the target; None if none does.
        best: The trial at the highest quality, if it was needed to show that even that misses the target.
        full_chroma: The trial at the highest quality with 4:4:4, if chroma subsampling may be the limit; None
            if not tried.
        trials: Everything that was tried, by quality.
    """

    target: Target
    found: Trial | None
    best: Trial
    full_chroma: Trial | None
    trials: tuple[Trial, ...]


def find_smallest_quality(
    frame: FrameTrials,
    target: Target,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Search:
    """The lowest quality of a format that reaches the target for this frame.

    Args:
        frame: The frame; its settings must have a quality.
        target: The similarity to reach.
        progress: Called after every trial.
        cancel: Stops it between two trials.

    Raises:
        SettingsError: The settings have no quality.
        Cancelled: ``cancel`` was used.
        EncodeError: The format cannot hold the picture.
    """
    with_ssim = target.metric is Metric.SSIM
    trials: dict[int, Trial] = {}

    def measure(quality: int) -> Trial:
        if cancel is not None:
            cancel.raise_if_cancelled()
        if quality not in trials:
            trials[quality] = frame.at_level(quality, with_ssim=with_ssim)
            progress(Progress(len(trials), _MOST_TRIALS, tr("Quality {quality}", quality=quality)))
        return trials[quality]

    best = measure(_HIGHEST)
    found = _smallest(measure, target) if target.is_met(best) else None
    full_chroma = None
    if found is None and frame.settings.image_format.has_chroma:
        full = replace(frame.settings, quality=_HIGHEST, chroma=ChromaSampling.FULL)
        if full.chroma is not frame.settings.chroma:
            full_chroma = frame.measure(full, with_ssim=with_ssim)
    tried = tuple(trials[quality] for quality in sorted(trials))
    return Search(target, found, best, full_chroma, tried)


def _smallest(measure: Callable[[int], Trial], target: Target) -> Trial:
    """Bisect between the highest quality, which reaches the target, and those that do not."""
    low, high = -1, _HIGHEST
    while high - low > 1:
        middle = (low + high) // 2
        if target.is_met(measure(middle)):
            high = middle
        else:
            low = middle
    # A quality step that makes the picture worse may hide a lower one that is good enough.
    for quality in range(high - 2, high - 2 - _LOOK_BELOW, -1):
        if quality >= 0 and target.is_met(measure(quality)):
            high = quality
    return measure(high)
