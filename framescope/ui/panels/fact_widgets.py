"""Widgets of the codec panel: a comparison table, warnings, rows of facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from framescope.core.translation import tr
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.theme import RADIUS, SPACE, set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QPaintEvent

    from framescope.core.media.facts.disagreements import Disagreement
    from framescope.ui.panels.codec.fact_groups import Fact, FactGroup
    from framescope.ui.panels.codec.fact_sheet import Comparison
    from framescope.ui.widgets.theme import ThemeSource, Tokens

MARGIN = SPACE + SPACE // 2
_LABEL_WIDTH = 84
_SMALL = 12
_TINY = 11
_CARET = 12
_COLUMNS = ("declared", "measured", "OpenCV")
_COLUMN_TIPS = (
    tr("Declared in the file’s header"),
    tr("Measured by scanning packets or by decoding"),
    tr("Reported by cv2.VideoCapture"),
)


def text_label(parent: QWidget, role: str = "", *, pixels: int | None = None) -> QLabel:
    """A label that wraps, never widens its parent, and uses the colour of a role."""
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    if pixels is not None:
        label.setFont(sized(label.font(), pixels))
    return label


def heading(parent: QWidget, title: str, *, above: int = SPACE) -> QLabel:
    """The title of a part of a panel, with some room above it."""
    label = text_label(parent)
    label.setText(title)
    label.setFont(sized(label.font(), 13, bold=True))
    label.setContentsMargins(0, above, 0, 0)
    return label


def paint_card(painter: QPainter, widget: QWidget, tokens: Tokens) -> None:
    """Draw a card behind the whole widget."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(tokens.border)
    painter.setBrush(tokens.surface_sunken)
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS + 2, RADIUS + 2)


def empty_page(parent: QWidget, sentence: str) -> QWidget:
    """The page of a panel while no video is open: a centred sentence."""
    page = QWidget(parent)
    label = text_label(page, "faint")
    label.setText(sentence)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    column = QVBoxLayout(page)
    column.setContentsMargins(3 * SPACE, MARGIN, 3 * SPACE, MARGIN)
    column.addWidget(label)
    return page


class PanelScroll(QScrollArea):
    """Scrolls a panel's content vertically; the scroll bar appears in the right margin."""

    def __init__(self, content: QWidget, insets: Sequence[QLayout], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._insets = tuple(insets)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)

    @Slot(int, int)
    def _on_range_changed(self, least: int, most: int) -> None:
        del least
        for layout in self._insets:
            margins = layout.contentsMargins()
            margins.setRight(2 if most > 0 else MARGIN)
            layout.setContentsMargins(margins)


class ComparisonTable(QWidget):
    """What the header declares, what was measured, and what OpenCV reports, side by side."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("comparisonTable")
        self.setAccessibleName(tr("Declared, measured and OpenCV"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(SPACE, SPACE - 1, SPACE // 2, SPACE - 1)
        self._grid.setHorizontalSpacing(SPACE - 2)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnMinimumWidth(0, _LABEL_WIDTH - SPACE - 22)
        self._rows: list[tuple[QLabel, ...]] = []
        for column, (name, tip) in enumerate(zip(_COLUMNS, _COLUMN_TIPS, strict=True), start=1):
            head = text_label(self, "faint", pixels=_TINY)
            head.setText(name)
            head.setToolTip(tip)
            self._grid.addWidget(head, 0, column)
            self._grid.setColumnStretch(column, 1)
        theme.changed.connect(self.update)

    def set_rows(self, compared: Sequence[Comparison]) -> None:
        """Show these rows."""
        while len(self._rows) < len(compared):
            self._add_row()
        for labels, each in zip(self._rows, compared, strict=False):
            name, declared, measured, opencv = labels
            name.setText(each.label)
            measured.setText(each.measured)
            _set_compared(declared, each.declared, is_wrong=each.declared_is_wrong)
            _set_compared(opencv, each.opencv, is_wrong=each.opencv_is_wrong)

    def _add_row(self) -> None:
        row = len(self._rows) + 1
        labels = tuple(text_label(self, role, pixels=_SMALL) for role in ("muted", "", "", ""))
        for column, label in enumerate(labels):
            label.setWordWrap(False)
            if column:
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(label, row, column)
        self._rows.append(labels)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw a card behind the table and a line below its header."""
        paint_card(QPainter(self), self, self._theme.tokens)


def _set_compared(label: QLabel, text: str, *, is_wrong: bool) -> None:
    # Not by colour alone, for colour-blind users.
    label.setText(f"≠ {text}" if is_wrong else text)
    label.setToolTip(tr("Measured value differs") if is_wrong else "")
    set_role(label, "warning" if is_wrong else "")


class WarningList(QWidget):
    """A list of disagreements between sources; takes no room when empty."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("disagreements")
        self.setAccessibleName(tr("Disagreements"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE + 3, SPACE - 1, SPACE, SPACE - 1)
        self._column.setSpacing(SPACE - 2)
        self._labels: list[QLabel] = []
        theme.changed.connect(self.update)
        self.hide()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences shown."""
        return tuple(label.text() for label in self._labels if not label.isHidden())

    def set_disagreements(self, disagreements: Sequence[Disagreement]) -> None:
        """Show these disagreements."""
        while len(self._labels) < len(disagreements):
            label = text_label(self, pixels=_SMALL)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._column.addWidget(label)
            self._labels.append(label)
        for place, label in enumerate(self._labels):
            label.setVisible(place < len(disagreements))
            if place < len(disagreements):
                label.setText(disagreements[place].sentence)
        self.setVisible(bool(disagreements))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the warning bar on the left."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.surface_raised)
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.setBrush(tokens.warning)
        painter.drawRoundedRect(QRectF(0, 0, 3, self.height()), 1.5, 1.5)


class FactRow(QWidget):
    """A label, a value, and an explanation below it."""

    entered = Signal(object)
    """The pointer entered; carries the row."""
    menu_wanted = Signal(object, object)
    """The row, and the position on the screen."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_selectable = False
        self.fact: Fact | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 3, MARGIN, 3)
        row.setSpacing(SPACE)
        self._label = text_label(self, "muted")
        self._label.setWordWrap(False)
        self._label.setFixedWidth(_LABEL_WIDTH)
        self._value = text_label(self)
        self._detail = text_label(self, "muted", pixels=_SMALL)
        column = QVBoxLayout()
        column.setSpacing(1)
        column.addWidget(self._value)
        column.addWidget(self._detail)
        row.addWidget(self._label, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        for label in (self._label, self._value, self._detail):
            # The row provides the context menu.
            label.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def set_fact(self, fact: Fact) -> None:
        """Show another fact."""
        if fact == self.fact:
            return
        self.fact = fact
        self._label.setText(fact.label)
        # Zero-width spaces let a long name wrap; they must not end up on the clipboard.
        self._value.setText("\u200b".join(fact.value) if fact.may_break else fact.value)
        self._detail.setText(fact.detail)
        self._detail.setVisible(bool(fact.detail))
        self.setToolTip(fact.tip)
        self.setAccessibleName(f"{fact.label}: {fact.whole_text}")
        if self._is_selectable:
            self._make_selectable()

    def _make_selectable(self) -> None:
        self._is_selectable = True
        is_whole = self.fact is not None and not self.fact.may_break
        flags = Qt.TextInteractionFlag
        self._value.setTextInteractionFlags(
            flags.TextSelectableByMouse if is_whole else flags.NoTextInteraction
        )
        self._detail.setTextInteractionFlags(flags.TextSelectableByMouse)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Let the texts be selected from now on, and emit `entered`."""
        super().enterEvent(event)
        # Not before: a text that can be selected is a document, which takes several times as long to lay out.
        if not self._is_selectable:
            self._make_selectable()
        self.entered.emit(self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Emit `menu_wanted`."""
        self.menu_wanted.emit(self, event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Highlight the row under the pointer."""
        if self.underMouse():
            painter = QPainter(self)
            painter.fillRect(self.rect(), self._theme.tokens.surface_raised)


class GroupWidget(QWidget):
    """A heading that opens and closes, and rows, which are reused, so that updates create no widgets."""

    row_entered = Signal(object)
    menu_wanted = Signal(object, object)
    toggled = Signal(str, bool)
    """Someone opened or closed it; carries its title, and whether it is open."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._group: FactGroup | None = None
        self._icons = IconSource(theme, self)
        self._heading = QToolButton(self)
        self._heading.setProperty("role", "heading")
        self._heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._heading.setIconSize(QSize(_CARET, _CARET))
        self._heading.setCheckable(True)
        self._heading.clicked.connect(self._on_clicked)
        self._summary = text_label(self, "muted", pixels=_SMALL)
        self._summary.setWordWrap(False)
        self._summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(MARGIN - _CARET // 2, SPACE, MARGIN, 0)
        head.setSpacing(SPACE // 2)
        head.addWidget(self._heading)
        head.addWidget(self._summary, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._head)
        self.rows: list[FactRow] = []

    @property
    def is_open(self) -> bool:
        """Whether the rows are shown."""
        return self._heading.isChecked()

    def set_group(self, group: FactGroup, *, is_open: bool = True) -> None:
        """Show another group; without a title it is always open."""
        self._group = group
        self._heading.setText(group.title)
        self._head.setVisible(bool(group.title))
        self.setObjectName(f"facts.{group.title.lower()}")
        self.setAccessibleName(group.title)
        self._open(is_open=is_open or not group.title)

    @Slot(bool)
    def _on_clicked(self, is_open: bool) -> None:  # noqa: FBT001 - Qt's signature
        if self._group is not None:
            self._open(is_open=is_open)
            self.toggled.emit(self._group.title, is_open)

    def _open(self, *, is_open: bool) -> None:
        group = self._group
        facts = group.facts if group is not None and is_open else ()
        self._heading.setChecked(is_open)
        self._icons.bind(self._heading, "ph.caret-down" if is_open else "ph.caret-right", color="text_muted")
        self._summary.setText("" if is_open or group is None else group.summary)
        while len(self.rows) < len(facts):
            row = FactRow(self._theme, self)
            row.entered.connect(self.row_entered)
            row.menu_wanted.connect(self.menu_wanted)
            self._column.addWidget(row)
            self.rows.append(row)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(facts))
            if place < len(facts):
                row.set_fact(facts[place])
