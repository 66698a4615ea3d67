"""Work that ends the process that does it, or waits to be stopped; imported by the workers of a cluster."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framescope.core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.core.workers.each import Report, Work, Workers

POISON, UNLUCKY = "poison", "unlucky"
_FRAMES_BEFORE_DEATH = 3


def note(folder: Path, name: str) -> None:
    """Leave a file that says what happened, once more each time."""
    (folder / f"{name}-{os.getpid()}-{time.monotonic_ns()}").touch()


def noted(folder: Path, name: str) -> int:
    """How often it happened."""
    return len(list(folder.glob(f"{name}-*")))


def die() -> None:
    """End this process as a crash or the system would."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    time.sleep(60)


@dataclass(frozen=True)
class DeadlyWork:
    """Dies whenever it gets the poisoned video, and once in the middle of the unlucky one."""

    work: Any
    notes: Path

    def __call__(self, task: tuple[str, Path], progress: ProgressCallback, cancel: CancelToken) -> object:
        """Do it, or die."""
        name = Path(task[0]).stem
        if name == POISON:
            note(self.notes, POISON)
            die()
        reports = 0

        def until_death(report: Progress) -> None:
            nonlocal reports
            reports += 1
            if name == UNLUCKY and reports > _FRAMES_BEFORE_DEATH and not noted(self.notes, UNLUCKY):
                note(self.notes, UNLUCKY)
                die()
            progress(report)

        return self.work(task, until_death, cancel)


@dataclass(frozen=True)
class DeadlyWorkers:
    """Workers that do any work as `DeadlyWork` does it."""

    workers: Workers
    notes: Path
    are_elsewhere = True

    def named(self, source: str) -> str:
        """As the workers do."""
        return self.workers.named(source)

    def results(
        self, work: Work[Any, Any], tasks: Sequence[Any], report: Report, cancel: CancelToken
    ) -> Generator[tuple[int, Any | FrameScopeError]]:
        """As the workers do."""
        yield from self.workers.results(DeadlyWork(work, self.notes), tasks, report, cancel)


def wait_for_the_end(task: Path, progress: ProgressCallback, cancel: CancelToken) -> str:
    """Work until somebody says stop."""
    del progress
    note(task, "waiting")
    deadline = time.monotonic() + 60
    while not cancel.is_cancelled and time.monotonic() < deadline:
        time.sleep(0.02)
    note(task, "stopped")
    return "stopped"


def refuse(task: str, progress: ProgressCallback, cancel: CancelToken) -> str:
    """Raise an error with facts of its own."""
    del progress, cancel
    raise SettingsError(task, hint="as asked")


def fail(task: str, progress: ProgressCallback, cancel: CancelToken) -> str:
    """A bug."""
    del progress, cancel
    raise ZeroDivisionError(task)


def core_limits(task: int, progress: ProgressCallback, cancel: CancelToken) -> tuple[int, int, int]:
    """What a task may use, and where it runs."""
    from framescope.core.machine_cores import core_count  # noqa: PLC0415

    del progress, cancel
    return task, core_count(), os.getpid()


def blocks_interrupts(task: int, progress: ProgressCallback, cancel: CancelToken) -> bool:
    """Whether the process was started with Ctrl+C blocked."""
    del task, progress, cancel
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
