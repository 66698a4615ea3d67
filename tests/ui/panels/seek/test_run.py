"""Audits in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from framescope.core.audit.records import TrialState
from framescope.core.audit.requests import RequestKind
from framescope.ui.panels.seek.panel import SeekPanel, SeekRun, SeekSetup
from tests.ui.panels.seek.audits import child

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


def test_stopping_keeps_what_is_there(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    panel = SeekPanel(live, theme)
    qtbot.addWidget(panel)
    panel.setup.choose_engines("framescope", "opencv", "pyav")
    panel.check_every_frame()
    qtbot.waitUntil(lambda: panel.run.audit is not None or not panel.run.is_running, timeout=60_000)
    panel.run.cancel()
    qtbot.waitUntil(lambda: not panel.run.is_running, timeout=60_000)
    audit = panel.run.audit

    assert audit is not None
    assert all(trial.state is not TrialState.RUNNING for trial in audit.trials)


def test_another_video_makes_the_answers_void(seek_panel: SeekPanel, session: StandInController) -> None:
    session.source_opened.emit()

    assert seek_panel.run.audit is None
    assert child(seek_panel, QWidget, "seekStart").isVisible()


def test_nothing_is_started_without_a_video(session: StandInController) -> None:
    run = SeekRun(session.as_controller())
    run.start(SeekSetup().settings(RequestKind.QUICK))

    assert not run.is_running
    assert not session.called("run_job")
