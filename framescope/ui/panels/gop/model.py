"""The GOP table as a sortable Qt model, fast with a hundred thousand rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from framescope.core.text import counted, grouped, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from framescope.core.media.gops import GopTable

STRUCTURE_COLUMN = 7
_MOST_LETTERS = 240
_AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    tip: str
    key: Callable[[GopTable], NDArray[Any]]
    text: Callable[[GopTable, int], str]


def _start_words(table: GopTable, gop: int) -> str:
    if not table.has_keyframe[gop]:
        return tr("no key")
    return tr("open") if table.is_open[gop] else tr("closed")


COLUMNS = (
    _Column(
        tr("First"),
        tr("The keyframe: the GOP’s first frame in decode order. A click goes there"),
        lambda table: table.keyframes,
        lambda table, gop: grouped(int(table.keyframes[gop])),
    ),
    _Column(
        tr("Frames"),
        tr("Frames from this keyframe up to the next"),
        lambda table: table.frame_counts,
        lambda table, gop: grouped(int(table.frame_counts[gop])),
    ),
    _Column(
        tr("Size"),
        tr("Compressed bytes of all its packets"),
        lambda table: table.sizes_bytes,
        lambda table, gop: size_words(int(table.sizes_bytes[gop])),
    ),
    _Column(
        tr("Start"),
        tr(
            "Open: frames shown before the keyframe follow it in decode order and may refer to the previous"
            " GOP"
        ),
        lambda table: table.is_open.astype(np.int8) - ~table.has_keyframe,
        _start_words,
    ),
    _Column("I", tr("Intra pictures"), lambda t: t.i_counts, lambda t, gop: grouped(int(t.i_counts[gop]))),
    _Column(
        "P", tr("Predicted pictures"), lambda t: t.p_counts, lambda t, gop: grouped(int(t.p_counts[gop]))
    ),
    _Column(
        "B", tr("Bidirectional pictures"), lambda t: t.b_counts, lambda t, gop: grouped(int(t.b_counts[gop]))
    ),
    _Column(
        tr("Structure"),
        tr("Picture types in presentation order"),
        lambda table: table.frame_counts,
        lambda table, gop: table.structure(gop),
    ),
)


class GopModel(QAbstractTableModel):
    """One row per GOP. Row numbers refer to the current sort order; ``gop_at`` gives the GOP."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: GopTable | None = None
        self._order: NDArray[np.int64] = np.empty(0, np.int64)
        self._places: NDArray[np.int64] = self._order
        self._sorting = (0, Qt.SortOrder.AscendingOrder)

    @property
    def table(self) -> GopTable | None:
        """The table shown."""
        return self._table

    def set_table(self, table: GopTable | None) -> None:
        """Show another table in the same sort order."""
        self.beginResetModel()
        self._table = table
        self._arrange()
        self.endResetModel()

    def gop_at(self, row: int) -> int:
        """The GOP in a row."""
        return int(self._order[row])

    def row_of(self, gop: int) -> int:
        """The row of a GOP."""
        return int(self._places[gop])

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; equal rows stay in video order."""
        self.layoutAboutToBeChanged.emit()
        self._sorting = (column, order)
        self._arrange()
        self.layoutChanged.emit()

    def rowCount(self, parent: _AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's own signature
        """The number of GOPs."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: _AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's own signature
        """The number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, tooltips and alignment."""
        if self._table is None or not index.isValid():
            return None
        gop, column = self.gop_at(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            text = COLUMNS[column].text(self._table, gop)
            return text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS] + "…"
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(gop, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Titles and tooltips."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        if role == Qt.ItemDataRole.ToolTipRole:
            return COLUMNS[section].tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def widest_texts(self) -> tuple[str, ...]:
        """A text as wide as the widest of each column, except the structure."""
        table = self._table
        if table is None or not len(table):
            return ()
        largest = (
            table.keyframes,
            table.frame_counts,
            None,
            None,
            table.i_counts,
            table.p_counts,
            table.b_counts,
        )
        fixed = ("", "", "88.8 MB", tr("closed"))
        return tuple(
            fixed[column] if values is None else grouped(10 ** len(str(int(values.max()))) * 8 // 9)
            for column, values in enumerate(largest)
        )

    def row_text(self, row: int) -> str:
        """One row as tab-separated text, with unformatted numbers."""
        table, gop = self._table, self.gop_at(row)
        if table is None:
            return ""
        numbers = (table.keyframes, table.frame_counts, table.sizes_bytes)
        types = (table.i_counts, table.p_counts, table.b_counts)
        cells = [
            *(str(int(column[gop])) for column in numbers),
            _start_words(table, gop),
            *(str(int(column[gop])) for column in types),
            table.structure(gop),
        ]
        return "\t".join(cells)

    def all_text(self) -> str:
        """The whole table in its current order, as tab-separated text with a header line."""
        titles = tr("first frame\tframes\tbytes\tstart\tI\tP\tB\tstructure")
        return "\n".join([titles, *(self.row_text(row) for row in range(len(self._order)))]) + "\n"

    def _arrange(self) -> None:
        count = 0 if self._table is None else len(self._table)
        order = np.arange(count)
        if self._table is not None:
            column, direction = self._sorting
            keys = COLUMNS[column].key(self._table).astype(np.int64)
            is_descending = direction == Qt.SortOrder.DescendingOrder
            order = np.argsort(-keys if is_descending else keys, kind="stable")
        self._order = order
        self._places = np.empty(count, np.int64)
        self._places[order] = np.arange(count)

    def _tip(self, gop: int, column: int) -> str | None:
        table = self._table
        if table is None:
            return None
        if column == STRUCTURE_COLUMN:
            return tr("{structure}\n(as shown)", structure=table.structure(gop)[:1200])
        if column == 2:
            return counted(int(table.sizes_bytes[gop]), "byte", "bytes")
        if table.is_open[gop]:
            first, last = int(table.first_frames[gop]), int(table.keyframes[gop]) - 1
            is_one = first == last
            words = (
                tr("Frame {first} is", first=grouped(first))
                if is_one
                else tr("Frames {first} to {last} are", first=grouped(first), last=grouped(last))
            )
            return tr("{words} shown before this keyframe and decoded after it", words=words)
        return None


def _alignment(column: int) -> Qt.AlignmentFlag:
    is_text = column in (3, STRUCTURE_COLUMN)
    side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
