"""The painted ruler."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage, QPainter

from framescope.ui.timeline.lanes import EDGE_PX
from framescope.ui.timeline.ruler import paint_ruler
from tests.ui.timeline.live_session import make_index, without_pts
from tests.ui.timeline.pixels import holds_color

if TYPE_CHECKING:
    from framescope.ui.timeline.scene import Scene
    from tests.ui.timeline.conftest import SceneMaker


def places(canvas: QImage, scene: Scene) -> list[tuple[float, float]]:
    assert scene.chart is not None
    painter = QPainter(canvas)
    found = paint_ruler(painter, scene, scene.chart)
    painter.end()
    return found


def test_numbers_are_whole_or_not_there_and_never_touch(make_scene: SceneMaker, canvas: QImage) -> None:
    for first, last in ((0, 5000), (123.4, 1400.7), (12.3, 25.9)):
        scene = make_scene(make_index(5000), first, last)
        found = places(canvas, scene)
        assert found
        assert all(left >= scene.axis.left - EDGE_PX for left, _ in found)
        assert all(right <= scene.width for _, right in found)
        assert all(right + 4 < left for (_, right), (left, _) in pairwise(found))


def test_both_rows_are_written(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(5000))
    places(canvas, scene)
    axis, tokens = scene.axis, scene.tokens
    assert holds_color(canvas, tokens.text, scene.lanes.times, axis.left, axis.right)
    assert holds_color(canvas, tokens.text_muted, scene.lanes.numbers, axis.left, axis.right)
    assert holds_color(canvas, tokens.text_faint, scene.lanes.ticks, axis.left, axis.right)


def test_a_stream_without_timestamps_says_so(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(500, **without_pts(500)))
    places(canvas, scene)
    left, right = scene.axis.left, scene.axis.right
    assert not holds_color(canvas, scene.tokens.text, scene.lanes.times, left, right)
    assert holds_color(canvas, scene.tokens.text_faint, scene.lanes.times, left, right)
