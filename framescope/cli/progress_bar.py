"""A progress bar on stderr, and clean cancellation by stop signals."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, TextIO

from framescope.cli.interrupts import note_interrupt
from framescope.cli.output import guarded_output, unguarded
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.printable import printable
from framescope.core.stop_signals import on_stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress as Bars

    from framescope.core.model.progress import ProgressCallback

_FORCING = frozenset({"FORCE_COLOR", "TTY_COMPATIBLE"})
"""Variables by which Rich may take a pipe for a terminal."""


@contextmanager
def long_work(title: str) -> Iterator[tuple[ProgressCallback, CancelToken]]:
    """Give what a core function takes: a callback that draws a bar, and a token that a stop signal sets.

    The bar is drawn only where stderr is a terminal, and is gone when the work is done. A second signal
    ends the program at once.
    """
    cancel, stream = CancelToken(settles=True), unguarded(sys.stderr)
    with on_stop(partial(_ask_to_stop, cancel)):
        # A parent process may have closed it; Python has None then.
        is_terminal = stream is not None and stream.isatty()
        if not is_terminal and not _FORCING & os.environ.keys():
            yield ignore_progress, cancel
            return
        with _bar(title, stream) as draw:
            yield draw, cancel


@contextmanager
def _bar(title: str, stream: TextIO) -> Iterator[ProgressCallback]:
    # Imported here: a command that draws nothing starts sooner without it.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    console = Console(file=stream)
    # Without markup: a name with brackets in it is a name.
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with (
        Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars,
        # Again, because the progress bar replaces the guarded streams.
        guarded_output(),
    ):
        yield _drawing(bars, title)


def _drawing(bars: Bars, title: str) -> ProgressCallback:
    task = bars.add_task(title, total=None)

    def report(progress: Progress) -> None:
        bars.update(
            task, completed=progress.done, total=progress.total, description=printable(progress.text or title)
        )

    return report


def _ask_to_stop(cancel: CancelToken) -> bool:
    """Set a token; returns whether the work continues anyway, with what it has by now."""
    note_interrupt()
    cancel.cancel()
    return not cancel.is_cancelled
