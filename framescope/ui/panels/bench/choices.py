"""The table that says which library to use for what: one row for each use, with its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from framescope.core.translation import tr
from framescope.ui.panels.bench.words import unfit_lines
from framescope.ui.panels.fact_widgets import paint_card, text_label
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from framescope.core.audit.choice import Choice
    from framescope.ui.widgets.theme import ThemeSource

_SMALL, _TINY = 12, 11
_USE_WIDTH = 132


class ChoiceRow(QWidget):
    """One use: its name, the library with the reason, and those not to use."""

    code_wanted = Signal(object)
    """The choice whose code was asked for."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice: Choice | None = None
        self._is_wide: bool | None = None
        self._use = text_label(self, "muted", pixels=_SMALL)
        self._library = text_label(self)
        self._library.setFont(sized(self._library.font(), 13, bold=True))
        self._reason = text_label(self, "muted", pixels=_SMALL)
        self._unfit = text_label(self, "muted", pixels=_TINY)
        for label in (self._library, self._reason, self._unfit):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._icons = IconSource(theme, self)
        self._code = self._icons.button(self, "choiceCode", tr("Copy as code"), "ph.code")
        self._code.clicked.connect(self._on_code_clicked)
        self._said = QVBoxLayout()
        self._said.setSpacing(1)
        for label in (self._library, self._reason, self._unfit):
            self._said.addWidget(label)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE)
        self._grid.setVerticalSpacing(1)
        self.set_wide(is_wide=False)

    def set_wide(self, *, is_wide: bool) -> None:
        """Put the name beside what is said about it, or above."""
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        for item in (self._use, self._code):
            self._grid.removeWidget(item)
        self._grid.removeItem(self._said)
        self._use.setFixedWidth(_USE_WIDTH) if is_wide else self._use.setMaximumWidth(16777215)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(self._use, 0, 0, 1, 1, top)
        if is_wide:
            self._grid.addLayout(self._said, 0, 1)
            self._grid.addWidget(self._code, 0, 2, top)
        else:
            self._grid.addWidget(self._code, 0, 1, 2, 1, top)
            self._grid.addLayout(self._said, 1, 0)
        self._grid.setColumnStretch(0, 0 if is_wide else 1)
        self._grid.setColumnStretch(1, 1 if is_wide else 0)

    def set_choice(self, choice: Choice, *, has_code: bool) -> None:
        """Show this choice."""
        self._choice = choice
        self.setObjectName(f"choice.{choice.use.value}")
        self._use.setText(choice.title)
        self._library.setText(choice.library_words)
        self._library.setVisible(choice.is_measured)
        tone = "success" if choice.titles else "error"
        set_role(self._library, tone)
        reason = choice.reason
        self._reason.setText(f"{reason[:1].upper()}{reason[1:]}")
        self._unfit.setText("\n".join(unfit_lines(choice)))
        self._unfit.setVisible(bool(choice.unfit))
        set_role(self._unfit, "warning")
        self._code.setVisible(has_code)
        self.setAccessibleName(f"{choice.title}: {choice.library_words}")

    @property
    def text(self) -> str:
        """Everything that the row says."""
        labels: tuple[QLabel, ...] = (self._use, self._library, self._reason, self._unfit)
        return "\n".join(label.text() for label in labels if not label.isHidden())

    def _on_code_clicked(self) -> None:
        if self._choice is not None:
            self.code_wanted.emit(self._choice)


class ChoiceTable(QWidget):
    """All uses, on a card."""

    code_wanted = Signal(object)

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("choiceTable")
        self.setAccessibleName(tr("Which library for what"))
        heading = text_label(self)
        heading.setFont(sized(heading.font(), 13, bold=True))
        heading.setText(tr("Which library for what"))
        self._basis = text_label(self, "faint", pixels=_TINY)
        self._basis.setObjectName("choiceBasis")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE + 2, SPACE, SPACE // 2, SPACE + 2)
        self._column.setSpacing(SPACE + 2)
        self._column.addWidget(heading)
        self._column.addWidget(self._basis)
        self._rows: list[ChoiceRow] = []
        theme.changed.connect(self.update)

    @property
    def rows(self) -> tuple[ChoiceRow, ...]:
        """The rows."""
        return tuple(self._rows)

    def set_wide(self, *, is_wide: bool) -> None:
        """Arrange the rows for a wide or a narrow panel."""
        for row in self._rows:
            row.set_wide(is_wide=is_wide)

    def set_choices(self, choices: Sequence[Choice], basis: str, with_code: frozenset[str]) -> None:
        """Show these choices.

        Args:
            choices: One for each use.
            basis: What they are based on.
            with_code: The uses for which code can be copied.
        """
        while len(self._rows) < len(choices):
            row = ChoiceRow(self._theme, self)
            row.code_wanted.connect(self.code_wanted)
            self._rows.append(row)
            self._column.insertWidget(self._column.count() - 1, row)
        for row, choice in zip(self._rows, choices, strict=False):
            row.set_choice(choice, has_code=choice.use in with_code)
        self._basis.setText(basis)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw a card behind the table."""
        paint_card(QPainter(self), self, self._theme.tokens)
