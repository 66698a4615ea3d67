"""The lane of a comparison: where its marks are, and the heights of the curve."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from framescope.core.compare.alignment import Alignment
from framescope.core.compare.choices import AlignBy
from framescope.core.compare.comparison import Comparison, Side
from framescope.core.compare.differences import Difference, DifferenceKind
from framescope.core.compare.quality import Metric, Quality
from framescope.ui.timeline.axis import FrameAxis
from framescope.ui.timeline.compared import (
    CompareChart,
    chart_of,
    columns_in_b,
    compared_tip,
    difference_color,
    paint_compared,
    span_of,
    split_lane,
)
from framescope.ui.timeline.lanes import lanes_for
from framescope.ui.widgets.theme import DARK
from tests.ui.stand_ins import StandInController
from tests.ui.timeline.live_session import make_index

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.ui.timeline.scene import Scene

COUNT = 100


def make_found(*, with_quality: bool = True) -> Comparison:
    """Frame 20 of 100 was dropped, and frame 60 is doubled."""
    differences = (
        Difference(DifferenceKind.DROPPED, range(20, 21), range(20, 20), 1, range(20, 21)),
        Difference(DifferenceKind.DOUBLED, range(60, 61), range(60, 61), 1, range(60, 61)),
    )
    numbers = [number for number in range(COUNT) if number != 20]
    a_of_b = np.array(sorted([*numbers, 60]))
    b_of_a = np.array([int(np.searchsorted(a_of_b, number)) for number in range(COUNT)])
    b_of_a[20] = -1
    sides = [Side(f"{name}.mp4", 0, "h264", np.arange(COUNT) / 25, np.empty(0, np.int64)) for name in "ab"]
    quality = None
    if with_quality:
        a = np.array(numbers)
        values = np.where(a == 50, 30.0, 40.0)
        values[a == 70] = np.inf
        quality = Quality(a, b_of_a[a], {(Metric.PSNR, "all"): values}, values > 1e6, ("yuv420p",))
    return Comparison(sides[0], sides[1], Alignment(AlignBy.CONTENT, b_of_a, a_of_b, differences), quality)


def make_chart(*, with_quality: bool = True) -> CompareChart:
    comparing = StandInController().comparing
    comparing.is_active = True
    comparing.run.found = make_found(with_quality=with_quality)
    chart = chart_of(comparing)  # type: ignore[arg-type]
    assert chart is not None
    return chart


def test_the_curve_has_the_value_of_each_frame_of_a() -> None:
    chart = make_chart()
    assert chart.values is not None
    assert (chart.metric, chart.values[50], chart.values[0]) == ("PSNR", 30, 40)
    assert np.isnan(chart.values[20])
    assert chart.span == (25, 45)


def test_without_a_curve_the_lane_says_why() -> None:
    assert make_chart(with_quality=False).message == "Not measured"
    comparing = StandInController().comparing
    comparing.is_active = True
    found = make_found()
    assert found.quality is not None
    everything = np.ones(len(found.quality.a), np.bool_)
    comparing.run.found = replace(found, quality=replace(found.quality, is_identical=everything))
    chart = chart_of(comparing)  # type: ignore[arg-type]
    assert chart is not None
    assert "identical" in chart.message
    comparing.run.found = replace(found, quality=replace(found.quality, values={}))
    chart = chart_of(comparing)  # type: ignore[arg-type]
    assert chart is not None
    assert chart.message == "No frames to measure"


def test_there_is_no_chart_without_a_result() -> None:
    comparing = StandInController().comparing
    assert chart_of(comparing) is None  # type: ignore[arg-type]


def test_similarities_are_drawn_by_what_they_lack_to_one() -> None:
    assert span_of(np.array([0.97, 0.99])) == pytest.approx((0.96, 1.0))
    assert span_of(np.array([np.nan, np.inf])) == (0.0, 1.0)


def test_marks_are_where_the_differences_are(make_scene: Callable[..., Scene], canvas: QImage) -> None:
    scene = make_scene(make_index(COUNT))
    lanes = lanes_for(200, scene.fonts.text_height, has_compared=True)
    scene = replace(scene, lanes=lanes, compared=make_chart())
    painter = QPainter(canvas)
    paint_compared(painter, scene)
    painter.end()
    assert lanes.compared is not None
    strip, _ = split_lane(lanes.compared)
    for number, kind in ((20, "dropped"), (60, "doubled")):
        x = int(scene.axis.x_of(number + 0.5))
        assert canvas.pixelColor(x, int(strip.middle)) == difference_color(kind, DARK)
    plain = canvas.pixelColor(int(scene.axis.x_of(40.5)), int(strip.middle))
    assert plain not in [difference_color("dropped", DARK), difference_color("doubled", DARK)]


def test_columns_without_a_frame_of_b_are_empty() -> None:
    axis = FrameAxis(0.0, float(COUNT), 0.0, float(COUNT))
    assert columns_in_b(make_chart(), axis, COUNT) == [(0, 20), (21, 100)]
    # Two frames a column: one of them is enough.
    assert columns_in_b(make_chart(), axis, COUNT // 2) == [(0, 50)]


def test_the_tip_says_what_is_there(make_scene: Callable[..., Scene]) -> None:
    chart, axis = make_chart(), make_scene(make_index(COUNT)).axis
    assert "frame 20" in compared_tip(chart, axis, axis.x_of(20.5))
    assert compared_tip(chart, axis, axis.x_of(40.5)) == ""
    assert "1 frame dropped" in compared_tip(chart, None, 0)


@pytest.mark.parametrize("height", [0, 150, 172, 400])
@pytest.mark.parametrize("has_sound", [False, True])
def test_no_lane_overlaps_another(height: int, *, has_sound: bool) -> None:
    plain = lanes_for(height, 14)
    lanes = lanes_for(height, 14, has_sound=has_sound, has_compared=True)
    assert lanes.compared is not None
    above = lanes.bars if lanes.sound is None else lanes.sound
    assert above.bottom <= lanes.compared.top
    assert lanes.compared.bottom <= lanes.cached.top
    assert (lanes.stage_bottom, lanes.overview) == (plain.stage_bottom, plain.overview)
    assert lanes.bars.height > 0
    assert lanes.compared.height >= 8
