"""The dialog that makes a video from a pattern, pictures, or frames of the open video."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from framescope.core.errors import SettingsError
from framescope.core.folders import expanded, offered_folder
from framescope.core.synth.making import MadeVideo, check_settings, make_video
from framescope.core.synth.pictures import constant_rate
from framescope.core.synth.source_draft import SourceKind
from framescope.core.synth.writable import WritableTable, writable_table
from framescope.core.translation import tr
from framescope.ui.make.codec_form import CodecForm
from framescope.ui.make.result_page import MakeResultPage
from framescope.ui.make.source_form import SourceForm
from framescope.ui.make.writable_dialog import WritableDialog
from framescope.ui.widgets.roles import named_line, push_button
from framescope.ui.widgets.save_target import browse_target, settled
from framescope.ui.widgets.theme import SPACE, set_role
from framescope.ui.widgets.work_dialog import WorkDialog

if TYPE_CHECKING:
    from fractions import Fraction

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.synth.make_settings import MakeSettings
    from framescope.core.synth.source_draft import SourceDraft
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

_STEM = "made"


class MakeDialog(WorkDialog):
    """The form, progress and result of making a video. Modeless. Threads: GUI."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller, "make", tr("Make a video"), tr("Make video"), parent)
        self._theme = theme
        self._settings = settings
        self._making: tuple[MakeSettings, SourceDraft] | None = None
        self._made: MadeVideo | None = None
        self._is_named_by_hand = False
        self.source = SourceForm(controller, self)
        self.codec = CodecForm(self)
        self._path = named_line(self, "makeTarget", tr("File to write"))
        self.result_page = MakeResultPage(controller, theme, self)
        self.set_pages(self._make_form_page(), self.result_page)
        self.source.changed.connect(self._on_changed)
        self.codec.changed.connect(self._on_changed)
        self._path.textEdited.connect(self._on_path_edited)
        self._on_changed()
        job = controller.run_job(tr("Testing what can be written"), _try_writers, announce=False)
        job.finished.connect(self._on_tried)

    @property
    def problem(self) -> str:
        """Why it cannot start; empty if it can."""
        if self.source.problem:
            return self.source.problem
        if not self._path.text().strip():
            return tr("Enter a file name.")
        try:
            check_settings(self.codec.settings(), self._target)
        except SettingsError as error:
            return error.in_full
        return ""

    @property
    def result_path(self) -> Path | None:
        """The video written."""
        return None if self._made is None else self._made.path

    @property
    def _target(self) -> Path:
        return expanded(self._path.text().strip())

    def start_work(self) -> None:
        """Make the video."""
        draft, path = self.source.draft, self._target
        if draft is None:
            return
        target = settled(path, self.asks_to_replace)
        if target is None:
            return
        keeps_times = self.codec.keeps_times and draft.kind is SourceKind.VIDEO
        settings = self.codec.settings(*_times_of(draft, keeps_times=keeps_times))

        def work(progress: ProgressCallback, cancel: CancelToken) -> MadeVideo:
            with draft.opened() as source:
                return make_video(
                    source, settings, path, replaces=target.replaces, progress=progress, cancel=cancel
                )

        self._making = (settings, draft)
        self.run_work(tr("Making a video"), path, work)

    def show_result(self, result: object) -> None:
        """Show what the file contains."""
        assert isinstance(result, MadeVideo)
        self._made = result
        self._settings.last_folder = str(result.path.parent)
        if self._making is not None:
            self.result_page.show_made(result, *self._making)

    # --- building

    def _make_form_page(self) -> QWidget:
        page = QWidget(self)
        browse = push_button(page, "makeTargetBrowse", tr("Browse…"))
        browse.clicked.connect(self._on_browse_clicked)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._path, 1)
        row.addWidget(browse)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        for title, part in ((tr("Pictures"), self.source), (tr("Video"), self.codec)):
            column.addWidget(self._heading(title, page))
            column.addWidget(part)
            column.addSpacing(SPACE)
        table = push_button(page, "makeWritable", tr("Supported formats…"))
        table.clicked.connect(self._on_writable_clicked)
        column.addWidget(table, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._heading(tr("File"), page))
        column.addLayout(row)
        column.addStretch(1)
        return page

    def _heading(self, words: str, parent: QWidget) -> QLabel:
        label = QLabel(words, parent)
        set_role(label, "heading")
        return label

    def _suggest_path(self) -> None:
        if not self._is_named_by_hand:
            folder = Path(self._settings.last_folder or offered_folder())
            self._path.setText(str(folder / f"{_STEM}.{self.codec.container}"))

    # --- slots

    @Slot(object)
    def _on_tried(self, table: WritableTable) -> None:
        self.codec.show_writable(table)

    @Slot()
    def _on_changed(self) -> None:
        self.source.rate = float(self.codec.rate)
        self.codec.show_times(has_times=self.source.kind is SourceKind.VIDEO)
        self._suggest_path()
        self.refresh()

    @Slot()
    def _on_path_edited(self) -> None:
        typed = self._path.text().strip()
        self._is_named_by_hand = bool(typed)
        self.codec.choose_container(Path(typed).suffix.removeprefix(".").lower())
        self._on_changed()

    @Slot()
    def _on_writable_clicked(self) -> None:
        dialog = WritableDialog(self.controller, self._theme, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot()
    def _on_browse_clicked(self) -> None:
        chosen, _ = browse_target(self, tr("Video to write"), self._path.text())
        if chosen is not None:
            self._path.setText(str(chosen))
            self._on_path_edited()


def _times_of(draft: SourceDraft, *, keeps_times: bool) -> tuple[tuple[float, ...], Fraction | None]:
    """The timestamps of a video's frames, or their rate if that describes them."""
    if not keeps_times or draft.index is None:
        return (), None
    times = [draft.index.time_of(number) for number in draft.numbers]
    rate = constant_rate(times)
    return ((), rate) if rate is not None else (tuple(times), None)


def _try_writers(progress: ProgressCallback, cancel: CancelToken) -> WritableTable:
    return writable_table(progress=progress, cancel=cancel)
