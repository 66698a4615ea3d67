"""The catalogue of panels: every line leads to a widget of the name it states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.ui.panels.catalog import PANELS, PanelSpec

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@pytest.mark.parametrize("spec", PANELS, ids=lambda spec: spec.panel_id)
def test_every_line_makes_its_panel(
    qtbot: QtBot, controller: Controller, theme: ThemeSource, spec: PanelSpec
) -> None:
    panel = spec.make(controller, theme)
    qtbot.addWidget(panel)
    assert panel.objectName() == spec.panel_id
    assert panel.accessibleName()


def test_names_and_titles_are_told_apart() -> None:
    assert len({spec.panel_id for spec in PANELS}) == len(PANELS)
    assert len({spec.title for spec in PANELS}) == len(PANELS)
