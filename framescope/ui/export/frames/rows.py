"""The fields of each way to choose frames, declared as rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.sampling.sampling import Sampling, SamplingKind, WindowUnit
from framescope.core.sampling.scenes import SceneDetector, ScenePick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum

_MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number.

    Attributes:
        path: The part of `Sampling` it sets, such as ``scenes.content``.
        label: Before the field.
        name: The field's object name.
        tip: What it means; read out as well.
        unit: Behind the number.
        least: Smallest value.
        most: Largest value.
        decimals: Digits after the point; 0 for whole numbers.
        zero: What 0 is called, where it means something of its own.
        shown_if: Whether the row is seen with these other values.
    """

    path: str
    label: str
    name: str
    tip: str
    unit: str = ""
    least: float = 1
    most: float = _MOST
    decimals: int = 0
    zero: str = ""
    shown_if: Callable[[Sampling], bool] | None = None


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One of a few; see `NumberRow`. ``words`` gives the values in their order."""

    path: str
    label: str
    name: str
    tip: str
    words: Mapping[StrEnum, str]
    shown_if: Callable[[Sampling], bool] | None = None


@dataclass(frozen=True, slots=True)
class FlagRow:
    """Yes or no; see `NumberRow`."""

    path: str
    label: str
    name: str
    tip: str
    shown_if: Callable[[Sampling], bool] | None = None


@dataclass(frozen=True, slots=True)
class TextRow:
    """A line of text; see `NumberRow`."""

    path: str
    label: str
    name: str
    tip: str
    placeholder: str = ""
    shown_if: Callable[[Sampling], bool] | None = None


Row = NumberRow | ChoiceRow | FlagRow | TextRow


def _by(*detectors: SceneDetector) -> Callable[[Sampling], bool]:
    return lambda sampling: sampling.scenes.detector in detectors


_DETECTORS: dict[StrEnum, str] = {
    SceneDetector.CONTENT: "Content: hue, saturation, light",
    SceneDetector.ADAPTIVE: "Adaptive: content compared with its neighbours",
    SceneDetector.HASH: "Hash: perceptual hash",
    SceneDetector.HISTOGRAM: "Histogram of brightness",
    SceneDetector.FADE: "Threshold: fades from black",
}
_PICKS: dict[StrEnum, str] = {
    ScenePick.FIRST: "first frame",
    ScenePick.MIDDLE: "middle frame",
    ScenePick.LAST: "last frame",
}
_UNITS: dict[StrEnum, str] = {WindowUnit.SECONDS: "seconds", WindowUnit.FRAMES: "frames"}

_RATE_TIP = "Frames a second"

ROWS: dict[SamplingKind, tuple[Row, ...]] = {
    SamplingKind.LIST: (
        TextRow("listed", "Frames", "exportList", "Frames and ranges", placeholder="3,10:20,40::5"),
    ),
    SamplingKind.EVERY_NTH: (
        NumberRow("step", "Every", "exportStep", "Every how many frames", unit="frames"),
    ),
    SamplingKind.EVERY_SECONDS: (
        NumberRow(
            "interval_s",
            "Every",
            "exportInterval",
            "Every how many seconds",
            unit="s",
            least=0.001,
            most=86_400,
            decimals=3,
        ),
    ),
    SamplingKind.SPREAD: (NumberRow("count", "Number", "exportCount", "How many frames", unit="frames"),),
    SamplingKind.RATE: (
        NumberRow(
            "rate_fps", "Rate", "exportRate", _RATE_TIP, unit="fps", least=0.001, most=1000, decimals=3
        ),
    ),
    SamplingKind.CLIPS: (
        NumberRow(
            "rate_fps", "Rate", "exportClipRate", _RATE_TIP, unit="fps", least=0.001, most=1000, decimals=3
        ),
        NumberRow("clips.length", "Length", "exportClipLength", "Frames of each clip", unit="frames"),
        NumberRow(
            "clips.stride",
            "Stride",
            "exportClipStride",
            "Frames at that rate from the start of one clip to the next; less than the length overlaps",
            unit="frames",
            least=0,
            zero="side by side, or spread",
        ),
        NumberRow("clips.count", "Clips", "exportClipCount", "Most clips", least=0, zero="as many as fit"),
    ),
    SamplingKind.SCENES: (
        ChoiceRow("scenes.detector", "Detector", "exportDetector", "What tells scenes apart", _DETECTORS),
        NumberRow(
            "scenes.content",
            "Threshold",
            "exportContentThreshold",
            "Least mean change of hue, saturation and brightness, 0 to 255",
            least=0,
            most=255,
            decimals=1,
            shown_if=_by(SceneDetector.CONTENT),
        ),
        NumberRow(
            "scenes.adaptive",
            "Ratio",
            "exportAdaptiveThreshold",
            "Minimum change relative to the mean of the two frames on either side",
            unit="×",
            least=0,
            most=255,
            decimals=1,
            shown_if=_by(SceneDetector.ADAPTIVE),
        ),
        NumberRow(
            "scenes.adaptive_content",
            "Least change",
            "exportAdaptiveContent",
            "Least mean change all the same, 0 to 255",
            least=0,
            most=255,
            decimals=1,
            shown_if=_by(SceneDetector.ADAPTIVE),
        ),
        NumberRow(
            "scenes.hash",
            "Threshold",
            "exportHashThreshold",
            "Least share of differing bits, 0 to 1",
            least=0,
            most=1,
            decimals=3,
            shown_if=_by(SceneDetector.HASH),
        ),
        NumberRow(
            "scenes.histogram",
            "Threshold",
            "exportHistogramThreshold",
            "Least difference of the histograms, 0 to 1",
            least=0,
            most=1,
            decimals=3,
            shown_if=_by(SceneDetector.HISTOGRAM),
        ),
        NumberRow(
            "scenes.fade",
            "Black below",
            "exportFadeThreshold",
            "Mean brightness below which the picture is black, 0 to 255",
            least=0,
            most=255,
            shown_if=_by(SceneDetector.FADE),
            decimals=0,
        ),
        NumberRow(
            "scenes.shortest",
            "Shortest",
            "exportShortestScene",
            "Frames that a scene has at least",
            unit="frames",
            least=0,
        ),
        ChoiceRow("scenes.pick", "Take the", "exportScenePick", "Which frame represents a scene", _PICKS),
    ),
    SamplingKind.SHARPEST: (
        NumberRow(
            "window",
            "Window",
            "exportWindow",
            "Of how many seconds the sharpest frame is taken",
            unit="s",
            least=0.001,
            most=86_400,
            decimals=3,
            shown_if=lambda sampling: sampling.window_unit is WindowUnit.SECONDS,
        ),
        NumberRow(
            "window",
            "Window",
            "exportWindowFrames",
            "Of how many frames the sharpest one is taken",
            unit="frames",
            shown_if=lambda sampling: sampling.window_unit is WindowUnit.FRAMES,
        ),
        ChoiceRow("window_unit", "In", "exportWindowUnit", "What windows are counted in", _UNITS),
    ),
    SamplingKind.DISTINCT: (
        NumberRow(
            "distance",
            "Distance",
            "exportDistance",
            "Most bits of 64 by which a near-duplicate differs",
            unit="bits",
            least=0,
            most=63,
        ),
        FlagRow(
            "anywhere",
            "Compare with every frame taken",
            "exportAnywhere",
            "Otherwise with the one taken before only, so that what comes back later is taken again",
        ),
    ),
    SamplingKind.REPRESENTATIVE: (
        NumberRow(
            "representatives",
            "Number",
            "exportRepresentatives",
            "How many frames",
            unit="frames",
            most=1000,
        ),
    ),
}
