"""Signals that end the program, and those that the parent had ignored."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from framescope.core.stop_signals import STOP_SIGNALS, on_stop, stop_status

pytestmark = pytest.mark.usefixtures("hangup_heard")


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_the_first_signal_acts_and_the_next_does_what_it_did_before(number: int) -> None:
    said: list[str] = []
    before = signal.signal(number, lambda *_: said.append("before"))
    try:
        handler = signal.getsignal(number)
        with on_stop(lambda: said.append("stop")):
            signal.raise_signal(number)
            signal.raise_signal(number)
        assert signal.getsignal(number) is handler
        with on_stop(lambda: said.append("stop"), then=signal.SIG_IGN):
            signal.raise_signal(number)
            signal.raise_signal(number)
        assert signal.getsignal(number) is handler
    finally:
        signal.signal(number, before)
    assert said == ["stop", "before", "stop"]
    assert stop_status() == 128 + number


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_what_the_parent_ignored_stays_ignored(number: int) -> None:
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with on_stop(lambda: pytest.fail("it must not act")):
            signal.raise_signal(number)
    finally:
        signal.signal(number, before)


def test_other_threads_change_nothing() -> None:
    def handlers() -> list[object]:
        with on_stop(lambda: None):
            return [signal.getsignal(number) for number in STOP_SIGNALS]

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(handlers).result() == [signal.getsignal(number) for number in STOP_SIGNALS]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals")
def test_a_terminal_that_is_gone_is_written_to_no_more() -> None:
    code = (
        "import os, signal, sys\n"
        "from framescope.core.stop_signals import on_stop\n"
        "with on_stop(lambda: None):\n"
        "    signal.raise_signal(signal.SIGHUP)\n"
        "    os.write(3, b'ready'); os.read(4, 1)\n"
        "    print('to nobody', flush=True)\n"
    )
    ours, theirs = os.openpty()
    ready, told = os.pipe()
    released, release = os.pipe()
    moved = f"import os; os.dup2({told}, 3); os.dup2({released}, 4)\n"
    child = subprocess.Popen(
        [sys.executable, "-c", moved + code],
        stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, pass_fds=(told, released),
    )  # fmt: skip
    os.close(theirs)
    assert os.read(ready, 5) == b"ready"
    os.close(ours)
    os.write(release, b"x")
    _, complaints = child.communicate()
    for end in (ready, told, released, release):
        os.close(end)
    assert (child.returncode, complaints) == (0, b"")
