"""A child process that runs one engine: reads commands as lines of JSON, times them, checks every picture.

Run as ``python -m tests.benchmarks.worker ENGINE``. Reading the number out of a picture is not timed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from tests.benchmarks.engines import ENGINES
from tests.benchmarks.limit import LIMIT, LimitEngine
from tests.benchmarks.loaders import LOADERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from tests.benchmarks.engines import Engine

_NUMBER_BLOCKS = Path(__file__).parents[2] / "framescope" / "core" / "synth" / "number_blocks.py"


def _load_number_blocks() -> ModuleType:
    """The module by its file: its package may need libraries that this process does not have."""
    spec = importlib.util.spec_from_file_location("number_blocks", _NUMBER_BLOCKS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["number_blocks"] = module
    spec.loader.exec_module(module)
    return module


class Worker:
    """Carries commands out; each method is one command and answers what goes back as JSON."""

    def __init__(self, name: str, engine: Engine) -> None:
        self._name = name
        self._engine = engine
        self._read_number: Callable[[Any], int | None] = _load_number_blocks().read_number

    def open(self, path: str, options: dict[str, Any]) -> dict[str, Any]:
        """Open a file."""
        start = time.perf_counter()
        count = self._engine.open(path, options)
        return {"ms": [(time.perf_counter() - start) * 1e3], "count": count}

    def read(
        self, numbers: list[int], pace_s: float = 0.0, rest_s: float = 0.0, budget_s: float = 60.0
    ) -> dict[str, Any]:
        """Read frames one after the other, no more often than every ``pace_s``.

        Rests for ``rest_s`` after the first; gives up early when all took longer than ``budget_s``.
        """
        answers: dict[str, Any] = {"ms": [], "cpu_ms": [], "landed": []}
        take_fed: Callable[[], list[int]] = getattr(self._engine, "take_fed", list)
        begun = time.perf_counter()
        for place, number in enumerate(numbers):
            if time.perf_counter() - begun > budget_s:
                break
            wall, cpu = time.perf_counter(), time.process_time()
            try:
                picture = self._engine.picture(number)
            except (RuntimeError, OSError, ValueError, IndexError, EOFError):
                picture = None
            answers["ms"].append((time.perf_counter() - wall) * 1e3)
            answers["cpu_ms"].append((time.process_time() - cpu) * 1e3)
            answers["landed"].append(None if picture is None else self._read_number(picture))
            rest = pace_s - (time.perf_counter() - wall) if place else rest_s
            if rest > 0:
                time.sleep(rest)
            if not place:
                take_fed()
        fed = take_fed()
        # What was decoded for one gesture, twice included, and how many packets that were.
        answers["fed"] = [len(fed), len(set(fed))]
        return answers

    def sequence(self, count: int) -> dict[str, Any]:
        """Read from the start; one frame in ten, chosen at random, is checked."""
        checked = set(random.Random(11).sample(range(count), max(1, count // 10)))
        wrong, total, got = 0, 0.0, 0
        start = time.perf_counter()
        for number, picture in enumerate(self._engine.sequence(count)):
            total += time.perf_counter() - start
            got += 1
            if number in checked:
                wrong += self._read_number(picture) != number
            start = time.perf_counter()
        return {"ms": [total * 1e3], "wrong": wrong + count - got}

    def many(self, numbers: list[int]) -> dict[str, Any]:
        """CPU time of the limit's way through ascending frames, from the first one on.

        One in ten is checked, afterwards: the decoder goes on while a picture is looked at.
        """
        assert isinstance(self._engine, LimitEngine)
        kept: list[Any] = []
        start, got = 0.0, 0
        for picture in self._engine.many(numbers):
            start = start or time.process_time()
            if got % 10 == 0:
                kept.append(picture)
            got += 1
        cpu_ms = (time.process_time() - start) * 1e3
        wrong = sum(
            self._read_number(seen) != number for seen, number in zip(kept, numbers[::10], strict=False)
        )
        return {"cpu_ms": [cpu_ms / (len(numbers) - 1)], "wrong": wrong + len(numbers) - got}

    def clips(self, path: str, threads: int, starts: list[int], length: int) -> dict[str, Any]:
        """Read clips as a data loader's worker does; the first opens the file and is not timed."""
        read_clip = LOADERS[self._name](path, threads)
        answers: dict[str, Any] = {"cpu_ms": [], "wrong": 0}
        read_clip(starts[0], length)
        for start in starts[1:]:
            cpu = time.process_time()
            frames = read_clip(start, length)
            answers["cpu_ms"].append((time.process_time() - cpu) * 1e3)
            landed = [self._read_number(frame) for frame in frames]
            answers["wrong"] += landed != list(range(start, start + length))
        return answers

    def thumbnails(self, numbers: list[int], width: int) -> dict[str, Any]:
        """Small pictures; their numbers are too small to be read."""
        answers: dict[str, list[float]] = {"ms": [], "cpu_ms": []}
        for number in numbers:
            wall, cpu = time.perf_counter(), time.process_time()
            self._engine.thumbnail(number, width)
            answers["ms"].append((time.perf_counter() - wall) * 1e3)
            answers["cpu_ms"].append((time.process_time() - cpu) * 1e3)
        return answers

    def close(self) -> dict[str, Any]:
        """Close the file."""
        self._engine.close()
        return {}


def _channel() -> TextIO:
    """The way back to the parent; what libraries print goes nowhere."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return channel


def main() -> None:
    """Serve until the input ends."""
    name = sys.argv[1]
    channel = _channel()
    try:
        worker = Worker(name, {**ENGINES, LIMIT: LimitEngine}[name]())
        hello: dict[str, Any] = {"ready": name}
    except (ImportError, OSError, RuntimeError) as error:
        hello = {"error": f"{type(error).__name__}: {str(error).splitlines()[0]}"}
    channel.write(json.dumps(hello) + "\n")
    channel.flush()
    if "error" in hello:
        return
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = getattr(worker, command.pop("do"))(**command)
        except Exception as error:  # noqa: BLE001 - whatever a library throws is a row in the table
            answer = {"error": f"{type(error).__name__}: {str(error).splitlines()[:1]}"}
        channel.write(json.dumps(answer) + "\n")
        channel.flush()


if __name__ == "__main__":
    main()
