"""Makes a contact sheet: decodes the frames, draws the pages, and writes all of them or none."""

from __future__ import annotations

import contextlib
import math
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont, PdfParser

from framescope.core.contact_sheet.layout import SheetFormat, SheetLayout, format_of, lay_out
from framescope.core.errors import FrameUnavailableError, VerificationError
from framescope.core.files import part_file
from framescope.core.media.container import shown_name
from framescope.core.media.facts.intervals import measure_intervals, measured_rate_words
from framescope.core.media.picture.geometry import is_quarter_turn
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.resources import resource_path
from framescope.core.text import clock, counted, grouped, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.contact_sheet.layout import SheetLayout, SheetSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_LIGHT = {
    "ground": "#ffffff",
    "text": "#1b1d22",
    "muted": "#565c68",
    "empty": "#e9ebef",
    "rule": "#dadde3",
    "warning": "#8f5d00",
}
_DARK = {
    "ground": "#131417",
    "text": "#e8e9ec",
    "muted": "#a4a8b3",
    "empty": "#26282e",
    "rule": "#2a2c33",
    "warning": "#f2bd5b",
}
_LINE = 1.35
_EDGE = 2
_DAMAGED = "damaged"


class SheetPage:
    """One page under way. Used by one thread."""

    def __init__(self, layout: SheetLayout, page: int, *, dark: bool) -> None:
        self._layout = layout
        self._colors = _DARK if dark else _LIGHT
        self.image = Image.new("RGB", (layout.page_width, layout.height_of(page)), self._colors["ground"])
        self._draw = ImageDraw.Draw(self.image)

    def draw_header(self, title: str, facts: str, page_words: str) -> None:
        """The file's name, its facts below, and on the right which page it is."""
        layout = self._layout
        if not layout.header:
            return
        room = layout.header - layout.margin
        big, small = self._font(round(room * 0.42), bold=True), self._font(round(room * 0.3))
        left, right = layout.margin, layout.page_width - layout.margin
        page_width = round(small.getlength(page_words)) + layout.gap if page_words else 0
        top = layout.margin
        self._draw.text((left, top), shortened(title, big, right - left), self._colors["text"], font=big)
        below = top + round(room * 0.42 * _LINE)
        words = shortened(facts, small, right - left - page_width)
        self._draw.text((left, below), words, self._colors["muted"], font=small)
        self._draw.text((right, below), page_words, self._colors["muted"], font=small, anchor="ra")
        rule = layout.header + layout.margin // 2
        self._draw.line((left, rule, right, rule), self._colors["rule"])

    def draw_picture(
        self, place: int, rgb: NDArray[np.uint8], number: str, time: str, *, is_damaged: bool = False
    ) -> None:
        """A frame with its caption.

        Args:
            place: Its place on the sheet.
            rgb: (height, width, 3) uint8 of the cell's size.
            number: The text below on the left.
            time: The text below on the right.
            is_damaged: Whether it gets an edge, and a word below, that say so.
        """
        left, top = self._layout.corner(place)
        self.image.paste(Image.fromarray(rgb), (left, top))
        if is_damaged:
            width, height = self._layout.cell
            around = (left - _EDGE, top - _EDGE, left + width + _EDGE - 1, top + height + _EDGE - 1)
            self._draw.rectangle(around, outline=self._colors["warning"], width=_EDGE)
        self._draw_caption(place, number, time, _DAMAGED if is_damaged else "")

    def draw_gap(self, place: int, number: str, reason: str) -> None:
        """A frame that cannot be shown, and why; never another picture in its place."""
        left, top = self._layout.corner(place)
        width, height = self._layout.cell
        self._draw.rectangle((left, top, left + width - 1, top + height - 1), self._colors["empty"])
        font = self._font(self._layout.text)
        words = shortened(reason, font, width - 2 * self._layout.gap)
        middle = (left + width // 2, top + height // 2)
        self._draw.text(middle, words, self._colors["muted"], font=font, anchor="mm")
        self._draw_caption(place, number, tr("not available"))

    def _draw_caption(self, place: int, number: str, time: str, warning: str = "") -> None:
        layout = self._layout
        if not layout.caption:
            return
        left, top = layout.corner(place)
        width, height = layout.cell
        middle = top + height + layout.caption // 2
        bold, plain = self._font(layout.text, bold=True), self._font(layout.text)
        self._draw.text((left, middle), number, self._colors["text"], font=bold, anchor="lm")
        end = bold.getlength(number) + layout.text / 2
        if warning and end + plain.getlength(warning) < width:
            self._draw.text((left + end, middle), warning, self._colors["warning"], font=plain, anchor="lm")
            end += plain.getlength(warning) + layout.text / 2
        if end + plain.getlength(time) < width:
            self._draw.text((left + width, middle), time, self._colors["muted"], font=plain, anchor="rm")

    def _font(self, size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
        return _font(max(size, 8), bold=bold)


def shortened(text: str, font: ImageFont.FreeTypeFont, room: float) -> str:
    """The text with its end cut off where there is no room for all of it."""
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text}…" if text else ""


@lru_cache(maxsize=16)
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    """The typeface of the window, which has Latin, Greek and Cyrillic letters."""
    name = "Inter-SemiBold.ttf" if bold else "Inter-Regular.ttf"
    return ImageFont.truetype(str(resource_path("fonts", name)), size)


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
        """One line for display."""
        pages = counted(self.page_count, "page", "pages")
        frames = counted(len(self.frame_numbers), "frame", "frames")
        odd = [
            tr("{count} not available", count=grouped(len(self.missing))) if self.missing else "",
            tr("{count} damaged", count=grouped(len(self.damaged))) if self.damaged else "",
        ]
        return "; ".join(
            [
                tr("{paths}: {frames} on {pages}", paths=self.paths[0].name, frames=frames, pages=pages),
                *filter(None, odd),
            ]
        )


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
    """The layout.

    Raises:
        SettingsError: There is no frame, or no room for so many in a row.
    """
    width, height = info.display_width, info.display_height
    if not settings.rotate and is_quarter_turn(info.rotation):
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
        layout: The layout.
        page: Which page.
        settings: How it is to look.
        progress: Called after each frame, counted over the sheet.
        cancel: Cancels the work.

    Raises:
        Cancelled: The work was cancelled.
        OpenError: The video is gone.
    """
    cancel = cancel or CancelToken()
    sheet = SheetPage(layout, page, dark=settings.dark)
    words = (
        tr("page {page} of {page_count}", page=page + 1, page_count=layout.page_count)
        if layout.page_count > 1
        else ""
    )
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
        progress(Progress(place + 1, len(numbers), tr("Drawing frames")))
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
        progress: Called after each frame.
        cancel: Cancels the work.

    Raises:
        SettingsError: There is no frame, or the name asks for something else.
        DestinationError: The file cannot be written, or is there already.
        VerificationError: What was written is not what was drawn.
        Cancelled: The work was cancelled; nothing was written.
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
    timing = measure_intervals(index)
    facts = [
        f"{info.display_width} × {info.display_height}",
        info.codec_meaning,
        measured_rate_words(timing),
        "" if math.isnan(timing.duration_s) else clock(timing.duration_s),
        tr("{frames}, {shown} shown", frames=counted(len(index), "frame", "frames"), shown=grouped(shown)),
        "" if info.file_size_bytes is None else size_words(info.file_size_bytes),
    ]
    return shown_name(info.source), "  ·  ".join(filter(None, facts))


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
                raise VerificationError(tr("The saved sheet differs from what was drawn."))
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
    # By name, so that it is memory-mapped instead of read.
    with PdfParser.PdfParser(os.fspath(part)) as parser:
        if len(parser.pages) != count:
            raise VerificationError(
                tr(
                    "The PDF has {pages} instead of {count}.",
                    pages=counted(len(parser.pages), "page", "pages"),
                    count=count,
                )
            )
    return part.stat().st_size
