"""The menu bar: the catalogue's actions, and the menus filled from the file and the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.marks.labels import label_title
from framescope.core.media.container import shown_name
from framescope.core.printable import printable
from framescope.core.translation import tr
from framescope.ui.actions.spec import Menu
from framescope.ui.widgets.icons import swatch
from framescope.ui.widgets.menu_choices import MenuChoice, show_choices
from framescope.ui.widgets.theme import THEME_WORDS, ThemeChoice
from framescope.ui.window.sound_button import show_audio_streams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction
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
        after_layouts = actions["view.unlock"]
        self._removing = self._submenu(
            self._workspaces, tr("Delete layout"), "menu.delete_layout", before=after_layouts
        )
        self._layouts_end = self._workspaces.insertSeparator(after_layouts)
        file_menu = self._menus[Menu.FILE]
        self._recent = self._submenu(
            file_menu, tr("Open recent"), "menu.recent", before=actions["file.open_url"]
        )
        self._recent_end = self._recent.addSeparator()
        self._recent.addAction(tr("Clear the list")).triggered.connect(self.recent_cleared)
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
        self._themes = self._menus[Menu.VIEW].addMenu(tr("Theme"))
        self._themes.setObjectName("menu.theme")
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
            action.setText(label_title(label.name).replace("&", "&&"))
            action.setIcon(swatch(label.color))

    def set_playlist(self, sources: Sequence[str], current: str | None) -> None:
        """List the videos that were opened together, the open one checked."""
        self._playlist.menuAction().setVisible(len(sources) > 1)
        choices = [
            MenuChoice(source, shown_name(source), source == current, printable(source)) for source in sources
        ]
        show_choices(self._playlist, choices, self.video_wanted.emit)

    def set_layouts(self, names: Sequence[str]) -> None:
        """List the user's own layouts."""
        choices = [MenuChoice(name, name) for name in names]
        removing = self._removing.menuAction()
        show_choices(self._workspaces, choices, self.layout_wanted.emit, before=removing)
        show_choices(self._removing, choices, self.layout_removed.emit)
        for action in (removing, self._layouts_end):
            action.setVisible(bool(names))

    def set_recent(self, sources: Sequence[str]) -> None:
        """List recent videos, newest first."""
        self._recent.setEnabled(bool(sources))
        choices = [MenuChoice(source, shown_name(source), tip=printable(source)) for source in sources]
        show_choices(
            self._recent, choices, self.recent_wanted.emit, before=self._recent_end, is_numbered=True
        )

    def set_theme(self, choice: ThemeChoice) -> None:
        """Check the active theme."""
        choices = [MenuChoice(each.value, words, each is choice) for each, words in THEME_WORDS.items()]
        show_choices(self._themes, choices, self.theme_wanted.emit)

    def _submenu(self, parent: QMenu, title: str, name: str, *, before: QAction) -> QMenu:
        menu = parent.__class__(title, parent)
        menu.setObjectName(name)
        menu.setToolTipsVisible(True)
        parent.insertMenu(before, menu)
        return menu

    @Slot()
    def _refresh_sounds(self) -> None:
        show_audio_streams(self._sounds, self._controller)
        self._sounds.menuAction().setVisible(not self._sounds.isEmpty())

    @Slot()
    def _refresh_subtitles(self) -> None:
        tracks = self._controller.tracks
        self._subtitles.menuAction().setVisible(len(tracks.subtitle_tracks) > 1)
        choices = [
            MenuChoice(track.stream_index, track.label, track is tracks.track)
            for track in tracks.subtitle_tracks
        ]
        show_choices(self._subtitles, choices, tracks.choose)

    @Slot()
    def _refresh_streams(self) -> None:
        info = self._controller.info
        streams = () if info is None else info.video_streams
        self._streams.menuAction().setVisible(len(streams) > 1)
        choices = [
            MenuChoice(
                stream.stream_index,
                stream.label + (tr("  (cover art)") if stream.is_cover else ""),
                info is not None and stream.stream_index == info.stream_index,
                is_enabled=not stream.is_cover,
            )
            for stream in streams
        ]
        show_choices(self._streams, choices, self.stream_wanted.emit)
