"""Draws one page of a contact sheet, picture by picture."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.contact_sheet.layout import SheetLayout

_PACKAGE = Path(__file__).resolve().parents[2]
_FONT_FOLDERS = (_PACKAGE / "resources" / "fonts", _PACKAGE.parent / "resources" / "fonts")
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
            number: What stands below on the left.
            time: What stands below on the right.
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
        self._draw_caption(place, number, "not available")

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
    for folder in _FONT_FOLDERS:
        if (folder / name).is_file():
            return ImageFont.truetype(str(folder / name), size)
    raise FileNotFoundError(f"FrameScope's own file fonts/{name} is missing from the installation")
