"""Does the same work for each of many videos: what all workers promise, and threads of this process."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Protocol, TypeVar

from framescope.core.errors import SettingsError
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback

    Report = Callable[[int, Progress], None]
    """Receives how far the video at a place is. Called from any thread."""

LOCAL = "local"
"""Stands for a cluster of processes on this machine, instead of the address of a scheduler."""

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")
_TaskT_contra = TypeVar("_TaskT_contra", contravariant=True)
_ResultT_co = TypeVar("_ResultT_co", covariant=True)


class Work(Protocol[_TaskT_contra, _ResultT_co]):
    """What is done for one video. For workers in other processes it is pickled, and so are its results."""

    def __call__(
        self, task: _TaskT_contra, progress: ProgressCallback, cancel: CancelToken, /
    ) -> _ResultT_co:
        """Do it. Whatever is wrong with the video, or being asked to stop, is a result."""


class Workers(Protocol):
    """Whoever does the work: one video each at a time."""

    @property
    def are_elsewhere(self) -> bool:
        """Whether they are other processes, which share files with this one at best."""

    def named(self, source: str) -> str:
        """The name under which they find a video or a folder that has this name here."""

    def results(
        self, work: Work[TaskT, ResultT], tasks: Sequence[TaskT], report: Report, cancel: CancelToken
    ) -> Generator[tuple[int, ResultT | FrameScopeError]]:
        """Do the work for every task, and give each result with its place as soon as it is there.

        Args:
            work: What to do.
            tasks: One per video.
            report: Receives the progress of each.
            cancel: Cancels the work. Tasks that were not begun may be left out then.

        Raises:
            ClusterError: There are no workers any more. What they have done is done.
        """


@dataclass(frozen=True, slots=True)
class Threads:
    """Threads of this process.

    Attributes:
        jobs: How many videos are worked on at a time.
    """

    jobs: int
    are_elsewhere = False

    def named(self, source: str) -> str:
        """The same name."""
        return source

    def results(
        self, work: Work[TaskT, ResultT], tasks: Sequence[TaskT], report: Report, cancel: CancelToken
    ) -> Generator[tuple[int, ResultT | FrameScopeError]]:
        """See `Workers`."""
        ready: SimpleQueue[tuple[int, Future[ResultT]]] = SimpleQueue()
        with ThreadPoolExecutor(self.jobs, thread_name_prefix="video") as pool:
            try:
                for place, task in enumerate(tasks):
                    future = pool.submit(work, task, partial(report, place), cancel)
                    future.add_done_callback(partial(_put, ready, place))
                for _ in tasks:
                    place, future = ready.get()
                    yield place, future.result()
            except BaseException:
                # A bug, or a second Ctrl+C: no other video is begun, and the pool waits for what was.
                cancel.cancel()
                raise


def _put(ready: SimpleQueue[tuple[int, Future[ResultT]]], place: int, future: Future[ResultT]) -> None:
    ready.put((place, future))


@contextmanager
def workers_of(cluster: str | None, jobs: int | None) -> Iterator[Workers | None]:
    """The workers for as long as the block lasts; None for threads of this process.

    Args:
        cluster: The address of a Dask scheduler, or `LOCAL`; None for no cluster.
        jobs: Processes of a local cluster; None for one per core.

    Raises:
        SettingsError: ``jobs`` is given for a scheduler, which has the workers that it has.
        ClusterError: They cannot be reached.
    """
    if cluster is None:
        yield None
        return
    if jobs is not None and cluster != LOCAL:
        raise SettingsError(
            tr("The number of jobs has no effect on the workers of a scheduler."),
            hint=tr("Leave it out, or use a cluster on this machine (local)."),
            settings=("jobs", "cluster"),
        )
    # Only those who use a cluster import what it needs.
    from framescope.core.workers.cluster import Cluster  # noqa: PLC0415

    with Cluster(cluster, processes=jobs) as workers:
        yield workers
