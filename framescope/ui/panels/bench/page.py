"""The results of the benchmark panel: headline, tiles, groups of bars in one column or two, footnotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from framescope.core.audit.bench_report import bench_headline
from framescope.ui.panels.bench.bars import BenchBars
from framescope.ui.panels.bench.words import (
    LEGEND,
    absences,
    bar_groups,
    how_measured,
    short_title,
    tiles,
)
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.stat_tiles import StatTiles
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from framescope.core.audit.bench_records import FileBench
    from framescope.ui.panels.bench.words import BarGroup
    from framescope.ui.widgets.theme import ThemeSource

_WIDE = 580
_TILES = ("ms jump", "ms scrub", "fps", "MiB peak")


class _Block(QWidget):
    """A group of bars with its footnotes."""

    def __init__(self, group: BarGroup, theme: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.bars = BenchBars(group, theme, self)
        self._notes: QLabel = text_label(self, "warning", pixels=11)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.bars)
        column.addWidget(self._notes)
        column.addStretch(1)
        self.set_group(group)

    def set_group(self, group: BarGroup) -> None:
        """Show other values."""
        self.bars.set_group(group)
        self._notes.setText("\n".join(group.notes))
        self._notes.setVisible(bool(group.notes))


class BenchPage(QWidget):
    """Everything that a comparison found."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bench: FileBench | None = None
        self._blocks: dict[str, _Block] = {}
        self._columns = 0
        self.setObjectName("benchPage")
        self.setAccessibleName("Benchmark results")
        self._headline = text_label(self)
        self._headline.setObjectName("benchHeadline")
        self._headline.setFont(sized(self._headline.font(), 17, bold=True))
        self._how = text_label(self, "muted", pixels=12)
        own = text_label(self, "faint", pixels=11)
        own.setText("FrameScope on this file")
        self._tiles = StatTiles(_TILES, self)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(3 * SPACE)
        self._grid.setVerticalSpacing(2 * SPACE)
        self._absent = text_label(self, "muted", pixels=12)
        self._absent.setObjectName("benchAbsent")
        self._absent.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        legend = text_label(self, "faint", pixels=11)
        legend.setText(LEGEND)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._headline)
        column.addWidget(self._how)
        column.addSpacing(SPACE // 2)
        column.addWidget(own)
        column.addWidget(self._tiles)
        column.addSpacing(SPACE)
        column.addLayout(self._grid)
        column.addSpacing(SPACE // 2)
        column.addWidget(self._absent)
        column.addWidget(legend)

    @property
    def columns(self) -> int:
        """In how many columns the groups stand."""
        return self._columns

    @property
    def headline(self) -> str:
        """What is said first."""
        return self._headline.text()

    @property
    def absent_text(self) -> str:
        """What is said of libraries without figures."""
        return self._absent.text()

    def bars(self, key: str) -> BenchBars:
        """The group of one measure, such as ``random``.

        Raises:
            KeyError: It is not shown.
        """
        return self._blocks[key].bars

    def set_bench(self, bench: FileBench) -> None:
        """Show a comparison; one under way keeps its widgets, so that nothing flickers."""
        if bench is self._bench:
            return
        self._bench = bench
        self._headline.setText(bench_headline(bench, short_title))
        self._how.setText(how_measured(bench))
        for place, (number, tip) in enumerate(tiles(bench)):
            self._tiles.set_tile(place, number, tip)
        self._absent.setText("\n".join(absences(bench)))
        self._absent.setVisible(bool(self._absent.text()))
        groups = bar_groups(bench)
        for key in set(self._blocks) - {group.key for group in groups}:
            block = self._blocks.pop(key)
            self._grid.removeWidget(block)
            block.hide()
            block.deleteLater()
        for group in groups:
            if group.key in self._blocks:
                self._blocks[group.key].set_group(group)
            else:
                self._blocks[group.key] = _Block(group, self._theme, self)
                self._columns = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the groups side by side where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = 2 if self.width() >= _WIDE else 1
        if columns == self._columns:
            return
        self._columns = columns
        for block in self._blocks.values():
            self._grid.removeWidget(block)
        for place, block in enumerate(self._blocks.values()):
            self._grid.addWidget(block, place // columns, place % columns)
            block.show()
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._grid.setHorizontalSpacing(3 * SPACE if columns > 1 else 0)
