"""The table of the queue: one row per video, with a progress bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from framescope.core.recipe.run import VideoState
from framescope.core.translation import tr

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QColor

    from framescope.ui.queue.runner import QueueItem, QueueRunner
    from framescope.ui.widgets.theme import ThemeSource, Tokens

    AnyIndex = QModelIndex | QPersistentModelIndex

HEADS = (tr("Video"), tr("State"), tr("Done"), tr("Result"))
STATE, DONE = 1, 2
_SHARE_ROLE = Qt.ItemDataRole.UserRole + 1
_STATE_ROLE = Qt.ItemDataRole.UserRole + 2
_DAMAGE_ROLE = Qt.ItemDataRole.UserRole + 3
_BAR, _INSET = 4.0, 6.0


class QueueModel(QAbstractTableModel):
    """The runner's items as a Qt model. Threads: GUI."""

    def __init__(self, runner: QueueRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        runner.items_changed.connect(self._on_items_changed)
        runner.item_changed.connect(self._on_item_changed)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        """One row per video."""
        return 0 if parent.isValid() else len(self._runner.items)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008
        """The number of columns."""
        return 0 if parent.isValid() else len(HEADS)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The content of a cell."""
        item = self._runner.items[index.row()]
        if role == _SHARE_ROLE:
            return item.share
        if role == _STATE_ROLE:
            return item.state.value
        if role == _DAMAGE_ROLE:
            return item.has_damage
        if role == Qt.ItemDataRole.ToolTipRole:
            return item.source if index.column() == 0 else item.words
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(item, index.column())
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The column titles."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return HEADS[section]
        return None

    @Slot()
    def _on_items_changed(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    @Slot(int)
    def _on_item_changed(self, place: int) -> None:
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(HEADS) - 1))


class QueueDelegate(QStyledItemDelegate):
    """Colours the state, and draws the progress bar."""

    def __init__(self, theme: ThemeSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw a cell."""
        if index.column() not in (STATE, DONE):
            super().paint(painter, option, index)
            return
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        text, ground.text = ground.text, ""
        style = ground.widget.style() if ground.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, ground.widget)
        tokens = self._theme.tokens
        state, has_damage = VideoState(str(index.data(_STATE_ROLE))), bool(index.data(_DAMAGE_ROLE))
        color = state_color(tokens, state, has_damage=has_damage)
        area = QRectF(ground.rect).adjusted(_INSET, 0, -_INSET, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.column() == STATE:
            painter.setPen(color)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(area, flags, text)
        else:
            bar = QRectF(area.left(), area.center().y() - _BAR / 2, area.width(), _BAR)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.border_strong)
            painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
            share = float(index.data(_SHARE_ROLE))
            if share > 0:
                bar.setWidth(max(bar.width() * share, _BAR))
                painter.setBrush(color)
                painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        painter.restore()


def state_color(tokens: Tokens, state: VideoState, *, has_damage: bool = False) -> QColor:
    """The colour of a state; the warning colour if pictures are damaged."""
    if has_damage and state is VideoState.DONE:
        return tokens.warning
    colors = {
        VideoState.WAITING: tokens.text_muted,
        VideoState.RUNNING: tokens.accent,
        VideoState.DONE: tokens.success,
        VideoState.PARTLY: tokens.warning,
        VideoState.FAILED: tokens.error,
        VideoState.CANCELLED: tokens.text_muted,
    }
    return colors[state]


def _cell(item: QueueItem, column: int) -> str:
    return (item.name, item.state.words.capitalize(), f"{100 * item.share:.0f} %", item.words)[column]
