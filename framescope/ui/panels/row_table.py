"""A table of very many rows, of which one is current."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtWidgets import QWidget

_TEXT_PIXELS = 12
_HEAD_PIXELS = 11
_TIGHT = "QTableView::item { padding: 0 1px; } QHeaderView::section { padding: 4px; }"


def row_table(parent: QWidget, model: QAbstractItemModel, row_height: int) -> QTableView:
    """A view of the model with rows of one height, in logical pixels, and no other selection than a row."""
    view = QTableView(parent)
    view.setModel(model)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setStyleSheet(_TIGHT)
    view.setFont(sized(view.font(), _TEXT_PIXELS))
    view.setTabKeyNavigation(False)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    rows = view.verticalHeader()
    rows.hide()
    # A fixed height: Qt must not measure a million rows.
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(row_height)
    columns = view.horizontalHeader()
    columns.setFont(sized(view.font(), _HEAD_PIXELS))
    columns.setHighlightSections(False)
    columns.setMinimumSectionSize(26)
    columns.setStretchLastSection(True)
    return view
