"""The small table of both ways to read the chosen frames: what each decodes, and which one is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from framescope.core.media.read_way import ReadWay
from framescope.ui.export.frames.words import cost_cells, reading_words
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.core.sampling.read_cost import ReadEstimate

_COLUMNS = 4
_NAMES = {ReadWay.THROUGH: "Read through", ReadWay.SEEK: "Seek"}
_TIPS = {
    ReadWay.THROUGH: "Decodes everything from the first chosen frame to the last one.",
    ReadWay.SEEK: "Goes from keyframe to keyframe and passes over GOPs in which nothing is chosen.",
}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ReadingTable(QWidget):
    """Says how the frames will be read. Hidden while there are none. Threads: GUI."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportReading")
        self._rows: dict[ReadWay, list[QLabel]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        grid.setColumnStretch(0, 1)
        for row, way in enumerate(ReadWay):
            labels = [QLabel(self) for _ in range(_COLUMNS)]
            for column, label in enumerate(labels):
                label.setToolTip(_TIPS[way])
                if column:
                    label.setAlignment(_RIGHT)
                grid.addWidget(label, row, column)
            self._rows[way] = labels
        self.show_estimate(None)

    @property
    def text(self) -> str:
        """Everything it says, in sentences; what screen readers are told."""
        return self.accessibleDescription()

    def show_estimate(self, estimate: ReadEstimate | None) -> None:
        """Show what both ways take, the one that will be taken in full ink."""
        self.setVisible(estimate is not None)
        if estimate is None:
            self.setAccessibleDescription("")
            return
        costs = estimate.costs
        for way, labels in self._rows.items():
            cost = costs.seek if way is ReadWay.SEEK else costs.through
            is_taken = way is estimate.way
            name = ("✓ " if is_taken else "") + _NAMES[way]
            for label, text in zip(labels, (name, *cost_cells(estimate, cost)), strict=True):
                label.setText(text)
                label.setVisible(is_taken or costs.seek != costs.through)
                set_role(label, "" if is_taken else "muted")
        self.setAccessibleName("How the frames will be read")
        self.setAccessibleDescription(" ".join(filter(None, reading_words(estimate))))
