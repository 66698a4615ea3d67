"""The layout of a contact sheet. Pure: pixels in, pixels out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.files import check_ending
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

MOST_COLUMNS, WIDTHS = 40, (200, 16_384)
_A4 = 297 / 210
_MOST_HEIGHT = 30_000
"""Rows of pixels of one picture; what is longer is parted."""
_LEAST_CELL = 16


class SheetFormat(StrEnum):
    """What a sheet is written as."""

    PNG = "png"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class SheetSettings:
    """How a sheet is to look.

    Attributes:
        columns: Pictures beside each other.
        width_px: Width of a page in pixels.
        header: Whether the file's facts stand above.
        captions: Whether each picture has its number and time below.
        dark: Whether the ground is dark.
        rotate: Whether the video's rotation is applied.

    Raises:
        SettingsError: A value cannot be used.
    """

    columns: int = 5
    width_px: int = 1600
    header: bool = True
    captions: bool = True
    dark: bool = False
    rotate: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
        if not 1 <= self.columns <= MOST_COLUMNS:
            raise SettingsError(
                tr("{columns} columns are not possible.", columns=self.columns),
                hint=tr("Choose 1 to {most_columns}.", most_columns=MOST_COLUMNS),
            )
        if not WIDTHS[0] <= self.width_px <= WIDTHS[1]:
            raise SettingsError(
                tr("A width of {width_px} pixels is not possible.", width_px=self.width_px),
                hint=tr("Choose {least} to {most}.", least=WIDTHS[0], most=WIDTHS[1]),
            )


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """The layout, in pixels.

    Attributes:
        page_width: Of every page.
        page_height: Of every page but, where ``is_cut``, the last.
        page_count: Pages.
        columns: Pictures in a row.
        rows: Rows of a full page.
        count: Pictures in all.
        cell: Width and height of a picture.
        caption: Height of a caption; 0 without.
        header: Height of the header, margins included; 0 without.
        margin: Around the grid.
        gap: Between pictures.
        text: Size of the captions' letters.
        is_cut: Whether the last page ends behind its last row.
    """

    page_width: int
    page_height: int
    page_count: int
    columns: int
    rows: int
    count: int
    cell: tuple[int, int]
    caption: int
    header: int
    margin: int
    gap: int
    text: int
    is_cut: bool

    def places_on(self, page: int) -> range:
        """The pictures of a page, counted over the sheet."""
        each = self.columns * self.rows
        return range(page * each, min((page + 1) * each, self.count))

    def corner(self, place: int) -> tuple[int, int]:
        """Left and top of a picture on its page."""
        row, column = divmod(place % (self.columns * self.rows), self.columns)
        width, height = self.cell
        # What does not divide goes between the columns, so that the grid ends at the right margin.
        spare = self.page_width - 2 * self.margin - width
        left = self.margin + column * spare // max(self.columns - 1, 1)
        return left, self.header + self.margin + row * (height + self.caption + self.gap)

    def height_of(self, page: int) -> int:
        """Height of a page."""
        rows = -(-len(self.places_on(page)) // self.columns)
        return self._height(rows) if self.is_cut else self.page_height

    def _height(self, rows: int) -> int:
        step = self.cell[1] + self.caption + self.gap
        return self.header + 2 * self.margin + rows * step - self.gap


def format_of(path: Path) -> SheetFormat:
    """What a name asks for.

    Raises:
        SettingsError: It asks for neither PNG nor PDF.
    """
    ending = check_ending(path, tr("A contact sheet"), [f".{one.value}" for one in SheetFormat])
    return SheetFormat(ending.removeprefix("."))


def lay_out(
    count: int, aspect: float, settings: SheetSettings, sheet_format: SheetFormat = SheetFormat.PNG
) -> SheetLayout:
    """Place pictures on pages.

    Args:
        count: How many pictures, at least one.
        aspect: Width over height of a picture as shown.
        settings: How it is to look.
        sheet_format: A PDF has pages of paper's shape, a PNG is one long picture as far as that goes.

    Raises:
        SettingsError: There is no picture, or no room for so many in a row.
    """
    if count < 1:
        raise SettingsError(tr("No frames were chosen for the sheet."), hint=tr("Choose other frames."))
    margin = max(settings.width_px // 50, 8)
    gap = max(settings.width_px // 120, 4)
    width = (settings.width_px - 2 * margin - (settings.columns - 1) * gap) // settings.columns
    height = max(round(width / max(aspect, 0.01)), 1)
    if width < _LEAST_CELL:
        raise SettingsError(
            tr("The pictures would be too small."), hint=tr("Choose fewer columns or a wider sheet.")
        )
    text = max(min(round(width * 0.055), 26), 9)
    caption = round(text * 1.7) if settings.captions else 0
    header = round(max(settings.width_px / 26, 30)) + margin if settings.header else 0
    step = height + caption + gap
    is_pdf = sheet_format is SheetFormat.PDF
    # Landscape pages for wide pictures, portrait pages for tall ones.
    paper = settings.width_px / _A4 if settings.columns * aspect >= 4 else settings.width_px * _A4
    room = (round(paper) if is_pdf else _MOST_HEIGHT) - header - 2 * margin + gap
    rows = max(room // step, 1)
    pages = -(-count // (settings.columns * rows))
    if not is_pdf:
        rows = min(rows, -(-count // settings.columns))
    own_height = header + 2 * margin + rows * step - gap
    return SheetLayout(
        page_width=settings.width_px,
        page_height=max(round(paper), own_height) if is_pdf else own_height,
        page_count=pages,
        columns=settings.columns,
        rows=rows,
        count=count,
        cell=(width, height),
        caption=caption,
        header=header,
        margin=margin,
        gap=gap,
        text=text,
        is_cut=not is_pdf,
    )
