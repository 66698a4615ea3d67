"""The units of a packet and their syntax elements as a tree; elements are added when a unit is unfolded."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from framescope.core.text import grouped, size_words
from framescope.core.translation import tr
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from framescope.core.bitstream.syntax import Field, PacketSyntax, UnitSyntax

_TEXT_PIXELS = 12
_HEAD_PIXELS = 11
_NAME_SHARE = 54
"""Per cent of the width for names, which are longer than most values."""
_LONGEST_TIP = 1200
_PLACE = Qt.ItemDataRole.UserRole
_UNIT = int(Qt.ItemDataRole.UserRole) + 1


class UnitTree(QTreeWidget):
    """Units, and below each its elements. Threads: GUI."""

    place_chosen = Signal(int, int, int, int)
    """A row was chosen: first byte and end of its unit, first byte and end of the row, within the packet."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._packet: PacketSyntax | None = None
        self._unfolded: set[str] = set()
        self._folded: set[str] = set()
        self.setObjectName("streamUnits")
        self.setAccessibleName(tr("Units of the packet"))
        self.setHeaderLabels([tr("Unit"), tr("Value")])
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setFont(sized(self.font(), _TEXT_PIXELS))
        head = self.header()
        head.setFont(sized(self.font(), _HEAD_PIXELS))
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        self.itemExpanded.connect(self._on_expanded)
        self.itemCollapsed.connect(self._on_collapsed)
        self.currentItemChanged.connect(self._on_current_changed)

    def show_packet(self, packet: PacketSyntax | None) -> None:
        """Show the units of a packet; those with the names of unfolded ones are unfolded again."""
        top = _top_of(self.currentItem())
        place = 0 if top is None else self.indexOfTopLevelItem(top)
        self._packet = None
        self.clear()
        self._packet = packet
        items = []
        for number, one in enumerate(() if packet is None else packet.units):
            item = QTreeWidgetItem([one.unit.name, _unit_words(one)])
            item.setData(0, _UNIT, number)
            item.setData(0, _PLACE, (one.unit.offset, one.unit.offset + one.unit.size))
            item.setToolTip(0, _unit_tip(number, one))
            item.setToolTip(1, one.problem or one.kind)
            if one.fields:
                item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
            items.append(item)
        self.addTopLevelItems(items)
        for item in items:
            item.setExpanded(self._is_unfolded(item.text(0), is_only=len(items) == 1))
        if items:
            self.setCurrentItem(items[min(place, len(items) - 1)])

    def _is_unfolded(self, name: str, *, is_only: bool) -> bool:
        return name in self._unfolded or (is_only and name not in self._folded)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Divide the width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.setColumnWidth(0, self.viewport().width() * _NAME_SHARE // 100)

    @Slot(QTreeWidgetItem)
    def _on_expanded(self, item: QTreeWidgetItem) -> None:
        number = item.data(0, _UNIT)
        if number is None or self._packet is None:
            return
        self._unfolded.add(item.text(0))
        self._folded.discard(item.text(0))
        if item.childCount():
            return
        fields = self._packet.units[number].fields
        sections = [(name, list(run)) for name, run in groupby(fields, key=lambda field: field.section)]
        for name, run in sections:
            parent = item
            if len(sections) > 1 and name:
                parent = QTreeWidgetItem(item, [name])
                parent.setData(0, _PLACE, (run[0].start, run[-1].stop))
                parent.setFirstColumnSpanned(True)
            for field in run:
                _add_field(parent, field)
            parent.setExpanded(True)

    @Slot(QTreeWidgetItem)
    def _on_collapsed(self, item: QTreeWidgetItem) -> None:
        if item.data(0, _UNIT) is not None:
            self._unfolded.discard(item.text(0))
            self._folded.add(item.text(0))

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(self, current: QTreeWidgetItem | None, _previous: QTreeWidgetItem | None) -> None:
        top = _top_of(current)
        if current is None or top is None or self._packet is None:
            return
        self.place_chosen.emit(*top.data(0, _PLACE), *current.data(0, _PLACE))


def _top_of(item: QTreeWidgetItem | None) -> QTreeWidgetItem | None:
    """The unit's row above a row, or itself."""
    while item is not None and item.parent() is not None:
        item = item.parent()
    return item


def _unit_words(one: UnitSyntax) -> str:
    words = [one.kind, size_words(one.unit.size)] if one.kind else [size_words(one.unit.size)]
    return " · ".join([*words, one.problem] if one.problem else words)


def _unit_tip(number: int, one: UnitSyntax) -> str:
    code = tr("type {code}, ", code=one.unit.code) if one.unit.code >= 0 else ""
    return tr(
        "Unit {number}: {code}{size} at byte {offset} of the packet",
        number=grouped(number),
        code=code,
        size=size_words(one.unit.size),
        offset=grouped(one.unit.offset),
    )


def _add_field(parent: QTreeWidgetItem, field: Field) -> None:
    value = f"{field.value} · {field.meaning}" if field.meaning else field.value
    item = QTreeWidgetItem(parent, [field.name, value])
    item.setData(0, _PLACE, (field.start, field.stop))
    bits = tr("Bit {bit} of the unit, length {bits}", bit=grouped(field.bit), bits=grouped(field.bits))
    item.setToolTip(0, f"{field.name}\n{bits}")
    item.setToolTip(1, (field.meaning or field.value)[:_LONGEST_TIP])
