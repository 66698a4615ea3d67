"""A progress bar on stderr for long work, and stop signals that let the work end cleanly."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from framescope.core.model.progress import CancelToken, Progress
from framescope.core.stop_signals import on_stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress as Bars

    from framescope.core.model.progress import ProgressCallback


@contextmanager
def long_work(title: str) -> Iterator[tuple[ProgressCallback, CancelToken]]:
    """Give what a core function takes: a callback that draws a bar, and a token that a stop signal sets.

    The bar is drawn only where stderr is a terminal, and is gone when the work is done. A second signal
    ends the program at once.
    """
    # Imported here, because a quarter of the commands never draws.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    cancel = CancelToken()
    with (
        on_stop(cancel.cancel),
        Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars,
    ):
        yield _drawing(bars, title), cancel


def _drawing(bars: Bars, title: str) -> ProgressCallback:
    task = bars.add_task(title, total=None)

    def report(progress: Progress) -> None:
        bars.update(task, completed=progress.done, total=progress.total, description=progress.text or title)

    return report
