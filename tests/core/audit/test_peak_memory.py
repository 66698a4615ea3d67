"""The memory of another process, now and at most."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest

from framescope.core.audit.child_process import memory_of

_SWELL = """
import sys
held = bytearray(b"x") * (64 << 20)
del held
print("ready", flush=True)
sys.stdin.readline()
"""


def test_a_peak_outlasts_what_was_given_back() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SWELL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        watched = psutil.Process(child.pid)
        now, peak = memory_of(watched)
        child.kill()
        child.wait()
        after = memory_of(watched)
    assert 0 < now <= peak
    if sys.platform in ("linux", "win32"):
        assert peak > 64 << 20
    assert after == (0, 0)


def test_this_very_process_has_both_figures() -> None:
    now, peak = memory_of(psutil.Process())
    assert peak >= now > 1 << 20


@pytest.mark.skipif(sys.platform != "linux", reason="a process that ended leaves such a row there")
def test_a_process_that_ended_and_was_not_waited_for_has_none() -> None:
    with subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.read()
        watched = psutil.Process(child.pid)
        while watched.status() != psutil.STATUS_ZOMBIE:
            pass
        assert memory_of(watched) == (0, 0)
