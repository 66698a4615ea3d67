"""Three plots of an engine's answers. Made when first shown: the plotting library loads slowly."""

from __future__ import annotations

import math
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt, Signal, Slot

from framescope.core.translation import tr
from framescope.ui.panels.seek.words import Level, level_color, level_of, request_words
from framescope.ui.timeline.axis import FrameAxis
from framescope.ui.timeline.shades import faded
from framescope.ui.timeline.wheel import is_for_frames, range_after
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QWidget

    from framescope.core.audit.records import EngineTrial, FileAudit, RequestResult
    from framescope.ui.widgets.theme import ThemeSource

_HEIGHT = 240
_AXIS_PIXELS = 11
_MOST_POINTS = 4000
_MOST_KEYS = 300
_LEAST_MS = 0.01
_FEW = 6
_SIZES = {Level.EXACT: 6, Level.AMBIGUOUS: 7, Level.FAILED: 7, Level.WRONG: 8}
_SYMBOLS = {Level.EXACT: "o", Level.AMBIGUOUS: "d", Level.FAILED: "x", Level.WRONG: "s"}


class PlotKind(Enum):
    """What is plotted."""

    LANDED = tr("Requested and returned")
    OFFSET = tr("Offsets along the video")
    LATENCY = tr("Latency by distance from the keyframe")


_LABELS = {
    PlotKind.LANDED: (tr("frame requested"), tr("frame returned")),
    PlotKind.OFFSET: ("frame", "returned − requested"),
    PlotKind.LATENCY: (tr("frames to decode from the keyframe"), "ms"),
}


class SeekPlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """One plot; the chosen engine's answers in the colours of the lanes, the others' faint behind them."""

    request_chosen = Signal(object)
    """The RequestResult whose point was clicked."""
    range_wanted = Signal(float, float)
    """The frame range the timeline should show, after a turn of the wheel."""

    def __init__(self, kind: PlotKind, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, background=None, enableMenu=False)
        self._kind = kind
        self._theme = theme
        self._audit: FileAudit | None = None
        self._engine = ""
        self._frames: tuple[float, float] | None = None
        self.setObjectName(f"seekPlot.{kind.name.lower()}")
        self.setAccessibleName(kind.value)
        self.setMinimumSize(1, _HEIGHT)
        self.setFrameShape(self.Shape.NoFrame)
        # The panel scrolls with the wheel; a plot that accepted it would trap the pointer.
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        item = self.getPlotItem()
        item.setContentsMargins(0, 8, 12, 0)
        self._lines: list[Any] = []
        self._others = pg.ScatterPlotItem(size=3, pen=None)
        item.addItem(self._others)
        self._points = {
            level: pg.ScatterPlotItem(size=_SIZES[level], symbol=_SYMBOLS[level], hoverable=True, tip=_tip)
            for level in Level
        }
        for points in self._points.values():
            item.addItem(points)
            points.sigClicked.connect(self._on_point_clicked)
        if kind is PlotKind.LATENCY:
            item.getAxis("left").setLogMode(True)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def point_count(self) -> int:
        """Number of points of the chosen engine."""
        return sum(len(points.points()) for points in self._points.values())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """If the x axis is frames, zoom and scroll as the timeline does; otherwise let the panel scroll."""
        facts = None if self._audit is None else self._audit.facts
        if facts is None or not self._is_over_frames or not is_for_frames(event):
            event.ignore()
            return
        box = self.getViewBox().sceneBoundingRect()
        first, last = self._view(facts.frame_count)
        axis = FrameAxis(first, last, box.left(), max(box.width(), 1.0))
        self.range_wanted.emit(*range_after(event, axis, facts.frame_count))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Low enough to be visible below lanes and table."""
        return QSize(300, _HEIGHT)

    def set_audit(self, audit: FileAudit | None, engine: str) -> None:
        """Show an engine's answers, with the others' behind them."""
        self._audit, self._engine = audit, engine
        self._draw()

    def set_frames(self, first: float, last: float) -> None:
        """Show this frame range, if the x axis is frames."""
        if self._is_over_frames and (first, last) != self._frames:
            self._frames = (first, last)
            if self._audit is not None and self._audit.facts is not None:
                self._frame_frames(self._audit, self._audit.facts.frame_count)

    @property
    def frames(self) -> tuple[float, float]:
        """The frame range shown."""
        (first, last), _ = self.viewRange()
        return first + 0.5, last + 0.5

    @property
    def _is_over_frames(self) -> bool:
        return self._kind is not PlotKind.LATENCY

    def _view(self, count: int) -> tuple[float, float]:
        first, last = self._frames or (0.0, float(count))
        first = min(max(first, 0.0), count - 1.0)
        return first, max(min(last, float(count)), first + 1)

    def _draw(self) -> None:
        item = self.getPlotItem()
        for line in self._lines:
            item.removeItem(line)
        self._lines = []
        audit = self._audit
        if audit is None or audit.facts is None:
            return
        chosen = self._chosen(audit)
        others = [trial for trial in audit.trials if trial.engine != self._engine]
        self._draw_others(audit, others)
        self._draw_chosen(audit, chosen)
        self._frame_it(audit)

    def _draw_others(self, audit: FileAudit, others: list[EngineTrial]) -> None:
        spots = [spot for trial in others for one in trial.requests if (spot := self._spot(audit, one))]
        xy = np.array(_thinned(spots), np.float64).reshape(-1, 2)
        color = faded(self._theme.tokens.text_faint, 0.45)
        self._others.setData(x=xy[:, 0], y=xy[:, 1], brush=pg.mkBrush(color), pen=pg.mkPen(None))

    def _draw_chosen(self, audit: FileAudit, chosen: EngineTrial | None) -> None:
        by_level: dict[Level, list[tuple[tuple[float, float], RequestResult]]] = {lv: [] for lv in Level}
        for one in () if chosen is None else chosen.requests:
            spot = self._spot(audit, one)
            if spot is not None:
                by_level[level_of(one)].append((spot, one))
        tokens = self._theme.tokens
        for level, pairs in by_level.items():
            kept = _thinned(pairs)
            xy = np.array([spot for spot, _ in kept], np.float64).reshape(-1, 2)
            color = level_color(tokens, level)
            self._points[level].setData(
                x=xy[:, 0],
                y=xy[:, 1],
                data=[one for _, one in kept],
                brush=pg.mkBrush(faded(color, 0.8)),
                pen=pg.mkPen(color if level is Level.FAILED else tokens.surface, width=0.7),
            )

    def _spot(self, audit: FileAudit, one: RequestResult) -> tuple[float, float] | None:
        """The position of an answer; None if this plot does not include it."""
        if self._kind is PlotKind.LATENCY:
            costs = () if audit.facts is None else audit.facts.decode_costs
            if one.frame_number >= len(costs):
                return None
            return float(costs[one.frame_number]), math.log10(max(one.latency_ms, _LEAST_MS))
        if one.landed is None:
            return None
        up = one.landed if self._kind is PlotKind.LANDED else one.landed - one.frame_number
        return float(one.frame_number), float(up)

    def _frame_it(self, audit: FileAudit) -> None:
        """Set the axis ranges, and draw the reference line."""
        tokens = self._theme.tokens
        facts = audit.facts
        if facts is None:
            return
        last = max(facts.frame_count - 1, 1)
        guide = pg.mkPen(tokens.text_faint, width=1, style=Qt.PenStyle.DashLine)
        if self._kind is PlotKind.LATENCY:
            self._frame_latency(audit)
            return
        self._add_line([0, last], [0, last if self._kind is PlotKind.LANDED else 0], guide)
        if self._kind is PlotKind.OFFSET:
            reach = self._reach(audit)
            keys = facts.keyframes[:: max(len(facts.keyframes) // _MOST_KEYS, 1)].repeat(2)
            ends = np.tile((-1.1 * reach, 1.1 * reach), len(keys) // 2)
            self._add_line(keys, ends, pg.mkPen(faded(tokens.keyframe, 0.35)), connect="pairs")
            # The default ticks would include half frames.
            self.getPlotItem().getAxis("left").setTickSpacing(*((1, 1) if reach <= _FEW else ()))
        self._frame_frames(audit, facts.frame_count)

    def _frame_frames(self, audit: FileAudit, count: int) -> None:
        """Show the same frames as the timeline."""
        first, last = self._view(count)
        is_all = first <= 0 and last >= count
        self.setXRange(first - 0.5, last - 0.5, padding=0.03 if is_all else 0.0)
        whole = (1, 1) if last - first <= _FEW else ()
        self.getPlotItem().getAxis("bottom").setTickSpacing(*whole)
        if self._kind is PlotKind.OFFSET:
            reach = self._reach(audit)
            self.setYRange(-reach, reach, padding=0.05)
            return
        self.getPlotItem().getAxis("left").setTickSpacing(*whole)
        chosen = self._chosen(audit)
        answers = () if chosen is None else chosen.requests
        seen = [a.landed for a in answers if a.landed is not None and first <= a.frame_number < last]
        self.setYRange(min([first, *seen]), max([last - 1, first + 1, *seen]), padding=0.04)

    def _reach(self, audit: FileAudit) -> int:
        chosen = self._chosen(audit)
        return max((abs(offset) for offset in (() if chosen is None else chosen.offsets)), default=0) + 1

    def _chosen(self, audit: FileAudit) -> EngineTrial | None:
        return next((trial for trial in audit.trials if trial.engine == self._engine), None)

    def _frame_latency(self, audit: FileAudit) -> None:
        spots = [s for trial in audit.trials for one in trial.requests if (s := self._spot(audit, one))]
        if spots:
            xy = np.array(spots)
            most = float(xy[:, 0].max())
            low, high = math.floor(xy[:, 1].min()), math.ceil(xy[:, 1].max())
            self.setXRange(0, most, padding=0.03)
            self.setYRange(low, high, padding=0.02)
            item = self.getPlotItem()
            item.getAxis("bottom").setTickSpacing(*((1, 1) if most <= _FEW else ()))
            # The default ticks of a logarithmic axis would mix 0.1 with powers of ten.
            item.getAxis("left").setTicks([[(power, f"{10**power:g}") for power in range(low, high + 1)], []])

    def _add_line(self, x: Any, y: Any, pen: Any, connect: str = "all") -> None:  # noqa: ANN401
        line = pg.PlotCurveItem(x=np.asarray(x, np.float64), y=np.asarray(y, np.float64), pen=pen)
        line.setData(x=np.asarray(x, np.float64), y=np.asarray(y, np.float64), connect=connect)
        line.setZValue(-10)
        self.getPlotItem().addItem(line)
        self._lines.append(line)

    @Slot()
    def _dress(self) -> None:
        tokens = self._theme.tokens
        across, up = _LABELS[self._kind]
        for name, label in (("bottom", across), ("left", up)):
            axis = self.getPlotItem().getAxis(name)
            axis.setStyle(tickFont=sized(self.font(), _AXIS_PIXELS), tickLength=-3, tickTextOffset=4)
            axis.setPen(pg.mkPen(tokens.border_strong))
            axis.setTextPen(pg.mkPen(tokens.text_muted))
            style = {"color": tokens.text_faint.name(), "font-size": f"{_AXIS_PIXELS}px"}
            axis.enableAutoSIPrefix(False)  # noqa: FBT003 - pyqtgraph's
            axis.setLabel(label, **style)
        self._draw()

    def _on_point_clicked(self, _item: object, points: Any, _event: object) -> None:  # noqa: ANN401
        if len(points):
            self.request_chosen.emit(points[-1].data())


def _thinned(items: list[Any]) -> list[Any]:
    """Evenly spaced items, up to a limit."""
    return items[:: math.ceil(len(items) / _MOST_POINTS)] if len(items) > _MOST_POINTS else items


def _tip(x: float, y: float, data: RequestResult) -> str:
    del x, y
    return f"{request_words(data)}\n{data.latency_ms:.1f} ms, {data.order.value}"
