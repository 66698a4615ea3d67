"""What moves over the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.session.tracks import ChapterMark
from framescope.ui.timeline.overlay import HANDLE_PX, Overlay, paint_overlay
from tests.ui.timeline.live_session import make_index
from tests.ui.timeline.pixels import differs, holds_color, painted

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from framescope.ui.timeline.scene import Scene
    from tests.ui.timeline.conftest import SceneMaker


def over(canvas: QImage, scene: Scene, overlay: Overlay) -> QImage:
    return painted(canvas.copy(), lambda painter: paint_overlay(painter, scene, overlay, []))


@pytest.mark.parametrize("position", [0, 250, 499])
def test_the_playhead_stands_in_the_middle_of_its_frame(
    make_scene: SceneMaker, canvas: QImage, position: int
) -> None:
    scene = make_scene(make_index(500))
    image = over(canvas, scene, Overlay(position=position))
    x, tokens = scene.axis.x_of(position + 0.5), scene.tokens
    assert holds_color(image, tokens.playhead, scene.lanes.numbers, x - 12, x + 12)
    column = [
        image.pixelColor(round(x), y).red() for y in range(scene.lanes.bars.top, scene.lanes.bars.bottom)
    ]
    assert min(column) > tokens.surface.red() + 50


def test_a_playhead_out_of_view_is_not_painted(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(500), 0, 100)
    assert not differs(canvas, over(canvas, scene, Overlay(position=300)))


def test_a_wide_frame_is_framed_instead_of_struck_through(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(20), 0, 12)
    image, axis, bars = over(canvas, scene, Overlay(position=5)), scene.axis, scene.lanes.bars
    assert holds_color(image, scene.tokens.playhead, bars, axis.x_of(5) - 2, axis.x_of(5) + 2)
    middle = axis.x_of(5.5)
    assert not holds_color(
        image.copy(0, 0, 900, bars.bottom - 3), scene.tokens.playhead, bars, middle - 5, middle + 5
    )


def test_the_flag_blots_out_numbers_it_touches(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(500))
    canvas.fill(scene.tokens.error)
    x = scene.axis.x_of(250.5)
    places = [(x - 40, x - 10), (x + 100, x + 130)]
    image = painted(canvas, lambda painter: paint_overlay(painter, scene, Overlay(position=250), places))
    assert holds_color(image, scene.tokens.surface, scene.lanes.numbers, x - 38, x - 30)
    assert not holds_color(image, scene.tokens.surface, scene.lanes.numbers, x + 102, x + 128)


def test_the_range_is_filled_and_its_handles_stand_outside(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(500))
    image = over(canvas, scene, Overlay(in_point=100, out_point=199))
    axis, markers, accent = scene.axis, scene.lanes.markers, scene.tokens.accent
    left, right = axis.x_of(100), axis.x_of(200)
    assert holds_color(image, accent, markers, left - HANDLE_PX + 1, left - 2)
    assert holds_color(image, accent, markers, right + 2, right + HANDLE_PX - 1)
    middle = round((left + right) / 2)
    assert image.pixel(middle, scene.lanes.bars.top + 4) != canvas.pixel(middle, scene.lanes.bars.top + 4)
    outside = round(right + 40)
    assert image.pixel(outside, scene.lanes.bars.top + 4) == canvas.pixel(outside, scene.lanes.bars.top + 4)


def test_an_open_range_reaches_to_the_end(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(500))
    y = scene.lanes.bars.top + 4
    from_here = over(canvas, scene, Overlay(in_point=250))
    up_to_here = over(canvas, scene, Overlay(out_point=250))
    assert from_here.pixel(880, y) != canvas.pixel(880, y) == up_to_here.pixel(880, y)
    assert up_to_here.pixel(100, y) != canvas.pixel(100, y) == from_here.pixel(100, y)


def test_marks_are_seen_one_by_one_and_by_the_hundred_thousand(
    make_scene: SceneMaker, canvas: QImage
) -> None:
    few = make_scene(make_index(500))
    x = few.axis.x_of(100.5)
    image = over(canvas, few, Overlay(marks=np.array([100])))
    assert holds_color(image, few.tokens.mark, few.lanes.markers, x - 4, x + 4)
    many = make_scene(make_index(2_000_000))
    image = over(canvas, many, Overlay(marks=np.arange(0, 2_000_000, 7)))
    assert holds_color(image, many.tokens.mark, many.lanes.markers, 500, 501)


def test_frames_in_memory_are_underlined(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(500))
    image = over(canvas, scene, Overlay(cached=np.array([[100, 200]])))
    axis, lane, color = scene.axis, scene.lanes.cached, scene.tokens.cached
    assert holds_color(image, color, lane, axis.x_of(100), axis.x_of(200))
    assert not holds_color(image, color, lane, axis.x_of(210), axis.x_of(400))


def test_frames_that_cannot_be_shown_are_flagged(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(500))
    image = over(canvas, scene, Overlay(unavailable=np.array([100])))
    x = scene.axis.x_of(100)
    assert holds_color(image, scene.tokens.error, scene.lanes.bars, x - 1, x + 3)


@pytest.mark.parametrize("view", [(0, 500), (90, 110)])
def test_the_hovered_frame_is_lit(make_scene: SceneMaker, canvas: QImage, view: tuple[int, int]) -> None:
    scene = make_scene(make_index(500), *view)
    assert differs(canvas, over(canvas, scene, Overlay(hovered=100)))


def test_a_note_stands_beside_its_diamond_where_there_is_room(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(500))
    marks, notes = np.array([100, 103, 300]), {100: "no room", 300: "A note"}
    plain = over(canvas, scene, Overlay(marks=marks))
    noted = over(canvas, scene, Overlay(marks=marks, text_of=lambda number: notes.get(number, "")))
    changed = {
        x
        for x in range(canvas.width())
        for y in range(scene.lanes.markers.top, scene.lanes.markers.bottom)
        if plain.pixel(x, y) != noted.pixel(x, y)
    }
    assert changed
    assert min(changed) > scene.axis.x_of(300.5)
    # The handle of the range is not written over.
    handle = over(
        canvas, scene, Overlay(marks=marks, text_of=lambda number: notes.get(number, ""), out_point=303)
    )
    assert handle == over(canvas, scene, Overlay(marks=marks, out_point=303))


def test_chapters_are_lines_with_names(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(100))
    empty = over(canvas, scene, Overlay())
    chapters = (ChapterMark(0, "Opening"), ChapterMark(40, "The journey begins"), ChapterMark(99, "End"))
    image = over(canvas, scene, Overlay(chapters=chapters))
    row = scene.lanes.bars.bottom - 1
    changed = [x for x in range(image.width()) if image.pixel(x, row) != empty.pixel(x, row)]
    assert changed == [round(scene.axis.x_of(number)) for number in (0, 40, 99)]
    names = scene.lanes.markers
    words = image.copy(round(scene.axis.x_of(40)) + 2, names.top, 100, names.height)
    assert words != empty.copy(round(scene.axis.x_of(40)) + 2, names.top, 100, names.height)
