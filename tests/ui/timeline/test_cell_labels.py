"""Letters and sizes of single frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.ui.timeline.cell_labels import LETTER_ROOM_PX, SIZE_ROOM_PX, paint_cell_labels
from framescope.ui.timeline.lanes import Lane
from tests.ui.timeline.live_session import make_index
from tests.ui.timeline.pixels import differs, holds_color, painted

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from framescope.ui.timeline.scene import Scene
    from tests.ui.timeline.conftest import SceneMaker


def labelled(canvas: QImage, scene: Scene) -> QImage:
    chart = scene.chart
    assert chart is not None
    return painted(canvas.copy(), lambda painter: paint_cell_labels(painter, scene, chart, 4000.0))


def test_letters_come_when_there_is_room(make_scene: SceneMaker, canvas: QImage) -> None:
    frames = int(804 / LETTER_ROOM_PX)
    assert differs(canvas, labelled(canvas, make_scene(make_index(500), 0, frames)))
    assert not differs(canvas, labelled(canvas, make_scene(make_index(500), 0, frames + 2)))


def test_a_keyframe_wears_a_chip(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(24, gop=12), 0, 24)
    image, axis, lane = labelled(canvas, scene), scene.axis, scene.lanes.types
    assert holds_color(image, scene.tokens.keyframe, lane, axis.x_of(12), axis.x_of(13))
    assert not holds_color(image, scene.tokens.keyframe, lane, axis.x_of(13), axis.x_of(14))


def test_sizes_come_when_there_is_more_room(make_scene: SceneMaker, canvas: QImage) -> None:
    frames = int(804 / SIZE_ROOM_PX)
    near, far = make_scene(make_index(500), 0, frames), make_scene(make_index(500), 0, frames + 2)
    for scene, has_sizes in ((near, True), (far, False)):
        bars = scene.lanes.bars
        inside = Lane(bars.top, bars.height)
        ground = scene.tokens.surface
        image = labelled(canvas, scene)
        rows = range(inside.top, inside.bottom)
        found = any(image.pixelColor(x, y) != ground for y in rows for x in range(90, 890, 2))
        assert found is has_sizes


def test_nothing_is_painted_past_the_index(make_scene: SceneMaker, canvas: QImage) -> None:
    scene = make_scene(make_index(5, complete=False), 10, 20, frame_total=50)
    assert not differs(canvas, labelled(canvas, scene))
