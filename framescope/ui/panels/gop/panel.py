"""The GOP panel: all GOPs in a table, and their lengths as a histogram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from framescope.core.bitstream.references.words import needs_words
from framescope.core.text import counted, grouped
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import MARGIN, PanelScroll, empty_page, text_label
from framescope.ui.panels.gop.frame_chart import gop_frames, with_references
from framescope.ui.panels.gop.model import COLUMNS, STRUCTURE_COLUMN, GopModel
from framescope.ui.panels.gop.order import OrderDiagram, order_words
from framescope.ui.panels.gop.reference_source import ReferenceSource
from framescope.ui.panels.gop.source import GopSource
from framescope.ui.panels.row_table import row_table
from framescope.ui.timeline.shades import letter_color, type_colors
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.theme import SPACE
from framescope.ui.widgets.tiles import StatTiles

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPainter, QResizeEvent, QShowEvent

    from framescope.core.media.gops import GopTable
    from framescope.session.controller import Controller
    from framescope.ui.panels.gop.length_chart import LengthChart
    from framescope.ui.widgets.theme import ThemeSource

_CODES = {"?": 0, "I": 1, "P": 2, "B": 3}
_STEP = 9.0
_INSET = 6.0
_BAR = 2.0


class StructureDelegate(QStyledItemDelegate):
    """Draws picture types as letters above short bars."""

    def __init__(self, theme: ThemeSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw as many letters as there is room for."""
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        style = ground.widget.style() if ground.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, ground.widget)
        structure = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        tokens = self._theme.tokens
        letters = [letter_color(tokens, code) for code in range(4)]
        bars = type_colors(tokens)
        area = QRectF(ground.rect)
        most = int((area.width() - 2 * _INSET) // _STEP)
        if len(structure) > most:
            structure = structure[: max(most - 1, 0)] + "…"
        painter.save()
        painter.setClipRect(area)
        for place, letter in enumerate(structure):
            cell = QRectF(area.left() + _INSET + place * _STEP, area.top(), _STEP, area.height())
            code = _CODES.get(letter)
            painter.setPen(tokens.text_faint if code is None else letters[code])
            painter.drawText(cell.adjusted(0, 0, 0, -_BAR), Qt.AlignmentFlag.AlignCenter, letter)
            if code is not None:
                painter.fillRect(
                    QRectF(cell.left() + 1, cell.bottom() - _BAR - 2, _STEP - 2, _BAR), bars[code]
                )
        painter.restore()


_ROW_HEIGHT = 24
_CELL_ROOM, _TIGHT_CELL_ROOM = 12, 10
_LEAST_STRUCTURE = 48
_LEAST_TABLE = 4 * _ROW_HEIGHT
_ROOM_FOR_LENGTHS = 520
"""Height of the panel below which the order of the frames is worth more than the lengths of the GOPs."""
_MOST_EXPLAINED = 5000
"""Frames of a GOP that are looked through at each step."""
_TILES = (tr("GOPs"), tr("frames each"), "keyframes", tr("worst seek"))


class GopPanel(QWidget):
    """Table, summary and histogram of the GOPs; the GOP of the current frame is the current row."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._icons = IconSource(theme, self)
        self._source = GopSource.of(controller)
        self._references = ReferenceSource(controller, self)
        self._model = GopModel(self)
        self._chart: LengthChart | None = None
        self._is_following = False
        self.setObjectName("gopPanel")
        self.setAccessibleName(tr("GOPs"))
        self._build()
        controller.index_updated.connect(self._on_index_updated)
        controller.source_opened.connect(self._on_index_updated)
        controller.position_changed.connect(self._on_position_changed)
        self._source.changed.connect(self._on_table_changed)
        self._references.changed.connect(self._on_references_read)
        theme.changed.connect(self._view.viewport().update)

    # --- building

    def _build(self) -> None:
        self._tiles = StatTiles(_TILES, self)
        self._where = QLabel(self)
        self._where.setObjectName("gopWhere")
        self._where.setProperty("role", "muted")
        self._where.setMinimumWidth(1)
        self._chart_place = QVBoxLayout()
        self._even = QLabel(self)
        self._even.setProperty("role", "faint")
        self._view = self._make_view()
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, MARGIN, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(MARGIN, 0, MARGIN, SPACE - 2)
        head.setSpacing(SPACE - 2)
        head.addWidget(self._tiles)
        head.addLayout(self._chart_place)
        head.addWidget(self._even)
        moves = QHBoxLayout()
        moves.setSpacing(2)
        moves.addWidget(self._where, 1)
        go = self._controller
        moves.addWidget(
            self._button(
                "previousKeyframe", tr("Previous keyframe"), "ph.skip-back", go.show_previous_keyframe
            )
        )
        moves.addWidget(
            self._button("nextKeyframe", tr("Next keyframe"), "ph.skip-forward", go.show_next_keyframe)
        )
        head.addLayout(moves)
        self._order = OrderDiagram(self._theme, self)
        self._order.frame_clicked.connect(self._controller.show_frame)
        self._order_words = text_label(self, "muted", pixels=11)
        self._order_words.setObjectName("orderWords")
        head.addWidget(self._order)
        head.addWidget(self._order_words)
        column.addLayout(head)
        column.addWidget(self._view, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty_page(self, tr("The GOPs of a video are listed here.")))
        self._stack.addWidget(PanelScroll(content, [head], self))

    def _button(self, name: str, title: str, icon: str, command: object) -> QToolButton:
        button = self._icons.button(self, name, title, icon)
        button.clicked.connect(command)
        return button

    def _make_view(self) -> QTableView:
        view = row_table(self, self._model, _ROW_HEIGHT)
        view.setObjectName("gopTable")
        view.setMinimumHeight(_LEAST_TABLE)
        view.setAccessibleName(tr("GOP table"))
        view.setItemDelegateForColumn(STRUCTURE_COLUMN, StructureDelegate(self._theme, view))
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._on_menu_wanted)
        view.setSortingEnabled(True)
        view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        view.selectionModel().currentRowChanged.connect(self._on_row_chosen)
        view.clicked.connect(self._on_row_clicked)
        return view

    # --- showing

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Update after being hidden."""
        super().showEvent(event)
        self._source.refresh()
        self._on_table_changed()

    @Slot()
    def _on_index_updated(self) -> None:
        if self.isVisible():
            self._source.refresh()

    @Slot()
    def _on_table_changed(self) -> None:
        table = self._source.table
        if table is not self._model.table:
            self._is_following = True
            self._model.set_table(table)
            self._fit_columns()
            self._is_following = False
        self._stack.setCurrentIndex(0 if table is None else 1)
        if table is not None and self.isVisible():
            self._show_summary(table)
            self._show_lengths(table)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit the columns to the width."""
        super().resizeEvent(event)
        if self._model.table is not None:
            self._fit_columns()
            self._fit_lengths(self._model.table)
            self._follow()

    def _fit_lengths(self, table: GopTable) -> None:
        if self._chart is not None:
            is_even = table.summary.shortest == table.summary.longest
            self._chart.setVisible(not is_even and self.height() >= _ROOM_FOR_LENGTHS)

    def _fit_columns(self) -> None:
        cells, heads = self._view.fontMetrics(), self._view.horizontalHeader().fontMetrics()
        texts = [
            max(cells.horizontalAdvance(widest), heads.horizontalAdvance(COLUMNS[column].title))
            for column, widest in enumerate(self._model.widest_texts())
        ]
        width = self._view.viewport().width()
        room = _CELL_ROOM
        if sum(texts) + len(texts) * room + _LEAST_STRUCTURE > width:
            room = _TIGHT_CELL_ROOM
        for column, text in enumerate(texts):
            self._view.setColumnWidth(column, text + room)
        rest = width - sum(self._view.columnWidth(column) for column in range(STRUCTURE_COLUMN))
        self._view.setColumnWidth(STRUCTURE_COLUMN, max(rest, _LEAST_STRUCTURE))

    def _show_summary(self, table: GopTable) -> None:
        summary = table.summary
        more = "" if table.complete else "+"
        mean = f"{summary.mean:.4g}"
        span = (
            tr("all equal")
            if summary.shortest == summary.longest
            else tr(
                "{shortest} to {longest}",
                shortest=grouped(summary.shortest),
                longest=grouped(summary.longest),
            )
        )
        self._tiles.set_tile(
            0,
            f"{grouped(summary.gop_count)}{more}",
            tr("{open_count} of them open", open_count=grouped(summary.open_count)),
        )
        self._tiles.set_tile(1, mean, tr("Mean length in frames; {span}", span=span))
        share = f"{summary.keyframe_share * 100:.3g} %"
        self._tiles.set_tile(2, share, tr("Share of the frames that are keyframes"))
        self._tiles.set_tile(
            3,
            grouped(summary.longest_seek),
            tr(
                "Frames to decode in the worst case, which is frame {longest_seek_frame}",
                longest_seek_frame=grouped(summary.longest_seek_frame),
            ),
        )

    def _show_lengths(self, table: GopTable) -> None:
        histogram = table.length_histogram()
        summary = table.summary
        is_even = summary.shortest == summary.longest
        self._even.setVisible(is_even)
        if is_even:
            which = tr("The only") if summary.gop_count == 1 else tr("Every")
            self._even.setText(
                tr(
                    "{which} GOP has {frames}.",
                    which=which,
                    frames=counted(summary.longest, "frame", "frames"),
                )
            )
        elif self._chart is None:
            # Imported here: the plotting library loads slowly, and most windows open on another panel.
            from framescope.ui.panels.gop.length_chart import LengthChart  # noqa: PLC0415

            self._chart = LengthChart(self._theme, self)
            self._chart.bar_clicked.connect(self._on_bar_clicked)
            self._chart_place.addWidget(self._chart)
        if self._chart is not None:
            self._chart.set_histogram(histogram)
            self._fit_lengths(table)

    @Slot(int)
    def _on_position_changed(self, frame_number: int) -> None:
        del frame_number
        if self.isVisible():
            self._follow()

    def _follow(self) -> None:
        table, number = self._model.table, self._controller.position
        if table is None or not 0 <= number < table.frame_total:
            self._where.setText("")
            return
        gop = table.gop_of(number)
        length = int(table.frame_counts[gop])
        place = int(np.searchsorted(table.frames_of(gop), number)) + 1
        self._where.setText(
            tr(
                "GOP {gop} of {count}, position {place} of {length}",
                gop=grouped(gop + 1),
                count=grouped(len(table)),
                place=grouped(place),
                length=grouped(length),
            )
        )
        self._where.setToolTip(tr("Counted from 1, in presentation order; frame numbers start at 0"))
        if self._chart is not None:
            self._chart.set_current_length(length)
        self._show_order(table, number)
        row = self._model.row_of(gop)
        if self._view.currentIndex().row() != row:
            self._is_following = True
            self._view.setCurrentIndex(self._model.index(row, 0))
            self._is_following = False

    def _show_order(self, table: GopTable, number: int) -> None:
        index = self._controller.index
        # The table may be older than the index, which grows.
        if index is None or len(index) < table.frame_total:
            return
        content = gop_frames(table, index, number, self._order.capacity)
        graph = self._references.graph_of(number)
        if graph is None:
            whole = gop_frames(table, index, number, _MOST_EXPLAINED)
            words = order_words(whole, index)
        else:
            content = with_references(content, graph)
            words = "\n".join(needs_words(graph, number))
        self._order.set_has_references(self._references.is_possible)
        self._order.set_content(content)
        self._order_words.setText(words)

    @Slot()
    def _on_references_read(self) -> None:
        if self.isVisible():
            self._follow()

    # --- navigation

    @Slot(QModelIndex, QModelIndex)
    def _on_row_chosen(self, current: QModelIndex, previous: QModelIndex) -> None:
        del previous
        if not self._is_following and current.isValid():
            self._go_to_row(current.row())

    @Slot(QModelIndex)
    def _on_row_clicked(self, index: QModelIndex) -> None:
        # The current row may already contain the current frame; a click still goes to its keyframe.
        self._go_to_row(index.row())

    def _go_to_row(self, row: int) -> None:
        table = self._model.table
        if table is not None:
            keyframe = int(table.keyframes[self._model.gop_at(row)])
            if keyframe != self._controller.position:
                self._controller.show_frame(keyframe)

    @Slot(int, int)
    def _on_bar_clicked(self, shortest: int, beyond: int) -> None:
        table, position = self._model.table, self._controller.position
        if table is None:
            return
        gops = np.flatnonzero((table.frame_counts >= shortest) & (table.frame_counts < beyond))
        if len(gops):
            present = table.gop_of(position) if position < table.frame_total else -1
            # The next one after the current GOP; after the last one comes the first.
            chosen = gops[int(np.searchsorted(gops, present, side="right")) % len(gops)]
            self._controller.show_frame(int(table.keyframes[chosen]))

    @Slot(QPoint)
    def _on_menu_wanted(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        clipboard = QGuiApplication.clipboard()
        row = self._view.rowAt(place.y())
        if row >= 0:
            menu.addAction(tr("Copy row"), lambda: clipboard.setText(self._model.row_text(row)))
        menu.addAction(tr("Copy table"), lambda: clipboard.setText(self._model.all_text()))
        menu.popup(self._view.viewport().mapToGlobal(place))
