"""A Dask cluster whose workers do the work: sends tasks, receives results, and notices who was lost.

Scheduling, retries and memory limits are Dask's. What is decided here is what it cannot know: which of the
tasks on a worker that died was being done, and so may be the reason.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time
import uuid
from collections import Counter, deque
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import resource_tracker
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic

from framescope.core.closing import Closing
from framescope.core.errors import ClusterError, FrameScopeError
from framescope.core.export.provenance import versions
from framescope.core.machine_cores import core_count
from framescope.core.machine_memory import memory_bytes
from framescope.core.media.container import local_path
from framescope.core.model.progress import Progress
from framescope.core.translation import tr
from framescope.core.workers.each import LOCAL, ResultT, TaskT
from framescope.core.workers.on_worker import TRIES, Call, carry_out, poisoned, stop_run

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from distributed import Client, Future

    from framescope.core.model.progress import CancelToken
    from framescope.core.workers.each import Report, Work

_SEARCHING_S = 5.0
_CONNECTING_S = 10.0
_LOOK_EVERY_S = 1.0
_WAIT_S = 0.25
_FETCHING_S = 30.0
_STOPPING_S = 30.0
_IN_FLIGHT = 2
"""Tasks at the scheduler for each thread of a worker: enough that none waits for the next one."""
_MOST_AT_ONCE = 256
_MEMORY_SHARE = 0.8
"""How much of the memory the workers on this machine may use together."""
_LOGGERS = ("distributed", "distributed.client", "tornado", "tornado.application")
_MOST_RESUBMITTED = 2


class Cluster(Closing):
    """Workers at a Dask scheduler, or a cluster of processes on this machine that ends with it.

    Threads: one, that of whoever takes the results.
    """

    are_elsewhere = True

    def __init__(self, address: str, *, processes: int | None = None) -> None:
        """Connect to the scheduler, or start a cluster.

        Args:
            address: Such as ``tcp://scheduler:8786``, or ``local``.
            processes: Of a local cluster; None for one per core.

        Raises:
            ClusterError: Dask is not installed, or there is no scheduler.
        """
        try:
            from distributed import Client, LocalCluster  # noqa: PLC0415
            from distributed.comm.addressing import get_address_host_port, normalize_address  # noqa: PLC0415
        except ImportError as error:
            raise ClusterError(
                tr("Dask is not installed, which connects the machines of a cluster."),
                hint=tr("Install it with: pip install framescope[cluster]"),
            ) from error
        self._stack = ExitStack()
        try:
            self._stack.enter_context(_QuietLoggers())
            where: Any = address
            if address == LOCAL:
                count = processes or core_count()
                with _no_interrupts_inside():
                    cluster = LocalCluster(
                        n_workers=count,
                        threads_per_worker=1,
                        memory_limit=int(_MEMORY_SHARE * memory_bytes() / count),
                        # Any free port: without an address it takes one that may be in use.
                        dashboard_address="127.0.0.1:0",
                        silence_logs=logging.CRITICAL + 1,
                        scheduler_kwargs={"allowed_failures": TRIES - 1},
                        preload=["framescope.core.workers.on_worker"],
                    )
                where = self._stack.enter_context(cluster)
            else:
                # A client that cannot connect keeps the process from ending for 20 s.
                where = normalize_address(address)
                get_address_host_port(where)
                _find(where)
            client = Client(where, timeout=_CONNECTING_S, set_as_default=False)
            self._client: Client = self._stack.enter_context(client)
        except (OSError, ValueError, RuntimeError) as error:
            self._stack.close()
            raise _not_connected(address, _first_line(error)) from error
        self._address = address

    def close(self) -> None:
        """Disconnect. A local cluster ends; others continue."""
        # A scheduler that is gone cannot be told.
        with suppress(OSError, TimeoutError):
            self._stack.close()

    def named(self, source: str) -> str:
        """Files under their full path: the workers' working directory is another one."""
        return source if local_path(source) is None else os.path.abspath(source)  # noqa: PTH100 - keeps “#fps=24”

    def results(
        self, work: Work[TaskT, ResultT], tasks: Sequence[TaskT], report: Report, cancel: CancelToken
    ) -> Generator[tuple[int, ResultT | FrameScopeError]]:
        """See `Workers`."""
        yield from _Run(self._client, self._address, work, tasks, report, cancel).results()


def _find(address: str) -> None:
    """Wait until a scheduler answers there, which may be starting; Ctrl+C ends the wait at once.

    Raises:
        OSError: None does.
    """
    ended: SimpleQueue[Exception | None] = SimpleQueue()

    def search() -> None:
        try:
            asyncio.run(_greet(address))
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            ended.put(error)
        else:
            ended.put(None)

    # In a thread: whoever calls may be in an event loop of their own, as in a notebook.
    threading.Thread(target=search, name="framescope-scheduler", daemon=True).start()
    try:
        error = ended.get(timeout=_SEARCHING_S + _WAIT_S)
    except Empty:
        error = TimeoutError(tr("there was no answer in time"))
    if error is not None:
        raise error


async def _greet(address: str) -> None:
    from distributed import Security  # noqa: PLC0415
    from distributed.comm.core import connect  # noqa: PLC0415

    keys = Security().get_connection_args("client")
    (await connect(address, timeout=_SEARCHING_S, **keys)).abort()


@contextmanager
def _no_interrupts_inside() -> Iterator[None]:
    """Keep Ctrl+C, which a terminal sends to all processes, from the threads and processes started meanwhile.

    Workers end when the cluster is closed; by themselves they would end with a traceback each, and while they
    start, as if none could be started.
    """
    if sys.platform == "win32":
        yield
        return
    # Where it starts with the first process, it lets Ctrl+C through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Run(Generic[TaskT, ResultT]):
    """The tasks of one run."""

    def __init__(  # noqa: PLR0913, PLR0917 - made in one place
        self,
        client: Client,
        address: str,
        work: Work[TaskT, ResultT],
        tasks: Sequence[TaskT],
        report: Report,
        cancel: CancelToken,
    ) -> None:
        self._client, self._address = client, address
        self._work, self._tasks, self._report, self._cancel = work, tasks, report, cancel
        self._name = f"framescope-{uuid.uuid4().hex}"
        self._versions = versions()
        self._todo = deque(range(len(tasks)))
        self._suspects: deque[int] = deque()
        """Tasks whose workers died with others on them: done last, each alone, to tell which it was."""
        self._flying: dict[Future[Any], int] = {}
        self._landed: SimpleQueue[Future[Any]] = SimpleQueue()
        self._made_again: list[Future[Any]] = []
        """Tasks that had ended when their worker died with the results: looked at again, now and then."""
        self._begun: Counter[tuple[int, int]] = Counter()
        self._deaths: Counter[int] = Counter()
        self._attempts: Counter[int] = Counter()
        self._is_alone = False
        self._threads: dict[str, int] = {}
        self._most_threads = 1
        self._looked_s = -_LOOK_EVERY_S
        self._stopping_s: float | None = None
        self._has_results = False

    def results(self) -> Generator[tuple[int, ResultT | FrameScopeError]]:
        """See `Workers`."""
        self._client.subscribe_topic(self._name, self._heard)
        try:
            while self._todo or self._flying or self._suspects:
                self._look()
                if self._cancel.is_cancelled:
                    self._stop()
                else:
                    self._submit()
                yield from self._taken(self._batch())
        finally:
            with suppress(OSError, ValueError):
                self._client.cancel(list(self._flying))
                self._client.unsubscribe_topic(self._name)

    def _heard(self, event: tuple[float, dict[str, Any]]) -> None:
        """An event from a worker. Threads: the client's."""
        _, facts = event
        if "begun" in facts:
            self._begun[facts["begun"], facts["attempt"]] += 1
        else:
            self._report(facts["place"], Progress(facts["done"], facts["total"], facts["text"]))

    def _look(self) -> None:
        """Ask the scheduler, now and then, how many threads there are.

        Raises:
            ClusterError: It is gone, or all workers that were started with it are.
        """
        now = time.monotonic()
        if now - self._looked_s < _LOOK_EVERY_S:
            return
        self._looked_s = now
        if self._client.status != "running":
            raise self._lost()
        try:
            self._threads = self._client.sync(_thread_counts, self._client, callback_timeout=_CONNECTING_S)
        except TimeoutError:
            return  # It is busy.
        except OSError as error:
            raise self._lost() from error
        own = self._client.cluster
        if own is not None and not own.workers:
            # A worker that dies while it starts is not started again: nobody would ever do the rest.
            raise ClusterError(
                tr("The workers on this machine ended while they were starting."),
                **self._start_advice,
            )
        # Not of this moment: the worker that died may have been the only one that has several.
        self._most_threads = max(self._most_threads, *self._threads.values(), 1)
        if not self._threads and self._todo:
            self._report(self._todo[0], Progress(0, None, tr("Waiting for workers")))

    def _submit(self) -> None:
        room = max(sum(self._threads.values()), 1) * _IN_FLIGHT - len(self._flying)
        if self._todo:
            self._is_alone = False
            # A few large messages cost the scheduler less than many small ones.
            if room > 0:
                self._send([self._todo.popleft() for _ in range(min(room, len(self._todo)))])
        elif self._suspects and not self._flying:
            self._is_alone = True
            self._send([self._suspects.popleft()])

    def _send(self, places: Sequence[int]) -> None:
        calls = [
            Call(
                self._name,
                place,
                self._attempts[place],
                self._deaths[place],
                self._work,
                self._tasks[place],
                self._versions,
            )
            for place in places
        ]
        futures = self._client.map(carry_out, calls, key=[call.key for call in calls], pure=False)
        for place, future in zip(places, futures, strict=True):
            self._flying[future] = place
            future.add_done_callback(self._landed.put)

    def _stop(self) -> None:
        """Ask the workers to stop; those that do not answer in time are left to the scheduler.

        Raises:
            ClusterError: The scheduler is gone.
        """
        self._todo.clear()
        self._suspects.clear()
        now = time.monotonic()
        if self._stopping_s is None:
            self._stopping_s = now
            try:
                self._client.run(stop_run, self._name, wait=False, on_error="ignore")
            except OSError as error:
                raise self._lost() from error
        elif now - self._stopping_s > _STOPPING_S:
            self._client.cancel(list(self._flying))
            self._flying.clear()

    def _batch(self) -> list[Future[Any]]:
        """The tasks that have ended, also those whose results had to be made again."""
        batch: list[Future[Any]] = []
        with suppress(Empty):
            batch.append(self._landed.get(timeout=_WAIT_S))
            while len(batch) < _MOST_AT_ONCE:
                batch.append(self._landed.get_nowait())
        batch += self._made_again
        self._made_again.clear()
        return batch

    def _taken(self, batch: list[Future[Any]]) -> Generator[tuple[int, ResultT | FrameScopeError]]:
        """The results of tasks that have ended, all fetched at once.

        Raises:
            ClusterError: They were lost with the scheduler.
        """
        states = {future: future.status for future in batch if future in self._flying}
        found = self._gathered([future for future, state in states.items() if state == "finished"])
        for future, state in states.items():
            if state in {"pending", "lost"} or (state == "finished" and future not in found):
                # Its result was lost with the worker that held it.
                self._made_again.append(future)
                continue
            place = self._flying.pop(future)
            if future in found:
                self._has_results = True
                yield place, found[future]
            elif state == "error":
                answer = self._failed(place, future.exception())
                if answer is not None:
                    yield place, answer
            else:
                raise self._lost()

    def _gathered(self, futures: list[Future[Any]]) -> dict[Future[Any], Any]:
        """What tasks have given; without those whose worker died before it was fetched."""
        if not futures:
            return {}
        try:
            found = self._client.sync(
                _fetched, self._client, dict(enumerate(futures)), callback_timeout=_FETCHING_S
            )
        except TimeoutError:
            return {}
        except OSError as error:
            raise self._lost() from error
        # None stands for a task that has failed since it had ended.
        kept = {futures[number]: result for number, result in found.items()}
        return {one: result for one, result in kept.items() if result is not None or one.status == "finished"}

    def _failed(self, place: int, error: BaseException) -> ClusterError | None:
        """Why a task has no result; None if it gets another chance.

        Raises:
            BaseException: A bug.
        """
        from distributed import KilledWorker  # noqa: PLC0415

        if isinstance(error, ModuleNotFoundError):
            raise ClusterError(
                tr("FrameScope is not installed on the workers: {error}.", error=error),
                hint=tr("Install the same version on all machines of the cluster."),
            ) from error
        if not isinstance(error, KilledWorker):
            raise error
        attempt = self._attempts[place]
        begun = self._begun.pop((place, attempt), 0)
        if not self._is_alone and attempt < _MOST_RESUBMITTED:
            if begun <= error.allowed_failures:
                # It was waiting behind another task when the worker died.
                self._attempts[place] += 1
                self._deaths[place] += begun if self._most_threads == 1 else 0
                self._todo.append(place)
                return None
            if self._most_threads > 1:
                self._attempts[place] += 1
                self._suspects.append(place)
                return None
        return poisoned(max(begun, error.allowed_failures + 1), error.last_worker.address)

    @property
    def _start_advice(self) -> dict[str, Any]:
        """What to do where no worker can be started: there may be nothing to resume."""
        if self._has_results:
            return {
                "hint": tr("What was finished is on disk. Run the same again and resume it."),
                "settings": ("resume",),
            }
        return {
            "hint": tr("They were killed, or memory is short. Try fewer jobs, or no cluster."),
            "settings": ("jobs", "cluster"),
        }

    def _lost(self) -> ClusterError:
        return ClusterError(
            tr("The connection to the scheduler at {address} was lost.", address=self._address),
            hint=tr(
                "What was finished is on disk. Start the cluster and the same work again, and resume it."
            ),
            settings=("resume",),
        )


def _not_connected(address: str, reason: str) -> ClusterError:
    if address == LOCAL:
        return ClusterError(tr("No workers can be started on this machine: {reason}.", reason=reason))
    return ClusterError(
        tr("There is no scheduler at {address}: {reason}.", address=address, reason=reason),
        hint=tr("Start one with `dask scheduler`, and workers with `dask worker ADDRESS`."),
    )


class _QuietLoggers(Closing):
    """Dask's loggers say nothing: what matters is said in our words, and progress has the terminal."""

    def __init__(self) -> None:
        self._levels = {name: logging.getLogger(name).level for name in _LOGGERS}
        for name in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)

    def close(self) -> None:
        """As they were."""
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)


async def _fetched(client: Client, futures: dict[int, Future[Any]]) -> dict[int, Any]:
    """What tasks have given; None for those that have failed since they had ended."""
    results: dict[int, Any] = await client.gather(futures, errors="skip", asynchronous=True)
    return results


async def _thread_counts(client: Client) -> dict[str, int]:
    """How many threads each worker has."""
    if client.scheduler is None:
        raise ConnectionError
    counts: dict[str, int] = await client.scheduler.ncores()
    return counts


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
