"""The question before an export starts: what to do with existing files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QMessageBox

from framescope.core.export.plan import Action
from framescope.core.export.settings import OnExisting
from framescope.core.sampling.frame_list import format_frame_list
from framescope.core.text import counted, grouped
from framescope.core.translation import tr, tr_plural
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton, QWidget

    from framescope.core.export.manifest.resume import Unfinished
    from framescope.core.export.plan import ExportPlan
    from framescope.ui.widgets.icons import IconSource

_ICON_SIDE = 32
_ANSWERS = {
    OnExisting.SKIP: tr("Skip those frames"),
    OnExisting.OVERWRITE: tr("Replace the files"),
    OnExisting.NUMBER: tr("Number the new files"),
}


class ExistingQuestion(QMessageBox):
    """Asks once for all files. Threads: GUI."""

    answered = Signal(object)
    """The decision, an OnExisting."""
    resume_wanted = Signal()
    """The user asked to resume the unfinished export."""
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
        self.setWindowTitle(tr("Files exist"))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(_question(plan))
        self.setInformativeText(_where(plan, unfinished))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._answers: dict[QAbstractButton, OnExisting] = {}
        self._resume: QAbstractButton | None = None
        for answer, words in _ANSWERS.items():
            button = self.addButton(words, QMessageBox.ButtonRole.AcceptRole)
            button.setObjectName(f"exportExisting.{answer.value}")
            self._answers[button] = answer
            if answer is OnExisting.SKIP:
                # Enter chooses the option that destroys nothing.
                self.setDefaultButton(button)
        if unfinished is not None:
            self._offer_to_resume(first=_is_of(unfinished, plan))
        self._give_room_to_bold_words()
        self.setEscapeButton(self.addButton(QMessageBox.StandardButton.Cancel))
        self.finished.connect(self._on_finished)

    def _offer_to_resume(self, *, first: bool) -> None:
        button = self.addButton(tr("Resume that export"), QMessageBox.ButtonRole.AcceptRole)
        button.setObjectName("exportExisting.resume")
        if first:
            self.setDefaultButton(button)
        self._resume = button

    def _give_room_to_bold_words(self) -> None:
        # The default button is bold, which the message box's layout does not account for.
        for button in self.buttons():
            font = button.font()
            font.setBold(True)
            words = QFontMetrics(font).horizontalAdvance(button.text())
            button.setMinimumWidth(words + 4 * SPACE)

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
        return tr("{names} exists already.", names=plan.names[0])
    if count == len(plan):
        return tr("All {files} exist already.", files=counted(count, "file", "files"))
    return tr_plural(
        "{count} of the {files} exists already.",
        "{count} of the {files} exist already.",
        count,
        count=grouped(count),
        files=counted(len(plan), "file", "files"),
    )


def _is_of(unfinished: Unfinished, plan: ExportPlan) -> bool:
    """Whether the unfinished export is of exactly the frames planned now."""
    return unfinished.header.frames == format_frame_list(np.unique(plan.frame_numbers))


def _where(plan: ExportPlan, unfinished: Unfinished | None) -> str:
    place = tr("In {folder}", folder=plan.settings.folder)
    if unfinished is None:
        return place
    done = unfinished.told_count - unfinished.failed_count
    return tr(
        "{place}\n\nAn export of {frames} to this folder is unfinished:"
        " {done} are done. It can be resumed, with its own frames and settings.",
        place=place,
        frames=counted(unfinished.frame_count, "frame", "frames"),
        done=grouped(done),
    )
