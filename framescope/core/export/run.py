"""Executes an export plan: decodes in the calling thread while encoding and writing on all cores.

Invariants: a file under its final name is complete, was flushed to disk and read back before it got the name,
and only then gets its line in the manifest. Directory entries are flushed once, when the export stops. As
many pictures are encoded at once as there are cores; additional threads wait for the disk, so that a slow
flush leaves no core idle. Memory for pictures between the decoder and the disk is bounded: a slow disk stops
the decoder.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.closing import Closing
from framescope.core.errors import (
    Cancelled,
    DestinationError,
    DestinationLostError,
    ExportError,
    FrameScopeError,
    FrameUnavailableError,
    VerificationError,
)
from framescope.core.export.manifest.file import ManifestFile
from framescope.core.export.manifest.lines import FrameLine
from framescope.core.export.manifest.reading import has_manifest, read_manifest
from framescope.core.export.plan import Action
from framescope.core.export.provenance import describe, is_made_of
from framescope.core.export.result import ExportResult, Fate, FrameOutcome
from framescope.core.export.save import Encoded, Saved, SavePlace, encode_picture, write_picture
from framescope.core.files import check_folder, check_not_source, prepare_folder, sync_folder
from framescope.core.machine_cores import core_count
from framescope.core.media.container import local_path
from framescope.core.model.progress import CancelToken, Progress, cancellable, ignore_progress
from framescope.core.sequence.source_digest import source_digest
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from framescope.core.export.manifest.lines import ManifestHeader
    from framescope.core.export.manifest.reading import Manifest
    from framescope.core.export.plan import ExportPlan, PlanItem
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import ProgressCallback


def check_existing(plan: ExportPlan) -> None:
    """Refuse a plan that would skip a file made from another video, or overwrite the video.

    Files not listed in a manifest are trusted to be what their names say.

    Raises:
        ExportError: A file to be skipped holds another video's picture, or another frame of this one.
        DestinationError: The folder is inside the video, which may be a fragment store, or a file to be
            replaced is the video.
    """
    source = None if plan.info is None else local_path(plan.info.source)
    if source is None:
        return
    check_folder(plan.settings.folder, sources=[source])
    for item in plan.items:
        if item.action is Action.OVERWRITE:
            check_not_source(item.path, [source])
    if Action.SKIP in plan.actions and has_manifest(plan.settings.folder):
        _check_skipped(plan, read_manifest(plan.settings.folder))


def _check_skipped(plan: ExportPlan, manifest: Manifest) -> None:
    written: dict[str, tuple[ManifestHeader, FrameLine]] = {
        line.file: (section.header, line)
        for section in manifest.sections
        for line in section.lines
        if line.fate is Fate.WRITTEN
    }
    assert plan.info is not None
    found = source_digest(plan.info.source)
    strangers = []
    for item in plan.items:
        if item.action is not Action.SKIP or item.path.name not in written:
            continue
        header, line = written[item.path.name]
        if not is_made_of(header, plan.info.stream_index, found):
            strangers.append(tr("of another video, {source}", source=header.source["name"]))
        elif line.frame_number != item.frame_number:
            strangers.append(tr("of other frames"))
    if strangers:
        folder = plan.settings.folder
        raise ExportError(
            tr(
                "{count} of the {total} files to be skipped in {folder} are pictures {strangers}.",
                count=len(strangers),
                total=plan.count(Action.SKIP),
                folder=folder,
                strangers=strangers[0],
            ),
            hint=tr("Export into another folder, or overwrite or number the files."),
            settings=("existing",),
        )


_LOG = logging.getLogger(__name__)
_WAS_THERE = tr("The file existed already.")
_ROOM_BYTES = 512 << 20
"""Maximum memory for pictures between the decoder and the disk; one picture is always allowed."""
_CORE_ROOM_BYTES = 128 << 20
"""How much of it keeps one core busy while files wait for the disk. Large pictures get room for one more than
there are cores."""
_COPIES = 4
"""Maximum copies of a picture's 8-bit pixels held during encoding and verification."""
_WAITING_THREADS = 12
"""Files that may wait for the disk while all cores encode. Concurrent flushes cost a busy disk hardly more
than one."""


def export_frames(  # noqa: PLR0913 - each is named at the call
    video: Video,
    plan: ExportPlan,
    *,
    manifest: bool = False,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    savers: Savers | None = None,
) -> ExportResult:
    """Save the planned frames.

    A frame that cannot be decoded, encoded or written is named in the result, and the rest continues. If the
    destination (full disk, missing folder) or the video is lost, or the export is cancelled, it stops. Files
    written before are complete, are kept, and are listed in the result.

    Args:
        video: Where the frames come from; used by the calling thread only.
        plan: Which frame goes into which file; it must have no undecided actions.
        manifest: Whether to write a manifest with the pictures, so that the export can be resumed.
        progress: Called after each frame, from the calling thread.
        cancel: Cancels the export.
        savers: The threads that encode and write, if they are shared; None for its own.

    Raises:
        ExportError: The plan has undecided actions, a file that it would skip belongs to another video or
            frame, or the folder's manifest cannot be read.
        DestinationError: The folder cannot be created or is not writable, or another export writes to it;
            nothing was written.
    """
    if plan.count(Action.ASK):
        raise ExportError(
            tr("{count} of the files exist already.", count=plan.count(Action.ASK)),
            hint=tr("Choose whether to skip, overwrite or number them."),
            settings=("existing",),
        )
    check_existing(plan)
    prepare_folder(plan.settings.folder)
    _LOG.info("Export of %d frames to %s as %s", len(plan), plan.settings.folder, plan.settings.as_table())
    with own_or_shared(savers) as threads:
        run = ExportRun(plan, progress, cancel or CancelToken(), threads)
        if not manifest:
            return run.carry_out(video)
        header = describe(plan)
        with ManifestFile(plan.settings.folder) as ledger:
            ledger.begin(header)
            return run.carry_out(video, ledger)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The results of an interrupted export.

    Attributes:
        lines: Its lines that are still valid, by position in the plan.
        standing: How many of them, from the first position on, are in the manifest.
    """

    lines: Mapping[int, FrameLine]
    standing: int


@dataclass(slots=True)
class _Tally:
    """The results so far."""

    outcomes: dict[Fate, list[FrameOutcome]] = field(default_factory=lambda: {fate: [] for fate in Fate})
    kept: list[FrameOutcome] = field(default_factory=list)
    fault: FrameScopeError | None = None


@dataclass(slots=True)
class _Pending:
    """A frame being processed.

    Attributes:
        place: Its position in the plan.
        saved: Its future result.
        need_bytes: The memory it needs meanwhile.
        counts: Whether it counts towards progress.
        line: Its line, if an interrupted export has already written it.
    """

    place: int
    saved: Future[Saved]
    need_bytes: int = 0
    counts: bool = True
    line: FrameLine | None = None


class Savers(Closing):
    """Encoding threads, one per core, and threads that write and wait for the disk. Threads: any.

    The encoding threads release a picture before its file waits for the disk. Exports that follow each other,
    or run side by side, share them: the C library keeps memory of threads that have ended, and gives it to
    any new thread.

    Attributes:
        cores: How many cores each export may count on.
    """

    def __init__(self, cores: int | None = None, *, exports: int = 1) -> None:
        """Start with the first frame.

        Args:
            cores: How many pictures to encode at once; None for as many as there are cores.
            exports: How many exports run side by side.
        """
        cores = cores or core_count()
        self.cores = max(cores // exports, 1)
        self._encoders = ThreadPoolExecutor(cores, thread_name_prefix="encode")
        self._writers = ThreadPoolExecutor(_WAITING_THREADS, thread_name_prefix="write")

    def close(self) -> None:
        """Wait for what was begun, and end the threads."""
        # In this order: the encoders submit work to the writers.
        self._encoders.shutdown()
        self._writers.shutdown()

    def save(self, frame: Frame, item: PlanItem, place: SavePlace) -> Future[Saved]:
        """Save a frame. It can be cancelled until it starts."""
        saved: Future[Saved] = Future()
        self._encoders.submit(self._encode, frame, item, place, saved)
        return saved

    def _encode(self, frame: Frame, item: PlanItem, place: SavePlace, saved: Future[Saved]) -> None:
        if not saved.set_running_or_notify_cancel():
            return
        try:
            encoded = encode_picture(frame, item, place)
            if isinstance(encoded, Saved):
                saved.set_result(encoded)
            else:
                self._writers.submit(self._write, encoded, place, saved)
        except BaseException as error:  # noqa: BLE001 - raised again where the result is taken
            saved.set_exception(error)

    @staticmethod
    def _write(encoded: Encoded, place: SavePlace, saved: Future[Saved]) -> None:
        try:
            saved.set_result(write_picture(encoded, place))
        except BaseException as error:  # noqa: BLE001 - raised again where the result is taken
            saved.set_exception(error)


def own_or_shared(savers: Savers | None) -> contextlib.AbstractContextManager[Savers]:
    """The threads for one export: its own, which end with it, or those that it shares."""
    return Savers() if savers is None else contextlib.nullcontext(savers)


class ExportRun:
    """One running export. Only the calling thread uses it; the pool gets plain arguments.

    Frames are taken, and listed in the manifest, in the order of the plan, whichever finishes first.
    """

    def __init__(
        self, plan: ExportPlan, progress: ProgressCallback, cancel: CancelToken, savers: Savers
    ) -> None:
        self._plan = plan
        self._progress = progress
        self._cancel = cancel
        self._savers = savers
        self._tally = _Tally()
        self._pending: deque[_Pending] = deque()
        self._pending_bytes = 0
        self._ledger: ManifestFile | None = None
        self._lines_stand = 0
        self._has_gap = False
        self._is_reached = np.zeros(len(plan), np.bool_)
        self._done = 0
        self._total = 0

    def carry_out(
        self, video: Video, ledger: ManifestFile | None = None, earlier: Earlier | None = None
    ) -> ExportResult:
        """Decode, and pass each frame to the pool.

        Args:
            video: Where the frames come from.
            ledger: The manifest, new or continued.
            earlier: The results of an interrupted export; None for a new one.
        """
        started = time.monotonic()
        self._ledger = ledger
        self._lines_stand = earlier.standing if earlier else 0
        known = earlier.lines if earlier else {}
        wanted = [
            place
            for place, action in enumerate(self._plan.actions)
            if action is not Action.SKIP and place not in known
        ]
        self._total = len(wanted)
        self._report("")
        where = SavePlace(self._plan.settings, self._plan.facts, self._plan.info, resumes=earlier is not None)
        # Requested all at once, not one by one: only then can the video read them the cheaper way.
        answers = video.try_frames([int(self._plan.frame_numbers[at]) for at in wanted])
        try:
            with cancellable(self._cancel):
                self._take_all(answers, known, where)
        except Cancelled:
            pass
        except FrameScopeError as error:
            # The video itself is lost: there will be no further frames.
            self._tally.fault = self._tally.fault or error
        finally:
            self._finish_pending()
        self._close_manifest()
        sync_folder(self._plan.settings.folder)
        return self._result(time.monotonic() - started)

    def _take_all(
        self,
        answers: Iterator[Frame | FrameUnavailableError],
        known: Mapping[int, FrameLine],
        where: SavePlace,
    ) -> None:
        for place, action in enumerate(self._plan.actions):
            if self._cancel.is_cancelled or self._tally.fault is not None:
                return
            line = known.get(place)
            if line is not None:
                outcome = line.outcome(self._plan.settings.folder)
                self._put(_Pending(place, _ready(Saved(line.fate, outcome)), line=line))
            elif action is Action.SKIP:
                self._put(_Pending(place, _ready(self._left_alone(self._plan.item(place))), counts=False))
            else:
                answer = next(answers, None)
                if answer is None:
                    return
                self._take(place, answer, where)

    def _take(self, place: int, answer: Frame | FrameUnavailableError, where: SavePlace) -> None:
        item = self._plan.item(place)
        if isinstance(answer, FrameUnavailableError):
            self._put(_Pending(place, _ready(self._undecodable(item, answer))))
            return
        need = answer.picture.size_bytes + _COPIES * 3 * answer.picture.width * answer.picture.height
        self._make_room(need)
        self._put(_Pending(place, self._savers.save(answer, item, where), need))

    def _left_alone(self, item: PlanItem) -> Saved:
        index, number = self._plan.index, item.frame_number
        outcome = FrameOutcome(number, item.path, _WAS_THERE)
        if index is not None:
            outcome = replace(outcome, pts=index.pts_of(number))
        return Saved(Fate.SKIPPED, self._with_index_facts(outcome))

    def _undecodable(self, item: PlanItem, error: FrameUnavailableError) -> Saved:
        outcome = FrameOutcome(item.frame_number, item.path, error.reason, pts=error.pts)
        return Saved(Fate.FAILED, self._with_index_facts(outcome))

    def _with_index_facts(self, outcome: FrameOutcome) -> FrameOutcome:
        index, number = self._plan.index, outcome.frame_number
        if index is None:
            return outcome
        return replace(outcome, time_s=index.time_of(number), is_keyframe=bool(index.is_keyframe[number]))

    def _put(self, pending: _Pending) -> None:
        self._pending.append(pending)
        self._pending_bytes += pending.need_bytes
        while self._pending and self._pending[0].saved.done():
            self._collect()

    def _make_room(self, need: int) -> None:
        cores = self._savers.cores
        most = 2 * (cores + _WAITING_THREADS)
        room = min(max(cores * _CORE_ROOM_BYTES, (cores + 1) * need), _ROOM_BYTES)
        while self._pending and (len(self._pending) > most or self._pending_bytes + need > room):
            self._collect()

    def _finish_pending(self) -> None:
        if self._cancel.is_cancelled or isinstance(self._tally.fault, DestinationLostError):
            # Pending work is dropped; running work is completed, so that its files are complete.
            for pending in self._pending:
                pending.saved.cancel()
        while self._pending:
            self._collect()

    def _collect(self) -> None:
        pending = self._pending.popleft()
        self._pending_bytes -= pending.need_bytes
        if pending.saved.cancelled():
            self._has_gap = True
            return
        saved = pending.saved.result()
        self._is_reached[pending.place] = True
        if pending.line is not None and saved.fate is Fate.WRITTEN:
            self._tally.kept.append(saved.outcome)
        else:
            self._tally.outcomes[saved.fate].append(saved.outcome)
        self._tally.fault = self._tally.fault or saved.fault
        # A frame that did not fit on the disk is not listed: the export will be resumed from here. Lines of
        # later frames would take its position.
        self._has_gap = self._has_gap or saved.fault is not None
        self._write_line(pending.line or self._new_line(saved))
        if pending.counts and pending.line is None:
            self._done += 1
            self._report(saved.outcome.path.name)

    def _new_line(self, saved: Saved) -> FrameLine:
        number, chosen = saved.outcome.frame_number, self._plan.chosen
        label, note = ("", "") if chosen is None else chosen.marked.texts_of(number)
        return FrameLine.of(saved.outcome, saved.fate, label=label, note=note)

    def _write_line(self, line: FrameLine) -> None:
        if self._ledger is None or self._has_gap:
            return
        if self._lines_stand:
            self._lines_stand -= 1
            return
        try:
            self._ledger.append(line)
        except DestinationLostError as error:
            self._has_gap = True
            self._tally.fault = self._tally.fault or error

    def _close_manifest(self) -> None:
        if self._ledger is None:
            return
        try:
            if not self._has_gap and not self._left():
                self._ledger.end()
            self._ledger.write_table()
        except (DestinationError, VerificationError) as error:
            self._tally.fault = self._tally.fault or error

    def _left(self) -> tuple[int, ...]:
        return tuple(self._plan.frame_numbers[~self._is_reached].tolist())

    def _result(self, elapsed_s: float) -> ExportResult:
        tally, left = self._tally, self._left()
        return ExportResult(
            folder=self._plan.settings.folder,
            written=_by_number(tally.outcomes[Fate.WRITTEN]),
            skipped=_by_number(tally.outcomes[Fate.SKIPPED]),
            failed=_by_number(tally.outcomes[Fate.FAILED]),
            not_reached=left,
            fault=tally.fault,
            cancelled=self._cancel.is_cancelled and bool(left),
            elapsed_s=elapsed_s,
            bytes_written=sum(outcome.size_bytes for outcome in tally.outcomes[Fate.WRITTEN]),
            kept=_by_number(tally.kept),
            has_manifest=self._ledger is not None,
            notes=self._plan.notes,
        )

    def _report(self, text: str) -> None:
        self._progress(Progress(self._done, self._total, text))


def _ready(saved: Saved) -> Future[Saved]:
    future: Future[Saved] = Future()
    future.set_result(saved)
    return future


def _by_number(outcomes: list[FrameOutcome]) -> tuple[FrameOutcome, ...]:
    return tuple(sorted(outcomes, key=lambda outcome: outcome.frame_number))
