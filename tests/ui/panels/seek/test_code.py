"""Copy as code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton

from framescope.core.audit.records import Verdict, VerdictKind
from framescope.core.audit.snippets import SnippetKind
from framescope.ui.panels.seek.code import CodeMenu
from framescope.ui.panels.seek.panel import SeekPanel
from tests.ui.panels.seek.audits import canned_audit, child

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


def test_code_for_the_frame_on_screen_is_copied(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    panel = SeekPanel(live, theme)
    qtbot.addWidget(panel)
    live.show_frame(7)
    menu = child(panel, QToolButton, "seekCode").menu()
    menu.aboutToShow.emit()
    action = next(action for action in menu.actions() if action.objectName() == "seekCode.framescope")
    with qtbot.waitSignal(live.notice_posted):
        action.trigger()

    assert "7" in QGuiApplication.clipboard().text()
    assert menu.actions()[0].text().endswith("frame 7")


@pytest.mark.parametrize("kind", SnippetKind)
def test_there_is_code_for_every_library(
    qtbot: QtBot, live: Controller, theme: ThemeSource, kind: SnippetKind
) -> None:
    panel = SeekPanel(live, theme)
    qtbot.addWidget(panel)
    live.show_frame(7)
    menu = child(panel, QToolButton, "seekCode").menu()
    menu.aboutToShow.emit()
    action = next(one for one in menu.actions() if one.objectName() == f"seekCode.{kind.value}")
    assert action.isEnabled()
    action.trigger()
    text = QGuiApplication.clipboard().text()
    assert live.info is not None
    assert live.info.source in text


def test_only_a_frame_that_was_asked_for_may_be_sought(qtbot: QtBot, live: Controller) -> None:
    audit = canned_audit()
    menu = CodeMenu(live, lambda: audit)
    qtbot.addWidget(menu)
    for number, trusted in ((10, {"framescope"}), (11, set[str]())):
        live.show_frame(number)
        request = menu.request()
        assert request is not None
        assert request.trusted == trusted


def test_what_cannot_work_is_disabled_and_says_why(qtbot: QtBot, live: Controller) -> None:
    audit = canned_audit()
    blind = Verdict(VerdictKind.CANNOT_READ, "Its pictures are none.")
    others = [one for one in audit.trials if one.engine != "decord"]
    audit = replace(audit, trials=(*others, replace(audit.trial("decord"), verdict=blind)))
    menu = CodeMenu(live, lambda: audit)
    qtbot.addWidget(menu)
    menu.aboutToShow.emit()
    by_name = {action.objectName(): action for action in menu.actions()}
    decord = by_name["seekCode.decord"]
    assert not decord.isEnabled()
    assert decord.text() == "decord (not for this file)"
    assert "cannot read frames" in decord.toolTip()
    assert by_name["seekCode.opencv"].isEnabled()
