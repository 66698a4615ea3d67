"""The queue dialog: several videos, one recipe, one row with a result each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from framescope.core.dataset.report import write_report
from framescope.core.errors import FrameScopeError
from framescope.core.export.settings import OnExisting
from framescope.core.folders import is_folder
from framescope.core.media.container import local_path
from framescope.core.recipe.recipe import Recipe, load_recipe, parse_recipe
from framescope.core.recipe.run import RunRequest, VideoState
from framescope.core.source.input_videos import input_videos
from framescope.core.storage import is_stored
from framescope.core.translation import tr
from framescope.ui.export.destination import usable_folder
from framescope.ui.export.memory import first_choices
from framescope.ui.export.recipe_words import recipe_of, recipe_words
from framescope.ui.queue.dataset_fields import DataSetFields
from framescope.ui.queue.recipe_dialog import SUGGESTED, RecipeDialog
from framescope.ui.queue.runner import QueueRunner, outcome_counts
from framescope.ui.queue.table import HEADS, QueueDelegate, QueueModel
from framescope.ui.widgets.file_drop import VIDEO_FILTER
from framescope.ui.widgets.open_outside import open_outside
from framescope.ui.widgets.roles import named_combo, named_line
from framescope.ui.widgets.theme import SPACE, set_role
from framescope.ui.widgets.work_dialog import FooterDialog

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.source.input_videos import InputVideo
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

_EXISTING = {
    OnExisting.ASK: tr("Stop for that video"),
    OnExisting.SKIP: tr("Keep it and skip the frame"),
    OnExisting.OVERWRITE: tr("Replace it"),
    OnExisting.NUMBER: tr("Keep it and add a number to the new one"),
}
_FOLDER = "frames"
_WIDTHS = (240, 110, 120)
_AS_DIALOG = tr("Same as the export dialog")
_SUGGESTED = tr("Suggested")
_CHOSEN = tr("Chosen for this list")


class QueueDialog(FooterDialog):
    """Exports frames of several videos in the background; closed, the work continues. Threads: GUI."""

    video_wanted = Signal(str)
    """A listed video should be opened in the window."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__("queue", tr("Export from several videos"), parent)
        self.setAcceptDrops(True)
        self._controller = controller
        self._settings = settings
        self._recipe = SUGGESTED
        self._loaded: Recipe | None = None
        self._listing_count = 0
        self._result = "", "muted"
        self.runner = QueueRunner(controller, self.objectName(), self)
        self._recipe_name = QLabel(_AS_DIALOG, self)
        self._recipe_name.setObjectName("queueRecipeName")
        self._recipe_line = _label("queueRecipe", "muted", self)
        self._theme = theme
        self._choose = self._button(tr("Choose…"), "queueChoose", self._on_choose_clicked)
        self._choose.setToolTip(tr("Choose which frames to export from every video, and the image format"))
        self._load = self._button(tr("Load recipe…"), "queueLoad", self._on_load_clicked)
        self._as_dialog = self._button(tr("Same as dialog"), "queueAsDialog", self._on_as_dialog_clicked)
        self._as_dialog.setToolTip(tr("Use the frames and format of the export dialog"))
        self._table = QTableView(self)
        self._empty = QLabel(tr("Drop videos or folders here"), self)
        self._set_up_table(theme)
        self._add = self._button(tr("Add files…"), "queueAdd", self._on_add_clicked)
        self._add_folder = self._button(tr("Add folder…"), "queueAddFolder", self._on_add_folder_clicked)
        self._remove = self._button(tr("Remove"), "queueRemove", self._on_remove_clicked)
        self._open = self._button(tr("Open result"), "queueOpen", self._on_open_clicked)
        self._report = self._button(tr("Report"), "queueReport", self._on_report_clicked)
        self._report.setToolTip(tr("Measure the pictures, and show a page on the data set in the browser"))
        self._stop_one = self._button(tr("Stop this one"), "queueStopOne", self._on_stop_one_clicked)
        self._folder = named_line(
            self, "queueFolder", tr("Folder for the pictures; each video gets its own subfolder")
        )
        self._folder.setPlaceholderText(tr("Each video gets its own subfolder"))
        self._folder.setToolTip(tr("A folder, or an address that is written to, such as s3://bucket/folder"))
        self._browse = self._button(tr("Browse…"), "queueBrowse", self._on_browse_clicked)
        self._existing = named_combo(self, "queueExisting", tr("If a file exists"), _EXISTING)
        self.dataset = DataSetFields(self)
        self._stop = self._button(tr("Stop all"), "queueStop", self._on_stop_clicked)
        self._close = self._button(tr("Close"), "queueClose", self.reject)
        self._start = self._button(tr("Export"), "queueStart", self._on_start_clicked)
        self._start.setDefault(True)
        self._lay_out()
        self.runner.items_changed.connect(self._on_changed)
        self.runner.item_changed.connect(self._on_changed)
        self.runner.state_changed.connect(self._on_changed)
        self.runner.ended.connect(self._on_ended)
        self.dataset.changed.connect(self._on_changed)
        self._table.selectionModel().selectionChanged.connect(self._on_changed)
        self._folder.textChanged.connect(self._on_changed)
        if settings.last_folder:
            self._folder.setText(str(Path(settings.last_folder) / _FOLDER))
        self.resize(960, 600)
        self._take_recipe()

    def add_sources(self, sources: Iterable[str]) -> None:
        """Add files, and all videos in folders and their subfolders, after scanning these."""
        named = list(sources)
        if not named:
            return

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[list[InputVideo], Path | None]:
            del progress
            path = local_path(named[0])
            folder = path if path is None or is_folder(path) else path.parent
            return input_videos(named, cancel=cancel), folder

        self._listing_count += 1
        self._on_changed()
        job = self._controller.run_job(tr("Looking for videos"), work)
        job.finished.connect(self._on_listed)
        job.failed.connect(self._on_listing_failed)
        job.cancelled.connect(self._on_listing_cancelled)

    @Slot(object)
    def _on_listed(self, found: tuple[list[InputVideo], Path | None]) -> None:
        videos, folder = found
        self._listing_count -= 1
        self.runner.add([one.source for one in videos], {one.source: one.name for one in videos})
        if folder is not None and not self._folder.text().strip():
            self._folder.setText(str(folder / _FOLDER))
        self._on_changed()

    @Slot(object)
    def _on_listing_failed(self, error: FrameScopeError) -> None:
        self._listing_count -= 1
        self._on_changed()
        self._say(error.in_full, "error")

    @Slot()
    def _on_listing_cancelled(self) -> None:
        self._listing_count -= 1
        self._on_changed()

    def resume(self, details: Mapping[str, Any]) -> bool:
        """Resume a queue left unfinished by an earlier run; returns whether it was started."""
        sources = details.get("sources")
        if self.runner.is_running or not isinstance(sources, list):
            return False
        # Each is a video: folders were expanded when they were added.
        paths = details.get("paths")
        known = {str(key): str(value) for key, value in paths.items()} if isinstance(paths, dict) else {}
        self.runner.add([source for source in sources if isinstance(source, str)], known)
        self._folder.setText(str(details.get("folder", "")))
        try:
            recipe = parse_recipe(str(details.get("recipe", ""))).recipe
            on_existing = str(details.get("on_existing", ""))
            # Nothing existed when it began, or was refused: what exists now was saved by it.
            is_plain = on_existing not in tuple(OnExisting) or on_existing == OnExisting.ASK
            request = RunRequest(OnExisting.SKIP if is_plain else OnExisting(on_existing), resume=True)
            self._recipe_name.setText(_CHOSEN)
            self.follow(recipe)
            texts = details.get("dataset")
            self.dataset.choose(texts if isinstance(texts, dict) else {})
            self._begin(recipe, request)
        except FrameScopeError as error:
            self._say(error.in_full, "error")
        return self.runner.is_running

    def _begin(self, recipe: Recipe, request: RunRequest) -> None:
        fields, self._result = self.dataset, ("", "muted")
        target = self._address or usable_folder(self._folder.text())
        self.runner.start(recipe, target, replace(request, jobs=fields.jobs), fields.form, texts=fields.texts)

    @property
    def _address(self) -> str:
        """Where the pictures are sent; empty if they go to a folder."""
        typed = self._folder.text().strip()
        return typed if is_stored(typed) else ""

    def follow(self, recipe: Recipe | None) -> None:
        """Use this recipe; None to follow the export dialog's settings."""
        self._loaded = recipe
        self._take_recipe()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The export dialog's settings may have changed meanwhile."""
        super().showEvent(event)
        self._take_recipe()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Accept files and folders while nothing is running."""
        if event.mimeData().hasUrls() and not self.runner.is_running:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Add what was dropped."""
        self.add_sources(url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile())
        event.acceptProposedAction()

    def _set_up_table(self, theme: ThemeSource) -> None:
        table = self._table
        table.setObjectName("queueTable")
        table.setAccessibleName(tr("Videos and results"))
        table.setModel(QueueModel(self.runner, self))
        table.setItemDelegate(QueueDelegate(theme, self))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setAcceptDrops(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(30)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for column, width in enumerate(_WIDTHS):
            table.setColumnWidth(column, width)
        header.setSectionResizeMode(len(HEADS) - 1, QHeaderView.ResizeMode.Stretch)
        table.doubleClicked.connect(self._on_row_activated)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        set_role(self._empty, "muted")

    def _lay_out(self) -> None:
        recipe = QHBoxLayout()
        recipe.setSpacing(SPACE)
        words = QVBoxLayout()
        words.setSpacing(2)
        set_role(self._recipe_name, "heading")
        words.addWidget(self._recipe_name)
        words.addWidget(self._recipe_line)
        recipe.addLayout(words, 1)
        recipe.addWidget(self._choose)
        recipe.addWidget(self._as_dialog)
        recipe.addWidget(self._load)
        stack = QStackedLayout()
        stack.setStackingMode(QStackedLayout.StackingMode.StackAll)
        stack.addWidget(self._empty)
        stack.addWidget(self._table)
        tools = QHBoxLayout()
        tools.setSpacing(SPACE)
        for button in (self._add, self._add_folder, self._remove):
            tools.addWidget(button)
        tools.addStretch(1)
        for button in (self._stop_one, self._report, self._open):
            tools.addWidget(button)
        target = QGridLayout()
        target.setHorizontalSpacing(SPACE)
        target.setVerticalSpacing(SPACE)
        target.addWidget(_label("", "muted", self, tr("Folder")), 0, 0)
        target.addWidget(self._folder, 0, 1)
        target.addWidget(self._browse, 0, 2)
        target.addWidget(_label("", "muted", self, tr("If a file exists")), 1, 0)
        target.addWidget(self._existing, 1, 1, 1, 2)
        title = _label("", "muted", self, tr("Data set"))
        # Beside the first of its two rows.
        title.setMinimumHeight(self.dataset.layouts.sizeHint().height())
        target.addWidget(title, 2, 0, Qt.AlignmentFlag.AlignTop)
        target.addWidget(self.dataset, 2, 1, 1, 2)
        column = self._column(SPACE + 4)
        column.addLayout(recipe)
        column.addLayout(stack, 1)
        column.addLayout(tools)
        column.addLayout(target)
        self._add_footer(column, self._note, self._stop, self._close, self._start)

    def _take_recipe(self) -> None:
        loaded, name = self._loaded, _AS_DIALOG
        try:
            self._recipe = loaded or recipe_of(first_choices(self._settings))
        except FrameScopeError:
            # The export dialog's settings only make sense for one video, such as the frame on screen.
            self._recipe, name = SUGGESTED, _SUGGESTED
        self._recipe_line.setText(recipe_words(self._recipe))
        if loaded is None:
            self._recipe_name.setText(name)
        self._as_dialog.setVisible(loaded is not None)
        self._on_changed()

    def _chosen_places(self) -> list[int]:
        return sorted({index.row() for index in self._table.selectionModel().selectedRows()})

    # --- slots

    @Slot()
    def _on_changed(self) -> None:
        runner = self.runner
        items, is_running = runner.items, runner.is_running
        chosen = self._chosen_places()
        left = runner.waiting_count + runner.unfinished_count
        self._empty.setVisible(not items)
        asked_before = (self._choose, self._load, self._as_dialog)
        for widget in (self._add, self._add_folder, *asked_before, self._folder, self._browse):
            widget.setEnabled(not is_running)
        self._existing.setEnabled(not is_running)
        self.dataset.setEnabled(not is_running)
        self._remove.setEnabled(bool(chosen) and not is_running)
        self._stop.setVisible(is_running)
        under_way = (VideoState.RUNNING, VideoState.WAITING)
        can_stop = is_running and any(items[place].state in under_way for place in chosen)
        self._stop_one.setVisible(is_running)
        self._stop_one.setEnabled(can_stop)
        self._report.setVisible(bool(self._result[0]) and not is_running and not self._address)
        self._open.setEnabled(any(items[place].folder is not None for place in chosen))
        self._start.setText(tr("Resume") if runner.unfinished_count and not is_running else tr("Export"))
        # Folders still being scanned belong to the list: Export must wait for them.
        is_ready = not is_running and not self._listing_count
        self._start.setEnabled(is_ready and left > 0 and bool(self._folder.text().strip()))
        result, role = ("", "muted") if is_running else self._result
        looking = tr("Looking for videos…") if self._listing_count else ""
        busy = looking or runner.sending_words
        self._say(busy or result or outcome_counts(items), "muted" if busy else role)

    @Slot(str, str)
    def _on_ended(self, words: str, role: str) -> None:
        if self.dataset.texts or self._address:
            # Of a data set or an address, it says more than how many videos are done.
            self._result = words, "warning" if role == "warning" else "muted"
            self._on_changed()

    @Slot()
    def _on_start_clicked(self) -> None:
        # Resuming needs no question: the manifests list the complete files.
        request = RunRequest(
            OnExisting(self._existing.currentData()), resume=self.runner.unfinished_count > 0
        )
        try:
            self._begin(self._recipe, request)
        except FrameScopeError as error:
            self._say(error.in_full, "error")

    @Slot()
    def _on_stop_clicked(self) -> None:
        self.runner.stop_all()

    @Slot()
    def _on_stop_one_clicked(self) -> None:
        for place in self._chosen_places():
            self.runner.stop(place)

    @Slot()
    def _on_add_clicked(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, tr("Videos"), self._settings.last_folder, VIDEO_FILTER)
        self.add_sources(chosen)

    @Slot()
    def _on_add_folder_clicked(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder with videos"), self._settings.last_folder)
        if chosen:
            self.add_sources([chosen])

    @Slot()
    def _on_remove_clicked(self) -> None:
        self.runner.remove(self._chosen_places())

    @Slot()
    def _on_open_clicked(self) -> None:
        for place in self._chosen_places()[:1]:
            folder = self.runner.items[place].folder
            if folder is not None:
                open_outside(folder)

    @Slot()
    def _on_report_clicked(self) -> None:
        folder = usable_folder(self._folder.text())

        def work(progress: ProgressCallback, cancel: CancelToken) -> Path:
            return write_report(folder, progress=progress, cancel=cancel)

        job = self._controller.run_job(tr("Measuring pictures"), work, origin=self.objectName())
        job.finished.connect(self._on_reported)
        job.failed.connect(self._on_report_failed)

    @Slot(object)
    def _on_reported(self, path: Path) -> None:
        open_outside(path)

    @Slot(object)
    def _on_report_failed(self, error: FrameScopeError) -> None:
        self._say(error.in_full, "error")

    @Slot()
    def _on_row_activated(self) -> None:
        """Open the pictures of a video, or the video itself if there are none."""
        for place in self._chosen_places()[:1]:
            item = self.runner.items[place]
            if item.folder is None:
                self.video_wanted.emit(item.source)
            else:
                self._on_open_clicked()

    @Slot()
    def _on_browse_clicked(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder for the pictures"), self._folder.text())
        if chosen:
            self._folder.setText(chosen)

    @Slot()
    def _on_as_dialog_clicked(self) -> None:
        self.follow(None)

    @Slot()
    def _on_choose_clicked(self) -> None:
        dialog = RecipeDialog(self._theme, self._recipe, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.recipe_chosen.connect(self._on_recipe_chosen)
        dialog.open()

    @Slot(object)
    def _on_recipe_chosen(self, recipe: Recipe) -> None:
        self._recipe_name.setText(_CHOSEN)
        self.follow(recipe)

    @Slot()
    def _on_load_clicked(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("Recipe"), self._settings.last_folder, tr("Recipes (*.toml)")
        )
        if not chosen:
            return
        try:
            loaded = load_recipe(Path(chosen))
        except FrameScopeError as error:
            self._say(error.in_full, "error")
            return
        self._recipe_name.setText(Path(chosen).name)
        self.follow(loaded.recipe)
        if loaded.remarks:
            self._say(" ".join(loaded.remarks), "warning")


def _label(name: str, role: str, parent: QWidget, text: str = "") -> QLabel:
    label = QLabel(text, parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(bool(name))
    set_role(label, role)
    return label
