"""The scopes panel measures the exact frame on screen, all of it or what is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel

from framescope.core.errors import DecodeError
from framescope.ui.panels.scopes import panel as panel_module
from framescope.ui.panels.scopes.panel import ScopesPanel
from tests.ui.clip.session import find_unavailable
from tests.ui.parts import on_screen, part

if TYPE_CHECKING:
    import numpy as np
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def panel(qtbot: QtBot, live: Controller, theme: ThemeSource) -> ScopesPanel:
    made = ScopesPanel(live, theme)
    on_screen(qtbot, made, 340, 900)
    qtbot.waitUntil(lambda: words_of(made).startswith("Y "))
    return made


def words_of(panel: ScopesPanel) -> str:
    label = panel.findChild(QLabel, "scopesWords")
    assert label is not None
    return label.text()


def is_exact(live: Controller) -> bool:
    frame = None if live.shown is None else live.shown.frame
    return frame is not None and frame.frame_number == live.position


def luma(live: Controller) -> np.ndarray:
    assert live.shown is not None
    assert live.shown.frame is not None
    return live.shown.frame.planes()[0]


def test_it_follows_the_playhead(panel: ScopesPanel, live: Controller, qtbot: QtBot) -> None:
    for number in (30, 5):
        live.show_frame(number)
        qtbot.waitUntil(
            lambda: (
                live.shown is not None
                and live.shown.frame is not None
                and live.position == live.shown.frame.frame_number
            )
        )
        expected = f"mean {luma(live).mean():.1f}"
        qtbot.waitUntil(lambda: expected in words_of(panel))  # noqa: B023 - called here only


def test_only_the_part_in_view_counts_if_wanted(panel: ScopesPanel, live: Controller, qtbot: QtBot) -> None:
    box = panel.findChild(QCheckBox, "scopesInView")
    assert box is not None
    live.view.set_picture_part(0.5, 0.0, 1.0, 0.5)
    box.setChecked(True)
    rows, columns = luma(live).shape
    expected = f"mean {luma(live)[: rows // 2, columns // 2 :].mean():.1f}"
    qtbot.waitUntil(lambda: expected in words_of(panel))
    live.view.set_picture_part(0.0, 0.0, 1.0, 1.0)
    qtbot.waitUntil(lambda: f"mean {luma(live).mean():.1f}" in words_of(panel))


def test_nothing_is_shown_for_a_frame_that_is_not_available(
    panel: ScopesPanel, live: Controller, qtbot: QtBot
) -> None:
    words = part(panel, QLabel, "scopesWords")
    find_unavailable(live)
    qtbot.waitUntil(lambda: not words.isVisible())
    live.show_frame(20)
    qtbot.waitUntil(words.isVisible)


def test_nothing_is_shown_for_a_frame_that_cannot_be_measured(
    panel: ScopesPanel, live: Controller, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DecodeError("It cannot be converted.")

    words = part(panel, QLabel, "scopesWords")
    with monkeypatch.context() as patch:
        patch.setattr(panel_module, "measure_scopes", fail)
        live.show_frame(20)
        qtbot.waitUntil(lambda: not words.isVisible())
    live.show_frame(21)
    qtbot.waitUntil(words.isVisible)
