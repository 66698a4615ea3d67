"""File size and quality at every setting, and the search for the smallest sufficient one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from framescope.core.export.quality.search import Metric, Target
from framescope.core.export.quality.trial import LevelKind
from framescope.core.text import size_words
from framescope.core.translation import tr
from framescope.ui.timeline.shades import faded
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.roles import inset_text, named_combo, plain_label, push_button
from framescope.ui.widgets.theme import SPACE, set_role
from framescope.ui.widgets.words import decibel_words, ssim_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

    from framescope.core.export.quality.search import Search
    from framescope.core.export.quality.trial import Trial
    from framescope.ui.widgets.theme import ThemeSource

_METRICS = {Metric.PSNR: "PSNR", Metric.SSIM: "SSIM"}
_FIELD_WIDTH = 96


class TargetRow(QWidget):
    """One line: the target, a button, and the result. Threads: GUI."""

    wanted = Signal(object)
    """The user asked to search for a `Target`."""
    stopped = Signal()
    """The user asked to stop the search."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportTarget")
        self._is_searching = False
        label = QLabel(tr("Lowest quality with"), self)
        set_role(label, "muted")
        self._metric = named_combo(self, "exportTargetMetric", tr("Similarity"), _METRICS)
        self._values = {Metric.PSNR: self._decibels(), Metric.SSIM: self._share()}
        self._find = push_button(self, "exportTargetFind", tr("Find"))
        self._said = plain_label("exportTargetFound", "muted", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for each in (label, self._metric, *self._values.values(), self._find):
            row.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._said, 1)
        self._metric.currentIndexChanged.connect(self._on_metric_changed)
        self._find.clicked.connect(self._on_find_clicked)
        self._on_metric_changed()

    @property
    def target(self) -> Target:
        """The chosen target."""
        metric = Metric(self._metric.currentData())
        return Target(metric, self._values[metric].value())

    def choose(self, target: Target) -> None:
        """Show this target."""
        self._values[target.metric].setValue(target.least)
        self._metric.setCurrentIndex(self._metric.findData(target.metric.value))

    def show_searching(self, text: str) -> None:
        """Show the search's progress."""
        self._is_searching = True
        self._find.setText(tr("Stop"))
        self._say(text, "muted")

    def show_search(self, search: Search) -> None:
        """Show the result."""
        self.show_nothing()
        text, role = search_words(search)
        self._say(text, role)

    def show_problem(self, text: str) -> None:
        """Show why nothing was found."""
        self.show_nothing()
        self._say(text, "error")

    def show_nothing(self) -> None:
        """Clear the result, ready for another search."""
        self._is_searching = False
        self._find.setText(tr("Find"))
        self._say("", "muted")

    def _say(self, text: str, role: str) -> None:
        self._said.setText(text)
        set_role(self._said, role)

    def _decibels(self) -> QDoubleSpinBox:
        spin = QDoubleSpinBox(self)
        spin.setObjectName("exportTargetPsnr")
        spin.setAccessibleName(tr("Target PSNR in dB"))
        spin.setRange(10.0, 99.0)
        spin.setDecimals(1)
        spin.setSuffix(" dB")
        spin.setValue(40.0)
        return self._dressed(spin)

    def _share(self) -> QDoubleSpinBox:
        spin = QDoubleSpinBox(self)
        spin.setObjectName("exportTargetSsim")
        spin.setAccessibleName(tr("Target SSIM"))
        spin.setRange(0.1, 1.0)
        spin.setDecimals(4)
        spin.setSingleStep(0.005)
        spin.setValue(0.98)
        return self._dressed(spin)

    def _dressed(self, spin: QDoubleSpinBox) -> QDoubleSpinBox:
        inset_text(spin)
        spin.setFixedWidth(_FIELD_WIDTH)
        spin.lineEdit().returnPressed.connect(self._on_find_clicked)
        return spin

    @Slot()
    def _on_metric_changed(self) -> None:
        chosen = Metric(self._metric.currentData())
        for metric, spin in self._values.items():
            spin.setVisible(metric is chosen)

    @Slot()
    def _on_find_clicked(self) -> None:
        if self._is_searching:
            self.stopped.emit()
        else:
            self.wanted.emit(self.target)


def search_words(search: Search) -> tuple[str, str]:
    """The result of a search, and its style role."""
    metric = search.target.metric
    if search.found is not None:
        reached = _value_words(metric, search.found)
        below = [trial for trial in search.trials if trial.level == search.found.level - 1]
        lower = (
            tr("; {level} only {figure}", level=below[0].level, figure=_value_words(metric, below[0]))
            if below
            else ""
        )
        return tr(
            "Quality {level} keeps {reached}{lower}.", level=search.found.level, reached=reached, lower=lower
        ), "success"
    if math.isnan(metric.value_of(search.best)):
        return tr("The picture is too small for SSIM."), "warning"
    text = tr(
        "Not reachable: quality {level} gives {figure}",
        level=search.best.level,
        figure=_value_words(metric, search.best),
    )
    if search.full_chroma is not None:
        return tr(
            "{text}, with 4:4:4 {figure}.", text=text, figure=_value_words(metric, search.full_chroma)
        ), "warning"
    return f"{text}.", "warning"


def _value_words(metric: Metric, trial: Trial) -> str:
    return decibel_words(trial.psnr_db) if metric is Metric.PSNR else ssim_words(trial.ssim)


_HEIGHT = 128
_LEFT_WIDTH = 58
_RIGHT_WIDTH = 52
_AXIS_PIXELS = 11
_DOT = 5
_MARK_DOT = 10
_TICKS = 4
_HEADROOM = 1.06
"""Headroom above the curves."""


class CurveChart(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Two curves over the level: size on the left axis; similarity or time on the right one."""

    level_chosen = Signal(int)
    """The user clicked or dragged to this level."""
    level_pointed = Signal(int)
    """The level under the pointer; -1 when it has left."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, background=None, enableMenu=False)
        self._theme = theme
        self._kind = LevelKind.QUALITY
        self._level = 0
        self._points: dict[int, Trial] = {}
        self._tops = (1.0, 1.0)
        self._bottom = 0.0
        self._has_right = False
        self.setObjectName("exportCurve")
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseEnabled(x=False, y=False)
        self.setMouseTracking(True)
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._build()
        theme.changed.connect(self._dress)
        self._dress()
        self.clear_points(LevelKind.QUALITY)

    @property
    def points(self) -> tuple[Trial, ...]:
        """The points drawn, by level."""
        return tuple(self._points[level] for level in sorted(self._points))

    @property
    def kind(self) -> LevelKind:
        """What the level is: quality or compression."""
        return self._kind

    def clear_points(self, kind: LevelKind) -> None:
        """Start a new curve."""
        self._kind, self._points = kind, {}
        self.setAccessibleName(tr("Size of this frame by {kind}", kind=kind.value))
        bottom = self.getPlotItem().getAxis("bottom")
        step = 10 if kind is LevelKind.QUALITY else 1
        bottom.setTicks([[(level, str(level)) for level in range(0, kind.most + 1, step)]])
        margin = kind.most * 0.025
        self.setXRange(-margin, kind.most + margin, padding=0)
        self._draw()

    def add_points(self, trials: Iterable[Trial]) -> None:
        """Add trials; a repeated level replaces the earlier point."""
        self._points.update((trial.level, trial) for trial in trials)
        self._draw()

    def set_level(self, level: int) -> None:
        """Mark the current setting."""
        self._level = level
        self._draw_mark()

    def level_at(self, x: float) -> int:
        """The level at an x position in the widget."""
        place = self.getViewBox().mapSceneToView(QPointF(x, 0)).x()
        return int(min(max(round(place), 0), self._kind.most))

    def value_at(self, level: int) -> tuple[float, float, bool] | None:
        """Size in bytes and right-axis value at a level, and whether it was measured; None if unknown.

        Values between measured levels are interpolated linearly.
        """
        if level in self._points:
            return self._points[level].size_bytes, self._right_value(self._points[level]), True
        known = sorted(self._points)
        if not known or not known[0] < level < known[-1]:
            return None
        sizes = [self._points[each].size_bytes for each in known]
        rights = [self._right_value(self._points[each]) for each in known]
        return float(np.interp(level, known, sizes)), float(np.interp(level, known, rights)), False

    # --- events

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the level under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(event.position().x())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the values at the pointer; choose the level while the button is held."""
        x = event.position().x()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(x)
        level = self.level_at(x)
        self._pointer.setPos(level)
        self._pointer.setVisible(bool(self._points))
        self.level_pointed.emit(level)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """End the drag; pyqtgraph must not handle the event."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the scroll area."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Change the level with the arrow keys."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageDown: -10, Qt.Key.Key_PageUp: 10}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            event.ignore()
            return
        self.level_chosen.emit(min(max(self._level + step, 0), self._kind.most))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Stop showing values at the pointer."""
        super().leaveEvent(event)
        self._pointer.hide()
        self.level_pointed.emit(-1)

    def _choose(self, x: float) -> None:
        level = self.level_at(x)
        if level != self._level:
            self.level_chosen.emit(level)

    # --- drawing

    def _build(self) -> None:
        item = self.getPlotItem()
        item.setContentsMargins(0, 4, 0, 0)
        item.showAxis("right")
        self.getViewBox().setDefaultPadding(0)
        self.setYRange(0, 1, padding=0)
        font = sized(self.font(), _AXIS_PIXELS)
        for name, width in (("left", _LEFT_WIDTH), ("right", _RIGHT_WIDTH)):
            axis = item.getAxis(name)
            axis.setWidth(width)
            axis.setStyle(tickFont=font, tickLength=0, tickTextOffset=6)
        bottom = item.getAxis("bottom")
        bottom.setHeight(20)
        bottom.setStyle(tickFont=font, tickLength=-3, tickTextOffset=3)
        self._grid = [pg.InfiniteLine(angle=0, pos=0) for _ in range(_TICKS)]
        self._mark = pg.InfiniteLine(angle=90, pos=0)
        self._pointer = pg.InfiniteLine(angle=90, pos=0)
        self._pointer.hide()
        self._right_curve, self._size_curve = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._right_dots, self._size_dots = (pg.ScatterPlotItem(size=_DOT, pxMode=True) for _ in range(2))
        self._mark_dots = pg.ScatterPlotItem(size=_MARK_DOT, pxMode=True)
        drawn = (*self._grid, self._pointer, self._mark, self._right_curve, self._right_dots)
        for each in (*drawn, self._size_curve, self._size_dots, self._mark_dots):
            item.addItem(each, ignoreBounds=True)

    def _right_value(self, trial: Trial) -> float:
        return trial.psnr_db if self._kind is LevelKind.QUALITY else trial.encode_s * 1000

    def _heights(self, trials: Iterable[Trial]) -> tuple[list[float], list[float]]:
        top_size, top_right = self._tops
        sizes, rights = [], []
        for trial in trials:
            sizes.append(trial.size_bytes / top_size)
            value = self._right_value(trial)
            rights.append((min(value, top_right) - self._bottom) / (top_right - self._bottom))
        return sizes, rights

    def _draw(self) -> None:
        trials = self.points
        self._measure(trials)
        levels = [trial.level for trial in trials]
        sizes, rights = self._heights(trials)
        self._size_curve.setData(levels, sizes)
        self._size_dots.setData(levels, sizes)
        self._right_curve.setData(levels, rights if self._has_right else [0] * len(levels))
        self._right_dots.setData(levels if self._has_right else [], rights if self._has_right else [])
        self._right_curve.setVisible(self._has_right)
        self._draw_ticks()
        self._draw_mark()

    def _measure(self, trials: tuple[Trial, ...]) -> None:
        """Set the ranges of both axes."""
        top_size = max((trial.size_bytes for trial in trials), default=1) * _HEADROOM
        finite = [value for value in map(self._right_value, trials) if math.isfinite(value)]
        self._has_right = bool(finite)
        low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
        # Decibels have no meaningful zero: the axis begins at the next multiple of five below.
        bottom = math.floor(low / 5) * 5.0 if self._kind is LevelKind.QUALITY else 0.0
        self._bottom = bottom
        self._tops = (top_size, max((high - bottom) * _HEADROOM, 1e-9) + bottom)

    def _draw_ticks(self) -> None:
        top_size, top_right = self._tops
        item = self.getPlotItem()
        unit = "dB" if self._kind is LevelKind.QUALITY else "ms"
        sizes = steps_up_to(0, top_size)
        left = [(size / top_size, size_words(size) if size else "0") for size in sizes]
        height = top_right - self._bottom
        values = steps_up_to(self._bottom, top_right)
        right = [((value - self._bottom) / height, f"{value:g} {unit}") for value in values]
        for place, line in enumerate(self._grid, start=1):
            line.setVisible(bool(self._points) and place < len(left))
            line.setPos(left[place][0] if place < len(left) else 0)
        item.getAxis("left").setTicks([left if self._points else []])
        item.getAxis("right").setTicks([right if self._has_right and self._points else []])

    def _draw_mark(self) -> None:
        self._mark.setPos(self._level)
        value = self.value_at(self._level)
        if value is None:
            self._mark_dots.setData([], [])
            return
        top_size, top_right = self._tops
        heights = [value[0] / top_size]
        if self._has_right and math.isfinite(value[1]):
            heights.append((value[1] - self._bottom) / (top_right - self._bottom))
        tokens = self._theme.tokens
        brushes = [pg.mkBrush(tokens.accent), pg.mkBrush(tokens.success)][: len(heights)]
        self._mark_dots.setData([self._level] * len(heights), heights, brush=brushes)

    def _dress(self) -> None:
        tokens = self._theme.tokens
        item = self.getPlotItem()
        for name in ("left", "right", "bottom"):
            axis = item.getAxis(name)
            axis.setPen(pg.mkPen(tokens.border_strong if name == "bottom" else None))
            axis.setTextPen(pg.mkPen(tokens.text_muted))
        item.getAxis("left").setTextPen(pg.mkPen(tokens.accent))
        item.getAxis("right").setTextPen(pg.mkPen(tokens.success))
        for line in self._grid:
            line.setPen(pg.mkPen(tokens.border))
        self._mark.setPen(pg.mkPen(tokens.text, width=1.5))
        self._pointer.setPen(pg.mkPen(faded(tokens.text_muted, 0.5)))
        for curve, dots, color in (
            (self._size_curve, self._size_dots, tokens.accent),
            (self._right_curve, self._right_dots, tokens.success),
        ):
            curve.setPen(pg.mkPen(color, width=2))
            dots.setBrush(pg.mkBrush(color))
            dots.setPen(pg.mkPen(None))
        self._mark_dots.setPen(pg.mkPen(tokens.surface, width=2))
        self._draw_mark()


def steps_up_to(bottom: float, top: float) -> list[float]:
    """At most five round, evenly spaced numbers from ``bottom`` to ``top``."""
    least = max(top - bottom, 1e-9) / _TICKS
    scale = 10.0 ** math.floor(math.log10(least))
    step = next(scale * share for share in (1, 2, 2.5, 5, 10) if scale * share >= least)
    return [bottom + step * place for place in range(int((top - bottom) / step + 1e-9) + 1)]


class CurvePane(QWidget):
    """Shows file size and quality at each level. Threads: GUI."""

    level_chosen = Signal(int)
    """The user chose this quality or compression."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportCurvePane")
        self._theme = theme
        self._level = 0
        self._pointed: int | None = None
        self._key = QLabel(self)
        self._key.setObjectName("exportCurveKey")
        self._readout = QLabel(self)
        self._readout.setObjectName("exportCurveReadout")
        set_role(self._readout, "muted")
        self.chart = CurveChart(theme, self)
        self.target = TargetRow(self)
        line = QHBoxLayout()
        line.addWidget(self._key, 1)
        line.addWidget(self._readout)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addLayout(line)
        column.addWidget(self.chart)
        column.addWidget(self.target)
        self.chart.level_chosen.connect(self.level_chosen)
        self.chart.level_pointed.connect(self._on_level_pointed)
        theme.changed.connect(self._show_key)
        self.begin(LevelKind.QUALITY)

    def begin(self, kind: LevelKind | None) -> None:
        """Start a new curve; None for a format without a level."""
        for part in (self._key, self._readout, self.chart):
            part.setVisible(kind is not None)
        self.target.setVisible(kind is LevelKind.QUALITY)
        if kind is not None:
            self.chart.clear_points(kind)
            self._show_key()
            self._read()

    def add_point(self, trial: Trial) -> None:
        """Draw one more point."""
        self.chart.add_points([trial])
        self._read()

    def set_level(self, level: int) -> None:
        """Mark the current setting."""
        self._level = level
        self.chart.set_level(level)
        self._read()

    def _show_key(self) -> None:
        tokens = self._theme.tokens
        first, second = (
            f"<span style='color:{color.name()}'>●</span>" for color in (tokens.accent, tokens.success)
        )
        self._key.setText(
            tr("{first} Size and {second} PSNR of this frame by quality", first=first, second=second)
            if self.chart.kind is LevelKind.QUALITY
            else tr(
                "{first} Size and {second} time to encode this frame by compression",
                first=first,
                second=second,
            )
        )

    def _read(self) -> None:
        """Show the cost of the level under the pointer, or else of the current one."""
        level = self._level if self._pointed is None else self._pointed
        value = self.chart.value_at(level)
        name = self.chart.kind.label
        if value is None:
            self._readout.setText(f"{name} {level}")
            return
        size_bytes, right, is_tried = value
        unit = "dB" if self.chart.kind is LevelKind.QUALITY else "ms"
        words = tr("exact") if math.isinf(right) else f"{right:.1f} {unit}"
        size = size_words(size_bytes)
        about = size if is_tried else tr("about {size}", size=size)
        self._readout.setText(f"{name} {level}: {about}, {words}")

    @Slot(int)
    def _on_level_pointed(self, level: int) -> None:
        self._pointed = None if level < 0 else level
        self._read()
