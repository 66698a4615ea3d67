"""Names, scale and legend."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.model.frame import PictureType
from framescope.ui.timeline import gutter
from framescope.ui.timeline.gutter import (
    legend_text,
    paint_lane_names,
    paint_legend,
    paint_scale,
    paint_span,
)
from framescope.ui.timeline.lanes import GUTTER_PX
from framescope.ui.timeline.shades import letter_color
from tests.ui.timeline.live_session import make_index, without_pts
from tests.ui.timeline.pixels import differs, is_near, painted

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tests.ui.timeline.conftest import SceneMaker


def test_the_gutter_is_all_that_is_painted(make_scene: SceneMaker, canvas: QImage) -> None:
    index = make_index(500)
    scene = make_scene(index)
    image = canvas.copy()
    painted(image, lambda painter: paint_lane_names(painter, scene))
    painted(image, lambda painter: paint_span(painter, scene))
    painted(image, lambda painter: paint_scale(painter, scene, 4000.0))
    painted(image, lambda painter: paint_legend(painter, scene, index))
    right = image.copy(GUTTER_PX, 0, 700, 200)
    assert right == canvas.copy(GUTTER_PX, 0, 700, 200)
    assert differs(image, canvas)


def test_a_long_translation_stays_in_the_gutter(
    make_scene: SceneMaker, canvas: QImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gutter, "tr", lambda text: f"{text} in a language with long words")
    scene = make_scene(make_index(500))
    image = canvas.copy()
    painted(image, lambda painter: paint_lane_names(painter, scene))
    assert differs(image, canvas)
    assert image.copy(GUTTER_PX - 4, 0, 700, 200) == canvas.copy(GUTTER_PX - 4, 0, 700, 200)


@pytest.mark.parametrize("height", [13, 14, 30, 38])
def test_the_legend_names_every_type_at_any_height(
    make_scene: SceneMaker, canvas: QImage, height: int
) -> None:
    index = make_index(100, picture_types_decoded=True)
    scene = make_scene(index)
    bars = scene.lanes.bars
    low = replace(
        scene, lanes=replace(scene.lanes, bars=replace(bars, top=bars.bottom - height, height=height))
    )
    empty = canvas.copy()
    painted(canvas, lambda painter: paint_legend(painter, low, index))
    tokens = scene.tokens
    for picture_type in (PictureType.I, PictureType.P, PictureType.B):
        hue = letter_color(tokens, picture_type).hue()
        seen = [canvas.pixelColor(x, y) for x in range(GUTTER_PX) for y in range(200)]
        assert any(abs(one.hue() - hue) <= 4 and one.saturation() > 40 for one in seen)
    # The scale stands at the right.
    assert canvas.copy(40, 0, 660, 200) == empty.copy(40, 0, 660, 200)
    above = bars.bottom - height
    assert canvas.copy(0, 0, 700, above) == empty.copy(0, 0, 700, above)


@pytest.mark.parametrize("is_decoded", [False, True])
def test_the_legend_is_filled_only_where_types_are_decoded(
    make_scene: SceneMaker, canvas: QImage, *, is_decoded: bool
) -> None:
    index = make_index(100, picture_types_decoded=is_decoded)
    scene = make_scene(index)
    painted(canvas, lambda painter: paint_legend(painter, scene, index))
    color = scene.tokens.p_frame
    found = [(x, y) for x in range(40) for y in range(200) if is_near(canvas.pixelColor(x, y), color)]
    assert found
    # A square of eight pixels: its outline has no more than 28.
    assert (len(found) > 28) is is_decoded


def test_the_legend_says_how_far_it_can_be_trusted() -> None:
    assert "inferred" in legend_text(make_index(10))
    assert "decoder" in legend_text(make_index(10, picture_types_decoded=True))
    assert legend_text(None) == ""


def test_the_span_is_told_without_times_as_well(make_scene: SceneMaker, canvas: QImage) -> None:
    timed, untimed = make_scene(make_index(500)), make_scene(make_index(500, **without_pts(500)))
    one = painted(canvas.copy(), lambda painter: paint_span(painter, timed))
    other = painted(canvas.copy(), lambda painter: paint_span(painter, untimed))
    assert differs(one, other)
    assert differs(canvas, other)
