"""The layer that only zoom, scroll, index and theme change."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from framescope.ui.timeline.content_layer import ContentLayer
from framescope.ui.timeline.shades import mixed
from framescope.ui.widgets.theme import LIGHT
from tests.ui.timeline.live_session import make_index
from tests.ui.timeline.pixels import holds_color

if TYPE_CHECKING:
    from tests.ui.timeline.conftest import SceneMaker

TEN_HOURS = 2_160_000


def test_it_is_painted_once_a_scene(make_scene: SceneMaker) -> None:
    layer, scene = ContentLayer(), make_scene(make_index(500))
    layer.pixmap(scene)
    layer.pixmap(dataclasses.replace(scene))
    assert layer.paint_count == 1
    layer.pixmap(dataclasses.replace(scene, tokens=LIGHT))
    assert layer.paint_count == 2


def test_it_is_as_sharp_as_the_screen(make_scene: SceneMaker) -> None:
    pixmap = ContentLayer().pixmap(make_scene(make_index(500), ratio=2.0))
    assert pixmap.devicePixelRatio() == 2
    assert pixmap.width() == 2 * 900


def test_bars_have_the_colour_of_their_type(make_scene: SceneMaker) -> None:
    scene = make_scene(make_index(24, gop=12, picture_types_decoded=True))
    pixmap, axis, tokens = ContentLayer().pixmap(scene), scene.axis, scene.tokens
    for number, color in ((0, tokens.i_frame), (1, tokens.b_frame), (3, tokens.p_frame)):
        left, right = axis.x_of(number) + 2, axis.x_of(number + 1) - 3
        assert holds_color(pixmap, color, scene.lanes.bars, left, right)


@pytest.mark.parametrize("span", [2000, 60_000, TEN_HOURS])
def test_keyframes_are_seen_at_every_zoom(make_scene: SceneMaker, span: int) -> None:
    scene = make_scene(make_index(TEN_HOURS, gop=600), 0, span)
    pixmap, tokens = ContentLayer().pixmap(scene), scene.tokens
    crowded = mixed(tokens.gop_band_a, tokens.keyframe, 0.45)
    left, right = scene.axis.left, scene.axis.right
    assert any(
        holds_color(pixmap, color, scene.lanes.types, left, right) for color in (tokens.keyframe, crowded)
    )


def test_neighbouring_gops_stand_on_different_grounds(make_scene: SceneMaker) -> None:
    scene = make_scene(make_index(24, gop=12))
    pixmap, tokens = ContentLayer().pixmap(scene), scene.tokens
    grounds = {0: tokens.gop_band_b, 12: tokens.gop_band_a}
    for number, ground in grounds.items():
        left = scene.axis.x_of(number) + 2
        assert holds_color(pixmap, ground, scene.lanes.types, left, left + 3)


@pytest.mark.parametrize("frame_total", [0, 400])
def test_it_can_be_painted_without_an_index(make_scene: SceneMaker, frame_total: int) -> None:
    assert not ContentLayer().pixmap(make_scene(None, frame_total=frame_total)).isNull()


@pytest.mark.parametrize("count", [1, 2, 3, 17])
def test_it_can_be_painted_for_hardly_any_frames(make_scene: SceneMaker, count: int) -> None:
    layer = ContentLayer()
    layer.pixmap(make_scene(make_index(count)))
    assert len(layer.number_places) == count


def test_it_tells_where_its_numbers_stand(make_scene: SceneMaker) -> None:
    layer, scene = ContentLayer(), make_scene(make_index(5000))
    layer.pixmap(scene)
    assert layer.number_places
    assert all(left < right <= scene.width for left, right in layer.number_places)
