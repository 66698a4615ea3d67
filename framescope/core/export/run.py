"""Carries an export plan out: decodes in the calling thread, encodes and writes on all cores meanwhile."""

from __future__ import annotations

import os
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from framescope.core.errors import (
    Cancelled,
    DestinationLostError,
    ExportError,
    FrameScopeError,
    FrameUnavailableError,
)
from framescope.core.export.folder import prepare_folder, sync_folder
from framescope.core.export.plan import Action
from framescope.core.export.result import ExportResult, Fate, FrameOutcome
from framescope.core.export.save import Saved, save_frame
from framescope.core.model.progress import CancelToken, Progress, ignore_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from framescope.core.export.plan import ExportPlan, PlanItem
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import ProgressCallback

_ROOM_BYTES = 512 << 20
"""Most memory for pictures on their way from the decoder to the disk; one picture always has room."""
_WAS_THERE = "The file was there already."
_COPIES = 4
"""Copies of a picture's 8-bit pixels that encoding and checking hold at most."""


class FrameSource(Protocol):
    """The part of a `Video` that an export needs."""

    def try_frames(self, numbers: Iterable[int] | slice) -> Iterator[Frame | FrameUnavailableError]:
        """One answer for each number, in order."""


@dataclass(slots=True)
class _Tally:
    """What has become of the frames so far."""

    written: list[FrameOutcome] = field(default_factory=list)
    skipped: list[FrameOutcome] = field(default_factory=list)
    failed: list[FrameOutcome] = field(default_factory=list)
    fault: FrameScopeError | None = None

    @property
    def done(self) -> int:
        return len(self.written) + len(self.skipped) + len(self.failed)


def export_frames(
    video: FrameSource,
    plan: ExportPlan,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    workers: int | None = None,
) -> ExportResult:
    """Save the planned frames.

    A frame that cannot be decoded, encoded or written is named in the result, and the rest goes on. When
    the destination is lost (full disk, folder gone) or the video is, the export stops; so it does when
    cancelled. What was written before stays, whole, and is named.

    Args:
        video: Where the frames come from; used by the calling thread only.
        plan: Which frame goes into which file; nothing in it may be left to ask.
        progress: Told after each frame, from the calling thread.
        cancel: Asks the export to stop.
        workers: Threads that encode and write; None for one a core.

    Raises:
        ExportError: The plan still has to ask about files that are there.
        DestinationError: The folder cannot be made or refuses files; nothing was written.
    """
    if plan.count(Action.ASK):
        raise ExportError(
            f"{plan.count(Action.ASK)} of the files are there already.",
            hint="Choose to skip, overwrite or number them.",
        )
    prepare_folder(plan.settings.folder)
    started = time.monotonic()
    run = _Run(plan, progress, cancel or CancelToken(), workers or _cores())
    run.carry_out(video)
    sync_folder(plan.settings.folder)
    return run.result(time.monotonic() - started)


class _Run:
    """One export under way. Only the calling thread touches it; the pool sees plain arguments."""

    def __init__(
        self, plan: ExportPlan, progress: ProgressCallback, cancel: CancelToken, workers: int
    ) -> None:
        self._plan = plan
        self._progress = progress
        self._cancel = cancel
        self._workers = workers
        self._tally = _Tally()
        self._pending: deque[tuple[Future[Saved], int]] = deque()
        self._pending_bytes = 0
        is_skipped = np.array([action is Action.SKIP for action in plan.actions], np.bool_)
        self._places = np.flatnonzero(~is_skipped).tolist()
        for place in np.flatnonzero(is_skipped).tolist():
            item = plan.item(place)
            self._tally.skipped.append(
                FrameOutcome(item.frame_number, item.path, "The file was there already.")
            )
        self._skipped_before = len(self._tally.skipped)

    def carry_out(self, video: FrameSource) -> None:
        """Decode, and hand each frame to the pool."""
        self._report("")
        answers = video.try_frames(int(self._plan.frame_numbers[place]) for place in self._places)
        with ThreadPoolExecutor(self._workers, thread_name_prefix="export") as pool:
            try:
                for place, answer in zip(self._places, answers, strict=False):
                    if self._cancel.is_cancelled or self._tally.fault is not None:
                        break
                    self._take(self._plan.item(place), answer, pool)
            except Cancelled:
                pass
            except FrameScopeError as error:
                # The video itself is gone: no further frame will come.
                self._tally.fault = self._tally.fault or error
            finally:
                self._finish_pending()

    def result(self, elapsed_s: float) -> ExportResult:
        """Everything that became of the frames."""
        tally = self._tally
        outcomes = [*tally.written, *tally.skipped, *tally.failed]
        reached = {outcome.frame_number for outcome in outcomes}
        left = [int(number) for number in self._plan.frame_numbers if int(number) not in reached]
        return ExportResult(
            folder=self._plan.settings.folder,
            written=_by_number(tally.written),
            skipped=_by_number(tally.skipped),
            failed=_by_number(tally.failed),
            not_reached=tuple(left),
            fault=tally.fault,
            cancelled=self._cancel.is_cancelled and bool(left),
            elapsed_s=elapsed_s,
            bytes_written=sum(outcome.size_bytes for outcome in tally.written),
        )

    def _take(self, item: PlanItem, answer: Frame | FrameUnavailableError, pool: ThreadPoolExecutor) -> None:
        if isinstance(answer, FrameUnavailableError):
            self._tally.failed.append(
                FrameOutcome(item.frame_number, item.path, answer.reason, pts=answer.pts)
            )
            self._report(item.path.name)
            return
        need = answer.picture.size_bytes + _COPIES * 3 * answer.picture.width * answer.picture.height
        self._make_room(need)
        self._pending.append(
            (pool.submit(save_frame, answer, item, self._plan.settings, self._plan.facts), need)
        )
        self._pending_bytes += need

    def _make_room(self, need: int) -> None:
        while self._pending and self._pending[0][0].done():
            self._collect()
        while self._pending and (
            len(self._pending) > 2 * self._workers or self._pending_bytes + need > _ROOM_BYTES
        ):
            self._collect()

    def _finish_pending(self) -> None:
        if self._cancel.is_cancelled or isinstance(self._tally.fault, DestinationLostError):
            # What has not begun is not begun; what has is finished, so that it is whole.
            kept = [(future, need) for future, need in self._pending if not future.cancel()]
            self._pending = deque(kept)
        while self._pending:
            self._collect()

    def _collect(self) -> None:
        future, need = self._pending.popleft()
        self._pending_bytes -= need
        saved = future.result()
        by_fate = {
            Fate.WRITTEN: self._tally.written,
            Fate.SKIPPED: self._tally.skipped,
            Fate.FAILED: self._tally.failed,
        }
        by_fate[saved.fate].append(saved.outcome)
        self._tally.fault = self._tally.fault or saved.fault
        self._report(saved.outcome.path.name)

    def _report(self, text: str) -> None:
        done = self._tally.done - self._skipped_before
        self._progress(Progress(done, len(self._places), text))


def _by_number(outcomes: list[FrameOutcome]) -> tuple[FrameOutcome, ...]:
    return tuple(sorted(outcomes, key=lambda outcome: outcome.frame_number))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return max(len(os.sched_getaffinity(0)), 1)
    return os.cpu_count() or 1
