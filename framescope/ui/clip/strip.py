"""Draws what a clip will contain: the requested frames, and the frames in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from framescope.core.clips.settings import ClipWay
from framescope.core.model.frame import PictureType
from framescope.core.text import counted, grouped
from framescope.core.translation import tr
from framescope.ui.timeline.shades import faded, type_colors
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import RADIUS, SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPaintEvent

    from framescope.core.clips.clip_plan import ClipPlan
    from framescope.core.media.index import FrameIndex
    from framescope.ui.widgets.theme import ThemeSource, Tokens

_HEIGHT, _ROW = 118, 24
_HEIGHTS = {PictureType.I: 1.0, PictureType.P: 0.7, PictureType.B: 0.45, PictureType.UNKNOWN: 0.45}
_LEAST_AROUND = 4
_BAR_FROM_PX, _GAP_FROM_PX = 2.0, 5.0
_FADED = 0.22


class ClipStrip(QWidget):
    """Frames as bars, keyframes tallest, with brackets above and below. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clipStrip")
        self.setAccessibleName(tr("What the file will contain"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._plan: ClipPlan | None = None
        self._index: FrameIndex | None = None
        theme.changed.connect(self._on_theme_changed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as its rows."""
        return QSize(480, _HEIGHT)

    def show_plan(self, plan: ClipPlan | None, index: FrameIndex | None) -> None:
        """Draw this plan; None clears the strip."""
        self._plan, self._index = plan, index
        if plan is not None:
            wanted, frames = plan.wanted, plan.frames
            self.setAccessibleDescription(
                tr(
                    "Requested {start} to {stop}, the file will show {shown_start} to {shown_stop}.",
                    start=wanted.start,
                    stop=wanted.stop - 1,
                    shown_start=frames.start,
                    shown_stop=frames.stop - 1,
                )
            )
        self.update()

    @property
    def visible_frames(self) -> range:
        """The frames drawn: those in the file, and some context."""
        plan, index = self._plan, self._index
        if plan is None or index is None:
            return range(0)
        around = max(_LEAST_AROUND, round(0.08 * len(plan.frames)))
        left_out = plan.copy.left_out if plan.copy is not None else ()
        first = min(plan.frames.start, *left_out) if left_out else plan.frames.start
        return range(max(first - around, 0), min(plan.frames.stop + around, len(index)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the bars and brackets."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens.border, 1))
        painter.setBrush(tokens.surface)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        plan, index = self._plan, self._index
        painter.setFont(sized(self.font(), 11))
        if plan is None or index is None:
            painter.setPen(tokens.text_faint)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Nothing to show yet"))
            return
        area = QRectF(self.rect()).adjusted(SPACE, SPACE / 2, -SPACE, -SPACE / 2)
        bars = area.adjusted(0, _ROW, 0, -_ROW)
        self._draw_frames(painter, bars, plan, index)
        top = QRectF(area.left(), area.top(), area.width(), _ROW)
        bottom = QRectF(area.left(), bars.bottom(), area.width(), _ROW)
        self._draw_bracket(painter, top, plan.wanted, ("requested", tokens.accent), is_above=True)
        self._draw_bracket(painter, bottom, plan.frames, (tr("in the file"), tokens.success), is_above=False)

    def _x(self, area: QRectF, frame: float) -> float:
        visible = self.visible_frames
        return area.left() + area.width() * (frame - visible.start) / max(len(visible), 1)

    def _draw_frames(self, painter: QPainter, area: QRectF, plan: ClipPlan, index: FrameIndex) -> None:
        tokens = self._theme.tokens
        inside = QRectF(area)
        inside.setLeft(self._x(area, plan.frames.start))
        inside.setRight(self._x(area, plan.frames.stop))
        painter.fillRect(inside, tokens.gop_band_b)
        width = area.width() / max(len(self.visible_frames), 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        if width < _BAR_FROM_PX:
            self._draw_keyframes(painter, area, plan, index)
        else:
            self._draw_bars(painter, area, plan, index)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _draw_bars(self, painter: QPainter, area: QRectF, plan: ClipPlan, index: FrameIndex) -> None:
        tokens = self._theme.tokens
        colors = type_colors(tokens)
        width = area.width() / len(self.visible_frames)
        gap = 1.0 if width >= _GAP_FROM_PX else 0.0
        left_out = set(plan.copy.left_out) if plan.copy is not None else set()
        is_intra = plan.settings.way is ClipWay.ALL_INTRA
        for number in self.visible_frames:
            code = PictureType.I if is_intra else PictureType(int(index.picture_type_codes[number]))
            is_key = is_intra or bool(index.is_keyframe[number])
            height = (area.height() - 6) * (1.0 if is_key else _HEIGHTS[code])
            bar = QRectF(self._x(area, number), area.bottom() - height, max(width - gap, 1.0), height)
            if number in left_out:
                _draw_left_out(painter, bar, tokens)
            else:
                color = colors[code]
                painter.fillRect(bar, color if number in plan.frames else faded(color, _FADED))
            if is_key:
                cap = QRectF(bar.left(), bar.top() - 3, bar.width(), 2)
                painter.fillRect(
                    cap, tokens.keyframe if number in plan.frames else faded(tokens.keyframe, _FADED)
                )

    def _draw_keyframes(self, painter: QPainter, area: QRectF, plan: ClipPlan, index: FrameIndex) -> None:
        tokens = self._theme.tokens
        visible, last_x = self.visible_frames, -10.0
        keys = index.keyframes
        for key in keys[(keys >= visible.start) & (keys < visible.stop)].tolist():
            x = self._x(area, key)
            if x - last_x < 3:
                continue
            last_x = x
            color = tokens.keyframe if key in plan.frames else faded(tokens.keyframe, _FADED)
            painter.fillRect(QRectF(x, area.top() + 6, 1, area.height() - 6), color)

    def _draw_bracket(
        self, painter: QPainter, row: QRectF, frames: range, look: tuple[str, QColor], *, is_above: bool
    ) -> None:
        name, color = look
        tokens = self._theme.tokens
        left, right = self._x(row, frames.start), self._x(row, frames.stop)
        line = row.bottom() - 3.5 if is_above else row.top() + 3.5
        tick = 4 if is_above else -4
        painter.setPen(QPen(color, 2))
        painter.drawLine(QPointF(left, line), QPointF(right, line))
        painter.drawLine(QPointF(left, line), QPointF(left, line + tick))
        painter.drawLine(QPointF(right, line), QPointF(right, line + tick))
        count = len(frames)
        words = counted(count, "frame", "frames")
        text = f"{grouped(frames.start)} – {grouped(frames.stop - 1)}   {words} {name}"
        wide = painter.fontMetrics().horizontalAdvance(text) + 2
        start = min(max((left + right - wide) / 2, row.left()), row.right() - wide)
        box = row.adjusted(0, 0, 0, -6) if is_above else row.adjusted(0, 6, 0, 0)
        painter.setPen(tokens.text)
        painter.drawText(QRectF(start, box.top(), wide, box.height()), Qt.AlignmentFlag.AlignCenter, text)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()


def _draw_left_out(painter: QPainter, bar: QRectF, tokens: Tokens) -> None:
    """A crossed-out bar in the error colour."""
    painter.setPen(QPen(tokens.error, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar.adjusted(0, 0, -1, -1))
    painter.drawLine(bar.topLeft(), bar.bottomRight() - QPointF(1, 1))
