"""The results of the benchmark panel: headline, tiles, bar charts in one or two columns, footnotes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from framescope.core.audit.bench_report import bench_headline
from framescope.core.audit.engines.catalog import short_title
from framescope.core.translation import tr
from framescope.ui.panels.bench.choices import ChoiceTable
from framescope.ui.panels.bench.words import (
    LEGEND,
    BarState,
    absences,
    bar_groups,
    how_measured,
    tiles,
)
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE
from framescope.ui.widgets.tiles import StatTiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from framescope.core.audit.bench_records import FileBench
    from framescope.core.audit.choice import Choice
    from framescope.ui.panels.bench.words import Bar, BarGroup
    from framescope.ui.widgets.theme import ThemeSource

_ROW = 20
_HEAD = 24
_BAR = 10
_SMALL = 12
_TINY = 11
_DWARFING = 8
"""How many times the second largest value a bar may be before it is drawn with a break."""
_NAME_SHARE = 0.34
"""Largest share of the width that names may take."""
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_TO_RIGHT = Qt.AlignmentFlag.AlignRight | _MIDDLE


class BenchBars(QWidget):
    """Draws one group of bars; hovering over a row shows its details."""

    def __init__(self, group: BarGroup, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = group
        self._theme = theme
        self.setObjectName(f"benchBars.{group.key}")
        self.setAccessibleName(f"{group.title}, {group.unit}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(sized(self.font(), _SMALL))
        theme.changed.connect(self.update)
        self.set_group(group)

    @property
    def group(self) -> BarGroup:
        """The group drawn."""
        return self._group

    def set_group(self, group: BarGroup) -> None:
        """Show new values of the same measure."""
        if len(group.bars) != len(self._group.bars):
            self.updateGeometry()
        self._group = group
        self.setAccessibleDescription(". ".join((*(bar.sentence for bar in group.bars), *group.notes)))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """A row for the title and one for each engine."""
        return QSize(280, _HEAD + _ROW * len(self._group.bars))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Room for names, values, and a minimal bar."""
        return QSize(220, self.sizeHint().height())

    def bar_at(self, y: float) -> Bar | None:
        """The bar of the row at this height."""
        row = math.floor((y - _HEAD) / _ROW)
        return self._group.bars[row] if 0 <= row < len(self._group.bars) else None

    def event(self, event: QEvent) -> bool:
        """Show the tooltip of the row under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            bar = self.bar_at(event.pos().y())
            if bar is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), bar.tip, self)
            return True
        return super().event(event)

    # --- drawing

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw title and rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_head(painter)
        metrics = QFontMetricsF(self.font())
        valued = [bar for bar in self._group.bars if bar.has_value]
        name = min(self._name_width(), self.width() * _NAME_SHARE)
        value = max((metrics.horizontalAdvance(bar.text) for bar in valued), default=24.0) + 2
        ratio = max((metrics.horizontalAdvance(bar.ratio_text) for bar in valued), default=24.0) + 2
        # Reserve room for later values, so that the bars do not shift as they arrive.
        value, ratio = (max(width, metrics.horizontalAdvance("0000")) for width in (value, ratio))
        most = scale_of([max(bar.value, bar.spread[1]) for bar in valued])
        track = max(self.width() - name - value - ratio - 3 * SPACE, 8.0)
        for row, bar in enumerate(self._group.bars):
            top = _HEAD + row * _ROW
            self._draw_name(painter, bar, QRectF(0, top, name, _ROW))
            place = QRectF(name + SPACE, top + (_ROW - _BAR) / 2, track, _BAR)
            if bar.has_value:
                self._draw_bar(painter, bar, place, most)
                left = place.right() + SPACE
                self._draw_values(painter, bar, QRectF(left, top, value, _ROW), ratio)
            else:
                self._draw_absence(painter, bar, QRectF(place.left(), top, self.width() - place.left(), _ROW))

    def _name_width(self) -> float:
        bold = QFontMetricsF(sized(self.font(), _SMALL, bold=True))
        return max((bold.horizontalAdvance(bar.title) for bar in self._group.bars), default=0.0) + 2

    def _draw_head(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        place = QRectF(0, 0, self.width(), _HEAD - 4)
        unit_font = sized(self.font(), _TINY)
        room = self.width() - QFontMetricsF(unit_font).horizontalAdvance(self._group.unit) - SPACE
        painter.setFont(sized(self.font(), _SMALL + 1, bold=True))
        painter.setPen(tokens.text)
        metrics = QFontMetricsF(painter.font())
        title = metrics.elidedText(self._group.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(place, _MIDDLE, title)
        painter.setFont(unit_font)
        painter.setPen(tokens.text_muted)
        painter.drawText(place, _TO_RIGHT, self._group.unit)

    def _draw_name(self, painter: QPainter, bar: Bar, place: QRectF) -> None:
        tokens = self._theme.tokens
        painter.setFont(sized(self.font(), _SMALL, bold=bar.is_own))
        painter.setPen(tokens.text if bar.is_own else tokens.text_muted)
        metrics = QFontMetricsF(painter.font())
        elided = metrics.elidedText(bar.title, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, _MIDDLE, elided)

    def _draw_values(self, painter: QPainter, bar: Bar, place: QRectF, ratio: float) -> None:
        tokens = self._theme.tokens
        is_right = bar.state is BarState.RIGHT
        painter.setFont(sized(self.font(), _SMALL, bold=bar.is_own))
        painter.setPen(tokens.text if is_right else tokens.text_faint)
        painter.drawText(place, _TO_RIGHT, bar.text)
        painter.setFont(self.font())
        painter.setPen(tokens.text_muted if is_right else tokens.text_faint)
        painter.drawText(QRectF(self.width() - ratio, place.top(), ratio, _ROW), _TO_RIGHT, bar.ratio_text)

    def _draw_absence(self, painter: QPainter, bar: Bar, place: QRectF) -> None:
        tokens = self._theme.tokens
        is_bad = bar.state is BarState.ENDED and bar.text != "–"
        painter.setFont(self.font())
        painter.setPen(tokens.error if is_bad else tokens.text_faint)
        painter.drawText(place, _MIDDLE, bar.text)

    def _draw_bar(self, painter: QPainter, bar: Bar, track: QRectF, most: float) -> None:
        tokens = self._theme.tokens
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.surface_raised)
        painter.drawRoundedRect(track, 2, 2)
        if most <= 0:
            return
        filled = QRectF(track)
        # A minimum width keeps a very fast engine from looking like a missing one.
        filled.setWidth(min(max(track.width() * bar.value / most, 2), track.width()))
        if bar.state is BarState.RIGHT:
            painter.setBrush(tokens.accent if bar.is_own else tokens.text_faint)
            painter.drawRoundedRect(filled, 2, 2)
        else:
            painter.setBrush(QBrush(tokens.warning, Qt.BrushStyle.BDiagPattern))
            painter.setPen(QPen(tokens.warning, 1))
            painter.drawRect(filled.adjusted(0.5, 0.5, -0.5, -0.5))
        if bar.value > most:
            self._draw_break(painter, track)
            return
        low, high = (track.left() + track.width() * min(end / most, 1.0) for end in bar.spread)
        if high - low >= 2:
            painter.setPen(QPen(tokens.text, 1))
            middle = math.floor(track.center().y()) + 0.5
            painter.drawLine(QLineF(low, middle, high, middle))
            for end in (low, high):
                painter.drawLine(QLineF(end, middle - 2.5, end, middle + 2.5))

    def _draw_break(self, painter: QPainter, track: QRectF) -> None:
        """Two slanting gaps: the bar is longer than there is room for."""
        painter.setPen(QPen(self._theme.tokens.surface, 2))
        for place in (0.84, 0.88):
            left = track.left() + track.width() * place
            painter.drawLine(QLineF(left, track.bottom() + 1, left + 4, track.top() - 1))


def scale_of(values: Sequence[float]) -> float:
    """The value of a full bar: the largest, or if that one dwarfs all others, a little more than the next."""
    ascending = sorted(values)
    if len(ascending) > 1 and ascending[-1] > _DWARFING * ascending[-2] > 0:
        return 1.4 * ascending[-2]
    return ascending[-1] if ascending else 0.0


_WIDE = 580
_TILES = (tr("ms seek"), tr("ms scrub"), "fps", tr("MiB peak"))


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
        """Show new values."""
        self.bars.set_group(group)
        self._notes.setText("\n".join(group.notes))
        self._notes.setVisible(bool(group.notes))


class BenchPage(QWidget):
    """All results of a benchmark."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bench: FileBench | None = None
        self._blocks: dict[str, _Block] = {}
        self._columns = 0
        self.setObjectName("benchPage")
        self.setAccessibleName(tr("Benchmark results"))
        self._headline = text_label(self)
        self._headline.setObjectName("benchHeadline")
        self._headline.setFont(sized(self._headline.font(), 17, bold=True))
        self._how = text_label(self, "muted", pixels=12)
        own = text_label(self, "faint", pixels=11)
        own.setText(tr("FrameScope on this file"))
        self._tiles = StatTiles(_TILES, self)
        self.choices = ChoiceTable(theme, self)
        self.choices.hide()
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
        column.addWidget(self.choices)
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
        """The number of columns of groups."""
        return self._columns

    @property
    def headline(self) -> str:
        """The headline."""
        return self._headline.text()

    @property
    def absent_text(self) -> str:
        """The text about libraries without figures."""
        return self._absent.text()

    def bars(self, key: str) -> BenchBars:
        """The chart of one measure, such as ``random``.

        Raises:
            KeyError: There is no such chart.
        """
        return self._blocks[key].bars

    def set_bench(self, bench: FileBench) -> None:
        """Show a benchmark; a running one keeps its widgets, to avoid flicker."""
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
        """Use two columns if the width allows."""
        super().resizeEvent(event)
        self._arrange()

    def set_choices(self, choices: Sequence[Choice], basis: str, with_code: frozenset[str]) -> None:
        """Show which library to use for what; nothing while there are no choices yet."""
        self.choices.set_choices(choices, basis, with_code)
        self.choices.setVisible(bool(choices))
        self.choices.set_wide(is_wide=self.width() >= _WIDE)

    def _arrange(self) -> None:
        columns = 2 if self.width() >= _WIDE else 1
        self.choices.set_wide(is_wide=columns > 1)
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
