"""The field that shows the frame number and takes a frame, a time or a pts to go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import set_style_property

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


class GotoField(QLineEdit):
    """Shows where we are until somebody types. What cannot be gone to is said right below the text."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, picture: QWidget, parent: QWidget | None = None
    ) -> None:
        """Make it.

        Args:
            controller: The session.
            theme: Its colours.
            picture: What gets the keyboard back; without it, the window would give it to any of its fields
                when it is activated the next time.
            parent: The widget that owns it.
        """
        super().__init__(parent)
        self._controller = controller
        self._picture = picture
        self._theme = theme
        self._is_typing = False
        self._bubble: QLabel | None = None
        self.setObjectName("gotoField")
        self.setAccessibleName("Go to frame, time or pts")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(104)
        self.setFont(sized(self.font(), 14, bold=True))
        self.setEnabled(False)
        self.textEdited.connect(self._on_text_edited)
        self.returnPressed.connect(self._on_return_pressed)
        # The number belongs to the picture, so it changes with that.
        controller.position_changed.connect(self._on_number_changed)
        controller.frame_shown.connect(self._on_number_changed)
        controller.source_opened.connect(self._on_source_changed)
        controller.source_closed.connect(self._on_source_changed)

    def set_key(self, key: str) -> None:
        """Say in the tooltip which key begins to type; empty for none."""
        hint = "Frame (123), time (1:02.5, 12.5 or 12s) or timestamp (pts 9000), then Enter"
        self.setToolTip(f"{hint}  ({key})" if key else hint)

    def start_typing(self) -> None:
        """Take the keyboard, with everything selected."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    @property
    def error_text(self) -> str:
        """What is said about the text typed last; empty when nothing is wrong."""
        return "" if self._bubble is None or self._bubble.isHidden() else self._bubble.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape gives the keyboard back without going anywhere; G begins again, as it does elsewhere."""
        if event.key() == Qt.Key.Key_Escape:
            self._give_back()
            return
        # No frame, time or timestamp is written with a g: who presses it twice means the shortcut.
        if event.text().lower() == "g":
            self.selectAll()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """What was typed and not sent is dropped."""
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
        text = "" if self._controller.info is None else str(self._controller.displayed_number)
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
