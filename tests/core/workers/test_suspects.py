"""Who is given up when workers die: only what was being done each time, and alone the last time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

import distributed
import pytest
from distributed.comm.core import CommClosedError

from framescope.core.errors import ClusterError
from framescope.core.model.progress import CancelToken
from framescope.core.workers import cluster
from framescope.core.workers.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from framescope.core.workers.on_worker import Call

ALLOWED = 2
POISON, WAITING, BESIDE = 0, 1, 2


@dataclass(eq=False)
class Ended:
    """A future of a task that has ended."""

    place: int
    error: Exception | None = None
    status: str = field(init=False)

    def __post_init__(self) -> None:
        self.status = "finished" if self.error is None else "error"

    def add_done_callback(self, call: Callable[[Ended], None]) -> None:
        call(self)

    def exception(self) -> Exception | None:
        return self.error


class Scheduler:
    """In place of Dask's client: workers die of the poison, the first time with everything on them."""

    status = "running"
    cluster = None

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.batches: list[list[tuple[int, int]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None: ...

    def subscribe_topic(self, _name: str, handler: Callable[[tuple[float, dict[str, Any]]], None]) -> None:
        self.handler = handler

    def unsubscribe_topic(self, _name: str) -> None: ...

    def cancel(self, futures: Sequence[Ended]) -> None:
        assert not futures

    def sync(
        self, ask: Callable[..., Coroutine[Any, Any, Any]], *arguments: object, callback_timeout: float
    ) -> object:
        assert callback_timeout > 0
        return asyncio.run(ask(*arguments))

    @property
    def scheduler(self) -> Self:
        return self

    async def ncores(self) -> dict[str, int]:
        return {"tcp://there:1": self.threads}

    async def gather(
        self, futures: dict[int, Ended], errors: str, *, asynchronous: bool
    ) -> dict[int, str | None]:
        assert (errors, asynchronous) == ("skip", True)
        return {number: f"result {future.place}" for number, future in futures.items()}

    def map(self, _function: object, calls: Sequence[Call[Any, Any]], **_options: object) -> list[Ended]:
        self.batches.append([(call.place, call.attempt) for call in calls])
        return [self._ended(call) for call in calls]

    def _ended(self, call: Call[Any, Any]) -> Ended:
        dies = call.place == POISON or call.attempt == 0
        is_begun = call.place == POISON or (call.place == BESIDE and self.threads > 1)
        if not dies:
            return Ended(call.place)
        for _ in range((ALLOWED + 1) if is_begun else 1):
            self.handler((0.0, {"begun": call.place, "attempt": call.attempt}))
        last: Any = SimpleNamespace(address="tcp://there:1")
        return Ended(call.place, distributed.KilledWorker(f"task {call.place}", last, ALLOWED))


@pytest.fixture(autouse=True)
def scheduler_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-ins have no address at which anything answers."""
    monkeypatch.setattr(cluster, "_find", lambda _address: None)


@pytest.mark.parametrize(("threads", "alone"), [(1, []), (3, [[(POISON, 1)], [(BESIDE, 1)]])])
def test_only_the_poison_is_given_up(
    threads: int, alone: list[list[tuple[int, int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler = Scheduler(threads)
    monkeypatch.setattr(distributed, "Client", lambda *_, **__: scheduler)
    with Cluster("tcp://there:8786") as workers:
        results = workers.results(len, [(), (), ()], lambda _place, _progress: None, CancelToken())  # type: ignore[arg-type]
        found: dict[int, object] = dict(results)
    assert (found[WAITING], found[BESIDE]) == ("result 1", "result 2")
    error = found[POISON]
    assert isinstance(error, ClusterError)
    assert error.message.startswith("Its worker died 3 times in a row, the last time at tcp://there:1")
    assert error.settings == ("cluster",)
    # The suspects come last, one after the other, with nothing beside them.
    assert [batch for batch in scheduler.batches[-len(alone) :] if alone] == alone


class Forgetful(Scheduler):
    """Its workers die with results that nobody has fetched yet; they are made again, or poison is found."""

    def __init__(self) -> None:
        super().__init__(1)
        self.ended: list[Ended] = []
        self.fetches = 0

    def map(self, _function: object, calls: Sequence[Call[Any, Any]], **_options: object) -> list[Ended]:
        self.ended += [Ended(call.place) for call in calls]
        return self.ended[-len(calls) :]

    async def ncores(self) -> dict[str, int]:
        # The one that was lost is there again.
        for one in self.ended:
            one.status = "finished" if one.status == "lost" else one.status
        return await super().ncores()

    async def gather(
        self, futures: dict[int, Ended], errors: str, *, asynchronous: bool
    ) -> dict[int, str | None]:
        self.fetches += 1
        if self.fetches == 1:
            raise TimeoutError
        results = await super().gather(futures, errors, asynchronous=asynchronous)
        for number, one in futures.items():
            if one.place == POISON:
                last: Any = SimpleNamespace(address="tcp://there:1")
                one.status, one.error = "error", distributed.KilledWorker("task", last, ALLOWED)
                results[number] = None
            elif one.place == WAITING and self.fetches == 2:
                one.status, results[number] = "lost", None
        return results


def test_a_result_that_is_lost_before_it_is_fetched_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler = Forgetful()
    monkeypatch.setattr(distributed, "Client", lambda *_, **__: scheduler)
    monkeypatch.setattr(cluster, "_LOOK_EVERY_S", 0.0)
    with Cluster("tcp://there:8786") as workers:
        results = workers.results(len, [(), (), ()], lambda _place, _progress: None, CancelToken())  # type: ignore[arg-type]
        found: dict[int, object] = dict(results)
    assert (found[WAITING], found[BESIDE]) == ("result 1", "result 2")
    assert isinstance(found[POISON], ClusterError)


def test_a_scheduler_that_is_gone_when_the_work_is_cancelled_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scheduler = Scheduler(1)

    def run(*_arguments: object, **_options: object) -> None:
        raise CommClosedError

    scheduler.run = run  # type: ignore[attr-defined]
    monkeypatch.setattr(distributed, "Client", lambda *_, **__: scheduler)
    cancel = CancelToken()
    cancel.cancel()
    with Cluster("tcp://there:8786") as workers, pytest.raises(ClusterError, match="was lost"):
        list(workers.results(len, [()], lambda _place, _progress: None, cancel))  # type: ignore[arg-type]
