"""The sections of the export dialog as tabs whose titles summarise their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import RADIUS, SPACE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QEnterEvent, QPaintEvent

    from framescope.ui.widgets.theme import ThemeSource

_HEIGHT = 50
_TITLE_PIXELS = 13
_SUMMARY_PIXELS = 11


class SectionTab(QAbstractButton):
    """A tab with a title and, below it, a summary of its settings. Threads: GUI."""

    def __init__(self, title: str, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._summary = ""
        self._is_wrong = False
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(_HEIGHT)
        theme.changed.connect(self.update)

    @property
    def summary(self) -> str:
        """The section's settings in a few words."""
        return self._summary

    def show_summary(self, text: str, *, is_wrong: bool = False) -> None:
        """Set the summary, or the message that the settings are not valid."""
        self._summary, self._is_wrong = text, is_wrong
        self.setAccessibleName(f"{self.text()}: {text}")
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as its title; the summary is elided to fit."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 4 * SPACE, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's own
        """Draw title, summary, and an underline if selected."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(0, 0, 0, -2)
        if self.underMouse() and not self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.surface_raised)
            painter.drawRoundedRect(ground, RADIUS, RADIUS)
        room = ground.adjusted(SPACE, SPACE - 1, -SPACE, -SPACE + 1)
        painter.setFont(sized(self.font(), _TITLE_PIXELS, bold=True))
        painter.setPen(tokens.text if self.isChecked() else tokens.text_muted)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self.text())
        painter.setFont(sized(self.font(), _SUMMARY_PIXELS))
        painter.setPen(tokens.error if self._is_wrong else tokens.text_muted)
        words = painter.fontMetrics().elidedText(
            self._summary, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, words)
        foot = QRectF(0, self.height() - 2, self.width(), 2)
        painter.fillRect(foot, tokens.accent if self.isChecked() else tokens.border)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.accent, 1))
            painter.drawRoundedRect(ground.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Highlight it."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Remove the highlight."""
        super().leaveEvent(event)
        self.update()


class SectionTabs(QWidget):
    """Tabs above pages that scroll if they do not fit. Alt and a digit select each."""

    page_changed = Signal(int)

    def __init__(self, titles: Mapping[str, str], theme: ThemeSource, parent: QWidget | None = None) -> None:
        """Make the tabs before their pages, so that they also come first in Tab order.

        Args:
            titles: The tabs by name, one per page.
            theme: Colours the tabs.
            parent: The widget that owns it.
        """
        super().__init__(parent)
        self.setObjectName("exportTabs")
        self._group = QButtonGroup(self)
        self._pages = QStackedWidget(self)
        row = QHBoxLayout()
        row.setSpacing(0)
        self._tabs = [SectionTab(title, theme, self) for title in titles.values()]
        for number, (name, tab) in enumerate(zip(titles, self._tabs, strict=True)):
            tab.setObjectName(f"exportTab.{name}")
            tab.setShortcut(QKeySequence(f"Alt+{number + 1}"))
            self._group.addButton(tab, number)
            row.addWidget(tab, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * SPACE)
        column.addLayout(row)
        column.addWidget(self._pages, 1)
        self._group.idToggled.connect(self._on_id_toggled)

    @property
    def current(self) -> int:
        """Index of the current page."""
        return self._pages.currentIndex()

    def add_page(self, page: QWidget) -> SectionTab:
        """Add the page of the next tab; returns the tab."""
        tab = self._tabs[self._pages.count()]
        scroll = QScrollArea(self._pages)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(page)
        page.setAutoFillBackground(False)
        self._pages.addWidget(scroll)
        if self._pages.count() == 1:
            tab.setChecked(True)
        return tab

    def show_page(self, number: int) -> None:
        """Select a page."""
        self._tabs[number].setChecked(True)

    def _on_id_toggled(self, number: int, is_checked: bool) -> None:  # noqa: FBT001 - the signal's own
        if is_checked:
            self._pages.setCurrentIndex(number)
            self.page_changed.emit(number)
