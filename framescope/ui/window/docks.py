"""The docks: panels as tabs on the right, timeline and filmstrip below; movable by the user."""

from __future__ import annotations

import itertools
import zlib
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QVBoxLayout, QWidget

from framescope.ui.panels.catalog import PANELS, PanelSpec
from framescope.ui.timeline.lanes import CURVE_ROOM_PX
from framescope.ui.widgets.screen_room import RoomyScroll
from framescope.ui.widgets.turns import Turns
from framescope.ui.window.panel_tabs import PanelTabs

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.session.controller import Controller
    from framescope.ui.panels.catalog import PanelSpec
    from framescope.ui.widgets.theme import ThemeSource

_DOCK_PREFIX = "dock."
_PANEL_SHARE = 0.27
_PANEL_WIDTHS = (426, 480)
"""Usual minimum and maximum width of the panels."""
_MOST_SHARE = 0.356
"""In a small window the picture takes precedence."""
_FULL_HEIGHT_WIDTHS = (520, 720)
_FULL_HEIGHT_SHARE = 0.42
"""Panels of full height are there to be read, so they get more of the width."""
_LOW_WINDOW = 720
"""In a lower window, two strips leave less height to the picture than they take."""
_SINGLE_SHARE = 0.25
_TIMELINE_SHARE = 0.15
_MOST_TIMELINE_PX = 150
"""How much taller than it needs the timeline is where its lanes matter most."""
_LONGEST_WAIT_MS = 1500
"""A picture that takes longer is of a video that must be counted first, or that is on a network."""
_LEAST_PANEL_WIDTH = 320
"""Minimum width at which tables of three columns and rows of four tiles are legible."""
_RIGHT, _BOTTOM = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea


class Docks(QObject):
    """Makes the docks of a window, and saves, restores and resets their layout."""

    def __init__(self, window: QMainWindow, controller: Controller, theme: ThemeSource) -> None:
        super().__init__(window)
        self._window = window
        self._is_unlocked = False
        window.setDockOptions(
            QMainWindow.DockOption.AnimatedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AllowNestedDocks
        )
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        window.setCorner(Qt.Corner.BottomLeftCorner, _BOTTOM)
        window.setCorner(Qt.Corner.BottomRightCorner, _BOTTOM)
        self._controller = controller
        self._tabs = PanelTabs(window, theme, PANELS)
        self._tabs.panel_wanted.connect(self.show_panel)
        self._waiting = QTimer(self, singleShot=True, interval=_LONGEST_WAIT_MS)
        self._waiting.timeout.connect(self._on_waited)
        self._awaited: set[QDockWidget] = set()
        self._areas: dict[QDockWidget, Qt.DockWidgetArea] = {}
        self._by_name: dict[str, QDockWidget] = {}
        self._contents: dict[QDockWidget, QWidget] = {}
        self._unmade: dict[QDockWidget, Callable[[], QWidget]] = {}
        self._passing: list[QDockWidget] = []
        for spec in PANELS:
            dock = self._make_dock(spec.title, spec.panel_id)
            dock.setWindowTitle(spec.tab_text)
            dock.widget().setMinimumWidth(_LEAST_PANEL_WIDTH)
            self._fill(dock, _stand_in(spec))
            self._unmade[dock] = partial(spec.make, controller, theme)
            if not spec.is_standing:
                self._passing.append(dock)
            self._add(dock, spec.area)
        self._first_state = QByteArray()
        self._is_comparing = False
        self._front_before: QDockWidget | None = None
        controller.comparing.changed.connect(self._on_comparing_changed)
        self._lane_count = len(controller.settings.lanes)
        controller.settings.changed.connect(self._on_setting_changed)

    @property
    def is_unlocked(self) -> bool:
        """Whether docks show their title bars and can be moved."""
        return self._is_unlocked

    @property
    def is_low(self) -> bool:
        """Whether the window is so low that the strips have to leave their height to the picture."""
        return self._window.height() < _LOW_WINDOW

    @property
    def _is_full_height(self) -> bool:
        """Whether the panels reach down beside the strips."""
        return self._window.corner(Qt.Corner.BottomRightCorner) is _RIGHT

    @property
    def panel_names(self) -> tuple[str, ...]:
        """The short names of the panels, such as ``codec``."""
        return tuple(spec.panel_id.removesuffix("Panel") for spec in PANELS)

    def add_below(self, title: str, name: str, widget: QWidget) -> None:
        """Add a full-width widget below the picture."""
        dock = self._make_dock(title, name)
        self._fill(dock, widget)
        self._add(dock, _BOTTOM)

    @Slot(str)
    def show_panel(self, panel_id: str) -> bool:
        """Bring a panel to the front; False if there is none with that name."""
        dock = self._dock_of(panel_id)
        if dock is None:
            return False
        dock.show()
        dock.raise_()
        return True

    def is_shown(self, name: str) -> bool:
        """Whether a panel or strip has a place in the window, if only as a tab."""
        dock = self._dock_of(name)
        return dock is not None and not dock.isHidden()

    def toggle(self, name: str) -> None:
        """Bring a panel or strip to the front, or hide it if it is there."""
        dock = self._dock_of(name)
        # The content of a tab in the background is hidden.
        if dock is not None and not dock.isHidden() and not self._contents[dock].isHidden():
            dock.hide()
        else:
            self.show_panel(name)

    def wait_for_picture(self) -> None:
        """Delay panels until the next picture is shown, or a timeout: the picture takes precedence."""
        if self._waiting.isActive():
            return
        self._waiting.start()
        for signal in (self._controller.frame_shown, self._controller.source_failed):
            signal.connect(self._on_wait_over)

    def set_unlocked(self, *, unlocked: bool) -> None:
        """Show the title bars, so that docks can be moved, or hide them."""
        self._is_unlocked = unlocked
        for dock in self._areas:
            self._set_title_bar(dock)

    def arrange(self) -> None:
        """Place every dock, once: repeating it would leave a stale tab bar in Qt."""
        self._lay_out()
        self._first_state = self.state()

    def reset(self, *, full_height: bool = False, with_panels: bool = True) -> None:
        """Restore the default layout.

        Args:
            full_height: Whether the panels reach down beside the strips, instead of ending above them.
            with_panels: Whether the panels are shown. Without them the picture is to be large: in a low
                window, only the first of the strips is shown.
        """
        self.restore(self._first_state)
        # After that, as the state has the corners as well.
        self._window.setCorner(Qt.Corner.BottomRightCorner, _RIGHT if full_height else _BOTTOM)
        if not with_panels:
            for dock in (*self._in(_RIGHT), *(self._in(_BOTTOM)[1:] if self.is_low else ())):
                dock.hide()
        self.fit_sizes(has_low_strips=not with_panels)

    def show_only(self, name: str, timeline_share: float) -> None:
        """Show one panel, and of the strips only the timeline.

        Args:
            name: The panel.
            timeline_share: The timeline's height, from 0, the least it needs, to 1, the most that is useful.
        """
        self.restore(self._first_state)
        for dock in (*self._in(_RIGHT), *self._in(_BOTTOM)[1:]):
            dock.hide()
        self.show_panel(name)
        panel, timeline = self._dock_of(name), self._in(_BOTTOM)[0]
        if panel is not None:
            width = int(min(max(self._window.width() * _SINGLE_SHARE, _LEAST_PANEL_WIDTH), _PANEL_WIDTHS[0]))
            self._window.resizeDocks([panel], [width], Qt.Orientation.Horizontal)
        least = self._contents[timeline].minimumSizeHint().height()
        extra = min(int(self._window.height() * _TIMELINE_SHARE), _MOST_TIMELINE_PX)
        height = least + round(timeline_share * extra) + self._lane_count * CURVE_ROOM_PX
        self._window.resizeDocks([timeline], [height], Qt.Orientation.Vertical)
        self._tabs.dress_soon()

    def fit_sizes(self, *, has_low_strips: bool = False) -> None:
        """Set sizes of panels and strips that suit the window; low strips leave more of it to the picture."""
        self._fit_panels()
        self.fit_strips(are_low=has_low_strips)

    def _fit_panels(self) -> None:
        panels = [dock for dock in self._in(_RIGHT) if not dock.isHidden()]
        low, high = _FULL_HEIGHT_WIDTHS if self._is_full_height else _PANEL_WIDTHS
        most = _FULL_HEIGHT_SHARE if self._is_full_height else _MOST_SHARE
        whole = self._window.width()
        width = int(max(min(max(whole * _PANEL_SHARE, low), high, whole * most), _LEAST_PANEL_WIDTH))
        if panels:
            self._window.resizeDocks(panels[:1], [width], Qt.Orientation.Horizontal)

    def fit_strips(self, *, are_low: bool = False) -> None:
        """Set heights of the strips that suit the window; in a low one they are always low."""
        below = self._in(_BOTTOM)
        contents = [self._contents[dock] for dock in below]
        heights = [max(content.sizeHint().height(), 60) for content in contents]
        if are_low or self.is_low:
            heights = [max(content.minimumSizeHint().height(), 60) for content in contents]
        elif heights:
            # In a tall window the bars get more of the height; the thumbnail height is set separately.
            heights[0] += max(min(int((self._window.height() - 900) * 0.15), 90), 0)
        if below:
            heights[0] += self._lane_count * CURVE_ROOM_PX
            self._window.resizeDocks(below, heights, Qt.Orientation.Vertical)

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name == "lanes":
            Turns.of(self._controller).do_soon(self._make_room)

    @Slot()
    def _make_room(self) -> None:
        """Make room for lanes of the timeline that were switched on, as far as others can spare it."""
        count = len(self._controller.settings.lanes)
        added, self._lane_count = count - self._lane_count, count
        dock = self._dock_of("timeline")
        if dock is not None and not dock.isHidden() and not dock.isFloating():
            height = dock.height() + added * CURVE_ROOM_PX
            self._window.resizeDocks([dock], [height], Qt.Orientation.Vertical)

    def state(self) -> QByteArray:
        """The layout, to be saved."""
        return self._window.saveState(self._state_version)

    def restore(self, state: QByteArray) -> bool:
        """Restore a saved layout; False if it does not match these docks."""
        focused = self._window.focusWidget()
        fits = not state.isEmpty() and self._window.restoreState(state, self._state_version)
        if focused is not None and focused.isVisible():
            # Qt hides docks meanwhile, and the keyboard would stay with a button.
            focused.setFocus(Qt.FocusReason.OtherFocusReason)
        return fits

    @property
    def _state_version(self) -> int:
        # The version changes with the set of panels: an older layout would not place a new panel.
        return zlib.crc32(" ".join(dock.objectName() for dock in self._areas).encode()) & 0x7FFFFFFF

    def name_tabs(self) -> None:
        """Style tab bars that Qt has made meanwhile."""
        self._tabs.dress_all()

    def _dock_of(self, name: str) -> QDockWidget | None:
        return self._by_name.get(name.casefold().removesuffix("panel"))

    def _add(self, dock: QDockWidget, area: Qt.DockWidgetArea) -> None:
        self._areas[dock] = area
        own = dock.objectName().removeprefix(_DOCK_PREFIX).removesuffix("Panel")
        for name in (own, dock.windowTitle(), dock.accessibleName()):
            self._by_name[name.casefold()] = dock

    def _make_dock(self, title: str, name: str) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"{_DOCK_PREFIX}{name}")
        dock.setAccessibleName(title)
        # Qt only moves the widget of a tab in the background out of sight. A holder lets it be hidden, so
        # that it stops working; hiding the dock's own widget would leave the dock without a size.
        holder = QWidget(dock)
        holder.setAutoFillBackground(True)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        dock.setWidget(holder)
        dock.visibilityChanged.connect(partial(self._show_content, dock))
        self._set_title_bar(dock)
        return dock

    def _fill(self, dock: QDockWidget, widget: QWidget) -> None:
        column = dock.widget().layout()
        assert column is not None
        column.addWidget(widget)
        self._contents[dock] = widget

    def _show_content(self, dock: QDockWidget, is_visible: bool) -> None:  # noqa: FBT001 - Qt's signal
        if is_visible and dock in self._unmade and self._waiting.isActive():
            self._awaited.add(dock)
        elif is_visible:
            self._make(dock)
        else:
            self._awaited.discard(dock)
        self._contents[dock].setVisible(is_visible)
        self._tabs.dress_soon()

    def _make(self, dock: QDockWidget) -> None:
        """Make the panel of a dock, if not made yet."""
        make = self._unmade.pop(dock, None)
        if make is not None:
            # Panels are made when first shown, so that the window opens sooner.
            stand_in = self._contents.pop(dock)
            stand_in.setParent(None)
            stand_in.deleteLater()
            # A panel that needs more height than there is scrolls: the picture keeps its place.
            self._fill(dock, RoomyScroll(make(), dock))

    @Slot()
    def _on_comparing_changed(self) -> None:
        """Show the panel of the comparison while there is one."""
        is_comparing = self._controller.comparing.is_active
        if is_comparing == self._is_comparing:
            return
        self._is_comparing = is_comparing
        dock = self._dock_of("compare")
        if is_comparing:
            self._front_before = self._front_panel()
            self.show_panel("compare")
        elif dock is not None:
            was_in_front = dock is self._front_panel()
            dock.hide()
            before = self._front_before
            if was_in_front and before is not None and not before.isHidden():
                before.raise_()

    def _front_panel(self) -> QDockWidget | None:
        """The panel whose content is seen among the tabs; None without panels."""
        shown = (dock for dock in self._in(_RIGHT) if not dock.isHidden())
        return next((dock for dock in shown if not self._contents[dock].isHidden()), None)

    @Slot()
    def _on_wait_over(self) -> None:
        self._controller.frame_shown.disconnect(self._on_wait_over)
        self._controller.source_failed.disconnect(self._on_wait_over)
        # Once the picture was painted.
        self._waiting.start(0)

    @Slot()
    def _on_waited(self) -> None:
        while self._awaited:
            dock = self._awaited.pop()
            self._make(dock)
            self._contents[dock].show()

    def _set_title_bar(self, dock: QDockWidget) -> None:
        old = dock.titleBarWidget()
        if self._is_unlocked:
            # None restores the dock's own title bar; PySide6's stub lacks that case.
            dock.setTitleBarWidget(None)  # type: ignore[arg-type]
            old.deleteLater()
        else:
            bar = QWidget(dock)
            bar.setFixedHeight(0)
            dock.setTitleBarWidget(bar)

    def _in(self, area: Qt.DockWidgetArea) -> list[QDockWidget]:
        return [dock for dock, home in self._areas.items() if home == area]

    def _lay_out(self) -> None:
        for dock, area in self._areas.items():
            self._window.addDockWidget(area, dock)
            dock.show()
        right = self._in(_RIGHT)
        for first, second in itertools.pairwise(right):
            self._window.tabifyDockWidget(first, second)
        for dock in right[1:]:
            self._contents[dock].hide()
        for dock in self._passing:
            dock.hide()
        if right:
            right[0].raise_()
        below = self._in(_BOTTOM)
        for first, second in itertools.pairwise(below):
            self._window.splitDockWidget(first, second, Qt.Orientation.Vertical)
        self.fit_sizes()
        self.name_tabs()


def _stand_in(spec: PanelSpec) -> QWidget:
    """A placeholder for a panel until it is made."""
    widget = QWidget()
    widget.setObjectName(spec.panel_id)
    widget.setAccessibleName(spec.title)
    return widget
