"""Finds scene changes: the decisions of PySceneDetect's detectors on previously measured scores. Pure.

The scores (`scene_scores`) are the library's own. Its detectors measure and decide in one step; here the
decision is separate from the measurement, rule by rule, so that changing a threshold decodes nothing. The
tests compare each rule with the library's detector on the same frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import SettingsError

# Before PySceneDetect imports OpenCV itself: this import undoes the wheel's changes to Qt's environment.
from framescope.core.opencv import cv2  # noqa: F401
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from framescope.core.sampling.content import ContentMeasures

_ADAPTIVE_REACH = 2
"""Frames on either side that the adaptive detector averages (its ``window_width``)."""
_NO_CHANGE = 0.00001
_MOST_RATIO = 255.0


class SceneDetector(StrEnum):
    """PySceneDetect's detectors."""

    CONTENT = "content"
    """Hue, saturation and brightness change by more than the threshold: hard cuts."""
    ADAPTIVE = "adaptive"
    """They change several times more than in neighbouring frames: hard cuts in fast motion."""
    HASH = "hash"
    """The perceptual hash changes."""
    HISTOGRAM = "histogram"
    """The brightness histogram changes."""
    FADE = "threshold"
    """The picture returns from black: fades."""


class ScenePick(StrEnum):
    """Which frame represents a scene."""

    FIRST = "first"
    MIDDLE = "middle"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class SceneRule:
    """Parameters of scene detection. Defaults are PySceneDetect's.

    Attributes:
        detector: The detector; it determines which threshold applies.
        content: Threshold of the content detector: mean change of hue, saturation and brightness, 0 to 255.
        adaptive: Threshold of the adaptive detector: ratio of that change to that of neighbouring frames.
        adaptive_content: Minimum change of the adaptive detector (``min_content_val``).
        hash: Threshold of the hash detector: share of differing bits, 0 to 1.
        histogram: Threshold of the histogram detector: histogram difference, 0 to 1.
        fade: Brightness below which the picture counts as faded out, 0 to 255.
        shortest: Minimum scene length in frames (``min_scene_len``).
        pick: Which frame represents a scene.
    """

    detector: SceneDetector = SceneDetector.CONTENT
    content: float = 27.0
    adaptive: float = 3.0
    adaptive_content: float = 15.0
    hash: float = 0.35
    histogram: float = 0.20
    fade: float = 12.0
    shortest: int = 15
    pick: ScenePick = ScenePick.FIRST

    @property
    def threshold(self) -> float:
        """The threshold of the selected detector."""
        return float(getattr(self, THRESHOLD_NAMES[self.detector]))


THRESHOLD_NAMES = {
    SceneDetector.CONTENT: "content",
    SceneDetector.ADAPTIVE: "adaptive",
    SceneDetector.HASH: "hash",
    SceneDetector.HISTOGRAM: "histogram",
    SceneDetector.FADE: "fade",
}
"""The attribute of `SceneRule` that holds each detector's threshold."""


def scene_cuts(content: ContentMeasures, rule: SceneRule) -> NDArray[np.int64]:
    """Numbers of the frames that begin a scene, except the very first; int64, ascending.

    Raises:
        SettingsError: A number of the rule is invalid.
    """
    if rule.threshold < 0 or rule.shortest < 0:
        raise SettingsError(tr("Neither a threshold nor the length of a scene can be below 0."))
    seen = content.is_available
    numbers = content.frame_numbers
    if not len(numbers):
        return np.empty(0, np.int64)
    if rule.detector is SceneDetector.FADE:
        return _after_fades(numbers, content.brightness[seen], rule)
    if rule.detector is SceneDetector.CONTENT:
        return _after_merging(numbers, _change(content) >= rule.content, rule.shortest)
    if rule.detector is SceneDetector.ADAPTIVE:
        is_cut = _stands_out(_change(content), rule)
    elif rule.detector is SceneDetector.HASH:
        is_cut = content.hash_distance[seen] >= rule.hash
    else:
        is_cut = content.correlation[seen] <= max(0.0, min(1.0, 1.0 - rule.histogram))
    return _far_enough(numbers[0], numbers[is_cut], rule.shortest)


def scene_scores(content: ContentMeasures, rule: SceneRule) -> NDArray[np.float64]:
    """The scores that the rule's detector compares with its threshold, by position; NaN if missing.

    A frame that reaches the threshold may begin a scene, except with `SceneDetector.FADE`, where frames below
    it are dark.
    """
    if rule.detector is SceneDetector.HASH:
        return content.hash_distance
    if rule.detector is SceneDetector.HISTOGRAM:
        return 1.0 - content.correlation
    if rule.detector is SceneDetector.FADE:
        return content.brightness
    scores = np.full(len(content), np.nan)
    change = _change(content)
    is_adaptive = rule.detector is SceneDetector.ADAPTIVE
    scores[content.is_available] = _ratio(change, rule) if is_adaptive else change
    return scores


def scene_frames(
    content: ContentMeasures, rule: SceneRule, *, excluded: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """One frame of each scene; int64, ascending. Scenes without a decodable frame yield none.

    Args:
        content: The frames' measures.
        rule: What counts as a scene, and which of its frames is taken.
        excluded: Frames that are not taken; they still end and begin scenes.

    Raises:
        SettingsError: A number of the rule is invalid.
    """
    numbers = content.frame_numbers
    if excluded is not None:
        numbers = numbers[~np.isin(numbers, excluded)]
    bounds = np.concatenate(([0], np.searchsorted(numbers, scene_cuts(content, rule)), [len(numbers)]))
    begins, ends = bounds[:-1], bounds[1:]
    begins, ends = begins[ends > begins], ends[ends > begins]
    places = {
        ScenePick.FIRST: begins,
        ScenePick.MIDDLE: (begins + ends - 1) // 2,
        ScenePick.LAST: ends - 1,
    }
    chosen: NDArray[np.int64] = numbers[places[rule.pick]]
    return chosen


def _change(content: ContentMeasures) -> NDArray[np.float64]:
    """``content_val`` of the frames that could be decoded; 0 for the first one."""
    seen = content.is_available
    total = content.hue[seen] + content.saturation[seen] + content.lightness[seen]
    return np.nan_to_num(total / 3.0, nan=0.0)


def _stands_out(change: NDArray[np.float64], rule: SceneRule) -> NDArray[np.bool_]:
    """Where the change is large relative to the mean of neighbouring changes (AdaptiveDetector)."""
    is_cut: NDArray[np.bool_] = (_ratio(change, rule) >= rule.adaptive) & (change >= rule.adaptive_content)
    # Frames at both ends have too few neighbours.
    is_cut[:_ADAPTIVE_REACH] = is_cut[len(is_cut) - _ADAPTIVE_REACH :] = False
    return is_cut


def _ratio(change: NDArray[np.float64], rule: SceneRule) -> NDArray[np.float64]:
    """The change relative to the mean of neighbouring changes; 0 at both ends."""
    ratios = np.zeros(len(change))
    reach = _ADAPTIVE_REACH
    count = len(change) - 2 * reach
    if count <= 0:
        return ratios
    around = np.zeros(count)
    for offset in (*range(reach), *range(reach + 1, 2 * reach + 1)):
        around += change[offset : offset + count]
    around /= 2.0 * reach
    target = change[reach : reach + count]
    is_still = np.abs(around) < _NO_CHANGE
    ratio = np.where(target >= rule.adaptive_content, _MOST_RATIO, 0.0)
    np.divide(target, around, out=ratio, where=~is_still)
    ratios[reach : reach + count] = np.minimum(ratio, _MOST_RATIO)
    return ratios


def _far_enough(first: int, candidates: Iterable[int], shortest: int) -> NDArray[np.int64]:
    """The candidates that keep the previous scene at its minimum length; others are not cuts."""
    cuts: list[int] = []
    last = int(first)
    for number in candidates:
        if number - last >= shortest:
            last = int(number)
            cuts.append(last)
    return np.array(cuts, np.int64)


class _FrameNumber(int):
    """A frame number in place of the library filter's timecode: it needs a rate and subtraction."""

    frame_rate = 1


def _after_merging(
    numbers: NDArray[np.int64], is_above: NDArray[np.bool_], shortest: int
) -> NDArray[np.int64]:
    """The library's own filter, which merges cuts too close to each other into the last one."""
    from scenedetect.detector import FlashFilter  # noqa: PLC0415 - loads readers that are not needed here

    flashes = FlashFilter(FlashFilter.Mode.MERGE, shortest)
    cuts: list[int] = []
    for number, above in zip(numbers.tolist(), is_above.tolist(), strict=True):
        cuts += flashes.filter(_FrameNumber(number), above)
    # Without a minimum length and with a threshold of 0, the library reports even the first frame as a cut.
    return np.array([int(cut) for cut in cuts if cut != numbers[0]], np.int64)


def _after_fades(
    numbers: NDArray[np.int64], brightness: NDArray[np.float64], rule: SceneRule
) -> NDArray[np.int64]:
    """The middle of each dark passage followed by light (ThresholdDetector, bias 0)."""
    is_dark = brightness < int(rule.fade)
    flips = np.flatnonzero(is_dark[1:] != is_dark[:-1]) + 1
    faded_at, last = int(numbers[0]), int(numbers[0])
    cuts: list[int] = []
    for place in flips.tolist():
        number = int(numbers[place])
        if is_dark[place]:
            faded_at = number
        elif number - last >= rule.shortest:
            cuts.append(faded_at + round((number - faded_at) / 2))
            last = number
    return np.array([cut for cut in cuts if cut != numbers[0]], np.int64)
