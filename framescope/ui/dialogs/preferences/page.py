"""A page of the preferences: fields that show a setting and change it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from framescope.ui.widgets.roles import (
    check_box,
    label_for,
    make_form,
    named_combo,
    named_spin,
    plain_label,
)
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QCheckBox, QSpinBox

    from framescope.session.settings import Settings

LABEL_WIDTH = 132
"""Width of the labels on all pages, so that nothing moves when another is shown."""
_HINT_WIDTH = 380
Member = TypeVar("Member", bound=str)


class Page(QWidget):
    """Rows of fields, each for one setting. Threads: GUI.

    A field is named like its setting, which it shows again whenever something else changes it.
    """

    def __init__(self, settings: Settings, title: str) -> None:
        super().__init__()
        self.title = title
        self.settings = settings
        self._showing: dict[str, list[Callable[[], None]]] = {}
        head = QLabel(title, self)
        set_role(head, "title")
        rows = QWidget(self)
        self.form = make_form(rows)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, SPACE, 0)
        column.setSpacing(2 * SPACE)
        column.addWidget(head)
        column.addWidget(rows)
        column.addStretch(1)
        settings.changed.connect(self._on_setting_changed)

    @property
    def names(self) -> tuple[str, ...]:
        """The settings that this page changes."""
        return tuple(self._showing)

    @property
    def words(self) -> str:
        """Everything written on the page, for the search."""
        texts = [label.text() for label in self.findChildren(QLabel)]
        texts += [box.itemText(row) for box in self.findChildren(QComboBox) for row in range(box.count())]
        texts += [str(button.property("text")) for button in self.findChildren(QWidget)]
        return " ".join(texts).casefold()

    def reset(self) -> None:
        """Give every setting of the page its default."""
        for name in self.names:
            self.settings.store_value(name, None)

    def follow(self, name: str, show: Callable[[], None]) -> None:
        """Call ``show`` now, and whenever a setting changes."""
        self._showing.setdefault(name, []).append(show)
        show()

    def add_heading(self, text: str) -> None:
        """Begin a group of rows."""
        label = QLabel(text, self)
        label.setContentsMargins(0, SPACE, 0, 0)
        set_role(label, "heading")
        self.form.addRow(label)

    def add_row(self, text: str, field: QWidget, hint: str = "") -> None:
        """Add a field with the label before it, and a hint below it."""
        label = label_for(text, self, field)
        label.setMinimumWidth(LABEL_WIDTH)
        self.form.addRow(label, field)
        if hint:
            self.add_hint(hint)

    def add_hint(self, text: str) -> QLabel:
        """Add a sentence below the last row."""
        label = plain_label("hint", "faint", self)
        label.setMinimumWidth(_HINT_WIDTH)
        label.setText(text)
        self.form.addRow("", label)
        return label

    def add_choice(
        self, name: str, text: str, kind: type[Member], words: Mapping[Member, str], hint: str = ""
    ) -> QComboBox:
        """A setting that is one of several."""
        combo = named_combo(self, name, text, words)

        def show() -> None:
            with QSignalBlocker(combo):
                combo.setCurrentIndex(combo.findData(str(getattr(self.settings, name))))

        self.follow(name, show)
        combo.currentIndexChanged.connect(
            lambda: setattr(self.settings, name, kind(str(combo.currentData())))
        )
        self.add_row(text, combo, hint)
        return combo

    def add_number(  # noqa: PLR0913 - what a field with a number has
        self, name: str, text: str, span: range, *, suffix: str, unit: int = 1, hint: str = ""
    ) -> QSpinBox:
        """A setting that is a number of units."""
        spin = named_spin(self, name, text, range(span.start, span.stop), 0)
        spin.setSingleStep(span.step)
        spin.setSuffix(suffix)

        def show() -> None:
            with QSignalBlocker(spin):
                spin.setValue(getattr(self.settings, name) // unit)

        self.follow(name, show)
        spin.valueChanged.connect(lambda value: setattr(self.settings, name, value * unit))
        self.add_row(text, spin, hint)
        return spin

    def add_switch(self, name: str, text: str, hint: str = "") -> QCheckBox:
        """A setting that is on or off."""
        box = check_box(self, name, text)

        def show() -> None:
            with QSignalBlocker(box):
                box.setChecked(getattr(self.settings, name))

        self.follow(name, show)
        box.toggled.connect(lambda is_on: setattr(self.settings, name, is_on))
        self.add_row("", box, hint)
        return box

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        for show in self._showing.get(name, ()):
            show()


def left(*widgets: QWidget) -> QWidget:
    """Widgets in a row, no wider than they need to be."""
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return whole
