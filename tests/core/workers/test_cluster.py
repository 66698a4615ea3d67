"""A real cluster of two processes: the same files as one process writes, whoever dies on the way."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask.config
import distributed
import pytest

from framescope.core.audit.bench import BenchSettings
from framescope.core.audit.bench_folder import bench_files
from framescope.core.audit.file_audit import AuditSettings
from framescope.core.audit.folder import audit_files
from framescope.core.audit.requests import parse_requests
from framescope.core.errors import ClusterError, MissingFileError, SettingsError
from framescope.core.export.provenance import versions
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.machine_cores import available_cores
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.recipe.recipe import Recipe
from framescope.core.recipe.run import RunRequest, VideoState, run_recipe
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.workers import cluster as cluster_module
from framescope.core.workers.cluster import Cluster
from framescope.core.workers.on_worker import TRIES, Call, carry_out, fair_share
from tests.core.workers.deadly_work import (
    POISON,
    UNLUCKY,
    DeadlyWorkers,
    blocks_interrupts,
    core_limits,
    fail,
    noted,
    refuse,
    wait_for_the_end,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framescope.core.workers.each import Work

PNG = ExportSettings(Path(), image_format=ImageFormat.PNG, compression=1)
EVERY_4TH = Recipe(Sampling(SamplingKind.EVERY_NTH, step=4), PNG)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    # Where it can be, processes are forked from one that has imported everything: they start sooner.
    # Dask's own settings must be there before one is changed, or leaving the block removes all of them.
    assert distributed.config
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    with (
        dask.config.set({"distributed.worker.multiprocessing-method": method}),
        Cluster("local", processes=2) as workers,
    ):
        yield workers


@pytest.fixture(scope="module")
def videos(clip: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """One that kills its worker each time, one that does so once, a damaged one, none at all, good ones."""
    folder = tmp_path_factory.mktemp("videos")
    names = {
        "a.mp4": "h264.mp4",
        f"{POISON}.mp4": "h264.mp4",
        f"{UNLUCKY}.mp4": "h264.mp4",
        "damaged.mp4": "damaged_middle.mp4",
        "open.mkv": "gop_open.mkv",
        "z.mp4": "h264.mp4",
    }
    for name, source in names.items():
        shutil.copy(clip(source), folder / name)
    (folder / "bad.mp4").write_bytes(b"no video at all" * 100)
    return [str(path) for path in sorted(folder.iterdir())]


@pytest.fixture(scope="module")
def alone(videos: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process makes of them."""
    folder = tmp_path_factory.mktemp("alone") / "set"
    run_recipe(EVERY_4TH, videos, folder)
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    """All files by their names below the folder, without those of the poisoned video."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if POISON not in name}


def test_deaths_leave_no_trace_and_poison_is_given_up(
    cluster: Cluster, videos: list[str], alone: Path, tmp_path: Path
) -> None:
    told: list[int] = []
    reports: list[Progress] = []
    outcomes = run_recipe(
        EVERY_4TH,
        videos,
        tmp_path / "set",
        request=RunRequest(workers=DeadlyWorkers(cluster, tmp_path)),
        progress=reports.append,
        on_outcome=lambda place, _outcome: told.append(place),
    )
    states = {Path(one.source).stem: one.state for one in outcomes}
    assert states.pop(POISON) is states.pop("bad") is VideoState.FAILED
    assert set(states.values()) == {VideoState.DONE}
    assert files_in(tmp_path / "set") == files_in(alone)
    assert [one.source for one in outcomes] == videos
    assert told == list(range(len(videos)))
    assert (reports[-1].done, reports[-1].total) == (1000 * len(videos), 1000 * len(videos))
    assert noted(tmp_path, UNLUCKY) == 1
    assert noted(tmp_path, POISON) == TRIES
    error = next(one.error for one in outcomes if POISON in one.source)
    assert isinstance(error, ClusterError)
    assert f"died {TRIES} times in a row" in error.message


@pytest.mark.parametrize(("earlier", "is_given_up"), [(TRIES - 2, False), (TRIES - 1, True)])
def test_deaths_of_earlier_attempts_count(cluster: Cluster, *, earlier: int, is_given_up: bool) -> None:
    # As where a task waited behind another one that took their worker down, and then took some down itself.
    client, run = cluster._client, f"run {earlier}"  # noqa: SLF001 - events are told by its connection
    client.log_event(run, {"begun": 4, "attempt": 1, "worker": "tcp://10.0.0.7:4000"})
    call = Call(run, 4, 1, earlier, core_limits, 0, versions())
    answer = client.submit(carry_out, call, key=call.key, pure=False).result()
    assert isinstance(answer, ClusterError) == is_given_up
    if is_given_up:
        assert f"died {TRIES} times in a row, the last time at tcp://10.0.0.7:4000" in answer.message


def test_what_is_there_is_refused_or_resumed_as_by_one_process(
    cluster: Cluster, videos: list[str], alone: Path, tmp_path: Path
) -> None:
    shutil.copytree(alone, tmp_path / "set")
    good = [video for video in videos if "bad" not in video][:2]
    refused = run_recipe(EVERY_4TH, good, tmp_path / "set", request=RunRequest(workers=cluster))
    assert {one.state for one in refused} == {VideoState.FAILED}
    assert all("exist already" in one.sentence for one in refused)
    resumed = run_recipe(EVERY_4TH, good, tmp_path / "set", request=RunRequest(workers=cluster, resume=True))
    assert all(one.result is not None and one.result.kept and not one.result.written for one in resumed)
    assert files_in(tmp_path / "set") == files_in(alone)


def test_relative_names_and_files_that_only_this_machine_has(
    cluster: Cluster, videos: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(videos[0], "here.mp4")
    request = RunRequest(workers=cluster, own_folders=True)
    (outcome,) = run_recipe(EVERY_4TH, ["here.mp4"], Path("out"), request=request)
    assert (outcome.source, outcome.folder, outcome.state) == ("here.mp4", Path("out/here"), VideoState.DONE)
    # As on a machine with other disks.
    monkeypatch.setattr(Cluster, "named", lambda _self, source: f"/elsewhere{tmp_path / source}")
    (outcome,) = run_recipe(EVERY_4TH, ["here.mp4"], Path("new"), request=request)
    assert outcome.error is not None
    assert "is another folder on machine" in outcome.error.message
    monkeypatch.setattr(
        Cluster,
        "named",
        lambda _self, name: str(tmp_path / name if "new" in name else tmp_path / f"no-{name}"),
    )
    (outcome,) = run_recipe(EVERY_4TH, ["here.mp4"], Path("new"), request=request)
    assert isinstance(outcome.error, MissingFileError)
    assert "same path on all machines" in outcome.error.hint


def test_audits_are_shared_and_recorded(cluster: Cluster, videos: list[str], tmp_path: Path) -> None:
    settings = AuditSettings.of(parse_requests("3"), engines=("pyav-exact",))
    some, journal = [videos[0], *(video for video in videos if "bad" in video)], tmp_path / "audits.jsonl"
    rows = audit_files(some, settings, journal=journal, workers=cluster)
    assert [row.source for row in rows] == some
    assert rows[0].audit.trials[0].is_exact
    assert rows[1].table["error"]
    again = audit_files(some, settings, journal=journal, workers=cluster)
    assert [(row.table, row.is_new) for row in again] == [(row.table, False) for row in rows]


def test_benchmarks_are_shared_and_recorded(cluster: Cluster, videos: list[str], tmp_path: Path) -> None:
    settings = BenchSettings(engines=("pyav-exact",), rounds=1, turn_s=0.1, learn_s=1.0, window=6)
    some, journal = [videos[0], *(video for video in videos if "bad" in video)], tmp_path / "bench.jsonl"
    rows = bench_files(some, settings, journal=journal, workers=cluster)
    assert [(row.source, bool(row.error)) for row in rows] == [(some[0], False), (some[1], True)]
    assert rows[0].table["source"] == some[0]
    assert bench_files(some, settings, journal=journal, workers=cluster)[0].table == rows[0].table


def test_tasks_share_the_cores_and_errors_arrive_whole(cluster: Cluster) -> None:
    def results(work: Work[Any, Any], tasks: list[Any]) -> dict[int, Any]:
        return dict(cluster.results(work, tasks, lambda _place, _progress: None, CancelToken()))

    found = results(core_limits, [7, 8, 9])
    assert {place: task for place, (task, _, _) in found.items()} == {0: 7, 1: 8, 2: 9}
    # All of them where the other worker has just died.
    assert {cores for _, cores, _ in found.values()} <= {max(available_cores() // 2, 1), available_cores()}
    (error,) = results(refuse, ["not so"]).values()
    assert isinstance(error, SettingsError)
    assert (error.message, error.hint) == ("not so", "as asked")
    with pytest.raises(ZeroDivisionError):
        results(fail, ["bug"])


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not blocked there")
def test_ctrl_c_does_not_reach_the_workers(cluster: Cluster) -> None:
    """From their first instruction on, so that it interrupts no import either."""
    ((_, is_blocked),) = cluster.results(
        blocks_interrupts, [0], lambda _place, _progress: None, CancelToken()
    )
    assert is_blocked
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_workers_of_another_version_are_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "versions", lambda: {"pyav": "1.0"})
    results = cluster.results(core_limits, [7], lambda _place, _progress: None, CancelToken())
    ((_, error),) = results
    assert isinstance(error, ClusterError)
    assert "has pyav" in error.message
    assert "this machine has 1.0" in error.message


def test_cancelling_stops_the_workers(cluster: Cluster, tmp_path: Path) -> None:
    cancel = CancelToken()
    reports: list[int] = []

    def cancel_soon() -> None:
        while noted(tmp_path, "waiting") < 2:
            time.sleep(0.02)
        cancel.cancel()

    other = threading.Thread(target=cancel_soon)
    other.start()
    found = list(
        cluster.results(wait_for_the_end, [tmp_path] * 40, lambda place, _: reports.append(place), cancel)
    )
    other.join()
    assert 2 <= len(found) < 40
    assert {answer for _, answer in found} == {"stopped"}
    assert noted(tmp_path, "waiting") == noted(tmp_path, "stopped") == len(found)


def test_the_cores_of_a_machine_are_divided_by_its_workers() -> None:
    threads = {"tcp://a:1": 1, "tcp://a:2": 2, "tcp://b:1": 1, "tcp://[::1]:7": 40}
    shares = {address: fair_share(16, address, threads) for address in threads}
    assert shares == {"tcp://a:1": 5, "tcp://a:2": 5, "tcp://b:1": 16, "tcp://[::1]:7": 1}
    assert fair_share(4, "tcp://new:1", threads) == 4


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A scheduler in a process of its own, without workers."""
    code = (
        "import asyncio, sys; from distributed import Scheduler\n"
        "async def run():\n"
        "    async with Scheduler(host='127.0.0.1', port=0, dashboard=False) as one:\n"
        "        print(one.address, flush=True)\n"
        "        await one.finished()\n"
        "asyncio.run(run())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().decode().strip()
        finally:
            process.kill()


def test_a_lost_scheduler_is_an_error_that_says_how_to_go_on(
    scheduler: tuple[subprocess.Popen[bytes], str], tmp_path: Path
) -> None:
    process, address = scheduler
    waits: list[str] = []

    def lose(_place: int, progress: Progress) -> None:
        waits.append(progress.text)
        process.kill()

    with Cluster(address) as workers:
        results = workers.results(wait_for_the_end, [tmp_path], lose, CancelToken())
        with pytest.raises(ClusterError, match="was lost") as caught:
            list(results)
    assert waits[0] == "Waiting for workers"
    assert "resume it" in caught.value.hint
    assert caught.value.settings == ("resume",)


def test_own_workers_that_are_gone_for_good_are_not_waited_for(tmp_path: Path) -> None:
    with Cluster("local", processes=1) as workers:
        # As Dask does with a worker that dies while it starts.
        own = workers._client.cluster  # noqa: SLF001
        assert own is not None
        own.scale(0)
        results = workers.results(wait_for_the_end, [tmp_path], lambda _place, _progress: None, CancelToken())
        with pytest.raises(ClusterError, match="ended while they were starting") as caught:
            list(results)
    # There is nothing to resume.
    assert "--resume" not in caught.value.hint
    assert "fewer jobs" in caught.value.hint
    assert caught.value.settings == ("jobs", "cluster")


def _refuse_to_start(**_options: object) -> None:
    raise RuntimeError("no room\nand more")


def test_no_scheduler_and_no_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_CONNECTING_S", 0.2)
    with pytest.raises(ClusterError, match="There is no scheduler at tcp:") as caught:
        Cluster("tcp://127.0.0.1:9")
    assert "dask scheduler" in caught.value.hint
    with monkeypatch.context() as patch:
        patch.setattr(distributed, "LocalCluster", _refuse_to_start)
        with pytest.raises(ClusterError, match="No workers can be started on this machine: no room"):
            Cluster("local")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match="Dask is not installed") as caught:
        Cluster("local")
    assert "framescope[cluster]" in caught.value.hint


@pytest.mark.parametrize("address", ["nonsense", "", "tcp://", "tcp://host:port", "http://host:8786"])
def test_an_address_that_is_not_valid_makes_no_client(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr(distributed, "Client", lambda *_, **__: made.append(1))
    with pytest.raises(ClusterError, match="There is no scheduler at"):
        Cluster(address)
    assert made == []
