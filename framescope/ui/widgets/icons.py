"""Icons in the theme's colours, and again in new ones when the theme changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import shiboken6
from PySide6.QtCore import QObject, Slot

from framescope.ui.widgets.glyph_icon import glyph_icon

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

    from framescope.ui.widgets.theme import ThemeSource


class TakesIcon(Protocol):
    """A QAction, a button, a dock: whatever shows an icon."""

    def setIcon(self, icon: QIcon, /) -> None:  # noqa: N802 - Qt's name
        """Show ``icon``."""


class IconSource(QObject):
    """Gives icons to whoever asks, and again in new colours when the theme changes. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bound: list[tuple[TakesIcon, str, str]] = []
        theme.changed.connect(self._on_theme_changed)

    def bind(self, target: TakesIcon, name: str, *, color: str = "text") -> None:
        """Give ``target`` the icon ``name`` (see `glyph_icon`) in the colour of the token ``color``."""
        if not name:
            return
        self._bound = [kept for kept in self._bound if kept[0] is not target]
        self._bound.append((target, name, color))
        target.setIcon(self.make(name, color=color))

    def make(self, name: str, *, color: str = "text") -> QIcon:
        """An icon in the present colours."""
        tokens = self._theme.tokens
        return glyph_icon(name, getattr(tokens, color), tokens.border_strong)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._bound = [entry for entry in self._bound if shiboken6.isValid(entry[0])]
        for target, name, color in self._bound:
            target.setIcon(self.make(name, color=color))
