"""The strip of the whole file."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QColor

from framescope.ui.timeline.overview import (
    Grip,
    OverviewAxis,
    OverviewLayer,
    paint_playhead,
    paint_spots,
    paint_window,
)
from framescope.ui.timeline.pointer import overview_axis
from framescope.ui.widgets.theme import LIGHT
from tests.ui.timeline.live_session import make_index
from tests.ui.timeline.pixels import holds_color, painted

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tests.ui.timeline.conftest import SceneMaker

TEN_HOURS = 2_160_000
AXIS = OverviewAxis(84, 800, 1000)


def test_it_maps_the_whole_file() -> None:
    assert AXIS.x_of(0) == 84
    assert AXIS.x_of(1000) == 884
    assert AXIS.position_at(AXIS.x_of(321)) == pytest.approx(321)


def test_a_window_of_a_few_frames_can_still_be_seen_and_grabbed() -> None:
    ten_hours = OverviewAxis(84, 800, TEN_HOURS)
    for first in (0, 1_000_000, TEN_HOURS - 12):
        left, right = ten_hours.window(first, first + 12)
        assert right - left == pytest.approx(10)
        assert left >= 84
        assert right <= 884 + 1e-6


@pytest.mark.parametrize(
    ("x", "grip"),
    [(200, Grip.OUTSIDE), (244, Grip.FIRST), (300, Grip.INSIDE), (404, Grip.LAST), (500, Grip.OUTSIDE)],
)
def test_what_is_grabbed(x: float, grip: Grip) -> None:
    assert AXIS.grip_at(x, 200, 400) is grip


def test_a_small_window_is_only_moved() -> None:
    assert OverviewAxis(84, 800, TEN_HOURS).grip_at(85, 0, 12) is Grip.INSIDE


def test_the_ground_is_painted_once(make_scene: SceneMaker) -> None:
    layer, scene = OverviewLayer(), make_scene(make_index(5000))
    before = layer.pixmap(scene).cacheKey()
    scrolled = dataclasses.replace(scene, axis=dataclasses.replace(scene.axis, first=100.0, last=200.0))
    assert layer.pixmap(scrolled).cacheKey() == before
    assert layer.pixmap(dataclasses.replace(scene, tokens=LIGHT)).cacheKey() != before


@pytest.mark.parametrize("count", [1, 5000, TEN_HOURS])
def test_it_shows_where_the_bytes_are(make_scene: SceneMaker, count: int) -> None:
    scene = make_scene(make_index(count))
    image = OverviewLayer().pixmap(scene).toImage()
    bottom = image.height() - 2
    grounds = {image.pixel(x, bottom) for x in range(5, image.width() - 5)}
    assert scene.tokens.gop_band_a.rgb() not in {QColor(pixel).rgb() for pixel in grounds}


@pytest.mark.parametrize("has_index", [True, False])
def test_what_is_not_indexed_is_hatched(make_scene: SceneMaker, *, has_index: bool) -> None:
    scene = make_scene(make_index(100, complete=False) if has_index else None, frame_total=400)
    image = OverviewLayer().pixmap(scene).toImage()
    assert len({image.pixel(x, 12) for x in range(500, 600)}) > 1


def test_window_marks_and_playhead(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(1000), 200, 400)
    overview, lane, tokens = overview_axis(scene), scene.lanes.overview, scene.tokens
    painted(canvas, lambda painter: paint_window(painter, scene, overview))
    painted(canvas, lambda painter: paint_spots(painter, scene, overview, np.array([700]), tokens.mark))
    painted(canvas, lambda painter: paint_playhead(painter, scene, overview, 300))
    for position, color in ((200, tokens.accent), (400, tokens.accent), (700, tokens.mark)):
        x = overview.x_of(position)
        assert holds_color(canvas, color, lane, x - 3, x + 3)
    x = overview.x_of(300.5)
    reds = [canvas.pixelColor(round(x) + dx, lane.top + 10).red() for dx in (-1, 0, 1)]
    assert max(reds) > tokens.playhead.red() - 60
