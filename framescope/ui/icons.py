"""Icons in the theme's colours, loaded once the window is on screen: icon fonts are slow to load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import shiboken6
from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

    from framescope.ui.theme import ThemeSource


class TakesIcon(Protocol):
    """A QAction, a button, a dock: whatever shows an icon."""

    def setIcon(self, icon: QIcon, /) -> None:  # noqa: N802 - Qt's name
        """Show ``icon``."""


class IconSource(QObject):
    """Gives icons to whoever asked, soon, and again in new colours when the theme changes. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bound: list[tuple[TakesIcon, str, str]] = []
        self._waiting: list[tuple[TakesIcon, str, str]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        theme.changed.connect(self._on_theme_changed)

    def bind(self, target: TakesIcon, name: str, *, color: str = "text") -> None:
        """Give ``target`` the qtawesome icon ``name`` in the colour of the token ``color``."""
        if not name:
            return
        entry = (target, name, color)
        self._bound = [kept for kept in self._bound if kept[0] is not target]
        self._bound.append(entry)
        self._waiting.append(entry)
        self._timer.start(0)

    def make(self, name: str, *, color: str = "text") -> QIcon:
        """An icon in the present colours, at once."""
        # Imported here: it reads a dozen icon fonts, and the window should be on screen before that.
        import qtawesome  # noqa: PLC0415

        tokens = self._theme.tokens
        icon: QIcon = qtawesome.icon(name, color=getattr(tokens, color), color_disabled=tokens.border_strong)
        return icon

    @Slot()
    def _on_timeout(self) -> None:
        waiting, self._waiting = self._waiting, []
        for target, name, color in waiting:
            icon = self.make(name, color=color)
            # The first icon takes a while; whoever asked may be gone by now.
            if shiboken6.isValid(target):
                target.setIcon(icon)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._bound = [entry for entry in self._bound if shiboken6.isValid(entry[0])]
        self._waiting = list(self._bound)
        self._timer.start(0)
