"""A child is started, heard, watched and always ended."""

from __future__ import annotations

import errno
import os
import signal
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import psutil
import pytest

from framescope.core.audit import child_process
from framescope.core.audit.child_process import (
    BENCH_WORKER,
    TRIAL_WORKER,
    ChildEnded,
    ChildProcess,
    Limits,
    death_words,
    worker_command,
    worker_environment,
)
from framescope.core.audit.records import TrialState
from framescope.core.errors import FrameScopeError
from framescope.core.model.progress import CancelToken
from framescope.core.synth.writable import WORKER as WRITABLE_WORKER
from framescope.core.synth.writable import combinations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def child() -> Iterator[ChildProcess]:
    with ChildProcess(BENCH_WORKER, Limits(), CancelToken()) as one:
        yield one


def test_no_place_for_its_messages_is_an_error_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/dev/null/nowhere")
    with pytest.raises(FrameScopeError, match="Cannot write temporary files"):
        ChildProcess(BENCH_WORKER, Limits(), CancelToken())


def test_signals_have_names() -> None:
    assert death_words(-signal.SIGTERM) == "SIGTERM"
    assert death_words(-1000) == "signal 1000"
    assert death_words(3) == "exit status 3"
    assert death_words(0xC0000005) == "access violation"


def test_a_frozen_program_serves_as_its_own_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    assert worker_command(TRIAL_WORKER) == [sys.executable, "-P", "-m", TRIAL_WORKER]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert worker_command(TRIAL_WORKER) == [sys.executable, "worker", TRIAL_WORKER]


def test_a_worker_looks_where_this_process_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setenv("OPENCV_LOG_LEVEL", "SILENT")
    environment = worker_environment()
    assert environment["PYTHONPATH"].split(os.pathsep)[-1] == sys.path[-1]
    assert "OPENCV_LOG_LEVEL" not in environment
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    frozen = worker_environment()
    assert "PYTHONPATH" not in frozen
    # Without it a worker that the window starts would take the system's libraries.
    assert frozen["PYINSTALLER_RESET_ENVIRONMENT"] == "1"


def test_a_child_that_is_killed_says_so(child: ChildProcess) -> None:
    assert child.memory_bytes() > 0
    psutil.Process(child._process.pid).kill()  # noqa: SLF001 - nobody else knows the child
    with pytest.raises(ChildEnded) as ended:
        list(child.receive())
    assert ended.value.state is TrialState.CRASHED


def test_a_dead_child_takes_what_it_is_sent_and_uses_no_memory(child: ChildProcess) -> None:
    process = psutil.Process(child._process.pid)  # noqa: SLF001 - nobody else knows the child
    process.kill()
    process.wait()
    child.send({"do": "open"})
    child.suspend()
    child.resume()
    assert child.memory_bytes() == 0


def test_a_suspended_child_can_be_ended() -> None:
    with ChildProcess(BENCH_WORKER, Limits(), CancelToken()) as one:
        one.suspend()
        process = psutil.Process(one._process.pid)  # noqa: SLF001 - nobody else knows the child
    assert not process.is_running()


def test_what_a_killed_child_was_writing_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with ChildProcess(WRITABLE_WORKER, Limits(), CancelToken()) as one:
        one.send({"cells": [asdict(cell) for cell in combinations()]})
        next(message for message in one.receive() if message["kind"] == "cell")
        assert len(list(tmp_path.rglob("framescope-held-*"))) == 2
    assert list(tmp_path.iterdir()) == []


def test_cancelling_ends_the_waiting() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with ChildProcess(BENCH_WORKER, Limits(), cancel) as one, pytest.raises(ChildEnded) as ended:
        list(one.receive())
    assert ended.value.state is TrialState.CANCELLED


def test_the_memory_limit_is_half_the_machine_by_default() -> None:
    assert Limits().most_bytes == psutil.virtual_memory().total // 2
    assert Limits(memory_bytes=5).most_bytes == 5


def test_a_process_that_cannot_be_started_is_said_and_leaves_no_file_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("subprocess.Popen", refuse)
    with pytest.raises(FrameScopeError, match=r"Cannot start a process .* Too many open files"):
        ChildProcess(TRIAL_WORKER, Limits(), CancelToken())


def test_endless_complaints_do_not_fill_the_disk(
    child: ChildProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_process, "_MOST_COMPLAINTS_BYTES", 1000)
    # The child writes into the same open file; here its writes are made for it.
    file = child._complaints  # noqa: SLF001
    for number in range(9):
        os.write(file.fileno(), f"complaint {number}\n".encode() * 50)
        child._forget_old_complaints()  # noqa: SLF001
        blocks = os.fstat(file.fileno()).st_size - child._kept_from  # noqa: SLF001
        assert blocks <= 1000 or os.name != "posix"
    os.write(file.fileno(), b"the last one\n")
    assert child.complaints().endswith("the last one\n")
    assert "\0" not in child.complaints()
