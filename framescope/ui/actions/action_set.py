"""Creates QActions from the catalogue, maintains their shortcuts, icons and state, and finds them by id."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from framescope.core.translation import tr
from framescope.ui.actions.catalog import ACTIONS
from framescope.ui.actions.key_map import KeyMap
from framescope.ui.actions.spec import Menu, Needs
from framescope.ui.widgets.tick_menu import TickMenu
from framescope.ui.widgets.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from framescope.ui.actions.spec import ActionSpec, WindowCommands
    from framescope.ui.widgets.icons import IconSource


_MISSING = {
    Needs.VIDEO: tr("no video is open"),
    Needs.EXACT_FRAME: tr("the frame is not shown yet"),
    Needs.MARKS: tr("no frame is marked"),
    Needs.RANGE: tr("no range is set"),
    Needs.SELECTION: tr("nothing is marked"),
    Needs.UNDO: tr("nothing to undo"),
    Needs.REDO: tr("nothing to redo"),
    Needs.STREAMS: tr("the file has one video stream only"),
    Needs.SOUND: tr("the video has no sound"),
    Needs.CHAPTERS: tr("the video has no chapters"),
    Needs.SUBTITLES: tr("the video has no text subtitles"),
    Needs.COMPARED: tr("no second video is open"),
}


class ActionSet(QObject):
    """The window's actions. Threads: GUI.

    Attributes:
        further_commands: Additional palette commands: title and function.
    """

    keys_changed = Signal()

    def __init__(
        self,
        window: QWidget,
        commands: WindowCommands,
        icons: IconSource,
        key_map: KeyMap | None = None,
    ) -> None:
        super().__init__(window)
        self._commands = commands
        self._met: frozenset[Needs] | None = None
        self._actions: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        self.further_commands: Sequence[tuple[str, Callable[[], object]]] = ()
        for spec in ACTIONS:
            self._actions[spec.action_id] = self._make(spec, window, icons)
        self.apply_keys(key_map or KeyMap())
        controller = commands.controller
        for signal in (
            controller.sound.stream_changed,
            controller.sound_player.choices_changed,
            controller.tracks.changed,
            controller.comparing.changed,
            controller.comparing.look_changed,
            controller.comparing.pairing_changed,
        ):
            signal.connect(self.refresh_soon)
        self.refresh()
        # When they are complete: the window gets an event for each change of an action that it has.
        self.add_to(window)

    @property
    def key_map(self) -> KeyMap:
        """The active shortcuts."""
        return self._key_map

    def __getitem__(self, action_id: str) -> QAction:
        """The action with this id."""
        return self._actions[action_id]

    def add_to(self, window: QWidget) -> None:
        """Make the shortcuts work in another window as well."""
        window.addActions(list(self._actions.values()))

    def apply_keys(self, key_map: KeyMap) -> None:
        """Use other shortcuts; menus, tooltips and help are updated."""
        self._key_map = key_map
        for spec in ACTIONS:
            keys = [QKeySequence(key) for key in key_map.keys_of(spec.action_id)]
            action = self._actions[spec.action_id]
            action.setShortcuts(keys)
            action.setToolTip(_tip(spec, action))
        self.keys_changed.emit()

    def why_not(self, spec: ActionSpec) -> str:
        """Why an action is unavailable, in a few words; empty if it is available."""
        met = self._what_is_met()
        if spec.needs in met:
            return "" if spec.why_not is None else spec.why_not(self._commands)
        return _MISSING[Needs.VIDEO if Needs.VIDEO not in met else spec.needs]

    @Slot()
    def refresh_soon(self) -> None:
        """Update it once after all signals that come together, as when a video is opened."""
        Turns.of(self._commands.controller).do_soon(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Update which actions are enabled and checked."""
        met = self._what_is_met()
        for spec in ACTIONS:
            action = self._actions[spec.action_id]
            if met != self._met:
                action.setEnabled(spec.needs in met)
            if spec.is_checked is not None:
                action.setChecked(spec.is_checked(self._commands))
            if spec.why_not is not None:
                why = spec.why_not(self._commands) if spec.needs in met else ""
                action.setEnabled(spec.needs in met and not why)
                action.setToolTip(why or _tip(spec, action))
        self._met = met

    def fill_menu(self, menu: QMenu, which: Menu) -> None:
        """Add the actions of one menu to it."""
        submenus: dict[str, QMenu] = {}
        for spec in ACTIONS:
            if spec.menu is not which or not spec.in_menu:
                continue
            place = menu
            if spec.submenu and spec.submenu not in submenus:
                if spec.starts_group:
                    menu.addSeparator()
                place = submenus[spec.submenu] = (TickMenu if spec.stays_open else QMenu)(spec.submenu, menu)
                menu.addMenu(place)
                place.setToolTipsVisible(True)
            elif spec.submenu:
                place = submenus[spec.submenu]
            if spec.starts_group and not place.isEmpty():
                place.addSeparator()
            place.addAction(self._actions[spec.action_id])
            self._menus[spec.action_id] = place

    def menu_of(self, action_id: str) -> QMenu:
        """The menu or submenu to which `fill_menu` added an action."""
        return self._menus[action_id]

    def fill(self, menu: QMenu, action_ids: Sequence[str]) -> None:
        """Add these actions to a menu; an empty id adds a separator."""
        for action_id in action_ids:
            if action_id:
                menu.addAction(self._actions[action_id])
            else:
                menu.addSeparator()

    def _make(self, spec: ActionSpec, window: QWidget, icons: IconSource) -> QAction:
        action = QAction(spec.text, window)
        action.setObjectName(spec.action_id)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setAutoRepeat(spec.repeats)
        action.setCheckable(spec.is_checked is not None)
        action.setIconVisibleInMenu(False)
        action.triggered.connect(partial(self._run, spec))
        icons.bind(action, spec.icon)
        return action

    def _run(self, spec: ActionSpec, *_checked: bool) -> None:
        spec.command(self._commands)
        if spec.is_checked is not None:
            self.refresh()

    def _what_is_met(self) -> frozenset[Needs]:
        controller = self._commands.controller
        shown, info = controller.shown, controller.info
        streams = () if info is None else info.video_streams
        facts = {
            Needs.NOTHING: True,
            Needs.VIDEO: info is not None,
            Needs.STREAMS: sum(not stream.is_cover for stream in streams) > 1,
            Needs.EXACT_FRAME: shown is not None and shown.frame is not None,
            Needs.MARKS: bool(controller.marks),
            Needs.RANGE: controller.marked_range is not None,
            Needs.SELECTION: bool(controller.marks) or controller.marked_range is not None,
            Needs.UNDO: controller.selection.can_undo,
            Needs.REDO: controller.selection.can_redo,
            Needs.SOUND: controller.sound.stream is not None,
            Needs.CHAPTERS: bool(controller.tracks.chapters),
            Needs.SUBTITLES: bool(controller.tracks.subtitle_tracks),
            Needs.COMPARED: controller.comparing.is_active,
        }
        return frozenset(need for need, is_met in facts.items() if is_met)


def _tip(spec: ActionSpec, action: QAction) -> str:
    """Its name and its key."""
    keys = action.shortcuts()
    native = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
    name = spec.text.rstrip("…")
    return f"{name}  ({native})" if native else name
