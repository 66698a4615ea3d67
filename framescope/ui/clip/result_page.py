"""The page of the clip dialog that shows what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from framescope.core.text import counted, duration_words, grouped, size_words
from framescope.ui.widgets.progress_page import plain_label
from framescope.ui.widgets.saved_pictures import SavedPictures
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.core.audit.records import FileAudit
    from framescope.core.clips.make import ClipResult
    from framescope.session.controller import Controller
    from framescope.ui.widgets.icons import IconSource

_MARK_SIDE, _ROW_SIDE = 20, 14


class ClipResultPage(QWidget):
    """Shows what a finished clip holds, and which library finds its frames. Threads: GUI."""

    def __init__(self, controller: Controller, icons: IconSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clipResultPage")
        self._icons = icons
        self._pictures = SavedPictures(controller, self)
        self._mark = QLabel(self)
        self._mark.setFixedSize(_MARK_SIDE, _MARK_SIDE)
        self._title = plain_label("clipHeadline", "title", self)
        self._path = plain_label("clipResultPath", "muted", self)
        self._proof = plain_label("clipProof", "", self)
        self._facts = plain_label("clipResultFacts", "muted", self)
        self._heading = QLabel("Asked for frames of it", self)
        set_role(self._heading, "heading")
        self._verdicts = QWidget(self)
        self._verdicts.setObjectName("clipVerdicts")
        self._grid = QGridLayout(self._verdicts)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE)
        self._grid.setVerticalSpacing(SPACE // 2)
        self._grid.setColumnStretch(2, 1)
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        head.addWidget(self._mark)
        head.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addStretch(1)
        column.addLayout(head)
        for part in (self._path, self._proof, self._facts):
            column.addWidget(part)
        column.addSpacing(SPACE)
        column.addWidget(self._pictures)
        column.addWidget(self._heading)
        column.addWidget(self._verdicts)
        column.addStretch(2)

    def show_result(self, result: ClipResult) -> None:
        """Show how it went."""
        is_clean = not result.failing_engines and not result.plan.damaged_count
        name, role = ("ph.check-circle", "success") if is_clean else ("ph.warning", "warning")
        self._mark.setPixmap(self._icons.make(name, color=role).pixmap(_MARK_SIDE, _MARK_SIDE))
        count = result.proof.frame_count
        damaged = result.plan.damaged_count
        frames = counted(count, "frame") + (f", {grouped(damaged)} damaged," if damaged else "")
        self._title.setText(f"{frames} in {size_words(result.size_bytes)}")
        self._path.setText(f"{result.path}  ·  {duration_words(max(result.elapsed_s, 1))}")
        self._proof.setText(f"Read again: {result.proof.sentence}")
        self._facts.setText("\n".join(f"•  {sentence}" for sentence in result.plan.sentences))
        self._pictures.show_video(result.path)
        self._show_audit(result.audit)

    def _show_audit(self, audit: FileAudit | None) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._heading.setVisible(audit is not None)
        self._verdicts.setVisible(audit is not None)
        if audit is None:
            return
        for row, trial in enumerate(audit.trials):
            mark = QLabel(self._verdicts)
            if trial.requests:
                name, role = ("ph.check", "success") if trial.is_exact else ("ph.x", "error")
                mark.setPixmap(self._icons.make(name, color=role).pixmap(_ROW_SIDE, _ROW_SIDE))
            mark.setFixedWidth(_ROW_SIDE)
            title = QLabel(trial.title, self._verdicts)
            words = plain_label("", "muted", self._verdicts)
            words.setText(trial.verdict.sentence)
            self._grid.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(title, row, 1, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, row, 2)
