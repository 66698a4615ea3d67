"""Badges in a corner of the picture that say how it differs from the stored one; a click changes that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QToolButton, QWidget

from framescope.core.marks.labels import label_title
from framescope.core.media.picture.fields import FieldView
from framescope.core.text import listed
from framescope.core.translation import tr
from framescope.ui.widgets.icons import swatch

if TYPE_CHECKING:
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_SWATCH_PX = 10
_ICON_GAP_PX = 2
"""On each side of the swatch."""
_MOST_LETTERS = 32
_FIELD_WORDS = {
    FieldView.TOP: tr("Top fields, not as stored"),
    FieldView.BOTTOM: tr("Bottom fields, not as stored"),
    FieldView.DEINTERLACED: tr("Deinterlaced, not as stored"),
}


class _Badge(QToolButton):
    """A badge that is shown while there is something to say. Threads: GUI."""

    resized = Signal()
    """It was shown, hidden, or got another text."""

    def __init__(self, name: str, accessible: str, theme: ThemeSource, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def say(self, text: str, tip: str) -> None:
        """Show a text, or nothing if it is empty."""
        self.setText(text)
        self.setToolTip(tip)
        self.adjustSize()
        self.setVisible(bool(text))
        self.resized.emit()

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


class RotationBadge(_Badge):
    """Shown if the file has a rotation; a click toggles it."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__("rotationBadge", tr("Rotation of the picture"), theme, parent)
        self._controller = controller
        self.clicked.connect(self._on_clicked)
        controller.source_opened.connect(self._on_state_changed)
        controller.source_closed.connect(self._on_state_changed)
        controller.view.rotation_changed.connect(self._on_state_changed)

    @Slot()
    def _on_clicked(self) -> None:
        self._controller.view.set_rotation_applied(not self._controller.view.is_rotated)

    @Slot()
    def _on_state_changed(self) -> None:
        info = self._controller.info
        if info is None or not (info.rotation or info.mirrored):
            self.say("", "")
            return
        turned = f"{info.rotation}°" if info.rotation else ""
        what = listed([part for part in (turned, tr("mirrored") if info.mirrored else "") if part])
        if self._controller.view.is_rotated:
            text = tr("↻  Rotated {what}", what=what) if info.rotation else f"↻  {what.capitalize()}"
            self.say(text, tr("Declared by the file. Click to show the picture as stored."))
        else:
            self.say(
                tr("As stored ({what} not applied)", what=what),
                tr("Click to apply the rotation that the file declares."),
            )


class LabelBadge(_Badge):
    """Shows name and colour of the label of the frame in the picture; a click takes it away."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__("labelBadge", tr("Label of the frame"), theme, parent)
        self._controller = controller
        self._number: int | None = None
        self._look: tuple[str, str | None] = "", None
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(_SWATCH_PX, _SWATCH_PX))
        self.clicked.connect(self._on_clicked)
        controller.frame_shown.connect(self._on_state_changed)
        controller.marks_changed.connect(self._on_state_changed)
        controller.source_closed.connect(self._on_state_changed)
        controller.settings.changed.connect(self._on_setting_changed)
        self._on_state_changed()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Without the two spaces and the gap that Qt adds after a text beside an icon: even margins."""
        return super().sizeHint() - QSize(self.fontMetrics().horizontalAdvance("  ") + _ICON_GAP_PX, 0)

    @Slot()
    def _on_clicked(self) -> None:
        if self._number is not None:
            self._controller.set_label(self._number, "")

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name == "labels":
            self._on_state_changed()

    @Slot()
    def _on_state_changed(self) -> None:
        shown = self._controller.shown
        self._number = None if shown is None else shown.frame_number
        label = "" if self._number is None else self._controller.labels.get(self._number, "")
        look = label, self._controller.label_color(label)
        if look == self._look:
            return
        self._look = look
        self.setIcon(QIcon() if look[1] is None else swatch(look[1]))
        title = label_title(label)
        short = title if len(title) <= _MOST_LETTERS else f"{title[: _MOST_LETTERS - 1]}…"
        # A single & would underline the letter after it.
        text = short.replace("&", "&&")
        self.say(text, tr("{label}: click to take the label away; Undo brings it back.", label=title))


class FieldsBadge(_Badge):
    """Shown while fields are shown instead of the frames as stored; a click shows those again."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__("fieldsBadge", tr("Fields shown"), theme, parent)
        self._controller = controller
        self.clicked.connect(self._on_clicked)
        controller.source_opened.connect(self._on_state_changed)
        controller.source_closed.connect(self._on_state_changed)
        controller.view.fields_changed.connect(self._on_state_changed)

    @Slot()
    def _on_clicked(self) -> None:
        self._controller.view.show_fields(FieldView.FRAMES)

    @Slot()
    def _on_state_changed(self) -> None:
        is_open = self._controller.info is not None
        self.say(
            _FIELD_WORDS.get(self._controller.view.fields, "") if is_open else "",
            tr("Exports and pixel values are of the stored frame. Click to show whole frames."),
        )
