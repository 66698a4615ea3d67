"""Keeps the tabs of the panels legible: words where they fit, otherwise icons and the front one's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QFontMetrics, QIcon
from PySide6.QtWidgets import QMainWindow, QTabBar

from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.theme import repolish, set_style_property

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        """Dress the bars once Qt is done: it makes another one for every new group of tabs."""
        self._soon.start(0)

    @Slot()
    def dress_all(self) -> None:
        """Dress the bars that there are; Qt makes them late, and without names."""
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if bar.objectName() != "panelTabs":
                bar.setObjectName("panelTabs")
                bar.setAccessibleName("Panels")
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
