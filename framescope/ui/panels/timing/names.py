"""The form with all numbers and times of the current frame; editing one goes to that frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from framescope.core.text import grouped
from framescope.core.timing.identity import IdentityError, IdentityField
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE, set_role, set_style_property

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from framescope.core.timing.identity import FrameIdentity, IdentityTranslator
    from framescope.ui.widgets.icons import IconSource

_GROUPS: tuple[tuple[str, tuple[tuple[IdentityField, str, str], ...]], ...] = (
    (
        tr("Counted"),
        (
            (IdentityField.NUMBER, tr("Frame number"), tr("From 0, in presentation order")),
            (IdentityField.NUMBER_FROM_1, tr("Counted from 1"), tr("From 1, in presentation order")),
            (IdentityField.DECODE_ORDER, tr("Decode order"), tr("From 0, in decode order")),
        ),
    ),
    (
        tr("Timestamps"),
        (
            (IdentityField.PTS, "pts", tr("Presentation timestamp, in the stream’s time base")),
            (IdentityField.DTS, "dts", tr("Decoding timestamp, in the stream’s time base")),
        ),
    ),
    (
        tr("Times"),
        (
            (IdentityField.TIME, tr("From frame 0, s"), tr("Seconds since the first frame")),
            (
                IdentityField.TIME_STORED,
                tr("As stored, s"),
                tr("Seconds as stored in the file: pts × time base"),
            ),
            (
                IdentityField.CURRENT_TIME,
                tr("currentTime, s"),
                tr(
                    "A value of HTML5’s video.currentTime that shows this frame: its middle, because browsers"
                    " round, and the start of a frame may show the previous one"
                ),
            ),
            (
                IdentityField.TIMECODE,
                tr("Timecode"),
                tr(
                    "HH:MM:SS:FF at the measured rate, from the file’s own start where it has one, otherwise"
                    " from 0. A semicolon says drop-frame: labels are left out to keep up with the clock"
                ),
            ),
        ),
    ),
    (
        "OpenCV",
        (
            (
                IdentityField.OPENCV_FRAMES,
                "POS_FRAMES",
                tr(
                    "What CAP_PROP_POS_FRAMES says after this frame was read in sequence: the next one’s"
                    " number"
                ),
            ),
            (
                IdentityField.OPENCV_MSEC,
                "POS_MSEC",
                tr("CAP_PROP_POS_MSEC after reading this frame in sequence; measure it under All frames"),
            ),
        ),
    ),
)
_LABEL_WIDTH = 104
_SMALL = 12
_HEADING = 11
_NONE = tr("none in this file")
_NOT_READ = tr("not measured")


class NameField(QLineEdit):
    """One number or time of the frame; text being typed stays until Enter, Escape or loss of focus."""

    sent = Signal(object)
    """Enter was pressed; carries the field."""
    dropped = Signal(object)
    """Editing was cancelled; carries the field."""

    def __init__(self, field: IdentityField, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.is_typing = False
        self._name = ""
        self.setObjectName(f"name.{field.value}")
        self.setAccessibleName(title)
        self.setMinimumWidth(60)
        self.setFont(sized(self.font(), _SMALL))
        self.textEdited.connect(self._on_text_edited)
        self.returnPressed.connect(self._on_return_pressed)

    def set_name(self, name: str, placeholder: str) -> None:
        """Show a value, unless the user is typing."""
        self._name = name
        self.setPlaceholderText(placeholder)
        self.setEnabled(bool(name) or self.is_typing)
        if not self.is_typing and self.text() != name:
            self.setText(name)
            self.setCursorPosition(0)

    @property
    def name(self) -> str:
        """The frame's own value, whatever is being typed."""
        return self._name

    def stop_typing(self) -> None:
        """Show the frame's own value again."""
        self.is_typing = False
        self.setText(self._name)
        self.setEnabled(bool(self._name))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape cancels editing."""
        if event.key() == Qt.Key.Key_Escape:
            self.dropped.emit(self)
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Losing focus cancels editing."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason and self.is_typing:
            self.dropped.emit(self)

    @Slot()
    def _on_text_edited(self) -> None:
        self.is_typing = True

    @Slot()
    def _on_return_pressed(self) -> None:
        self.sent.emit(self)


class NamesForm(QWidget):
    """All numbers and times of one frame. It only requests frames; it does not navigate."""

    frame_wanted = Signal(int)

    def __init__(self, icons: IconSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._translator: IdentityTranslator | None = None
        self._is_partial = False
        self.fields: dict[IdentityField, NameField] = {}
        self._copies: dict[IdentityField, QToolButton] = {}
        self._errors: dict[IdentityField, QLabel] = {}
        self.setObjectName("namesForm")
        self.setAccessibleName(tr("Numbers and times of the current frame"))
        self._build()
        self.set_identity(None, "")

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE - 2)
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        self._heading = QLabel(self)
        self._heading.setObjectName("namesHeading")
        self._heading.setFont(sized(self._heading.font(), 17, bold=True))
        self._copy_all = self._icons.button(self, "copyNames", tr("Copy all"), "ph.copy", color="text_muted")
        self._copy_all.clicked.connect(self._on_copy_all_clicked)
        head.addWidget(self._heading, 1)
        head.addWidget(self._copy_all)
        column.addLayout(head)
        self._hint = text_label(self, "muted", pixels=_SMALL)
        self._hint.setText(
            tr("All numbers and times of the current frame. Edit one and press Enter to go there.")
        )
        column.addWidget(self._hint)
        for title, rows in _GROUPS:
            column.addLayout(self._make_group(title, rows))

    def _make_group(self, title: str, rows: tuple[tuple[IdentityField, str, str], ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, SPACE - 4, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        heading = text_label(self, "faint", pixels=_HEADING)
        heading.setText(title)
        grid.addWidget(heading, 0, 0, 1, 3)
        for place, (field, label, tip) in enumerate(rows):
            name = text_label(self, "muted", pixels=_SMALL)
            name.setWordWrap(False)
            name.setText(label)
            edit = NameField(field, label, self)
            edit.sent.connect(self._on_sent)
            edit.dropped.connect(self._on_dropped)
            edit.textEdited.connect(self._on_text_edited)
            name.setBuddy(edit)
            error = text_label(self, "error", pixels=_SMALL)
            error.setObjectName(f"error.{field.value}")
            error.hide()
            copy = self._icons.button(
                self, f"copy.{field.value}", tr("Copy {label}", label=label), "ph.copy", color="text_muted"
            )
            copy.clicked.connect(self._on_copy_clicked)
            for widget in (name, edit):
                widget.setToolTip(tip)
            row = 1 + place * 2
            grid.addWidget(name, row, 0)
            grid.addWidget(edit, row, 1)
            grid.addWidget(copy, row, 2)
            grid.addWidget(error, row + 1, 1, 1, 2)
            self.fields[field], self._copies[field], self._errors[field] = edit, copy, error
        return grid

    # --- showing

    def set_translator(self, translator: IdentityTranslator | None, *, is_partial: bool) -> None:
        """Set the source of the frames' numbers."""
        self._translator = translator
        self._is_partial = is_partial

    def set_identity(self, identity: FrameIdentity | None, heading: str) -> None:
        """Show the numbers and times of a frame; None clears the fields."""
        self._heading.setText(heading)
        set_role(self._heading, "" if identity is not None else "faint")
        self._copy_all.setEnabled(identity is not None)
        for field, edit in self.fields.items():
            name = "" if identity is None else identity.text(field)
            missing = _NOT_READ if field is IdentityField.OPENCV_MSEC else _NONE
            edit.set_name(name, "" if identity is None else missing)
            self._copies[field].setEnabled(bool(name))

    def names_text(self) -> str:
        """All numbers and times as plain text."""
        rows = [(edit.accessibleName(), edit.name) for edit in self.fields.values() if edit.name]
        return "".join(f"{label}: {name}\n" for label, name in rows)

    def error_text(self, field: IdentityField) -> str:
        """The message about the text typed in a field; empty if it is valid."""
        label = self._errors[field]
        return "" if label.isHidden() else label.text()

    # --- typing

    @Slot(object)
    def _on_sent(self, edit: NameField) -> None:
        translator = self._translator
        if translator is None or not edit.is_typing:
            return
        try:
            number = translator.find(edit.field, edit.text())
        except IdentityError:
            self._show_error(edit, self._refusal(translator, edit))
            edit.selectAll()
            return
        self._show_error(edit, "")
        edit.stop_typing()
        self.frame_wanted.emit(number)
        edit.selectAll()

    def _refusal(self, translator: IdentityTranslator, edit: NameField) -> str:
        typed = edit.text().strip()
        so_far = tr(" listed so far") if self._is_partial else ""
        if not typed:
            return tr("Type a value, or press Escape to cancel.")
        last = grouped(len(translator) - 1)
        return tr(
            "No frame{so_far} has {typed!r} here. The frames are 0 to {last}.",
            so_far=so_far,
            typed=typed,
            last=last,
        )

    @Slot(object)
    def _on_dropped(self, edit: NameField) -> None:
        self._show_error(edit, "")
        edit.stop_typing()

    @Slot()
    def _on_text_edited(self) -> None:
        edit = self.sender()
        if isinstance(edit, NameField):
            self._show_error(edit, "")

    def _show_error(self, edit: NameField, text: str) -> None:
        label = self._errors[edit.field]
        label.setText(text)
        label.setVisible(bool(text))
        edit.setAccessibleDescription(text)
        set_style_property(edit, "invalid", bool(text))

    # --- copying

    @Slot()
    def _on_copy_clicked(self) -> None:
        for field, button in self._copies.items():
            if button is self.sender():
                QGuiApplication.clipboard().setText(self.fields[field].name)

    @Slot()
    def _on_copy_all_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.names_text())
