"""Lanes of values: peaks are drawn where they are, found by the pointer, and told in the bubble."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from framescope.ui.lanes.catalog import LANES
from framescope.ui.lanes.desk import Curve
from framescope.ui.lanes.series import Series
from framescope.ui.timeline.curves import (
    curve_at,
    curve_pixels,
    paint_curves,
    rows_of,
    snapped,
    span_words,
)
from framescope.ui.timeline.hover import HoverBubble
from framescope.ui.timeline.lanes import lanes_for
from framescope.ui.widgets.theme import DARK
from tests.ui.timeline.live_session import LiveSession, make_index

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.ui.timeline.scene import Scene
    from framescope.ui.timeline.widget import Timeline

SPECS = {lane.name: lane for lane in LANES}
MANY = 100_000
LEFT = Qt.MouseButton.LeftButton


def made(values: np.ndarray[tuple[int], np.dtype[np.float64]], name: str = "luma_mean") -> Curve:
    return Curve(SPECS[name], Series(values.astype(np.float32)), len(values))


def scene_with(make_scene: Callable[..., Scene], count: int, *curves: Curve) -> Scene:
    scene = make_scene(make_index(count))
    lanes = lanes_for(200, scene.fonts.text_height, curve_count=len(curves))
    return replace(scene, lanes=lanes, curves=curves)


def paint(scene: Scene, canvas: QImage) -> None:
    painter = QPainter(canvas)
    paint_curves(painter, scene)
    painter.end()


@pytest.mark.parametrize("frame", [5, 40_000, 77_777, MANY - 1])
def test_a_peak_of_one_frame_among_many_is_drawn_at_its_pixel(
    frame: int, make_scene: Callable[..., Scene], canvas: QImage
) -> None:
    values = np.full(MANY, 20.0)
    values[frame] = 250
    scene = scene_with(make_scene, MANY, made(values))
    paint(scene, canvas)
    (lane,) = scene.lanes.curves
    left = round(scene.axis.left)
    y = lane.top + 3
    ground = DARK.gop_band_a
    drawn = [x for x in range(round(scene.axis.width)) if canvas.pixelColor(left + x, y) != ground]
    expected = scene.axis.x_of(frame + 0.5) - left
    assert drawn
    # The line reaches back to its neighbour: one or two columns, at the place of the frame.
    assert all(abs(x + 0.5 - expected) <= 2 for x in drawn)


def test_heights_and_joins() -> None:
    heights = rows_of(np.array([10.0, 20.0, np.nan, np.inf], np.float32), (10.0, 20.0), 11)
    assert heights.tolist() == [1, 11, 0, 11]
    pixels = curve_pixels(heights, heights, 11)
    assert pixels.shape == (11, 4)
    assert not pixels[:, 2].any()
    assert pixels[-1, 0] == 3
    assert (pixels[:, 1] == 3).all()
    # From the lowest to the highest value of a column, with a line at both.
    between = curve_pixels(np.array([2, 2]), np.array([6, 6]), 8)
    assert between[::-1, 1].tolist() == [1, 3, 2, 2, 2, 3, 0, 0]


def test_lanes_have_names_scales_messages_and_faults(
    make_scene: Callable[..., Scene], canvas: QImage
) -> None:
    rate = made(np.linspace(0, 480_000, 100), "bit_rate")
    assert span_words(rate) == "0–500 kbit/s"
    assert span_words(made(np.linspace(0, 4_800_000, 100), "bit_rate")) == "0–5 Mbit/s"
    assert span_words(made(np.linspace(7, 38, 100), "psnr_db")) == "5.0–40.0 dB"
    assert span_words(made(np.linspace(0, 1, 100), "buffer")) == "0–100 %"
    waiting = Curve(SPECS["psnr_db"], message="Click to measure all frames", can_start=True)
    buffer = replace(made(np.full(100, 0.5), "buffer"), flagged=np.array([50]))
    scene = scene_with(make_scene, 100, rate, waiting, buffer)
    paint(scene, canvas)
    for lane in scene.lanes.curves[:2]:
        name = canvas.copy(12, lane.top, 60, lane.height)
        colors = {name.pixelColor(x, y).name() for x in range(name.width()) for y in range(name.height())}
        assert len(colors) > 1
    flagged = scene.lanes.curves[2]
    assert canvas.pixelColor(int(scene.axis.x_of(50.5)), flagged.top + 1) == DARK.error
    assert canvas.pixelColor(int(scene.axis.x_of(20.5)), flagged.top + 1) != DARK.error
    assert curve_at(scene, flagged.middle) is buffer
    assert curve_at(scene, 0) is None


def test_texts_of_low_lanes_do_not_lie_over_each_other(
    make_scene: Callable[..., Scene], canvas: QImage
) -> None:
    scene = scene_with(make_scene, 100, *(Curve(SPECS[name], message="Measuring…") for name in SPECS))
    lanes = lanes_for(150, scene.fonts.text_height, curve_count=len(SPECS))
    canvas.fill(DARK.surface)
    paint(replace(scene, lanes=lanes), canvas)
    left = round(scene.axis.left)
    beside = {canvas.pixelColor(x, y).name() for x in range(left) for y in range(canvas.height())}
    assert beside == {DARK.surface.name()}
    on_lanes = {canvas.pixelColor(left + 300, y).name() for y in range(canvas.height())}
    assert on_lanes <= {DARK.surface.name(), DARK.gop_band_a.name()}


def test_the_pointer_finds_the_peak_only_where_frames_are_narrow(make_scene: Callable[..., Scene]) -> None:
    values = np.zeros(MANY)
    values[60_000] = 9
    scene = scene_with(make_scene, MANY, made(values))
    (lane,) = scene.lanes.curves
    x = scene.axis.x_of(60_000.5)
    for offset in (-1, 0, 1):
        found = snapped(scene, QPointF(x + offset, lane.middle))
        assert scene.axis.frame_at(found.x(), MANY) == 60_000
    bars = QPointF(x + 1, scene.lanes.bars.middle)
    assert snapped(scene, bars) == bars
    low = scene_with(make_scene, MANY, made(-values, "luma_min"))
    assert scene.axis.frame_at(snapped(low, QPointF(x + 1, lane.middle)).x(), MANY) == 60_000
    wide = scene_with(make_scene, 50, made(np.arange(50.0)))
    there = QPointF(300.0, lane.middle)
    assert snapped(wide, there) == there
    nothing = scene_with(make_scene, MANY, made(np.full(MANY, np.nan)))
    assert snapped(nothing, there) == there


def lane_spot(timeline: Timeline, position: float, offset: float = 0) -> QPoint:
    scene = timeline.scene
    return QPoint(round(scene.axis.x_of(position) + offset), round(scene.lanes.curves[0].middle))


def test_a_click_near_a_peak_goes_to_its_frame(timeline: Timeline, session: LiveSession) -> None:
    index = make_index(MANY)
    sizes = index.packet_sizes.copy()
    # The highest second begins at frame 62 500.
    sizes[62_500:62_525] *= 50
    session.open_index(replace(index, packet_sizes=sizes))
    session.settings.toggle_lane("bit_rate")
    # Many frames are added up in the background, which this session does not do.
    ((_, work),) = [call for call in session.called("run_job") if "bit rate" in str(call[0])]
    job = next(one for one in session.children() if one.__class__.__name__ == "Job")
    job.finished.emit(work(None, None))  # type: ignore[attr-defined, operator]
    QTest.mouseClick(timeline, LEFT, pos=lane_spot(timeline, 62_510, 1))
    assert session.position == 62_500


def test_the_bubble_tells_the_values(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(100))
    session.settings.toggle_lane("bit_rate")
    session.settings.toggle_lane("gop_bit_rate")
    QTest.mouseMove(timeline, lane_spot(timeline, 30.5))
    bubble = timeline.window().findChild(HoverBubble)
    assert bubble is not None
    assert bubble.facts is not None
    (rate_name, rate), (gop_name, _) = bubble.facts.values
    # A second has 25 frames; those of 25 to 49 are two keyframes, 6 P pictures and 17 B pictures.
    bits = sum(int(size) for size in make_index(100).packet_sizes[25:50]) * 8
    assert (rate_name, gop_name, rate) == ("Bit rate", "GOP rate", f"{bits / 1000:.3g} kbit/s")


def test_a_click_on_an_empty_lane_measures(timeline: Timeline, session: LiveSession) -> None:
    session.settings.lanes = ("luma_mean",)
    session.open_index(make_index(100))
    assert not session.called("run_job")
    QTest.mouseMove(timeline, lane_spot(timeline, 50))
    assert timeline.cursor().shape() is Qt.CursorShape.PointingHandCursor
    QTest.mouseClick(timeline, LEFT, pos=lane_spot(timeline, 50))
    assert session.position == 0
    assert [title for title, _ in session.called("run_job")] == ["Measuring all frames for the timeline"]


def test_the_name_explains_the_lane(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(100))
    session.settings.toggle_lane("bit_rate")
    spot = QPoint(20, lane_spot(timeline, 0).y())
    QApplication.sendEvent(timeline, QHelpEvent(QHelpEvent.Type.ToolTip, spot, timeline.mapToGlobal(spot)))
    assert QToolTip.text().startswith("Bits of all packets of each second")
    QToolTip.hideText()


def test_another_lane_repaints_the_content_once(timeline: Timeline, session: LiveSession) -> None:
    session.open_index(make_index(100))
    timeline.grab()
    before = timeline.content_paint_count
    session.settings.toggle_lane("bit_rate")
    timeline.grab()
    assert timeline.content_paint_count == before + 1
    # Moving the playhead leaves the lanes as they are.
    session.show_frame(7)
    timeline.grab()
    assert timeline.content_paint_count == before + 1
