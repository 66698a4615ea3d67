"""Exports in processes that are killed at a chosen moment, for tests of what is left behind.

Run as ``python -m tests.core.export.killing``: reads one trial a line from its input, carries each out in a
process forked for it, and answers with how that ended. A moment is a number of Python calls, in all threads
together, so that it does not depend on the machine's speed.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framescope.core.export.manifest.reading import has_manifest, read_manifest
from framescope.core.export.manifest.resume import planned_again, resume_export
from framescope.core.export.plan import Action, plan_export
from framescope.core.export.run import Savers, export_frames
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.source.opening import probe
from tests.core.export.fakes import FakeVideo
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framescope.core.export.result import ExportResult

FRAMES = 24
CORRUPT = frozenset({5, 17})
_NEVER = 1 << 60
_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Trial:
    """One export that is killed.

    Attributes:
        source: Any video file; it gives facts, not pictures.
        folder: Where to.
        kill_at: After how many Python calls.
        resumes: Whether it continues with what is there.
    """

    source: str
    folder: str
    kill_at: int = _NEVER
    resumes: bool = False


def export_of_fakes(source: str, folder: Path, *, resumes: bool = False) -> ExportResult:
    """The export that is killed: small pictures, two of which cannot be decoded."""
    info, index = probe(source), make_index([n * 40 for n in range(FRAMES)])
    if resumes and has_manifest(folder) and read_manifest(folder).sections:
        plan = planned_again(read_manifest(folder).sections[-1].header, info, index, folder)
        return resume_export(FakeVideo(CORRUPT), plan, savers=Savers(2))
    settings = ExportSettings(folder, ImageFormat.PNG, compression=1)
    plan = plan_export(info, index, range(FRAMES), settings)
    assert plan.count(Action.WRITE) == FRAMES
    return export_frames(FakeVideo(CORRUPT), plan, manifest=True, savers=Savers(2))


@contextmanager
def killing_process() -> Iterator[Callable[[Trial], int]]:
    """A process that carries trials out; each gives the number of calls made, or -1 where it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.core.export.killing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    def carry_out(trial: Trial) -> int:
        stdin.write(json.dumps(asdict(trial)) + "\n")
        stdin.flush()
        return int(stdout.readline())

    try:
        yield carry_out
    finally:
        stdin.close()
        process.wait()
        stdout.close()


def _carry_out(trial: Trial) -> int:
    """The number of calls made in a child of this process; -1 where it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        count = _count_calls(trial)
        os.write(writer, str(count).encode())
        os._exit(0)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reader) as answer:
        text = answer.read()
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return -1 if killed else int(text)


def _count_calls(trial: Trial) -> int:
    calls = itertools.count(1)
    latest = 0

    def note(frame: object, event: str, argument: object) -> None:
        del frame, event, argument
        nonlocal latest
        latest = next(calls)
        if latest >= trial.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(note)
    sys.setprofile(note)
    export_of_fakes(trial.source, Path(trial.folder), resumes=trial.resumes)
    sys.setprofile(None)
    return latest


def no_flush(fd: object) -> None:
    """In place of ``os.fsync``: a process that is killed takes nothing from the system's memory."""
    del fd


def main() -> None:
    """Serve until the input ends."""
    os.fsync = no_flush
    for line in sys.stdin:
        table: dict[str, Any] = json.loads(line)
        print(_carry_out(Trial(**table)), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
