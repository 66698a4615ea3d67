"""An overlay with all keyboard shortcuts; typing filters it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from framescope.core.translation import tr
from framescope.ui.actions.catalog import ACTIONS
from framescope.ui.actions.spec import Menu
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QMouseEvent, QPaintEvent

    from framescope.ui.actions.key_map import KeyMap
    from framescope.ui.actions.spec import ActionSpec
    from framescope.ui.widgets.theme import ThemeSource

_MOUSE = (
    (tr("Zoom the picture at the cursor"), tr("Wheel")),
    (tr("Move a magnified picture"), tr("Drag")),
    (tr("Picture only, full screen"), tr("Double-click")),
    (tr("Fit or 1:1"), tr("Ctrl+Double-click")),
    (tr("Zoom the timeline at the cursor"), "Ctrl+Wheel"),
    (tr("Scroll the timeline"), tr("Wheel over it")),
    (tr("Mark a thumbnail"), tr("Double-click, Enter")),
)
_ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}
_COLUMNS = 3
_PLACES = {
    Menu.FILE: 0,
    Menu.EDIT: 0,
    Menu.HELP: 0,
    Menu.GO: 1,
    Menu.PLAY: 1,
    Menu.MARK: 2,
    Menu.VIEW: 2,
}


def native_key(key: str) -> str:
    """A key in the system's notation, with arrow symbols."""
    native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    head, plus, last = native.rpartition("+")
    return head + plus + _ARROWS.get(last, last)


class HelpOverlay(QWidget):
    """Covers its window until Escape, a click outside the card, or ``?`` again."""

    def __init__(self, theme: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[tuple[str, QWidget, QLabel]] = []
        self._focus_before: QWidget | None = None
        self.setObjectName("helpOverlay")
        self.setAccessibleName(tr("Keyboard shortcuts overview"))
        self._card = QFrame(self)
        self._card.setObjectName("helpCard")
        self._search = QLineEdit(self._card)
        self._search.setObjectName("helpSearch")
        self._search.setPlaceholderText(tr("Search keys and commands"))
        self._search.setAccessibleName(tr("Search keys and commands"))
        self._search.setClearButtonEnabled(True)
        self._search.setFixedWidth(260)
        self._search.textChanged.connect(self._on_text_changed)
        self._search.installEventFilter(self)
        title = QLabel(tr("Keyboard shortcuts overview"))
        title.setProperty("role", "title")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self._search)
        self._area = QScrollArea(self._card)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addLayout(head)
        column.addWidget(self._area)
        parent.installEventFilter(self)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.hide()

    def open_with(self, key_map: KeyMap) -> None:
        """Show the active shortcuts; closes the overlay if it is already open."""
        if self.isVisible():
            self.hide()
            return
        self._area.setWidget(self._table(key_map))
        self._search.clear()
        self._focus_before = QApplication.focusWidget()
        self._fill_window()
        self.show()
        self.raise_()
        self._search.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Return the keyboard focus to the previous widget."""
        super().hideEvent(event)
        before, self._focus_before = self._focus_before, None
        if before is not None and shiboken6.isValid(before):
            before.setFocus()

    def visible_texts(self) -> tuple[str, ...]:
        """The commands that match the search."""
        return tuple(text for text, row, _ in self._rows if not row.isHidden())

    # --- building

    def _table(self, key_map: KeyMap) -> QWidget:
        self._rows = []
        page = QWidget()
        page.setObjectName("helpTable")
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4 * SPACE)
        columns = [QVBoxLayout() for _ in range(_COLUMNS)]
        for number, column in enumerate(columns):
            column.setSpacing(2)
            grid.addLayout(column, 0, number)
            grid.setColumnStretch(number, 1)
        for menu, number in _PLACES.items():
            specs = [spec for spec in ACTIONS if spec.menu is menu and key_map.keys_of(spec.action_id)]
            self._add_group(columns[number], menu.plain, specs, key_map)
        self._add_mouse(columns[0])
        for column in columns:
            column.addStretch()
        return page

    def _add_group(self, column: QVBoxLayout, title: str, specs: list[ActionSpec], key_map: KeyMap) -> None:
        heading = self._add_heading(column, title)
        for spec in specs:
            keys = [native_key(key) for key in key_map.keys_of(spec.action_id)]
            self._add_row(column, heading, spec.text.rstrip("…"), keys)
        column.addSpacing(SPACE)

    def _add_mouse(self, column: QVBoxLayout) -> None:
        heading = self._add_heading(column, tr("Mouse"))
        for text, gesture in _MOUSE:
            self._add_row(column, heading, text, [gesture])

    def _add_heading(self, column: QVBoxLayout, title: str) -> QLabel:
        heading = QLabel(title)
        heading.setProperty("role", "faint")
        heading.setContentsMargins(0, 4, 0, 4)
        column.addWidget(heading)
        return heading

    def _add_row(self, column: QVBoxLayout, heading: QLabel, text: str, keys: list[str]) -> None:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 1, 0, 1)
        line.setSpacing(4)
        line.addWidget(QLabel(text), 1)
        for key in keys:
            cap = QLabel(key)
            cap.setProperty("cap", True)  # noqa: FBT003 - Qt's signature
            line.addWidget(cap)
        column.addWidget(row)
        self._rows.append((f"{text} {' '.join(keys)}", row, heading))

    # --- signals

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        words = text.casefold().split()
        left: set[QLabel] = set()
        for searched, row, heading in self._rows:
            fits = all(word in searched.casefold() for word in words)
            row.setVisible(fits)
            if fits:
                left.add(heading)
        for _, _, heading in self._rows:
            heading.setVisible(heading in left)

    @Slot()
    def _on_theme_changed(self) -> None:
        tokens = self._theme.tokens
        self.setStyleSheet(
            f"#helpCard {{ background: {tokens.surface.name()}; border-radius: 12px;"
            f" border: 1px solid {tokens.border_strong.name()}; }}"
            " #helpTable { background: transparent; }"
            f' QLabel[cap="true"] {{ background: {tokens.surface_raised.name()};'
            f" border: 1px solid {tokens.border_strong.name()}; border-radius: 4px; padding: 1px 6px;"
            f" font-size: 12px; }}"
        )

    def _fill_window(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        self.setGeometry(window.rect())
        width = min(1080, self.width() - 6 * SPACE)
        height = min(680, self.height() - 6 * SPACE)
        self._card.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the window's size, and close on Escape or ``?`` in the empty search field."""
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._fill_window()
        if watched is self._search and isinstance(event, QKeyEvent) and event.text() == "?":
            if event.type() == QEvent.Type.KeyPress and not self._search.text():
                self.hide()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape closes the overlay."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A click outside the card closes the overlay."""
        if not self._card.geometry().contains(event.position().toPoint()):
            self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Dim the window behind it."""
        painter = QPainter(self)
        shade = self._theme.tokens.window
        shade = type(shade)(shade.red(), shade.green(), shade.blue(), 190)
        painter.fillRect(self.rect(), shade)
