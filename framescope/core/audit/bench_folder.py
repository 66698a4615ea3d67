"""Benchmarks many files: one at a time, or one on each worker of a cluster; resumes an interrupted run."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from framescope.core.audit.bench import BenchSettings, run_bench
from framescope.core.audit.bench_report import bench_table
from framescope.core.audit.choice import which_library
from framescope.core.audit.each_file import FileTask, do_each
from framescope.core.audit.engines.catalog import BENCH_ENGINES, find_engines
from framescope.core.audit.records import TrialState
from framescope.core.errors import Cancelled, FrameScopeError
from framescope.core.media.container import without_secrets
from framescope.core.model.progress import CancelToken, ignore_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from framescope.core.audit.bench_records import FileBench
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.workers.each import Workers


@dataclass(frozen=True, slots=True)
class BenchRow:
    """One file of many, as JSON values, so that rows of an earlier run are equal.

    Attributes:
        source: The file.
        table: The result of `bench_table`; only ``source`` and ``error`` where it could not be measured.
        is_new: Whether it is from this run.
    """

    source: str
    table: dict[str, Any]
    is_new: bool = True

    @property
    def error(self) -> str:
        """Why it could not be measured; empty otherwise."""
        return str(self.table.get("error", ""))

    @property
    def words(self) -> str:
        """The result in a line."""
        return self.error or str(self.table["headline"])


def bench_files(  # noqa: PLR0913 - every option is named at the call
    sources: Iterable[str],
    settings: BenchSettings,
    *,
    stream_index: int | None = None,
    journal: Path | None = None,
    workers: Workers | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_row: Callable[[BenchRow], None] = lambda _row: None,
) -> list[BenchRow]:
    """Measure every file; the rows come in the order of the files. A file that cannot be read is a row too.

    Args:
        sources: Paths or addresses.
        settings: The extent of each benchmark.
        stream_index: The stream to take of every file; None to choose.
        journal: A file that gets a line after each benchmark. Files that already have a line with the same
            settings and have not changed since are skipped.
        workers: Who measures them instead of this process, which takes one at a time: others would share its
            cores, and be measured with them.
        progress: Receives the number of finished files.
        cancel: Cancels the work; finished rows are kept.
        on_row: Receives each finished row, in the calling thread.

    Raises:
        DestinationError: The journal cannot be read or written.
        SettingsError: An engine's name is unknown.
    """
    task = FileTask(
        "bench",
        _settings_key(settings, stream_index),
        lambda _count: _FileWork(settings, stream_index),
        _known,
        _row,
        jobs=1,
        tells_steps=True,
    )
    return do_each(
        task,
        sources,
        journal=journal,
        workers=workers,
        progress=progress,
        cancel=cancel,
        on_row=on_row,
    )


@dataclass(frozen=True, slots=True)
class _FileWork:
    """The work for one file, whose task is its name; None where it was cancelled."""

    settings: BenchSettings
    stream_index: int | None

    def __call__(
        self, task: str, progress: ProgressCallback, cancel: CancelToken
    ) -> FileBench | FrameScopeError | None:
        """Measure it."""
        try:
            cancel.raise_if_cancelled()
            return run_bench(
                task, self.settings, stream_index=self.stream_index, progress=progress, cancel=cancel
            )
        except Cancelled:
            return None
        except FrameScopeError as error:
            return error


def _known(source: str, table: Any) -> BenchRow | None:  # noqa: ANN401 - JSON, from anybody
    """The row of an earlier run."""
    is_row = isinstance(table, dict) and (table.get("error") or table.get("headline"))
    return BenchRow(source, table, is_new=False) if is_row else None


def _row(source: str, found: FileBench | FrameScopeError | None) -> BenchRow | None:
    """A result under the name that the file has here; None for a partial one."""
    if found is None:
        return None
    if isinstance(found, FrameScopeError):
        return BenchRow(source, {"source": without_secrets(source), "error": found.in_full})
    if any(one.state is TrialState.CANCELLED for one in found.engines):
        return None
    found = replace(found, source=source)
    return BenchRow(source, bench_table(found, which_library(found)))


def _settings_key(settings: BenchSettings, stream_index: int | None) -> str:
    specs = settings.catalogue or find_engines(settings.engines, BENCH_ENGINES)
    versions = [f"{spec.name} {spec.version}" for spec in specs]
    # Every field, so that none is forgotten: a figure of another extent or device is another figure.
    named = {one.name for one in fields(settings)} - {"engines", "catalogue", "limits"}
    extent = [(name, getattr(settings, name)) for name in sorted(named)]
    return repr((versions, extent, stream_index))
