"""What is wrong or missing is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.media.index import DamageNote
from framescope.ui.timeline.status_painter import paint_damage, paint_empty, paint_flagged, paint_pending
from tests.ui.timeline.live_session import make_index
from tests.ui.timeline.pixels import differs, holds_color, painted

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tests.ui.timeline.conftest import SceneMaker


def test_what_is_not_indexed_is_hatched(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(100, complete=False), frame_total=400)
    image = painted(canvas.copy(), lambda painter: paint_pending(painter, scene))
    edge, bars = scene.axis.x_of(100), scene.lanes.bars
    assert image.copy(0, 0, round(edge) - 1, 200) == canvas.copy(0, 0, round(edge) - 1, 200)
    colors = {image.pixel(x, bars.top + 3) for x in range(round(edge) + 5, round(edge) + 60)}
    assert len(colors) > 1


def test_a_complete_index_has_nothing_pending(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(100))
    assert not differs(canvas, painted(canvas.copy(), lambda painter: paint_pending(painter, scene)))


@pytest.mark.parametrize("view", [(0, 40), (0, 5000)])
def test_damaged_frames_are_flagged_at_every_zoom(
    make_scene: SceneMaker, canvas: QImage, view: tuple[int, int]
) -> None:
    damage = np.array([20], np.int32)
    scene = make_scene(make_index(5000, damaged_frames=damage), *view)
    chart = scene.chart
    assert chart is not None
    image = painted(canvas, lambda painter: paint_damage(painter, scene, chart))
    x = scene.axis.x_of(20)
    assert holds_color(image, scene.tokens.error, scene.lanes.bars, x - 1, x + 3)
    assert not holds_color(image, scene.tokens.error, scene.lanes.bars, x + 60, x + 200)


def test_lost_packets_are_notched_where_they_were(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(100, damage=(DamageNote(50, 3, "lost"),)))
    chart = scene.chart
    assert chart is not None
    image = painted(canvas, lambda painter: paint_damage(painter, scene, chart))
    x = scene.axis.x_of(50)
    assert holds_color(image, scene.tokens.error, scene.lanes.bars, x - 3, x + 3)


def test_two_million_flags_take_no_more_than_one_a_pixel(make_scene: SceneMaker, canvas: QImage) -> None:
    everything = np.arange(2_160_000, dtype=np.int64)
    scene = make_scene(make_index(2_160_000))
    painted(canvas, lambda painter: paint_flagged(painter, scene, everything))
    assert holds_color(canvas, scene.tokens.error, scene.lanes.bars, 400, 402)


def test_an_empty_timeline_says_what_it_is_for(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(None)
    assert differs(canvas, painted(canvas.copy(), lambda painter: paint_empty(painter, scene)))
