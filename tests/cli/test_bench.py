"""``framescope bench`` hands its options on and tells who did not do the same work."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.cli import bench as module
from framescope.core.audit.bench import BenchSettings
from framescope.core.audit.bench_records import BenchTask, EngineBench, FileBench, Measure
from framescope.core.audit.records import TrialState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def measure(task: BenchTask, median_ms: float, ratio: float | None = None, wrong: int = 0) -> Measure:
    return Measure(task, "frame", (median_ms,), median_ms, median_ms, (median_ms,), ratio, wrong)


FOUND = FileBench(
    source="films/two.mp4",
    frame_count=48,
    engines=(
        EngineBench(
            "quick",
            "Quick",
            "1.0",
            TrialState.DONE,
            measures={
                BenchTask.SEQUENTIAL: measure(BenchTask.SEQUENTIAL, 2.0, 0.5),
                BenchTask.RANDOM: replace(
                    measure(BenchTask.RANDOM, 12.5, 1.25, wrong=3), rounds_ms=(11.0, 12.5, 14.0)
                ),
                # The median of a scrub leaves out the steps that no cache answered.
                BenchTask.SCRUB: replace(
                    measure(BenchTask.SCRUB, 1.0), samples_ms=(1.0, 1.0, 88.0), rounds_ms=(30.0,)
                ),
            },
            peak_memory_bytes=3 << 20,
        ),
        EngineBench("absent", "Absent", None, TrialState.NOT_INSTALLED, "not installed: pip install absent"),
    ),
    rounds=2,
    seed=7,
    elapsed_s=1.5,
    window=40,
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, BenchSettings, object]]:
    """What was to be measured; nothing is."""
    calls: list[tuple[str, BenchSettings, object]] = []

    def note(
        source: str, settings: BenchSettings, *, stream_index: int | None, **_others: object
    ) -> FileBench:
        calls.append((source, settings, stream_index))
        return FOUND

    monkeypatch.setattr(module, "run_bench", note)
    return calls


def test_options_are_handed_on(
    framescope: Callable[..., Answer], asked: list[tuple[str, BenchSettings, object]]
) -> None:
    answer = framescope(
        "bench", "two.mp4", "--engines", "opencv, pyav,", "--rounds", 2, "--seconds", 0.5, "--seed", 7,
        "--stream", 1,
    )  # fmt: skip
    assert answer.status == 0
    assert asked == [("two.mp4", BenchSettings(engines=("opencv", "pyav"), rounds=2, turn_s=0.5, seed=7), 1)]


@pytest.mark.usefixtures("asked")
def test_a_row_an_engine(framescope: Callable[..., Answer]) -> None:
    title, head, quick, absent, first, foot = framescope("bench", "two.mp4").out.splitlines()
    assert title == "two.mp4, 48 frames, the first 40 of them, 2 rounds"
    assert head.split()[0] == "engine"
    assert "scrub +3 −1, mean" in head
    cells = "quick - 500 fps (0.50) 12.5 ±1.50 ms, p95 12.5 (1.25)* 30.0 ms - 3 MiB"
    assert quick.split() == cells.split()
    assert absent.split(maxsplit=1) == ["absent", "not installed: pip install absent"]
    assert first.strip() == "No library gave exact frames."
    assert "* returned wrong frames" in foot


@pytest.mark.usefixtures("asked")
def test_json_is_one_document(framescope: Callable[..., Answer]) -> None:
    table = framescope("bench", "two.mp4", "--json").json()
    assert (table["frame_count"], table["rounds"], table["seed"]) == (48, 2, 7)
    engines = table["engines"]
    assert isinstance(engines, list)
    assert engines[0]["measures"]["random"]["wrong"] == 3
    assert engines[1]["state"] == "not installed"


@pytest.mark.parametrize("option", [("--rounds", "0"), ("--seconds", "0"), ("--seed", "x")])
def test_options_out_of_range(
    framescope: Callable[..., Answer],
    asked: list[tuple[str, BenchSettings, object]],
    option: tuple[str, str],
) -> None:
    assert framescope("bench", "two.mp4", *option).status == 2
    assert asked == []


def test_an_engine_that_nobody_knows(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    answer = framescope("bench", plain_clip, "--engines", "nobody")
    assert answer.status != 0
    assert "nobody" in answer.err
