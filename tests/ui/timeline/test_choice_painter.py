"""Frames that are about to be exported, and scene cuts, on the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framescope.ui.timeline.overlay import paint_choice_name, paint_chosen, paint_scene_cuts
from tests.ui.timeline.live_session import make_index
from tests.ui.timeline.pixels import differs, holds_color, painted

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tests.ui.timeline.conftest import SceneMaker


def test_each_chosen_frame_has_a_tick_and_a_stem(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(500))
    chosen = np.array([100, 300], np.int64)
    image = painted(canvas.copy(), lambda painter: paint_chosen(painter, scene, chosen))
    for number in chosen:
        x = scene.axis.x_of(number + 0.5)
        assert holds_color(image, scene.tokens.chosen, scene.lanes.chosen, x - 3, x + 3)
        assert image.pixel(round(x), scene.lanes.bars.top + 3) != canvas.pixel(
            round(x), scene.lanes.bars.top + 3
        )
    between = scene.axis.x_of(200)
    assert not holds_color(image, scene.tokens.chosen, scene.lanes.chosen, between - 20, between + 20)


def test_many_chosen_frames_leave_the_bars_alone(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(500))
    image = painted(
        canvas.copy(), lambda painter: paint_chosen(painter, scene, np.arange(500, dtype=np.int64))
    )
    lane, bars = scene.lanes.chosen, scene.lanes.bars
    x = scene.axis.x_of(250)
    assert holds_color(image, scene.tokens.chosen, lane, x - 5, x + 5)
    assert image.pixel(round(x), bars.top + 3) == canvas.pixel(round(x), bars.top + 3)


def test_a_cut_stands_before_its_frame(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(40), 0, 20)
    image = painted(canvas.copy(), lambda painter: paint_scene_cuts(painter, scene, np.array([10], np.int64)))
    x = round(scene.axis.x_of(10))
    y = scene.lanes.bars.top + 5
    assert image.pixel(x, y) != canvas.pixel(x, y)
    assert image.pixel(x + 4, y) == canvas.pixel(x + 4, y)
    assert holds_color(image, scene.tokens.text, scene.lanes.markers, x - 3, x + 3)


def test_a_storm_of_cuts_is_ticks_only(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(5000))
    cuts = np.arange(0, 5000, 2, dtype=np.int64)
    image = painted(canvas.copy(), lambda painter: paint_scene_cuts(painter, scene, cuts))
    y = scene.lanes.bars.top + 5
    x = round(scene.axis.x_of(2500))
    assert image.pixel(x, y) == canvas.pixel(x, y)
    assert differs(canvas, image)


def test_what_is_out_of_view_is_not_painted(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(500), 0, 100)
    far = np.array([300], np.int64)
    assert not differs(canvas, painted(canvas.copy(), lambda painter: paint_chosen(painter, scene, far)))
    assert not differs(canvas, painted(canvas.copy(), lambda painter: paint_scene_cuts(painter, scene, far)))


def test_the_ticks_are_named_beside_the_axis(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(500))
    image = painted(canvas.copy(), lambda painter: paint_choice_name(painter, scene))
    left, width = round(scene.axis.left), image.width()
    assert differs(canvas.copy(0, 0, left, image.height()), image.copy(0, 0, left, image.height()))
    assert not differs(
        canvas.copy(left, 0, width - left, image.height()), image.copy(left, 0, width - left, image.height())
    )
