"""The menu bar: the catalogue's actions, and the menus filled from the file and the settings."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup

from framescope.core.media.container import source_name
from framescope.core.translation import tr
from framescope.ui.actions.spec import Menu
from framescope.ui.widgets.icons import swatch
from framescope.ui.widgets.theme import THEME_WORDS, ThemeChoice
from framescope.ui.window.sound_button import fill_with_audio_streams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QMainWindow, QMenu

    from framescope.session.controller import Controller
    from framescope.ui.actions.action_set import ActionSet


class WindowMenus(QObject):
    """Fills a window's menu bar and updates the dynamic menus."""

    recent_wanted = Signal(str)
    recent_cleared = Signal()
    theme_wanted = Signal(str)
    stream_wanted = Signal(int)
    video_wanted = Signal(str)
    """A video of the playlist."""
    layouts_needed = Signal()
    """`set_layouts` is to be called: the menu is about to be shown."""
    layout_wanted = Signal(str)
    layout_removed = Signal(str)

    def __init__(self, window: QMainWindow, controller: Controller, actions: ActionSet) -> None:
        super().__init__(window)
        self._controller = controller
        self._menus: dict[Menu, QMenu] = {}
        for which in Menu:
            menu = window.menuBar().addMenu(which.value)
            menu.setObjectName(f"menu.{which.plain}")
            menu.setToolTipsVisible(True)
            actions.fill_menu(menu, which)
            self._menus[which] = menu
        self._workspaces = actions.menu_of("workspace.standard")
        self._actions = actions
        controller.settings.changed.connect(self._on_setting_changed)
        self._name_labels()
        self._before_layouts = actions["view.unlock"]
        self._own_layouts: list[QAction] = []
        file_menu = self._menus[Menu.FILE]
        self._recent = self._submenu(
            file_menu, tr("Open recent"), "menu.recent", before=actions["file.open_url"]
        )
        self._streams = self._submenu(
            file_menu, tr("Video stream"), "menu.streams", before=actions["file.save_frame"]
        )
        self._playlist = self._submenu(
            file_menu, tr("Playlist"), "menu.playlist", before=actions["file.demo"]
        )
        self._sounds = self._submenu(
            self._menus[Menu.PLAY], tr("Audio stream"), "menu.sounds", before=actions["sound.next_stream"]
        )
        self._subtitles = self._submenu(
            self._menus[Menu.VIEW], tr("Subtitles"), "menu.subtitles", before=actions["subtitles.next"]
        )
        self._themes = self._theme_menu()
        controller.source_opened.connect(self._refresh_streams)
        controller.source_closed.connect(self._refresh_streams)
        controller.sound.stream_changed.connect(self._refresh_sounds)
        controller.tracks.changed.connect(self._refresh_subtitles)
        self._refresh_streams()
        self._refresh_sounds()
        self._refresh_subtitles()
        self.set_recent(())
        self.set_playlist((), None)
        # The docks are shown and hidden in several ways.
        self._menus[Menu.VIEW].aboutToShow.connect(actions.refresh)
        self._menus[Menu.VIEW].aboutToShow.connect(self.layouts_needed)

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name == "labels":
            self._name_labels()

    def _name_labels(self) -> None:
        for place, label in enumerate(self._controller.settings.labels, 1):
            action = self._actions[f"mark.label_{place}"]
            # An ampersand would underline the letter after it.
            action.setText(label.name.replace("&", "&&"))
            action.setIcon(swatch(label.color))

    def set_playlist(self, sources: Sequence[str], current: str | None) -> None:
        """List the videos that were opened together, the open one checked."""
        self._playlist.clear()
        self._playlist.menuAction().setVisible(len(sources) > 1)
        group = QActionGroup(self._playlist)
        for source in sources:
            action = QAction(source_name(source).replace("&", "&&"), group)
            action.setToolTip(source)
            action.setCheckable(True)
            action.setChecked(source == current)
            action.triggered.connect(partial(self._want_video, source))
            self._playlist.addAction(action)

    def set_layouts(self, names: Sequence[str]) -> None:
        """List the user's own layouts."""
        menu = self._workspaces
        for action in self._own_layouts:
            menu.removeAction(action)
            action.deleteLater()
        self._own_layouts = []
        if not names:
            return
        for name in names:
            action = QAction(name.replace("&", "&&"), menu)
            action.triggered.connect(partial(self._want_layout, name))
            self._own_layouts.append(action)
        removing = menu.__class__(tr("Delete layout"), menu)
        for name in names:
            removing.addAction(name.replace("&", "&&")).triggered.connect(partial(self._remove_layout, name))
        separator = QAction(menu)
        separator.setSeparator(True)
        self._own_layouts += [removing.menuAction(), separator]
        menu.insertActions(self._before_layouts, self._own_layouts)

    def set_recent(self, sources: Sequence[str]) -> None:
        """List recent videos, newest first."""
        self._recent.clear()
        self._recent.setEnabled(bool(sources))
        for number, source in enumerate(sources, start=1):
            name = source_name(source)
            mnemonic = f"&{number}  " if number < 10 else ""
            action = self._recent.addAction(mnemonic + name.replace("&", "&&"))
            action.setToolTip(source)
            action.triggered.connect(partial(self._want_recent, source))
        if sources:
            self._recent.addSeparator()
            self._recent.addAction(tr("Clear the list")).triggered.connect(self.recent_cleared)

    def set_theme(self, choice: ThemeChoice) -> None:
        """Check the active theme."""
        for action in self._themes.actions():
            action.setChecked(action.data() == choice.value)

    def _submenu(self, parent: QMenu, title: str, name: str, *, before: QAction) -> QMenu:
        menu = parent.__class__(title, parent)
        menu.setObjectName(name)
        menu.setToolTipsVisible(True)
        parent.insertMenu(before, menu)
        return menu

    def _theme_menu(self) -> QMenu:
        menu = self._menus[Menu.VIEW].addMenu(tr("Theme"))
        menu.setObjectName("menu.theme")
        group = QActionGroup(menu)
        for choice, words in THEME_WORDS.items():
            action = QAction(words, group)
            action.setCheckable(True)
            action.setData(choice.value)
            action.triggered.connect(partial(self._want_theme, choice.value))
            menu.addAction(action)
        return menu

    def _want_recent(self, source: str, *_checked: bool) -> None:
        self.recent_wanted.emit(source)

    def _want_theme(self, choice: str, *_checked: bool) -> None:
        self.theme_wanted.emit(choice)

    def _want_video(self, source: str, *_checked: bool) -> None:
        self.video_wanted.emit(source)

    def _want_layout(self, name: str, *_checked: bool) -> None:
        self.layout_wanted.emit(name)

    def _remove_layout(self, name: str, *_checked: bool) -> None:
        self.layout_removed.emit(name)

    def _want_stream(self, stream_index: int, *_checked: bool) -> None:
        self.stream_wanted.emit(stream_index)

    @Slot()
    def _refresh_sounds(self) -> None:
        self._sounds.clear()
        self._sounds.menuAction().setVisible(len(self._controller.sound.streams) > 1)
        fill_with_audio_streams(self._sounds, self._controller)

    @Slot()
    def _refresh_subtitles(self) -> None:
        tracks = self._controller.tracks
        self._subtitles.clear()
        self._subtitles.menuAction().setVisible(len(tracks.subtitle_tracks) > 1)
        group = QActionGroup(self._subtitles)
        for track in tracks.subtitle_tracks:
            action = QAction(track.label.replace("&", "&&"), group)
            action.setCheckable(True)
            action.setChecked(track is tracks.track)
            action.triggered.connect(partial(self._choose_subtitles, track.stream_index))
            self._subtitles.addAction(action)

    def _choose_subtitles(self, stream_index: int, *_checked: bool) -> None:
        self._controller.tracks.choose(stream_index)

    @Slot()
    def _refresh_streams(self) -> None:
        self._streams.clear()
        info = self._controller.info
        streams = () if info is None else info.video_streams
        self._streams.menuAction().setVisible(len(streams) > 1)
        if info is None:
            return
        group = QActionGroup(self._streams)
        for stream in streams:
            text = stream.label.replace("&", "&&") + (tr("  (cover art)") if stream.is_cover else "")
            action = QAction(text, group)
            action.setCheckable(True)
            action.setChecked(stream.stream_index == info.stream_index)
            action.setEnabled(not stream.is_cover)
            action.triggered.connect(partial(self._want_stream, stream.stream_index))
            self._streams.addAction(action)
