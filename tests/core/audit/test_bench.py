"""Engines take turns at the same work, and what goes wrong with one harms no other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import pytest

from framescope.core.audit import bench as module
from framescope.core.audit.bench import BenchSettings, run_bench
from framescope.core.audit.bench_records import BenchTask, FileBench
from framescope.core.audit.child_process import ChildEnded, Limits
from framescope.core.audit.records import TrialState
from framescope.core.errors import OpenError, SettingsError
from framescope.core.model.progress import CancelToken, Progress
from tests.core.audit import fake_engines as fakes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from framescope.core.audit.messages import Message

OPENCV = replace(fakes.spec_of(fakes.Honest), name="opencv")
SLOW = replace(fakes.spec_of(fakes.Late), name="slow", factory="slow")
DYING = replace(fakes.spec_of(fakes.Exiting), name="dying", factory="dying")
ABSENT = replace(fakes.spec_of(fakes.Honest), name="absent", distributions=("no-such-distribution-here",))

SETTINGS = BenchSettings(
    rounds=2, window=12, random_count=4, scrub_steps=6, shuffled_count=5, catalogue=(OPENCV, SLOW)
)


class Seat:
    """A child without a process: known figures for every turn."""

    sent: list[tuple[str, str, Message]]
    resumed: list[int]
    slow_learns = 12

    def __init__(self, *_arguments: object, **_options: object) -> None:
        self.peak_bytes = 77
        self._name = ""
        self._last: Message = {}
        self._asked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None: ...

    def send(self, message: Message) -> None:
        self._last = message
        self._name = self._name or message["factory"]
        self.sent.append((self._name, message.get("do", "start"), message))

    def receive(self) -> Iterator[dict[str, Any]]:
        do = self._last.get("do", "start")
        is_slow = self._name == "slow"
        if self._name == "dying" and do == "sequential":
            raise ChildEnded(TrialState.CRASHED, "crashed: SIGSEGV")
        if do != "start":
            self._asked += do == "ask"
            samples = [3.0, 9.0, 6.0] if is_slow else [2.0, 4.0, 3.0]
            wrong = 1 if is_slow and do == "ask" else 0
            if is_slow and do == "ask" and self._asked % 3 == 2:
                samples = [1.0, 1.0, 16.0]
            is_short = is_slow and self.slow_learns < 12
            learnt = {"count": self.slow_learns if is_slow else 12, "is_short": is_short}
            told = {"claimed": 50 if is_slow else 48} if do == "open" else {}
            samples = [] if do == "learn" else samples
            yield {"kind": "turn", "samples_ms": samples, "wrong": wrong, **learnt, **told}
        yield {"kind": "done"}

    def memory_bytes(self) -> int:
        return 77

    def suspend(self) -> None: ...

    def resume(self) -> None: ...


@pytest.fixture
def seats(monkeypatch: pytest.MonkeyPatch) -> type[Seat]:
    monkeypatch.setattr(module, "ChildProcess", Seat)
    Seat.sent = []
    return Seat


@pytest.mark.usefixtures("seats")
def test_figures_are_of_all_rounds_and_over_opencv(plain_clip: Path) -> None:
    found = run_bench(plain_clip, SETTINGS)
    assert (found.frame_count, found.rounds, found.seed) == (48, 2, SETTINGS.seed)
    slow = found.engine("slow").measures[BenchTask.RANDOM]
    assert slow.samples_ms == (3.0, 9.0, 6.0, 3.0, 9.0, 6.0)
    assert (slow.median_ms, slow.rounds_ms, slow.ratio) == (6.0, (6.0, 6.0), 2.0)
    assert slow.p95_ms == pytest.approx(9.0)
    assert (slow.wrong, slow.does_the_same_work) == (2, False)
    assert slow.unit == "frame"
    # A median of 60 steps would leave out the few that no cache answered.
    scrub = found.engine("slow").measures[BenchTask.SCRUB]
    assert (scrub.figure_ms, scrub.rounds_ms, scrub.ratio) == (6.0, (6.0, 6.0), 2.0)
    assert set(found.engine("slow").measures) == set(BenchTask)
    assert found.engine("opencv").measures[BenchTask.SCRUB].ratio == 1.0
    assert found.engine("opencv").is_exact
    assert found.engine("opencv").peak_memory_bytes == 77


def test_where_one_learns_slowly_all_stay_with_what_it_learnt(
    plain_clip: Path, seats: type[Seat], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "slow_learns", 3)
    found = run_bench(plain_clip, SETTINGS)
    asked = {row[0] for _, do, message in seats.sent if do == "ask" for row in message["asks"]}
    assert found.window == 3
    assert asked == {0, 1, 2}
    assert {message["count"] for _, do, message in seats.sent if do == "sequential"} == {3}


@pytest.mark.usefixtures("seats")
def test_what_is_known_is_told_after_every_turn(plain_clip: Path) -> None:
    parts: list[FileBench] = []
    found = run_bench(plain_clip, SETTINGS, on_update=parts.append)
    assert len(parts) == 2 * 13
    assert [one.state for one in parts[0].engines] == [TrialState.WAITING, TrialState.WAITING]
    assert [one.state for one in parts[2].engines] == [TrialState.RUNNING, TrialState.WAITING]
    assert [one.state for one in found.engines] == [TrialState.DONE, TrialState.DONE]
    assert parts[-1].engines[1].measures == found.engines[1].measures


@pytest.mark.usefixtures("seats")
def test_without_opencv_there_is_no_ratio(plain_clip: Path) -> None:
    found = run_bench(plain_clip, replace(SETTINGS, catalogue=(SLOW,)))
    assert {one.ratio for one in found.engines[0].measures.values()} == {None}


def test_engines_take_turns_at_the_same_work(plain_clip: Path, seats: type[Seat]) -> None:
    run_bench(plain_clip, SETTINGS)
    turns = [(name, message) for name, do, message in seats.sent if do != "start"]
    assert len(turns) == 2 * (1 + 6 * 2)
    for (first, one), (second, other) in zip(turns[::2], turns[1::2], strict=True):
        assert (first != "slow", second) == (True, "slow")
        assert one == other
    assert [message["do"] for _, message in turns[::2]][:7] == [
        "learn",
        "open",
        "sequential",
        "ask",
        "ask",
        "ask",
        "clips",
    ]


def test_requests_stay_in_the_window_and_know_their_times(plain_clip: Path, seats: type[Seat]) -> None:
    run_bench(plain_clip, SETTINGS)
    asks = [message["asks"] for name, do, message in seats.sent if do == "ask" and name != "slow"]
    assert [len(one) for one in asks] == [4, 6, 5, 4, 6, 5]
    for number, pts, time_s in (row for one in asks for row in one):
        assert 0 <= number < 12
        assert pts is not None
        assert time_s == pytest.approx(number / 24)
    numbers = [[row[0] for row in one] for one in asks]
    # From a third of the window: forward by 3, back by 1; past the end from the start again.
    assert numbers[1] == [4, 7, 6, 9, 8, 11]
    assert len(set(numbers[2])) == 5
    # Of so few frames a cache would soon hold all: random access is timed without one.
    keeps = [message["keeps_frames"] for name, do, message in seats.sent if do == "ask" and name != "slow"]
    assert keeps == [False, True, True] * 2
    assert numbers[0] != numbers[3]


def test_clips_are_runs_of_frames_within_the_window(plain_clip: Path, seats: type[Seat]) -> None:
    run_bench(plain_clip, SETTINGS)
    clips = [message["clips"] for name, do, message in seats.sent if do == "clips" and name != "slow"]
    assert [len(one) for one in clips] == [SETTINGS.clip_count] * 2
    numbers = [[row[0] for row in clip] for one in clips for clip in one]
    # The window is shorter than a clip.
    assert numbers == [list(range(12))] * len(numbers)
    seats.sent = []
    run_bench(plain_clip, replace(SETTINGS, window=40))
    clips = [message["clips"] for name, do, message in seats.sent if do == "clips" and name != "slow"]
    starts = {clip[0][0] for one in clips for clip in one}
    assert all([row[0] for row in clip] == list(range(clip[0][0], clip[0][0] + 16)) for clip in clips[0])
    assert len(starts) > 1
    assert max(starts) <= 40 - 16


@pytest.mark.usefixtures("seats")
def test_counts_are_kept_claimed_and_read(plain_clip: Path) -> None:
    found = run_bench(plain_clip, SETTINGS)
    assert found.reference == 12
    slow, opencv = found.engine("slow"), found.engine("opencv")
    assert (slow.frame_count_claimed, opencv.frame_count_claimed) == (50, 48)
    assert (slow.frames_read, slow.reads_more) == (12, False)


def test_the_seed_decides_the_frames(plain_clip: Path, seats: type[Seat]) -> None:
    def asked(seed: int) -> list[object]:
        seats.sent = []
        run_bench(plain_clip, replace(SETTINGS, seed=seed))
        return [message["asks"] for _, do, message in seats.sent if do == "ask"]

    assert asked(1) == asked(1)
    assert asked(1) != asked(2)


def test_a_crash_keeps_what_was_measured_and_harms_nobody(plain_clip: Path, seats: type[Seat]) -> None:
    found = run_bench(plain_clip, replace(SETTINGS, catalogue=(DYING, OPENCV)))
    dying = found.engine("dying")
    assert (dying.state, dying.reason) == (TrialState.CRASHED, "crashed: SIGSEGV")
    assert set(dying.measures) == {BenchTask.OPEN}
    assert [do for name, do, _ in seats.sent if name == "dying"] == ["start", "learn", "open", "sequential"]
    assert found.engine("opencv").state is TrialState.DONE
    assert set(found.engine("opencv").measures) == set(BenchTask)


def test_cancelling_keeps_what_was_measured(plain_clip: Path, seats: type[Seat]) -> None:
    cancel = CancelToken()
    seen: list[Progress] = []

    def stop(progress: Progress) -> None:
        seen.append(progress)
        if "sequential" in progress.text:
            cancel.cancel()

    found = run_bench(plain_clip, replace(SETTINGS, catalogue=(OPENCV,)), cancel=cancel, progress=stop)
    assert found.engines[0].state is TrialState.CANCELLED
    assert set(found.engines[0].measures) == {BenchTask.OPEN, BenchTask.SEQUENTIAL}
    # The turn that was announced when it was stopped is the last one.
    assert (seen[-1].done, seen[-1].total) == (2, 13)
    assert len(seats.sent) == 4


def test_real_processes_and_what_is_not_installed(plain_clip: Path) -> None:
    late = fakes.spec_of(fakes.Late)
    found = run_bench(plain_clip, replace(SETTINGS, rounds=1, catalogue=(late, ABSENT)))
    measures = found.engine("late").measures
    assert found.engine("late").state is TrialState.DONE
    assert set(measures) == set(BenchTask)
    # Two frames late: of five different frames each is wrong, or past the end and missing.
    assert measures[BenchTask.SHUFFLED].wrong + measures[BenchTask.SHUFFLED].failed == 5
    assert measures[BenchTask.OPEN].does_the_same_work
    assert found.engine("late").peak_memory_bytes > 0
    absent = found.engine("absent")
    assert (absent.state, absent.measures) == (TrialState.NOT_INSTALLED, {})
    assert absent.reason == "not installed: pip install pytest"


def test_a_real_crash_and_a_real_hang_are_rows(plain_clip: Path) -> None:
    little = replace(SETTINGS, rounds=1)
    crashing = fakes.spec_of(fakes.Crashing)
    crashed = run_bench(plain_clip, replace(little, catalogue=(crashing,))).engines[0]
    assert crashed.state is TrialState.CRASHED
    assert "SIGSEGV" in crashed.reason
    hanging = fakes.spec_of(fakes.Hanging)
    hung = run_bench(plain_clip, replace(little, catalogue=(hanging,), limits=Limits(silence_s=1.0))).engines[
        0
    ]
    assert (hung.state, hung.reason) == (TrialState.HUNG, "no progress for 1 s; ended")


def test_what_cannot_be_done_is_refused(refused_file: Callable[[str], Path], plain_clip: Path) -> None:
    with pytest.raises(OpenError):
        run_bench(refused_file("text.mp4"), SETTINGS)
    with pytest.raises(SettingsError, match="nobody"):
        run_bench(plain_clip, BenchSettings(engines=("nobody",)))
