"""Rows of the timing panel that lead to frames: kinds of odd timestamps, and errors with their maximum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from framescope.core.text import grouped
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.panels.timing.words import ErrorWords, next_of
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import set_role

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent

    from framescope.ui.widgets.icons import IconSource
    from framescope.ui.widgets.theme import ThemeSource

_SMALL = 12


class Swatch(QWidget):
    """A dot or a stroke in the colour that the chart uses."""

    def __init__(
        self, theme: ThemeSource, token: str, *, is_line: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._token, self._is_line = theme, token, is_line
        self.setFixedSize(14, 14)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(getattr(self._theme.tokens, self._token))
        shape = QRectF(0, 6, 12, 2.5) if self._is_line else QRectF(2.5, 3.5, 7, 7)
        painter.drawRoundedRect(shape, shape.height() / 2, shape.height() / 2)


class OddityRow(QWidget):
    """One kind of odd timestamps: how many, and the way to the next and the previous one."""

    frame_wanted = Signal(int)

    def __init__(  # noqa: PLR0913, PLR0917 - each is a part of the row
        self,
        name: str,
        title: str,
        tip: str,
        token: str,
        theme: ThemeSource,
        icons: IconSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._numbers: NDArray[np.int64] = np.empty(0, np.int64)
        self._position = 0
        self.setObjectName(f"oddity.{name}")
        self.setToolTip(tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        label = text_label(self, "muted", pixels=_SMALL)
        label.setWordWrap(False)
        label.setText(title)
        self._count = text_label(self, pixels=_SMALL)
        self._count.setWordWrap(False)
        self._count.setObjectName(f"oddityCount.{name}")
        self._previous = self._button(icons, name, "Previous", "ph.caret-left")
        self._next = self._button(icons, name, "Next", "ph.caret-right")
        row.addWidget(Swatch(theme, token, parent=self))
        row.addWidget(label, 1)
        row.addWidget(self._count)
        row.addWidget(self._previous)
        row.addWidget(self._next)
        self._previous.clicked.connect(self._on_previous_clicked)
        self._next.clicked.connect(self._on_next_clicked)
        self.set_numbers(self._numbers)

    def _button(self, icons: IconSource, name: str, word: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"oddity{word}.{name}")
        title = f"{word} frame: {self._title.lower()}"
        button.setAccessibleName(title)
        button.setToolTip(title)
        icons.bind(button, icon)
        return button

    @property
    def text(self) -> str:
        """What the row says."""
        return self._count.text()

    def set_numbers(self, numbers: NDArray[np.int64]) -> None:
        """Show other frames, ascending."""
        self._numbers = numbers
        is_any = len(numbers) > 0
        self._count.setText(grouped(len(numbers)) if is_any else "none")
        self.setVisible(is_any)
        self.setAccessibleName(f"{self._title}: {self._count.text()}")

    def set_position(self, frame_number: int) -> None:
        """Say from where next and previous are reckoned."""
        self._position = frame_number

    @Slot()
    def _on_next_clicked(self) -> None:
        if len(self._numbers):
            self.frame_wanted.emit(next_of(self._numbers, self._position, 1))

    @Slot()
    def _on_previous_clicked(self) -> None:
        if len(self._numbers):
            self.frame_wanted.emit(next_of(self._numbers, self._position, -1))


class ErrorRow(QWidget):
    """A way of telling the time, how wrong it is at most, and the way there."""

    frame_wanted = Signal(int)

    def __init__(  # noqa: PLR0913, PLR0917 - each is a part of the row
        self,
        name: str,
        title: str,
        token: str,
        theme: ThemeSource,
        icons: IconSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._worst: int | None = None
        self.setObjectName(f"error.{name}")
        self._name = text_label(self, pixels=_SMALL)
        self._name.setWordWrap(False)
        self._name.setFont(sized(self._name.font(), _SMALL, bold=True))
        self._name.setText(title)
        self._sentence = text_label(self, "muted", pixels=_SMALL)
        self._sentence.setObjectName(f"errorSentence.{name}")
        self._go = QToolButton(self)
        self._go.setObjectName(f"errorGo.{name}")
        self._go.setFont(sized(self._go.font(), _SMALL))
        self._go.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        icons.bind(self._go, "ph.arrow-bend-down-right", color="accent")
        self._go.clicked.connect(self._on_go_clicked)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(Swatch(theme, token, is_line=True, parent=self))
        head.addWidget(self._name)
        head.addStretch(1)
        self.extra = QHBoxLayout()
        head.addLayout(self.extra)
        head.addWidget(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addLayout(head)
        column.addWidget(self._sentence)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)

    @property
    def text(self) -> str:
        """What the row says."""
        return self._sentence.text()

    def set_title(self, title: str) -> None:
        """Name the way of telling the time."""
        self._title = title
        self._name.setText(title)

    def set_words(self, words: ErrorWords) -> None:
        """Show how wrong it is."""
        self._worst = words.worst_frame
        self._sentence.setText(words.sentence)
        set_role(self._sentence, words.role)
        self._go.setVisible(words.worst_frame is not None)
        if words.worst_frame is not None:
            self._go.setText(f"frame {grouped(words.worst_frame)}")
            self._go.setToolTip("Go to the frame with the largest error")
            self._go.setAccessibleName(f"Go to the largest error of {self._title}: frame {words.worst_frame}")
        self.setAccessibleName(f"{self._title}: {words.sentence}")

    @Slot()
    def _on_go_clicked(self) -> None:
        if self._worst is not None:
            self.frame_wanted.emit(self._worst)
