"""The main window: assembles its parts and handles the actions about the window itself."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QFileDialog,
    QMainWindow,
    QMenu,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from framescope.core.media.container import is_url, shown_name
from framescope.core.model.progress import cancellable
from framescope.core.printable import valid_text
from framescope.core.resources import resource_path
from framescope.core.translation import tr
from framescope.ui.widgets.file_drop import VIDEO_FILTER, sources_in
from framescope.ui.widgets.screen_room import ScreenGuard, room_on_screen
from framescope.ui.widgets.theme import THEME_WORDS, ThemeChoice
from framescope.ui.window.first_picture import margins_around, window_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import (
        QCloseEvent,
        QDragEnterEvent,
        QDragLeaveEvent,
        QDropEvent,
        QResizeEvent,
        QShowEvent,
    )

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.actions.action_set import ActionSet
    from framescope.ui.picture.zoom_view import ZoomView
    from framescope.ui.widgets.theme import ThemeSource
    from framescope.ui.window.picture_window import PictureWindows
    from framescope.ui.window.window_dialogs import WindowDialogs

_FIRST_SIZE = QSize(1440, 900)
_ZOOM_STEP = 2.0
_OWN_KEYS = {
    QComboBox: {Qt.Key.Key_Home, Qt.Key.Key_End},
    QAbstractItemView: {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown},
    QAbstractSlider: {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End},
}
"""Keys that a focused widget handles itself, before they can be shortcuts.

Not Space, which plays regardless of focus; Enter presses a button.
"""


class MainWindow(QMainWindow):
    """The main window. Implements ``WindowCommands``.

    It begins empty, so that it can show a picture before the rest of the program is imported; `fill` it
    before anything else is asked of it.
    """

    def __init__(self, theme: ThemeSource, settings: Settings) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings
        self._is_filled = self._closes_soon = False
        self._is_low = False
        theme.follow(settings)
        self.setObjectName("mainWindow")
        self.setAccessibleName("FrameScope")
        self.setWindowIcon(QIcon(str(resource_path("framescope.svg"))))
        self.setAcceptDrops(True)
        self.resize(room_on_screen(self, _FIRST_SIZE))
        ScreenGuard(self)
        if not settings.window_geometry.isEmpty():
            self.restoreGeometry(settings.window_geometry)

    # --- building

    def fill(self, controller: Controller, expected: str | None = None) -> None:
        """Fill the window, once, for a source that is being opened if there is one. Threads: GUI."""
        # Most of the program is imported with these, and the first picture does not wait for it.
        from framescope.ui.window import contents  # noqa: PLC0415

        self.setUpdatesEnabled(False)
        theme, settings, self._controller = self._theme, self._settings, controller
        # The latest request is opened, however long checking an earlier file takes.
        self._opening = contents.BackgroundTask(controller, self)
        self._turns = contents.Turns.of(controller)
        self.icons = contents.IconSource(theme, self)
        self.stage = contents.Stage(controller, theme, self)
        # The actions need the docks to exist, to ask whether they are unlocked.
        self.docks = contents.Docks(self, controller, theme)
        if self.isVisible():  # Each would be made: they are shown before they become tabs.
            self.docks.wait_for_picture()
        self._pictures: PictureWindows | None = None
        self.compare = contents.CompareDesk(self, controller, theme, self.stage, lambda: self.actions_by_id)
        keys = contents.key_map_from(settings.key_preset, settings.key_overrides)
        self.actions_by_id: ActionSet = contents.ActionSet(self, self, self.icons, keys)
        self.playlist = contents.Playlist(controller, self)
        self.workspaces = contents.Workspaces(self, self.docks, settings)
        self.menus = contents.WindowMenus(self, controller, self.actions_by_id)
        self.transport = contents.TransportBar(
            controller, theme, self.actions_by_id, self.icons, self.stage.frame_view
        )
        self.status = contents.StatusBar(controller, self.icons, self)
        self._dialogs = contents.WindowDialogs(self, self.actions_by_id, theme, settings)
        self._closing = contents.WindowClosing(self)
        if expected is not None:
            self.expect(expected)
        self._build()
        self._connect()
        self._follow_height()
        self._restore()
        self._is_filled = True
        if self.isVisible():
            self._settle()
        self.setUpdatesEnabled(True)
        if self._closes_soon:
            QTimer.singleShot(0, self, self.close)

    def _build(self) -> None:
        from framescope.ui.window import contents  # noqa: PLC0415 - as in `fill`

        strip = contents.ToolStrip(self.actions_by_id, contents.TOOLBAR, self)
        strip.setObjectName("toolbar")
        strip.setAccessibleName(tr("Toolbar"))
        if self.menuBar().isNativeMenuBar():
            bar = QToolBar(tr("Toolbar"), self)
            bar.setObjectName("nativeToolbar")
            bar.setMovable(False)
            bar.addWidget(strip)
            self.addToolBar(bar)
        else:
            # Share one row with the menu bar: the picture gains the height of a toolbar.
            self.menuBar().setCornerWidget(strip, Qt.Corner.TopRightCorner)
        middle = QWidget(self)
        self._unfinished = contents.UnfinishedBanner(self._controller, self._theme, middle)
        self._unfinished.resume_wanted.connect(self._dialogs.resume)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(contents.ChangedFileBanner(self._controller, self._theme, middle))
        column.addWidget(contents.EarlierMarksBanner(self._controller, self._theme, middle))
        column.addWidget(self.stage.failed_banner)
        column.addWidget(self._unfinished)
        column.addWidget(self.stage, 1)
        column.addWidget(self.transport)
        self.takeCentralWidget()  # The first picture stays until it is shown in its new place.
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)
        self._timeline = timeline = contents.Timeline(self._controller, self._theme)
        self._filmstrip = filmstrip = contents.Filmstrip(self._controller, self._theme)
        filmstrip.set_thumbnail_height(self._settings.thumbnail_height)
        filmstrip.thumbnail_height_changed.connect(self._on_thumbnail_height_changed)
        for part in (self.stage.frame_view, self.compare, timeline, filmstrip):
            part.context_menu_requested.connect(self._on_context_menu_requested)
        self.docks.add_below(tr("Timeline"), "timeline", timeline)
        self.docks.add_below(tr("Filmstrip"), "filmstrip", filmstrip)
        # Tab order, from top to bottom.
        for before, after in pairwise(
            (self.stage.frame_view, self.transport.goto_field, timeline, filmstrip)
        ):
            self.setTabOrder(before, after)
        self.docks.arrange()
        # What is added to a window that is shown stays hidden until the next event, and has no size before.
        for widget in (self.menuBar(), middle, self.status):
            widget.show()
        column.activate()

    def _connect(self) -> None:
        controller = self._controller
        for signal in (
            controller.marks_changed,
            controller.range_changed,
            controller.view.rotation_changed,
            controller.view.fields_changed,
            controller.source_opened,
        ):
            # At once: the key that undoes a mark, or labels a frame of this video, may be waiting already.
            signal.connect(self.actions_by_id.refresh)
        for signal in (
            controller.player.choices_changed,
            controller.blocks.changed,
            controller.source_closed,
            controller.frame_shown,
        ):
            signal.connect(self.actions_by_id.refresh_soon)
        self._settings.changed.connect(self._on_setting_changed)
        self._opening.finished.connect(self._on_looked_at)
        self.status.job_bar.result_wanted.connect(self._on_result_wanted)
        controller.source_opened.connect(self._on_source_opened)
        for signal in (controller.source_closed, controller.source_failed, self.playlist.changed):
            signal.connect(self._on_title_changed)
        self.menus.recent_wanted.connect(self.open_source)
        self.menus.recent_cleared.connect(self._on_recent_cleared)
        self.menus.theme_wanted.connect(self._on_theme_wanted)
        for asker in (self.menus, self._dialogs):
            asker.stream_wanted.connect(self._on_stream_wanted)
        self.menus.video_wanted.connect(self.open_source)
        self.menus.layout_wanted.connect(self.workspaces.restore)
        self.menus.layout_removed.connect(self.workspaces.remove)
        self.playlist.video_wanted.connect(self.open_source)
        self.menus.layouts_needed.connect(self.list_layouts)
        self.workspaces.notice_posted.connect(controller.notice_posted)
        self.stage.frame_view.double_clicked.connect(self.toggle_picture_only)
        self.compare.view_changed.connect(self.transport.show_zoom_of)
        self.stage.reopen_wanted.connect(self.open_source)
        self.stage.open_wanted.connect(self.open_file)
        self.stage.url_wanted.connect(self.open_url)
        self.stage.demo_wanted.connect(self.open_demo)

    def _restore(self) -> None:
        self.menus.set_theme(self._theme.choice)
        self._show_recent()
        self._has_layout = self.docks.restore(self._settings.window_state)
        self._on_title_changed()

    # --- commands of actions

    @property
    def controller(self) -> Controller:
        """The session."""
        return self._controller

    @property
    def dialogs(self) -> WindowDialogs:
        """The dialogs of the window."""
        return self._dialogs

    @property
    def is_full_screen(self) -> bool:
        """Whether the window fills the screen."""
        return self.isFullScreen()

    @property
    def is_picture_only(self) -> bool:
        """Whether the picture alone fills the screen."""
        return self._pictures is not None and self._pictures.is_full

    @property
    def has_second_window(self) -> bool:
        """Whether a second window shows the picture."""
        return self._pictures is not None and self._pictures.has_second

    @property
    def is_layout_unlocked(self) -> bool:
        """Whether panels show their title bars and can be moved."""
        return self.docks.is_unlocked

    @property
    def picture(self) -> ZoomView:
        """The view of the picture that has the keyboard: this window's, or one in a window of its own."""
        alone = None if self._pictures is None else self._pictures.active
        return self.compare.view if alone is None else alone.view

    @Slot(str)
    def open_source(self, source: str) -> None:
        """Open a path or a URL."""
        self._opening.forget()
        self.expect(source)
        self._controller.open_source(source)

    def expect(self, source: str) -> None:
        """Prepare for a source that is being opened."""
        self.playlist.expect(source)
        if not self.isVisible():
            self.docks.wait_for_picture()
        self.stage.expect(source)

    def open_sources(self, sources: Sequence[str]) -> None:
        """Open one video; the first of several, or of a folder of them, with the others as a list."""
        if len(sources) > 1:
            self._opening.forget()
            self.playlist.open_all(sources)
            return
        source = sources[0]

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[str, bool]:
            del progress
            # Imported here: it loads the audit, which must not delay the first picture.
            from framescope.core.source.input_videos import is_folder_of_videos  # noqa: PLC0415

            with cancellable(cancel):
                return source, is_folder_of_videos(source)

        self._opening.start(tr("Checking {path}", path=Path(source).name), work, announce=False)

    @Slot(object)
    def _on_looked_at(self, found: tuple[str, bool]) -> None:
        source, is_folder = found
        if is_folder:
            self.playlist.open_all([source])
        else:
            self.open_source(source)

    def paste(self) -> None:
        """Open the paths or URLs on the clipboard."""
        sources = sources_in(QGuiApplication.clipboard().mimeData())
        if sources:
            self.open_sources(sources)
        else:
            self.status.show_notice(tr("The clipboard contains no path or address."), "info")

    @Slot()
    def open_file(self) -> None:
        """Ask for a video file and open it."""
        source = self._controller.source
        is_local = source is not None and not is_url(source)
        folder = str(Path(source).parent) if is_local and source else self._settings.last_folder
        path, _ = QFileDialog.getOpenFileName(self, tr("Open video"), folder, VIDEO_FILTER)
        if path:
            self._settings.last_folder = str(Path(path).parent)
            self.open_source(path)

    @Slot()
    def open_url(self) -> None:
        """Ask for a URL and open it."""
        from framescope.ui.dialogs.open_url_dialog import OpenUrlDialog  # noqa: PLC0415

        dialog = OpenUrlDialog(self)
        if dialog.exec() and dialog.url:
            self.open_source(dialog.url)

    @Slot()
    def open_demo(self) -> None:
        """Write the demo clip if it does not exist, and open it."""
        from framescope.core.synth.demo import ensure_demo  # noqa: PLC0415

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[str, bool]:
            return str(ensure_demo(progress=progress, cancel=cancel)), False

        self._opening.start(tr("Preparing the demo clip"), work)

    def step_video(self, step: int) -> None:
        """Open the next (1) or previous (-1) video of the playlist, or of the folder."""
        self._opening.forget()
        self.playlist.step(step)

    def focus_goto(self) -> None:
        """Focus the field for frame, time or pts."""
        alone = None if self._pictures is None else self._pictures.active
        if alone is None:
            self.transport.goto_field.start_typing()
        else:
            alone.start_typing()

    def zoom_timeline_in(self) -> None:
        """Zoom in on the timeline, around the playhead."""
        self._timeline.zoom_by(_ZOOM_STEP)

    def zoom_timeline_out(self) -> None:
        """Zoom out on the timeline, around the playhead."""
        self._timeline.zoom_by(1 / _ZOOM_STEP)

    def zoom_timeline_all(self) -> None:
        """Show the whole video on the timeline."""
        self._timeline.zoom_to_fit()

    def toggle_rotation(self) -> None:
        """Apply the file's rotation, or show the picture as stored."""
        self._controller.view.set_rotation_applied(not self._controller.view.is_rotated)

    def toggle_full_screen(self) -> None:
        """Toggle full screen."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def leave_picture_only(self) -> None:
        """Return to the window from the picture that fills the screen."""
        if self.is_picture_only:
            self.toggle_picture_only()

    @Slot()
    def toggle_picture_only(self) -> None:
        """Fill the screen with the picture, or return to the window."""
        self._picture_windows().toggle_full()

    def toggle_second_window(self) -> None:
        """Show the picture in a second window too, on another screen if there is one, or close that."""
        self._picture_windows().toggle_second()

    def _picture_windows(self) -> PictureWindows:
        # Imported and made here: it must not delay the first picture.
        from framescope.ui.window.picture_window import PictureWindows  # noqa: PLC0415

        if self._pictures is None:
            self._pictures = PictureWindows(self._controller, self._theme, self.actions_by_id, self)
            self._pictures.changed.connect(self.actions_by_id.refresh)
            self._pictures.context_menu_requested.connect(self._on_context_menu_requested)
        return self._pictures

    def toggle_layout_lock(self) -> None:
        """Show the panels' title bars, so that they can be moved, or hide them."""
        self.docks.set_unlocked(unlocked=not self.docks.is_unlocked)

    def quit(self) -> None:
        """Close the window."""
        self.close()

    # --- signals

    @Slot()
    def _on_source_opened(self) -> None:
        self._turns.do_soon(self._show_recent)
        self._on_title_changed()
        # A field that kept the focus would swallow the navigation keys.
        self.picture.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_title_changed(self) -> None:
        source = self._controller.source
        # The first video is named while it is being opened: its picture may be seen already.
        name = shown_name(named) if (named := source or self._controller.video.coming) else None
        if name is not None and self.playlist.place is not None:
            count = len(self.playlist.sources)
            name = tr("{name} ({place} of {count})", name=name, place=self.playlist.place + 1, count=count)
        self.setWindowTitle(window_title(name))
        self.menus.set_playlist(self.playlist.sources, source)
        self.setWindowFilePath("" if source is None or is_url(source) else valid_text(source))

    @Slot()
    def list_layouts(self) -> None:
        """List the user's own layouts in the menu and the palette, when one of them is about to be shown."""
        names = self.workspaces.names
        restore, paint = self.workspaces.restore, self._on_theme_wanted
        self.menus.set_layouts(names)
        self.actions_by_id.further_commands = (
            *((tr("Layout: {name}", name=name), partial(restore, name)) for name in names),
            *(
                (tr("Theme: {words}", words=words), partial(paint, choice.value))
                for choice, words in THEME_WORDS.items()
            ),
        )

    @Slot()
    def _on_recent_cleared(self) -> None:
        self._settings.clear_recent_files()
        self._show_recent()

    @Slot(str)
    def _on_theme_wanted(self, choice: str) -> None:
        self._settings.theme = ThemeChoice(choice)

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        settings = self._settings
        if name in {"key_preset", "key_overrides"}:
            from framescope.ui.actions.key_map import key_map_from  # noqa: PLC0415 - as in `fill`

            self.actions_by_id.apply_keys(key_map_from(settings.key_preset, settings.key_overrides))
        elif name == "theme":
            self.menus.set_theme(settings.theme)
        elif name == "thumbnail_height":
            self._filmstrip.set_thumbnail_height(settings.thumbnail_height)

    @Slot(str)
    def _on_result_wanted(self, origin: str) -> None:
        if not self._dialogs.bring_up(origin):
            self.docks.show_panel(origin)

    @Slot(int)
    def _on_stream_wanted(self, stream_index: int) -> None:
        source = self._controller.source
        if source is not None:
            self._opening.forget()
            self.stage.expect(source)
            self._controller.open_source(source, stream_index=stream_index)

    @Slot(object)
    def _on_context_menu_requested(self, where: QPoint) -> None:
        from framescope.ui.actions.bars import CONTEXT_MENU  # noqa: PLC0415 - as in `fill`

        menu = QMenu(QApplication.activeWindow() or self)
        self.actions_by_id.fill(menu, CONTEXT_MENU)
        menu.exec(where)
        menu.deleteLater()

    @Slot(int)
    def _on_thumbnail_height_changed(self, height: int) -> None:
        if height != self._settings.thumbnail_height:
            self._settings.thumbnail_height = height

    def _show_recent(self) -> None:
        recent = self._settings.recent_files
        self.menus.set_recent(recent)
        self.stage.set_recent(recent)

    # --- events

    def event(self, event: QEvent) -> bool:
        """Leave keys to a focused widget that needs them."""
        # The class first: an event's type is made an enum member each time, and there are hundreds a second.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            focus = QApplication.focusWidget()
            for kind, keys in _OWN_KEYS.items():
                if isinstance(focus, kind) and event.key() in keys and not event.modifiers():
                    event.accept()
                    return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape leaves full screen; Enter presses the focused button, since Space plays."""
        focus = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Escape and self.is_full_screen:
            self.toggle_full_screen()
            self.actions_by_id.refresh()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and isinstance(focus, QAbstractButton):
            focus.click()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Size the docks once the window has its size."""
        super().showEvent(event)
        if self._is_filled:
            self._settle(is_new=not event.spontaneous())

    def _settle(self, *, is_new: bool = True) -> None:
        if not self._has_layout:
            self._has_layout = True
            self.docks.fit_sizes()
            self._turns.do_soon(self.docks.fit_strips)
        if is_new:
            self._unfinished.look()
        self.docks.name_tabs()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave the height of a low window to the picture."""
        super().resizeEvent(event)
        if self._is_filled:
            self._follow_height()

    def _follow_height(self) -> None:
        if self.docks.is_low != self._is_low:
            self._is_low = self.docks.is_low
            self._filmstrip.set_low(is_low=self._is_low)
            # Before that, the layout may be the user's own. Soon: Qt does not know the heights yet.
            if self.isVisible() and self._is_filled:
                self._turns.do_soon(self.docks.fit_strips)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Check whether the file changed when the window is activated."""
        super().changeEvent(event)
        if self._is_filled and event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._controller.video.check_file()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accept anything that may be a video."""
        if sources_in(event.mimeData()):
            event.acceptProposedAction()
            self.stage.set_drop_target(is_target=True)
            self.compare.hint_at_drop()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802, ARG002
        """Remove the drop highlight."""
        self.stage.set_drop_target(is_target=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open what was dropped; several videos are a list, and one with Shift is compared."""
        self.stage.set_drop_target(is_target=False)
        sources = sources_in(event.mimeData())
        if sources:
            event.acceptProposedAction()
            if not self.compare.takes_drop(event.modifiers(), sources):
                self.open_sources(sources)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask about running work; then save the layout and stop all threads."""
        if not self._is_filled:
            self._closes_soon = True
            event.ignore()
            return
        if not self._closing.may_close():
            event.ignore()
            return
        self._settings.window_geometry = self.saveGeometry()
        self._settings.picture_margins = margins_around(self.stage, self)
        self._settings.window_state = self.docks.state()
        if self._pictures is not None:
            self._pictures.close_all()
        self.playlist.stop()
        self.stage.frame_view.close_reader()
        self._controller.close()
        super().closeEvent(event)
