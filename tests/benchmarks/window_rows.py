"""The window's rows: how soon a picture comes, how long the GUI is away, how fast ten hours are painted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil

from tests.benchmarks.report import OURS, Measure, Row, summarise
from tests.benchmarks.screen_rows import on_screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.bench import Bench

_ROOT = Path(__file__).parents[2]
_LIMIT_S = 300
_LONG = "long MP4"


def window(bench: Bench) -> Iterator[Row]:
    """All of them, each in a separate process, off any screen."""
    path, transport = bench.paths[_LONG], bench.paths["long TS"]
    with tempfile.TemporaryDirectory(prefix="framescope-benchmark-") as home:
        yield from _slider(_probe(home, "slider", path))
        yield from _stalls(_probe(home, "stalls", path, transport))
        yield from _ten_hours(_probe(home, "ten_hours", path))
        yield from _start_up(home, bench.paths["H.264 GOP 250"])
    yield from on_screen(bench)


def _environment(home: str) -> dict[str, str]:
    own = {"QT_QPA_PLATFORM": "offscreen", "XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home}
    # Users have compiled modules, whatever this process was told.
    own["PYTHONPYCACHEPREFIX"] = str(Path(home) / "compiled")
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | own


def _command(task: str, *files: Path) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.window_probe", task, *map(str, files)]


def _probe(home: str, task: str, *files: Path) -> dict[str, Any]:
    try:
        done = subprocess.run(
            _command(task, *files),
            cwd=_ROOT,
            env=_environment(home),
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        return {"error": (error.stderr or "no message").strip().splitlines()[-1]}
    except subprocess.TimeoutExpired:
        return {"error": f"not done within {_LIMIT_S} s"}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _limited(group: str, title: str, limit: float, measure: Measure, *, unit: str = "ms") -> Row:
    return Row(group, title, {OURS: measure}, limit=limit, unit=unit)


def _percentile(values: list[float], percent: float) -> Measure:
    return Measure(float(np.percentile(values, percent)), max(values), 0, len(values))


def _slider(answer: dict[str, Any]) -> Iterator[Row]:
    group = "Window: from the slider's move to the painted picture, p95 in ms"
    if "error" in answer:
        yield Row(
            group, "slider", {OURS: Measure(problem=str(answer["error"]))}, notes=[str(answer["error"])]
        )
        return
    yield _limited(group, "anything, provisional or exact", 33, _percentile(answer["first"], 95))
    yield _limited(group, "the exact frame, from the cache", 20, _percentile(answer["cached"], 95))
    yield Row(group, "the exact frame, decoded", {OURS: _percentile(answer["exact"], 95)})


def _stalls(answer: dict[str, Any]) -> Iterator[Row]:
    group = "Window: GUI thread away from its event loop, ms"
    if "error" in answer:
        yield Row(
            group, "stalls", {OURS: Measure(problem=str(answer["error"]))}, notes=[str(answer["error"])]
        )
        return
    for name, figures in answer.items():
        worst = Measure(figures["worst"], figures["worst"], 0, figures["count"])
        p99 = Measure(figures["p99"], figures["worst"], 0, figures["count"])
        own = Measure(figures["own_worst"], figures["own_worst"], 0, figures["count"])
        if name == "idle":
            yield Row(group, "nothing to do: worst (the machine's own noise)", {OURS: worst})
        else:
            yield _limited(group, f"{name}: worst", 16, worst)
        own_p99 = Measure(figures["own_p99"], figures["own_worst"], 0, figures["count"])
        yield Row(group, f"{name}: worst, CPU time of the GUI thread alone", {OURS: own})
        yield Row(group, f"{name}: p99, CPU time of the GUI thread alone", {OURS: own_p99})
        yield Row(group, f"{name}: p99", {OURS: p99})


def _ten_hours(answer: dict[str, Any]) -> Iterator[Row]:
    group = "Window: ten hours at 60 frames a second on the timeline"
    if "error" in answer:
        yield Row(
            group, "repaint", {OURS: Measure(problem=str(answer["error"]))}, notes=[str(answer["error"])]
        )
        return
    for span, times in answer["zooms"].items():
        yield _limited(group, f"repaint with {int(span):,} frames in view: median", 8, summarise(times))
    for span, times in answer["own_zooms"].items():
        yield Row(group, f"the same, {int(span):,} frames: median CPU time alone", {OURS: summarise(times)})
    size = answer["index_mb"]
    yield _limited(group, "index in memory, MB", 100, Measure(size, size, 0, 1), unit="MB")


def _start_up(home: str, path: Path) -> Iterator[Row]:
    commands = {
        name: [sys.executable, "-m", f"tests.benchmarks.{module}", str(path)]
        for name, module in ((OURS, "start_up"), ("pyav", "empty_window"))
    }
    moments = {OURS: ("picture", "window"), "pyav": ("picture",)}
    wall: dict[str, dict[str, list[float]]] = {"picture": {}, "window": {}}
    own: dict[str, dict[str, list[float]]] = {"picture": {}, "window": {}}
    for _ in range(5):
        for name, command in commands.items():
            start = time.perf_counter()
            with subprocess.Popen(
                command,
                cwd=_ROOT,
                env=_environment(home),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            ) as process:
                assert process.stdout is not None
                for _moment in moments[name]:
                    moment = process.stdout.readline().strip()
                    wall[moment].setdefault(name, []).append((time.perf_counter() - start) * 1e3)
                    times = psutil.Process(process.pid).cpu_times()
                    own[moment].setdefault(name, []).append((times.user + times.system) * 1e3)
                process.kill()
    group = "Window: start to the first picture, median ms"
    note = "Start-up is compared with an empty PySide6 window plus PyAV's decode of the first frame."
    for words, samples in (("wall time", wall), ("CPU time", own)):
        measures = {name: summarise(values) for name, values in samples["picture"].items()}
        yield Row(group, words, measures, goal=2.0, notes=[note])
        whole = {name: summarise(values) for name, values in samples["window"].items()}
        yield Row(group, f"{words}, until everything around it is painted", whole, notes=[note])
