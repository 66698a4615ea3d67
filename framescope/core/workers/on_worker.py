"""The worker's end of a cluster: does a task, says when it begins and how far it is, stops when asked."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic

from framescope.core.errors import Cancelled, ClusterError, FrameScopeError
from framescope.core.export.provenance import versions
from framescope.core.machine_cores import available_cores, limit_cores
from framescope.core.model.progress import CancelToken
from framescope.core.translation import tr
from framescope.core.workers.each import ResultT, TaskT

if TYPE_CHECKING:
    from distributed import Worker

    from framescope.core.model.progress import Progress
    from framescope.core.workers.each import Work

TRIES = 3
"""How often a task may end its worker on a cluster of our own; other schedulers have a setting of theirs."""
_REPORT_EVERY_S = 1.0
"""Short tasks send no progress at all: their end is progress enough."""
_SHARE_EVERY_S = 30.0
_shared_s = 0.0
"""When to look again how many tasks share the machine."""
_stopped: set[str] = set()
"""Runs that were cancelled."""


@dataclass(frozen=True, slots=True)
class Call(Generic[TaskT, ResultT]):
    """One task on its way to a worker.

    Attributes:
        run: The run that it belongs to; also the topic of its events.
        place: Its place in the run.
        attempt: How often it was submitted before.
        deaths: How many workers it has certainly taken down in earlier attempts.
        work: What to do.
        task: With which video.
        versions: What the one who asks has installed. The bytes of pictures depend on it.
    """

    run: str
    place: int
    attempt: int
    deaths: int
    work: Work[TaskT, ResultT]
    task: TaskT
    versions: dict[str, str]

    @property
    def key(self) -> tuple[str, int, int]:
        """What the scheduler calls it."""
        return self.run, self.place, self.attempt


def carry_out(call: Call[TaskT, ResultT]) -> ResultT | FrameScopeError:
    """Do a task; called by Dask in a thread of a worker."""
    # Only those who use a cluster have it installed.
    from distributed import get_worker  # noqa: PLC0415
    from distributed.utils import sync  # noqa: PLC0415

    worker = get_worker()
    if call.deaths:
        # The scheduler counts anew in each attempt, and would let it take down as many again.
        events = sync(worker.loop, worker.scheduler.events, topic=call.run)
        again = [fact for _, fact in events if (fact.get("begun"), fact.get("attempt")) == call.key[1:]]
        if again and call.deaths + len(again) >= TRIES:
            return poisoned(call.deaths + len(again), again[-1]["worker"])
    begun = {"begun": call.place, "attempt": call.attempt, "worker": worker.address}
    # Not by `Worker.log_event`, which only puts it in a queue: the next instruction may end the process.
    sync(worker.loop, worker.scheduler.log_event, topic=call.run, msg=begun)
    _share_cores(worker)
    try:
        _check_versions(call.versions, worker.address)
        return call.work(call.task, _Reporter(worker, call), _TaskToken(worker, call))
    except FrameScopeError as error:
        return error
    except Cancelled:
        return ClusterError(tr("Cancelled."))
    except MemoryError:
        return ClusterError(
            tr("There is not enough memory on worker {worker}.", worker=worker.address),
            hint=tr("Give the workers more memory each."),
        )


def poisoned(deaths: int, worker: str) -> ClusterError:
    """The result of a task that is given up, as so many workers died of it, the last one at this address."""
    return ClusterError(
        tr(
            "Its worker died {times} times in a row, the last time at {worker}; it was not tried again.",
            times=deaths,
            worker=worker,
        ),
        hint=tr(
            "It may crash a library, or need more memory than a worker may use. Try it without a cluster."
        ),
        settings=("cluster",),
    )


async def stop_run(run: str) -> None:
    """Ask all tasks of a run in this process to stop. Called on every worker."""
    _stopped.add(run)


def dask_setup(worker: Worker) -> None:
    """Prepare a worker process that this program started; the name is Dask's."""
    del worker
    # Ctrl+C reaches all processes of a terminal. The one that started the workers tells them when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _share_cores(worker: Worker) -> None:
    """Use a fair share of the cores; who else is there is asked now and then."""
    from distributed.utils import sync  # noqa: PLC0415

    global _shared_s  # noqa: PLW0603 - cores belong to the process
    now = time.monotonic()
    if now < _shared_s:
        return
    _shared_s = now + _SHARE_EVERY_S
    limit_cores(fair_share(available_cores(), worker.address, sync(worker.loop, worker.scheduler.ncores)))


def fair_share(cores: int, address: str, threads: dict[str, int]) -> int:
    """How many cores a task may use: those of the machine, divided by the tasks done there at a time.

    Args:
        cores: Of the machine.
        address: Of a worker on it, such as ``tcp://10.0.0.7:40123``.
        threads: By address, how many threads each worker has, and so tasks at a time.
    """
    host, _, _ = address.rpartition(":")
    neighbours = sum(count for other, count in threads.items() if other.rpartition(":")[0] == host)
    return max(cores // max(neighbours, 1), 1)


def _check_versions(wanted: dict[str, str], address: str) -> None:
    found = versions()
    for name, version in wanted.items():
        if found.get(name) != version:
            raise ClusterError(
                tr(
                    "Worker {address} has {name} {found}, but this machine has {version}.",
                    address=address,
                    name=name,
                    found=found.get(name, tr("unknown")),
                    version=version,
                ),
                hint=tr("The same frames give the same files only if all machines have the same versions."),
            )


class _Reporter:
    """Sends the progress of a task to whoever asked for it, now and then."""

    def __init__(self, worker: Worker, call: Call[Any, Any]) -> None:
        self._worker, self._call = worker, call
        self._sent_s = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._sent_s < _REPORT_EVERY_S:
            return
        self._sent_s = now
        facts = {"done": progress.done, "total": progress.total, "text": progress.text}
        self._worker.log_event(self._call.run, {"place": self._call.place, **facts})


class _TaskToken(CancelToken):
    """Is cancelled with the run, and when nobody waits for the task: its client or its scheduler is gone."""

    def __init__(self, worker: Worker, call: Call[Any, Any]) -> None:
        super().__init__()
        self._worker, self._run, self._key = worker, call.run, call.key

    @property
    def is_cancelled(self) -> bool:
        if super().is_cancelled or self._run in _stopped:
            return True
        task = self._worker.state.tasks.get(self._key)
        return task is None or task.state == "cancelled" or self._worker.status.name != "running"

    def raise_if_cancelled(self) -> None:
        if self.is_cancelled:
            raise Cancelled
