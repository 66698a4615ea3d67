"""A stream of a file is received in pieces; what a library drops, doubles or invents is counted."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Self

import pytest

from framescope.core.audit import live_bench as module
from framescope.core.audit import live_worker
from framescope.core.audit.child_process import ChildEnded
from framescope.core.audit.engines.catalog import ENGINES
from framescope.core.audit.engines.live_readers import read_framescope, read_opencv, read_pyav
from framescope.core.audit.live_bench import live_specs, live_trials, numbers_of, store_stream
from framescope.core.audit.messages import target_message
from framescope.core.audit.records import TrialState
from framescope.core.errors import FrameScopeError
from framescope.core.live.sender import PacedSender, paced_stream
from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import open_video
from framescope.core.synth.number_blocks import read_number
from tests.core.live.senders import numbered_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from framescope.core.audit.bench_records import LiveTrial
    from framescope.core.audit.engines.live_readers import LiveReader
    from framescope.core.audit.messages import Message

PYAV = next(spec for spec in ENGINES if spec.name == "pyav")
FRAMES = 10


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten numbered frames at 25 fps, with B-frames."""
    path = tmp_path_factory.mktemp("live") / "clip.mkv"
    path.write_bytes(numbered_stream(0, FRAMES, form="matroska"))
    return path


@pytest.mark.parametrize(
    ("received", "numbers"),
    [
        ("abcdef", [0, 1, 2, 3, 4, 5]),
        ("abef", [0, 1, 4, 5]),
        ("bcdef", [1, 2, 3, 4, 5]),
        ("abccdef", [0, 1, 2, None, 3, 4, 5]),
        ("abxdef", [0, 1, None, 3, 4, 5]),
        ("abcabcdef", [0, 1, 2, None, None, None, 3, 4, 5]),
        ("", []),
        ("xyz", [None, None, None]),
    ],
)
def test_received_pictures_get_their_numbers(received: str, numbers: list[int | None]) -> None:
    found = numbers_of([ord(one) for one in "abcdef"], [ord(one) for one in received])
    assert found == numbers


def test_pictures_that_look_the_same_are_counted_once_each() -> None:
    still = [7] * 5
    assert numbers_of([*still, 1, 2, *still], [*still, 1, 2, *still]) == list(range(12))
    # One more of the still ones cannot be explained by those at the end.
    again = numbers_of([*still, 1, 2, *still], [*still, 7, 1, 2, *still])
    assert again.count(None) == 1
    assert sorted(number for number in again if number is not None) == list(range(12))


def test_a_short_file_is_sent_over_and_over(clip: Path, tmp_path: Path) -> None:
    stream = paced_stream(str(clip), 0, 1.0)
    assert [round(piece.due_s * 25) for piece in stream.pieces] == list(range(26))
    path = tmp_path / f"stream{stream.suffix}"
    path.write_bytes(stream.data)
    with open_video(path, cache_bytes=1, use_index_cache=False) as video:
        shown = [read_number(frame.to_rgb()) for frame in video]
    assert len(shown) == 26
    assert shown[:20] == [*range(FRAMES), *range(FRAMES)]


def test_what_is_sent_is_the_stream_and_not_before_its_time(clip: Path) -> None:
    stream = paced_stream(str(clip), 0, 0.3)
    with PacedSender(stream.pieces) as sender:
        host, port = sender.address.removeprefix("tcp://").split(":")
        with socket.create_connection((host, int(port))) as reader:
            began_s = time.perf_counter()
            received = b"".join(iter(lambda: reader.recv(65536), b""))
        sent_s, ended_s = sender.sent_s, sender.ended_s
    assert received == stream.data
    assert len(sent_s) == len(stream.pieces)
    assert ended_s == sent_s[-1]
    # Its clock began when it noticed the connection, within moments of this one.
    assert all(at - began_s > piece.due_s - 0.05 for at, piece in zip(sent_s, stream.pieces, strict=True))


def test_sending_ends_at_once_though_nobody_reads(clip: Path) -> None:
    stream = paced_stream(str(clip), 0, 0.3)
    big = [piece._replace(data=piece.data * 200_000, due_s=0.0) for piece in stream.pieces[:2]]
    with PacedSender(big) as sender:
        host, port = sender.address.removeprefix("tcp://").split(":")
        reader = socket.create_connection((host, int(port)))
    reader.close()
    assert sender.ended_s is None


@pytest.mark.parametrize("read", [read_framescope, read_pyav, read_opencv])
def test_readers_receive_every_frame(read: LiveReader, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framescope.core.audit.engines.live_readers._SILENCE_S", 0.3)
    stream = paced_stream(str(clip), 0, 4.0)
    # At once: no test is to wait for what a camera would send.
    with PacedSender([piece._replace(due_s=0.0) for piece in stream.pieces]) as sender:
        shown = []
        for pixels in read(sender.address):
            sender.settle()
            shown.append(read_number(pixels if read is not read_opencv else pixels[:, :, ::-1]))
    rounds = [number % FRAMES for number in range(len(shown))]
    # What is cut off at the end may have lost what it refers to.
    assert shown[:90] == rounds[:90]


class Child:
    """A child without a process: says what it is told to."""

    script: Callable[[int], Iterator[Message]]

    def __init__(self, *_arguments: object, **_options: object) -> None:
        self._turn = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None: ...

    def send(self, message: Message) -> None:
        assert ("live" in message) == bool(self._turn)

    def receive(self) -> Iterator[Message]:
        self._turn += 1
        return type(self).script(self._turn)


def tried(monkeypatch: pytest.MonkeyPatch, clip: Path, turn: Callable[[], Iterator[Message]]) -> LiveTrial:
    """A trial of a library that receives as ``turn`` says."""

    def script(number: int) -> Iterator[Message]:
        if number == 1:
            yield from ({"kind": "learnt", "digest": one} for one in range(FRAMES))
            yield {"kind": "done"}
        else:
            yield from turn()

    monkeypatch.setattr(Child, "script", staticmethod(script), raising=False)
    monkeypatch.setattr(module, "ChildProcess", Child)
    monkeypatch.setattr(module, "STREAM_S", 0.36)
    (trial,) = live_trials(str(clip), 0, [PYAV], cancel=CancelToken())
    assert (trial.engine, trial.title) == ("pyav", "PyAV")
    return trial


def pictures(digests: list[int]) -> Iterator[Message]:
    for digest in digests:
        yield {"kind": "picture", "digest": digest, "at_s": time.perf_counter()}


def test_drops_doubles_and_inventions_are_counted(monkeypatch: pytest.MonkeyPatch, clip: Path) -> None:
    def turn() -> Iterator[Message]:
        yield from pictures([0, 1, 2, 2, 99, 5, 6, 7, 8, 9])
        yield {"kind": "done"}

    trial = tried(monkeypatch, clip, turn)
    assert (trial.right, trial.dropped, trial.doubled, trial.wrong) == (8, 2, 1, 1)
    assert trial.state is TrialState.DONE
    assert trial.first_ms is not None


def test_a_library_that_never_stops_is_left_after_a_while(
    monkeypatch: pytest.MonkeyPatch, clip: Path
) -> None:
    monkeypatch.setattr(module, "_MOST_MORE", 20)

    def turn() -> Iterator[Message]:
        yield from pictures(list(range(FRAMES)))
        while True:
            yield from pictures([9])

    trial = tried(monkeypatch, clip, turn)
    assert (trial.right, trial.dropped, trial.doubled) == (FRAMES, 0, 3 * FRAMES + 20)


def test_no_more_packets_are_sent_than_can_be_matched(monkeypatch: pytest.MonkeyPatch, clip: Path) -> None:
    for most in (7, 25):
        monkeypatch.setattr("framescope.core.live.sender._MOST_PACKETS", most)
        assert len(paced_stream(str(clip), 0, 10.0).pieces) == most


def test_what_came_before_a_hang_counts(monkeypatch: pytest.MonkeyPatch, clip: Path) -> None:
    def turn() -> Iterator[Message]:
        yield from pictures([0, 1, 2])
        raise ChildEnded(TrialState.HUNG, "no progress")

    trial = tried(monkeypatch, clip, turn)
    assert (trial.state, trial.reason, trial.right, trial.dropped) == (TrialState.HUNG, "no progress", 3, 7)


def test_an_error_before_the_first_picture_is_said(monkeypatch: pytest.MonkeyPatch, clip: Path) -> None:
    trial = tried(monkeypatch, clip, lambda: iter([{"kind": "failed", "text": "OSError: no"}]))
    assert (trial.state, trial.reason) == (TrialState.CANNOT_OPEN, "OSError: no")


def test_what_is_stopped_before_is_called_cancelled(clip: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    trials = live_trials(str(clip), 0, live_specs(ENGINES), cancel=cancel)
    assert {trial.state for trial in trials} == {TrialState.CANCELLED}


def test_what_cannot_be_sent_is_said_for_every_library(tmp_path: Path) -> None:
    path = tmp_path / "nothing.mkv"
    path.write_bytes(b"nothing")
    trials = live_trials(str(path), 0, live_specs(ENGINES), cancel=CancelToken())
    assert {trial.state for trial in trials} == {TrialState.UNAVAILABLE}
    assert all(trial.reason for trial in trials)
    with pytest.raises(FrameScopeError):
        paced_stream(str(path), 0, 1.0)


def test_every_library_reads_streams_once() -> None:
    assert [spec.library for spec in live_specs(ENGINES)] == list(
        dict.fromkeys(spec.library for spec in ENGINES)
    )
    assert [spec.name for spec in live_specs([one for one in ENGINES if one.name == "pyav-exact"])] == [
        "pyav"
    ]


class Script:
    """The parent's end of a channel: gives jobs, and writes down what is said."""

    def __init__(self, *jobs: Message) -> None:
        self._jobs = list(jobs)
        self.said: list[tuple[str, Message]] = []

    def receive(self) -> Message | None:
        return self._jobs.pop(0) if self._jobs else None

    def send(self, kind: str, **content: object) -> None:
        self.said.append((kind, content))


def test_a_worker_learns_and_then_receives(clip: Path, tmp_path: Path) -> None:
    sent = store_stream(str(clip), 0, tmp_path, 3.0)
    assert sent.packet_numbers is not None
    assert sorted(sent.packet_numbers) == list(range(len(sent.stream.pieces)))

    with PacedSender([piece._replace(due_s=0.0) for piece in sent.stream.pieces]) as sender:
        script = Script(
            {"factory": PYAV.factory, "target": target_message(sent.target), "seconds": 60},
            {"live": PYAV.live, "address": sender.address},
        )
        live_worker.run(script)  # type: ignore[arg-type]
    learnt = [content["digest"] for kind, content in script.said if kind == "learnt"]
    received = [content["digest"] for kind, content in script.said if kind == "picture"]
    assert len(learnt) == sent.frame_count
    assert numbers_of(learnt, received) == list(range(sent.frame_count))
    assert script.said[-1][0] == "done"
