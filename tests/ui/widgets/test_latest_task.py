"""Short work of which only the latest wish counts."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import FrameScopeError
from framescope.ui.widgets.latest_task import LatestWork
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def running(qtbot: QtBot) -> Iterator[RunningController]:
    del qtbot
    controller = RunningController()
    yield controller
    controller.runner.close()


@pytest.fixture
def work(running: RunningController) -> LatestWork:
    return LatestWork(running.as_controller(), "Working", 0, running)


def test_a_wish_is_answered_from_another_thread(qtbot: QtBot, work: LatestWork) -> None:
    with qtbot.waitSignal(work.answered) as answer:
        work.ask(threading.get_ident)
        assert not work.is_idle
    assert answer.args is not None
    assert answer.args[0] != threading.get_ident()
    qtbot.waitUntil(lambda: work.is_idle)


def test_wishes_between_are_forgotten(qtbot: QtBot, work: LatestWork) -> None:
    answers: list[object] = []
    work.answered.connect(answers.append)
    gate = threading.Event()
    started = threading.Event()

    def first() -> int:
        started.set()
        gate.wait()
        return 1

    work.ask(first)
    qtbot.waitUntil(started.is_set)
    for number in (2, 3, 4):
        work.ask(partial(int, number))
    assert work.has_wish
    gate.set()
    qtbot.waitUntil(lambda: work.is_idle)
    assert answers == [1, 4]


def test_what_was_forgotten_is_not_answered(qtbot: QtBot, work: LatestWork) -> None:
    answers: list[object] = []
    work.answered.connect(answers.append)
    gate = threading.Event()
    started = threading.Event()

    def first() -> int:
        started.set()
        gate.wait()
        return 1

    work.ask(first)
    qtbot.waitUntil(started.is_set)
    work.forget()
    gate.set()
    qtbot.waitUntil(lambda: work.is_idle)
    assert answers == []
    with qtbot.waitSignal(work.answered):
        work.ask(lambda: 5)
    assert answers == [5]


def test_a_failure_is_passed_on(qtbot: QtBot, work: LatestWork) -> None:
    def fail() -> None:
        raise FrameScopeError("no")

    with qtbot.waitSignal(work.failed) as failure:
        work.ask(fail)
    assert failure.args is not None
    assert str(failure.args[0]) == "no"


def test_the_job_bar_is_not_told(qtbot: QtBot, running: RunningController, work: LatestWork) -> None:
    with qtbot.assertNotEmitted(running.job_started), qtbot.waitSignal(work.answered):
        work.ask(lambda: 1)
