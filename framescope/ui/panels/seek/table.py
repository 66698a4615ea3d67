"""The table of engines: share of exact answers, offset, speed, and verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from framescope.core.translation import tr
from framescope.ui.panels.seek.words import (
    Tone,
    frames_a_second,
    milliseconds,
    percent,
    signed,
    tone_color,
    tone_glyph,
    tone_of,
    verdict_words,
)
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from framescope.core.audit.records import EngineTrial, FileAudit
    from framescope.ui.widgets.theme import ThemeSource

_AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROW_HEIGHT, _HEAD_HEIGHT = 25, 27
_TEXT_PIXELS, _HEAD_PIXELS = 12, 11
_TIGHT = "QTableView::item { padding: 0 2px; } QHeaderView::section { padding: 4px 3px; }"


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    tip: str
    text: Callable[[EngineTrial], str]
    width: int
    from_width: int = 0
    is_number: bool = True
    takes_spare: bool = False


_COLUMNS = (
    _Column("", tr("Verdict"), lambda trial: tone_glyph(tone_of(trial)), 26, is_number=False),
    _Column(
        tr("engine"),
        tr("The library and the seek method"),
        lambda trial: trial.title,
        118,
        is_number=False,
        takes_spare=True,
    ),
    _Column(
        tr("exact"),
        tr("Requests that returned the right frame"),
        lambda trial: percent(trial.exact_share),
        50,
    ),
    _Column(
        tr("max off"),
        tr("The offset farthest from 0, in frames"),
        lambda trial: signed(trial.largest_offset) if trial.requests else "–",
        54,
    ),
    _Column(
        tr("median"),
        tr("Median time of a request"),
        lambda trial: milliseconds(trial.latency_median_ms),
        58,
    ),
    _Column(
        "p95",
        tr("95th percentile of request times"),
        lambda trial: milliseconds(trial.latency_p95_ms),
        58,
        from_width=440,
    ),
    _Column(
        tr("seq. fps"),
        tr("Frames per second when reading sequentially"),
        lambda trial: frames_a_second(trial.sequence.fps),
        62,
        from_width=440,
    ),
    _Column(
        tr("verdict"),
        tr("Verdict for this file"),
        verdict_words,
        130,
        from_width=600,
        is_number=False,
        takes_spare=True,
    ),
)


class SeekTableModel(QAbstractTableModel):
    """One row per engine."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._trials: tuple[EngineTrial, ...] = ()

    @property
    def trials(self) -> tuple[EngineTrial, ...]:
        """The trials shown, one per row."""
        return self._trials

    def set_audit(self, audit: FileAudit | None) -> None:
        """Show other trials; if the engines are the same, rows and selection stay."""
        trials = () if audit is None else audit.trials
        is_same = [trial.engine for trial in trials] == [trial.engine for trial in self._trials]
        if is_same:
            self._trials = trials
            if trials:
                self.dataChanged.emit(self.index(0, 0), self.index(len(trials) - 1, len(_COLUMNS) - 1))
            return
        self.beginResetModel()
        self._trials = trials
        self.endResetModel()

    def rowCount(self, parent: _AnyIndex = _ROOT) -> int:  # noqa: N802
        """One per engine."""
        return 0 if parent.isValid() else len(self._trials)

    def columnCount(self, parent: _AnyIndex = _ROOT) -> int:  # noqa: N802
        """The number of columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401
        """The column titles."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = _COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return {Qt.ItemDataRole.DisplayRole: column.title, Qt.ItemDataRole.ToolTipRole: column.tip}.get(
            Qt.ItemDataRole(role)
        )

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """The cell contents."""
        trial, column = self._trials[index.row()], _COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(trial)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._color(trial, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{trial.title} {trial.version or ''}\n{trial.call}\n{trial.verdict.sentence}"
        if role == Qt.ItemDataRole.AccessibleTextRole and not index.column():
            return verdict_words(trial)
        return None

    def _color(self, trial: EngineTrial, column: int) -> Any:  # noqa: ANN401 - a QColor or None
        tokens, tone = self._theme.tokens, tone_of(trial)
        if column in (0, len(_COLUMNS) - 1):
            return tone_color(tokens, tone)
        if tone is Tone.NONE:
            return tokens.text_faint
        is_off = (column == 2 and trial.exact_share < 1) or (column == 3 and trial.largest_offset)
        return tokens.error if is_off else None


def _alignment(column: _Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class SeekTable(QTableView):
    """The engines; as high as its rows, with as many columns as fit the width."""

    engine_chosen = Signal(str)

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = SeekTableModel(theme, self)
        self.setObjectName("seekTable")
        self.setAccessibleName(tr("Engines"))
        self.setModel(self._model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setStyleSheet(_TIGHT)
        self.setFont(sized(self.font(), _TEXT_PIXELS))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        columns.setFont(sized(self.font(), _HEAD_PIXELS))
        columns.setFixedHeight(_HEAD_HEIGHT)
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(20)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(self._on_row_chosen)
        self._model.modelReset.connect(self._on_model_reset)
        theme.changed.connect(self.viewport().update)

    def set_audit(self, audit: FileAudit | None) -> None:
        """Show other trials."""
        self._model.set_audit(audit)
        self.setFixedHeight(_HEAD_HEIGHT + _ROW_HEIGHT * len(self._model.trials) + 1)

    def choose(self, engine: str) -> None:
        """Select an engine's row."""
        for row, trial in enumerate(self._model.trials):
            if trial.engine == engine and row != self.currentIndex().row():
                self.selectRow(row)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show the columns that fit; the engine's name takes the rest."""
        super().resizeEvent(event)
        width = event.size().width()
        shown = [column for column in _COLUMNS if width >= column.from_width]
        spare = width - sum(column.width for column in shown)
        # Two text columns share the remaining width.
        words = [column for column in shown if column.takes_spare]
        for place, column in enumerate(_COLUMNS):
            self.setColumnHidden(place, column not in shown)
            self.setColumnWidth(place, column.width + (spare // len(words) if column in words else 0))

    @Slot()
    def _on_model_reset(self) -> None:
        self.clearSelection()

    @Slot(QModelIndex)
    def _on_row_chosen(self, current: QModelIndex) -> None:
        if current.isValid():
            self.engine_chosen.emit(self._model.trials[current.row()].engine)
