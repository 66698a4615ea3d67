"""The layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from framescope.core.contact_sheet.layout import SheetFormat, SheetSettings, format_of, lay_out
from framescope.core.errors import SettingsError


@pytest.mark.parametrize("count", [1, 5, 7, 23])
@pytest.mark.parametrize("sheet_format", list(SheetFormat))
@pytest.mark.parametrize("aspect", [16 / 9, 9 / 16, 1.0])
def test_pictures_lie_within_their_page_and_apart(
    count: int, sheet_format: SheetFormat, aspect: float
) -> None:
    layout = lay_out(count, aspect, SheetSettings(columns=5, width_px=1000), sheet_format)
    seen: list[int] = []
    for page in range(layout.page_count):
        boxes = []
        for place in layout.places_on(page):
            seen.append(place)
            left, top = layout.corner(place)
            right, bottom = left + layout.cell[0], top + layout.cell[1] + layout.caption
            assert layout.margin <= left < right <= layout.page_width - layout.margin
            assert layout.header + layout.margin <= top < bottom <= layout.height_of(page) - layout.margin
            boxes.append((left, top, right, bottom))
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                assert one[2] <= other[0] or one[3] <= other[1] or other[2] <= one[0] or other[3] <= one[1]
    assert seen == list(range(count))


def test_the_shape_of_pictures_is_kept() -> None:
    width, height = lay_out(9, 16 / 9, SheetSettings(columns=3)).cell
    assert width / height == pytest.approx(16 / 9, abs=0.01)


def test_a_pdf_has_pages_of_paper_and_a_png_ends_with_its_pictures() -> None:
    settings = SheetSettings(columns=4, width_px=1000)
    pdf = lay_out(100, 16 / 9, settings, SheetFormat.PDF)
    assert pdf.page_count > 1
    assert pdf.page_height == round(1000 * 210 / 297)
    assert pdf.height_of(pdf.page_count - 1) == pdf.page_height
    png = lay_out(100, 16 / 9, settings, SheetFormat.PNG)
    assert png.page_count == 1
    assert png.rows == 25
    tall = lay_out(20, 0.5, SheetSettings(columns=2, width_px=1000), SheetFormat.PDF)
    assert tall.page_height >= round(1000 * 297 / 210)


def test_a_png_that_would_be_too_long_is_parted() -> None:
    layout = lay_out(5000, 1.0, SheetSettings(columns=4, width_px=1600))
    assert layout.page_count > 1
    assert all(layout.height_of(page) <= 30_000 for page in range(layout.page_count))
    assert layout.height_of(layout.page_count - 1) < layout.height_of(0)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(SettingsError, match="No frames"):
        lay_out(0, 1.0, SheetSettings())
    with pytest.raises(SettingsError, match="too small"):
        lay_out(3, 1.0, SheetSettings(columns=40, width_px=300))
    with pytest.raises(SettingsError, match="41 columns"):
        SheetSettings(columns=41)
    with pytest.raises(SettingsError, match="100 pixels"):
        SheetSettings(width_px=100)
    with pytest.raises(SettingsError, match=r"\.png or \.pdf"):
        format_of(Path("a.jpg"))
    assert format_of(Path("a.PDF")) is SheetFormat.PDF


def test_without_header_and_captions_there_is_more_room() -> None:
    bare = lay_out(4, 1.0, SheetSettings(header=False, captions=False))
    assert bare.header == bare.caption == 0
    assert bare.page_height < lay_out(4, 1.0, SheetSettings()).page_height
