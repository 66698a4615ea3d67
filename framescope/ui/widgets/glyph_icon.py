"""Icons out of an icon font: one glyph in one colour, drawn afresh at every size that is asked for.

The font and the names of its glyphs are those that QtAwesome ships. QtAwesome itself is not imported: it
loads twelve fonts and, through qtpy, Qt modules that nothing here uses; 0.25 s of CPU time until an icon.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

FONT_PACKAGE = "qtawesome"
FONT_FILES = {"ph": "phosphor", "mdi6": "materialdesignicons6-webfont"}
"""What the files of a font begin with, by the first part of its icons' names."""
_SHARE = 0.875
"""A glyph's em as a share of the icon's height, as QtAwesome has it."""


def glyph_icon(name: str, color: QColor, color_disabled: QColor) -> QIcon:
    """The icon of a name such as ``ph.play`` (Phosphor) or ``mdi6.play`` (Material Design). Threads: GUI.

    Raises:
        KeyError: There is no icon of that name.
    """
    font, _, glyph = name.partition(".")
    family, codes = _icon_font(FONT_FILES[font])
    # Qt owns the engine from here on.
    return QIcon(_GlyphEngine(family, chr(int(codes[glyph], 16)), color, color_disabled))


@cache
def _icon_font(stem: str) -> tuple[str, dict[str, str]]:
    """The font's family, and its characters' code points by name, in hexadecimal."""
    spec = find_spec(FONT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"No module named {FONT_PACKAGE!r}", name=FONT_PACKAGE)
    # By its folder and not by its `__init__`: a frozen program holds the fonts alone.
    fonts = Path(next(iter(spec.submodule_search_locations))) / "fonts"
    (font_file,), (names_file,) = fonts.glob(f"{stem}-[0-9]*.ttf"), fonts.glob(f"{stem}-charmap-*.json")
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(font_file)))
    return families[0], json.loads(names_file.read_bytes())


class _GlyphEngine(QIconEngine):
    """Draws one glyph."""

    def __init__(self, family: str, glyph: str, color: QColor, color_disabled: QColor) -> None:
        super().__init__()
        self._font = QFont(family)
        self._glyph = glyph
        self._color, self._color_disabled = color, color_disabled

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the glyph into the middle of ``rect``."""
        del state
        font = QFont(self._font)
        font.setPixelSize(max(round(rect.height() * _SHARE), 1))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._color_disabled if mode is QIcon.Mode.Disabled else self._color)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The glyph on nothing, in device pixels."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Another that draws the same."""
        return _GlyphEngine(self._font.family(), self._glyph, self._color, self._color_disabled)
