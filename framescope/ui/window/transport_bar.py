"""The bar under the picture: frame number and go-to field, transport buttons, speed and zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QWidget

from framescope.core.model.frame import PictureType
from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.session.playback import Repeat
from framescope.ui.actions.tool_strip import action_button
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE, set_style_property
from framescope.ui.widgets.turns import Turns
from framescope.ui.widgets.type_chip import TypeChip
from framescope.ui.window.sound_button import SoundButton

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent

    from framescope.session.controller import Controller
    from framescope.ui.actions.action_set import ActionSet
    from framescope.ui.picture.frame_view import FrameView
    from framescope.ui.picture.zoom_view import ZoomView
    from framescope.ui.widgets.icons import IconSource
    from framescope.ui.widgets.theme import ThemeSource


def total_words(controller: Controller) -> str:
    """``/ 1 234``, with *≈* until all frames are counted; empty if no video is open."""
    if controller.info is None:
        return ""
    is_counted = controller.index is not None and controller.index.complete
    return f"/ {'' if is_counted else '≈ '}{grouped(controller.frame_total)}"


def speed_words(speed: float) -> str:
    """``0.5×``, ``−2×``."""
    return f"{speed:.3g}×".replace("-", "−")


class GotoField(QLineEdit):
    """Shows the current position until the user types. Errors in the input are shown below the text."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, picture: QWidget, parent: QWidget | None = None
    ) -> None:
        """Make the field.

        Args:
            controller: The session.
            theme: Its colours.
            picture: Gets the focus back afterwards; otherwise the window would focus one of its
                fields when it is next activated.
            parent: The widget that owns it.
        """
        super().__init__(parent)
        self._controller = controller
        self._picture = picture
        self._theme = theme
        self._is_typing = False
        self._bubble: QLabel | None = None
        self.setObjectName("gotoField")
        self.setAccessibleName(tr("Go to frame, time or pts"))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(104)
        self.setFont(sized(self.font(), 14, bold=True))
        self.setEnabled(False)
        self.textEdited.connect(self._on_text_edited)
        self.returnPressed.connect(self._on_return_pressed)
        # The number belongs to the picture, so it changes with it.
        controller.position_changed.connect(self._on_number_changed)
        controller.frame_shown.connect(self._on_number_changed)
        controller.source_opened.connect(self._on_source_changed)
        controller.source_closed.connect(self._on_source_changed)

    def set_key(self, key: str) -> None:
        """Set the shortcut shown in the tooltip; empty for none."""
        hint = tr(
            "Frame (123), time (1:02.5 or 12s), timecode (00:01:02:12) or timestamp (pts 9000), then Enter"
        )
        self.setToolTip(f"{hint}  ({key})" if key else hint)

    def refresh(self) -> None:
        """Show the position of the open video, in a field made later."""
        self._on_source_changed()

    def start_typing(self) -> None:
        """Take the focus, with all text selected."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    @property
    def error_text(self) -> str:
        """The message about the latest input; empty if it is valid."""
        return "" if self._bubble is None or self._bubble.isHidden() else self._bubble.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape leaves the field without navigating; G starts over, like the shortcut."""
        if event.key() == Qt.Key.Key_Escape:
            self._give_back()
            return
        # No frame number, time or timestamp contains a g: the user means the shortcut.
        if event.text().lower() == "g":
            self.selectAll()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Losing focus discards unsent input."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._stop_typing()

    @Slot()
    def _on_text_edited(self) -> None:
        self._is_typing = True
        self._show_error("")

    @Slot()
    def _on_return_pressed(self) -> None:
        error = self._controller.go_to(self.text())
        self._show_error(error or "")
        if error is None:
            self._give_back()
        else:
            self.selectAll()

    @Slot()
    def _on_number_changed(self) -> None:
        if not self._is_typing:
            self._show_number()

    @Slot()
    def _on_source_changed(self) -> None:
        self.setEnabled(self._controller.info is not None)
        self._stop_typing()

    def _give_back(self) -> None:
        self._stop_typing()
        self._picture.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stop_typing(self) -> None:
        self._is_typing = False
        self._show_error("")
        self._show_number()

    def _show_number(self) -> None:
        text = "" if self._controller.info is None else str(self._controller.view.displayed_number)
        if text != self.text():
            self.setText(text)

    def _show_error(self, text: str) -> None:
        set_style_property(self, "invalid", bool(text))
        if not text:
            if self._bubble is not None:
                self._bubble.hide()
            return
        if self._bubble is None:
            self._bubble = QLabel(self.window())
            self._bubble.setObjectName("gotoError")
            self._bubble.setWordWrap(True)
            self._bubble.setFixedWidth(280)
        tokens = self._theme.tokens
        self._bubble.setStyleSheet(
            f"background: {tokens.surface_raised.name()}; color: {tokens.error.name()};"
            f" border: 1px solid {tokens.error.name()}; border-radius: 5px; padding: 6px 9px;"
        )
        self._bubble.setText(text)
        self._bubble.adjustSize()
        corner = self.mapTo(self.window(), QPoint(0, 0))
        self._bubble.move(corner.x(), max(corner.y() - self._bubble.height() - 6, 0))
        self._bubble.show()
        self._bubble.raise_()
        self.setAccessibleDescription(text)


_BUTTONS = (
    "go.first",
    "go.previous_keyframe",
    "go.previous_frame",
    "play.toggle",
    "go.next_frame",
    "go.next_keyframe",
    "go.last",
)
_SPEED_MENU = (
    "play.halve_speed",
    "play.slow_down",
    "play.normal_speed",
    "play.speed_up",
    "play.double_speed",
    "",
    "play.loop",
    "play.ping_pong",
    "play.range_only",
    "play.ab_loop",
    "",
    "play.every_frame",
)
"""Ids of the menu of the speed button; an empty one is a separator."""
_TIME_WIDTH = 66
_BUTTON_GAP = 2
_KEY_WORD = tr("key")
_REPEAT_SIGNS = {Repeat.OFF: "", Repeat.LOOP: "↻", Repeat.PING_PONG: "⇄"}
_LONGEST_ZOOM = tr("Fit  1000 %")


def _least_width(widget: QWidget) -> int:
    return max(widget.minimumSizeHint().width(), widget.minimumWidth())


class TransportBar(QFrame):
    """Frame, time and pts on the left, transport in the middle, speed and zoom on the right."""

    def __init__(
        self,
        controller: Controller,
        theme: ThemeSource,
        actions: ActionSet,
        icons: IconSource,
        view: FrameView,
    ) -> None:
        super().__init__(view.parentWidget())
        self._controller = controller
        self._actions = actions
        self._icons = icons
        self._view: ZoomView = view
        self.setObjectName("transportBar")
        self.setAccessibleName(tr("Transport"))
        self.goto_field = GotoField(controller, theme, view, self)
        self._total = self._label("frameTotal", "faint")
        self._time = self._label("timeLabel", "")
        self._pts = self._label("ptsLabel", "faint")
        self._chip = TypeChip(theme, self)
        self._key = self._label("keyframeLabel", "")
        self._speed = QToolButton(self)
        self._sound = SoundButton(controller, actions, icons, self)
        self._zoom = QToolButton(self)
        # They keep their widest text, so that nothing moves while the position does.
        self._widest_pts = 0
        self._key.setText(_KEY_WORD)
        self._key.setFixedWidth(self._key.sizeHint().width())
        self._lay_out()
        self._connect()
        self._refresh()

    # --- building

    def _label(self, name: str, role: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setProperty("role", role)
        return label

    def _lay_out(self) -> None:
        left = QHBoxLayout()
        left.setSpacing(SPACE)
        for widget in (self.goto_field, self._total, self._time, self._chip, self._key, self._pts):
            left.addWidget(widget)
        left.addStretch()
        middle = QHBoxLayout()
        middle.setSpacing(_BUTTON_GAP)
        self._buttons = [action_button(self._actions, action_id, self) for action_id in _BUTTONS]
        for button in self._buttons:
            middle.addWidget(button)
        right = QHBoxLayout()
        right.setSpacing(SPACE // 2)
        right.addStretch()
        right.addWidget(self._speed)
        right.addWidget(self._sound)
        right.addWidget(self._zoom)
        self._zoom_buttons = [
            action_button(self._actions, action_id, self) for action_id in ("view.fit", "view.actual")
        ]
        for button in self._zoom_buttons:
            right.addWidget(button)
        grid = QGridLayout(self)
        grid.setContentsMargins(SPACE, 4, SPACE, 4)
        for column, part in enumerate((left, middle, right)):
            grid.addLayout(part, 0, column)
        grid.setHorizontalSpacing(SPACE)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        self._speed.setObjectName("speedButton")
        self._speed.setAccessibleName(tr("Speed of playback"))
        self._speed.setAutoRaise(True)
        self._speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._speed.setToolTip(tr("Speed of playback; click for speeds, loops and what is played"))
        self._speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._speed)
        menu.aboutToShow.connect(self._on_speed_menu_opened)
        self._speed.setMenu(menu)
        self._zoom.setObjectName("zoomLabel")
        self._zoom.setAutoRaise(True)
        self._zoom.setToolTip(tr("Zoom; click to switch between fit and 1:1"))
        self._zoom.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _connect(self) -> None:
        controller = self._controller
        controller.position_changed.connect(self._refresh)
        controller.frame_shown.connect(self._refresh)
        controller.index_updated.connect(self._refresh)
        controller.source_opened.connect(self._refresh)
        # It may be the first half of opening another one.
        controller.source_closed.connect(self._refresh_soon)
        controller.times.changed.connect(self._refresh)
        controller.playback.speed_changed.connect(self._on_speed_changed)
        controller.player.choices_changed.connect(self._on_speed_changed)
        self._on_speed_changed()
        controller.sound.stream_changed.connect(self._drop_what_has_no_room)
        self._actions.keys_changed.connect(self._on_keys_changed)
        self._on_keys_changed()
        self._view.zoom_changed.connect(self._on_zoom_changed)
        self._zoom.clicked.connect(self._on_zoom_clicked)

    @Slot(object)
    def show_zoom_of(self, view: ZoomView) -> None:
        """Show and change the zoom of this view from now on."""
        self._view.zoom_changed.disconnect(self._on_zoom_changed)
        self._view = view
        view.zoom_changed.connect(self._on_zoom_changed)
        self._on_zoom_changed()

    # --- signals

    @Slot()
    def _refresh_soon(self) -> None:
        Turns.of(self._controller).do_soon(self._refresh)

    @Slot()
    def _refresh(self) -> None:
        controller = self._controller
        is_open = controller.info is not None
        for widget in (self._time, self._chip, self._key, self._pts, self._zoom):
            widget.setEnabled(is_open)
        self._chip.setVisible(is_open)
        if not is_open:
            for label in (self._total, self._time, self._pts, self._key):
                label.clear()
            self._widest_pts = 0
            self._pts.setMinimumWidth(0)
            self._chip.set_type(PictureType.UNKNOWN, is_decoded=False)
            self._zoom.setText("")
            return
        total = total_words(controller)
        if total != self._total.text():
            self._total.setText(total)
            self._drop_what_has_no_room()
        self._refresh_time()
        self._refresh_type()
        self._on_zoom_changed()

    def _refresh_time(self) -> None:
        controller = self._controller
        index, shown, number = controller.index, controller.shown, controller.view.displayed_number
        pts, time_s = None, float("nan")
        if index is not None and number < len(index):
            pts, first = index.pts_of(number), index.pts_of(0)
            if pts is not None and first is not None and index.unpacked is None:
                # Not times_s: while the index grows, that would be recomputed for all frames at every step.
                time_s = (pts - first) * float(index.time_base)
            else:
                time_s = index.time_of(number)
        elif shown is not None and shown.frame_number == number:
            pts, time_s = shown.pts, shown.time_s
        text = controller.times.of(number, time_s)
        self._time.setText(text)
        # Fit the text, which is longer after an hour; never narrower, so that what follows does not move.
        width = max(_TIME_WIDTH, self._time.fontMetrics().horizontalAdvance(text) + 2)
        if width != self._time.minimumWidth():
            self._time.setMinimumWidth(width)
            self._drop_what_has_no_room()
        self._pts.setText(tr("no pts") if pts is None else f"pts {grouped(pts)}")
        widest = self._pts.sizeHint().width()
        if widest > self._widest_pts:
            self._widest_pts = widest
            self._pts.setMinimumWidth(widest)
            self._drop_what_has_no_room()

    def _refresh_type(self) -> None:
        controller = self._controller
        index, shown, number = controller.index, controller.shown, controller.view.displayed_number
        picture_type, is_decoded, is_keyframe = PictureType.UNKNOWN, False, False
        if index is not None and number < len(index):
            picture_type = PictureType(int(np.clip(index.picture_type_codes[number], 0, 3)))
            is_decoded = index.picture_types_decoded
            is_keyframe = bool(index.is_keyframe[number])
        if shown is not None and shown.frame is not None and shown.frame_number == number:
            picture_type, is_decoded = shown.frame.picture_type, True
            is_keyframe = shown.frame.is_keyframe
        self._chip.set_type(picture_type, is_decoded=is_decoded)
        self._key.setText(_KEY_WORD if is_keyframe else "")
        self._key.setToolTip(tr("The container flags this frame as a random-access point"))

    @Slot()
    def _on_keys_changed(self) -> None:
        self.goto_field.set_key(
            self._actions["go.to"].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        )

    @Slot()
    def _on_speed_menu_opened(self) -> None:
        menu = self._speed.menu()
        if menu.isEmpty():
            self._actions.fill(menu, _SPEED_MENU)

    @Slot()
    def _on_speed_changed(self) -> None:
        controller = self._controller
        playing = controller.playback.speed
        self._icons.bind(self._actions["play.toggle"], "ph.pause" if playing else "ph.play")
        words = speed_words(playing or controller.player.chosen_speed)
        sign = _REPEAT_SIGNS[controller.player.repeat]
        self._speed.setText(f"{words} {sign}".rstrip())
        self._drop_what_has_no_room()

    @Slot()
    def _on_zoom_changed(self) -> None:
        if self._controller.info is None:
            return
        transform = self._view.transform
        percent = transform.device_scale * 100
        text = f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %"
        self._zoom.setText(tr("Fit  {text}", text=text) if transform.is_fitted else text)

    @Slot()
    def _on_zoom_clicked(self) -> None:
        if self._view.transform.is_fitted:
            self._view.zoom_actual()
        else:
            self._view.zoom_fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Room for the position and the transport buttons; the rest is hidden when it gets narrow."""
        kept = (self.goto_field, self._time, self._chip)
        width = sum(max(widget.minimumSizeHint().width(), widget.minimumWidth()) for widget in kept)
        width += sum(button.width() + _BUTTON_GAP for button in self._buttons)
        return QSize(width + (len(kept) + 4) * SPACE, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Hide what does not fit as a whole."""
        super().resizeEvent(event)
        self._drop_what_has_no_room()

    @Slot()
    def _drop_what_has_no_room(self) -> None:
        """Show as much as fits: the least important goes first, and as a whole."""
        metrics = self._zoom.fontMetrics()
        # Not the layout's own minimum, which depends on what is shown now.
        always = (self.goto_field, self._time, self._chip, *self._buttons)
        gaps = 6 * SPACE + (len(self._buttons) - 1) * _BUTTON_GAP
        room = self.width() - gaps - sum(_least_width(widget) for widget in always)
        shown = []
        # Decide before showing anything: showing a widget redoes the layout at once.
        for widget, width in (
            (self._sound, self._sound.sizeHint().width() if self._sound.has_sound else -SPACE),
            (self._total, self._total.sizeHint().width()),
            (self._speed, self._speed.sizeHint().width()),
            (self._key, self._key.minimumWidth()),
            (self._zoom, metrics.horizontalAdvance(_LONGEST_ZOOM) + 2 * SPACE),
            *((button, button.sizeHint().width()) for button in self._zoom_buttons),
            (self._pts, self._widest_pts),
        ):
            room -= width + SPACE
            shown.append((widget, room >= 0))
        for widget, fits in shown:
            widget.setVisible(fits)
