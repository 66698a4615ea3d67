"""The thread that keeps what users do: the latest state is saved, in order, and nothing ends it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from framescope.core.errors import DestinationError
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.marks.video_memory import VideoIdentity, VideoState
from framescope.engine.state_saver import StateSaver, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

MARKED = VideoState(MarkedFrames((1,)))


class FakeMemory:
    """A memory that waits for the test's word."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.busy = threading.Event()
        self.saved: list[tuple[str, VideoState]] = []
        self.fault: Exception | None = None
        self.found: VideoState | None = None
        self.kept: list[tuple[MarkedFrames, int]] = []

    def leave_out(self, identity: VideoIdentity, stream_index: int, marked: MarkedFrames) -> None:
        del identity, stream_index
        self.kept.append((marked, len(self.saved)))

    def identify(self, source: str) -> VideoIdentity | None:
        return VideoIdentity(source, {}) if source else None

    def earlier(self, identity: VideoIdentity) -> VideoState | None:
        del identity
        return self.found

    def save(self, identity: VideoIdentity, stream_index: int, state: VideoState, index: object) -> None:
        del stream_index, index
        self.busy.set()
        assert self.gate.wait(20)
        if self.fault is not None:
            raise self.fault
        self.saved.append((identity.key, state))

    def recall(self, source: str, stream_index: int | None) -> Any:  # noqa: ANN401
        del source, stream_index
        return len(self.saved)


@pytest.fixture
def memory() -> FakeMemory:
    return FakeMemory()


@pytest.fixture
def saver(qtbot: QtBot, memory: FakeMemory) -> Iterator[StateSaver]:
    del qtbot
    saver = StateSaver(memory)  # type: ignore[arg-type]
    yield saver
    memory.gate.set()
    saver.close()


def test_closing_waits_for_the_latest_state_of_each_video(saver: StateSaver, memory: FakeMemory) -> None:
    memory.gate.clear()
    one, other = Ticket("one", 0, None), Ticket("other", 0, None)
    saver.save(one, VideoState(position=1), None)
    assert memory.busy.wait(20)
    for position in range(2, 9):
        saver.save(one, VideoState(position=position), None)
        saver.save(other, VideoState(position=10 * position), None)
    memory.gate.set()
    saver.close()
    assert [(key, state.position) for key, state in memory.saved] == [("one", 1), ("one", 8), ("other", 80)]


def test_a_disk_that_never_answers_does_not_keep_the_window_open(
    saver: StateSaver, memory: FakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framescope.engine.state_saver._PATIENCE_S", 0.05)
    memory.gate.clear()
    saver.save(Ticket("one", 0, None), MARKED, None)
    saver.close()
    assert memory.saved == []


def test_what_is_recalled_is_what_was_saved_last(saver: StateSaver, memory: FakeMemory) -> None:
    memory.gate.clear()
    saver.save(Ticket("one", 0, None), MARKED, None)
    assert memory.busy.wait(20)
    threading.Timer(0.1, memory.gate.set).start()
    assert saver.recall("one", None) == 1  # type: ignore[comparison-overlap]


def test_a_reason_is_told_once_and_only_where_work_is_lost(
    qtbot: QtBot, saver: StateSaver, memory: FakeMemory
) -> None:
    told: list[str] = []
    saver.failed.connect(told.append)
    memory.fault = DestinationError("The disk is full.")
    ticket = Ticket("one", 0, None)
    saver.save(ticket, VideoState(position=5), None)
    assert saver.recall("one", None) == 0  # type: ignore[comparison-overlap]
    for position in range(3):
        saver.save(ticket, VideoState(MARKED.marked, position), None)
        assert saver.recall("one", None) == 0  # type: ignore[comparison-overlap]
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["Marks cannot be saved for next time. The disk is full."]


def test_a_bug_does_not_end_the_thread(
    saver: StateSaver, memory: FakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    bugs: list[type[BaseException]] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, _bug, _trace: bugs.append(kind))
    memory.fault = ZeroDivisionError()
    saver.save(Ticket("one", 0, None), MARKED, None)
    saver.recall("one", None)
    memory.fault = None
    saver.save(Ticket("two", 0, None), MARKED, None)
    saver.recall("two", None)
    assert bugs == [ZeroDivisionError]
    assert [key for key, _state in memory.saved] == ["two"]


def test_a_video_without_an_identity_is_not_kept_and_that_is_told(
    qtbot: QtBot, saver: StateSaver, memory: FakeMemory
) -> None:
    with qtbot.waitSignal(saver.failed) as blocker:
        saver.save(Ticket("", 0, None), MARKED, None)
    assert blocker.args == [
        "Marks cannot be saved for next time. The video is not a file, or it is being written."
    ]
    assert memory.saved == []


def test_marks_of_a_file_that_lay_here_before_are_told_of(
    qtbot: QtBot, saver: StateSaver, memory: FakeMemory
) -> None:
    memory.found = MARKED
    ticket = Ticket("one", 0, None)
    with qtbot.waitSignal(saver.earlier_found) as blocker:
        saver.begin(ticket)
    assert blocker.args == [ticket]
    assert ticket.earlier == MARKED


def test_leaving_marks_out_waits_for_no_disk_and_comes_between_two_states(
    saver: StateSaver, memory: FakeMemory, qtbot: QtBot
) -> None:
    ticket, kept = Ticket("one", 0, None), MarkedFrames((1,))
    memory.gate.clear()
    before, stale, after = (VideoState(MarkedFrames((1, 9)), position) for position in (0, 1, 2))
    saver.save(ticket, before, None)
    assert memory.busy.wait(20)
    saver.save(ticket, stale, None)
    # While the disk is still at work: it would wait for ever here.
    saver.leave_out(ticket, kept)
    saver.save(ticket, after, None)
    memory.gate.set()
    qtbot.waitUntil(lambda: len(memory.saved) == 2)
    assert [state for _, state in memory.saved] == [before, after]
    assert memory.kept == [(kept, 1)]
