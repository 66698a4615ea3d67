"""Opening and indexing, reading through, thumbnails, memory."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.bench import PLAIN, Bench
from tests.benchmarks.child import ChildError
from tests.benchmarks.limit import LIMIT
from tests.benchmarks.report import OURS, Measure, Row, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

_FFMS2 = "ffms2"
_THUMBNAIL_WIDTH = 160
_CACHE_MB, _BESIDE_CACHE_MB = 200, 250


def opening(bench: Bench) -> Iterator[Row]:
    """From a path to a full index of the long recording, fresh processes, the file in the page cache."""
    group = "Open and index the long recording, median ms"
    for name in ("long MP4", "long MKV", "long TS"):
        bench.paths[name].read_bytes()
        samples: dict[str, list[float]] = {}
        problems: dict[str, str] = {}
        second: list[float] = []
        for _ in range(3 if bench.quick else 7):
            for engine in bench.engines:
                try:
                    samples.setdefault(engine, []).append(_open_once(bench, engine, name, is_stored=False))
                except ChildError as error:
                    problems[engine] = str(error)
            second.append(_open_once(bench, OURS, name, is_stored=True))
            if shutil.which("ffmsindex"):
                samples.setdefault(_FFMS2, []).append(_index_with_ffms2(bench.paths[name]))
        measures = {
            engine: Measure(problem=problems[engine]) if engine in problems else summarise(values)
            for engine, values in samples.items()
        }
        cold = Row(group, name, measures, goal=1.0, against=(_FFMS2,))
        if name == "long MP4":
            cold.goal, cold.against = 0.25, ("torchcodec",)
        again = Row(group, f"{name}, second opening", {**measures, OURS: summarise(second[1:])})
        again.goal, again.against = 0.05, (_FFMS2,)
        yield from (cold, again)


def _open_once(bench: Bench, engine: str, clip: str, *, is_stored: bool) -> float:
    child = bench.child(engine, fresh=True)
    if child is None:
        raise ChildError(bench.problems[engine])
    options = (
        {"use_index_cache": True, "counting": "packets"} if is_stored else {**PLAIN, "counting": "packets"}
    )
    milliseconds: float = child.ask("open", path=str(bench.paths[clip]), options=options)["ms"][0]
    child.end()
    return milliseconds


def _index_with_ffms2(path: Path) -> float:
    """The indexing program of ffms2, its start included (a few milliseconds)."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        command = ["ffmsindex", "-f", str(path), str(Path(folder) / "index")]
        subprocess.run(command, check=True, capture_output=True)
        return (time.perf_counter() - start) * 1e3


def reading_through(bench: Bench) -> Iterator[Row]:
    """The first frames of a clip to BGR, in order."""
    for name in ("H.264 GOP 30", "HEVC GOP 250", "AV1"):
        count = min(bench.specs[name].frame_count, 150 if bench.quick else 450)
        measures: dict[str, Measure] = {}
        samples: dict[str, list[float]] = {}
        wrong: dict[str, int] = {}
        for _ in range(3):
            for engine, child in bench.opened(name, PLAIN):
                if isinstance(child, str):
                    measures[engine] = Measure(problem=child)
                    continue
                try:
                    answer = child.ask("sequence", count=count, limit_s=300)
                    child.ask("close")
                except ChildError as error:
                    measures[engine] = Measure(problem=str(error))
                    continue
                samples.setdefault(engine, []).append(answer["ms"][0] / count)
                wrong[engine] = wrong.get(engine, 0) + answer["wrong"]
        for engine, values in samples.items():
            measures.setdefault(engine, summarise(values, wrong=wrong[engine]))
        measures[LIMIT] = bench.limit_of_many(name, [range(count)] * 3)
        group = "Reading through to BGR, ms a frame"
        for peer, label, goal in (
            ("opencv", "OpenCV", 0.9),
            ("torchcodec", "torchcodec", 1.0),
            ("pyav", "PyAV", 1.0),
        ):
            yield Row(group, f"{name}, against {label}", measures, goal=goal, against=(peer,))


def thumbnails(bench: Bench) -> Iterator[Row]:
    """Keyframes as small pictures; PyAV stands for the bare decode of one intra picture and its scaling."""
    for name in ("H.264 GOP 30", "H.264 GOP 250", "long MP4"):
        spec = bench.specs[name]
        gop = 30 if "30" in name else 250
        keys = list(range(gop, spec.frame_count, gop))
        if len(keys) < 3:
            continue
        numbers = random.Random(4).sample(keys, min(len(keys), 12 if "long" in name else 8))
        measures: dict[str, Measure] = {}
        for engine, child in bench.opened(name, PLAIN):
            if engine not in (OURS, "opencv", "pyav"):
                continue
            if isinstance(child, str):
                measures[engine] = Measure(problem=child)
                continue
            try:
                # The first thumbnail opens the second decoder; a filmstrip asks for hundreds.
                child.ask("thumbnails", numbers=numbers[:1], width=_THUMBNAIL_WIDTH)
                answer = child.ask("thumbnails", numbers=numbers[1:], width=_THUMBNAIL_WIDTH)
                child.ask("close")
            except ChildError as error:
                measures[engine] = Measure(problem=str(error))
            else:
                measures[engine] = summarise(answer["cpu_ms"])
        group = "Keyframe thumbnails 160 wide, median CPU ms"
        yield Row(group, f"{name}, against OpenCV", measures, goal=0.1, against=("opencv",))
        yield Row(group, f"{name}, against the bare decode", measures, goal=1.2, against=("pyav",))


def memory(bench: Bench) -> Iterator[Row]:
    """Resident memory of our process while it is used for long, the cache held at its limit."""
    for name in ("H.264 GOP 30", "long MP4"):
        child = bench.child(OURS, fresh=True)
        if child is None:
            return
        options = {**PLAIN, "cache_bytes": _CACHE_MB << 20, "read_ahead": True}
        count = bench.specs[name].frame_count
        child.ask("open", path=str(bench.paths[name]), options=options)
        figures: list[float] = []
        rng = random.Random(6)
        for _ in range(6 if bench.quick else 20):
            start = rng.randrange(10, count - 40)
            child.ask(
                "read", numbers=[*rng.sample(range(10, count), 3), *range(start + 30, start, -1)], pace_s=0
            )
            figures.append(child.memory_mb)
        child.end()
        measure = summarise(figures)
        row = Row(f"Memory in MB with a cache of {_CACHE_MB} MB: most", name, {OURS: measure}, unit="MB")
        row.compares_worst, row.limit = True, _CACHE_MB * 1.048576 + _BESIDE_CACHE_MB
        yield row
