"""The list of sampling methods: grouped, each with its frame count, in a drop-down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem

from framescope.core.sampling.sampling import SamplingKind
from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PySide6.QtWidgets import QWidget

_ROW_HEIGHT = 26
_COUNT_ROLE = Qt.ItemDataRole.UserRole + 1
_COUNT_ROOM = 84
_INDENT = "\u2002"


@dataclass(frozen=True, slots=True)
class KindWords:
    """What a sampling method is called.

    Attributes:
        name: The name in the list.
        story: One sentence shown below it.
    """

    name: str
    story: str


WORDS = {
    SamplingKind.THIS: KindWords(tr("This frame"), tr("The current frame; follows the playhead.")),
    SamplingKind.MARKED: KindWords(tr("Marked frames"), tr("All marked frames.")),
    SamplingKind.IN_OUT: KindWords(
        tr("In–out range"), tr("From the in point to the out point, both included.")
    ),
    SamplingKind.LIST: KindWords(
        tr("List and ranges"), "As in Python: 3,10:20,40::5. The end of a range is not included."
    ),
    SamplingKind.ALL: KindWords(tr("All frames"), tr("Every frame of the video.")),
    SamplingKind.EVERY_NTH: KindWords(tr("Every N-th frame"), tr("Counted from the first frame.")),
    SamplingKind.EVERY_SECONDS: KindWords(
        tr("Every N seconds"),
        tr("The frame shown at that time, by timestamp: correct for variable frame rates."),
    ),
    SamplingKind.SPREAD: KindWords(tr("Evenly spaced"), tr("Includes the first and the last frame.")),
    SamplingKind.RATE: KindWords(
        tr("Constant rate"), tr("The frame nearest to each tick of a constant rate, by timestamp.")
    ),
    SamplingKind.CLIPS: KindWords(
        tr("Clips at a rate"),
        tr("Sequences of equal length, such as for action recognition. Use {clip} and {place} in the name."),
    ),
    SamplingKind.KEYFRAMES: KindWords(
        tr("Keyframes"), tr("Frames that the container flags as random-access points.")
    ),
    SamplingKind.SCENES: KindWords(
        tr("Scene changes"), tr("One frame of each scene, found by PySceneDetect.")
    ),
    SamplingKind.SHARPEST: KindWords(
        tr("Sharpest per window"), tr("The least blurred frame of each window (variance of the Laplacian).")
    ),
    SamplingKind.DISTINCT: KindWords(
        tr("Without near-duplicates"),
        tr("Frames whose 64-bit dHash differs by more than the given distance."),
    ),
    SamplingKind.REPRESENTATIVE: KindWords(
        tr("Representative frames"), tr("One frame per cluster of similar frames (k-means).")
    ),
}

GROUPS = (
    (
        tr("Manual"),
        (SamplingKind.THIS, SamplingKind.MARKED, SamplingKind.IN_OUT, SamplingKind.LIST),
    ),
    (
        tr("Regular"),
        (
            SamplingKind.ALL,
            SamplingKind.EVERY_NTH,
            SamplingKind.EVERY_SECONDS,
            SamplingKind.SPREAD,
            SamplingKind.RATE,
            SamplingKind.CLIPS,
            SamplingKind.KEYFRAMES,
        ),
    ),
    (
        tr("By content"),
        (
            SamplingKind.SCENES,
            SamplingKind.SHARPEST,
            SamplingKind.DISTINCT,
            SamplingKind.REPRESENTATIVE,
        ),
    ),
)

_EMPTY = {SamplingKind.MARKED: "none", SamplingKind.IN_OUT: tr("not set")}


class KindBox(QComboBox):
    """Chooses a sampling method; the open list shows them all with their counts. Threads: GUI."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportKind")
        self.setAccessibleName(tr("Which frames"))
        self._items: dict[SamplingKind, QStandardItem] = {}
        model = QStandardItemModel(self)
        for title, kinds in GROUPS:
            model.appendRow(_heading(title, self.font()))
            for kind in kinds:
                item = QStandardItem(WORDS[kind].name)
                item.setData(kind.value, Qt.ItemDataRole.UserRole)
                item.setToolTip(WORDS[kind].story)
                self._items[kind] = item
                model.appendRow(item)
        self.setModel(model)
        self.setItemDelegate(_KindDelegate(self))
        self.setMaxVisibleItems(model.rowCount())
        self.choose(SamplingKind.THIS)

    @property
    def kind(self) -> SamplingKind:
        """The chosen method."""
        return SamplingKind(self.currentData(Qt.ItemDataRole.UserRole))

    def choose(self, kind: SamplingKind) -> None:
        """Choose this method."""
        self.setCurrentIndex(self._items[kind].row())

    def leave_out(self, kinds: Iterable[SamplingKind]) -> None:
        """Stop offering these; if one of them is chosen, choose another."""
        left_out = set(kinds)
        left = next(kind for kind in self._items if kind not in left_out)
        if self.kind in left_out:
            self.choose(left)
        for kind in left_out & self._items.keys():
            self.model().removeRow(self._items.pop(kind).row())

    def shown_count(self, kind: SamplingKind) -> str:
        """The text next to a method."""
        return str(self._items[kind].data(_COUNT_ROLE) or "")

    def show_counts(self, counts: Mapping[SamplingKind, int]) -> None:
        """Write each method's count next to it; a missing one does not apply or is unknown."""
        for kind, item in self._items.items():
            item.setData(count_text(kind, counts.get(kind)), _COUNT_ROLE)


def count_text(kind: SamplingKind, count: int | None) -> str:
    """The text next to a sampling method."""
    if count is None:
        return "–"
    return grouped(count) if count else _EMPTY.get(kind, "0")


def _heading(title: str, font: QFont) -> QStandardItem:
    item = QStandardItem(title)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    small = QFont(font)
    small.setBold(True)
    small.setPixelSize(max(round(small.pixelSize() * 0.82), 10) if small.pixelSize() > 0 else 11)
    item.setFont(small)
    return item


class _KindDelegate(QStyledItemDelegate):
    """Writes the count at the right end of a row, and indents methods below their group headings."""

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Room for the longest name and a count."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + _COUNT_ROOM, _ROW_HEIGHT)

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Indent methods below their heading."""
        super().initStyleOption(option, index)
        if index.flags() & Qt.ItemFlag.ItemIsEnabled:
            option.text = _INDENT + option.text

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the row as usual, then the count."""
        super().paint(painter, option, index)
        text = index.data(_COUNT_ROLE)
        if text:
            area = QRect(option.rect).adjusted(0, 0, -SPACE, 0)
            painter.save()
            painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(text))
            painter.restore()
