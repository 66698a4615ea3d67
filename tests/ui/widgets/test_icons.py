"""Icons follow the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton

from framescope.ui.actions.catalog import ACTIONS
from framescope.ui.panels.catalog import PANELS
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.theme import ThemeChoice

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


def test_an_icon_changes_with_the_theme(theme: ThemeSource) -> None:
    icons = IconSource(theme)
    action = QAction()
    icons.bind(action, "ph.play")
    dark = action.icon().pixmap(16, 16).toImage()
    theme.set_choice(ThemeChoice.LIGHT)
    assert action.icon().pixmap(16, 16).toImage() != dark


def test_target_that_is_gone_does_no_harm(qtbot: QtBot, theme: ThemeSource) -> None:
    icons = IconSource(theme)
    gone, there = QToolButton(), QToolButton()
    qtbot.addWidget(there)
    icons.bind(gone, "ph.play")
    icons.bind(there, "ph.play")
    shiboken6.delete(gone)
    theme.set_choice(ThemeChoice.LIGHT)
    assert not there.icon().isNull()


def test_every_icon_of_the_catalogues_exists(theme: ThemeSource) -> None:
    icons = IconSource(theme)
    for name in {spec.icon for spec in ACTIONS if spec.icon} | {spec.icon for spec in PANELS if spec.icon}:
        assert not icons.make(name).isNull(), name
