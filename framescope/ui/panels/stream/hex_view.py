"""Shows bytes as hexadecimal digits and characters, with those of the chosen element marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QFontDatabase, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from framescope.core.bitstream.hex_dump import columns_of, hex_lines
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from framescope.ui.widgets.theme import ThemeSource

_TEXT_PIXELS = 11
_MOST_BYTES = 1 << 14
"""Bytes that are shown at a time."""
_MOST_LINES_MARKED = 64
_NARROW, _WIDE = 8, 16


class HexView(QPlainTextEdit):
    """The bytes of a unit. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._data = b""
        self._first = 0
        self._marked = range(0)
        self._width = _NARROW
        self.setObjectName("streamBytes")
        self.setAccessibleName(tr("Bytes of the unit"))
        self.setReadOnly(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(_TEXT_PIXELS)
        self.setFont(font)
        theme.changed.connect(self._on_theme_changed)

    def show_bytes(self, data: bytes, first: int, marked: range) -> None:
        """Show bytes.

        Args:
            data: All of them; what is shown is limited.
            first: The offset of the first one in its packet.
            marked: The offsets to mark, in the packet; none if these are all.
        """
        if (data, first) != (self._data, self._first):
            self._data, self._first = data, first
            self._fill()
        self._marked = range(0) if len(marked) >= len(data) else marked
        self._mark()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as many bytes in a line as there is room for."""
        super().resizeEvent(event)
        letters = self.viewport().width() // max(self.fontMetrics().horizontalAdvance("0"), 1)
        width = _WIDE if letters > columns_of(_WIDE - 1, width=_WIDE)[2] + 2 else _NARROW
        if width != self._width:
            self._width = width
            self._fill()
            self._mark()

    def _fill(self) -> None:
        lines = hex_lines(self._data, first=self._first, width=self._width, most_bytes=_MOST_BYTES)
        more = len(self._data) - _MOST_BYTES
        if more > 0:
            lines.append(tr("… {bytes} more", bytes=counted(more, "byte", "bytes")))
        self.setPlainText("\n".join(lines))

    @Slot()
    def _on_theme_changed(self) -> None:
        self._mark()

    def _mark(self) -> None:
        look = QTextCharFormat()
        look.setBackground(self._theme.tokens.selection)
        look.setForeground(self._theme.tokens.text)
        start = self._marked.start - self._first
        stop = min(self._marked.stop - self._first, _MOST_BYTES, len(self._data))
        marks: list[QTextEdit.ExtraSelection] = []
        lines = range(start // self._width, -(-stop // self._width)) if self._marked else range(0)
        for line in lines[:_MOST_LINES_MARKED]:
            low, high = max(start, line * self._width), min(stop, (line + 1) * self._width) - 1
            block = self.document().findBlockByNumber(line).position()
            _, digits, letter = columns_of(low, width=self._width)
            _, last_digits, last_letter = columns_of(high, width=self._width)
            for begin, end in ((digits, last_digits + 2), (letter, last_letter + 1)):
                cursor = QTextCursor(self.document())
                cursor.setPosition(block + begin)
                cursor.setPosition(block + end, QTextCursor.MoveMode.KeepAnchor)
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = cursor, look
                marks.append(mark)
        self.setExtraSelections(marks)
        if lines:
            cursor = QTextCursor(self.document().findBlockByNumber(lines[0]))
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
