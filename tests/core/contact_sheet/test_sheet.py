"""Contact sheets of numbered clips: every picture is the frame that its caption names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, PdfParser

from framescope.core.contact_sheet.layout import SheetFormat, SheetSettings
from framescope.core.contact_sheet.sheet import (
    draw_page,
    header_words,
    sheet_layout,
    write_sheet,
)
from framescope.core.errors import Cancelled, DestinationError, SettingsError
from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import open_video
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.contact_sheet.layout import SheetLayout
    from framescope.core.media.video import Video

_SETTINGS = SheetSettings(columns=3, width_px=900)


@pytest.fixture
def video(clip: Callable[[str], Path]) -> Iterator[Video]:
    with open_video(clip("h264.mp4"), use_index_cache=False) as opened:
        yield opened


def numbers_on(page: NDArray[np.uint8], layout: SheetLayout, places: range) -> list[int | None]:
    width, height = layout.cell
    corners = [layout.corner(place) for place in places]
    return [read_number(page[top : top + height, left : left + width]) for left, top in corners]


def test_every_picture_is_the_frame_of_its_place(video: Video, tmp_path: Path) -> None:
    wanted = [0, 5, 13, 21, 30, 38, 47]
    result = write_sheet(video, wanted, tmp_path / "a.png", _SETTINGS)
    page = np.asarray(Image.open(tmp_path / "a.png"))
    layout = sheet_layout(video.info, 7, _SETTINGS, SheetFormat.PNG)
    assert page.shape == (layout.height_of(0), 900, 3)
    assert numbers_on(page, layout, range(7)) == wanted
    assert result.frame_numbers == tuple(wanted)
    assert result.summary == "a.png: 7 frames on 1 page"
    assert result.size_bytes == (tmp_path / "a.png").stat().st_size


def test_a_pdf_has_as_many_pages_as_were_planned(video: Video, tmp_path: Path) -> None:
    result = write_sheet(video, range(0, 48, 2), tmp_path / "a.pdf", SheetSettings(columns=3, width_px=400))
    with PdfParser.PdfParser(str(tmp_path / "a.pdf")) as parser:
        assert len(parser.pages) == result.page_count > 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def test_pages_of_a_pdf_hold_the_frames_in_order(video: Video) -> None:
    settings = SheetSettings(columns=3, width_px=900)
    wanted = list(range(0, 48, 2))
    layout = sheet_layout(video.info, len(wanted), settings, SheetFormat.PDF)
    seen: list[int | None] = []
    for page in range(layout.page_count):
        drawn = draw_page(video, wanted, layout, page, settings)
        assert (drawn.missing, drawn.damaged) == ((), ())
        seen += numbers_on(drawn.rgb, layout, layout.places_on(page))
    assert seen == wanted


def test_rotation_shapes_the_cells(clip: Callable[[str], Path], tmp_path: Path) -> None:
    with open_video(clip("rotated_90.mp4"), use_index_cache=False) as turned:
        upright = sheet_layout(turned.info, 3, _SETTINGS, SheetFormat.PNG)
        assert upright.cell[0] > upright.cell[1]
        flat = SheetSettings(columns=3, width_px=900, rotate=False)
        lying = sheet_layout(turned.info, 3, flat, SheetFormat.PNG)
        assert lying.cell[0] < lying.cell[1]
        write_sheet(turned, [3, 9], tmp_path / "a.png", _SETTINGS)
        page = np.asarray(Image.open(tmp_path / "a.png"))
        assert numbers_on(page, upright, range(2)) == [3, 9]


def test_a_frame_that_cannot_be_decoded_is_a_gap(
    clip: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from framescope.core.errors import FrameUnavailableError  # noqa: PLC0415

    with open_video(clip("h264.mp4"), use_index_cache=False) as video:
        whole = video.try_frames

        def with_a_hole(numbers: list[int]) -> Iterator[object]:
            for answer in whole(numbers):
                is_hole = getattr(answer, "frame_number", None) == 20
                yield FrameUnavailableError(20, None, "its packet is damaged") if is_hole else answer

        monkeypatch.setattr(video, "try_frames", with_a_hole)
        result = write_sheet(video, [10, 20, 30], tmp_path / "a.png", _SETTINGS)
    assert result.missing == (20,)
    assert result.summary.endswith("; 1 not available")
    layout = sheet_layout(video.info, 3, _SETTINGS, SheetFormat.PNG)
    page = np.asarray(Image.open(tmp_path / "a.png"))
    numbers = numbers_on(page, layout, range(3))
    assert (numbers[0], numbers[2]) == (10, 30)
    assert numbers[1] != 20


def test_cancelled_it_leaves_nothing(video: Video, tmp_path: Path) -> None:
    cancel = CancelToken()
    for name in ("a.png", "a.pdf"):
        cancel.cancel()
        with pytest.raises(Cancelled):
            write_sheet(video, range(10), tmp_path / name, _SETTINGS, cancel=cancel)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_kept(video: Video, tmp_path: Path) -> None:
    for name in ("a.png", "a.pdf"):
        (tmp_path / name).write_bytes(b"mine")
        with pytest.raises(DestinationError, match="already exists"):
            write_sheet(video, range(3), tmp_path / name, _SETTINGS)
        assert (tmp_path / name).read_bytes() == b"mine"
        write_sheet(video, range(3), tmp_path / name, _SETTINGS, replaces=True)
        assert (tmp_path / name).read_bytes() != b"mine"


def test_no_frames_are_no_sheet(video: Video, tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        write_sheet(video, [], tmp_path / "a.png", _SETTINGS)


def test_the_header_tells_the_files_facts(video: Video) -> None:
    title, facts = header_words(video.info, video.index, 7)
    assert title == "h264.mp4"
    for fact in ("160 × 120", "24 fps", "48 frames, 7 shown"):
        assert fact in facts


def test_the_header_has_no_secrets_of_an_address(video: Video) -> None:
    info = replace(video.info, source="https://me:hushhush@host/a.mp4?X-Amz-Signature=tellnobody")
    title, _ = header_words(info, video.index, 7)
    assert title == "https://…@host/a.mp4?…"


def test_damaged_frames_are_counted_and_marked(clip: Callable[[str], Path], tmp_path: Path) -> None:
    with open_video(clip("damaged_keyframe.mp4"), use_index_cache=False) as video:
        result = write_sheet(video, [0, 23, 24, 35, 36, 40], tmp_path / "a.png", _SETTINGS)
        layout = sheet_layout(video.info, 6, _SETTINGS, SheetFormat.PNG)
    assert result.damaged == (24, 35)
    assert result.summary == "a.png: 6 frames on 1 page; 2 damaged"
    page = np.asarray(Image.open(tmp_path / "a.png"))
    edges = [page[top - 1, left - 1] for left, top in map(layout.corner, range(6))]
    marked = [bool((edge != edges[0]).any()) for edge in edges]
    assert marked == [False, False, True, True, False, False]
