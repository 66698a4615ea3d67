"""The worker of a comparison serves turns; here in this process, its messages caught."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from framescope.core.audit import bench_worker
from framescope.core.audit.engines.protocol import Target
from framescope.core.audit.messages import Message, target_message


class Turns:
    """Hands out messages one by one and keeps what is said."""

    def __init__(self, *messages: Message) -> None:
        self.waiting = list(messages)
        self.said: list[Message] = []

    def receive(self) -> Message | None:
        return self.waiting.pop(0) if self.waiting else None

    def send(self, kind: str, **content: Any) -> None:  # noqa: ANN401 - as the real one
        self.said.append({"kind": kind, **content})


def serve(engine: str, *turns: Message) -> list[Message]:
    job = {
        "factory": f"tests.core.audit.fake_engines:{engine}",
        "target": target_message(Target("x.mp4", 0, Fraction(1, 10))),
    }
    channel = Turns(job, *turns)
    bench_worker.run(channel)  # type: ignore[arg-type] # stands in for the pipe
    return channel.said


def ask(*numbers: int) -> Message:
    return {"do": "ask", "asks": [[n, n, n / 10] for n in numbers], "seconds": 9.0, "is_cold": True}


LEARN: Message = {"do": "learn", "count": 12}


def test_turns_are_timed_and_checked() -> None:
    said = serve(
        "Late", LEARN, {"do": "open"}, {"do": "sequential", "count": 5, "seconds": 9.0}, ask(1, 2, 11)
    )
    turns = [one for one in said if one["kind"] == "turn"]
    assert turns[0]["count"] == 12
    assert [len(turn["samples_ms"]) for turn in turns[1:]] == [1, 1, 3]
    assert turns[2]["count"] == 5
    assert (turns[3]["wrong"], turns[3]["failed"]) == (2, 1)
    assert [one["kind"] for one in said][:2] == ["started", "done"]


def test_a_turn_ends_when_its_time_is_up() -> None:
    said = serve("Honest", {**ask(1, 2, 3), "seconds": 0.0})
    (turn,) = (one for one in said if one["kind"] == "turn")
    assert len(turn["samples_ms"]) == 1


def test_what_goes_wrong_is_said() -> None:
    assert [one["kind"] for one in serve("Refusing")] == ["started", "failed"]
    assert serve("Honest", {"do": "sequential"})[-1] == {"kind": "failed", "text": "KeyError: 'count'"}
