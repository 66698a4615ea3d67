"""Runs a worker in its own process and monitors it: time-outs, memory, crashes and cancellation."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import psutil

from framescope.core import machine_memory
from framescope.core.audit.records import TrialState
from framescope.core.children import note_child
from framescope.core.closing import Closing
from framescope.core.errors import FrameScopeError
from framescope.core.folders import temporary_file_error, temporary_folder
from framescope.core.frozen import is_frozen
from framescope.core.text import grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framescope.core.audit.messages import Message
    from framescope.core.model.progress import CancelToken

_HIGH_WATER = re.compile(rb"^VmHWM:\s*(\d+) kB", re.MULTILINE)


def memory_of(process: psutil.Process) -> tuple[int, int]:
    """The resident memory of a process: current and peak bytes; zeros once it has ended.

    Linux and Windows record the peak, so nothing is missed between two polls. Elsewhere it is the current
    value, and the caller must poll often.
    """
    try:
        facts = process.memory_info()
    except psutil.Error:
        return 0, 0
    now = int(facts.rss)
    return now, max(now, int(getattr(facts, "peak_wset", 0)), _high_water_bytes(process.pid))


def _high_water_of_linux(pid: int) -> int:
    """``VmHWM`` of the process in bytes; 0 where there is none, as for one that has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return 0
    match = _HIGH_WATER.search(status)
    return 0 if match is None else int(match[1]) * 1024


def _unknown(pid: int) -> int:
    del pid
    return 0


_high_water_bytes: Callable[[int], int] = _high_water_of_linux if sys.platform == "linux" else _unknown


TRIAL_WORKER = "framescope.core.audit.trial_worker"
BENCH_WORKER = "framescope.core.audit.bench_worker"
LIVE_WORKER = "framescope.core.audit.live_worker"

STARTED = "started"
"""The message of a worker that has not imported its library yet."""

_TICK_S = 0.05
_START_S = 60.0
_COMPLAINTS_BYTES = 2000
_MOST_COMPLAINTS_BYTES = 64 << 20
_QUIET_VARIABLES = ("OPENCV_FFMPEG_LOGLEVEL", "OPENCV_LOG_LEVEL")
"""Environment variables that would silence a library's error messages."""
_TEMPORARY_VARIABLES = ("TMPDIR", "TEMP", "TMP")
_WINDOWS_DEATHS = {
    0xC0000005: tr("access violation"),
    0xC00000FD: tr("stack overflow"),
    0xC0000409: tr("stack buffer overrun"),
    0xC0000374: tr("heap corruption"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """A child process's limits.

    Attributes:
        silence_s: Seconds without any message after which it is considered hung.
        memory_bytes: Resident memory above which it is killed; None for half of the machine's.
    """

    silence_s: float = 60.0
    memory_bytes: int | None = None

    @property
    def most_bytes(self) -> int:
        """The limit in bytes."""
        return self.memory_bytes or machine_memory.memory_bytes() // 2


class ChildEnded(FrameScopeError):  # noqa: N818 - what happened, not always an error
    """The child did not reach the end of its work.

    Attributes:
        state: How it ended.
    """

    def __init__(self, state: TrialState, reason: str) -> None:
        super().__init__(reason)
        self.state = state


def worker_command(module: str) -> list[str]:
    """The command line that starts a worker: this Python, or this program itself where it is frozen."""
    if is_frozen():
        return [sys.executable, "worker", module]
    # -P: never import a module from the working directory.
    return [sys.executable, "-P", "-m", module]


def worker_environment() -> dict[str, str]:
    """The environment of a worker: it has this process's module path, and libraries log errors."""
    environment = {name: value for name, value in os.environ.items() if name not in _QUIET_VARIABLES}
    if is_frozen():
        # A frozen program only imports from itself, and must set up its library paths again.
        environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    else:
        environment["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)  # noqa: PTH109
    return environment


class ChildProcess(Closing):
    """One worker. Threads: one.

    Attributes:
        peak_bytes: The peak memory observed.
    """

    def __init__(
        self, module: str, limits: Limits, cancel: CancelToken, *, runs_programs: bool = False
    ) -> None:
        """Start the worker; the memory of programs that it runs counts only with ``runs_programs``."""
        self._limits = limits
        self._runs_programs = runs_programs
        self._cancel = cancel
        self._messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        # A killed child cannot clean up, so everything it writes is in this folder.
        self._scratch = temporary_folder("child")
        try:
            self._complaints: IO[bytes] = tempfile.TemporaryFile(dir=self._scratch.name)  # noqa: SIM115 - closed in `close`
        except OSError as error:
            self._scratch.cleanup()
            raise temporary_file_error(error) from error
        self._has_spoken = False
        self._kept_from = 0
        self.peak_bytes = 0
        try:
            self._process = subprocess.Popen(
                worker_command(module),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                env=worker_environment() | dict.fromkeys(_TEMPORARY_VARIABLES, self._scratch.name),
                text=True,
                encoding="utf-8",
            )
        except OSError as error:
            self._complaints.close()
            self._scratch.cleanup()
            raise FrameScopeError(
                tr(
                    "Cannot start a process to run libraries in: {strerror}.",
                    strerror=error.strerror or error,
                ),
                hint=tr("The system allows no more open files, processes or memory (ulimit -a)."),
            ) from error
        note_child(self._process)
        self._watched = psutil.Process(self._process.pid)
        self._reader = threading.Thread(target=self._read, name="audit child reader", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            for line in self._process.stdout:
                self._messages.put(json.loads(line))
        except ValueError:
            return  # It died in the middle of a line.
        finally:
            # However this thread ends, nothing may wait for another message.
            self._messages.put(None)

    def send(self, message: Message) -> None:
        """Send the child a job."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except OSError:
            return  # It is dead; `receive` will say how it died.

    def receive(self) -> Iterator[Message]:
        """Messages as they come, until ``done`` or ``failed``.

        Raises:
            ChildEnded: It crashed, hung, took too much memory, or the work was cancelled.
        """
        heard = time.monotonic()
        while True:
            try:
                message = self._messages.get(timeout=_TICK_S)
            except queue.Empty:
                # Starting Python and importing a library may take longer than a library may be silent.
                grace_s = 0.0 if self._has_spoken else _START_S
                self._check(time.monotonic() - heard - grace_s)
                continue
            if message is None:
                self._check_memory()
                raise self._death()
            self._has_spoken = self._has_spoken or message["kind"] != STARTED
            yield message
            self._forget_old_complaints()
            # After the last message too, so that memory taken since the last poll is seen.
            self._check_memory()
            if message["kind"] in ("done", "failed"):
                return
            heard = time.monotonic()
            self._check_cancel()

    def _check(self, silent_s: float) -> None:
        self._check_cancel()
        self._forget_old_complaints()
        self._watch_programs()
        self._check_memory()
        if silent_s > self._limits.silence_s:
            raise ChildEnded(TrialState.HUNG, f"no progress for {self._limits.silence_s:g} s; ended")

    def _forget_old_complaints(self) -> None:
        """Keep a library that never stops complaining from filling the disk, which may be in memory."""
        try:
            written = os.fstat(self._complaints.fileno()).st_size
            if written > self._kept_from + _MOST_COMPLAINTS_BYTES:
                # The child writes on where it was: what was before becomes a hole, which takes no room.
                self._complaints.truncate(0)
                self._kept_from = written
        except OSError:
            return  # Where an open file cannot be cut.

    def _check_cancel(self) -> None:
        if self._cancel.is_cancelled:
            raise ChildEnded(TrialState.CANCELLED, "cancelled")

    def _check_memory(self) -> None:
        self.memory_bytes()
        most = self._limits.most_bytes
        if self.peak_bytes > most:
            words = tr(
                "{peak_bytes} MiB of memory when {most} are allowed",
                peak_bytes=grouped(self.peak_bytes >> 20),
                most=grouped(most >> 20),
            )
            raise ChildEnded(TrialState.OUT_OF_MEMORY, f"took {words}; ended")

    def memory_bytes(self) -> int:
        """Resident memory now, 0 once it is gone; updates ``peak_bytes``."""
        now, peak = memory_of(self._watched)
        self.peak_bytes = max(self.peak_bytes, peak)
        return now

    def _watch_programs(self) -> None:
        """Count the memory of programs that run now."""
        programs = self._programs()
        if not programs:
            return
        peaks = sum(memory_of(one)[1] for one in programs)
        self.peak_bytes = max(self.peak_bytes, memory_of(self._watched)[0] + peaks)

    def _programs(self) -> list[psutil.Process]:
        """The programs that the worker runs now, if it may; looking for them takes milliseconds."""
        if not self._runs_programs:
            return []
        try:
            return self._watched.children(recursive=True)
        except psutil.Error:
            return []

    def suspend(self) -> None:
        """Suspend it, so that a library's idle threads cost others nothing."""
        try:
            self._watched.suspend()
        except psutil.Error:
            return

    def resume(self) -> None:
        """Let it continue."""
        try:
            self._watched.resume()
        except psutil.Error:
            return

    def _death(self) -> ChildEnded:
        status = self._process.wait()
        if status in (-signal.SIGTERM, getattr(signal, "SIGKILL", -1) * -1):
            return ChildEnded(
                TrialState.CRASHED, tr("was terminated from outside ({death})", death=death_words(status))
            )
        words = death_words(status)
        last = self.complaints().rstrip().rpartition("\n")[2][:200]
        return ChildEnded(
            TrialState.CRASHED, tr("crashed: {words}", words=words) + (f" ({last})" if last else "")
        )

    def complaints(self) -> str:
        """The last lines that its libraries wrote to stderr."""
        size = self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(size - _COMPLAINTS_BYTES, 0))
        text = self._complaints.read().lstrip(b"\0").decode("utf-8", "replace")
        return text if size <= _COMPLAINTS_BYTES else text.partition("\n")[2]

    def close(self) -> None:
        """Kill it, whatever it is doing."""
        self.resume()
        programs = self._programs()
        self._process.kill()
        self._process.wait()
        for program in programs:
            # They would outlive the worker, waiting for whoever reads their output.
            with suppress(psutil.Error):
                program.kill()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout, self._complaints):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # What was never read by a dead child cannot be flushed.
        self._scratch.cleanup()


def death_words(status: int) -> str:
    """An exit status in words: the signal's name where there was one."""
    if status < 0:
        try:
            return signal.Signals(-status).name
        except ValueError:
            return tr("signal {number}", number=-status)
    if status in _WINDOWS_DEATHS:
        return _WINDOWS_DEATHS[status]
    return tr("exit status {status}", status=status)
