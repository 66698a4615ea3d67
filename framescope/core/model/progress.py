"""Progress and cancellation of long work, passed to every slow core function."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from framescope.core.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of long work.

    Attributes:
        done: Units finished so far.
        total: Units in all, or None while unknown.
        text: What is being done, for display.
    """

    done: int
    total: int | None
    text: str = ""


ProgressCallback = Callable[[Progress], None]


class Steps:
    """One progress over several steps, each of which reports its own."""

    def __init__(self, progress: ProgressCallback, weights: Sequence[int]) -> None:
        """Before the first step.

        Args:
            progress: Receives how much of all is done; it never goes back.
            weights: How much of all each step is, in the order of the steps.
        """
        self._progress = progress
        self._weights = tuple(weights)
        self._begun = self._done = 0

    def next(self) -> ProgressCallback:
        """What the next step reports to; the steps before it are over."""
        before, weight = sum(self._weights[: self._begun]), self._weights[self._begun]
        self._begun += 1

        def report(one: Progress) -> None:
            share = min(one.done / one.total, 1.0) if one.total else 0.0
            # A step may start again, as what goes from coarse to fine does.
            self._done = max(self._done, before + round(share * weight))
            self._progress(Progress(self._done, sum(self._weights), one.text))

        return report


class CancelToken:
    """Asks long work to stop. Threads: any."""

    def __init__(self, *, settles: bool = False) -> None:
        """Not cancelled yet.

        Args:
            settles: Whether work that has no end of its own may take a first request for "that is enough"
                and continue with what it has.
        """
        self._event = threading.Event()
        self._settles = settles
        self._stop: Callable[[], None] | None = None

    def cancel(self) -> None:
        """Ask the work to stop at its next check."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()
        if stop is None or not self._settles:
            self._event.set()

    @contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """For as long as the block lasts, let the first request call ``stop``, which ends what is waited for.

        Where the token settles for what there is then, that is all it does.
        """
        self._stop = stop
        try:
            yield
        finally:
            self._stop = None

    @property
    def is_cancelled(self) -> bool:
        """Whether the work was cancelled."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise if the work was cancelled.

        Raises:
            Cancelled: The work was asked to stop.
        """
        if self._event.is_set():
            raise Cancelled


_in_force: ContextVar[CancelToken | None] = ContextVar("cancel", default=None)


@contextmanager
def cancellable(cancel: CancelToken) -> Iterator[None]:
    """For as long as the block lasts, `check_cancelled` in this thread asks this token.

    For the way to work that is rarely long, through functions that take no token, such as reading a header.
    """
    before = _in_force.set(cancel)
    try:
        yield
    finally:
        _in_force.reset(before)


def check_cancelled() -> None:
    """Raise if the work that this thread does was cancelled.

    Raises:
        Cancelled: It was asked to stop.
    """
    cancel = _in_force.get()
    if cancel is not None:
        cancel.raise_if_cancelled()


def ignore_progress(progress: Progress) -> None:
    """Ignore a progress report."""
    del progress
