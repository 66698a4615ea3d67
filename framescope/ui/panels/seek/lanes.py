"""One lane per engine along the timeline's visible range, with its correct and wrong answers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from framescope.core.audit.engines.catalog import short_title
from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.ui.panels.seek.words import Level, level_color, level_of, request_words, signed
from framescope.ui.timeline.axis import FrameAxis
from framescope.ui.timeline.lanes import EDGE_PX, GUTTER_PX
from framescope.ui.timeline.shades import faded, on_color
from framescope.ui.timeline.wheel import is_for_frames, range_after
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QFocusEvent, QMouseEvent, QPaintEvent, QWheelEvent

    from framescope.core.audit.records import EngineTrial, FileAudit, RequestResult
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource, Tokens

REACH_PX = 4.0
"""How far the pointer may be from a mark to hit it, in logical pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class LaneMarks:
    """The worst answer for each requested frame; arrays in frame order.

    Attributes:
        frames: int64, ascending, unique.
        levels: int8, `Level`.
        answers: The answer of each mark.
    """

    frames: NDArray[np.int64]
    levels: NDArray[np.int8]
    answers: tuple[RequestResult, ...]

    @classmethod
    def of(cls, requests: Sequence[RequestResult]) -> LaneMarks:
        """Group answers by frame, keeping the worst."""
        worst: dict[int, tuple[Level, RequestResult]] = {}
        for one in requests:
            level = level_of(one)
            known = worst.get(one.frame_number)
            if known is None or level > known[0]:
                worst[one.frame_number] = level, one
        ordered = sorted(worst.items())
        return cls(
            np.array([number for number, _ in ordered], np.int64),
            np.array([level for _, (level, _) in ordered], np.int8),
            tuple(one for _, (_, one) in ordered),
        )

    def by_pixel(self, axis: FrameAxis) -> PixelMarks:
        """At most one mark for each pixel between the axis's edges."""
        first = int(np.searchsorted(self.frames, np.floor(axis.first)))
        stop = int(np.searchsorted(self.frames, axis.last))
        if first >= stop:
            return PixelMarks(np.empty(0, np.int64), np.empty(0, np.int64))
        x = np.floor(axis.left + (self.frames[first:stop] - axis.first) * axis.px_per_frame).astype(np.int64)
        # Within a pixel the worst comes first, then the lowest frame number.
        order = np.lexsort((-self.levels[first:stop].astype(np.int64), x))
        pixels, places = np.unique(x[order], return_index=True)
        return PixelMarks(pixels, first + order[places])

    def place_at(self, axis: FrameAxis, x: float) -> int | None:
        """The mark hit at ``x``: the worst of those within reach, then the nearest."""
        if not len(self.frames):
            return None
        reach = REACH_PX / axis.px_per_frame
        position = axis.position_at(x)
        first = int(np.searchsorted(self.frames, position - reach - 1))
        stop = int(np.searchsorted(self.frames, position + reach, side="right"))
        near = np.arange(first, stop)
        here = near[self.frames[near] == np.floor(position)]
        if axis.px_per_frame > 2 * REACH_PX and len(here):
            return int(here[0])
        if not len(near):
            return None
        distance = np.abs(self.frames[near] + 0.5 - position)
        return int(near[np.lexsort((distance, -self.levels[near].astype(np.int64)))[0]])


@dataclass(frozen=True, slots=True, eq=False)
class PixelMarks:
    """The marks to draw.

    Attributes:
        pixels: x of each mark, ascending.
        places: The index of each in the lane's marks.
    """

    pixels: NDArray[np.int64]
    places: NDArray[np.int64]

    def __len__(self) -> int:
        """The number of marks."""
        return len(self.pixels)


_LANE_PX = 20
_BAND_PX = 14
_AXIS_PX = 24
_INSET_PX = 12
_LEAST_MARK_PX = 3.0
_TEXT_ROOM_PX = 26.0
_SMALL = 11
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_CHIP_PX = 9.0
_LEGEND_GAP_PX = 12.0
_NAMES = {Level.EXACT: "exact", Level.AMBIGUOUS: "ambiguous", Level.FAILED: "failed", Level.WRONG: "wrong"}
# Errors are taller as well as red, for colour-blind users.
_INSETS = {Level.EXACT: 3.5, Level.AMBIGUOUS: 2.0, Level.FAILED: 5.0, Level.WRONG: 0.0}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class SeekLanes(QWidget):
    """The lanes of all engines that returned answers. Zooms and scrolls with the timeline."""

    request_chosen = Signal(object, object)
    """The EngineTrial and the RequestResult that were clicked."""
    engine_chosen = Signal(str)
    """The name of the engine whose lane was clicked."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._audit: FileAudit | None = None
        self._lanes: list[tuple[EngineTrial, LaneMarks]] = []
        self._engine = ""
        self._chosen: RequestResult | None = None
        self.setObjectName("seekLanes")
        self.setAccessibleName(tr("Answers of each engine along the video"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        controller.view.visible_range_changed.connect(self._on_view_changed)
        controller.position_changed.connect(self._on_view_changed)
        theme.changed.connect(self.update)

    # --- content

    @property
    def lanes(self) -> list[tuple[EngineTrial, LaneMarks]]:
        """Engines with answers, top to bottom."""
        return self._lanes

    @property
    def axis(self) -> FrameAxis:
        """Maps frames to pixels, as on the timeline."""
        first, last = self._controller.view.visible_range
        room = max(self.width() - GUTTER_PX - EDGE_PX, 1)
        return FrameAxis(first, max(last, first + 1e-6), GUTTER_PX, room)

    def set_audit(self, audit: FileAudit | None) -> None:
        """Show the answers of another audit."""
        self._audit = audit
        known = {id(trial): marks for trial, marks in self._lanes}
        trials = () if audit is None else audit.trials
        self._lanes = [
            (trial, known.get(id(trial)) or LaneMarks.of(trial.requests))
            for trial in trials
            if trial.requests
        ]
        self.updateGeometry()
        self.update()

    def set_chosen(self, engine: str, chosen: RequestResult | None) -> None:
        """Highlight an engine, and one of its answers."""
        if (engine, chosen) != (self._engine, self._chosen):
            self._engine, self._chosen = engine, chosen
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as the lanes."""
        return QSize(GUTTER_PX + 200, len(self._lanes) * _LANE_PX + _AXIS_PX)

    def answer_at(self, x: float, y: float) -> tuple[EngineTrial, RequestResult] | None:
        """The answer at a position in the widget."""
        row = int(y // _LANE_PX)
        if not 0 <= row < len(self._lanes) or x < GUTTER_PX - 2:
            return None
        trial, marks = self._lanes[row]
        place = marks.place_at(self.axis, x)
        return None if place is None else (trial, marks.answers[place])

    # --- mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the engine and the answer under the pointer."""
        row = int(event.position().y() // _LANE_PX)
        if event.button() != Qt.MouseButton.LeftButton or not 0 <= row < len(self._lanes):
            return
        self.engine_chosen.emit(self._lanes[row][0].engine)
        found = self.answer_at(event.position().x(), event.position().y())
        if found is not None:
            self.request_chosen.emit(*found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Change the pointer where there is something to click."""
        is_answer = self.answer_at(event.position().x(), event.position().y()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_answer else Qt.CursorShape.ArrowCursor)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """With Ctrl, zoom as the timeline does; horizontally, scroll it; otherwise let the panel scroll."""
        if not is_for_frames(event):
            event.ignore()
            return
        self._controller.view.set_visible_range(*range_after(event, self.axis, self._controller.frame_total))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Left and right step through an engine's answers, up and down change the engine."""
        key = event.key()
        if not self._lanes or key not in {**_STEPS, **_ROWS}:
            super().keyPressEvent(event)
            return
        row = self._row_of(self._engine)
        if key in _ROWS:
            row = min(max(row + _ROWS[Qt.Key(key)], 0), len(self._lanes) - 1)
            self.engine_chosen.emit(self._lanes[row][0].engine)
            return
        trial, marks = self._lanes[row]
        at = self._controller.position if self._chosen is None else self._chosen.frame_number
        place = int(np.searchsorted(marks.frames, at))
        if self._chosen is not None or key == Qt.Key.Key_Left:
            place += _STEPS[Qt.Key(key)]
        self.request_chosen.emit(trial, marks.answers[min(max(place, 0), len(marks.answers) - 1)])

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Repaint with the focus frame."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Repaint without the focus frame."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Show the tooltip of an answer; keep the arrow keys from stepping through frames."""
        is_override = event.type() == QEvent.Type.ShortcutOverride and bool(self._lanes)
        if is_override and isinstance(event, QKeyEvent) and _is_own_key(event):
            event.accept()
            return True
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x(), event.pos().y()), self)
            return True
        return super().event(event)

    def words_at(self, x: float, y: float) -> str:
        """The tooltip at a position."""
        row = int(y // _LANE_PX)
        if not 0 <= row < len(self._lanes):
            return ""
        found = self.answer_at(x, y)
        if found is None:
            trial = self._lanes[row][0]
            return f"{trial.title}\n{trial.call}" if x < GUTTER_PX else ""
        trial, one = found
        return f"{trial.title}\n{request_words(one)}\n{one.order.value}, {one.latency_ms:.1f} ms"

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw names, lanes, marks, keyframes and the playhead."""
        painter = QPainter(self)
        tokens, axis = self._theme.tokens, self.axis
        painter.setFont(sized(self.font(), _SMALL))
        for row, (trial, marks) in enumerate(self._lanes):
            top = row * _LANE_PX + (_LANE_PX - _BAND_PX) / 2
            self._paint_name(painter, tokens, trial, row)
            painter.fillRect(QRectF(axis.left, top, axis.width, _BAND_PX), tokens.gop_band_b)
            painter.save()
            painter.setClipRect(QRectF(axis.left, 0, axis.width, self.height()))
            self._paint_marks(painter, axis, marks, top)
            painter.restore()
        self._paint_axis(painter, tokens, axis)
        if self.hasFocus():
            painter.setPen(tokens.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_name(self, painter: QPainter, tokens: Tokens, trial: EngineTrial, row: int) -> None:
        is_chosen = trial.engine == self._engine
        area = QRectF(_INSET_PX, row * _LANE_PX, GUTTER_PX - _INSET_PX, _LANE_PX)
        if is_chosen:
            painter.fillRect(QRectF(0, row * _LANE_PX + 3, 3, _LANE_PX - 6), tokens.accent)
        painter.setPen(tokens.text if is_chosen else tokens.text_muted)
        name = painter.fontMetrics().elidedText(
            short_title(trial), Qt.TextElideMode.ElideMiddle, int(area.width())
        )
        painter.drawText(area, _LEFT, name)

    def _paint_marks(self, painter: QPainter, axis: FrameAxis, marks: LaneMarks, top: float) -> None:
        tokens = self._theme.tokens
        shown = marks.by_pixel(axis)
        cell = axis.px_per_frame
        width = max(cell - (1 if cell >= 4 else 0), _LEAST_MARK_PX)
        levels = marks.levels[shown.places]
        for level in Level:
            color = level_color(tokens, level)
            for place in shown.places[levels == level].tolist():
                one = marks.answers[place]
                inset = _INSETS[level]
                area = QRectF(axis.x_of(one.frame_number), top, width, _BAND_PX)
                painter.fillRect(area.adjusted(0, inset, 0, -inset), color)
                if level is Level.WRONG and one.offset and cell >= _TEXT_ROOM_PX:
                    self._paint_offset(painter, area, one.offset, on_color(tokens, color))
        chosen = self._chosen
        if chosen is not None and any(one is chosen for one in marks.answers):
            x = axis.x_of(chosen.frame_number)
            painter.setPen(tokens.text)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(x - 1.5, top - 2.5, width + 2, _BAND_PX + 4))

    def _paint_offset(self, painter: QPainter, area: QRectF, offset: int, color: QColor) -> None:
        text = signed(offset)
        if painter.fontMetrics().horizontalAdvance(text) <= area.width() - 2:
            painter.setPen(color)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_legend(self, painter: QPainter, tokens: Tokens, area: QRectF) -> None:
        """Draw a legend of the colours in use, between the two frame numbers."""
        levels = sorted({int(level) for _, marks in self._lanes for level in np.unique(marks.levels)})
        names = [(Level(level), _NAMES[Level(level)]) for level in levels]
        metrics = painter.fontMetrics()
        widths = [_CHIP_PX + 4 + metrics.horizontalAdvance(name) for _, name in names]
        room = area.width() - 2 * metrics.horizontalAdvance("0 000 000")
        total = sum(widths) + _LEGEND_GAP_PX * (len(names) - 1)
        if not names or total > room:
            return
        x = area.center().x() - total / 2
        for (level, name), width in zip(names, widths, strict=True):
            inset = _INSETS[level] / 2
            chip = QRectF(x, area.center().y() - _CHIP_PX / 2, _CHIP_PX, _CHIP_PX)
            painter.fillRect(chip.adjusted(0, inset, 0, -inset), level_color(tokens, level))
            painter.setPen(tokens.text_muted)
            painter.drawText(QRectF(x + _CHIP_PX + 4, area.top(), width, area.height()), _LEFT, name)
            x += width + _LEGEND_GAP_PX

    def _paint_axis(self, painter: QPainter, tokens: Tokens, axis: FrameAxis) -> None:
        top = len(self._lanes) * _LANE_PX + 1.0
        keys = np.empty(0, np.int64)
        if self._audit is not None and self._audit.facts is not None:
            keys = self._audit.facts.keyframes
        seen = keys[(keys >= math.floor(axis.first)) & (keys < axis.last)]
        pixels = np.unique(np.floor(axis.left + (seen + 0.5 - axis.first) * axis.px_per_frame))
        painter.setPen(tokens.keyframe)
        painter.drawLines([QLineF(x + 0.5, top, x + 0.5, top + 4) for x in pixels.tolist()])
        painter.setPen(tokens.text_faint)
        labels = QRectF(axis.left, top + 6, axis.width, _AXIS_PX - 7)
        painter.drawText(QRectF(_INSET_PX, top + 6, GUTTER_PX, _AXIS_PX - 7), _LEFT, tr("Frame"))
        painter.drawText(labels, _LEFT, grouped(math.ceil(axis.first)))
        painter.drawText(labels, _RIGHT, grouped(max(math.ceil(axis.last) - 1, 0)))
        self._paint_legend(painter, tokens, labels)
        x = axis.x_of(self._controller.position + 0.5)
        if axis.left <= x <= axis.right:
            painter.setPen(faded(tokens.playhead, 0.9))
            painter.drawLine(QLineF(x, 0, x, top + 5))

    def _row_of(self, engine: str) -> int:
        names = [trial.engine for trial, _ in self._lanes]
        return names.index(engine) if engine in names else 0

    @Slot()
    def _on_view_changed(self) -> None:
        self.update()


def _is_own_key(event: QKeyEvent) -> bool:
    return not event.modifiers() and event.key() in {**_STEPS, **_ROWS}
