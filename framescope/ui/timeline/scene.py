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
    from framescope.ui.timeline.axis import FrameAxis
    from framescope.ui.timeline.clock import FrameClock
    from framescope.ui.timeline.lanes import Lanes
    from framescope.ui.timeline.size_pyramid import SizePyramid
    from framescope.ui.widgets.theme import Tokens


class Fonts:
    """The timeline's sizes of one typeface, with figures of equal width."""

    def __init__(self, base: QFont) -> None:
        # Digits that keep their place do not dance while the playhead moves.
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
        """Height of a line of labels in logical pixels."""
        return math.ceil(self.label_metrics.height())


@dataclass(frozen=True, eq=False)
class Chart:
    """What is known of the open video, as the timeline draws it.

    Attributes:
        index: The frames indexed so far.
        pyramid: Their sizes, summed up.
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
        lanes: Strips from top to bottom.
        width: The widget's width in logical pixels.
        ratio: Device pixels a logical pixel.
        tokens: The theme's colours.
        fonts: The typefaces.
        chart: The video; None while there is no index at all.
        frame_total: Frames the axis reaches to; 0 while no video is open.
    """

    axis: FrameAxis
    lanes: Lanes
    width: int
    ratio: float
    tokens: Tokens
    fonts: Fonts
    chart: Chart | None
    frame_total: int

    @property
    def pending_from(self) -> int | None:
        """The first frame that is not indexed yet; None when all are."""
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
        )
