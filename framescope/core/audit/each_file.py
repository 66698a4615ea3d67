"""Does the same for each of many files, and records what is finished, so that a killed run goes on there."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from framescope.core.addresses import query_of
from framescope.core.errors import OpenError
from framescope.core.files import check_target, prepare_folder
from framescope.core.journal import Journal
from framescope.core.media.container import is_url, source_name, without_secrets
from framescope.core.media.remote_file import is_remote, remote_state
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.workers.each import Threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.workers.each import Work, Workers

_HEAD = b'{"file": '
"""How every line of a journal begins."""


class Row(Protocol):
    """The result for one file."""

    @property
    def source(self) -> str:
        """The file."""

    @property
    def table(self) -> dict[str, Any]:
        """The result as JSON values, so that rows of an earlier run are equal."""


RowT = TypeVar("RowT", bound=Row)
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class FileTask(Generic[RowT, ResultT]):
    """What is done for each file.

    Attributes:
        name: What is recorded of a file, as one word.
        key: The settings; what was recorded with others does not count.
        work: Gives the work for a file, given how many there are to do.
        known: The row from what an earlier run has recorded, which may be anything; None if it is of no use.
        made: The row from a result, under the name that the file has here; None for a partial one, which
            would be mistaken for a complete one.
        jobs: How many are done at a time in this process.
        begins: What to say before the first of so many, if anything.
        tells_steps: Whether the progress of a file is passed on.
    """

    name: str
    key: str
    work: Callable[[int], Work[str, ResultT]]
    known: Callable[[str, Any], RowT | None]
    made: Callable[[str, ResultT | FrameScopeError], RowT | None]
    jobs: int
    begins: Callable[[list[str]], str] | None = None
    tells_steps: bool = False


def do_each(  # noqa: PLR0913 - every option is named at the call
    task: FileTask[RowT, ResultT],
    sources: Iterable[str],
    *,
    journal: Path | None = None,
    workers: Workers | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_row: Callable[[RowT], None] = lambda _row: None,
) -> list[RowT]:
    """Do it for every file; the rows come in the order of the files, each file once.

    Args:
        task: What to do.
        sources: Paths or addresses.
        journal: A file that gets a line after each file. Files that already have a line with the same
            settings and have not changed since are skipped.
        workers: Who does it instead of threads of this process; None for those.
        progress: Receives the number of finished files.
        cancel: Cancels the work; finished rows are kept.
        on_row: Receives each finished row, in the calling thread.

    Raises:
        DestinationError: The journal cannot be read or written, or is something else.
    """
    cancel, wanted = cancel or CancelToken(), list(dict.fromkeys(sources))
    with ExitStack() as stack:
        record = stack.enter_context(closing(_Record(journal, task.name, task.key, wanted)))
        rows = {one: row for one in wanted if (row := task.known(one, record.find(one))) is not None}
        for row in rows.values():
            on_row(row)
        todo = [source for source in wanted if source not in rows]
        if todo and task.begins is not None:
            progress(Progress(len(rows), len(wanted), task.begins(todo)))

        def report(_place: int, one: Progress) -> None:
            if task.tells_steps:
                progress(Progress(len(rows), len(wanted), one.text))

        workers = workers or Threads(task.jobs)
        tasks = [workers.named(source) for source in todo]
        results = workers.results(task.work(len(todo)), tasks, report, cancel)
        for place, found in stack.enter_context(closing(results)):
            made = task.made(todo[place], found)
            if made is None:
                continue
            record.add(made)
            rows[made.source] = made
            on_row(made)
            progress(Progress(len(rows), len(wanted), source_name(made.source)))
    return [rows[source] for source in wanted if source in rows]


class _Record:
    """What is finished, in a journal if there is one. Threads: one."""

    def __init__(self, path: Path | None, name: str, key: str, sources: Sequence[str]) -> None:
        self._name, self._key = name, key
        self._entries: dict[tuple[str, str], dict[str, Any]] = {}
        # Before the work: a file that changes during it is to be read again.
        self._stamps = {} if path is None else {source: _stamp(source) for source in sources}
        self._journal: Journal | None = None
        if path is not None:
            check_target(path, replaces=True, sources=sources)
            prepare_folder(path.parent)
            self._journal = Journal(path, head=_HEAD)
            self._entries = {
                (entry["file"], repr(entry.get("stamp"))): entry
                for entry in self._journal.tables()
                if isinstance(entry.get("file"), str) and entry.get("settings") == key
            }

    def find(self, source: str) -> Any:  # noqa: ANN401 - JSON, from anybody
        """What an earlier run has recorded of a file that is still the same; None if nothing."""
        if self._journal is None:
            return None
        entry = self._entries.get((without_secrets(source), repr(self._stamps[source])), {})
        return entry.get(self._name)

    def add(self, row: Row) -> None:
        """Record a file at once."""
        if self._journal is not None:
            stamp = self._stamps[row.source]
            entry = {
                "file": without_secrets(row.source),
                "stamp": stamp,
                "settings": self._key,
                self._name: row.table,
            }
            self._journal.append(entry)

    def close(self) -> None:
        """Others may write to the journal then."""
        if self._journal is not None:
            self._journal.close()


def _stamp(source: str) -> list[int]:
    if is_remote(source):
        try:
            state = remote_state(source)
        except OpenError:
            return []
        # The time of an object is in whole seconds; what stands for its version is exact.
        return [state.size, state.inode]
    if is_url(source):
        # Only the query may tell two videos apart. It may hold a token, so it is not written down itself.
        query = query_of(source).encode("utf-8", "surrogateescape")
        return [int.from_bytes(hashlib.blake2b(query, digest_size=6).digest())]
    try:
        facts = Path(source).stat()
    except (OSError, ValueError):
        return []
    return [facts.st_size, facts.st_mtime_ns]
