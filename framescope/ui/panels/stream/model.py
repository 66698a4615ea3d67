"""The packets of a video as a Qt model over the index: a row exists once it is looked at."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from framescope.core.bitstream.packets import frames_of_packet
from framescope.core.media.index import NO_PTS
from framescope.core.text import counted, grouped, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.bitstream.packets import PacketFacts
    from framescope.core.media.index import FrameIndex

BLOCK = 128
"""Packets that are read together."""
_MOST_BLOCKS = 128
_AnyIndex = QModelIndex | QPersistentModelIndex
_NONE = "–"
_UNKNOWN = "…"

TYPE_COLUMN, SIZE_COLUMN = 2, 3
COLUMNS = (
    (tr("Packet"), tr("Number in decode order, from 0")),
    (tr("Frame"), tr("The frame that comes from it. A click goes there")),
    (tr("Type"), tr("Picture type of the frame; K: the container flags it as a keyframe")),
    (tr("Size"), tr("Compressed bytes")),
    ("pts", tr("When the frame is shown, in units of the time base")),
    ("dts", tr("When the packet is decoded, in units of the time base")),
    (tr("Duration"), tr("How long the frame is shown, in units of the time base")),
    (tr("Position"), tr("Byte offset in the file")),
    (tr("Flags"), tr("Flags of the demuxer")),
)


class PacketModel(QAbstractTableModel):
    """One row per packet, in decode order.

    What the index knows is there at once; position, duration and flags, and the times of packets that yield
    no frame, once `add_facts` has been told.
    """

    block_wanted = Signal(int)
    """A row of this block (packet number // `BLOCK`) is looked at, and its facts have not been read."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._index: FrameIndex | None = None
        self._blocks: OrderedDict[int, Sequence[PacketFacts]] = OrderedDict()

    @property
    def index_shown(self) -> FrameIndex | None:
        """The index whose packets are listed."""
        return self._index

    def set_index(self, index: FrameIndex | None) -> None:
        """List the packets of another index; rows that stay the same stay where they are."""
        before = self.rowCount()
        is_longer = index is not None and self._index is not None and index.extends(self._index)
        count = 0 if index is None else len(index.packet_sizes)
        if not is_longer:
            self.beginResetModel()
            self._index = index
            self._blocks.clear()
            self.endResetModel()
        elif count > before:
            self.beginInsertRows(QModelIndex(), before, count - 1)
            self._index = index
            # The last block may have been read when it was shorter.
            self._blocks.pop((before - 1) // BLOCK, None)
            self.endInsertRows()
        else:
            self._index = index

    def add_facts(self, block: int, facts: Sequence[PacketFacts]) -> None:
        """Show what was read of a block, of which the end may be missing."""
        self._blocks[block] = facts
        while len(self._blocks) > _MOST_BLOCKS:
            self._blocks.popitem(last=False)
        first = block * BLOCK
        last = min(first + BLOCK, self.rowCount()) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

    def facts_of(self, packet_number: int) -> PacketFacts | None:
        """What was read of a packet."""
        facts = self._blocks.get(packet_number // BLOCK, ())
        place = packet_number % BLOCK
        return facts[place] if place < len(facts) else None

    def rowCount(self, parent: _AnyIndex | None = None) -> int:  # noqa: N802
        """Packets."""
        is_row = parent is not None and parent.isValid()
        return 0 if is_row or self._index is None else len(self._index.packet_sizes)

    def columnCount(self, parent: _AnyIndex | None = None) -> int:  # noqa: N802
        """Columns."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - as in Qt
        """Titles, their explanations and their alignment."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return COLUMNS[section][1]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """A cell's text, its alignment, or the exact size as a tooltip."""
        if not index.isValid() or self._index is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(self._index, index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(self._index, index.row(), index.column())
        return None

    def _text(self, index: FrameIndex, row: int, column: int) -> str:
        frames = frames_of_packet(index, row)
        if column <= SIZE_COLUMN:
            return _at_once(index, row, frames)[column]
        facts = self.facts_of(row)
        if facts is None:
            is_read = row // BLOCK in self._blocks
            if not is_read:
                self.block_wanted.emit(row // BLOCK)
            return self._text_without_facts(index, frames, column, is_read=is_read)
        if column == 8:
            return ", ".join(facts.flags)
        return _number((facts.pts, facts.dts, facts.duration, facts.position)[column - 4])

    @staticmethod
    def _text_without_facts(index: FrameIndex, frames: tuple[int, ...], column: int, *, is_read: bool) -> str:
        times = {4: index.pts, 5: index.dts}.get(column)
        if times is None or not frames:
            return _NONE if is_read else _UNKNOWN
        value = int(times[frames[0]])
        return _number(None if value == NO_PTS else value)

    @staticmethod
    def _tip(index: FrameIndex, row: int, column: int) -> str | None:
        if column == SIZE_COLUMN:
            return counted(int(index.packet_sizes[row]), "byte", "bytes")
        if column == 1:
            frames = len(frames_of_packet(index, row))
            if not frames:
                return tr("No frame comes from this packet: it is hidden, part of another frame, or damaged")
            if frames > 1:
                return tr("Several frames come from this packet")
        return None


def _at_once(index: FrameIndex, row: int, frames: tuple[int, ...]) -> tuple[str, str, str, str]:
    """The columns that need nothing but the index."""
    numbers = ", ".join(map(grouped, frames)) or _NONE
    size = size_words(int(index.packet_sizes[row]))
    return grouped(row), numbers, _type_letters(index, frames), size


def _type_letters(index: FrameIndex, frames: tuple[int, ...]) -> str:
    if not frames:
        return _NONE
    letter = str(index.picture_types[frames[0]])
    return f"{letter} K" if index.is_keyframe[frames[0]] else letter


def _number(value: int | None) -> str:
    return _NONE if value is None else grouped(value)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column in {TYPE_COLUMN, 8} else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
