"""The tabs of the panels: the names of those that fit, and a menu of all at the end of the bar."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMenu,
    QTabBar,
    QToolButton,
    QWidgetAction,
)

from framescope.core.translation import tr
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.roles import named_line
from framescope.ui.widgets.theme import repolish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from framescope.ui.panels.catalog import PanelSpec
    from framescope.ui.widgets.theme import ThemeSource

_PIXELS = 12
_PADDING = 6
"""Padding left and right of a tab's title, as in the stylesheet."""
_ICON = 16
_SEARCH_WIDTH = 200


class PanelMenu(QMenu):
    """All panels by name, with their keys, and a search for them. Threads: GUI."""

    panel_wanted = Signal(str)
    """The id of a panel."""

    def __init__(
        self, window: QMainWindow, icons: IconSource, panels: Sequence[PanelSpec], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panelMenu")
        self._window = window
        self._icons = icons
        self._panels = {panel.panel_id: panel for panel in panels}
        self._search = named_line(self, "panelSearch", tr("Search the panels"))
        self._search.setPlaceholderText(tr("Search"))
        self._search.setMinimumWidth(_SEARCH_WIDTH)
        self._search.textChanged.connect(self._on_searched)
        self._search.returnPressed.connect(self._on_return_pressed)
        holder = QWidgetAction(self)
        holder.setDefaultWidget(self._search)
        self.addAction(holder)
        self._found: dict[str, QAction] = {}
        for panel in panels:
            action = self.addAction(panel.title)
            action.setCheckable(True)
            action.triggered.connect(partial(self._choose, panel.panel_id))
            self._found[panel.panel_id] = action
        self.aboutToShow.connect(self._on_about_to_show)

    def show_front(self, titles: Sequence[str]) -> None:
        """Check the panels that are in front, by the texts of their tabs."""
        for panel_id, action in self._found.items():
            action.setChecked(self._panels[panel_id].tab_text in titles)

    def _choose(self, panel_id: str, *_checked: bool) -> None:
        self.close()
        self.panel_wanted.emit(panel_id)

    @Slot()
    def _on_about_to_show(self) -> None:
        self._search.clear()
        for panel_id, action in self._found.items():
            panel = self._panels[panel_id]
            action.setIcon(self._icons.make(panel.icon, color="text_muted"))
            known = self._window.findChild(QAction, f"panel.{panel_id.removesuffix('Panel')}")
            key = (
                "" if known is None else known.shortcut().toString(known.shortcut().SequenceFormat.NativeText)
            )
            action.setText(f"{panel.title}\t{key}" if key else panel.title)
        # Once the menu is there: it takes the keyboard when it opens.
        QTimer.singleShot(0, self._search, self._search.setFocus)

    @Slot(str)
    def _on_searched(self, text: str) -> None:
        wanted = text.casefold().strip()
        for panel_id, action in self._found.items():
            panel = self._panels[panel_id]
            action.setVisible(wanted in panel.title.casefold() or wanted in panel.tab_text.casefold())

    @Slot()
    def _on_return_pressed(self) -> None:
        first = next((one for one, action in self._found.items() if action.isVisible()), None)
        if first is not None:
            self._choose(first)


class PanelTabs(QObject):
    """Styles the tab bars that Qt makes for docks, and shows the tabs that fit. Threads: GUI."""

    panel_wanted = Signal(str)
    """The id of a panel that was chosen in the menu."""

    def __init__(self, window: QMainWindow, theme: ThemeSource, panels: Sequence[PanelSpec]) -> None:
        """Prepare to style tab bars.

        Args:
            window: The window whose docks are tabbed.
            theme: Colours of the icons.
            panels: The panels that have tabs.
        """
        super().__init__(window)
        self._window = window
        self._icons = IconSource(theme, self)
        self._specs = tuple(panels)
        self._panels = {panel.tab_text: panel for panel in panels}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.dress_all)
        theme.changed.connect(self.dress_all)

    @Slot()
    def dress_soon(self) -> None:
        """Style the bars once Qt is done: it makes a new one for every new group of tabs."""
        self._soon.start(0)

    @Slot()
    def dress_all(self) -> None:
        """Style all tab bars; Qt makes them late, and without names."""
        bars = self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for bar in bars:
            if bar.objectName() != "panelTabs":
                self._adopt(bar)
            self._dress(bar)
        self._hide_left_over(bars)

    def _adopt(self, bar: QTabBar) -> None:
        bar.setObjectName("panelTabs")
        bar.setAccessibleName(tr("Panels"))
        bar.setDrawBase(False)
        bar.setExpanding(False)
        bar.setIconSize(QSize(_ICON, _ICON))
        bar.installEventFilter(self)
        bar.currentChanged.connect(self.dress_soon)
        more = QToolButton(bar)
        more.setObjectName("morePanels")
        more.setToolTip(tr("All panels"))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        more.setAutoRaise(True)
        more.setIconSize(QSize(12, 12))
        more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        more.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._icons.bind(more, "ph.caret-down", color="text_muted")
        menu = PanelMenu(self._window, self._icons, self._specs, more)
        # Only the button has its arrow behind the number.
        menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        menu.panel_wanted.connect(self.panel_wanted)
        menu.aboutToShow.connect(partial(self._check_front, menu, bar))
        more.setMenu(menu)
        # A bar made while restoring a layout already has its style, without the object name.
        repolish(bar)

    def _check_front(self, menu: PanelMenu, bar: QTabBar) -> None:
        menu.show_front([bar.tabText(bar.currentIndex())])

    def _hide_left_over(self, bars: Sequence[QTabBar]) -> None:
        """Hide bars that Qt made for an earlier layout: it forgets them, and they stay on screen."""
        docks = self._window.findChildren(QDockWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        waiting = {dock.windowTitle() for dock in docks if not dock.isHidden()}
        # The last one that was made has the panel.
        for bar in reversed(bars):
            titles = {bar.tabText(tab) for tab in range(bar.count())} & waiting
            bar.setVisible(len(titles) > 1)
            waiting -= titles

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Show the tabs that fit a bar's new width."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show) and isinstance(watched, QTabBar):
            self._dress(watched)
        return super().eventFilter(watched, event)

    def _dress(self, bar: QTabBar) -> None:
        more = bar.findChild(QToolButton, "morePanels")
        if more is None:
            return
        widths = title_widths(bar)
        hidden: set[int] = set()
        if sum(widths) > bar.width():
            more.setText(f"+{len(widths)}")
            hidden = left_over(widths, bar.currentIndex(), bar.width() - more.sizeHint().width())
        more.setText(f"+{len(hidden)}")
        more.setAccessibleName(tr("All panels, of which {count} have no tab here", count=len(hidden)))
        size = more.sizeHint()
        more.setGeometry(bar.width() - size.width(), 0, size.width(), bar.height() - 1)
        more.setVisible(bool(hidden))
        changes = [tab for tab in range(bar.count()) if bar.isTabVisible(tab) is (tab in hidden)]
        for tab in changes:
            bar.setTabVisible(tab, tab not in hidden)
        if changes:
            # Qt leaves the others where they are, and a gap between them.
            bar.setIconSize(bar.iconSize())
        for tab in range(bar.count()):
            panel = self._panels.get(bar.tabText(tab))
            if panel is not None:
                bar.setTabToolTip(tab, panel.title)


def title_widths(bar: QTabBar) -> list[int]:
    """The widths of a bar's tabs, in logical pixels."""
    metrics = QFontMetrics(sized(bar.font(), _PIXELS, bold=True))
    return [metrics.horizontalAdvance(bar.tabText(tab)) + 2 * _PADDING + 1 for tab in range(bar.count())]


def left_over(widths: Sequence[int], current: int, room: int) -> set[int]:
    """The tabs that do not fit, from the last one on; never the current one.

    Args:
        widths: The widths of all tabs.
        current: The place of the one in front.
        room: What they have.
    """
    left = room - (widths[current] if 0 <= current < len(widths) else 0)
    hidden = set()
    for place, width in enumerate(widths):
        if place == current:
            continue
        left -= width
        if left < 0:
            hidden.add(place)
    return hidden
