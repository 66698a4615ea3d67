"""``framescope bench`` hands its options on and tells who did not do the same work."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.cli import bench as module
from framescope.core.audit import bench_folder
from framescope.core.audit.bench import BenchSettings
from framescope.core.audit.bench_records import BenchTask, EngineBench, FileBench, Measure
from framescope.core.audit.file_audit import AuditSettings
from framescope.core.audit.records import (
    EngineTrial,
    FileAudit,
    FileFacts,
    Sequence,
    TrialState,
    Verdict,
    VerdictKind,
)
from framescope.core.model.stream_facts import OpenCVFacts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.model.progress import CancelToken
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
        EngineBench(
            "absent",
            "Absent",
            None,
            TrialState.NOT_INSTALLED,
            "not installed: pip install absent",
            runs_on="GPU",
        ),
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


@pytest.mark.parametrize("form", [(), ("--csv",), ("--json",)])
def test_what_was_stopped_is_shown_and_says_so(
    framescope: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, form: tuple[str, ...]
) -> None:
    def run(_source: str, _settings: BenchSettings, *, cancel: CancelToken, **_others: object) -> FileBench:
        cancel.cancel()
        return FOUND

    monkeypatch.setattr(module, "run_bench", run)
    monkeypatch.delattr(module, "run_audit")
    page = tmp_path / "report.html"
    page.write_text("of the last time")
    answer = framescope("bench", "two.mp4", "--seek-test", "--html", page, "--overwrite", *form)
    assert answer.status == 130
    assert page.read_text() == "of the last time"
    assert "Cancelled." in answer.err
    if form == ("--json",):
        assert json.loads(answer.out)["error"]["exit_status"] == 130
    else:
        assert "quick" in answer.out


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
    title, head, quick, absent, first, foot, *_ = framescope("bench", "two.mp4").out.splitlines()
    assert title == "two.mp4, 48 frames, the first 40 of them, 2 rounds"
    assert head.split()[0] == "engine"
    assert "scrub +3 −1, mean" in head
    cells = "quick CPU - 500 fps (0.50) 12.5 ±1.50 ms, p95 12.5 (1.25)* 30.0 ms - - 3 MiB"
    assert quick.split() == cells.split()
    assert absent.split(maxsplit=2) == ["absent", "GPU", "not installed: pip install absent"]
    assert first.strip() == "No library gave exact frames."
    assert "* returned wrong frames" in foot


@pytest.mark.usefixtures("asked")
def test_which_library_for_what_ends_the_output(framescope: Callable[..., Answer]) -> None:
    lines = framescope("bench", "two.mp4").out.partition("Which library for what\n")[2].splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "Reading in sequence Quick: 500 fps, the only one without errors",
        "Shuffled single frames not measured",
        "Shuffled clips of 16 not measured",
        "Exact single frames none: no library gave every frame right",
        "not Quick: wrong frame at 3 of 1 jumps",
        "A live stream not measured: the benchmark sends a live stream on request",
        "Metadata not measured",
    ]


@pytest.mark.usefixtures("asked")
def test_csv_has_a_row_for_each_use_and_engine(framescope: Callable[..., Answer]) -> None:
    rows = list(csv.DictReader(framescope("bench", "two.mp4", "--csv").out.splitlines()))
    assert len(rows) == 5 * 2 + 1
    exact = next(row for row in rows if (row["use"], row["engine"]) == ("exact", "quick"))
    assert (exact["to_use"], exact["unfit_because"]) == ("0", "wrong frame at 3 of 1 jumps")
    assert (exact["task"], exact["figure_ms"], exact["wrong"]) == ("random", "12.500", "3")
    live = next(row for row in rows if row["use"] == "live")
    assert (live["engine"], live["reason"][:12]) == ("", "not measured")
    refused = framescope("bench", "two.mp4", "--csv", "--json")
    assert refused.status == 2


@pytest.mark.usefixtures("asked")
def test_a_report_is_written_beside_the_output(framescope: Callable[..., Answer], tmp_path: Path) -> None:
    page = tmp_path / "bench.html"
    assert framescope("bench", "two.mp4", "--html", page).status == 0
    text = page.read_text(encoding="utf-8")
    assert "Which library for what" in text
    assert "wrong frame at 3 of 1 jumps" in text
    assert "not installed: pip install absent" in text
    assert framescope("bench", "two.mp4", "--html", page).status == 1
    assert framescope("bench", "two.mp4", "--html", page, "--overwrite").status == 0


@pytest.mark.usefixtures("asked")
def test_a_seek_test_is_run_and_joined_on_request(
    framescope: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    tested: list[tuple[str, AuditSettings]] = []

    def note(source: str, settings: AuditSettings, **_others: object) -> FileAudit:
        tested.append((source, settings))
        lost = Sequence(is_complete=True, digests=np.zeros(40, np.uint64))
        verdict = Verdict(VerdictKind.CANNOT_READ, "Breaks off in the file. And more.")
        trial = EngineTrial("quick", "Quick", "q", "1", TrialState.DONE, sequence=lost, verdict=verdict)
        facts = FileFacts(
            48, np.zeros(1, np.int64), np.ones(48, np.int64), np.zeros(48), (), OpenCVFacts("5", opened=True)
        )
        return FileAudit(source, None, facts, (trial,))

    monkeypatch.setattr(module, "run_audit", note)
    answer = framescope("bench", "two.mp4", "--engines", "opencv", "--seek-test", "--seed", 5)
    assert tested == [("two.mp4", AuditSettings(engines=("opencv",), seed=5))]
    assert "not Quick: breaks off in the file" in answer.out


@pytest.mark.usefixtures("asked")
def test_json_is_one_document(framescope: Callable[..., Answer]) -> None:
    table = framescope("bench", "two.mp4", "--json").json()
    assert (table["frame_count"], table["rounds"], table["seed"]) == (48, 2, 7)
    engines = table["engines"]
    assert isinstance(engines, list)
    assert engines[0]["measures"]["random"]["wrong"] == 3
    assert engines[1]["state"] == "not installed"
    rows = table["which_library"]
    assert isinstance(rows, list)
    assert [row["use"] for row in rows] == ["sequential", "shuffled", "clips", "exact", "live", "metadata"]
    assert (rows[0]["libraries"], rows[4]["is_measured"]) == (["Quick"], False)


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


def test_a_folder_gives_a_line_per_file(
    framescope: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).touch()
    monkeypatch.setattr(bench_folder, "run_bench", lambda *_, **__: FOUND)
    answer = framescope("bench", tmp_path)
    assert answer.status == 0
    assert answer.out.splitlines() == [f"{name}.mp4: No library gave exact frames" for name in "ab"]
    found = json.loads(framescope("bench", tmp_path, "--json").out)["videos"]
    assert [one["source"] for one in found] == [str(tmp_path / name) for name in ("a.mp4", "b.mp4")]
