"""Saves and loads marks files; asks before using marks of another video."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from framescope.core.export.name_pattern import source_stem
from framescope.core.marks.formats import MarksFormat, load_marks, save_marks
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.widgets.save_target import ask_target

if TYPE_CHECKING:
    from framescope.core.marks.formats import SavedMarks
    from framescope.core.marks.marks_file import LoadedMarks
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings

_FILTERS = {
    tr("CSV, for spreadsheets (*.csv)"): MarksFormat.CSV,
    tr("JSON, with video information (*.json)"): MarksFormat.JSON,
    tr("COCO data set (*.coco.json)"): MarksFormat.COCO,
    tr("EDL, a clip with locators (*.edl)"): MarksFormat.EDL,
    tr("EDL of markers, for DaVinci Resolve (*.markers.edl)"): MarksFormat.MARKERS,
    tr("OpenTimelineIO (*.otio)"): MarksFormat.OTIO,
}
_ANY_FILTER = tr("Marks (*.csv *.json *.edl *.otio)")
_MOST_LINES = 12
"""Maximum number of lines about skipped rows in a message; a count covers the rest."""


def ask_and_save_marks(controller: Controller, settings: Settings, parent: QWidget) -> Job | None:
    """Ask for a file, and save marks, notes and range."""
    if controller.source is None:
        return None
    name = f"{source_stem(controller.source)}_marks.csv"
    start = str(Path(settings.last_folder) / name) if settings.last_folder else name
    target = ask_target(parent, tr("Save marks"), start, tuple(_FILTERS), _with_suffix)
    return None if target is None else save_marks_to(controller, target.path, replaces=target.replaces)


def _with_suffix(path: Path, chosen_filter: str) -> Path:
    """The path with an ending that sets the format; without one, the chosen file filter decides."""
    chosen = _FILTERS.get(chosen_filter, MarksFormat.CSV)
    name = path.name
    if not name.lower().endswith(tuple(MarksFormat)):
        return path.with_name(f"{name}{chosen.value}")
    # File dialogs add what follows the last dot of a filter.
    last = f".{chosen.value.rpartition('.')[2]}"
    is_short = chosen.count(".") > 1 and name.lower().endswith(last) and not name.lower().endswith(chosen)
    return path.with_name(name[: -len(last)] + chosen.value) if is_short else path


def save_marks_to(controller: Controller, path: Path, *, replaces: bool = False) -> Job | None:
    """Save marks, notes and range, as a job; ``replaces`` if the user agreed to replace the file."""
    info, index = controller.info, controller.index
    if info is None:
        return None
    marked = controller.selection.state
    colors = {label.name: label.color for label in controller.settings.labels}

    def work(progress: ProgressCallback, cancel: CancelToken) -> SavedMarks:
        del progress, cancel
        return save_marks(path, marked, info, index, colors=colors, replaces=replaces)

    return controller.run_job(tr("Saving {path}", path=path.name), work)


def ask_and_load_marks(controller: Controller, settings: Settings, parent: QWidget) -> Job | None:
    """Ask for a marks file, and add its marks to those of the open video."""
    index = controller.index
    if index is None or not index.complete:
        controller.notice_posted.emit(
            tr("The frames are still being indexed; load marks afterwards."), "info"
        )
        return None
    chosen, _ = QFileDialog.getOpenFileName(parent, tr("Load marks"), settings.last_folder, _ANY_FILTER)
    return load_marks_from(controller, Path(chosen), parent) if chosen else None


def load_marks_from(controller: Controller, path: Path, window: QWidget) -> Job | None:
    """Load a marks file, as a job, and add its marks; questions are asked on ``window``."""
    info, index = controller.info, controller.index
    if info is None or index is None:
        return None

    def work(progress: ProgressCallback, cancel: CancelToken) -> LoadedMarks:
        return load_marks(path, info, index, progress=progress, cancel=cancel)

    job = controller.run_job(tr("Loading {path}", path=path.name), work)
    job.finished.connect(_Taker(controller, window, job).on_finished)
    return job


class _Taker(QObject):
    """Adds the marks a job has loaded; it lives as long as the job. Threads: GUI."""

    def __init__(self, controller: Controller, window: QWidget, job: Job) -> None:
        super().__init__(job)
        self._controller = controller
        self._window = window
        self._source = controller.source

    @Slot(object)
    def on_finished(self, loaded: LoadedMarks) -> None:
        """Add the marks, asking first if they may belong to another video."""
        if self._controller.source != self._source:
            return
        if loaded.doubts:
            # open() rather than exec(): the job must be able to end.
            MarksQuestion(self._controller, loaded, self._window).open()
        else:
            _take(self._controller, loaded, self._window)


class MarksQuestion(QMessageBox):
    """Asks whether to add marks that may belong to another video. Threads: GUI."""

    def __init__(self, controller: Controller, loaded: LoadedMarks, window: QWidget) -> None:
        super().__init__(window)
        self._controller = controller
        self._loaded = loaded
        self._window = window
        self._source = controller.source
        self.setObjectName("marksQuestion")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle(tr("Load marks"))
        count = len(loaded.marked.marks)
        which = counted(count, "mark by its frame number", "marks by their frame numbers")
        self.setText(tr("Load {which}?", which=which))
        self.setInformativeText("\n".join(loaded.doubts))
        self.addButton(tr("Load"), QMessageBox.ButtonRole.AcceptRole).clicked.connect(self._on_load_clicked)
        self.addButton(QMessageBox.StandardButton.Cancel)

    @Slot()
    def _on_load_clicked(self) -> None:
        if self._controller.source == self._source:
            _take(self._controller, self._loaded, self._window)


def _take(controller: Controller, loaded: LoadedMarks, window: QWidget) -> None:
    """Add the marks, and report what was skipped."""
    controller.add_marked(loaded.marked)
    controller.notice_posted.emit(f"{loaded.words}.", "warning" if loaded.refused else "info")
    if not loaded.refused:
        return
    more = len(loaded.refused) - _MOST_LINES
    lines = [*loaded.refused[:_MOST_LINES], *([tr("… and {more} more.", more=more)] if more > 0 else [])]
    box = QMessageBox(QMessageBox.Icon.Warning, tr("Load marks"), f"{loaded.words}.", parent=window)
    box.setObjectName("marksRefused")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setInformativeText("\n".join(lines))
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    box.open()
