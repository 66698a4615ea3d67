"""A progress bar on stderr for long work, and Ctrl+C that lets the work end cleanly."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from framescope.cli.output import guarded_output, unguarded
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from rich.progress import Progress as Bars

    from framescope.core.model.progress import ProgressCallback


@contextmanager
def long_work(title: str) -> Iterator[tuple[ProgressCallback, CancelToken]]:
    """Give what a core function takes: a callback that draws a bar, and a token that Ctrl+C sets.

    The bar is drawn only where stderr is a terminal, and is gone when the work is done. A second Ctrl+C
    ends the program at once.
    """
    # Imported here, because a quarter of the commands never draws.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    console = Console(file=unguarded(sys.stderr))
    # Without markup: a name with brackets in it is a name.
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    cancel = CancelToken(settles=True)
    with (
        _interrupts(cancel),
        Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars,
        # Once more: the bar puts streams of its own in the place of those that are guarded.
        guarded_output(),
    ):
        yield _drawing(bars, title), cancel


def _drawing(bars: Bars, title: str) -> ProgressCallback:
    task = bars.add_task(title, total=None)

    def report(progress: Progress) -> None:
        bars.update(
            task, completed=progress.done, total=progress.total, description=printable(progress.text or title)
        )

    return report


@contextmanager
def _interrupts(cancel: CancelToken) -> Iterator[None]:
    """Turn the first Ctrl+C into a set token, unless the parent had it ignored, as in the background."""
    before = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    # None: something other than Python handles it, and could not be put back.
    if not is_main or before in (signal.SIG_IGN, None):
        yield
        return

    def set_token(number: int, frame: FrameType | None) -> None:
        del number, frame
        cancel.cancel()
        if cancel.is_cancelled:
            signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, set_token)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
