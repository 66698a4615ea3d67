"""Runs the program in this process, with a launcher that only notes what it was asked."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from framescope.cli.program import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass
class NotingLauncher:
    """Opens nothing."""

    calls: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    status: int = 0
    shows_errors: bool = False

    def run_window(self, source: str | None, **options: object) -> int:
        self.calls.append(("window", {"source": source, **options}))
        return self.status

    def run_screenshot(self, source: str, out_path: Path, **options: object) -> None:
        self.calls.append(("screenshot", {"source": source, "out_path": out_path, **options}))


@dataclass
class Answer:
    """What a run of the program left behind."""

    status: int
    out: str
    err: str

    def json(self) -> dict[str, object]:
        table = json.loads(self.out)
        assert isinstance(table, dict)
        return table


@pytest.fixture
def launcher() -> NotingLauncher:
    return NotingLauncher()


@pytest.fixture
def framescope(
    launcher: NotingLauncher,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Answer]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # The last signal decides the exit status, and another test may have sent one.
    monkeypatch.setattr("framescope.core.stop_signals._received", signal.SIGINT)

    def call(*arguments: object) -> Answer:
        status = run([str(argument) for argument in arguments], launcher)
        captured = capsys.readouterr()
        return Answer(status, captured.out, captured.err)

    return call
