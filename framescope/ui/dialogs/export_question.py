"""One question before an export starts: what happens to files that exist already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QMessageBox

from framescope.core.export.plan import Action
from framescope.core.export.settings import OnExisting
from framescope.ui.number_text import grouped

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton, QWidget

    from framescope.core.export.plan import ExportPlan
    from framescope.core.export.resume import Unfinished
    from framescope.ui.icons import IconSource

_ICON_SIDE = 32
_ANSWERS = {
    OnExisting.SKIP: "Skip those frames",
    OnExisting.OVERWRITE: "Replace the files",
    OnExisting.NUMBER: "Number the new files",
}


class ExistingQuestion(QMessageBox):
    """Asks once for all files. Threads: GUI."""

    answered = Signal(object)
    """What was decided, an OnExisting."""
    resume_wanted = Signal()
    """The export that did not come to its end is to be gone on with."""
    called_off = Signal()

    def __init__(
        self,
        plan: ExportPlan,
        icons: IconSource,
        parent: QWidget | None = None,
        *,
        unfinished: Unfinished | None = None,
    ) -> None:
        super().__init__(parent)
        self.setIconPixmap(icons.make("ph.warning", color="warning").pixmap(_ICON_SIDE, _ICON_SIDE))
        self.setObjectName("exportExistingQuestion")
        self.setWindowTitle("Files exist")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(_question(plan))
        self.setInformativeText(_where(plan, unfinished))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._answers: dict[QAbstractButton, OnExisting] = {}
        self._resume: QAbstractButton | None = None
        if unfinished is not None:
            self._resume = self.addButton("Resume that export", QMessageBox.ButtonRole.AcceptRole)
            self._resume.setObjectName("exportExisting.resume")
        for answer, words in _ANSWERS.items():
            button = self.addButton(words, QMessageBox.ButtonRole.AcceptRole)
            button.setObjectName(f"exportExisting.{answer.value}")
            self._answers[button] = answer
            if answer is OnExisting.SKIP:
                # What destroys nothing is what Enter does.
                self.setDefaultButton(button)
        self.setEscapeButton(self.addButton(QMessageBox.StandardButton.Cancel))
        self.finished.connect(self._on_finished)

    @Slot()
    def _on_finished(self) -> None:
        answer = self._answers.get(self.clickedButton())
        if self._resume is not None and self.clickedButton() is self._resume:
            self.resume_wanted.emit()
        elif answer is None:
            self.called_off.emit()
        else:
            self.answered.emit(answer)


def _question(plan: ExportPlan) -> str:
    count = plan.count(Action.ASK)
    if len(plan) == 1:
        return f"{plan.names[0]} exists already."
    if count == len(plan):
        return f"All {grouped(count)} files exist already."
    verb = "exists" if count == 1 else "exist"
    return f"{grouped(count)} of the {grouped(len(plan))} files {verb} already."


def _where(plan: ExportPlan, unfinished: Unfinished | None) -> str:
    place = f"In {plan.settings.folder}"
    if unfinished is None:
        return place
    done = unfinished.told_count - unfinished.failed_count
    return (
        f"{place}\n\nAn export of {grouped(unfinished.frame_count)} frames into this folder did not come to "
        f"its end: {grouped(done)} are done. It can be resumed, with its own frames and settings."
    )
