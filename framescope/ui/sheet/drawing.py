"""Renders a contact sheet: a preview of the first page, then the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.contact_sheet.layout import SheetFormat, format_of
from framescope.core.contact_sheet.sheet import SheetResult, draw_page, sheet_layout, write_sheet
from framescope.core.sampling.content import ContentMeasures, measure_content
from framescope.core.sampling.sampling import choose
from framescope.core.source.opening import known_video
from framescope.ui.widgets.rgb_image import image_from_rgb

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from framescope.core.contact_sheet.layout import SheetSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.sampling.sampling import Sampling, Viewpoint

_PREVIEW_WIDTH, _PREVIEW_FRAMES = 1000, 60
_CACHE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, eq=False)
class SheetDraft:
    """All choices of the dialog at one moment."""

    info: VideoInfo
    index: FrameIndex
    viewpoint: Viewpoint
    sampling: Sampling
    settings: SheetSettings
    path: Path
    content: ContentMeasures | None = None

    @property
    def sheet_format(self) -> SheetFormat:
        """The format of the file's suffix; PNG if there is none."""
        suffix = self.path.suffix.lower().lstrip(".")
        return SheetFormat(suffix) if suffix in tuple(SheetFormat) else SheetFormat.PNG


@dataclass(frozen=True, slots=True, eq=False)
class SheetDrawing:
    """A rendered first page.

    Attributes:
        image: The page, at reduced size.
        frame_count: Frames of the whole sheet.
        page_count: Pages of the whole sheet.
        shown: Frames on the image.
        content: The analysed frame content, if available.
        frame_numbers: int64, the frames of the whole sheet, in order.
    """

    image: QImage
    frame_count: int
    page_count: int
    shown: int
    content: ContentMeasures | None
    frame_numbers: NDArray[np.int64]


def draw_first_page(draft: SheetDraft, progress: ProgressCallback, cancel: CancelToken) -> SheetDrawing:
    """Decode and render the preview.

    Raises:
        SettingsError: There are no frames to show, or they do not fit.
        Cancelled: The work was cancelled.
    """
    with known_video(draft.info, draft.index, cache_bytes=_CACHE_BYTES) as video:
        numbers, content = _numbers(video, draft, progress, cancel)
        whole = sheet_layout(draft.info, len(numbers), draft.settings, draft.sheet_format)
        small = replace(draft.settings, width_px=min(draft.settings.width_px, _PREVIEW_WIDTH))
        some = numbers[:_PREVIEW_FRAMES]
        layout = sheet_layout(draft.info, len(some), small, draft.sheet_format)
        drawn = draw_page(video, some, layout, 0, small, cancel=cancel)
        return SheetDrawing(
            image_from_rgb(drawn.rgb),
            len(numbers),
            whole.page_count,
            len(layout.places_on(0)),
            content,
            np.array(numbers, np.int64),
        )


def save_sheet(
    draft: SheetDraft, progress: ProgressCallback, cancel: CancelToken, *, replaces: bool
) -> SheetResult:
    """Write the sheet; raises the same errors as `write_sheet`."""
    format_of(draft.path)
    with known_video(draft.info, draft.index, cache_bytes=_CACHE_BYTES) as video:
        numbers, _ = _numbers(video, draft, progress, cancel)
        return write_sheet(
            video,
            numbers,
            draft.path,
            draft.settings,
            replaces=replaces,
            progress=progress,
            cancel=cancel,
        )


def _numbers(
    video: Video, draft: SheetDraft, progress: ProgressCallback, cancel: CancelToken
) -> tuple[list[int], ContentMeasures | None]:
    content = draft.content
    if draft.sampling.needs_content:
        span = draft.sampling.content_span(draft.index, draft.viewpoint)
        if content is None or not content.covers(span):
            content = measure_content(video, within=span, progress=progress, cancel=cancel)
    chosen = choose(draft.sampling, draft.index, draft.viewpoint, content)
    return chosen.frame_numbers.tolist(), content
