"""Drawing on a page."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageFont

from framescope.core.contact_sheet.layout import SheetSettings, lay_out
from framescope.core.contact_sheet.sheet import SheetPage, shortened


@pytest.mark.parametrize("dark", [True, False])
def test_a_picture_stands_where_the_layout_says_sample_by_sample(*, dark: bool) -> None:
    layout = lay_out(6, 4 / 3, SheetSettings(columns=3, width_px=600))
    page = SheetPage(layout, 0, dark=dark)
    before = np.asarray(page.image).copy()
    width, height = layout.cell
    rgb = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    page.draw_picture(4, rgb, "12", "0:00.500")
    after = np.asarray(page.image)
    left, top = layout.corner(4)
    assert np.array_equal(after[top : top + height, left : left + width], rgb)
    caption = after[top + height : top + height + layout.caption, left : left + width]
    assert (caption != before[top + height : top + height + layout.caption, left : left + width]).any()
    changed = (after != before).any(axis=2)
    changed[top : top + height + layout.caption, left : left + width] = False
    assert not changed.any()


def test_a_frame_that_is_missing_leaves_a_gap_that_says_so() -> None:
    layout = lay_out(2, 1.0, SheetSettings(columns=2, width_px=600, captions=False))
    page = SheetPage(layout, 0, dark=False)
    page.draw_gap(1, "7", "its packet is damaged")
    left, top = layout.corner(1)
    cell = np.asarray(page.image)[top : top + layout.cell[1], left : left + layout.cell[0]]
    assert tuple(cell[0, 0]) == (0xE9, 0xEB, 0xEF)
    assert len(np.unique(cell.reshape(-1, 3), axis=0)) > 2


def test_the_header_is_drawn_only_where_there_is_room_for_it() -> None:
    with_header = lay_out(2, 1.0, SheetSettings())
    page = SheetPage(with_header, 0, dark=False)
    page.draw_header("clip.mp4", "a fact", "page 1 of 2")
    assert (np.asarray(page.image)[: with_header.header] != 255).any()
    bare = SheetPage(lay_out(2, 1.0, SheetSettings(header=False)), 0, dark=False)
    bare.draw_header("clip.mp4", "a fact", "")
    assert (np.asarray(bare.image) == 255).all()


def test_text_that_is_too_long_ends_in_dots() -> None:
    font = ImageFont.load_default(12)
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert shortened("short", font, 500) == "short"
    cut = shortened("a name that is much too long", font, 60)
    assert cut.endswith("…")
    assert font.getlength(cut) <= 60
    assert shortened("anything", font, 0) == ""
