"""Makes a contact sheet: decodes the chosen frames, draws pages, and writes them whole or not at all."""

from __future__ import annotations

import contextlib
import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, PdfParser

from framescope.core.contact_sheet.layout import SheetFormat, SheetLayout, format_of, lay_out
from framescope.core.contact_sheet.page import SheetPage
from framescope.core.errors import FrameUnavailableError, VerificationError
from framescope.core.files import part_file
from framescope.core.media.container import local_path
from framescope.core.media.facts.intervals import measure_intervals, measured_rate_words
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.printable import printable
from framescope.core.text import clock, counted, grouped, size_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.contact_sheet.layout import SheetSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_LONG_SIDE_IN = 297 / 25.4
"""A sheet of A4, in inches."""
_JPEG_QUALITY = 92


@dataclass(frozen=True, slots=True)
class SheetResult:
    """A sheet that was written.

    Attributes:
        paths: Its files; more than one only for a PNG too long for one.
        page_count: Pages.
        frame_numbers: The frames on it, in order.
        missing: Those that could not be decoded; their places say so.
        damaged: Those that are damaged or may depend on damage; their places say so.
        size_bytes: Bytes of all files.
    """

    paths: tuple[Path, ...]
    page_count: int
    frame_numbers: tuple[int, ...]
    missing: tuple[int, ...]
    damaged: tuple[int, ...]
    size_bytes: int

    @property
    def summary(self) -> str:
        """One line for people."""
        pages = counted(self.page_count, "page")
        frames = counted(len(self.frame_numbers), "frame")
        odd = [
            f"{grouped(len(self.missing))} not available" if self.missing else "",
            f"{grouped(len(self.damaged))} damaged" if self.damaged else "",
        ]
        return "; ".join([f"{self.paths[0].name}: {frames} on {pages}", *filter(None, odd)])


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPage:
    """One page of a sheet.

    Attributes:
        rgb: (height, width, 3) uint8.
        missing: Frames on it that could not be decoded.
        damaged: Frames on it that are damaged or may depend on damage.
    """

    rgb: NDArray[np.uint8]
    missing: tuple[int, ...]
    damaged: tuple[int, ...]


def sheet_layout(
    info: VideoInfo, count: int, settings: SheetSettings, sheet_format: SheetFormat
) -> SheetLayout:
    """Where everything will stand.

    Raises:
        SettingsError: There is no frame, or no room for so many in a row.
    """
    width, height = info.display_width, info.display_height
    if not settings.rotate and info.rotation in (90, 270):
        width, height = height, width
    return lay_out(count, width / max(height, 1), settings, sheet_format)


def draw_page(  # noqa: PLR0913 - progress and cancel come on top
    video: Video,
    numbers: Sequence[int],
    layout: SheetLayout,
    page: int,
    settings: SheetSettings,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> DrawnPage:
    """Draw one page.

    Args:
        video: Where the frames come from; used by this thread.
        numbers: The frames of the whole sheet.
        layout: Where everything stands.
        page: Which page.
        settings: How it is to look.
        progress: Told after each frame, counted over the sheet.
        cancel: Asks the work to stop.

    Raises:
        Cancelled: ``cancel`` was asked to stop.
        OpenError: The video is gone.
    """
    cancel = cancel or CancelToken()
    sheet = SheetPage(layout, page, dark=settings.dark)
    words = f"page {page + 1} of {layout.page_count}" if layout.page_count > 1 else ""
    sheet.draw_header(*header_words(video.info, video.index, len(numbers)), words)
    places = layout.places_on(page)
    missing: list[int] = []
    damaged: list[int] = []
    for place, answer in zip(
        places, video.try_frames([int(numbers[place]) for place in places]), strict=True
    ):
        cancel.raise_if_cancelled()
        number = f"{int(numbers[place])}"
        if isinstance(answer, FrameUnavailableError):
            missing.append(answer.frame_number)
            sheet.draw_gap(place, number, answer.reason)
        else:
            rgb = _scaled(answer, layout.cell, rotate=settings.rotate)
            sheet.draw_picture(place, rgb, number, clock(answer.time_s), is_damaged=answer.is_damaged)
            damaged += [answer.frame_number] if answer.is_damaged else []
        progress(Progress(place + 1, len(numbers), "Drawing frames"))
    return DrawnPage(np.asarray(sheet.image), tuple(missing), tuple(damaged))


def write_sheet(  # noqa: PLR0913 - every option is named at the call
    video: Video,
    numbers: Sequence[int],
    path: Path,
    settings: SheetSettings,
    *,
    replaces: bool = False,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> SheetResult:
    """Write a contact sheet.

    Args:
        video: Where the frames come from; used by this thread.
        numbers: The frames, in the order of the sheet.
        path: The file; its end says PNG or PDF.
        settings: How it is to look.
        replaces: Whether files of the name may be replaced.
        progress: Told after each frame.
        cancel: Asks the work to stop.

    Raises:
        SettingsError: There is no frame, or the name asks for something else.
        DestinationError: The file cannot be written, or is there already.
        VerificationError: What was written is not what was drawn.
        Cancelled: ``cancel`` was asked to stop; nothing was written.
    """
    sheet_format = format_of(path)
    layout = sheet_layout(video.info, len(numbers), settings, sheet_format)
    paths = sheet_paths(path, layout.page_count if sheet_format is SheetFormat.PNG else 1)
    missing: list[int] = []
    damaged: list[int] = []

    def pages() -> Iterator[NDArray[np.uint8]]:
        for page in range(layout.page_count):
            drawn = draw_page(video, numbers, layout, page, settings, progress=progress, cancel=cancel)
            missing.extend(drawn.missing)
            damaged.extend(drawn.damaged)
            yield drawn.rgb

    write = _write_pngs if sheet_format is SheetFormat.PNG else _write_pdf
    with contextlib.ExitStack() as stack:
        # Taken before the first page is drawn, and named after the last: cancelled, nothing is there.
        parts = [
            stack.enter_context(part_file(one, replaces=replaces, sources=[video.info.source]))
            for one in paths
        ]
        size_bytes = write(pages(), parts, path.stem)
    listed = tuple(int(number) for number in numbers)
    return SheetResult(paths, layout.page_count, listed, tuple(missing), tuple(damaged), size_bytes)


def header_words(info: VideoInfo, index: FrameIndex, shown: int) -> tuple[str, str]:
    """The name of the video, and its facts in one line."""
    path = local_path(info.source)
    timing = measure_intervals(index)
    facts = [
        f"{info.display_width} × {info.display_height}",
        info.codec_meaning,
        measured_rate_words(timing),
        "" if math.isnan(timing.duration_s) else clock(timing.duration_s),
        f"{counted(len(index), 'frame')}, {grouped(shown)} shown",
        "" if info.file_size_bytes is None else size_words(info.file_size_bytes),
    ]
    return printable(info.source if path is None else path.name), "  ·  ".join(filter(None, facts))


def _scaled(frame: Frame, cell: tuple[int, int], *, rotate: bool) -> NDArray[np.uint8]:
    bgra = frame.picture.to_bgra(width=cell[0], height=cell[1], rotate=rotate)
    return np.ascontiguousarray(bgra[..., 2::-1])


def sheet_paths(path: Path, count: int) -> tuple[Path, ...]:
    """The names of a sheet that takes so many files: a PDF takes one, and PNG one a page."""
    if count == 1:
        return (path,)
    return tuple(path.with_name(f"{path.stem}-{number}{path.suffix}") for number in range(1, count + 1))


def _write_pngs(pages: Iterator[NDArray[np.uint8]], parts: Sequence[Path], title: str) -> int:
    del title
    for part, rgb in zip(parts, pages, strict=True):
        Image.fromarray(rgb).save(part, "PNG", optimize=False)
        with Image.open(part) as again:
            if not np.array_equal(np.asarray(again), rgb):
                raise VerificationError("The saved sheet does not have the pixels that were drawn.")
    return sum(part.stat().st_size for part in parts)


def _write_pdf(pages: Iterator[NDArray[np.uint8]], parts: Sequence[Path], title: str) -> int:
    (part,) = parts
    # Page by page into the file, so that memory holds one page however many there are.
    count = 0
    for count, rgb in enumerate(pages, 1):
        dots = max(rgb.shape[:2]) / _LONG_SIDE_IN
        Image.fromarray(rgb).save(
            part, "PDF", title=title, resolution=dots, quality=_JPEG_QUALITY, append=count > 1
        )
    # By name, so that it is looked at where it is and not read into memory.
    with PdfParser.PdfParser(os.fspath(part)) as parser:
        if len(parser.pages) != count:
            raise VerificationError(f"The PDF has {counted(len(parser.pages), 'page')} instead of {count}.")
    return part.stat().st_size
