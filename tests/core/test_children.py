"""Children are ended with the program."""

from __future__ import annotations

import subprocess
import sys

from framescope.core.children import kill_children, note_child


def test_every_child_is_killed_once_or_more() -> None:
    code = "import time; time.sleep(600)"
    children = [subprocess.Popen([sys.executable, "-c", code], text=True) for _ in range(2)]
    for child in children:
        note_child(child)
    kill_children()
    assert all(child.wait(60) for child in children)
    kill_children()
