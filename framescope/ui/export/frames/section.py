"""The frames section of the export dialog: sampling method, frame count, and how they will be read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from framescope.core.recipe.recipe import OF_ONE_VIDEO
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.translation import tr
from framescope.ui.export.frames.chart import ScoreChart
from framescope.ui.export.frames.editors import Editors, with_value
from framescope.ui.export.frames.guide import LookBox
from framescope.ui.export.frames.kinds import WORDS, KindBox
from framescope.ui.export.frames.words import ReadingTable, count_words
from framescope.ui.widgets.roles import check_box, plain_label, push_button
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.ui.export.survey import Survey
    from framescope.ui.widgets.theme import ThemeSource


class FramesSection(QWidget):
    """Chooses frames. Threads: GUI."""

    changed = Signal()
    """`sampling` may have changed."""
    marking_wanted = Signal()
    """The user asked to mark the chosen frames."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportFrames")
        self._details: dict[SamplingKind, str] = {}
        self._is_range_set = False
        self._is_choosing = False
        self._is_for_any_video = False
        self.kinds = KindBox(self)
        self.editors = Editors(self)
        self.chart = ScoreChart(theme, self)
        self.look = LookBox(self)
        self._story = self._label("exportStory", "muted")
        self._only = check_box(self, "exportOnlyInOut", tr("Only between in and out"))
        self._count = self._label("exportFrameCount", "heading")
        self.reading = ReadingTable(self)
        self._error = self._label("exportFramesError", "error")
        self._line = QFrame(self)
        self._mark = push_button(self, "exportMark", tr("Mark these"))
        self._mark.setToolTip(tr("Mark the chosen frames, to step through them or exclude some."))
        self._mark.hide()
        self._lay_out()
        self.kinds.currentIndexChanged.connect(self._on_kind_changed)
        self.editors.edited.connect(self._on_edited)
        self.chart.threshold_dragged.connect(self._on_threshold_dragged)
        self._only.toggled.connect(self._on_edited)
        self._mark.clicked.connect(self.marking_wanted)
        self._show_kind()

    @property
    def sampling(self) -> Sampling:
        """The current choice."""
        chosen = self.editors.sampling.of_kind(self.kinds.kind)
        return replace(chosen, only_in_out=self._only.isChecked())

    def choose(self, sampling: Sampling) -> None:
        """Show this choice."""
        self._is_choosing = True
        self.kinds.choose(sampling.kind)
        self._only.setChecked(sampling.only_in_out)
        self.editors.show_sampling(sampling)
        self._is_choosing = False
        self._show_kind()
        self.changed.emit()

    def offer_for_any_video(self) -> None:
        """Hide methods that only make sense for the open video."""
        self.kinds.leave_out(OF_ONE_VIDEO)
        self._is_for_any_video = True
        self._show_kind()

    def focus_choice(self) -> None:
        """Give the keyboard focus to the method box."""
        self.kinds.setFocus()

    def set_detail(self, kind: SamplingKind, text: str) -> None:
        """Add a detail to a method, such as which frame is the current one."""
        self._details[kind] = text
        if kind is self.kinds.kind:
            self._show_story()

    def show_survey(self, survey: Survey) -> None:
        """Show the frame count of each method, how the frames will be read, and any error."""
        self.kinds.show_counts(survey.counts)
        # An empty list is not an error until something is typed.
        is_listed = survey.kind is SamplingKind.LIST
        is_blank = is_listed and not self.editors.sampling.listed.strip()
        _say(self._error, "" if is_blank else survey.frames_error)
        self.editors.set_list_invalid(invalid=is_listed and not is_blank and bool(survey.frames_error))
        self.look.show_unseen(survey.unseen, survey.unseen_s)
        _say(self._count, _count(survey))
        self._mark.setVisible(bool(survey.count) and survey.kind is not SamplingKind.MARKED)
        self.reading.show_estimate(survey.reading)
        self.chart.show_curve(survey.curve)
        self._line.setVisible(not (self.look.isHidden() and self._count.isHidden()))

    def set_range_known(self, *, is_set: bool) -> None:
        """Set whether there is an in–out range to sample from."""
        self._is_range_set = is_set
        self._only.setEnabled(is_set)

    def _label(self, name: str, role: str) -> QLabel:
        label = plain_label(name, role, self)
        label.hide()
        return label

    def _lay_out(self) -> None:
        self._line.setFrameShape(QFrame.Shape.HLine)
        self._line.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        for widget in (self.kinds, self._story, self.editors, self._only, self.chart, self._error):
            column.addWidget(widget)
        column.addSpacing(SPACE // 2)
        column.addWidget(self._line)
        column.addSpacing(SPACE // 2)
        column.addWidget(self.look)
        row = QHBoxLayout()
        row.addWidget(self._count, 1)
        row.addWidget(self._mark)
        column.addLayout(row)
        column.addWidget(self.reading)
        column.addStretch(1)

    def _show_kind(self) -> None:
        kind = self.kinds.kind
        # With the steps that do not apply to this method: they are there again with the next one.
        self.editors.show_sampling(replace(self.editors.sampling, kind=kind))
        self._only.setVisible(kind.spans_the_video and not self._is_for_any_video)
        self._only.setEnabled(self._is_range_set)
        self.look.show_unseen(range(0))
        self.chart.show_curve(None)
        self._show_story()

    def _show_story(self) -> None:
        kind = self.kinds.kind
        _say(self._story, " ".join(filter(None, (WORDS[kind].story, self._details.get(kind, "")))))

    @Slot()
    def _on_kind_changed(self) -> None:
        if not self._is_choosing:
            self._show_kind()
            self.changed.emit()

    @Slot(str, float)
    def _on_threshold_dragged(self, path: str, value: float) -> None:
        self.editors.show_sampling(with_value(self.editors.sampling, path, round(value, 3)))
        self.changed.emit()

    @Slot()
    def _on_edited(self) -> None:
        if not self._is_choosing:
            self.changed.emit()


def _count(survey: Survey) -> str:
    return count_words(survey.count, survey.clip_total, survey.frame_total) if survey.count else ""


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
