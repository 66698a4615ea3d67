"""The panel: from the question to the answer, once for real."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtWidgets import QPushButton, QScrollArea, QToolButton, QWidget

from framescope.ui.panels.seek.panel import SeekPanel
from tests.ui.panels.seek.audits import canned_audit, child
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


def test_without_a_video_it_says_what_it_will_show(
    qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    panel = SeekPanel(session.as_controller(), theme)
    qtbot.addWidget(panel)
    panel.show()

    assert not child(panel, QWidget, "seekStart").isVisible()
    session.open()
    assert child(panel, QWidget, "seekStart").isVisible()
    assert child(panel, QPushButton, "seekStartQuick").isVisible()


def test_a_quick_check_of_a_real_clip(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    panel = SeekPanel(live, theme)
    on_screen(qtbot, panel, 700, 700)
    panel.setup.choose_engines("framescope", "opencv")
    with qtbot.waitSignal(panel.run.changed):
        panel.check_quickly()
    qtbot.waitUntil(lambda: not panel.run.is_running, timeout=60_000)
    audit = panel.run.audit
    assert audit is not None

    assert audit.trial("framescope").is_exact
    assert "Quick trial" in panel.results.text
    trial = audit.trial("framescope")
    panel.results.frames.show_answer(trial, trial.requests[0], audit.facts)
    qtbot.waitUntil(lambda: panel.results.frames.plates[0].image is not None)
    assert "It is the same frame." in panel.results.frames.words


def test_buttons_stay_where_they_are_when_the_view_changes(
    qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    panel = SeekPanel(session.as_controller(), theme)
    on_screen(qtbot, panel, 360, 420)
    session.open()
    panel.run.adopt(canned_audit())
    area = child(panel, QScrollArea, "seekScroll")
    buttons = [
        button for button in panel.findChildren(QToolButton) if button.objectName().startswith("seekView.")
    ]
    assert len(buttons) == 5

    def places() -> list[QPoint]:
        qtbot.wait(0)
        QCoreApplication.processEvents()
        return [button.mapTo(panel, QPoint()) for button in buttons]

    QCoreApplication.processEvents()
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    before = places()
    assert area.verticalScrollBar().value() > 0
    for button in (*buttons, buttons[0]):
        button.click()
        assert places() == before
