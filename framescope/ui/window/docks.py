"""The docks: panels as tabs on the right, timeline and filmstrip below; movable by the user."""

from __future__ import annotations

import itertools
import zlib
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QFontMetrics, QIcon
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QTabWidget, QVBoxLayout, QWidget

from framescope.core.translation import tr
from framescope.ui.panels.catalog import PANELS, PanelSpec
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.theme import repolish, set_style_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtGui import QAction

    from framescope.session.controller import Controller
    from framescope.ui.panels.catalog import PanelSpec
    from framescope.ui.widgets.theme import ThemeSource

NARROW = "narrow"
"""The property by which the stylesheet knows a bar whose words do not all fit."""

_PIXELS = 12
_PADDING = 6
"""Left and right of a tab's word, as in the stylesheet."""
_ICON = 16


class PanelTabs(QObject):
    """Watches the tab bars that Qt makes for docks. Threads: GUI."""

    def __init__(self, window: QMainWindow, theme: ThemeSource, panels: Iterable[PanelSpec]) -> None:
        """Prepare to dress tab bars.

        Args:
            window: The window whose docks stand in tabs.
            theme: Colours of the icons.
            panels: What there are tabs for.
        """
        super().__init__(window)
        self._window = window
        self._icons = IconSource(theme, self)
        self._panels = {panel.tab_text: panel for panel in panels}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.dress_all)
        theme.changed.connect(self.dress_all)

    @Slot()
    def dress_soon(self) -> None:
        """Style the bars once Qt is done: it makes another one for every new group of tabs."""
        self._soon.start(0)

    @Slot()
    def dress_all(self) -> None:
        """Style the bars that there are; Qt makes them late, and without names."""
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if bar.objectName() != "panelTabs":
                bar.setObjectName("panelTabs")
                bar.setAccessibleName(tr("Panels"))
                bar.setDrawBase(False)
                bar.setExpanding(False)
                bar.setIconSize(QSize(_ICON, _ICON))
                bar.installEventFilter(self)
                # A bar that Qt made while a layout was restored has its style by now, that of another name.
                repolish(bar)
            self._dress(bar)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """See whether the words fit a bar's new width."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show) and isinstance(watched, QTabBar):
            self._dress(watched)
        return super().eventFilter(watched, event)

    def _dress(self, bar: QTabBar) -> None:
        is_narrow = words_width(bar) > bar.width()
        for tab in range(bar.count()):
            panel = self._panels.get(bar.tabText(tab))
            if panel is None:
                continue
            has_icon = is_narrow and bool(panel.icon)
            bar.setTabIcon(tab, self._icons.make(panel.icon, color="text_muted") if has_icon else QIcon())
            bar.setTabToolTip(tab, panel.title)
        set_style_property(bar, NARROW, is_narrow)


def words_width(bar: QTabBar) -> int:
    """How wide a bar must be for all its words, in logical pixels."""
    metrics = QFontMetrics(sized(bar.font(), _PIXELS, bold=True))
    return sum(metrics.horizontalAdvance(bar.tabText(tab)) + 2 * _PADDING + 1 for tab in range(bar.count()))


_DOCK_PREFIX = "dock."
_PANEL_SHARE = 0.27
_PANEL_WIDTHS = (426, 480)
"""From a width at which the words of all tabs fit."""
_MOST_SHARE = 0.356
"""In a small window the picture comes first."""
_LONGEST_WAIT_MS = 1500
"""A picture that takes longer is of a video that has to be counted, or comes from far away."""
_LEAST_PANEL_WIDTH = 320
"""Tables of three columns and tiles of four show their words down to this width."""
_RIGHT, _BOTTOM = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea


class Docks(QObject):
    """Makes the docks of a window, and keeps, restores and resets their layout."""

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
        self._waiting = QTimer(self, singleShot=True, interval=_LONGEST_WAIT_MS)
        self._waiting.timeout.connect(self._on_waited)
        self._awaited: set[QDockWidget] = set()
        self._areas: dict[QDockWidget, Qt.DockWidgetArea] = {}
        self._contents: dict[QDockWidget, QWidget] = {}
        self._unmade: dict[QDockWidget, Callable[[], QWidget]] = {}
        for spec in PANELS:
            dock = self._make_dock(spec.title, spec.panel_id)
            dock.setWindowTitle(spec.tab_text)
            # The action has taken the tab's word by now; a menu has room for the whole title.
            dock.toggleViewAction().setText(spec.title)
            dock.widget().setMinimumWidth(_LEAST_PANEL_WIDTH)
            self._fill(dock, _stand_in(spec))
            self._unmade[dock] = partial(spec.make, controller, theme)
            self._areas[dock] = spec.area
        self._first_state = QByteArray()

    @property
    def is_unlocked(self) -> bool:
        """Whether docks show their title bars and can be moved."""
        return self._is_unlocked

    @property
    def toggle_actions(self) -> tuple[QAction, ...]:
        """One action a dock, which shows or hides it."""
        return tuple(dock.toggleViewAction() for dock in self._areas)

    @property
    def panel_names(self) -> tuple[str, ...]:
        """The short names of the panels, such as ``codec``."""
        return tuple(spec.panel_id.removesuffix("Panel") for spec in PANELS)

    def add_below(self, title: str, name: str, widget: QWidget) -> None:
        """Put a widget over the whole width below the picture."""
        dock = self._make_dock(title, name)
        self._fill(dock, widget)
        self._areas[dock] = _BOTTOM

    def show_panel(self, panel_id: str) -> bool:
        """Bring a panel to the front; False when there is none of that name."""
        wanted = panel_id.casefold().removesuffix("panel")
        for dock in self._areas:
            name = dock.objectName().removeprefix(_DOCK_PREFIX)
            names = (name.removesuffix("Panel"), dock.windowTitle(), dock.accessibleName())
            if wanted in {each.casefold() for each in names}:
                dock.show()
                dock.raise_()
                return True
        return False

    def wait_for_picture(self) -> None:
        """Make no panel before the next picture is shown, or a moment has passed: the picture comes first."""
        if self._waiting.isActive():
            return
        self._waiting.start()
        for signal in (self._controller.frame_shown, self._controller.source_failed):
            signal.connect(self._on_wait_over)

    def set_unlocked(self, *, unlocked: bool) -> None:
        """Show the title bars, so that docks can be dragged, or hide them."""
        self._is_unlocked = unlocked
        for dock in self._areas:
            self._set_title_bar(dock)

    def arrange(self) -> None:
        """Put every dock into its place, once: Qt keeps a stale tab bar of a second time."""
        self._lay_out()
        self._first_state = self.state()

    def reset(self) -> None:
        """Put every dock where it was at first."""
        self.restore(self._first_state)
        self.fit_sizes()

    def fit_sizes(self) -> None:
        """Give panels and strips sizes that suit the window."""
        panels = self._in(_RIGHT)
        low, high = _PANEL_WIDTHS
        whole = self._window.width()
        width = int(max(min(max(whole * _PANEL_SHARE, low), high, whole * _MOST_SHARE), _LEAST_PANEL_WIDTH))
        if panels:
            self._window.resizeDocks(panels[:1], [width], Qt.Orientation.Horizontal)
        below = self._in(_BOTTOM)
        heights = [max(self._contents[dock].sizeHint().height(), 60) for dock in below]
        if heights:
            # On a tall window the bars get more of the height; thumbnails have a size of their own.
            heights[0] += max(min(int((self._window.height() - 900) * 0.15), 90), 0)
        if below:
            self._window.resizeDocks(below, heights, Qt.Orientation.Vertical)

    def state(self) -> QByteArray:
        """The layout, to be kept."""
        return self._window.saveState(self._state_version)

    def restore(self, state: QByteArray) -> bool:
        """Bring a kept layout back; False when it is not one of these docks."""
        return not state.isEmpty() and self._window.restoreState(state, self._state_version)

    @property
    def _state_version(self) -> int:
        # A layout that was kept without a panel would leave it nowhere.
        return zlib.crc32(" ".join(dock.objectName() for dock in self._areas).encode()) & 0x7FFFFFFF

    def name_tabs(self) -> None:
        """Dress the tab bars that Qt has made since."""
        self._tabs.dress_all()

    def _make_dock(self, title: str, name: str) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"{_DOCK_PREFIX}{name}")
        dock.setAccessibleName(title)
        # Qt only moves a tab that is not in front out of sight. Its widget is hidden inside a holder, so that
        # it stops working; hiding the dock's own widget would leave the dock without a size.
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
        """Make the panel of a dock, if there is one that was not made yet."""
        make = self._unmade.pop(dock, None)
        if make is not None:
            # Panels are made when they are first looked at: the window is there sooner for it.
            stand_in = self._contents.pop(dock)
            stand_in.setParent(None)
            stand_in.deleteLater()
            self._fill(dock, make())

    @Slot()
    def _on_wait_over(self) -> None:
        self._controller.frame_shown.disconnect(self._on_wait_over)
        self._controller.source_failed.disconnect(self._on_wait_over)
        # After the picture was painted.
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
            # None gives the dock its own title bar back; the stub of PySide6 lacks that case.
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
        if right:
            right[0].raise_()
        below = self._in(_BOTTOM)
        for first, second in itertools.pairwise(below):
            self._window.splitDockWidget(first, second, Qt.Orientation.Vertical)
        self.fit_sizes()
        self.name_tabs()


def _stand_in(spec: PanelSpec) -> QWidget:
    """What is found under a panel's name until it is made."""
    widget = QWidget()
    widget.setObjectName(spec.panel_id)
    widget.setAccessibleName(spec.title)
    return widget
