"""Many files measured one after the other, recorded, and not measured again."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from framescope.core.audit import bench_folder as module
from framescope.core.audit.bench import BenchSettings
from framescope.core.audit.bench_folder import BenchRow, bench_files
from framescope.core.audit.bench_records import EngineBench, FileBench
from framescope.core.audit.records import TrialState
from framescope.core.errors import Cancelled, UnsupportedMediaError
from framescope.core.model.progress import CancelToken, Progress

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.model.progress import ProgressCallback

SETTINGS = BenchSettings(engines=("opencv",))


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was measured; nothing is."""
    calls: list[str] = []

    def measure(
        source: str, settings: BenchSettings, *, progress: ProgressCallback, cancel: CancelToken, **_: object
    ) -> FileBench:
        calls.append(source)
        progress(Progress(1, 4, "Warming up"))
        if source.endswith("bad.mp4"):
            raise UnsupportedMediaError("Not a video.", hint="Choose another.")
        state = TrialState.CANCELLED if cancel.is_cancelled else TrialState.DONE
        engine = EngineBench("opencv", "OpenCV", "1", state)
        return FileBench(source, 48, (engine,), settings.rounds, settings.seed, 1.0)

    monkeypatch.setattr(module, "run_bench", measure)
    return calls


def test_a_bad_file_is_a_row_and_finished_ones_are_not_measured_again(
    measured: list[str], tmp_path: Path
) -> None:
    journal, told, reports = tmp_path / "bench.jsonl", list[BenchRow](), list[Progress]()
    files = [str(tmp_path / name) for name in ("a.mp4", "bad.mp4", "c.mp4")]
    rows = bench_files(files, SETTINGS, journal=journal, on_row=told.append, progress=reports.append)
    assert [row.source for row in rows] == files == measured
    assert rows == told
    assert [row.error for row in rows] == ["", "Not a video. Choose another.", ""]
    assert [row.words for row in rows[1:]] == [rows[1].error, rows[2].table["headline"]]
    assert (reports[-1].done, reports[-1].total) == (3, 3)
    again = bench_files([*files, files[0]], SETTINGS, journal=journal)
    assert [(row.table, row.is_new) for row in again] == [(row.table, False) for row in rows]
    assert len(measured) == 3
    (tmp_path / "c.mp4").write_bytes(b"another")
    assert [row.is_new for row in bench_files(files, SETTINGS, journal=journal)] == [False, False, True]


@pytest.mark.parametrize("changed", [{"hardware": "cuda:1"}, {"clip_count": 3}, {"window": 5}, {"seed": 9}])
def test_files_are_measured_again_with_other_settings(
    changed: dict[str, Any], measured: list[str], tmp_path: Path
) -> None:
    journal, files = tmp_path / "bench.jsonl", [str(tmp_path / "a.mp4")]
    bench_files(files, SETTINGS, journal=journal)
    assert bench_files(files, replace(SETTINGS, **changed), journal=journal)[0].is_new
    assert len(measured) == 2


def test_a_file_that_changes_while_it_is_measured_is_measured_again(
    measured: list[str], tmp_path: Path
) -> None:
    journal, file = tmp_path / "bench.jsonl", tmp_path / "a.mp4"

    def change(_row: Progress) -> None:
        file.write_bytes(b"another")

    bench_files([str(file)], SETTINGS, journal=journal, progress=change)
    assert bench_files([str(file)], SETTINGS, journal=journal)[0].is_new
    assert len(measured) == 2


def test_what_was_cancelled_is_not_recorded(measured: list[str], tmp_path: Path) -> None:
    cancel, journal = CancelToken(), tmp_path / "bench.jsonl"
    files = [str(tmp_path / name) for name in ("a.mp4", "b.mp4", "c.mp4")]
    first_is_told = threading.Event()

    def stop(_row: BenchRow) -> None:
        cancel.cancel()
        first_is_told.set()

    def wait_for_it(_report: Progress) -> None:
        # The other files are begun by a thread, which may be quicker.
        if len(measured) > 1:
            assert first_is_told.wait(60)

    rows = bench_files(files, SETTINGS, journal=journal, cancel=cancel, on_row=stop, progress=wait_for_it)
    assert [row.source for row in rows] == files[:1]
    assert journal.read_text(encoding="utf-8").count("\n") == 1
    assert len(bench_files(files, SETTINGS, journal=journal)) == 3
    assert measured.count(files[0]) == 1


def test_a_file_given_up_while_it_is_opened_is_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(*_arguments: object, **_options: object) -> FileBench:
        raise Cancelled

    monkeypatch.setattr(module, "run_bench", give_up)
    assert bench_files(["a.mp4"], SETTINGS) == []
