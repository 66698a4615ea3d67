"""Icons from icon fonts in the theme's colours, redrawn when the theme changes."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtWidgets import QToolButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from framescope.ui.widgets.theme import ThemeSource

FONT_PACKAGE = "qtawesome"
FONT_FILES = {"ph": "phosphor", "mdi6": "materialdesignicons6-webfont"}
"""Prefix of each font's file names, by the prefix of its icon names."""
_SWATCH_PX = 16
_SHARE = 0.875
"""The glyph's em as a fraction of the icon's height, as in QtAwesome."""


def glyph_icon(name: str, color: QColor, color_disabled: QColor) -> QIcon:
    """The icon with a name such as ``ph.play`` (Phosphor) or ``mdi6.play`` (Material Design). Threads: GUI.

    Raises:
        KeyError: There is no icon with that name.
    """
    font, _, glyph = name.partition(".")
    family, codes = _icon_font(FONT_FILES[font])
    # Qt takes ownership of the engine.
    return QIcon(_GlyphEngine(family, chr(int(codes[glyph], 16)), color, color_disabled))


@cache
def _icon_font(stem: str) -> tuple[str, dict[str, str]]:
    """The font's family, and the hexadecimal code points of its characters, by name."""
    spec = find_spec(FONT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"No module named {FONT_PACKAGE!r}", name=FONT_PACKAGE)
    # Found by folder rather than by importing: a frozen program contains only the fonts.
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
        """Draw the glyph centred in ``rect``."""
        del state
        font = QFont(self._font)
        font.setPixelSize(max(round(rect.height() * _SHARE), 1))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._color_disabled if mode is QIcon.Mode.Disabled else self._color)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The glyph on a transparent background, in device pixels."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """A copy of this engine."""
        return _GlyphEngine(self._font.family(), self._glyph, self._color, self._color_disabled)


class TakesIcon(Protocol):
    """Anything that shows an icon, such as a QAction or a button."""

    def setIcon(self, icon: QIcon, /) -> None:  # noqa: N802 - Qt's name
        """Show ``icon``."""


class IconSource(QObject):
    """Makes icons, and recolours them when the theme changes. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bound: dict[int, tuple[TakesIcon, str, str]] = {}
        theme.changed.connect(self._on_theme_changed)

    def bind(self, target: TakesIcon, name: str, *, color: str = "text") -> None:
        """Set the icon ``name`` (see `glyph_icon`) on ``target``, in the colour of the token ``color``."""
        if not name:
            return
        self._bound[id(target)] = target, name, color
        target.setIcon(self.make(name, color=color))

    def button(
        self, parent: QWidget, name: str, title: str, icon: str, *, color: str = "text"
    ) -> QToolButton:
        """An icon-only button; ``title`` is its accessible name and tooltip."""
        button = QToolButton(parent)
        button.setObjectName(name)
        button.setAccessibleName(title)
        button.setToolTip(title)
        self.bind(button, icon, color=color)
        return button

    def make(self, name: str, *, color: str = "text") -> QIcon:
        """An icon in the current colours."""
        tokens = self._theme.tokens
        return glyph_icon(name, getattr(tokens, color), tokens.border_strong)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._bound = {key: kept for key, kept in self._bound.items() if shiboken6.isValid(kept[0])}
        for target, name, color in self._bound.values():
            target.setIcon(self.make(name, color=color))


def swatch(color: str) -> QIcon:
    """A square of a colour, ``#rrggbb``."""
    picture = QPixmap(_SWATCH_PX, _SWATCH_PX)
    picture.fill(QColor(color))
    return QIcon(picture)
