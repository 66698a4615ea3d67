"""The texts of the export dialog about the chosen frames: how many there are, and how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from framescope.core.media.decoding.read_way import ReadWay
from framescope.core.text import counted, duration_words, grouped, size_words
from framescope.core.translation import tr
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.core.media.decoding.read_way import ReadCost
    from framescope.core.sampling.read_cost import ReadEstimate

_COLUMNS = 4
_NAMES = {ReadWay.THROUGH: tr("Read through"), ReadWay.SEEK: tr("Seek")}
_TIPS = {
    ReadWay.THROUGH: tr("Decodes everything from the first to the last chosen frame."),
    ReadWay.SEEK: tr("Seeks from keyframe to keyframe and skips GOPs in which no frame is chosen."),
}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ReadingTable(QWidget):
    """Shows how the frames will be read. Hidden while there are none. Threads: GUI."""

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
        """The complete text, for screen readers."""
        return self.accessibleDescription()

    def show_estimate(self, estimate: ReadEstimate | None) -> None:
        """Show the cost of both strategies, with the chosen one emphasised."""
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
        self.setAccessibleName(tr("How the frames will be read"))
        self.setAccessibleDescription(" ".join(filter(None, reading_words(estimate))))


def count_words(count: int, clip_total: int, frame_total: int) -> str:
    """``48 pictures in 3 clips``, ``9 of 250 frames``, ``1 of 1 frame``."""
    if clip_total:
        clips = counted(clip_total, "clip", "clips")
        return tr("{pictures} in {clips}", pictures=counted(count, "picture", "pictures"), clips=clips)
    return tr("{count} of {frames}", count=grouped(count), frames=counted(frame_total, "frame", "frames"))


def reading_words(estimate: ReadEstimate) -> tuple[str, str]:
    """How the frames will be read, and the cost of the alternative (empty if there is none)."""
    through, seek = estimate.costs.through, estimate.costs.seek
    if through == seek:
        return tr("Read in a single pass: {cost}.", cost=_cost(estimate, through)), ""
    if estimate.way is ReadWay.SEEK:
        return tr("Read by seeking: {cost}.", cost=_cost(estimate, seek)), tr(
            "Reading through: {cost}.", cost=_cost(estimate, through)
        )
    return tr("Read through: {cost}.", cost=_cost(estimate, through)), tr(
        "Seeking: {cost}.", cost=_cost(estimate, seek)
    )


def cost_cells(estimate: ReadEstimate, cost: ReadCost) -> tuple[str, str, str]:
    """The cost of one strategy in three short cells: frames, bytes, and time (empty if not measured)."""
    seconds = estimate.seconds(cost)
    time = "" if seconds is None else "< 0.1 s" if seconds < 0.05 else seconds_words(seconds)
    return counted(cost.frames, "frame", "frames"), size_words(cost.size_bytes), time


def seconds_words(seconds: float) -> str:
    """``0.4 s``, ``12 s``, ``2 min 05 s``; short durations get one more digit."""
    if seconds < 0.05:
        return tr("less than 0.1 s")
    return f"{seconds:.1f} s" if seconds < 9.95 else duration_words(seconds)


def _cost(estimate: ReadEstimate, cost: ReadCost) -> str:
    parts = [tr("decodes {frames}", frames=counted(cost.frames, "frame", "frames"))]
    if cost.seeks > 1:
        parts.append(counted(cost.seeks, "seek", "seeks"))
    parts.append(size_words(cost.size_bytes))
    seconds = estimate.seconds(cost)
    if seconds is not None:
        parts.append(
            tr("about {seconds}", seconds=seconds_words(seconds))
            if seconds >= 0.05
            else seconds_words(seconds)
        )
    return ", ".join(parts)
