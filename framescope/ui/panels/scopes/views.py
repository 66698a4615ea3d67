"""The four scopes as pictures with a graticule."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from framescope.core.scopes.measure import bar_targets
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import paint_card
from framescope.ui.timeline.shades import faded
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from framescope.core.scopes.measure import Levels
    from framescope.ui.widgets.theme import ThemeSource, Tokens

_INSET = 8.0
_SCALE_WIDTH = 34.0
_HISTOGRAM_HEIGHT, _WAVEFORM_HEIGHT, _MOST_SIDE = 120, 156, 340
_PRIMARIES = {"R": QColor(240, 90, 80), "G": QColor(80, 200, 110), "B": QColor(90, 140, 250)}
"""The parade's channels in their own colours, in both themes."""
_GAMMA, _LEAST_ALPHA, _FULL_PERCENTILE = 0.5, 40, 98
"""Counts are drawn as this power of their share of a large one, and single pixels still visibly."""
_SKIN_TONE_DEGREES = 123.0
"""The phase of skin tones in the vectorscope, the +I axis of NTSC."""


class _Scope(QWidget):
    """A card with a scope in it. Threads: GUI."""

    def __init__(self, theme: ThemeSource, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the card and the scope."""
        painter = QPainter(self)
        paint_card(painter, self, self._theme.tokens)
        painter.setFont(sized(self.font(), 10))
        inner = QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET)
        self._paint(painter, inner, self._theme.tokens)

    def _paint(self, painter: QPainter, area: QRectF, tokens: Tokens) -> None:
        raise NotImplementedError


class Histogram(_Scope):
    """How often each value occurs, with the legal range and what is outside of it."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(theme, "scopeHistogram", tr("Histogram"), parent)
        self._levels: tuple[Levels, ...] = ()
        self.setFixedHeight(_HISTOGRAM_HEIGHT)

    def set_levels(self, levels: tuple[Levels, ...]) -> None:
        """Show these counts."""
        self._levels = levels
        self.update()

    def _paint(self, painter: QPainter, area: QRectF, tokens: Tokens) -> None:
        if not self._levels:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = area.adjusted(0, 0, 0, -14)
        first = self._levels[0]
        top = 1 << first.bits
        if first.legal is not None:
            low, high = (value / top * plot.width() for value in first.legal)
            painter.fillRect(QRectF(plot.left(), plot.top(), low, plot.height()), faded(tokens.error, 0.14))
            beyond = QRectF(plot.left() + high, plot.top(), plot.width() - high, plot.height())
            painter.fillRect(beyond, faded(tokens.error, 0.14))
        for one in self._levels:
            color = _PRIMARIES.get(one.name, tokens.text_muted)
            path = _silhouette(one.counts, plot)
            painter.setPen(QPen(color, 1))
            painter.setBrush(faded(color, 0.3))
            painter.drawPath(path)
        painter.setPen(tokens.text_muted)
        below = QRectF(area.left(), plot.bottom() + 2, area.width(), 12)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "0")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, str(top - 1))
        for value in first.legal or ():
            across = plot.left() + value / top * plot.width()
            painter.drawText(
                QRectF(across - 30, below.top(), 60, 12), Qt.AlignmentFlag.AlignHCenter, str(value)
            )


def _silhouette(counts: NDArray[np.int64], plot: QRectF) -> QPainterPath:
    """The outline of a histogram; where several values share a column, their largest count."""
    columns = min(int(plot.width()), len(counts))
    edges = np.linspace(0, len(counts), columns + 1).astype(int)[:-1]
    heights = np.maximum.reduceat(counts, edges).astype(float)
    # Square roots keep rare values visible beside common ones.
    heights = np.sqrt(heights / max(heights.max(), 1)) * plot.height()
    step = plot.width() / columns
    path = QPainterPath(plot.bottomLeft())
    for place, height in enumerate(heights.tolist()):
        path.lineTo(plot.left() + place * step, plot.bottom() - height)
        path.lineTo(plot.left() + (place + 1) * step, plot.bottom() - height)
    path.lineTo(plot.bottomRight())
    return path


class Waveform(_Scope):
    """Levels by column: one waveform of luma, or three side by side."""

    def __init__(self, theme: ThemeSource, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, accessible, parent)
        self._counts: tuple[NDArray[np.int64], ...] = ()
        self._names = ""
        self._bits = 8
        self._legal: tuple[int, int] | None = None
        self.setFixedHeight(_WAVEFORM_HEIGHT)

    def set_counts(
        self, counts: tuple[NDArray[np.int64], ...], names: str, *, bits: int, legal: tuple[int, int] | None
    ) -> None:
        """Show these counts, a letter of ``names`` for each."""
        self._counts, self._names, self._bits, self._legal = counts, names, bits, legal
        self.update()

    def _paint(self, painter: QPainter, area: QRectF, tokens: Tokens) -> None:
        top = 1 << self._bits
        plot = area.adjusted(_SCALE_WIDTH, 2, 0, -2)
        painter.setPen(tokens.text_muted)
        low, high = self._legal or (0, top - 1)
        for value in dict.fromkeys((0, low, top // 2, high, top - 1)):
            down = plot.bottom() - value / (top - 1) * plot.height()
            is_limit = self._legal is not None and value in self._legal
            painter.setPen(QPen(tokens.warning if is_limit else tokens.border_strong, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(plot.left(), down), QPointF(plot.right(), down))
            if value in (low, high, top // 2):
                painter.setPen(tokens.text_muted)
                where = QRectF(area.left(), down - 7, _SCALE_WIDTH - 5, 14)
                flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(where, flags, str(value))
        share = plot.width() / max(len(self._counts), 1)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for place, (counts, name) in enumerate(zip(self._counts, self._names, strict=True)):
            part = QRectF(plot.left() + place * share + 1, plot.top(), share - 2, plot.height())
            color = _PRIMARIES.get(name, tokens.text)
            painter.drawImage(part, trace_image(counts[::-1], color))


class Vectorscope(_Scope):
    """Samples by Cb, to the right, and Cr, upwards, with the places of 75 % colour bars."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(theme, "scopeVectors", tr("Vectorscope"), parent)
        self._counts: NDArray[np.int64] | None = None
        self._targets: dict[str, tuple[float, float]] = {}

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Stay square, within reason."""
        super().resizeEvent(event)
        self.setFixedHeight(min(self.width(), _MOST_SIDE))

    def set_counts(self, counts: NDArray[np.int64] | None, matrix: str, *, is_full_range: bool) -> None:
        """Show these counts, with the bars' places in this YUV matrix and range."""
        self._counts = counts
        self._targets = bar_targets(matrix, is_full_range=is_full_range)
        self.update()

    def _paint(self, painter: QPainter, area: QRectF, tokens: Tokens) -> None:
        side = min(area.width(), area.height())
        plot = QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens.border_strong, 1))
        painter.drawEllipse(plot)
        center = plot.center()
        painter.drawLine(QPointF(plot.left(), center.y()), QPointF(plot.right(), center.y()))
        painter.drawLine(QPointF(center.x(), plot.top()), QPointF(center.x(), plot.bottom()))
        angle = math.radians(_SKIN_TONE_DEGREES)
        painter.setPen(QPen(tokens.text_faint, 1, Qt.PenStyle.DashLine))
        reach = QPointF(math.cos(angle) * side / 2, -math.sin(angle) * side / 2)
        painter.drawLine(center, center + reach)
        if self._counts is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(plot, trace_image(self._counts[::-1], tokens.text))
        for name, (blue, red) in self._targets.items():
            where = center + QPointF(blue * side, -red * side)
            painter.setPen(QPen(tokens.accent, 1.2))
            painter.drawRect(QRectF(where.x() - 5, where.y() - 5, 10, 10))
            painter.setPen(tokens.text_muted)
            painter.drawText(where + QPointF(7, -5), name)


def trace_image(counts: NDArray[np.int64], color: QColor) -> QImage:
    """An image of one colour, the more opaque the higher the count; the first row is at the top."""
    found = counts[counts > 0]
    # Not the largest: a black border would leave everything else invisible.
    full = max(float(np.percentile(found, _FULL_PERCENTILE)), 1.0) if len(found) else 1.0
    shares = np.minimum(counts / full, 1)
    pixels = np.empty((*counts.shape, 4), np.uint8)
    pixels[..., :3] = color.red(), color.green(), color.blue()
    pixels[..., 3] = np.where(counts > 0, _LEAST_ALPHA + (255 - _LEAST_ALPHA) * shares**_GAMMA, 0).round()
    height, width = counts.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
