"""Ctrl+C ends a command that is stuck in a library, and spares one that only takes its time to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from framescope.cli.interrupts import watched_interrupts
from framescope.core.stop_signals import INTERRUPTED

STUCK = """
import hashlib, threading
from framescope.cli.interrupts import watched_interrupts
with watched_interrupts():
    # Said by another thread, when this one has long been in the call.
    threading.Timer(0.5, lambda: print("ready", flush=True)).start()
    hashlib.pbkdf2_hmac("sha512", b"", b"", 2**31 - 1)
"""

TAKES_ITS_TIME = """
import threading, time
from framescope.cli import interrupts
from framescope.cli.progress_bar import long_work
interrupts._GRACE_S = 0.05
with interrupts.watched_interrupts(), long_work("Work") as (progress, cancel):
    print("ready", flush=True)
    while not cancel.is_cancelled: time.sleep(0.01)
    time.sleep(0.5)
    print("whole", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
@pytest.mark.parametrize(
    ("code", "status", "words"), [(STUCK, INTERRUPTED, ""), (TAKES_ITS_TIME, 0, "whole\n")]
)
def test_ctrl_c(code: str, status: int, words: str) -> None:
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == words
        assert process.wait(60) == status


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /dev/full")
def test_ctrl_c_needs_no_working_stderr() -> None:
    code = f"from framescope.cli import interrupts\ninterrupts._GRACE_S = 0.05\n{STUCK}"
    with (
        Path("/dev/full").open("w") as full,
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=full) as process,
    ):
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(20) == INTERRUPTED
        finally:
            process.kill()


def test_it_interrupts_as_ever_and_leaves_nothing_behind() -> None:
    before = signal.getsignal(signal.SIGINT)
    with watched_interrupts(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.set_wakeup_fd(-1) == -1
