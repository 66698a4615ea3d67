"""Work that has begun and not come to its end, kept so that the next start can offer to resume it."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from framescope.session.settings import Settings

Kind = Literal["export", "queue", "split"]
_KINDS = frozenset({"export", "queue", "split"})
_MOST = 20
"""More than so many are not remembered; the oldest go first."""


@dataclass(frozen=True, slots=True)
class UnfinishedWork:
    """One piece of work.

    Attributes:
        key: Names it among the others.
        kind: What it is.
        details: What it takes to go on, as plain JSON values: paths, a recipe.
    """

    key: str
    kind: Kind
    details: dict[str, Any]

    def text(self, name: str) -> str:
        """One of the details; empty where it is missing or no text."""
        value = self.details.get(name)
        return value if isinstance(value, str) else ""


class UnfinishedList:
    """What has begun and not ended, of this process and of those that were killed. Threads: GUI."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def begin(self, kind: Kind, **details: Any) -> str:  # noqa: ANN401 - plain JSON values
        """Note that work has begun; on disk at once, since a killed program tells nobody.

        Returns:
            The key by which to `end` it.
        """
        key = secrets.token_hex(8)
        own = os.getpid()
        entry = {"key": key, "kind": kind, "details": details, "pid": own, "began": _began(own)}
        # The same work begun anew takes the place of what was left of it.
        others = [each for each in self._entries() if (each["kind"], each["details"]) != (kind, details)]
        self._keep([*others, entry][-_MOST:])
        return key

    def end(self, key: str) -> None:
        """Forget work: it is done, or nobody wants it any more."""
        self._keep([entry for entry in self._entries() if entry["key"] != key])

    def left_over(self) -> tuple[UnfinishedWork, ...]:
        """Work whose program has ended, the latest first."""
        dead = [entry for entry in self._entries() if not _is_running(entry["pid"], entry["began"])]
        return tuple(
            UnfinishedWork(entry["key"], entry["kind"], entry["details"]) for entry in reversed(dead)
        )

    def _entries(self) -> list[dict[str, Any]]:
        return [entry for entry in self._settings.unfinished_work if _is_usable(entry)]

    def _keep(self, entries: list[dict[str, Any]]) -> None:
        self._settings.unfinished_work = entries
        self._settings.save()


def _is_usable(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("key"), str)
        and entry.get("kind") in _KINDS
        and isinstance(entry.get("details"), dict)
        and isinstance(entry.get("pid"), int)
        and isinstance(entry.get("began"), (int, float))
    )


def _is_running(pid: int, began: float) -> bool:
    # Numbers of processes are used again.
    return _began(pid) == began


def _began(pid: int) -> float | None:
    """When the process of this number began; None where there is none."""
    # Needed only where something was left over, or begins.
    import psutil  # noqa: PLC0415

    try:
        return psutil.Process(pid).create_time()
    except (psutil.Error, ValueError, OverflowError):
        return None
