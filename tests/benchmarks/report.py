"""What was measured, as rows of a table, with the goal of each row and whether it is met."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.limit import LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

OURS = "framescope"
_AT_LIMIT = 1.1
"""Most of the limit's time for ours to count as being at it: runs differ by about as much."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One engine's figures in one row.

    Attributes:
        value: The figure that is compared, in the row's unit.
        worst: The largest single figure.
        wrong: Answers that were not the frame requested.
        count: Answers in all.
        problem: Why there is no figure; empty if there is one.
    """

    value: float = 0.0
    worst: float = 0.0
    wrong: int = 0
    count: int = 0
    problem: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether there is a figure and every answer was right."""
        return not self.problem and self.wrong == 0 and self.count > 0


def summarise(values: Sequence[float], *, wrong: int = 0, mean: bool = False) -> Measure:
    """Median (or mean) and worst of a list."""
    value = statistics.fmean(values) if mean else statistics.median(values)
    return Measure(value, max(values), wrong, len(values))


@dataclass(slots=True)
class Row:
    """One line of the table.

    Attributes:
        group: What is measured.
        title: On which clip or in which way.
        measures: Figures by engine.
        unit: Unit of the figures.
        goal: Most (or least) that the ratio may be; None if there is no goal.
        against: Engines that count as peers for the ratio; None for all but ours.
        compares_worst: Whether the worst figures are compared and not the typical ones.
        limit: Most that our own figure may be, in the row's unit; None if the goal is a ratio.
        notes: Sentences to print below the table.
    """

    group: str
    title: str
    measures: dict[str, Measure] = field(default_factory=dict)
    unit: str = "ms"
    goal: float | None = None
    against: tuple[str, ...] | None = None
    compares_worst: bool = False
    limit: float | None = None
    notes: list[str] = field(default_factory=list)

    def _figure(self, measure: Measure) -> float:
        return measure.worst if self.compares_worst else measure.value

    def _peers(self) -> dict[str, Measure]:
        others = {name: measure for name, measure in self.measures.items() if name not in (OURS, LIMIT)}
        return {name: others[name] for name in others if self.against is None or name in self.against}

    @property
    def best_peer(self) -> str | None:
        """The fastest peer whose answers were all right."""
        exact = {name: self._figure(measure) for name, measure in self._peers().items() if measure.is_exact}
        return min(exact, key=lambda name: exact[name]) if exact else None

    @property
    def ratio(self) -> float | None:
        """Our figure over the best peer's."""
        ours, peer = self.measures.get(OURS), self.best_peer
        if ours is None or ours.problem or peer is None:
            return None
        return self._figure(ours) / max(self._figure(self.measures[peer]), 1e-9)

    @property
    def share_of_limit(self) -> float | None:
        """Our figure over the limit's; None if the limit was not measured."""
        ours, limit = self.measures.get(OURS), self.measures.get(LIMIT)
        if ours is None or ours.problem or limit is None or not limit.is_exact:
            return None
        return self._figure(ours) / max(self._figure(limit), 1e-9)

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None if there is none or nothing to compare with."""
        ours = self.measures.get(OURS)
        if ours is None:
            return None
        if ours.problem or ours.wrong:
            return False
        if self.limit is not None:
            return self._figure(ours) <= self.limit
        if self.goal is None:
            return None
        if self.ratio is None:
            # Peers were asked and none of them was right: being right is all there is to win.
            return True if self._peers() else None
        return self.ratio <= self.goal

    def as_json(self) -> dict[str, Any]:
        """Everything, for a file."""
        found = {"best_peer": self.best_peer, "ratio": self.ratio, "is_met": self.is_met}
        return {**asdict(self), **found, "share_of_limit": self.share_of_limit}


def print_rows(rows: list[Row], engines: Sequence[str]) -> None:
    """One table a group."""
    console = Console(width=160)
    for group in dict.fromkeys(row.group for row in rows):
        members = [row for row in rows if row.group == group]
        table = Table(title=group, title_justify="left")
        for column in ("", *engines, "ratio", "to", "goal", "÷ limit", ""):
            table.add_column(column, justify="left" if column == "" else "right")
        for row in members:
            table.add_row(row.title, *(_cell(row, name) for name in engines), *_verdict(row))
        console.print(table)
        for note in dict.fromkeys(note for row in members for note in row.notes):
            console.print(f"  {note}")


def _cell(row: Row, engine: str) -> str:
    measure = row.measures.get(engine)
    if measure is None:
        return ""
    if measure.problem:
        return "[red]fails[/red]"
    text = f"{measure.worst if row.compares_worst else measure.value:.4g}"
    return text + (f" [red]W{measure.wrong}/{measure.count}[/red]" if measure.wrong else "")


def _verdict(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    goal = (
        f"≤ {row.limit:g} {row.unit}"
        if row.limit is not None
        else ""
        if row.goal is None
        else f"≤ {row.goal:g}"
    )
    met = {None: "", True: "[green]met[/green]", False: "[bold red]missed[/bold red]"}[row.is_met]
    share = row.share_of_limit
    if row.is_met is False and share is not None and share <= _AT_LIMIT:
        met = "[yellow]at its limit[/yellow]"
    return ratio, row.best_peer or "", goal, "" if share is None else f"{share:.2f}", met
