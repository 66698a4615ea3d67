"""The form of the export dialog: the three sections and the preview, synchronised with the session."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.text import counted, grouped
from framescope.core.translation import tr
from framescope.session.settings import ExportStart
from framescope.ui.export.files_section import FilesSection
from framescope.ui.export.format_section import FormatSection
from framescope.ui.export.frames.guide import FramesGuide, viewpoint_of
from framescope.ui.export.frames.section import FramesSection
from framescope.ui.export.memory import (
    ExportChoices,
    choices_to_table,
    first_choices,
    offered_for,
)
from framescope.ui.export.preview.preview import PreviewPane
from framescope.ui.export.survey import ExportDraft, Survey, survey
from framescope.ui.export.tabs import SectionTabs
from framescope.ui.widgets.screen_room import RoomyScroll
from framescope.ui.widgets.tasks import LatestTask
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

_SURVEY_DELAY_MS = 30
_SIDE_WIDTH = 392
_FRAMES, _FORMAT, _FILES = range(3)
_NO_FRAMES = {
    SamplingKind.MARKED: tr("No frames are marked. Mark frames with Mark > Mark this frame."),
    SamplingKind.IN_OUT: tr("No range is set. Set one with Mark > Set in point and Set out point."),
    SamplingKind.LIST: tr("Enter a list of frames."),
}


class ExportForm(QWidget):
    """Chooses what to export. Threads: GUI."""

    state_changed = Signal()
    """`is_ready`, `problem` or `count` changed."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("exportForm")
        self._controller = controller
        self._settings = settings
        self._survey: Survey | None = None
        self._is_active = False
        self._is_outdated = False
        self._folder_offered = ""
        self._source = controller.source
        self.tabs = SectionTabs(
            {"frames": tr("Frames"), "format": tr("Format"), "files": tr("Files")}, theme, self
        )
        self.frames = FramesSection(theme, self)
        self.guide = FramesGuide(controller, self.frames, self)
        self.format = FormatSection(self)
        self.files = FilesSection(self)
        self.preview = PreviewPane(controller, theme, self)
        self._surveys = LatestTask(
            controller, tr("Counting frames"), _SURVEY_DELAY_MS, self, gives_late_answers=True
        )
        self._lay_out()
        self._choose(first_choices(settings))
        self.preview.take_table(settings.export_choices.get("preview"))
        self._connect()

    @property
    def draft(self) -> ExportDraft | None:
        """The current settings; None while there is no video or no index."""
        controller = self._controller
        info, index = controller.info, controller.index
        if info is None or index is None:
            return None
        return self.guide.fill(
            ExportDraft(
                info,
                index,
                viewpoint_of(controller),
                self.frames.sampling,
                self.format.choice,
                self.files.choice,
            )
        )

    @property
    def count(self) -> int:
        """Number of chosen frames, as far as counted."""
        return 0 if self._survey is None else self._survey.count

    @property
    def is_ready(self) -> bool:
        """Whether the export can start."""
        return self._survey is not None and self._survey.is_ready and not self._blocker

    @property
    def problem(self) -> tuple[str, str]:
        """The message next to the buttons, and its style role."""
        if self._blocker:
            return self._blocker, "warning"
        shown = self._survey
        if shown is None:
            return "", "muted"
        is_blank = shown.kind is SamplingKind.LIST and not self.frames.sampling.listed.strip()
        if len(shown.unseen):
            return tr("The frames must be analysed first."), "muted"
        if is_blank or not (shown.frames_error or shown.count):
            return _NO_FRAMES.get(shown.kind, "No frames are selected."), "warning"
        if self.preview.lacks_room:
            return tr("This will probably not fit on the disk."), "warning"
        # The format's losses are shown before exporting, whichever tab is open.
        notes = self.format.notes
        return notes[0] if notes and self.tabs.current != _FORMAT else "", "muted"

    def set_active(self, *, active: bool) -> None:
        """Work only while the form is visible."""
        self._is_active = active
        self.guide.set_active(active=active)
        if active:
            self._refresh()
        else:
            self._surveys.forget()
            self._end_cropping()
        self.preview.set_active(active=active)

    def choose_list(self, listed: str) -> None:
        """Choose exactly these frames, such as those still missing."""
        self.frames.choose(replace(self.frames.sampling, kind=SamplingKind.LIST, listed=listed))

    def remember(self) -> None:
        """Remember the choices for next time, except for a suggested folder that the user did not change."""
        files = self.files.choice
        if files.folder == self._folder_offered:
            files = replace(files, folder="")
        choices = ExportChoices(self.frames.sampling, self.format.choice, files)
        self._settings.export_choices = {**choices_to_table(choices), "preview": self.preview.as_table()}

    @property
    def _blocker(self) -> str:
        """Why nothing can be exported, regardless of the choices; empty if something can."""
        controller = self._controller
        index = controller.index
        if controller.source is None:
            return tr("Open a video first.")
        if self._is_outdated:
            return tr("The video file has changed since it was opened. Reopen it before exporting.")
        if index is None:
            return tr("The frames are still being indexed.")
        if not index.complete and self.frames.sampling.kind not in {SamplingKind.THIS, SamplingKind.MARKED}:
            return tr("The frames are still being indexed, {count} so far.", count=grouped(len(index)))
        return ""

    def _lay_out(self) -> None:
        self._tabs = [self.tabs.add_page(page) for page in (self.frames, self.format, self.files)]
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.VLine)
        line.setFixedWidth(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        row.addWidget(self.tabs)
        row.addWidget(line)
        row.addWidget(RoomyScroll(self.preview, self), 1)
        self.tabs.setFixedWidth(_SIDE_WIDTH)

    def _choose(self, choices: ExportChoices) -> None:
        self.frames.choose(choices.sampling)
        self.format.choose(choices.format)
        self.files.choose(choices.files)
        if choices.sampling.kind is SamplingKind.LIST or not self._takes_frames(choices.sampling):
            # A list belongs to the video it was typed for.
            self.frames.choose(replace(choices.sampling, kind=SamplingKind.THIS, listed=""))
        self._show_source()

    def _takes_frames(self, sampling: Sampling) -> bool:
        controller = self._controller
        if sampling.kind is SamplingKind.MARKED:
            return bool(controller.marks)
        return sampling.kind is not SamplingKind.IN_OUT or controller.marked_range is not None

    def _connect(self) -> None:
        controller = self._controller
        for section in (self.frames, self.format, self.files):
            section.changed.connect(self._on_changed)
        self.format.changed.connect(self._on_format_changed)
        self.format.crop_wanted.connect(self._on_crop_wanted)
        self.preview.level_chosen.connect(self.format.set_level)
        self.preview.crop_chosen.connect(self.format.set_crop)
        self.preview.crop_done.connect(self._end_cropping)
        self.preview.figures_changed.connect(self.state_changed)
        self.tabs.page_changed.connect(self._on_page_changed)
        for signal in (controller.marks_changed, controller.range_changed, controller.index_updated):
            signal.connect(self._on_changed)
        self.guide.changed.connect(self._on_changed)
        controller.position_changed.connect(self._on_position_changed)
        controller.view.rotation_changed.connect(self._on_rotation_changed)
        controller.source_opened.connect(self._on_source_opened)
        controller.source_closed.connect(self._on_source_closed)
        controller.video.changed_on_disk.connect(self._on_changed_on_disk)
        self._surveys.answered.connect(self._on_surveyed)
        self._on_format_changed()

    def _show_source(self) -> None:
        controller = self._controller
        self.format.show_source(controller.info)
        self.format.set_rotated(rotated=controller.view.is_rotated)
        files = self.files.choice
        if controller.source is not None and files.folder in {"", self._folder_offered}:
            self._folder_offered = offered_for(controller.source, self._settings.export_folder)
            self.files.choose(replace(files, folder=self._folder_offered))

    def _refresh(self) -> None:
        """Update counts, names and disk space."""
        controller = self._controller
        span = controller.marked_range
        self.frames.set_detail(SamplingKind.THIS, _now(controller.position))
        # The last frame of the range is included, as with the keys I and O.
        words = (
            ""
            if span is None
            else tr("Now frames {start} to {stop}.", start=grouped(span.start), stop=grouped(span.stop - 1))
        )
        self.frames.set_detail(SamplingKind.IN_OUT, words)
        self.frames.set_range_known(is_set=span is not None)
        draft = self.draft
        if draft is None:
            self._survey = None
            self.preview.show_survey(None)
        elif self._is_active:
            self._surveys.ask(lambda _progress, _cancel: survey(draft))
        self.state_changed.emit()

    def _show_summaries(self) -> None:
        """Update the summaries on the tabs."""
        shown = self._survey
        count = counted(self.count, "frame", "frames") if self.count else tr("none yet")
        frames_error = "" if shown is None else shown.frames_error
        self._tabs[_FRAMES].show_summary(count, is_wrong=bool(frames_error))
        self._tabs[_FORMAT].show_summary(self.format.summary)
        files_error = "" if shown is None else shown.folder_error or shown.name_error
        folder = Path(self.files.choice.folder or ".").name
        self._tabs[_FILES].show_summary(files_error or folder, is_wrong=bool(files_error))

    @Slot()
    def _end_cropping(self) -> None:
        self.format.set_drawing_crop(drawing=False)
        self.preview.set_cropping(cropping=False)

    @Slot()
    def _on_format_changed(self) -> None:
        self.preview.set_settings(self.format.choice)
        self._show_summaries()

    @Slot(bool)
    def _on_crop_wanted(self, wanted: bool) -> None:  # noqa: FBT001 - the signal's own argument
        self.preview.set_cropping(cropping=wanted)

    @Slot(int)
    def _on_page_changed(self, _number: int) -> None:
        self._end_cropping()
        self.state_changed.emit()

    @Slot()
    def _on_changed(self) -> None:
        self._refresh()

    @Slot(int)
    def _on_position_changed(self, frame_number: int) -> None:
        self.frames.set_detail(SamplingKind.THIS, _now(frame_number))
        if self.frames.sampling.kind is SamplingKind.THIS:
            self._refresh()

    @Slot(bool)
    def _on_rotation_changed(self, rotated: bool) -> None:  # noqa: FBT001 - the signal's own argument
        self.format.set_rotated(rotated=rotated)

    @Slot()
    def _on_source_opened(self) -> None:
        self._is_outdated = False
        self._survey = None
        source, self._source = self._source, self._controller.source
        if source != self._source and self._settings.export_start is ExportStart.DEFAULTS:
            choices = first_choices(self._settings)
            self.format.choose(choices.format)
            self.files.choose(choices.files)
        self._show_source()
        self._refresh()

    @Slot()
    def _on_source_closed(self) -> None:
        self._survey = None
        self._surveys.forget()
        self._end_cropping()
        self._refresh()

    @Slot(str)
    def _on_changed_on_disk(self, change: str) -> None:
        # An index that only grew still contains the listed frames.
        self._is_outdated = change != "grown"
        self.state_changed.emit()

    @Slot(object)
    def _on_surveyed(self, result: Survey) -> None:
        self._survey = result
        self.frames.show_survey(result)
        self.guide.show_survey(result)
        self.files.show_survey(result)
        self.preview.show_survey(result)
        self._show_summaries()
        self.state_changed.emit()


def _now(frame_number: int) -> str:
    return tr("Now frame {frame_number}.", frame_number=grouped(frame_number))
