"""One GOP table for all panels, made at once or in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QObject, Signal

from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.ui.panels.gop.source import GopSource
from framescope.ui.panels.timing.source import TimingSource
from tests.ui.panels.panel_examples import gop_index, open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from tests.ui.stand_ins import StandInController


class StandInJob(QObject):
    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, work: Callable[..., object]) -> None:
        super().__init__()
        self._work = work

    def cancel(self) -> None:
        """It ends when the test says so."""

    def end(self) -> None:
        self.finished.emit(self._work(ignore_progress, CancelToken()))


def gops_of(source: GopSource) -> int | None:
    return None if source.table is None else len(source.table)


@pytest.fixture
def jobs(session: StandInController, monkeypatch: pytest.MonkeyPatch) -> list[StandInJob]:
    """Jobs that wait until the test ends them; any table is long enough for one."""
    started: list[StandInJob] = []

    def run_job(title: str, work: Callable[..., object], *, announce: bool, origin: str) -> StandInJob:
        assert title
        assert not origin
        assert not announce
        started.append(StandInJob(work))
        return started[-1]

    monkeypatch.setattr(session, "run_job", run_job, raising=False)
    monkeypatch.setattr(GopSource, "most_frames_at_once", 3)
    return started


def test_all_panels_share_one(controller: Controller) -> None:
    assert GopSource.of(controller) is GopSource.of(controller)


def test_a_short_table_is_there_at_once(
    controller: Controller, session: StandInController, qtbot: QtBot
) -> None:
    source = GopSource.of(controller)
    assert gops_of(source) is None
    open_video(session)
    with qtbot.waitSignal(source.changed):
        source.refresh()
    assert gops_of(source) == 3
    assert source.index is session.index
    with qtbot.assertNotEmitted(source.changed):
        source.refresh()


def test_a_growing_one_is_made_anew_only_now_and_then(
    controller: Controller, session: StandInController, qtbot: QtBot
) -> None:
    source = GopSource.of(controller)
    open_video(session, gop_index(complete=False))
    source.refresh()
    first = source.table
    session.index = gop_index(complete=False)
    source.refresh()
    assert source.table is first
    qtbot.waitUntil(lambda: source.table is not first)
    session.index = gop_index()
    source.refresh()
    assert cast("object", source.index) is session.index


def test_a_long_table_is_made_in_a_job(
    controller: Controller, session: StandInController, jobs: list[StandInJob]
) -> None:
    source = GopSource.of(controller)
    open_video(session)
    source.refresh()
    source.refresh()
    assert len(jobs) == 1
    assert gops_of(source) is None
    jobs[0].end()
    assert gops_of(source) == 3


def test_what_was_listed_meanwhile_starts_another_job(
    controller: Controller, session: StandInController, jobs: list[StandInJob]
) -> None:
    source = GopSource.of(controller)
    open_video(session)
    source.refresh()
    session.index = gop_index()
    jobs[0].end()
    assert len(jobs) == 2
    jobs[1].end()
    assert source.index is session.index


def test_a_table_of_a_closed_video_is_dropped(
    controller: Controller, session: StandInController, jobs: list[StandInJob]
) -> None:
    source = GopSource.of(controller)
    open_video(session)
    source.refresh()
    session.index = session.info = None
    session.source_closed.emit()
    jobs[0].end()
    assert gops_of(source) is None


def test_a_failed_open_leaves_the_tables_of_the_open_video(
    live: Controller, qtbot: QtBot, tmp_path: Path
) -> None:
    gops, timing = GopSource.of(live), TimingSource.of(live)
    gops.refresh()
    timing.refresh()
    before = (gops.table, timing.timing)
    assert None not in before
    with qtbot.waitSignal(live.source_failed):
        live.open_source(str(tmp_path / "missing.mp4"))
    assert (gops.table, timing.timing) == before
