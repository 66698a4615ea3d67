"""A comparison in the background: it fills in, can be stopped, and belongs to its file."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.records import TrialState
from framescope.core.errors import OpenError
from framescope.core.model.progress import Progress
from framescope.ui.panels.bench.panel import BenchRun
from tests.ui.panels.bench.examples import ABSENT, HUNG, canned_bench, under_way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from framescope.core.audit.bench_records import FileBench
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller
    from tests.ui.stand_ins import StandInController

PATIENCE_MS = 20_000


class Measuring:
    """Stands in for the measuring: tells a part, and ends when it is let go or stopped."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.calls: list[tuple[str, int | None]] = []
        self.part: FileBench | None = under_way()
        self.answer: FileBench | OpenError = canned_bench()

    def __call__(  # noqa: PLR0913 - as run_bench
        self,
        source: str,
        *,
        settings: object = None,
        stream_index: int | None,
        progress: ProgressCallback,
        cancel: CancelToken,
        on_update: Callable[[FileBench], None],
    ) -> FileBench:
        del settings
        self.calls.append((source, stream_index))
        progress(Progress(1, 4, "1/3 random access: OpenCV"))
        if self.part is not None:
            on_update(self.part)
        while not self.may_end.wait(0.01):
            if cancel.is_cancelled:
                break
        if isinstance(self.answer, OpenError):
            raise self.answer
        return self.answer


@pytest.fixture
def measuring() -> Iterator[Measuring]:
    stand_in = Measuring()
    yield stand_in
    stand_in.may_end.set()


@pytest.fixture
def bench_run(live: Controller, measuring: Measuring) -> BenchRun:
    return BenchRun(live, measuring)


def finish(qtbot: QtBot, run: BenchRun, measuring: Measuring) -> None:
    measuring.may_end.set()
    qtbot.waitUntil(lambda: not run.is_running, timeout=PATIENCE_MS)


def test_it_fills_in_and_ends(qtbot: QtBot, bench_run: BenchRun, measuring: Measuring) -> None:
    heard: list[Progress] = []
    bench_run.progressed.connect(heard.append)
    bench_run.start()
    bench_run.start()
    assert bench_run.is_running
    qtbot.waitUntil(lambda: bench_run.bench is measuring.part, timeout=PATIENCE_MS)
    finish(qtbot, bench_run, measuring)
    assert bench_run.bench is measuring.answer
    assert len(measuring.calls) == 1
    assert heard[0].text == "1/3 random access: OpenCV"


def test_stopping_keeps_what_was_measured(qtbot: QtBot, bench_run: BenchRun, measuring: Measuring) -> None:
    bench_run.start()
    qtbot.waitUntil(lambda: bench_run.bench is not None, timeout=PATIENCE_MS)
    bench_run.cancel()
    qtbot.waitUntil(lambda: not bench_run.is_running, timeout=PATIENCE_MS)
    # What measures returns what there is when it is stopped.
    assert bench_run.bench in (measuring.part, measuring.answer)


def test_an_error_is_told_and_earlier_figures_stay(
    qtbot: QtBot, bench_run: BenchRun, measuring: Measuring
) -> None:
    earlier = canned_bench()
    bench_run.adopt(earlier)
    measuring.answer = OpenError("The file is gone.")
    bench_run.start()
    finish(qtbot, bench_run, measuring)
    assert bench_run.error == "The file is gone."
    assert bench_run.bench is earlier


def test_a_run_without_a_figure_keeps_the_earlier_one(
    qtbot: QtBot, bench_run: BenchRun, measuring: Measuring
) -> None:
    earlier = canned_bench()
    bench_run.adopt(earlier)
    measuring.part, measuring.answer = None, canned_bench(ABSENT)
    bench_run.start()
    finish(qtbot, bench_run, measuring)
    assert (bench_run.bench, bench_run.error) == (earlier, "")


def test_without_any_figure_it_says_why(qtbot: QtBot, bench_run: BenchRun, measuring: Measuring) -> None:
    measuring.part, measuring.answer = None, canned_bench(HUNG)
    bench_run.start()
    finish(qtbot, bench_run, measuring)
    assert bench_run.bench is None
    assert bench_run.error == "No library was measured: no progress for 60 s; ended"


def test_figures_are_of_the_file_they_were_measured_on(
    qtbot: QtBot, bench_run: BenchRun, measuring: Measuring, live: Controller
) -> None:
    bench_run.start()
    qtbot.waitUntil(lambda: bench_run.bench is not None, timeout=PATIENCE_MS)
    live.close_source()
    assert (bench_run.bench, bench_run.is_running) == (None, False)
    measuring.may_end.set()
    bench_run.start()
    assert not bench_run.is_running


def test_nothing_is_started_without_a_video(session: StandInController, measuring: Measuring) -> None:
    run = BenchRun(session.as_controller(), measuring)
    run.start()
    assert not run.is_running
    assert not session.called("run_job")


def test_a_stop_before_the_first_figure_is_no_error(
    qtbot: QtBot, bench_run: BenchRun, measuring: Measuring
) -> None:
    stopped = canned_bench(ABSENT, HUNG)
    hung = stopped.engines[1]
    cancelled = type(hung)(hung.engine, hung.title, hung.version, TrialState.CANCELLED, "cancelled")
    measuring.part, measuring.answer = None, canned_bench(ABSENT, cancelled)
    bench_run.start()
    finish(qtbot, bench_run, measuring)
    assert (bench_run.bench, bench_run.error) == (None, "")
