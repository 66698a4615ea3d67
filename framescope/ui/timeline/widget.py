"""The timeline: shows the position of the current frame, and lets the user move it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from framescope.core.model.frame import PictureType
from framescope.core.translation import tr
from framescope.ui.lanes.desk import LaneDesk
from framescope.ui.timeline.axis import FrameAxis, clamped, narrowest_span, zoomed
from framescope.ui.timeline.compared import CompareChart, compared_tip
from framescope.ui.timeline.compared import chart_of as compared_chart
from framescope.ui.timeline.content_layer import ChartBuilder, ContentLayer
from framescope.ui.timeline.curves import curve_at, snapped
from framescope.ui.timeline.gutter import legend_text, paint_span
from framescope.ui.timeline.hover import Hover
from framescope.ui.timeline.lanes import EDGE_PX, GUTTER_PX, lanes_for, least_height
from framescope.ui.timeline.overlay import Overlay, paint_overlay
from framescope.ui.timeline.overview import OverviewLayer, paint_playhead, paint_spots, paint_window
from framescope.ui.timeline.pointer import Hold, Pointer, overview_axis, whole_frame_at
from framescope.ui.timeline.scene import Fonts, Scene
from framescope.ui.timeline.waveform import SoundChart, chart_of, samples_wanted, sound_tip
from framescope.ui.timeline.wheel import range_after
from framescope.ui.widgets.turns import Turns

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QMouseEvent, QPaintEvent, QWheelEvent

    from framescope.core.compare.comparison import Comparison
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_BARS_WANTED_PX = 72
_EDGE_MS = 25
_KEYBOARD_REASONS = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}


class Timeline(QWidget):
    """Ruler, markers, frame sizes, cache line and overview on one axis of frames. Threads: GUI."""

    context_menu_requested = Signal(object)
    """A QPoint on the screen; the clicked frame is already the current one."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._fonts = Fonts(self.font())
        self._builder = ChartBuilder(self)
        self._content = ContentLayer()
        self._overview = OverviewLayer()
        self._overlay = Overlay()
        self._pointer = Pointer(controller, self._overlay)
        self._hover = Hover(self, controller, theme)
        self._desk = LaneDesk.of(controller)
        self._turns = Turns.of(controller)
        self._has_painted = False
        self._unavailable: set[int] = set()
        self._sound: SoundChart | None = None
        self._compared: CompareChart | None = None
        self._compared_of: tuple[Comparison | None, str, bool] = (None, "", False)
        self._is_fitted = True
        self._is_keyboard_focused = False
        self._spot = QPointF()
        self._edge_timer = QTimer(self)
        self._edge_timer.setInterval(_EDGE_MS)
        self._edge_timer.timeout.connect(self._on_edge_timeout)
        self.setObjectName("timeline")
        self.setAccessibleName(tr("Timeline"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._connect()
        self._on_source_opened()

    def _connect(self) -> None:
        controller = self._controller
        controller.source_opened.connect(self._on_source_opened)
        controller.source_closed.connect(self._on_source_closed)
        controller.index_updated.connect(self._on_index_updated)
        controller.position_changed.connect(self._on_position_changed)
        controller.frame_shown.connect(self._on_frame_shown)
        controller.marks_changed.connect(self._on_marks_changed)
        controller.range_changed.connect(self._on_range_changed)
        controller.video.cache_changed.connect(self._on_cache_changed)
        controller.view.visible_range_changed.connect(self._on_visible_range_changed)
        controller.choice_changed.connect(self._on_choice_changed)
        controller.times.changed.connect(self._on_times_changed)
        controller.player.choices_changed.connect(self._on_player_changed)
        controller.sound.changed.connect(self._on_sound_changed)
        controller.tracks.changed.connect(self._on_tracks_changed)
        for signal in (controller.comparing.run.changed, controller.comparing.look_changed):
            signal.connect(self._on_compared)
        self._theme.changed.connect(self.update)
        self._builder.chart_changed.connect(self.update)
        self._desk.changed.connect(self.update)

    # --- content

    @property
    def scene(self) -> Scene:
        """The scene from which the layers are painted now."""
        first, last = self._controller.view.visible_range
        total = self._frame_total
        width = float(max(self.width() - GUTTER_PX - EDGE_PX, 1))
        first, last = (first, max(last, first + 1.0)) if total else (0.0, 1.0)
        return Scene(
            axis=FrameAxis(first, last, float(GUTTER_PX), width),
            lanes=lanes_for(
                self.height(),
                self._fonts.text_height,
                has_sound=self._sound is not None,
                curve_count=len(self._desk.curves) if total else 0,
                has_compared=self._compared is not None,
            ),
            width=self.width(),
            ratio=self.devicePixelRatioF(),
            tokens=self._theme.tokens,
            fonts=self._fonts,
            chart=self._builder.chart,
            frame_total=total,
            sound=self._sound,
            origin_s=float(self._controller.times.origin),
            compared=self._compared,
            curves=self._desk.curves if total else (),
        )

    @property
    def content_paint_count(self) -> int:
        """How often the content layer was painted; only zoom, scroll, index and look cause that."""
        return self._content.paint_count

    @property
    def _frame_total(self) -> int:
        return self._controller.frame_total if self._controller.info is not None else 0

    # --- commands

    def zoom_to_fit(self) -> None:
        """Show the whole video."""
        if self._frame_total:
            self._controller.view.set_visible_range(0.0, float(self._frame_total))

    def zoom_by(self, factor: float, x: float | None = None) -> None:
        """Zoom in by ``factor`` around ``x``; None means the playhead, or the middle if it is out of view."""
        scene = self.scene
        if not scene.frame_total:
            return
        axis, number = scene.axis, self._controller.position
        holds_playhead = x is None and axis.first <= number + 0.5 <= axis.last
        if x is None:
            x = axis.x_of(number + 0.5) if holds_playhead else axis.left + axis.width / 2
        first, last = zoomed(axis, factor, min(max(x, axis.left), axis.right), scene.frame_total)
        if holds_playhead:
            # Bring the whole frame into view, not only its middle.
            shift = min(number - first, 0.0) or max(number + 1 - last, 0.0)
            first, last = first + shift, last + shift
        self._controller.view.set_visible_range(first, last)

    # --- session signals

    @Slot()
    def _on_source_opened(self) -> None:
        self._clear()
        self._unavailable.clear()
        self._is_fitted = True
        self._builder.set_index(None)
        self._take_state()
        self._on_index_updated()

    @Slot()
    def _on_source_closed(self) -> None:
        self._clear()
        self._unavailable.clear()
        self._hover.leave()
        self._builder.set_index(None)
        self._take_state()

    def _take_state(self) -> None:
        self._on_marks_changed()
        self._on_range_changed()
        self._on_player_changed()
        self._on_choice_changed()
        self._on_cache_changed()
        self._on_frame_shown()
        self._on_position_changed()

    @Slot()
    def _on_index_updated(self) -> None:
        if not self._frame_total:
            return
        self._paint_in_turn()
        self._builder.set_index(self._controller.index)
        if self._is_fitted:
            self.zoom_to_fit()
        else:
            self._hold_bounds()
        self._describe()
        self.update()

    @Slot()
    def _on_times_changed(self) -> None:
        self._hover.leave()
        self._describe()
        self.update()

    @Slot()
    def _on_position_changed(self) -> None:
        self._overlay.position = self._controller.position if self._frame_total else None
        self._describe()
        self.update()

    @Slot()
    def _on_frame_shown(self) -> None:
        shown = self._controller.shown
        if shown is None or shown.provisional:
            return
        before = len(self._unavailable)
        if shown.unavailable_reason is None:
            self._unavailable.discard(shown.frame_number)
        else:
            self._unavailable.add(shown.frame_number)
        if len(self._unavailable) != before:
            self.update()
        self._overlay.unavailable = np.array(sorted(self._unavailable), np.int64)

    @Slot()
    def _on_marks_changed(self) -> None:
        self._overlay.marks = np.array(self._controller.marks, np.int64)
        # Looked up only for what is painted: a file may hold a million marks.
        state = self._controller.selection.state
        colors = {label.name: QColor(label.color) for label in self._controller.settings.labels}
        self._overlay.text_of = state.text_of
        self._overlay.color_of = lambda number: colors.get(state.labels.get(number, ""))
        self.update()

    @Slot()
    def _on_range_changed(self) -> None:
        selected = self._controller.selection.state
        self._overlay.in_point, self._overlay.out_point = selected.in_point, selected.out_point
        self.update()

    @Slot()
    def _on_player_changed(self) -> None:
        player = self._controller.player
        start, span = player.loop_start, player.loop
        points = () if start is None else (start,) if span is None else (span.start, span.stop)
        if points != self._overlay.loop:
            self._overlay.loop = points
            self.update()

    @Slot()
    def _on_choice_changed(self) -> None:
        choice = self._controller.choice
        self._overlay.chosen, self._overlay.scene_cuts = choice.frame_numbers, choice.scene_cuts
        self.update()

    @Slot()
    def _on_sound_changed(self) -> None:
        self._sound = chart_of(self._controller.sound)
        self._request_samples()
        self.update()

    @Slot()
    def _on_tracks_changed(self) -> None:
        self._overlay.chapters = self._controller.tracks.chapters
        self.update()

    @Slot()
    def _on_compared(self) -> None:
        # Drawn anew only for another result or another metric.
        comparing = self._controller.comparing
        shown = (comparing.run.found, comparing.look.metric, comparing.run.is_running)
        if shown != self._compared_of:
            self._compared_of = shown
            self._compared = compared_chart(comparing)
            self.update()

    def _request_samples(self) -> None:
        """Request what peaks are too coarse for at this zoom."""
        if self._sound is not None and self._frame_total:
            axis = self.scene.axis
            wanted = samples_wanted(self._sound, axis, round(axis.width))
            if wanted is not None:
                self._controller.sound.request_samples(*wanted)

    @Slot()
    def _on_cache_changed(self) -> None:
        self._overlay.cached = np.array(self._controller.video.cached_spans, np.int64).reshape(-1, 2)
        self.update()

    @Slot(float, float)
    def _on_visible_range_changed(self, first: float, last: float) -> None:
        total = self._frame_total
        self._is_fitted = first <= 0.0 and last >= total
        self._hold_bounds()
        self._request_samples()
        self._hover.leave()
        self._overlay.hovered = None
        self.update()

    def _hold_bounds(self) -> None:
        """Keep the view within the video, and cells within their maximum width, whatever caused a change."""
        first, last = self._controller.view.visible_range
        width = self.scene.axis.width
        # A range that is too narrow grows on both sides, so that its centre stays.
        lack = max(narrowest_span(width, self._frame_total) - (last - first), 0.0)
        wanted = clamped(first - lack / 2, last + lack / 2, width, self._frame_total)
        # Ignore floating-point rounding.
        if max(abs(wanted[0] - first), abs(wanted[1] - last)) > 1e-6 * (wanted[1] - wanted[0]):
            self._controller.view.set_visible_range(*wanted)

    def _describe(self) -> None:
        """Describe the playhead's position for screen readers."""
        total = self._frame_total
        if not total:
            self.setAccessibleDescription(tr("No video is open."))
            return
        number, index = self._controller.position, self._controller.index
        parts = [tr("Frame {number} of {total}", number=number, total=total)]
        chart = self._builder.chart
        if index is not None and number < len(index):
            time_s = chart.clock.time_of(number) if chart is not None else math.nan
            if math.isfinite(time_s):
                parts.append(self._controller.times.of(number, time_s))
            parts.append(
                tr("{letter} picture", letter=PictureType(int(index.picture_type_codes[number])).letter)
            )
            if index.is_keyframe[number]:
                parts.append(tr("keyframe"))
        self.setAccessibleDescription(", ".join(parts))

    # --- painting

    def sizeHint(self) -> QSize:  # noqa: N802
        """High enough for the bars to be comparable."""
        return QSize(900, least_height(self._fonts.text_height) + _BARS_WANTED_PX - 28)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """High enough for every lane."""
        return QSize(320, least_height(self._fonts.text_height))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Compose the layers; only those that changed are repainted."""
        self._has_painted = True
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tokens.surface)
        if self._turns.is_clearing(self):
            return
        scene = self.scene
        painter.drawPixmap(0, 0, self._content.pixmap(scene))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if scene.frame_total:
            paint_overlay(painter, scene, self._overlay, self._content.number_places)
        self._paint_overview(painter, scene)
        if self._is_keyboard_focused:
            painter.setPen(scene.tokens.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _clear(self) -> None:
        if self._has_painted:
            self._turns.clear(self, self._prepare)

    def _paint_in_turn(self) -> None:
        # Until it has painted, it would leave a hole in the window.
        if self._has_painted:
            self._turns.repaint_soon(self, self._prepare)

    def _prepare(self) -> None:
        """Paint the layers anew before they are composed."""
        scene = self.scene
        self._content.pixmap(scene)
        if scene.frame_total:
            self._overview.pixmap(scene)

    def _paint_overview(self, painter: QPainter, scene: Scene) -> None:
        lane = scene.lanes.overview
        if not scene.frame_total:
            return
        painter.drawPixmap(QPointF(scene.axis.left, lane.top), self._overview.pixmap(scene))
        overview = overview_axis(scene)
        paint_window(painter, scene, overview)
        if scene.compared is not None:
            paint_spots(painter, scene, overview, scene.compared.missing, scene.tokens.error)
        paint_spots(painter, scene, overview, self._overlay.marks, scene.tokens.mark)
        paint_playhead(painter, scene, overview, self._controller.position)
        paint_span(painter, scene)

    # --- pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Grab what is under the pointer."""
        self._spot = event.position()
        scene, is_left = self.scene, event.button() == Qt.MouseButton.LeftButton
        curve = curve_at(scene, self._spot.y()) if is_left else None
        if curve is not None and curve.can_start and self._spot.x() >= GUTTER_PX:
            self._desk.start(curve.spec.source)
            return
        if self._pointer.press(scene, snapped(scene, self._spot) if is_left else self._spot, event.button()):
            self._stop_hovering()
            self._edge_timer.start()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag, or show the bubble of the frame under the pointer."""
        self._spot = event.position()
        scene = self.scene
        if self._pointer.is_dragging:
            self._pointer.move(scene, event.position())
            self.update()
        else:
            self._hover_over(scene, snapped(scene, event.position()))
        curve = None if self._pointer.is_dragging else curve_at(scene, event.position().y())
        if curve is not None and curve.can_start:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.setCursor(self._pointer.cursor_at(scene, event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002
        """End the drag."""
        self._edge_timer.stop()
        self._pointer.release()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """On the overview, show the whole video; elsewhere the second press acts like the first."""
        if event.position().y() >= self.scene.lanes.overview.top:
            self.zoom_to_fit()
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Show the frame under the pointer and leave the menu to the window."""
        scene, spot = self.scene, QPointF(event.pos())
        if self._pointer.hold_at(scene, spot) is Hold.PLAYHEAD:
            self._stop_hovering()
            self._controller.show_frame(whole_frame_at(scene, spot.x()))
            self.context_menu_requested.emit(event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802, ARG002
        """Clear the hovered frame."""
        self._stop_hovering()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom around the pointer with Ctrl (up zooms in), otherwise scroll (down scrolls forward)."""
        scene = self.scene
        if scene.frame_total:
            self._controller.view.set_visible_range(*range_after(event, scene.axis, scene.frame_total))
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show a focus ring, only for keyboard focus."""
        self._is_keyboard_focused = event.reason() in _KEYBOARD_REASONS
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Remove the focus ring."""
        self._is_keyboard_focused = False
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the legend's tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self._tip_at(event.pos())
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _tip_at(self, spot: QPoint) -> str:
        scene, chart = self.scene, self._builder.chart
        is_name = spot.x() < GUTTER_PX
        compared = scene.lanes.compared
        if scene.compared is not None and compared is not None and compared.holds(spot.y()):
            return compared_tip(scene.compared, None if is_name else scene.axis, spot.x())
        if not is_name or chart is None:
            return ""
        if (curve := curve_at(scene, spot.y())) is not None:
            return curve.tip
        sound = scene.lanes.sound
        is_sound = sound is not None and sound.holds(spot.y())
        return sound_tip(self._controller.sound) if is_sound else legend_text(chart.index)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Update to the application's font."""
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}:
            self._fonts = Fonts(self.font())
            self.updateGeometry()
        super().changeEvent(event)

    @Slot()
    def _on_edge_timeout(self) -> None:
        scene = self.scene
        if self._pointer.is_edge_bound and not scene.axis.left <= self._spot.x() <= scene.axis.right:
            self._pointer.pull_at_edge(scene, self._spot)
            self._pointer.move(self.scene, self._spot)
            self.update()

    def _hover_over(self, scene: Scene, spot: QPointF) -> None:
        number = self._hover.follow(scene, spot, self._unavailable)
        if number != self._overlay.hovered:
            self._overlay.hovered = number
            self.update()

    def _stop_hovering(self) -> None:
        self._hover.leave()
        self._overlay.hovered = None
        self.update()
