"""Opens the window's dialogs. Heavy ones are imported on first use."""

from __future__ import annotations

from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget

from framescope.core.log import log_path, log_tail
from framescope.core.translation import tr
from framescope.ui.actions.key_map import key_map_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.session.unfinished import UnfinishedWork
    from framescope.ui.actions.action_set import ActionSet
    from framescope.ui.clip.dialog import ClipDialog
    from framescope.ui.dialogs.help_overlay import HelpOverlay
    from framescope.ui.export.dialog import ExportDialog
    from framescope.ui.make.dialog import MakeDialog
    from framescope.ui.marks.dialog import MarksDialog
    from framescope.ui.queue.dialog import QueueDialog
    from framescope.ui.sheet.dialog import SheetDialog
    from framescope.ui.widgets.theme import ThemeSource
    from framescope.ui.window.main_window import MainWindow

_PALETTE_FROM_TOP = 72


class QuitAnswer(Enum):
    """What to do with running work when the window is closed."""

    FINISH = auto()
    STOP = auto()
    STAY = auto()


class _QuitQuestion(QMessageBox):
    """Asks what to do with running work, lists it, and closes itself once it is all done."""

    def __init__(self, controller: Controller, parent: QWidget) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setObjectName("quitQuestion")
        self.setWindowTitle(tr("Quit FrameScope"))
        self.setIcon(QMessageBox.Icon.NoIcon)
        self.setInformativeText(
            tr("Stopped exports and splits can be resumed the next time you start FrameScope.")
        )
        self._finish = self.addButton(tr("Finish, then quit"), QMessageBox.ButtonRole.AcceptRole)
        self._stop = self.addButton(tr("Stop and quit"), QMessageBox.ButtonRole.DestructiveRole)
        stay = self.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self._finish)
        self.setEscapeButton(stay)
        self._has_ended = False
        for job in controller.work_under_way:
            job.settled.connect(self._on_work_settled)
        controller.job_started.connect(self._on_job_started)
        self._show_work()

    @property
    def answer(self) -> QuitAnswer:
        """The choice; to finish, if all work has ended."""
        if self._has_ended or self.clickedButton() is self._finish:
            return QuitAnswer.FINISH
        return QuitAnswer.STOP if self.clickedButton() is self._stop else QuitAnswer.STAY

    def _show_work(self) -> None:
        titles = "\n".join(job.title for job in self._controller.work_under_way)
        self.setText(tr("Still in progress:\n{titles}", titles=titles))

    @Slot(object)
    def _on_job_started(self, job: Job) -> None:
        job.settled.connect(self._on_work_settled)
        self._show_work()

    @Slot()
    def _on_work_settled(self) -> None:
        # The next of several jobs starts only after this signal.
        QTimer.singleShot(0, self, self._on_work_changed)

    @Slot()
    def _on_work_changed(self) -> None:
        if self._controller.work_under_way:
            self._show_work()
        else:
            self._has_ended = True
            self.done(0)


class WindowDialogs(QObject):
    """The dialogs of one window. Threads: GUI."""

    stream_wanted = Signal(int)
    """Another video stream of the open file was chosen."""

    def __init__(
        self, window: MainWindow, actions: ActionSet, theme: ThemeSource, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._theme = theme
        self._settings = settings
        self._export: ExportDialog | None = None
        self._clip: ClipDialog | None = None
        self._sheet: SheetDialog | None = None
        self._queue: QueueDialog | None = None
        self._queued: Sequence[str] = ()
        self._make: MakeDialog | None = None
        self._marks: MarksDialog | None = None

    @cached_property
    def help(self) -> HelpOverlay:
        """The overview of the shortcuts."""
        from framescope.ui.dialogs.help_overlay import HelpOverlay  # noqa: PLC0415

        return HelpOverlay(self._theme, self._window)

    def export_frames(self) -> None:
        """Show the export dialog."""
        from framescope.ui.export import dialog as export_dialog  # noqa: PLC0415

        # Kept: it is modeless, and an export may continue in the background.
        if self._export is None:
            self._export = export_dialog.ExportDialog(
                self._window.controller, self._theme, self._settings, self._window
            )
        _bring_up(self._export)

    def export_queue(self, sources: Sequence[str] = ()) -> None:
        """Show the queue dialog, with these videos added to its list; without any, those of the playlist."""
        from framescope.ui.queue import dialog as queue_dialog  # noqa: PLC0415

        if self._queue is None:
            self._queue = queue_dialog.QueueDialog(
                self._window.controller, self._theme, self._settings, self._window
            )
            self._queue.video_wanted.connect(self._window.open_source)
            self._queue.runner.ended.connect(self._on_queue_ended)
        listed = self._window.playlist.sources
        if not sources and listed != self._queued:
            self._queued = sources = listed
        self._queue.add_sources(sources)
        _bring_up(self._queue)

    def resume(self, work: UnfinishedWork) -> None:
        """Resume unfinished work of an earlier run; it stays listed if it cannot be resumed now."""
        has_begun = False
        if work.kind == "export":
            self.export_frames()
            if self._export is not None:
                stream_index = work.details.get("stream_index")
                stream_index = stream_index if isinstance(stream_index, int) else None
                has_begun = self._export.resume(work.text("source"), stream_index, work.text("folder"))
        elif work.kind == "queue":
            self.export_queue()
            has_begun = self._queue is not None and self._queue.resume(work.details)
        else:
            # Splitting to the same path resumes it, and then removes it from the list.
            self._window.open_source(work.text("source"))
            self._window.docks.show_panel("fragments")
        unfinished = self._window.controller.unfinished
        if has_begun and work.key in {each.key for each in unfinished.left_over()}:
            unfinished.end(work.key)

    def bring_up(self, name: str) -> bool:
        """Show the dialog with this objectName again; False if there is none."""
        dialog = self._window.findChild(QDialog, name)
        if dialog is None:
            return False
        _bring_up(dialog)
        return True

    def ask_before_quitting(self) -> QuitAnswer:
        """Ask what to do with running work; closes by itself if it ends meanwhile."""
        question = _QuitQuestion(self._window.controller, self._window)
        question.exec()
        question.deleteLater()
        return question.answer

    @Slot(str, str)
    def _on_queue_ended(self, words: str, role: str) -> None:
        self._window.status.job_bar.show_result(words, role, "queueDialog")

    def export_clip(self) -> None:
        """Show the clip dialog."""
        from framescope.ui.clip import dialog as clip_dialog  # noqa: PLC0415

        if self._clip is None:
            self._clip = clip_dialog.ClipDialog(
                self._window.controller, self._theme, self._settings, self._window
            )
        _bring_up(self._clip)

    def make_contact_sheet(self) -> None:
        """Show the contact sheet dialog."""
        from framescope.ui.sheet import dialog as sheet_dialog  # noqa: PLC0415

        if self._sheet is None:
            self._sheet = sheet_dialog.SheetDialog(
                self._window.controller, self._theme, self._settings, self._window
            )
        _bring_up(self._sheet)

    def make_video(self) -> None:
        """Show the dialog that makes a video from pictures."""
        from framescope.ui.make import dialog as make_dialog  # noqa: PLC0415

        if self._make is None:
            self._make = make_dialog.MakeDialog(
                self._window.controller, self._theme, self._settings, self._window
            )
        _bring_up(self._make)

    def save_table(self, kind: str) -> None:
        """Save the frames, GOPs or times as a table; ``kind`` is a value of `TableKind`."""
        from framescope.core.tables.video_tables import TableKind  # noqa: PLC0415
        from framescope.ui.export.save_table import ask_and_save_table  # noqa: PLC0415

        ask_and_save_table(self._window.controller, self._settings, TableKind(kind), self._window)

    def save_lanes(self) -> None:
        """Save the values of the timeline's lanes as a table."""
        from framescope.ui.export.save_table import ask_and_save_lanes  # noqa: PLC0415

        ask_and_save_lanes(self._window.controller, self._settings, self._window)

    def save_marks(self) -> None:
        """Save marks, notes and range to a file."""
        from framescope.ui.marks.files import ask_and_save_marks  # noqa: PLC0415

        ask_and_save_marks(self._window.controller, self._settings, self._window)

    def load_marks(self) -> None:
        """Add the marks, notes and range from a file."""
        from framescope.ui.marks.files import ask_and_load_marks  # noqa: PLC0415

        ask_and_load_marks(self._window.controller, self._settings, self._window)

    def edit_labels(self) -> None:
        """Edit names and colours of the labels."""
        from framescope.ui.marks.labels_dialog import LabelsDialog  # noqa: PLC0415

        LabelsDialog(self._window.controller, QApplication.activeWindow() or self._window).exec()

    def edit_note(self) -> None:
        """Edit the note of the current frame."""
        from framescope.ui.marks.dialog import ask_note  # noqa: PLC0415

        ask_note(self._window.controller, QApplication.activeWindow() or self._window)

    def show_marks(self) -> None:
        """Show the list of marks."""
        from framescope.ui.marks.dialog import MarksDialog  # noqa: PLC0415

        if self._marks is None:
            self._marks = MarksDialog(self._window.controller, self._actions, self._window)
        _bring_up(self._marks)

    def save_frame(self) -> None:
        """Save the current frame as a picture."""
        from framescope.ui.export.save_frame import ask_and_save  # noqa: PLC0415

        ask_and_save(self._window.controller, self._settings, self._window)

    def save_overlays(self) -> None:
        """Save the current frame with what is drawn over it."""
        from framescope.ui.export.save_frame import ask_and_save_overlays  # noqa: PLC0415

        ask_and_save_overlays(self._window.controller, self._settings, self._window)

    def show_command_palette(self) -> None:
        """Show the command palette."""
        from framescope.ui.dialogs.command_palette import CommandPalette  # noqa: PLC0415

        # Popups are not activated, so that the picture would stay in front.
        self._window.leave_picture_only()
        self._window.list_layouts()
        palette = CommandPalette(self._actions, self._window)
        palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        corner = self._window.mapToGlobal(self._window.rect().topLeft())
        left = corner.x() + (self._window.width() - palette.width()) // 2
        palette.move(left, corner.y() + _PALETTE_FROM_TOP)
        palette.show()

    def show_help(self) -> None:
        """Show all shortcuts over the window."""
        self._window.leave_picture_only()
        self.help.open_with(self._actions.key_map)

    def edit_shortcuts(self) -> None:
        """Edit the shortcuts."""
        from framescope.ui.dialogs.shortcut_editor import ShortcutEditor  # noqa: PLC0415

        settings = self._settings
        # As stored, not as active here: another window may have changed them.
        before = key_map_from(settings.key_preset, settings.key_overrides)
        editor = ShortcutEditor(before, QApplication.activeWindow() or self._window)
        if editor.exec():
            after = editor.key_map
            if after.preset is not before.preset:
                settings.key_preset = after.preset.value
            settings.change_key_overrides(before.changes, after.changes)

    def edit_preferences(self) -> None:
        """Show the preferences."""
        from framescope.ui.dialogs.preferences.dialog import PreferencesDialog  # noqa: PLC0415

        video = self._window.controller.video
        dialog = PreferencesDialog(self._settings, self._theme, self._window, video=video)
        dialog.keys_wanted.connect(self.edit_shortcuts)
        dialog.labels_wanted.connect(self.edit_labels)
        dialog.log_wanted.connect(self.copy_log)
        dialog.exec()
        dialog.deleteLater()

    def choose_stream(self) -> None:
        """Ask for the video stream to show, if the file has several."""
        from framescope.ui.dialogs.stream_dialog import StreamDialog  # noqa: PLC0415

        dialog = StreamDialog(self._window.controller, self._window)
        if dialog.exec() and dialog.stream_index is not None:
            self.stream_wanted.emit(dialog.stream_index)

    def copy_log(self) -> None:
        """Copy version information and the end of the log, for a bug report."""
        from framescope.ui.dialogs.about_dialog import environment  # noqa: PLC0415

        path, log = log_path(), log_tail()
        QGuiApplication.clipboard().setText(f"{environment()}\n\n{log}")
        text = (
            tr("The log was copied. It is stored in {path}.", path=path)
            if path
            else tr("There is no log; only version information was copied.")
        )
        self._window.controller.notice_posted.emit(text, "info")

    def show_about(self) -> None:
        """Show versions and licences."""
        from framescope.ui.dialogs.about_dialog import AboutDialog  # noqa: PLC0415

        AboutDialog(self._window).exec()


def _bring_up(dialog: QDialog) -> None:
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
