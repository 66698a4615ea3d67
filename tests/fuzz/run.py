"""Damages files, has them tried in a child process, and keeps those that bring to light what must not be."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

import psutil

from tests.fuzz.mutate import mutated

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fuzz.corpus import Seed

_PROJECT = Path(__file__).resolve().parents[2]
_TICK_S = 0.1
_MOST_CPU_S = 40.0
"""Processor time for one file, whatever else the machine has to do."""
_MOST_IDLE_S = 60.0
"""Wall time without any processor time: it waits for something that never comes."""
_MOST_BYTES = 2 << 30
_TAIL_BYTES = 3000


@dataclass(frozen=True)
class Finding:
    """What one damaged file brought to light.

    Attributes:
        number: Of the mutation.
        name: Of the sound file.
        words: What happened; a traceback may follow.
        path: The damaged file.
    """

    number: int
    name: str
    words: str
    path: Path


class _Watch:
    """Says whether a process takes too much of anything, from now on."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._began_cpu_s = self._last_cpu_s = self._cpu_s()
        self._last_change = time.monotonic()

    def complaint(self) -> str:
        """What it takes too much of; empty while it does not."""
        now, cpu_s = time.monotonic(), self._cpu_s()
        if cpu_s > self._last_cpu_s:
            self._last_cpu_s, self._last_change = cpu_s, now
        if cpu_s - self._began_cpu_s > _MOST_CPU_S:
            return f"hang: {_MOST_CPU_S:g} s of work"
        if now - self._last_change > _MOST_IDLE_S:
            return "hang: waits for ever"
        return f"memory: more than {_MOST_BYTES >> 20} MiB" if self._memory() > _MOST_BYTES else ""

    def _cpu_s(self) -> float:
        try:
            times = self._process.cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)

    def _memory(self) -> int:
        try:
            return int(self._process.memory_info().rss)
        except psutil.Error:
            return 0


@dataclass
class Child:
    """One process that tries files; it is started again after each death."""

    sound_video: Path
    module: str = "tests.fuzz.worker"
    stage: str = ""
    _process: subprocess.Popen[str] | None = None
    _reader: threading.Thread | None = None
    _lines: queue.SimpleQueue[str | None] = field(default_factory=queue.SimpleQueue)
    _errors: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def try_file(self, path: Path, seed: int) -> list[str]:
        """The findings on one file."""
        process = self._process or self._start()
        assert process.stdin is not None
        self.stage = "start"
        watch = _Watch(psutil.Process(process.pid))
        try:
            process.stdin.write(json.dumps({"path": str(path), "seed": seed}) + "\n")
            process.stdin.flush()
        except OSError:
            return self._death(process)
        while True:
            try:
                line = self._lines.get(timeout=_TICK_S)
            except queue.Empty:
                if words := watch.complaint():
                    self.stop()
                    return [f"{words} in stage {self.stage}"]
                continue
            if line is None:
                return self._death(process)
            message = json.loads(line)
            if "findings" in message:
                return [str(one) for one in message["findings"]]
            self.stage = message["stage"]

    def _start(self) -> subprocess.Popen[str]:
        process = self._process = subprocess.Popen(
            [sys.executable, "-m", self.module, str(self.sound_video)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd=_PROJECT,
        )
        lines = self._lines = queue.SimpleQueue()

        def read() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                lines.put(line)
            lines.put(None)

        self._reader = threading.Thread(target=read, daemon=True)
        self._reader.start()
        return process

    def _death(self, process: subprocess.Popen[str]) -> list[str]:
        status = self._reap(process)
        self._process = None
        self._errors.seek(max(self._errors.seek(0, os.SEEK_END) - _TAIL_BYTES, 0))
        tail = self._errors.read().decode("utf-8", "replace")
        kind = f"signal {-status}" if status < 0 else f"exit status {status}"
        return [f"died: {kind} in stage {self.stage}\n{tail}"]

    def stop(self) -> None:
        """End its process, whatever that is doing; the next file gets another one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            self._reap(process)

    def close(self) -> None:
        """End it for good."""
        self.stop()
        self._errors.close()

    def _reap(self, process: subprocess.Popen[str]) -> int:
        status = process.wait()
        if self._reader is not None:
            self._reader.join()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        return status


def fuzz(  # noqa: PLR0913 - the options of the command line
    seeds: list[Seed],
    sound_video: Path,
    *,
    seed: int,
    numbers: range,
    keep: Path,
    on_finding: Callable[[Finding], None] = lambda _finding: None,
    until: float = float("inf"),
) -> tuple[int, list[Finding]]:
    """Damage files and try them.

    Args:
        seeds: The sound files.
        sound_video: What recipes and exports are tried on.
        seed: Everything random follows from it and a mutation's number.
        numbers: Which mutations.
        keep: Where damaged files with findings are kept; made when it is needed.
        on_finding: Told of each finding at once.
        until: When to stop, as `time.monotonic` counts.

    Returns:
        How many mutations were tried, and what was found.
    """
    found: list[Finding] = []
    child = Child(sound_video)
    done = 0
    try:
        with tempfile.TemporaryDirectory(prefix="framescope-fuzz-") as folder:
            for number in numbers:
                if time.monotonic() > until:
                    break
                chance = random.Random(f"{seed} {number}")
                source = chance.choice(seeds)
                data = mutated(source.path.read_bytes(), chance, source.path.suffix)
                path = source.place(data, Path(folder, f"m{seed}_{number}"))
                for words in child.try_file(path, number):
                    kept = _keep(path, keep)
                    finding = Finding(number, source.name, words, kept)
                    found.append(finding)
                    on_finding(finding)
                _remove(path)
                done += 1
    finally:
        child.close()
    return done, found


def command_for(finding: Finding, seed: int) -> str:
    """The command that tries the same damaged file again."""
    return shlex.join(
        [".venv/bin/python", "-m", "tests.fuzz", "--file", str(finding.path), "--seed", str(seed)]
    )


def _keep(path: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / path.name
    if path.is_dir():
        shutil.copytree(path, kept, dirs_exist_ok=True)
    else:
        shutil.copyfile(path, kept)
    return kept


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
