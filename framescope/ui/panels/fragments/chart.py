"""A sweep as a chart: bits of each way of cutting against what random access reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from framescope.core.fragments.sweep import name_of
from framescope.core.fragments.sweep_plot import axis_range, share, ticks
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from framescope.core.fragments.sweep import Sweep, SweepPoint
    from framescope.ui.widgets.theme import ThemeSource

_HEIGHT = 236
_LEFT, _TOP, _RIGHT, _BOTTOM = 40, 22, 12, 36
_NEAR = 9.0
_SMALL = 11


class SweepChart(QWidget):
    """One mark a way of cutting; a line joins the run lengths of each grid. Less is better both ways."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sweep: Sweep | None = None
        self.setObjectName("sweepChart")
        self.setAccessibleName("Bits against bytes read, for each way of cutting")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_sweep(self, sweep: Sweep | None) -> None:
        """Show another sweep."""
        self._sweep = sweep
        if sweep is not None:
            self.setAccessibleDescription(" ".join(sweep.words))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for axes and names."""
        return QSize(300, _HEIGHT)

    def places(self) -> list[tuple[SweepPoint, QPointF]]:
        """Where each mark lies, the undivided stream first."""
        sweep = self._sweep
        if sweep is None:
            return []
        points = (sweep.undivided, *sweep.points)
        across, up = self._spans()
        area = self._area()
        return [
            (
                point,
                QPointF(
                    area.x() + share(point.access_bytes / 1000, across) * area.width(),
                    area.bottom() - share(point.bits_per_frame / 1000, up) * area.height(),
                ),
            )
            for point in points
        ]

    def _area(self) -> QRectF:
        return QRectF(_LEFT, _TOP, self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM)

    def _spans(self) -> tuple[tuple[float, float], tuple[float, float]]:
        sweep = self._sweep
        points = () if sweep is None else (sweep.undivided, *sweep.points)
        return (
            axis_range([point.access_bytes / 1000 for point in points]),
            axis_range([point.bits_per_frame / 1000 for point in points]),
        )

    def _color(self, place: int) -> QColor:
        tokens = self._theme.tokens
        colors = (tokens.p_frame, tokens.i_frame, tokens.success, tokens.chosen, tokens.mark, tokens.b_frame)
        return colors[place % len(colors)]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw axes, lines, marks and the key."""
        sweep = self._sweep
        if sweep is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized(self.font(), _SMALL))
        self._draw_axes(painter)
        placed = self.places()
        names = list(dict.fromkeys(point.grid_words for point in sweep.points))
        for number, name in enumerate(names):
            color = self._color(number)
            own = [(point, spot) for point, spot in placed if point.grid_words == name]
            painter.setPen(QPen(color, 1))
            painter.drawPolyline([spot for _, spot in own])
            for point, spot in own:
                painter.setPen(QPen(color, 1.2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                if point in sweep.best:
                    painter.drawEllipse(spot, 7.0, 7.0)
                painter.setBrush(color)
                painter.drawEllipse(spot, 3.5, 3.5)
        self._draw_key(painter, names)
        spot = placed[0][1]
        painter.setPen(QPen(self._theme.tokens.text, 2))
        painter.drawLine(spot - QPointF(5, 0), spot + QPointF(5, 0))
        painter.drawLine(spot - QPointF(0, 5), spot + QPointF(0, 5))
        painter.end()

    def _draw_axes(self, painter: QPainter) -> None:
        tokens, area = self._theme.tokens, self._area()
        across, up = self._spans()
        for value in ticks(*across, 4):
            x = area.x() + share(value, across) * area.width()
            painter.setPen(QPen(tokens.border, 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(tokens.text_muted)
            painter.drawText(
                QRectF(x - 30, area.bottom() + 3, 60, 14), Qt.AlignmentFlag.AlignCenter, f"{value:g}"
            )
        for value in ticks(*up, 4):
            y = area.bottom() - share(value, up) * area.height()
            painter.setPen(QPen(tokens.border, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(tokens.text_muted)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 8, _LEFT - 6, 16), right, f"{value:g}")
        painter.setPen(tokens.text_faint)
        below = QRectF(area.x(), area.bottom() + 18, area.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, "kB read for a quarter of one frame")
        painter.drawText(QRectF(0, 0, self.width(), 16), Qt.AlignmentFlag.AlignLeft, "kbit a frame")

    def _draw_key(self, painter: QPainter, names: list[str]) -> None:
        tokens, right = self._theme.tokens, float(self.width() - _RIGHT)
        for number, name in reversed(list(enumerate([*names, "one stream"]))):
            short = name.removesuffix(" tiles")
            wide = painter.fontMetrics().horizontalAdvance(short)
            painter.setPen(tokens.text_muted)
            painter.drawText(QRectF(right - wide, 0, wide + 1, 16), Qt.AlignmentFlag.AlignLeft, short)
            spot = QPointF(right - wide - 8, 8)
            if number == len(names):
                painter.setPen(QPen(tokens.text, 2))
                painter.drawLine(spot - QPointF(4, 0), spot + QPointF(4, 0))
                painter.drawLine(spot - QPointF(0, 4), spot + QPointF(0, 4))
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._color(number))
                painter.drawEllipse(spot, 3.5, 3.5)
            right -= wide + 24

    def event(self, event: QEvent) -> bool:
        """Say which way of cutting a mark stands for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def words_at(self, place: QPointF) -> str:
        """What the mark at a place stands for; empty beside them."""
        for point, spot in self.places():
            if (spot - place).manhattanLength() <= _NEAR:
                rate = f"{point.bits_per_frame / 1000:.1f} kbit a frame ({point.overhead:+.0%})"
                read = f"{point.access_bytes / 1000:.1f} kB to read"
                return f"{name_of(point)}: {rate}, {read}, PSNR {point.psnr_db:.1f} dB"
        return ""
