"""Progress and cancellation of long work, passed to every core function that takes its time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from framescope.core.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of long work has come.

    Attributes:
        done: Units finished so far.
        total: Units in all, or None while nobody knows.
        text: What is being done, for people.
    """

    done: int
    total: int | None
    text: str = ""


ProgressCallback = Callable[[Progress], None]


class CancelToken:
    """Asks long work to stop. Threads: any."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next check."""
        self._event.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Stop here.

        Raises:
            Cancelled: The work was asked to stop.
        """
        if self._event.is_set():
            raise Cancelled


def ignore_progress(progress: Progress) -> None:
    """Take a progress report and do nothing with it."""
    del progress
