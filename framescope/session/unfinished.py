"""Records unfinished work, so that the next start can offer to resume it."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from framescope.session.settings import Settings

Kind = Literal["export", "queue", "split"]
_KINDS = ("export", "queue", "split")
_MOST = 20
"""Maximum number of entries; the oldest are dropped first."""


@dataclass(frozen=True, slots=True)
class UnfinishedWork:
    """One piece of work.

    Attributes:
        key: Its unique key.
        kind: What it is.
        details: The data needed to continue, as plain JSON values: paths, a recipe.
    """

    key: str
    kind: Kind
    details: dict[str, Any]

    def text(self, name: str) -> str:
        """One of the details; empty if it is missing or not text."""
        value = self.details.get(name)
        return value if isinstance(value, str) else ""


class UnfinishedList:
    """Work begun but not finished, by this process and by killed ones. Threads: GUI."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def begin(self, kind: Kind, **details: Any) -> str:  # noqa: ANN401 - plain JSON values
        """Record that work has begun; written immediately, in case the program is killed.

        Returns:
            The key for `end`.
        """
        key, own = os.urandom(8).hex(), os.getpid()
        known = self._entries()
        # Restarted work replaces its earlier entry.
        same = [name for name, each in known.items() if (each["kind"], each["details"]) == (kind, details)]
        others = [name for name in known if name not in same]
        for name in (*same, *others[_MOST - 1 :]):
            self._settings.remove_unfinished(name)
        noted = max([time.time_ns(), *(each["noted"] + 1 for each in known.values())])
        entry = {"kind": kind, "details": details, "pid": own, "began": _began(own), "noted": noted}
        self._settings.put_unfinished(key, entry)
        return key

    def end(self, key: str) -> None:
        """Remove work that is done or no longer needed."""
        self._settings.remove_unfinished(key)

    def left_over(self) -> tuple[UnfinishedWork, ...]:
        """Work whose process has ended, latest first."""
        return tuple(
            UnfinishedWork(key, entry["kind"], entry["details"])
            for key, entry in self._entries().items()
            if not _is_running(entry["pid"], entry["began"])
        )

    def _entries(self) -> dict[str, dict[str, Any]]:
        """The entries by key, latest first."""
        usable = [(key, each) for key, each in self._settings.unfinished_work.items() if _is_usable(each)]
        return dict(sorted(usable, key=lambda entry: entry[1]["noted"], reverse=True))


def _is_usable(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and entry.get("kind") in _KINDS
        and isinstance(entry.get("details"), dict)
        and isinstance(entry.get("pid"), int)
        and isinstance(entry.get("began"), (int, float))
        and isinstance(entry.get("noted"), int)
    )


def _is_running(pid: int, began: float) -> bool:
    # Process ids are reused.
    return _began(pid) == began


def _began(pid: int) -> float | None:
    """The start time of the process with this id; None if there is none."""
    # Needed only if there are entries, or work begins.
    import psutil  # noqa: PLC0415

    try:
        return psutil.Process(pid).create_time()
    except (psutil.Error, ValueError, OverflowError):
        return None
