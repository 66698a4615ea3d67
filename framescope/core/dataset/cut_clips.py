"""Cuts the clips of a list: as video files, copied or exact, or as folders of frames."""

from __future__ import annotations

import io
import threading
from collections import Counter, defaultdict, deque
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.clips.clip_plan import plan_clip
from framescope.core.clips.make import make_clip
from framescope.core.clips.settings import ClipSettings
from framescope.core.csv_cells import CsvWriter
from framescope.core.dataset.clip_list import VideoFinder
from framescope.core.errors import (
    Cancelled,
    DestinationLostError,
    ExportError,
    FrameScopeError,
    TargetExistsError,
)
from framescope.core.export.manifest.file_check import file_digest
from framescope.core.export.manifest.reading import MANIFEST_NAME, has_manifest, read_manifest
from framescope.core.export.manifest.resume import planned_again, resume_export
from framescope.core.export.name_pattern import folded_name
from framescope.core.export.plan import plan_export
from framescope.core.export.run import Savers, export_frames
from framescope.core.files import prepare_folder, remove_file, write_file
from framescope.core.folders import is_there
from framescope.core.journal import Journal
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.printable import json_document
from framescope.core.sampling.chosen import Chosen
from framescope.core.sampling.rate import at_rate
from framescope.core.sequence.source_digest import source_digest
from framescope.core.source.opening import known_video, open_video
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.core.workers.each import Threads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from framescope.core.dataset.clip_list import ClipRow
    from framescope.core.export.result import ExportResult
    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

CLIPS_NAME = "framescope-clips.jsonl"
TABLE_NAME = "framescope-clips.csv"
_JOURNAL_NAME = "framescope-clips.part.jsonl"
_KEY = "framescope_clips"
_FORMAT = 1
_CACHE_BYTES = 64 << 20
_COLUMNS = ("file", "label", "split", "video", "start", "end", "first_frame", "frame_count", "missing_s")


class ClipFate(StrEnum):
    """The outcome of a row."""

    CUT = "cut"
    KEPT = "kept"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ClipOutcome:
    """What became of a row.

    Attributes:
        row: The row.
        fate: How it ended.
        table: What is recorded of the clip, as plain values; empty if there is none.
        reason: Why there is none, or a remark.
    """

    row: ClipRow
    fate: ClipFate
    table: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CutSettings:
    """How clips are cut.

    Attributes:
        clip: As video files of this kind.
        ending: The extension of the files, with its dot.
        frames: As folders of pictures like these instead; None for video files.
        rate_fps: Frames a second in such a folder; 0 for all of them.
    """

    clip: ClipSettings = field(default_factory=ClipSettings)
    ending: str = ".mp4"
    frames: ExportSettings | None = None
    rate_fps: float = 0.0

    def as_table(self) -> dict[str, Any]:
        """Plain values: clips that were cut with others are not continued."""
        if self.frames is None:
            names = ("codec", "quality", "lossless", "with_audio", "even_times")
            values = {name: getattr(self.clip, name) for name in names}
            return {"way": self.clip.way.value, "ending": self.ending, **values}
        pictures = {key: value for key, value in self.frames.as_table().items() if key != "folder"}
        return {"way": "frames", "rate_fps": self.rate_fps, "pictures": pictures}


def cut_clips(  # noqa: PLR0913 - every option is named at the call
    rows: Sequence[ClipRow],
    videos: Path,
    folder: Path,
    settings: CutSettings,
    *,
    resume: bool = False,
    jobs: int = 1,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> tuple[ClipOutcome, ...]:
    """Cut clips into folders of their splits and labels, and write a manifest and a table of them.

    A clip holds the frames from its start on that are shown before its end; copied clips begin at a keyframe.
    Each is read back before it gets its name. The manifest and the table come last; until then a journal
    holds what is finished.

    Args:
        rows: The list.
        videos: Where the videos are.
        folder: Output folder.
        settings: How clips are saved.
        resume: Whether clips that are listed as finished in the folder are kept, if they are intact.
        jobs: Videos that are worked on at a time; each is opened once.
        progress: Receives the number of finished rows; from several threads, one at a time.
        cancel: Cancels the work; finished clips are kept.

    Returns:
        One outcome a row, in the order of the list.

    Raises:
        TargetExistsError: There are clips in the folder already, and they are not to be continued.
        ExportError: They were cut with other settings.
        DestinationError: The folder cannot be written to.
    """
    cancel = cancel or CancelToken()
    prepare_folder(folder)
    table = settings.as_table()
    if not resume and any(is_there(folder / name) for name in (CLIPS_NAME, _JOURNAL_NAME)):
        raise TargetExistsError(
            tr("There are clips in {folder} already.", folder=folder),
            hint=tr("Resume it, or choose another folder."),
            settings=("resume",),
        )
    with Journal(folder / _JOURNAL_NAME) as journal:
        known = _known(folder, journal, table)
        run = _Run(folder, settings, known, journal, progress, cancel, len(rows), resumes=resume)
        outcomes = run.carry_out(rows, videos, jobs)
        if not any(one.fate is ClipFate.CANCELLED for one in outcomes):
            _write_tables(folder, table, outcomes)
            # Windows removes no file that is open.
            journal.close()
            remove_file(folder / _JOURNAL_NAME)
    return outcomes


def summary_of(outcomes: Sequence[ClipOutcome]) -> str:
    """One line for display."""
    counts = Counter(one.fate for one in outcomes)
    parts = [tr("{clips} cut", clips=counted(counts[ClipFate.CUT], "clip", "clips"))]
    if counts[ClipFate.KEPT]:
        parts.append(tr("{count} kept from before", count=counts[ClipFate.KEPT]))
    if counts[ClipFate.FAILED]:
        parts.append(tr("{count} failed", count=counts[ClipFate.FAILED]))
    if counts[ClipFate.CANCELLED]:
        parts.append(tr("{count} not reached", count=counts[ClipFate.CANCELLED]))
    return ", ".join(parts)


def remarks_of(outcomes: Sequence[ClipOutcome]) -> list[str]:
    """Sentences on clips that do not begin or end where their rows say."""
    early, short = (
        sum(bool(one.table.get(name)) for one in outcomes) for name in ("early_frames", "missing_s")
    )
    remarks = []
    if early:
        begin = counted(early, "clip begins", "clips begin")
        remarks.append(
            tr("{clips} earlier: copies begin at keyframes; --exact begins at the frame.", clips=begin)
        )
    if short:
        end = counted(short, "clip ends", "clips end")
        remarks.append(tr("{clips} earlier than listed, with the video.", clips=end))
    return remarks


def _known(folder: Path, journal: Journal, settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The records of finished clips by their files; the journal gets a head if it has none."""
    tables = list(journal.tables())
    if not tables:
        journal.append({_KEY: _FORMAT, "settings": settings})
    earlier: list[dict[str, Any]] = []
    if is_there(folder / CLIPS_NAME):
        with Journal(folder / CLIPS_NAME) as whole:
            earlier = list(whole.tables())
    for head in (one for one in (*earlier, *tables) if _KEY in one):
        if head.get("settings") != settings or head[_KEY] != _FORMAT:
            raise ExportError(
                tr("The clips in {folder} were cut with other settings.", folder=folder),
                hint=tr("Continue with the same ones, or choose another folder."),
            )
    return {str(one["file"]): one for one in (*earlier, *tables) if "sha256" in one and "file" in one}


class _Run:
    """One run. Threads: a pool, which reports one row at a time."""

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of a run
        self,
        folder: Path,
        settings: CutSettings,
        known: Mapping[str, Mapping[str, Any]],
        journal: Journal,
        progress: ProgressCallback,
        cancel: CancelToken,
        total: int,
        *,
        resumes: bool,
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._known = known
        self._resumes = resumes
        self._journal = journal
        self._progress = progress
        self._cancel = cancel
        self._total = total
        self._lock = threading.Lock()
        self._outcomes: dict[int, ClipOutcome] = {}

    def carry_out(self, rows: Sequence[ClipRow], videos: Path, jobs: int) -> tuple[ClipOutcome, ...]:
        finder = VideoFinder(videos)
        files = _files(rows, self._settings)
        # The videos of a list have many clips each.
        find = cache(finder.find)
        groups: dict[str, list[ClipRow]] = defaultdict(list)
        for row in rows:
            try:
                if row.reason:
                    raise ExportError(row.reason)
                groups[find(row.video)].append(row)
            except FrameScopeError as error:
                self._finish(ClipOutcome(row, ClipFate.FAILED, reason=error.message))
        with Savers(exports=jobs) as savers:

            def work(
                task: tuple[str, list[ClipRow]], _progress: ProgressCallback, _cancel: CancelToken
            ) -> None:
                self._cut_video(*task, files, savers)

            tasks = list(groups.items())
            with closing(Threads(jobs).results(work, tasks, lambda *_report: None, self._cancel)) as results:
                # A full disk or a bug ends it: no other video is begun then.
                deque(results, maxlen=0)
        return tuple(self._outcomes[row.number] for row in rows)

    def _cut_video(
        self, source: str, rows: Sequence[ClipRow], files: Mapping[int, str], savers: Savers
    ) -> None:
        try:
            self._cancel.raise_if_cancelled()
            with open_video(source, cache_bytes=_CACHE_BYTES, cancel=self._cancel) as video:
                info, index = video.info, video.index
            found = source_digest(source)
            digest = None if found is None else found.digest
        except Cancelled:
            self._finish_all(rows, partial(ClipOutcome, fate=ClipFate.CANCELLED))
            return
        except FrameScopeError as error:
            self._finish_all(rows, partial(ClipOutcome, fate=ClipFate.FAILED, reason=error.message))
            return
        for row in rows:
            self._finish(self._cut(row, files[row.number], info, index, digest, savers))

    def _cut(  # noqa: PLR0913, PLR0917 - the parts of one clip
        self,
        row: ClipRow,
        file: str,
        info: VideoInfo,
        index: FrameIndex,
        digest: str | None,
        savers: Savers,
    ) -> ClipOutcome:
        try:
            self._cancel.raise_if_cancelled()
            wanted = frames_between(index, row.start or Fraction(0), row.end or Fraction(0))
            missing_s = _missing_s(index, row.end or Fraction(0))
            table = {**_row_table(row), "file": file, "source_sha256": digest, "missing_s": missing_s}
            known = self._known.get(file, {})
            if table.items() <= known.items() and self._is_whole(file, known):
                return ClipOutcome(row, ClipFate.KEPT, dict(known))
            is_kept = False
            if self._settings.frames is None:
                facts = self._clip(file, wanted, info, index)
            else:
                facts, is_kept = self._pictures(file, wanted, info, index, savers)
        except Cancelled:
            return ClipOutcome(row, ClipFate.CANCELLED)
        except DestinationLostError:
            # Every other clip would fail as well.
            raise
        except FrameScopeError as error:
            return ClipOutcome(row, ClipFate.FAILED, reason=error.message)
        return ClipOutcome(row, ClipFate.KEPT if is_kept else ClipFate.CUT, table | facts)

    def _is_whole(self, file: str, known: Mapping[str, Any]) -> bool:
        # Pictures are checked, and saved again where they are not intact, by resuming their export.
        digest = file_digest(self._folder / file) if self._settings.frames is None else None
        return digest is not None and digest == known["sha256"]

    def _clip(self, file: str, wanted: range, info: VideoInfo, index: FrameIndex) -> dict[str, Any]:
        path = self._folder / file
        plan = plan_clip(info, index, wanted, path, self._settings.clip)
        # When resuming, a name that is not in the records is that of a clip finished just before the kill.
        result = make_clip(info, index, plan, replaces=self._resumes, cancel=self._cancel)
        return {
            "first_frame": plan.frames.start,
            "frame_count": len(plan.frames),
            "early_frames": wanted.start - plan.frames.start,
            "damaged": result.plan.damaged_count,
            "size_bytes": result.size_bytes,
            "sha256": file_digest(path),
        }

    def _pictures(
        self, file: str, wanted: range, info: VideoInfo, index: FrameIndex, savers: Savers
    ) -> tuple[dict[str, Any], bool]:
        """The facts of a folder of frames, and whether all of them were there already."""
        assert self._settings.frames is not None
        folder = self._folder / file
        rate = self._settings.rate_fps
        chosen = at_rate(index, rate, within=wanted) if rate else Chosen(np.arange(wanted.start, wanted.stop))
        settings = replace(self._settings.frames, folder=folder)
        plan = plan_export(info, index, chosen, settings)
        with known_video(info, index, cache_bytes=_CACHE_BYTES) as video:
            if has_manifest(folder):
                again = planned_again(read_manifest(folder).last.header, info, index, folder)
                if not np.array_equal(again.frame_numbers, plan.frame_numbers):
                    raise ExportError(tr("There are other frames in {folder}.", folder=folder))
                result = resume_export(video, again, cancel=self._cancel, savers=savers)
            else:
                result = export_frames(video, plan, manifest=True, cancel=self._cancel, savers=savers)
        _check_whole(result)
        facts = {
            "first_frame": wanted.start,
            "frame_count": len(plan),
            "damaged": result.damaged_count,
            "size_bytes": sum(one.size_bytes for one in (*result.written, *result.kept)),
            "sha256": file_digest(folder / MANIFEST_NAME),
        }
        return facts, not result.written

    def _finish_all(self, rows: Sequence[ClipRow], outcome: Callable[[ClipRow], ClipOutcome]) -> None:
        for row in rows:
            self._finish(outcome(row))

    def _finish(self, outcome: ClipOutcome) -> None:
        with self._lock:
            self._outcomes[outcome.row.number] = outcome
            if outcome.fate is ClipFate.CUT:
                self._journal.append(outcome.table)
            self._progress(Progress(len(self._outcomes), self._total, outcome.row.video))


def frames_between(index: FrameIndex, start: Fraction, end: Fraction) -> range:
    """The frames that begin at or after a start and before an end.

    Args:
        index: The video's index.
        start: Seconds since the first frame.
        end: As above.

    Raises:
        ExportError: There are none.
    """
    times = index.times_s
    if not index.has_some_timestamps:
        raise ExportError(tr("The frames have no timestamps to cut a clip by."))
    # Half a nanosecond: times are computed from pts, and a time such as 0.04 is not a binary fraction.
    inside = np.flatnonzero((times >= float(start) - 5e-10) & (times < float(end) - 5e-10))
    if not len(inside):
        last_s = float(np.nanmax(times))
        raise ExportError(
            tr(
                "No frame is between {start:.3f} and {end:.3f} s; the last one is at {last:.3f} s.",
                start=float(start),
                end=float(end),
                last=last_s,
            )
        )
    return range(int(inside[0]), int(inside[-1]) + 1)


def _missing_s(index: FrameIndex, end: Fraction) -> float:
    """The seconds from the video's end to a later end of a row; 0 if it is not later."""
    lacks = (float(end) - index.end_s) if index.has_some_timestamps else 0
    # Durations are often rounded to milliseconds, also in lists.
    return round(lacks, 3) if lacks > 1e-3 else 0.0


def _check_whole(result: ExportResult) -> None:
    if result.cancelled:
        raise Cancelled
    if result.fault is not None:
        raise result.fault
    if result.failed:
        first = result.failed[0]
        raise ExportError(
            tr("frame {frame_number}: {reason}", frame_number=first.frame_number, reason=first.reason)
        )


def _files(rows: Sequence[ClipRow], settings: CutSettings) -> dict[int, str]:
    """The file or folder of each row, below the output folder; equal rows are numbered."""
    ending = settings.ending if settings.frames is None else ""
    taken: Counter[str] = Counter()
    files: dict[int, str] = {}
    for row in rows:
        if row.reason:
            continue
        name = "/".join(filter(None, (row.folder, row.name)))
        folded = folded_name(name)
        taken[folded] += 1
        again = taken[folded]
        files[row.number] = f"{name}{f'-{again}' if again > 1 else ''}{ending}"
    return files


def _row_table(row: ClipRow) -> dict[str, Any]:
    return {
        "line": row.number,
        "video": row.video,
        "start": float(row.start or 0),
        "end": float(row.end or 0),
        "label": row.label,
        "split": row.split,
    }


def _write_tables(folder: Path, settings: Mapping[str, Any], outcomes: Sequence[ClipOutcome]) -> None:
    whole = [one.table for one in outcomes if one.table]
    failed = [
        {"line": one.row.number, "video": one.row.video, "failed": one.reason}
        for one in outcomes
        if not one.table
    ]
    text = io.StringIO()
    writer = CsvWriter(text)
    writer.writerow(_COLUMNS)
    writer.writerows([[table[name] for name in _COLUMNS] for table in whole])
    write_file(folder / TABLE_NAME, text.getvalue().encode("utf-8", "backslashreplace"), replaces=True)
    tables = [{_KEY: _FORMAT, "settings": settings}, *whole, *failed]
    lines = [json_document(table, separators=(",", ":")) + "\n" for table in tables]
    write_file(folder / CLIPS_NAME, "".join(lines).encode(), replaces=True)
