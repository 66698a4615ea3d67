"""Audits many files on all cores: continues after bad ones, and resumes an interrupted run."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.audit.each_file import FileTask, do_each
from framescope.core.audit.file_audit import AuditSettings, run_audit
from framescope.core.audit.records import (
    Advice,
    AdviceKind,
    Cause,
    CauseKind,
    EngineTrial,
    FileAudit,
    FileFacts,
    Interruption,
    Outcome,
    RequestResult,
    Sequence,
    TrialState,
    Verdict,
    VerdictKind,
)
from framescope.core.audit.report_table import audit_table
from framescope.core.audit.requests import Order
from framescope.core.errors import (
    Cancelled,
    FrameScopeError,
    MissingFileError,
)
from framescope.core.folders import is_folder, is_regular_file, natural_order
from framescope.core.media.container import file_name, is_url, local_path
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.model.stream_facts import OpenCVFacts
from framescope.core.printable import valid_text
from framescope.core.sequence.naming import is_sequence
from framescope.core.source.opening import is_fragment_store
from framescope.core.storage import ask, is_stored, objects_below, place_of
from framescope.core.text import counted, listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from framescope.core.audit.report_table import Table
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.workers.each import Workers


def audit_from_table(table: Table) -> FileAudit:
    """The audit from a table: everything that reports show, without digests and declared facts.

    Raises:
        KeyError: The table is incomplete, as from an older version.
        ValueError: It has an unknown value.
    """
    return FileAudit(
        source=table["source"],
        info=None,
        facts=None if table["frame_count_measured"] is None else _facts(table),
        trials=tuple(_trial(one) for one in table["engines"]),
        asked=table["asked"],
        seed=table["seed"],
        is_quick=table["is_quick"],
        coverage=table["coverage"],
        elapsed_s=_float(table["elapsed_s"]),
        error=table["error"],
    )


def _facts(table: Table) -> FileFacts:
    total = table["frame_count_measured"]
    costs = np.ones(total, np.int64)
    for trial in table["engines"]:
        for one in trial["requests"]:
            if one["frame_number"] < total:
                costs[one["frame_number"]] = one["frames_to_decode"]
    count = table["frame_count_opencv"]
    return FileFacts(
        frame_count=total,
        keyframes=np.array(table["keyframes"], np.int64),
        decode_costs=costs,
        times_s=np.full(total, math.nan),
        causes=tuple(_cause(one) for one in table["causes"]),
        opencv=OpenCVFacts("", opened=count is not None, frame_count=_float(count)),
        stream=table["stream"],
    )


def _trial(table: Table) -> EngineTrial:
    read, fps = table["frame_count_sequential"], table["sequential_fps"]
    return EngineTrial(
        engine=table["engine"],
        title=table["title"],
        call=table["call"],
        version=table["version"],
        state=TrialState(table["state"]),
        reason=table["reason"],
        frame_count_claimed=table["frame_count_claimed"],
        sequence=Sequence(
            digests=np.zeros(read, np.uint64),
            is_complete=table["sequence_is_complete"],
            elapsed_s=read / fps if fps else 0.0,
            error=table["sequence_error"],
            interruptions=tuple(Interruption(**one) for one in table.get("interruptions", ())),
        ),
        requests=tuple(_request(one) for one in table["requests"]),
        open_s=_float(table["open_s"]),
        peak_memory_bytes=table["peak_memory_bytes"],
        verdict=_verdict(table["verdict"]),
    )


def _request(table: Table) -> RequestResult:
    error_ms = table.get("time_error_ms")
    return RequestResult(
        frame_number=table["frame_number"],
        order=Order(table["order"]),
        outcome=Outcome(table["outcome"]),
        landed=table["landed"],
        candidates=tuple(table.get("candidates", ())),
        repeat_differs=table.get("repeat_differs", False),
        latency_ms=table["latency_ms"],
        time_error_s=None if error_ms is None else error_ms / 1000,
        position=table.get("position"),
        error=table.get("error", ""),
    )


def _verdict(table: Table) -> Verdict:
    advice = tuple(
        Advice(AdviceKind(one["kind"]), one["sentence"], one["cost_s"], one["cost"])
        for one in table["advice"]
    )
    cause = None if table["cause"] is None else _cause(table["cause"])
    return Verdict(VerdictKind(table["kind"]), table["sentence"], cause, advice)


def _cause(table: Table) -> Cause:
    return Cause(CauseKind(table["kind"]), table["sentence"])


def _float(value: Any) -> float:  # noqa: ANN401 - a number of JSON, or nothing
    return math.nan if value is None else float(value)


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
"""File types treated as videos in a folder. A file named explicitly is always taken."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of many: its audit as JSON values, so that rows of an earlier run are equal.

    Attributes:
        source: The file.
        table: The result of `audit_table`.
        audit: The audit itself; from an earlier run it only has the table's contents.
        is_new: Whether it is from this run.
    """

    source: str
    table: dict[str, Any]
    audit: FileAudit
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class InputVideo:
    """One of many videos.

    Attributes:
        source: Its path or address.
        name: Its path below the folder that was named, with ``/``; its file name if it was named itself.
    """

    source: str
    name: str

    @property
    def folder(self) -> str:
        """The name of the folder that it is in, also in an object store; empty for other addresses."""
        path = local_path(self.source)
        if path is None:
            return valid_text(PurePosixPath(self.source).parent.name) if is_stored(self.source) else ""
        return valid_text(path.absolute().parent.name)


def input_videos(sources: Iterable[str], *, cancel: CancelToken | None = None) -> list[InputVideo]:
    """Files as named, and all videos in folders and their subfolders, sorted; each once.

    A fragment store is a video, whether it is a file or a folder.

    Args:
        sources: Paths of files and folders, and addresses; one of an object store that ends in ``/`` is a
            folder, too.
        cancel: Cancels the work.

    Raises:
        OpenError: A store cannot be listed.
        Cancelled: The work was cancelled.
    """
    cancel = cancel or CancelToken()
    found: dict[str, InputVideo] = {}
    for source in sources:
        if is_stored(source) and source.endswith("/"):
            for name in _names_in_store(source, cancel):
                found.setdefault(source + name, InputVideo(source + name, valid_text(name)))
        elif is_folder_of_videos(source):
            for path in sorted(_videos_in(source, cancel)):
                name = path.relative_to(source).as_posix()
                found.setdefault(str(path), InputVideo(str(path), valid_text(name)))
        else:
            found.setdefault(source, InputVideo(source, valid_text(file_name(source))))
    return list(found.values())


def list_videos(sources: Iterable[str], *, cancel: CancelToken | None = None) -> list[str]:
    """The paths and addresses of `input_videos`; see there."""
    return [one.source for one in input_videos(sources, cancel=cancel)]


def no_videos(sources: Iterable[str]) -> MissingFileError:
    """The error where `list_videos` found none."""
    places = list(sources)
    return MissingFileError(
        tr("There is no video in {places}.", places=listed(places)) if places else tr("There is no video."),
        hint=tr("In folders, videos are recognised by extension; name other files explicitly."),
    )


def is_folder_of_videos(source: str) -> bool:
    """Whether a path means the videos in a folder, not one video."""
    if is_stored(source):
        return source.endswith("/")
    if is_url(source) or not is_folder(source) or is_fragment_store(source):
        return False
    # Thumbnails beside videos are no sequence to look at.
    return not is_sequence(source) or next(_videos_in(source, CancelToken()), None) is not None


def _names_in_store(address: str, cancel: CancelToken) -> list[str]:
    place = place_of(address)
    names = ask(address, lambda: objects_below(place), cancel=cancel)
    return sorted(name for name in names if PurePosixPath(name).suffix.lower() in VIDEO_SUFFIXES)


def videos_beside(source: str) -> list[str]:
    """The videos in the folder of a file, the file itself among them, in the order of file managers.

    Numbers in names count as numbers: ``clip 2`` comes before ``clip 10``.

    Raises:
        OSError: The folder cannot be read.
    """
    path = Path(source)
    found = {str(path)}
    for beside in path.parent.iterdir():
        is_video = beside.suffix.lower() in VIDEO_SUFFIXES and is_regular_file(beside)
        if is_video or (beside.suffix.lower() in {"", ".zip"} and is_fragment_store(beside)):
            found.add(str(beside))
    return sorted(found, key=natural_order)


def _videos_in(source: str, cancel: CancelToken) -> Iterator[Path]:
    for folder, folders, names in os.walk(source):
        cancel.raise_if_cancelled()
        stores = [name for name in folders if is_fragment_store(Path(folder, name))]
        # The streams inside a store are not videos of their own.
        folders[:] = [name for name in folders if name not in stores]
        yield from (Path(folder, name) for name in stores)
        for path in (Path(folder, name) for name in names):
            is_video = path.suffix.lower() in VIDEO_SUFFIXES and is_regular_file(path)
            if is_video or (path.suffix.lower() == ".zip" and is_fragment_store(path)):
                yield path


def audit_files(  # noqa: PLR0913 - every option is named at the call
    sources: Iterable[str],
    settings: AuditSettings,
    *,
    journal: Path | None = None,
    jobs: int | None = None,
    workers: Workers | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_row: Callable[[FileRow], None] = lambda _row: None,
) -> list[FileRow]:
    """Audit every file; the rows come in the order of the files. A bad file is a row too.

    Args:
        sources: Paths or addresses.
        settings: What to test on each.
        journal: A file that gets a line after each audit. Files that already have a line with the same
            settings and have not changed since are skipped.
        jobs: Files at a time; None for one per core.
        workers: Who audits them instead of threads of this process; None for those.
        progress: Receives the number of finished files.
        cancel: Cancels the work; finished rows are kept.
        on_row: Receives each finished row, in the calling thread.

    Raises:
        DestinationError: The journal cannot be read or written.
        SettingsError: An engine's name is unknown.
    """
    jobs = max(1, jobs or os.cpu_count() or 1)

    def work(count: int) -> _FileWork:
        is_shared = workers is not None or (count > 1 and jobs > 1)
        return _FileWork(replace(settings, jobs=1 if is_shared else settings.jobs))

    def made(source: str, found: FileAudit | FrameScopeError | None) -> FileRow | None:
        return _row(source, found, settings)

    task = FileTask("audit", _settings_key(settings), work, _known, made, jobs, begins=_auditing)
    return do_each(
        task,
        sources,
        journal=journal,
        workers=workers,
        progress=progress,
        cancel=cancel,
        on_row=on_row,
    )


def _auditing(todo: list[str]) -> str:
    words = counted(len(todo), "file", "files") if len(todo) > 1 else Path(todo[0]).name
    return tr("Auditing {words}", words=words)


@dataclass(frozen=True, slots=True)
class _FileWork:
    """The work for one file, whose task is its name; None where it was cancelled."""

    settings: AuditSettings

    def __call__(self, task: str, progress: ProgressCallback, cancel: CancelToken) -> FileAudit | None:
        """Audit it."""
        if cancel.is_cancelled:
            return None
        try:
            return run_audit(task, self.settings, progress=progress, cancel=cancel)
        except Cancelled:
            return None


def _known(source: str, table: Any) -> FileRow | None:  # noqa: ANN401 - JSON, from anybody
    """The row of an earlier run."""
    try:
        return None if table is None else FileRow(source, table, audit_from_table(table), is_new=False)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError):
        return None  # Written by another version, or by hand.


def _row(source: str, found: FileAudit | FrameScopeError | None, settings: AuditSettings) -> FileRow | None:
    """A result under the name that the file has here; None for a partial one."""
    if found is None:
        return None
    if isinstance(found, FrameScopeError):
        found = FileAudit(
            source, None, None, (), is_quick=settings.is_quick, error=found.in_full, fault=found
        )
    found = replace(found, source=source)
    return None if found.was_cancelled else FileRow(source, audit_table(found), found)


def _settings_key(settings: AuditSettings) -> str:
    versions = [f"{spec.name} {spec.version}" for spec in settings.specs()]
    return repr(
        (versions, settings.requests, settings.orders, settings.seed, settings.sequence_s, settings.seek_s)
    )
