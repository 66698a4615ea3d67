"""Audits many files over the cores: goes on behind bad ones, and can be taken up again where it stopped."""

from __future__ import annotations

import json
import os
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framescope.core.audit.file_audit import AuditSettings, run_audit
from framescope.core.audit.journal_row import audit_from_table
from framescope.core.audit.report_table import audit_table
from framescope.core.errors import Cancelled, DestinationError
from framescope.core.files import check_target, file_error, prepare_folder
from framescope.core.media.container import is_url
from framescope.core.model.progress import CancelToken, Progress, ignore_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from framescope.core.audit.records import FileAudit
    from framescope.core.model.progress import ProgressCallback

VIDEO_SUFFIXES = frozenset(
    f".{name}"
    for name in [
        "3g2",
        "3gp",
        "apng",
        "asf",
        "avi",
        "avif",
        "dv",
        "f4v",
        "flv",
        "gif",
        "h264",
        "264",
        "hevc",
        "h265",
        "265",
        "ivf",
        "m1v",
        "m2t",
        "m2ts",
        "m2v",
        "m4v",
        "mkv",
        "mov",
        "mp4",
        "mpeg",
        "mpg",
        "mts",
        "mxf",
        "nut",
        "obu",
        "ogg",
        "ogm",
        "ogv",
        "ps",
        "qt",
        "rm",
        "rmvb",
        "ts",
        "vob",
        "webm",
        "wmv",
        "y4m",
    ]
)
"""Files of a folder that are taken for videos. A file that is named itself is always taken."""
_JOURNAL_HEAD = b'{"file": '
"""How every record of an audit begins."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of many: its audit in JSON's own kinds, so that rows of an earlier run are the same.

    Attributes:
        source: The file.
        table: What `audit_table` gives.
        audit: The audit itself; that of an earlier run holds what its table does.
        is_new: Whether it was made in this run.
    """

    source: str
    table: dict[str, Any]
    audit: FileAudit
    is_new: bool = True


def list_videos(sources: Iterable[str]) -> list[str]:
    """Files as named, and all videos in folders and their subfolders, sorted; each once."""
    found: dict[str, None] = {}
    for source in sources:
        folder = Path(source)
        if is_url(source) or not folder.is_dir():
            found[source] = None
            continue
        inside = (path for path in folder.rglob("*") if path.suffix.lower() in VIDEO_SUFFIXES)
        found.update((str(path), None) for path in sorted(inside) if path.is_file())
    return list(found)


def audit_files(  # noqa: PLR0913 - every option is named at the call
    sources: Iterable[str],
    settings: AuditSettings,
    *,
    journal: Path | None = None,
    jobs: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_row: Callable[[FileRow], None] = lambda _row: None,
) -> list[FileRow]:
    """Audit every file; the rows come in the order of the files. A bad file is a row too.

    Args:
        sources: Paths or addresses.
        settings: What to try on each.
        journal: A file that takes a line as each audit ends. Files whose line is there already, of the same
            settings and unchanged since, are not tried again.
        jobs: Files at a time; None for one a core.
        progress: Told how many files are done.
        cancel: Asks the work to stop; finished rows are kept.
        on_row: Takes each row as it is ready. Comes from the calling thread.

    Raises:
        DestinationError: The journal cannot be written.
        SettingsError: An engine's name is nobody's.
    """
    cancel = cancel or CancelToken()
    settings.specs()
    wanted = list(dict.fromkeys(sources))
    jobs = max(1, jobs or os.cpu_count() or 1)
    book = _Journal(journal, settings, wanted)
    rows = {source: row for source in wanted if (row := book.find(source)) is not None}
    for row in rows.values():
        on_row(row)
    todo = [source for source in wanted if source not in rows]
    if todo:
        words = f"{len(todo)} files" if len(todo) > 1 else Path(todo[0]).name
        progress(Progress(len(rows), len(wanted), f"Auditing {words}"))
    each = replace(settings, jobs=1 if len(todo) > 1 and jobs > 1 else settings.jobs)
    with ThreadPoolExecutor(jobs, "audit file") as pool:
        for row in _finished(pool, todo, each, cancel):
            if row.audit.was_cancelled:
                continue  # Half a row would be taken for a whole one.
            book.add(row)
            rows[row.source] = row
            on_row(row)
            progress(Progress(len(rows), len(wanted), Path(row.source).name))
    return [rows[source] for source in wanted if source in rows]


def _finished(
    pool: ThreadPoolExecutor, todo: list[str], settings: AuditSettings, cancel: CancelToken
) -> Iterator[FileRow]:
    def work(source: str) -> FileRow | None:
        if cancel.is_cancelled:
            return None
        try:
            audit = run_audit(source, settings, cancel=cancel)
        except Cancelled:
            return None
        return FileRow(source, audit_table(audit), audit)

    waiting: set[Future[FileRow | None]] = {pool.submit(work, source) for source in todo}
    while waiting:
        ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in ready:
            row = future.result()
            if row is not None:
                yield row


class _Journal:
    """A JSON Lines file of finished audits."""

    def __init__(self, path: Path | None, settings: AuditSettings, sources: list[str]) -> None:
        self._path = path
        self._key = _settings_key(settings)
        self._tables: dict[str, dict[str, Any]] = {}
        if path is not None:
            check_target(path, replaces=True, sources=sources)
            prepare_folder(path.parent)
            if path.exists():
                self._read(path)

    def _read(self, path: Path) -> None:
        """Take over the lines of an earlier run; a last one that was never finished is cut off.

        Raises:
            DestinationError: The file is something else, and is left alone, or it cannot be read or written.
        """
        try:
            with path.open("rb+") as file:
                head = file.read(len(_JOURNAL_HEAD))
                if head and head != _JOURNAL_HEAD:
                    raise DestinationError(
                        f"{path.name} is not the record of an earlier audit.",
                        hint="Give --resume a new name, or the file of an earlier run.",
                    )
                data = head + file.read()
                whole = data[: data.rfind(b"\n") + 1]
                if whole != data:
                    file.truncate(len(whole))
        except (OSError, ValueError) as error:
            raise file_error(path, error) from error
        for line in whole.decode("utf-8", "replace").splitlines():
            self._load(line)

    def _load(self, line: str) -> None:
        try:
            entry = json.loads(line)
            if entry["settings"] == self._key:
                self._tables[entry["file"]] = entry
        except (ValueError, KeyError, TypeError):
            return  # Written by another version, or by hand.

    def find(self, source: str) -> FileRow | None:
        """The row of an earlier run, if the file is still the same."""
        entry = self._tables.get(source)
        if entry is None or entry["stamp"] != _stamp(source):
            return None
        try:
            return FileRow(source, entry["audit"], audit_from_table(entry["audit"]), is_new=False)
        except (KeyError, ValueError, TypeError):
            return None  # Written by another version, or by hand.

    def add(self, row: FileRow) -> None:
        """Write a row down at once."""
        if self._path is None:
            return
        entry = {"file": row.source, "stamp": _stamp(row.source), "settings": self._key, "audit": row.table}
        try:
            with self._path.open("a", encoding="utf-8") as out:
                out.write(json.dumps(entry) + "\n")
        except OSError as error:
            raise file_error(self._path, error) from error


def _settings_key(settings: AuditSettings) -> str:
    versions = [f"{spec.name} {spec.version}" for spec in settings.specs()]
    return repr(
        (versions, settings.requests, settings.orders, settings.seed, settings.sequence_s, settings.seek_s)
    )


def _stamp(source: str) -> list[int]:
    try:
        facts = Path(source).stat()
    except (OSError, ValueError):
        return []
    return [facts.st_size, facts.st_mtime_ns]
