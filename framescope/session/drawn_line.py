"""The line drawn on the picture, of which a space-time image is made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from framescope.core.spacetime.slit import SlitKind

if TYPE_CHECKING:
    from framescope.core.spacetime.slit import Slit


class DrawnLine(QObject):
    """The line on the picture, and what is being drawn. Threads: GUI."""

    changed = Signal()
    """``slit`` or ``tool`` changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._slit: Slit | None = None
        self._tool: SlitKind | None = None
        self._width = 1

    @property
    def slit(self) -> Slit | None:
        """What is drawn, in pixels of the displayed picture; None for nothing."""
        return self._slit

    @property
    def tool(self) -> SlitKind | None:
        """What the mouse draws on the picture; None for nothing."""
        return self._tool

    @property
    def is_active(self) -> bool:
        """Whether anything is drawn or can be."""
        return self._slit is not None or self._tool is not None

    def use_tool(self, tool: SlitKind | None) -> None:
        """Draw this with the mouse from now on; None for nothing."""
        if tool is not self._tool:
            self._tool = tool
            self.changed.emit()

    def draw(self, slit: Slit | None) -> None:
        """Put this in the place of what is drawn; None removes it."""
        slit = None if slit is None else self._with_width(slit)
        if slit != self._slit:
            self._slit = slit
            self.changed.emit()

    def set_width(self, width: int) -> None:
        """Average over this many pixels across the line."""
        self._width = width
        self.draw(self._slit)

    def forget(self) -> None:
        """The video is closed."""
        self._tool = None
        self.draw(None)
        self.changed.emit()

    def _with_width(self, slit: Slit) -> Slit:
        return slit if slit.kind is SlitKind.REGION else replace(slit, width=self._width)
