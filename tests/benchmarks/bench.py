"""The engines that can be had, each in its process, and the clips they are measured on."""

from __future__ import annotations

import sys
import tempfile
from typing import TYPE_CHECKING, Any

from framescope.core.machine_cores import core_count
from tests.benchmarks.child import Child, ChildError
from tests.benchmarks.limit import LIMIT
from tests.benchmarks.report import Measure, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.benchmarks.clips import ClipShelf, ClipSpec

PLAIN: dict[str, Any] = {"use_index_cache": False}
"""Options for our own reader; the others take none."""


class Bench:
    """Keeps one process an engine, all stopped but the one that is timed."""

    def __init__(
        self,
        pythons: dict[str, str],
        specs: list[ClipSpec],
        paths: ClipShelf,
        *,
        words: list[str],
        quick: bool,
    ) -> None:
        """Start nothing yet.

        Args:
            pythons: The interpreter for each engine.
            specs: All clips.
            paths: Their files.
            words: Random access and hands are measured where a name has one of these; everywhere if empty.
            quick: Whether fewer trials will do.
        """
        self.specs = {spec.name: spec for spec in specs}
        self.paths = paths
        self.words = [word.lower() for word in words]
        self.quick = quick
        self.problems: dict[str, str] = {}
        self._pythons = pythons
        self._children: dict[str, Child] = {}
        self._home = tempfile.TemporaryDirectory(prefix="framescope-benchmark-")

    def is_wanted(self, name: str) -> bool:
        """Whether a row of this name is to be measured."""
        return not self.words or any(word.lower() in name.lower() for word in self.words)

    @property
    def engines(self) -> list[str]:
        """Those that have not failed to start."""
        return [name for name in self._pythons if name not in self.problems]

    def child(self, engine: str, *, fresh: bool = False) -> Child | None:
        """The engine's process, started if need be; None if the library is not available."""
        if engine in self.problems:
            return None
        child = self._children.get(engine)
        if child is not None and child.is_alive and not fresh:
            return child
        if child is not None:
            child.end()
        # Stored indexes go to a folder of this run and never mix with the user's.
        home = {"XDG_CACHE_HOME": self._home.name, "LOCALAPPDATA": self._home.name}
        try:
            self._children[engine] = Child(engine, self._pythons.get(engine, sys.executable), home)
        except ChildError as error:
            self.problems[engine] = str(error)
            return None
        return self._children[engine]

    def another_child(self, engine: str) -> Child:
        """One more process of the engine, for the caller to end.

        Raises:
            ChildError: The library is not available.
        """
        home = {"XDG_CACHE_HOME": self._home.name, "LOCALAPPDATA": self._home.name}
        return Child(engine, self._pythons.get(engine, sys.executable), home)

    def opened(
        self, clip: str, options: dict[str, Any], *, more: Sequence[str] = ()
    ) -> Iterator[tuple[str, Child | str]]:
        """Each engine, and ``more``, with the clip open, or with the reason why it is not."""
        for engine in (*self.engines, *more):
            child = self.child(engine)
            if child is None:
                continue
            try:
                child.ask("open", path=str(self.paths[clip]), options=options)
            except ChildError as error:
                yield engine, str(error)
            else:
                yield engine, child

    def limit_of_many(self, clip: str, runs: Sequence[Sequence[int]]) -> Measure:
        """Milliseconds a frame of the least work on ascending frames, spread evenly over all cores."""
        child = self.child(LIMIT)
        if child is None:
            return Measure(problem=self.problems[LIMIT])
        values: list[float] = []
        wrong = 0
        try:
            child.ask("open", path=str(self.paths[clip]), options=PLAIN)
            for numbers in runs:
                answer = child.ask("many", numbers=list(numbers), limit_s=300)
                values.append(answer["cpu_ms"][0] / core_count())
                wrong += answer["wrong"]
            child.ask("close")
        except ChildError as error:
            return Measure(problem=str(error))
        return summarise(values, wrong=wrong)

    def close(self) -> None:
        """End every process."""
        for child in self._children.values():
            child.end()
        self._home.cleanup()
