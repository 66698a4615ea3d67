"""Runs each engine in a separate process and stops it while another is timed."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_ROOT = Path(__file__).parents[2]
_START_LIMIT_S = 120.0


class ChildError(Exception):
    """The engine is not there, failed, or gave no answer in time."""


class Child:
    """One engine's process. Between commands it is stopped, because an idle decord keeps two cores busy."""

    def __init__(
        self, engine: str, python: str = sys.executable, environment: dict[str, str] | None = None
    ) -> None:
        """Start the process and wait until it has imported its library.

        Raises:
            ChildError: The library cannot be imported.
        """
        self.engine = engine
        self._process = subprocess.Popen(
            [python, "-m", "tests.benchmarks.worker", engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            env={**os.environ, **(environment or {})},
            text=True,
        )
        self._facts = psutil.Process(self._process.pid)
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        hello = self._answer(_START_LIMIT_S)
        if "error" in hello:
            self.end()
            raise ChildError(str(hello["error"]))
        self._facts.suspend()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put("")

    def _answer(self, limit_s: float) -> dict[str, Any]:
        try:
            line = self._answers.get(timeout=limit_s)
        except queue.Empty:
            self.end()
            raise ChildError(f"no answer within {limit_s:.0f} s") from None
        if not line:
            self.end()
            raise ChildError("the process ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, do: str, *, limit_s: float = 120.0, **values: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Let the process run for one command, then stop it again.

        Raises:
            ChildError: It failed, ended, or took too long; after the latter two the process is gone.
        """
        if self._process.poll() is not None or self._process.stdin is None:
            raise ChildError("the process ended")
        self._facts.resume()
        self._process.stdin.write(json.dumps({"do": do, **values}) + "\n")
        self._process.stdin.flush()
        answer = self._answer(limit_s)
        self._facts.suspend()
        if "error" in answer:
            raise ChildError(str(answer["error"]))
        return answer

    @property
    def is_alive(self) -> bool:
        """Whether the process can be asked."""
        return self._process.poll() is None

    @property
    def memory_mb(self) -> float:
        """Resident memory now."""
        return float(self._facts.memory_info().rss) / 1e6

    def end(self) -> None:
        """Kill the process, stopped or not."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
