"""A window whose threads hang ends anyway."""

from __future__ import annotations

import subprocess
import sys

from framescope.engine.stragglers import end_process_if_stuck

STUCK = """
import sys, threading
from PySide6.QtCore import QCoreApplication, QDeadlineTimer
from framescope.engine.jobs import JobRunner
from framescope.engine.stragglers import end_process_if_stuck

app = QCoreApplication([])
runner = JobRunner()
has_begun = threading.Event()

def hang(progress, cancel):
    has_begun.set()
    threading.Event().wait()

runner.start("Hangs", hang)
has_begun.wait()
runner.close(QDeadlineTimer(50))
assert not runner.jobs
del runner
sys.stdout.write("left")
end_process_if_stuck(3)
"""


def test_a_process_with_a_thread_that_hangs_ends() -> None:
    ended = subprocess.run([sys.executable, "-c", STUCK], timeout=60, check=False, stdout=subprocess.PIPE)
    assert (ended.returncode, ended.stdout) == (3, b"left")


def test_nothing_is_ended_where_all_is_well() -> None:
    end_process_if_stuck(3)
