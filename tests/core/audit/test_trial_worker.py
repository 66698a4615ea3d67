"""The worker reads through, then asks; here in this process, its messages caught."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from framescope.core.audit import trial_worker
from framescope.core.audit.engines.protocol import Target
from framescope.core.audit.messages import Message, target_message


class NotingChannel:
    """Hands one job out and keeps what is said."""

    def __init__(self, job: Message | None) -> None:
        self.job = job
        self.said: list[Message] = []

    def receive(self) -> Message | None:
        return self.job

    def send(self, kind: str, **content: Any) -> None:  # noqa: ANN401 - as the real one
        self.said.append({"kind": kind, **content})

    def kinds(self) -> list[str]:
        return [one["kind"] for one in self.said]


def serve(engine: str, **changes: object) -> NotingChannel:
    job = {
        "factory": f"tests.core.audit.fake_engines:{engine}",
        "target": target_message(Target("x.mp4", 0, Fraction(1, 10))),
        "rounds": [
            {"order": "shuffled", "asks": [[n, n, n / 10] for n in (3, 1, 40)]},
            {"order": "end-then-back", "asks": [[2, 2, 0.2]]},
        ],
        "rerun": 4,
        **changes,
    }
    channel = NotingChannel(job)
    trial_worker.run(channel)  # type: ignore[arg-type] # stands in for the pipe
    return channel


def test_it_says_everything_in_order() -> None:
    channel = serve("Honest")
    assert channel.kinds() == [
        "started",
        "opened",
        "sequence",
        "sequence_end",
        "rerun",
        "answer",
        "answer",
        "answer",
        "past_end",
        "done",
    ]
    answers = [one for one in channel.said if one["kind"] == "answer"]
    # What lies behind the end of the engine's own sequence is not asked for.
    assert [(one["order"], one["n"]) for one in answers] == [
        ("shuffled", 3),
        ("shuffled", 1),
        ("end-then-back", 2),
    ]
    assert all(one["first"] == one["second"] for one in answers)
    assert len(channel.said[4]["digests"]) == 4


def test_nothing_in_the_middle_is_noted_and_not_at_the_end() -> None:
    end = serve("Halting").said[3]
    assert end["missed"] == [[5, "read() returns False"]] * 2
    assert end["complete"]
    assert len(serve("Halting").said[2]["rows"]) == 12


def test_what_cannot_be_opened_ends_it() -> None:
    channel = serve("Refusing")
    assert channel.kinds() == ["started", "failed"]
    assert channel.said[-1]["text"] == "OSError: this is no video to me"


def test_no_job_is_no_work() -> None:
    channel = NotingChannel(None)
    trial_worker.run(channel)  # type: ignore[arg-type] # stands in for the pipe
    assert channel.said == []


def test_a_short_time_cuts_the_sequence_but_not_to_nothing() -> None:
    channel = serve("Honest", sequence_s=0.0)
    ends = [one for one in channel.said if one["kind"] == "sequence_end"]
    assert [one["complete"] for one in ends] == [False]
    assert "past_end" not in channel.kinds()


def test_a_pass_without_an_end_is_stopped() -> None:
    channel = serve("Unending", most_frames=500)
    rows = [row for one in channel.said if one["kind"] == "sequence" for row in one["rows"]]
    (end,) = (one for one in channel.said if one["kind"] == "sequence_end")
    assert len(rows) == 501
    assert not end["complete"]
    assert end["error"] == "stopped after 501 frames"
    # What is within the file is asked for all the same; its end is not known.
    assert "answer" in channel.kinds()
    assert "past_end" not in channel.kinds()
