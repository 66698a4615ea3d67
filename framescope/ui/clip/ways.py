"""The three ways to a clip as cards: what each gives, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from framescope.core.clips.settings import ClipWay
from framescope.ui.widgets.theme import RADIUS, SPACE, set_role

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from framescope.ui.widgets.theme import ThemeSource

_WORDS = {
    ClipWay.COPY: (
        "Copy at keyframes",
        "The packets as they are: at disk speed and without loss. It begins at a keyframe, so there may be"
        " more frames than asked for.",
    ),
    ClipWay.EXACT: (
        "Exactly these frames",
        "Re-encoded: the first and the last frame are the ones you set, each at its own time.",
    ),
    ClipWay.ALL_INTRA: (
        "Make it safe to seek in",
        "The whole video, every frame a keyframe. Then each library is asked for frames of it, and you see"
        " which can be trusted.",
    ),
}


class WayCards(QWidget):
    """One card a way; one is chosen. Threads: GUI."""

    changed = Signal()

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clipWays")
        self.setAccessibleName("How the clip is made")
        self._group = QButtonGroup(self)
        self._cards: dict[ClipWay, _Card] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for way, (title, words) in _WORDS.items():
            card = _Card(theme, title, words, self)
            card.button.setObjectName(f"clipWay.{way.value}")
            card.button.setAccessibleDescription(words)
            self._group.addButton(card.button)
            self._cards[way] = card
            row.addWidget(card, 1)
        self._cards[ClipWay.COPY].button.setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)

    @property
    def way(self) -> ClipWay:
        """The chosen one."""
        return next(way for way, card in self._cards.items() if card.button.isChecked())

    def choose(self, way: ClipWay) -> None:
        """Choose one."""
        self._cards[way].button.setChecked(True)

    @Slot()
    def _on_toggled(self) -> None:
        for card in self._cards.values():
            card.update()
        if self._group.checkedButton() is not None:
            self.changed.emit()


class _Card(QWidget):
    """A radio button with a sentence, in a frame that can be clicked anywhere."""

    def __init__(self, theme: ThemeSource, title: str, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.button = QRadioButton(title, self)
        font = self.button.font()
        font.setBold(True)
        self.button.setFont(font)
        self._words = QLabel(words, self)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        set_role(self._words, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE + 4, SPACE + 2, SPACE + 4, SPACE + 2)
        column.setSpacing(SPACE // 2)
        column.addWidget(self.button)
        column.addWidget(self._words, 1)
        theme.changed.connect(self.update)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Anywhere on the card will do."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.button.setChecked(True)
            self.button.setFocus()
            event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The frame, in the accent colour where chosen."""
        del event
        tokens = self._theme.tokens
        is_on = self.button.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens.accent if is_on else tokens.border_strong, 1.5 if is_on else 1))
        painter.setBrush(tokens.surface)
        edge = self.rect().toRectF().adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(edge, RADIUS + 2, RADIUS + 2)
