"""From the command to the picture on the screen, and from opening a file in a running window, beside mpv."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.clips import copy_packets
from tests.benchmarks.limit import LIMIT
from tests.benchmarks.report import OURS, Measure, Row, summarise
from tests.benchmarks.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.bench import Bench
    from tests.benchmarks.screen import Spot

MPV = "mpv"
_ROOT = Path(__file__).parents[2]
_TIMES = 7
_REST_S = 0.5
_NOTE = "Timed from exec, or from the request to a running window, until the screen shows the picture."
_LIMIT_NOTE = (
    "The limit is a script that imports PySide6 and PyAV, decodes the first frame, and shows it in a QLabel."
)


def on_screen(bench: Bench) -> Iterator[Row]:
    """Three kinds of files, warm, interleaved; each program in a home folder that is new each time."""
    missing = Screen.missing()
    if missing:
        problem = f"{missing} is not installed, so no screen is watched."
        yield Row("Window: on the screen", "first picture", {MPV: Measure(problem=problem)}, notes=[problem])
        return
    with tempfile.TemporaryDirectory(prefix="framescope-benchmark-") as folder:
        raw = Path(folder) / "raw.h264"
        copy_packets(bench.paths["H.264 GOP 250"], raw)
        clips = {
            "H.264 GOP 250": bench.paths["H.264 GOP 250"],
            "long MP4": bench.paths["long MP4"],
            "raw H.264": raw,
        }
        with Screen(folder) as screen:
            watcher = _Watcher(screen, Path(folder))
            for name, path in clips.items():
                yield from _rows(watcher, name, path, 3 if bench.quick else _TIMES)


class _Watcher:
    """Starts programs on a screen and stops the time."""

    def __init__(self, screen: Screen, folder: Path) -> None:
        self._screen = screen
        self._folder = folder
        self._spots: dict[str, Spot] = {}

    def environment(self) -> dict[str, str]:
        """As a user has it: a home folder, here an empty one, and modules that are compiled already."""
        home = tempfile.mkdtemp(dir=self._folder)
        names = ("CACHE", "CONFIG", "DATA")
        own = {"HOME": home, **{f"XDG_{name}_HOME": str(Path(home) / name.lower()) for name in names}}
        own |= {"DISPLAY": self._screen.display, "QT_QPA_PLATFORM": "xcb"}
        own["PYTHONPYCACHEPREFIX"] = str(self._folder / "compiled")
        left_out = {"PYTHONDONTWRITEBYTECODE", "WAYLAND_DISPLAY"}
        return {name: value for name, value in os.environ.items() if name not in left_out} | own

    def from_command(self, command: list[str]) -> tuple[float, float] | None:
        """Milliseconds of wall time and of CPU time; None the first time, which finds the spot."""
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=_ROOT,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wall = self._time_picture(" ".join(command), start)
        process.kill()
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = -signal.SIGKILL
        self._screen.wait_until_clear(self._spots[" ".join(command)])
        time.sleep(_REST_S)
        return None if wall is None else (wall, (used.ru_utime + used.ru_stime) * 1e3)

    def in_window(self, path: Path, times: int) -> list[float]:
        """Milliseconds of each opening in one window; the first one comes as its panels are made."""
        command = [sys.executable, "-m", "tests.benchmarks.running_window"]
        with subprocess.Popen(
            command,
            cwd=_ROOT,
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdout.readline()
            self._screen.settle()
            samples = []
            for _ in range(times + 1):
                start = time.perf_counter()
                process.stdin.write(f"{path}\n")
                wall = self._time_picture(f"running {path}", start)
                if wall is not None:
                    samples.append(wall)
                time.sleep(2 * _REST_S)
                process.stdin.write("\n")
                self._screen.wait_until_clear(self._spots[f"running {path}"])
                time.sleep(_REST_S)
            process.kill()
        return samples

    def _time_picture(self, what: str, start: float) -> float | None:
        if what not in self._spots:
            self._spots[what] = self._screen.find_picture()
            return None
        return (self._screen.wait_for_picture(self._spots[what]) - start) * 1e3


def _rows(watcher: _Watcher, name: str, path: Path, times: int) -> Iterator[Row]:
    commands = {
        OURS: [sys.executable, "-m", "framescope", str(path)],
        MPV: ["mpv", "--no-config", "--vo=x11", "--pause", "--no-audio", str(path)],
        LIMIT: [sys.executable, "-m", "tests.benchmarks.empty_window", str(path), "--shown"],
    }
    wall: dict[str, list[float]] = {engine: [] for engine in commands}
    own: dict[str, list[float]] = {engine: [] for engine in commands}
    for _ in range(times + 1):
        for engine, command in commands.items():
            sample = watcher.from_command(command)
            if sample is not None:
                wall[engine].append(sample[0])
                own[engine].append(sample[1])
    started = {engine: summarise(samples) for engine, samples in wall.items()}
    group = "Window: from the command to the picture on the screen, ms"
    yield Row(group, f"{name}: median", started, goal=2.0, notes=[_NOTE, _LIMIT_NOTE])
    yield Row(group, f"{name}: worst", started, goal=2.0, compares_worst=True)
    yield Row(group, f"{name}: CPU time until then, median", {e: summarise(s) for e, s in own.items()})
    opened = {OURS: summarise(watcher.in_window(path, times)), MPV: started[MPV]}
    group = "Window: from opening in a running window to the picture on the screen, ms; mpv from its command"
    yield Row(group, f"{name}: median", opened, goal=1.0)
    yield Row(group, f"{name}: worst", opened, goal=1.0, compares_worst=True)
