"""Work that answers bit by bit."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import EncodeError
from framescope.ui.widgets.stream_task import LatestStream
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.core.model.progress import CancelToken

PATIENCE_MS = 20_000


@pytest.fixture
def running(qtbot: QtBot) -> Iterator[RunningController]:
    del qtbot
    controller = RunningController()
    yield controller
    controller.end()


class Listener:
    """Writes down what a stream says."""

    def __init__(self, stream: LatestStream) -> None:
        self.answers: list[object] = []
        self.errors: list[object] = []
        self.ends = 0
        stream.answered.connect(self.answers.append)
        stream.failed.connect(self.errors.append)
        stream.finished.connect(self.end)

    def end(self) -> None:
        self.ends += 1


def make(running: RunningController, *, late: bool = False) -> tuple[LatestStream, Listener]:
    stream = LatestStream(running.as_controller(), "Testing", 0, running, gives_late_answers=late)
    return stream, Listener(stream)


def test_answers_come_in_order_and_then_the_end(qtbot: QtBot, running: RunningController) -> None:
    stream, heard = make(running)
    stream.ask(lambda _cancel: range(5))
    assert not stream.is_idle
    qtbot.waitUntil(lambda: heard.ends == 1, timeout=PATIENCE_MS)
    assert heard.answers == [0, 1, 2, 3, 4]
    qtbot.waitUntil(lambda: stream.is_idle, timeout=PATIENCE_MS)


def test_of_wishes_that_come_together_only_the_last_is_done(qtbot: QtBot, running: RunningController) -> None:
    stream, heard = make(running)
    for number in range(5):
        stream.ask(lambda _cancel, number=number: [number])  # type: ignore[misc]
    qtbot.waitUntil(lambda: heard.ends == 1, timeout=PATIENCE_MS)
    assert heard.answers == [4]


@pytest.mark.parametrize(
    ("late", "expected"), [(False, ["first", "new"]), (True, ["first", "second", "new"])]
)
def test_a_newer_wish_stops_the_one_under_way(
    qtbot: QtBot, running: RunningController, *, late: bool, expected: list[str]
) -> None:
    stream, heard = make(running, late=late)
    may_go_on = Event()

    def work(cancel: CancelToken) -> Iterator[str]:
        del cancel
        yield "first"
        may_go_on.wait()
        yield "second"
        yield "never"

    stream.ask(work)
    qtbot.waitUntil(lambda: heard.answers == ["first"], timeout=PATIENCE_MS)
    stream.ask(lambda _cancel: ["new"])
    assert stream.has_wish
    may_go_on.set()
    qtbot.waitUntil(lambda: heard.ends == 1, timeout=PATIENCE_MS)
    assert heard.answers == expected


def test_what_is_forgotten_is_not_answered(qtbot: QtBot, running: RunningController) -> None:
    stream, heard = make(running, late=True)
    may_go_on = Event()

    def work(cancel: CancelToken) -> Iterator[str]:
        may_go_on.wait()
        yield "late"
        cancel.raise_if_cancelled()

    stream.ask(work)
    qtbot.waitUntil(lambda: bool(running.runner.jobs), timeout=PATIENCE_MS)
    stream.forget()
    may_go_on.set()
    qtbot.waitUntil(lambda: stream.is_idle, timeout=PATIENCE_MS)
    assert (heard.answers, heard.ends) == ([], 0)


def test_a_failure_is_told_unless_something_newer_is_wished_for(
    qtbot: QtBot, running: RunningController
) -> None:
    stream, heard = make(running)
    problem = EncodeError("too large")

    def work(cancel: CancelToken) -> Iterator[str]:
        del cancel
        yield "one"
        raise problem

    stream.ask(work)
    qtbot.waitUntil(lambda: bool(heard.errors), timeout=PATIENCE_MS)
    assert (heard.answers, heard.errors, heard.ends) == (["one"], [problem], 0)
