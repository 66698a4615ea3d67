"""A small chart of scores by frame, with the threshold as a draggable line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from framescope.core.sampling.sampling import SamplingKind
from framescope.core.sampling.scenes import THRESHOLD_NAMES, SceneDetector, scene_scores
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.timeline.shades import faded
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from framescope.core.sampling.content import ContentMeasures
    from framescope.ui.export.survey import ExportDraft
    from framescope.ui.widgets.theme import ThemeSource


@dataclass(frozen=True, slots=True, eq=False)
class ScoreCurve:
    """Scores of a run of frames, and the threshold they are compared with.

    Attributes:
        scores: float64 by position in the run; NaN where there is none.
        threshold: Position of the line; None if the sampling method has no threshold.
        path: The field of `Sampling` that holds the threshold; empty if there is none.
        most: Largest threshold that can be set.
        title: The name of the scores.
    """

    scores: NDArray[np.float64]
    threshold: float | None
    path: str
    most: float
    title: str


_TITLES = {
    SceneDetector.CONTENT: tr("Change from the previous frame"),
    SceneDetector.ADAPTIVE: tr("Change relative to neighbouring frames"),
    SceneDetector.HASH: tr("Perceptual hash difference"),
    SceneDetector.HISTOGRAM: tr("Histogram difference"),
    SceneDetector.FADE: tr("Mean brightness"),
}
_MOST = {
    SceneDetector.CONTENT: 255.0,
    SceneDetector.ADAPTIVE: 255.0,
    SceneDetector.HASH: 1.0,
    SceneDetector.HISTOGRAM: 1.0,
    SceneDetector.FADE: 255.0,
}


def score_curve(draft: ExportDraft) -> ScoreCurve | None:
    """The scores the draft's sampling uses; None if it uses none, or frames have not been analysed yet."""
    sampling = draft.sampling
    if draft.content is None or not sampling.needs_content or len(draft.unseen):
        return None
    content = draft.content.within(sampling.content_span(draft.index, draft.viewpoint))
    if sampling.kind is SamplingKind.SCENES:
        rule = sampling.scenes
        path = f"scenes.{THRESHOLD_NAMES[rule.detector]}"
        scores = scene_scores(content, rule)
        return ScoreCurve(scores, rule.threshold, path, _MOST[rule.detector], _TITLES[rule.detector])
    if sampling.kind is SamplingKind.DISTINCT:
        distances = _hash_distances(content)
        return ScoreCurve(
            distances,
            sampling.distance,
            "distance",
            63.0,
            tr("dHash distance from the previous frame, in bits"),
        )
    if sampling.kind is SamplingKind.SHARPEST:
        return ScoreCurve(content.sharpness, None, "", 0.0, tr("Sharpness"))
    return None


def _hash_distances(content: ContentMeasures) -> NDArray[np.float64]:
    distances = np.full(len(content), np.nan)
    seen = np.flatnonzero(content.is_available)
    hashes = content.hashes[seen]
    distances[seen[1:]] = np.bitwise_count(hashes[1:] ^ hashes[:-1])
    return distances


_HEIGHT = 104
_TITLE_PX = 18
_INSET_PX = 6.0
_GRAB_PX = 8.0
_HEADROOM = 1.08


class ScoreChart(QWidget):
    """Shows why frames are chosen. Hidden while there is nothing to show. Threads: GUI."""

    threshold_dragged = Signal(str, float)
    """The field of `Sampling` that holds the threshold, and its new value."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportScores")
        self.setAccessibleName(tr("Scores by frame"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._theme = theme
        self._curve: ScoreCurve | None = None
        self._columns: NDArray[np.float64] = np.empty(0)
        self._highest = 0.0
        self._dragged: float | None = None
        theme.changed.connect(self._on_theme_changed)
        self.hide()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Low enough to fit below the fields."""
        return QSize(240, _HEIGHT)

    def show_curve(self, curve: ScoreCurve | None) -> None:
        """Show these scores; None hides the chart."""
        self._curve = curve
        self._columns = np.empty(0)
        known = np.empty(0) if curve is None else curve.scores[np.isfinite(curve.scores)]
        self._highest = float(known.max(initial=0.0))
        if self._dragged is None:
            self.setVisible(curve is not None)
        if curve is not None:
            line = (
                "" if curve.threshold is None else tr(", threshold {threshold:g}", threshold=curve.threshold)
            )
            self.setAccessibleDescription(
                tr(
                    "{title} of {frames}{line}",
                    title=curve.title,
                    frames=counted(len(curve.scores), "frame", "frames"),
                    line=line,
                )
            )
            self.setToolTip("" if curve.threshold is None else tr("Drag the line to set the threshold."))
        self.update()

    def value_at(self, y: float) -> float:
        """The score at a height in the widget."""
        area, top = self._area(), self._top()
        share = (area.bottom() - y) / max(area.height(), 1.0)
        return min(max(share, 0.0), 1.0) * top

    def y_of(self, value: float) -> float:
        """The height of a score in the widget."""
        area = self._area()
        return area.bottom() - min(max(value / self._top(), 0.0), 1.0) * area.height()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw the title, a column of the highest score for each pixel, and the line."""
        curve, tokens = self._curve, self._theme.tokens
        if curve is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized(self.font(), 11))
        painter.setPen(tokens.text_muted)
        title = QRectF(0, 0, self.width(), _TITLE_PX)
        painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, curve.title)
        area = self._area()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.surface)
        painter.drawRoundedRect(QRectF(0, _TITLE_PX, self.width(), self.height() - _TITLE_PX), 4, 4)
        threshold = self._threshold
        for column, value in enumerate(self._maxima(int(area.width()))):
            if not math.isfinite(value):
                continue
            is_above = threshold is not None and value >= threshold
            color = tokens.chosen if is_above else faded(tokens.text_muted, 0.7)
            top = self.y_of(value)
            painter.fillRect(QRectF(area.left() + column, top, 1, max(area.bottom() - top, 1)), color)
        if threshold is not None:
            self._paint_line(painter, threshold)

    def _paint_line(self, painter: QPainter, threshold: float) -> None:
        tokens, y = self._theme.tokens, round(self.y_of(threshold)) + 0.5
        painter.setPen(QPen(tokens.accent, 1.5))
        painter.drawLine(QLineF(0, y, self.width(), y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.accent)
        painter.drawEllipse(QPointF(self.width() - _INSET_PX, y), 4, 4)
        text = f"{threshold:.3g}"
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(text) + 8
        top = y - metrics.height() - 1 if y - metrics.height() > _TITLE_PX else y + 2
        label = QRectF(self.width() - width - 14, top, width, metrics.height())
        painter.setBrush(faded(tokens.surface, 0.8))
        painter.drawRoundedRect(label, 3, 3)
        painter.setPen(tokens.accent)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Start dragging the line."""
        if event.button() is Qt.MouseButton.LeftButton and self._is_on_line(event.position().y()):
            self._dragged = self._threshold
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move the line, or change the pointer where it can be moved."""
        y = event.position().y()
        curve = self._curve
        if self._dragged is not None and curve is not None:
            self._dragged = min(self.value_at(y), curve.most)
            self.threshold_dragged.emit(curve.path, self._dragged)
            self.update()
        is_held = self._dragged is not None or self._is_on_line(y)
        self.setCursor(Qt.CursorShape.SplitVCursor if is_held else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """End the drag."""
        self._dragged = None
        self.setVisible(self._curve is not None)
        self.update()

    @property
    def _threshold(self) -> float | None:
        return self._dragged if self._dragged is not None or self._curve is None else self._curve.threshold

    def _is_on_line(self, y: float) -> bool:
        threshold = self._threshold
        return threshold is not None and abs(self.y_of(threshold) - y) <= _GRAB_PX

    def _area(self) -> QRectF:
        return QRectF(
            _INSET_PX, _TITLE_PX + 4, self.width() - 2 * _INSET_PX, self.height() - _TITLE_PX - 4 - 2
        )

    def _top(self) -> float:
        """The score at the upper edge, with headroom for the scores and the line; never zero."""
        curve = self._curve
        if curve is None:
            return 1.0
        highest = max(self._highest, (curve.threshold or 0.0) * 1.25)
        return highest * _HEADROOM if highest > 0 else 1.0

    def _maxima(self, count: int) -> NDArray[np.float64]:
        """The highest score of each of ``count`` columns; NaN where a column has none."""
        curve = self._curve
        if curve is None or count < 1 or not len(curve.scores):
            return np.empty(0)
        if len(self._columns) != count:
            scores = np.where(np.isfinite(curve.scores), curve.scores, -np.inf)
            if len(scores) >= count:
                highest = np.maximum.reduceat(scores, np.arange(count) * len(scores) // count)
            else:
                highest = scores[np.arange(count) * len(scores) // count]
            self._columns = np.where(np.isfinite(highest), highest, np.nan)
        return self._columns

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()
