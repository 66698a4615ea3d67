"""The badge that says the picture was turned as the file asks, and the switch for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


class RotationBadge(QToolButton):
    """Lies in the corner of the picture while the file carries a rotation; a click switches it."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self.setObjectName("rotationBadge")
        self.setAccessibleName("Rotation of the picture")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self._on_theme_changed)
        controller.source_opened.connect(self._on_state_changed)
        controller.source_closed.connect(self._on_state_changed)
        controller.rotation_changed.connect(self._on_state_changed)
        self._on_theme_changed()

    def place(self) -> None:
        """Move into the top right corner of the view."""
        view = self.parentWidget()
        if view is not None:
            self.move(view.width() - self.width() - SPACE, SPACE)

    @Slot()
    def _on_clicked(self) -> None:
        self._controller.set_rotation_applied(not self._controller.is_rotated)

    @Slot()
    def _on_state_changed(self) -> None:
        info = self._controller.info
        if info is None or not (info.rotation or info.mirrored):
            self.hide()
            return
        turned = f"{info.rotation}°" if info.rotation else ""
        what = " and ".join(part for part in (turned, "mirrored" if info.mirrored else "") if part)
        if self._controller.is_rotated:
            self.setText(f"↻  Turned {what}" if info.rotation else f"↻  {what.capitalize()}")
            self.setToolTip("The file asks for this. Click to see the picture as it is stored.")
        else:
            self.setText(f"As stored ({what} not applied)")
            self.setToolTip("Click to turn the picture as the file asks.")
        self.adjustSize()
        self.place()
        self.show()

    @Slot()
    def _on_theme_changed(self) -> None:
        tokens = self._theme.tokens
        ground, text = tokens.overlay.name(tokens.overlay.NameFormat.HexArgb), tokens.overlay_text.name()
        self.setStyleSheet(
            f"QToolButton {{ background: {ground}; color: {text}; border: 1px solid rgba(255,255,255,28);"
            " border-radius: 5px; padding: 3px 9px; font-size: 12px; }"
            f"QToolButton:hover {{ border-color: {tokens.overlay_text_muted.name()}; }}"
            f"QToolButton:focus {{ border-color: {tokens.accent.name()}; }}"
        )
