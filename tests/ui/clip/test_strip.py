"""The drawing of what a clip will contain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.core.clips.clip_plan import plan_clip
from framescope.core.clips.settings import ClipSettings
from framescope.core.source.opening import open_video
from framescope.ui.clip.strip import ClipStrip

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def strip(qtbot: QtBot, theme: ThemeSource) -> ClipStrip:
    widget = ClipStrip(theme)
    qtbot.addWidget(widget)
    widget.resize(600, widget.sizeHint().height())
    return widget


def colors_at(strip: ClipStrip, y: int) -> list[QColor]:
    image = strip.grab().toImage()
    return [image.pixelColor(x, y) for x in range(image.width())]


def test_it_shows_the_file_and_some_around(strip: ClipStrip, clip: Callable[[str], Path]) -> None:
    with open_video(clip("gop_open.mp4"), use_index_cache=False) as video:
        plan = plan_clip(video.info, video.index, range(17, 32), Path("a.mp4"), ClipSettings())
        strip.show_plan(plan, video.index)
    assert plan.frames == range(12, 33)
    visible = strip.visible_frames
    # The pictures that are left out (9, 10, 11) are seen too.
    assert visible == range(5, 37)
    assert strip.accessibleDescription() == "Requested 17 to 31, the file will show 12 to 32."
    step = (600 - 16) / len(visible)
    row = colors_at(strip, 85)
    inside, outside = row[int(8 + step * (14 - 5 + 0.5))], row[int(8 + step * (6 - 5 + 0.5))]
    assert inside != outside
    left_out = {row[int(8 + step * (9 - 5)) + x].name() for x in range(int(3 * step))}
    assert strip._theme.tokens.error.name() in left_out  # noqa: SLF001 - the colours in force


def test_thousands_of_frames_are_drawn_as_keyframes(
    strip: ClipStrip, clip: Callable[[str], Path], theme: ThemeSource
) -> None:
    with open_video(clip("gop_one_long.mp4"), use_index_cache=False) as video:
        plan = plan_clip(video.info, video.index, range(100), Path("a.mp4"), ClipSettings())
        strip.resize(120, 118)
        strip.show_plan(plan, video.index)
        assert theme.tokens.keyframe.name() in {color.name() for color in colors_at(strip, 60)}


def test_without_a_plan_it_says_so(strip: ClipStrip) -> None:
    before = strip.grab().toImage()
    strip.show_plan(None, None)
    assert strip.visible_frames == range(0)
    assert strip.grab().toImage() == before
