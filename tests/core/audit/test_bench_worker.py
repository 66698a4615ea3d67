"""The worker of a comparison does each turn, and counts what is wrong in it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit import bench_worker
from framescope.core.audit.engines.protocol import Target
from framescope.core.audit.messages import Channel, target_message
from tests.core.audit import fake_engines as fakes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.audit.engines.protocol import Ask, Delivered, Nothing
    from framescope.core.audit.messages import Message

TARGET = Target("nowhere.mp4", 0, Fraction(1, 10))
LEARN: Message = {"do": "learn", "count": fakes.FRAMES, "seconds": 60.0}


class Noting(fakes.Honest):
    """Notes what is opened, read and closed."""

    events: list[str]
    targets: list[Target]

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.events.append("open")
        self.targets.append(target)

    def sequential(self) -> Iterator[Delivered | Nothing]:
        for delivered in super().sequential():
            self.events.append("read")
            yield delivered

    def seek_read(self, ask: Ask) -> Delivered | None:
        self.events.append(f"seek {ask.frame_number}")
        return super().seek_read(ask)

    def close(self) -> None:
        self.events.append("close")


class NoEnd(fakes.Honest):
    """Cannot be closed."""

    def close(self) -> None:
        raise OSError("still busy")


class Script(Channel):
    """Gives the worker its turns from a list; touches no pipe."""

    def __init__(self, *messages: Message) -> None:
        self._waiting = list(messages)
        self.sent: list[Message] = []

    def receive(self) -> Message | None:
        return self._waiting.pop(0) if self._waiting else None

    def send(self, kind: str, **content: object) -> None:
        self.sent.append({"kind": kind, **content})


def clips(*runs: range, seconds: float = 60.0) -> Message:
    rows = [[[number, number, number / 10] for number in run] for run in runs]
    return {"do": "clips", "clips": rows, "seconds": seconds, "keeps_frames": True}


def ask(*numbers: int, seconds: float = 60.0, keeps_frames: bool = True) -> Message:
    asks = [[number, number, number / 10] for number in numbers]
    return {"do": "ask", "asks": asks, "seconds": seconds, "keeps_frames": keeps_frames}


def play(engine: type[fakes.Honest], *turns: Message) -> list[Message]:
    """What the worker sends for these turns."""
    Noting.events, Noting.targets = [], []
    factory = f"{engine.__module__}:{engine.__name__}"
    if engine.__module__ == __name__:
        factory = f"framescope.core.audit.bench_worker:{engine.__name__}"
    script = Script({"factory": factory, "target": target_message(TARGET)}, *turns)
    bench_worker.run(script)
    return script.sent


@pytest.fixture(autouse=True)
def _own_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    # This file's own module name is pytest's affair; the worker imports its engine by a name it can find.
    monkeypatch.setattr(bench_worker, "Noting", Noting, raising=False)
    monkeypatch.setattr(bench_worker, "NoEnd", NoEnd, raising=False)


def turns_of(sent: list[Message]) -> list[Message]:
    return [message for message in sent if message["kind"] == "turn"]


def test_without_a_job_nothing_is_said() -> None:
    script = Script()
    bench_worker.run(script)
    assert script.sent == []


def test_every_turn_ends_with_done() -> None:
    kinds = [message["kind"] for message in play(fakes.Honest, LEARN, ask(1))]
    assert kinds == ["started", "done", "turn", "done", "turn", "done"]


def test_right_answers_are_not_wrong() -> None:
    _, answer = turns_of(play(fakes.Honest, LEARN, ask(3, 0, 11)))
    assert (answer["wrong"], answer["failed"], len(answer["samples_ms"])) == (0, 0, 3)


def test_wrong_and_missing_answers_are_counted() -> None:
    _, answer = turns_of(play(fakes.Late, LEARN, ask(3, 4, 11)))
    assert (answer["wrong"], answer["failed"]) == (2, 1)


def test_an_error_in_an_answer_is_a_failure_and_the_turn_goes_on() -> None:
    _, answer = turns_of(play(fakes.Complaining, LEARN, ask(2, 3, 4)))
    assert (answer["wrong"], answer["failed"], len(answer["samples_ms"])) == (0, 1, 3)


def test_a_number_that_its_own_sequence_lacks_is_wrong() -> None:
    learn: Message = {"do": "learn", "count": 4, "seconds": 60.0}
    learnt, answer = turns_of(play(fakes.Honest, learn, ask(3, 4)))
    assert (learnt["count"], learnt["is_short"]) == (4, False)
    assert answer["wrong"] == 1


def test_a_clip_is_wrong_with_one_wrong_frame_and_failed_where_it_ends_early() -> None:
    _, right = turns_of(play(fakes.Honest, LEARN, clips(range(4), range(3, 7))))
    assert (right["wrong"], right["failed"], len(right["samples_ms"])) == (0, 0, 2)
    _, late = turns_of(play(fakes.Late, LEARN, clips(range(4), range(10, 12))))
    assert (late["wrong"], late["failed"]) == (1, 1)
    _, complaining = turns_of(play(fakes.Complaining, LEARN, clips(range(2), range(2, 6))))
    assert (complaining["wrong"], complaining["failed"]) == (0, 1)
    _, short = turns_of(play(fakes.Honest, LEARN, clips(range(4), range(4), seconds=-1.0)))
    assert len(short["samples_ms"]) == 1


def test_what_an_engine_claims_and_shows_beyond_the_file_is_told() -> None:
    few: Message = {"do": "learn", "count": fakes.FRAMES - 2, "seconds": 60.0}
    beyond, opened = turns_of(play(fakes.Honest, few | {"is_whole": True}, {"do": "open"}))
    assert (beyond["count"], beyond["has_more"]) == (fakes.FRAMES - 2, True)
    assert opened["claimed"] == fakes.FRAMES
    (within,) = turns_of(play(fakes.Honest, few))
    assert (within["count"], within["has_more"]) == (fakes.FRAMES - 2, False)
    (exact,) = turns_of(play(fakes.Honest, LEARN | {"is_whole": True}))
    assert (exact["count"], exact["has_more"]) == (fakes.FRAMES, False)


def test_learning_ends_with_its_time_and_says_so() -> None:
    learn: Message = {"do": "learn", "count": 4, "seconds": -1.0}
    (learnt,) = turns_of(play(fakes.Honest, learn))
    assert (learnt["count"], learnt["is_short"]) == (1, True)


def test_a_turn_without_time_has_one_sample() -> None:
    _, answer = turns_of(play(fakes.Honest, LEARN, ask(1, 2, 3, seconds=-1.0)))
    assert len(answer["samples_ms"]) == 1


def test_a_turn_begins_with_a_fresh_reader_that_keeps_frames_or_does_not() -> None:
    play(Noting, ask(1), ask(2, keeps_frames=False), {"do": "open"})
    assert Noting.events == [
        "open",
        "close",
        "open",
        "seek 1",
        "close",
        "open",
        "seek 2",
        *["close", "open"],
        "close",
    ]
    assert [target.keeps_frames for target in Noting.targets] == [True, True, False, True]


def test_engines_work_as_in_the_hands_of_a_person() -> None:
    play(Noting, {"do": "open"})
    assert all(target.convert and target.keeps_frames for target in Noting.targets)
    assert {target.source for target in Noting.targets} == {"nowhere.mp4"}


def test_reading_stops_where_it_is_told() -> None:
    (answer,) = turns_of(play(Noting, {"do": "sequential", "count": 5, "seconds": 60.0}))
    assert answer["count"] == 5
    assert Noting.events.count("read") == 5
    assert len(answer["samples_ms"]) == 1
    (short,) = turns_of(play(Noting, {"do": "sequential", "count": 5, "seconds": -1.0}))
    assert short["count"] == 1


def test_opening_is_one_sample() -> None:
    (answer,) = turns_of(play(Noting, {"do": "open"}))
    assert len(answer["samples_ms"]) == 1
    assert Noting.events == ["open", "close", "open", "close"]


def test_what_cannot_be_opened_says_why() -> None:
    sent = play(fakes.Refusing, LEARN)
    assert sent[-1] == {"kind": "failed", "text": "OSError: this is no video to me"}
    assert turns_of(sent) == []


def test_a_turn_that_goes_wrong_says_why_and_the_end_comes_quietly() -> None:
    sent = play(NoEnd, {"do": "open"}, {"do": "sequential", "count": 2, "seconds": 60.0})
    assert sent[2] == {"kind": "failed", "text": "OSError: still busy"}
    assert [message["kind"] for message in sent[3:]] == ["turn", "done"]
