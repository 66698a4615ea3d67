"""Rows of the table about exporting: beside the loop that people write, and FFmpeg's program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framescope.core.machine_cores import core_count
from tests.benchmarks.export_child import Task
from tests.benchmarks.limit import LIMIT
from tests.benchmarks.report import OURS, Measure, Row, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.bench import Bench

_ENGINES = (OURS, "opencv", "ffmpeg", LIMIT)
_LIMIT_S = 1800.0
_MOST_MB = 300.0
_ROOT = Path(__file__).parents[2]


def exporting(bench: Bench) -> Iterator[Row]:
    """Frames into files, the engines in turns."""
    first = tuple(range(100 if bench.quick else 300))
    film, long = bench.paths["H.264 GOP 30"], bench.paths["long MP4"]
    every = tuple(range(0, bench.specs["long MP4"].frame_count, 30))
    keys = tuple(range(0, bench.specs["H.264 GOP 30"].frame_count, 30))
    tasks = [
        (f"{len(first)} frames 1080p, JPEG 95", Task(str(film), "", first, "jpeg", 95), 0.8),
        (f"{len(first)} frames 1080p, PNG 3", Task(str(film), "", first, "png", 3), 0.3),
        (
            f"every 30th of the long MP4, {len(every)} JPEG 95",
            Task(str(long), "", every, "jpeg", 95, select="not(mod(n\\,30))"),
            0.5,
        ),
        (
            f"keyframes 1080p, {len(keys)} JPEG 95",
            Task(str(film), "", keys, "jpeg", 95, keyframes=True),
            None,
        ),
    ]
    for title, task, goal in tasks:
        yield from _rows(title, task, goal, rounds=2 if bench.quick else 3)


def _rows(title: str, task: Task, goal: float | None, *, rounds: int) -> Iterator[Row]:
    samples: dict[str, list[dict[str, Any]]] = {}
    measures: dict[str, Measure] = {}
    for _ in range(rounds):
        for engine in _ENGINES:
            if engine in measures:
                continue
            try:
                samples.setdefault(engine, []).append(_export_once(engine, task))
            except (subprocess.SubprocessError, OSError) as error:
                measures[engine] = Measure(problem=str(error).splitlines()[0])
    for engine, answers in samples.items():
        # The limit does one thing after the other; at best it would keep all cores busy.
        values = [
            (answer["cpu_ms"] / core_count() if engine == LIMIT else answer["ms"]) / len(task.numbers)
            for answer in answers
        ]
        wrong = sum(answer["wrong"] for answer in answers)
        measures.setdefault(engine, summarise(values, wrong=wrong))
    row = Row("Exporting, ms a frame saved", title, measures, goal=goal, against=("opencv",))
    sizes = [
        f"{engine} {answers[-1]['bytes'] / 1e6:.1f} MB" for engine, answers in samples.items() if answers
    ]
    row.notes.append(f"{title}: {', '.join(sizes)}")
    shares = [
        f"{engine} {answers[-1]['share']:.2f}"
        for engine, answers in samples.items()
        if answers and answers[-1]["share"]
    ]
    if shares:
        row.notes.append(f"{title}: size over that of our files of the same pixels: {', '.join(shares)}")
    row.notes.append(
        "framescope's time holds the proof, the flush and the reading back of each file; no other's does"
    )
    ours, ffmpeg = measures.get(OURS), measures.get("ffmpeg")
    if ours is not None and ffmpeg is not None and ffmpeg.is_exact:
        row.notes.append(f"{title}: {ours.value / ffmpeg.value:.2f} of ffmpeg's time")
    yield row
    peaks = {
        engine: summarise([answer["peak_mb"] for answer in answers])
        for engine, answers in samples.items()
        if engine != LIMIT and answers
    }
    memory = Row("Exporting, most memory in MB", title, peaks, unit="MB")
    memory.compares_worst, memory.limit = True, _MOST_MB
    yield memory


def _export_once(engine: str, task: Task) -> dict[str, Any]:
    if engine == "ffmpeg" and shutil.which("ffmpeg") is None:
        raise OSError("there is no ffmpeg on the path")
    # What an engine before left to be written must not slow this one down.
    os.sync()
    with tempfile.TemporaryDirectory(prefix="framescope-export-") as folder:
        there = Task(**{**json.loads(task.as_json()), "folder": folder})
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.export_child", engine, there.as_json()],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            check=True,
            timeout=_LIMIT_S,
        )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
