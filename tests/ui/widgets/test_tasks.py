"""Background tasks: nothing is heard of what is not wanted any longer."""

from __future__ import annotations

import threading
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtWidgets import QWidget

from framescope.core.errors import EncodeError, FrameScopeError
from framescope.core.model.progress import Progress
from framescope.ui.panels.gop.source import GopSource
from framescope.ui.widgets.tasks import BackgroundTask, LatestTask, SourceTask
from tests.ui.panels.panel_examples import gop_index
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtCore import SignalInstance
    from pytestqt.qtbot import QtBot

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.job_slot import Publish

PATIENCE_MS = 20_000


@pytest.fixture
def running(qtbot: QtBot) -> Iterator[RunningController]:
    del qtbot
    controller = RunningController()
    yield controller
    controller.end()


class Heard:
    """Writes down what each signal of a task says."""

    def __init__(self, task: BackgroundTask | LatestTask) -> None:
        self.said: dict[str, list[object]] = {}
        for name in ("answered", "published", "progressed", "finished", "failed", "cancelled"):
            signal: SignalInstance | None = getattr(task, name, None)
            if signal is not None:
                self.said[name] = []
                signal.connect(partial(self._hear, name))

    def _hear(self, name: str, *said: object) -> None:
        self.said[name] += said or (None,)

    def __getattr__(self, name: str) -> list[object]:
        return self.said[name]


class Gate:
    """Work that says when it has begun, and waits until it is let through."""

    def __init__(self, result: object = None) -> None:
        self.result = result
        self.has_begun = Event()
        self.may_end = Event()

    def __call__(self, progress: ProgressCallback, cancel: CancelToken) -> object:
        del progress, cancel
        self.has_begun.set()
        self.may_end.wait()
        if isinstance(self.result, FrameScopeError):
            raise self.result
        return self.result


# --- one task


def wait(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=PATIENCE_MS)


def end_all(qtbot: QtBot, running: RunningController) -> None:
    wait(qtbot, lambda: not running.runner.jobs)


def test_a_task_tells_parts_progress_and_the_result(qtbot: QtBot, running: RunningController) -> None:
    task = BackgroundTask(running.as_controller(), running)
    heard = Heard(task)
    may_end = Event()

    def work(progress: ProgressCallback, cancel: CancelToken, publish: Publish) -> str:
        del cancel
        progress(Progress(1, 2))
        publish("part")
        may_end.wait()
        return "whole"

    with qtbot.waitSignal(task.changed):
        task.start_publishing("Working", work)
    assert task.is_running
    wait(qtbot, lambda: bool(heard.published and heard.progressed))
    assert (heard.published, heard.progressed, heard.finished) == (["part"], [Progress(1, 2)], [])
    with qtbot.waitSignal(task.changed):
        may_end.set()
    assert (heard.finished, task.is_running, task.error) == (["whole"], False, None)


def test_an_error_is_kept_until_the_next_start(qtbot: QtBot, running: RunningController) -> None:
    task = BackgroundTask(running.as_controller(), running)
    heard, problem, gate = Heard(task), EncodeError("too large"), Gate()
    failing = Gate(problem)
    failing.may_end.set()
    task.start("Working", failing)
    wait(qtbot, lambda: not task.is_running)
    assert (task.error, heard.failed) == (problem, [problem])
    task.start("Working", gate)
    assert task.error is None
    gate.may_end.set()
    end_all(qtbot, running)


def test_a_cancelled_task_still_tells_what_it_came_to(qtbot: QtBot, running: RunningController) -> None:
    task = BackgroundTask(running.as_controller(), running)
    heard, gate = Heard(task), Gate("what there was")
    task.start("Working", gate)
    wait(qtbot, gate.has_begun.is_set)
    task.cancel()
    gate.may_end.set()
    wait(qtbot, lambda: not task.is_running)
    assert heard.finished == ["what there was"]


def test_nothing_is_heard_of_a_job_that_another_replaced(qtbot: QtBot, running: RunningController) -> None:
    task = BackgroundTask(running.as_controller(), running)
    heard, may_end = Heard(task), Event()
    has_begun = Event()

    def work(progress: ProgressCallback, cancel: CancelToken, publish: Publish) -> str:
        has_begun.set()
        may_end.wait()
        assert cancel.is_cancelled
        progress(Progress(1, 2))
        publish("old part")
        return "old"

    task.start_publishing("Working", work)
    wait(qtbot, has_begun.is_set)
    gate = Gate("new")
    task.start("Working", gate)
    may_end.set()
    wait(qtbot, lambda: len(running.runner.jobs) == 1)
    assert task.is_running
    gate.may_end.set()
    wait(qtbot, lambda: not task.is_running)
    assert (heard.published, heard.progressed, heard.finished) == ([], [], ["new"])


# --- tied to the source


@pytest.mark.parametrize("result", ["old", EncodeError("old")])
@pytest.mark.parametrize("event", ["source_opened", "source_closed"])
def test_nothing_is_heard_of_an_earlier_source(
    qtbot: QtBot, running: RunningController, event: str, result: object
) -> None:
    task = SourceTask(running.as_controller(), running)
    heard, gate = Heard(task), Gate(result)
    task.start("Working", gate)
    job = task.job
    assert job is not None
    wait(qtbot, gate.has_begun.is_set)
    with qtbot.waitSignal(task.forgotten):
        getattr(running, event).emit()
    assert not task.is_running
    with qtbot.waitSignal(job.settled), qtbot.assertNotEmitted(task.changed):
        gate.may_end.set()
    assert (heard.finished, heard.failed, task.error) == ([], [], None)


# --- the latest request


def make(running: RunningController, *, late: bool = False) -> tuple[LatestTask, Heard]:
    task = LatestTask(running.as_controller(), "Testing", 0, running, gives_late_answers=late)
    return task, Heard(task)


def test_a_request_is_answered_from_another_thread(qtbot: QtBot, running: RunningController) -> None:
    task, heard = make(running)
    with qtbot.assertNotEmitted(running.job_started), qtbot.waitSignal(task.finished):
        task.ask(lambda _progress, _cancel: threading.get_ident())
        assert not task.is_idle
    assert len(heard.answered) == 1
    assert heard.answered[0] != threading.get_ident()
    wait(qtbot, lambda: task.is_idle)


def test_answers_come_in_order_and_then_the_end(qtbot: QtBot, running: RunningController) -> None:
    task, heard = make(running)

    def work(progress: ProgressCallback, cancel: CancelToken) -> range:
        del cancel
        progress(Progress(1, 5))
        return range(5)

    task.ask_stream(work)
    wait(qtbot, lambda: task.is_idle)
    assert heard.answered == [0, 1, 2, 3, 4]
    assert heard.progressed == [Progress(1, 5)]
    assert len(heard.finished) == 1


def test_of_requests_that_come_together_only_the_last_is_done(
    qtbot: QtBot, running: RunningController
) -> None:
    task, heard = make(running)
    for number in range(5):
        task.ask(lambda _progress, _cancel, number=number: number)  # type: ignore[misc]
    wait(qtbot, lambda: len(heard.finished) == 1)
    assert heard.answered == [4]


@pytest.mark.parametrize(("late", "expected"), [(False, ["new"]), (True, ["old", "new"])])
def test_requests_in_between_are_forgotten(
    qtbot: QtBot, running: RunningController, *, late: bool, expected: list[str]
) -> None:
    task, heard = make(running, late=late)
    gate = Gate("old")
    task.ask(gate)
    wait(qtbot, gate.has_begun.is_set)
    for answer in ("between", "new"):
        task.ask(lambda _progress, _cancel, answer=answer: answer)  # type: ignore[misc]
    assert task.has_newer_request
    gate.may_end.set()
    wait(qtbot, lambda: task.is_idle)
    assert heard.answered == expected


@pytest.mark.parametrize(
    ("late", "expected"), [(False, ["first", "new"]), (True, ["first", "second", "new"])]
)
def test_a_newer_request_stops_the_one_under_way(
    qtbot: QtBot, running: RunningController, *, late: bool, expected: list[str]
) -> None:
    task, heard = make(running, late=late)
    may_go_on = Event()

    def work(progress: ProgressCallback, cancel: CancelToken) -> Iterator[str]:
        del progress, cancel
        yield "first"
        may_go_on.wait()
        yield "second"
        yield "never"

    task.ask_stream(work)
    wait(qtbot, lambda: heard.answered == ["first"])
    task.ask(lambda _progress, _cancel: "new")
    may_go_on.set()
    wait(qtbot, lambda: len(heard.finished) == 1)
    assert heard.answered == expected


@pytest.mark.parametrize("late", [False, True])
def test_what_is_forgotten_is_not_answered(qtbot: QtBot, running: RunningController, *, late: bool) -> None:
    task, heard = make(running, late=late)
    gate = Gate("late")
    task.ask(gate)
    wait(qtbot, gate.has_begun.is_set)
    task.forget()
    gate.may_end.set()
    wait(qtbot, lambda: task.is_idle)
    assert (heard.answered, heard.finished) == ([], [])
    task.ask(lambda _progress, _cancel: 5)
    wait(qtbot, lambda: len(heard.finished) == 1)
    assert heard.answered == [5]


@pytest.mark.parametrize("publishes", [False, True])
def test_work_may_end_after_the_dialog_it_was_for(
    qtbot: QtBot, running: RunningController, *, publishes: bool
) -> None:
    dialog = QWidget()
    gate = Gate("late")
    if publishes:

        def work(progress: ProgressCallback, cancel: CancelToken, publish: Publish) -> None:
            publish(gate(progress, cancel))

        BackgroundTask(running.as_controller(), dialog).start_publishing("Testing", work)
    else:
        LatestTask(running.as_controller(), "Testing", 0, dialog).ask(gate)
    wait(qtbot, gate.has_begun.is_set)
    job = running.runner.jobs[0]
    shiboken6.delete(dialog)
    gate.may_end.set()
    end_all(qtbot, running)
    assert job.is_over
    assert job.error is None


def test_a_failure_is_told_unless_there_is_a_newer_request(qtbot: QtBot, running: RunningController) -> None:
    task, heard = make(running, late=True)
    problem = EncodeError("too large")

    def work(progress: ProgressCallback, cancel: CancelToken) -> Iterator[str]:
        del progress, cancel
        yield "one"
        raise problem

    task.ask_stream(work)
    wait(qtbot, lambda: task.is_idle)
    assert (heard.answered, heard.failed, heard.finished) == (["one"], [problem], [])
    gate = Gate(problem)
    task.ask(gate)
    wait(qtbot, gate.has_begun.is_set)
    task.ask(lambda _progress, _cancel: "new")
    gate.may_end.set()
    wait(qtbot, lambda: task.is_idle)
    assert (heard.answered, heard.failed) == (["one", "new"], [problem])


# --- of the index


@pytest.mark.parametrize("most", [0, 100])
def test_a_value_is_made_again_when_it_is_outdated(
    qtbot: QtBot, running: RunningController, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(GopSource, "most_frames_at_once", most)
    running.index = gop_index()
    running.open()
    source = GopSource.of(running.as_controller())
    source.refresh()
    wait(qtbot, lambda: source.table is not None)
    end_all(qtbot, running)
    first = source.table
    source.refresh()
    assert source.table is first
    source.outdate()
    wait(qtbot, lambda: source.table is not first)
    assert source.index is running.index


def test_a_value_that_cannot_be_made_is_not_tried_for_ever(
    qtbot: QtBot, running: RunningController, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[object] = []

    def fail() -> None:
        tries.append(None)
        raise FrameScopeError("no")

    monkeypatch.setattr(GopSource, "most_frames_at_once", 0)
    monkeypatch.setattr(GopSource, "work_on", lambda *_arguments: fail)
    running.index = gop_index()
    running.open()
    source = GopSource.of(running.as_controller())
    source.refresh()
    end_all(qtbot, running)
    source.refresh()
    end_all(qtbot, running)
    assert len(tries) == 1
