"""Drawing contact sheets in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.contact_sheet.layout import SheetFormat, SheetSettings
from framescope.core.errors import Cancelled, SettingsError
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.sampling.sampling import Sampling, SamplingKind, Viewpoint
from framescope.core.source.opening import open_video
from framescope.ui.sheet.drawing import (
    SheetDraft,
    draw_first_page,
    save_sheet,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def make_draft(plain_clip: Path, tmp_path: Path) -> Callable[..., SheetDraft]:
    def make(sampling: Sampling, name: str = "a.png") -> SheetDraft:
        with open_video(plain_clip, use_index_cache=False) as video:
            settings = SheetSettings(columns=4, width_px=1600)
            viewpoint = Viewpoint(0, MarkedFrames((3, 9)), None)
            return SheetDraft(video.info, video.index, viewpoint, sampling, settings, tmp_path / name)

    return make


def test_the_first_page_is_small_and_tells_of_the_whole(make_draft: Callable[..., SheetDraft]) -> None:
    draft = make_draft(Sampling(SamplingKind.ALL), "a.pdf")
    assert draft.sheet_format is SheetFormat.PDF
    drawing = draw_first_page(draft, ignore_progress, CancelToken())
    assert (drawing.frame_count, drawing.image.width()) == (48, 1000)
    assert drawing.page_count > 1
    assert drawing.shown < 48
    assert drawing.content is None
    assert make_draft(Sampling(SamplingKind.MARKED), "a").sheet_format is SheetFormat.PNG


def test_kinds_that_look_at_frames_look_once(
    make_draft: Callable[..., SheetDraft], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace  # noqa: PLC0415

    draft = make_draft(Sampling(SamplingKind.REPRESENTATIVE, representatives=4))
    drawing = draw_first_page(draft, ignore_progress, CancelToken())
    assert drawing.frame_count == 4
    assert drawing.content is not None
    monkeypatch.setattr("framescope.ui.sheet.drawing.measure_content", None)
    again = draw_first_page(replace(draft, content=drawing.content), ignore_progress, CancelToken())
    assert again.image == drawing.image


def test_it_is_written_and_can_be_called_off(make_draft: Callable[..., SheetDraft], tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    draft = make_draft(Sampling(SamplingKind.MARKED))
    with pytest.raises(Cancelled):
        save_sheet(draft, ignore_progress, cancel, replaces=False)
    with pytest.raises(SettingsError):
        save_sheet(make_draft(Sampling(), "a.gif"), ignore_progress, CancelToken(), replaces=False)
    assert list(tmp_path.iterdir()) == []
    result = save_sheet(draft, ignore_progress, CancelToken(), replaces=False)
    assert result.frame_numbers == (3, 9)
