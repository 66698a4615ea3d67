"""The input of a timeline layer: one record, compared to see whether the layer is still valid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QFontInfo, QFontMetricsF

from framescope.ui.widgets.fonts import sized, with_tabular_digits

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from framescope.core.media.index import FrameIndex
    from framescope.ui.lanes.desk import Curve
    from framescope.ui.timeline.axis import FrameAxis
    from framescope.ui.timeline.clock import FrameClock
    from framescope.ui.timeline.compared import CompareChart
    from framescope.ui.timeline.lanes import Lanes
    from framescope.ui.timeline.size_pyramid import SizePyramid
    from framescope.ui.timeline.waveform import SoundChart
    from framescope.ui.widgets.theme import Tokens


class Fonts:
    """The timeline's font sizes, with tabular digits."""

    def __init__(self, base: QFont) -> None:
        # Tabular digits do not jitter while the playhead moves.
        digits = with_tabular_digits(base)
        pixels = QFontInfo(base).pixelSize()
        self.label = sized(digits, max(round(pixels * 0.85), 9))
        self.strong = sized(digits, max(round(pixels * 0.85), 9), bold=True)
        self.small = sized(digits, max(round(pixels * 0.77), 8))
        self.label_metrics = QFontMetricsF(self.label)
        self.strong_metrics = QFontMetricsF(self.strong)
        self.small_metrics = QFontMetricsF(self.small)

    @property
    def text_height(self) -> int:
        """Height of a label line in logical pixels."""
        return math.ceil(self.label_metrics.height())


@dataclass(frozen=True, eq=False)
class Chart:
    """The facts of the open video that the timeline draws.

    Attributes:
        index: The frames indexed so far.
        pyramid: Totals of their sizes.
        clock: Their times.
    """

    index: FrameIndex
    pyramid: SizePyramid
    clock: FrameClock


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything a layer depends on.

    Attributes:
        axis: Frames ↔ pixels.
        lanes: The strips from top to bottom.
        width: The widget's width in logical pixels.
        ratio: Device pixels per logical pixel.
        tokens: The theme's colours.
        fonts: The fonts.
        chart: The video; None if there is no index.
        frame_total: Frames on the axis; 0 if no video is open.
        sound: Its sound; None if it has none.
        origin_s: What the time of the first frame is shown as, in seconds.
        compared: How another video differs; None without a comparison.
        curves: The lanes of values, from top to bottom.
    """

    axis: FrameAxis
    lanes: Lanes
    width: int
    ratio: float
    tokens: Tokens
    fonts: Fonts
    chart: Chart | None
    frame_total: int
    sound: SoundChart | None = None
    origin_s: float = 0.0
    compared: CompareChart | None = None
    curves: tuple[Curve, ...] = ()

    @property
    def pending_from(self) -> int | None:
        """The first frame not indexed yet; None if all are."""
        if self.chart is None:
            return 0 if self.frame_total else None
        indexed = len(self.chart.index)
        return None if self.chart.index.complete or indexed >= self.frame_total else indexed

    def is_same_as(self, other: Scene | None) -> bool:
        """Whether a layer painted from ``other`` looks the same."""
        return (
            other is not None
            and self.axis == other.axis
            and self.lanes == other.lanes
            and (self.width, self.ratio, self.frame_total) == (other.width, other.ratio, other.frame_total)
            and self.tokens is other.tokens
            and self.fonts is other.fonts
            and self.chart is other.chart
            and self.sound is other.sound
            and self.origin_s == other.origin_s
            and self.compared is other.compared
            and self.curves is other.curves
        )
