"""Bugs in threads reach sys.excepthook."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from framescope.engine.bugs import BugsReported

if TYPE_CHECKING:
    import pytest


def test_a_bug_is_handed_over_and_goes_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, bug, _trace: seen.append(bug))
    bug = ZeroDivisionError("a bug")
    with BugsReported():
        raise bug
    assert seen == [bug]


def test_nothing_is_said_when_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *bug: seen.append(bug))
    with BugsReported():
        pass
    assert seen == []
