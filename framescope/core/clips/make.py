"""Makes a clip: writes a temporary file, reads it back, compares it with the source, then renames it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framescope.core.audit.file_audit import AuditSettings, run_audit
from framescope.core.audit.requests import parse_requests
from framescope.core.clips.copy_clip import PacketCopy
from framescope.core.clips.encode_clip import ClipEncoder
from framescope.core.clips.proof import Expectation, Proof, prove_clip
from framescope.core.clips.settings import ClipWay
from framescope.core.clips.sound import SoundFeed
from framescope.core.clips.writing import writing
from framescope.core.files import part_file
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.source.opening import known_video
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.audit.records import FileAudit
    from framescope.core.clips.clip_plan import ClipPlan
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_CACHE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, eq=False)
class ClipResult:
    """A finished and verified clip.

    Attributes:
        plan: What it contains; damage that only came to light on the way included.
        path: The file.
        proof: What was found when it was read again.
        size_bytes: Its size.
        elapsed_s: How long it took, proof and audit included.
        audit: How each library fares with it; None if not requested.
    """

    plan: ClipPlan
    path: Path
    proof: Proof
    size_bytes: int
    elapsed_s: float
    audit: FileAudit | None = None

    @property
    def summary(self) -> str:
        """One line for display."""
        damaged = self.plan.damaged_count
        tail = tr(", {damaged} damaged", damaged=grouped(damaged)) if damaged else ""
        return tr(
            "{path}: {frames}{tail}, read again and compared",
            path=self.path.name,
            frames=counted(self.proof.frame_count, "frame", "frames"),
            tail=tail,
        )

    @property
    def failing_engines(self) -> tuple[str, ...]:
        """Titles of the libraries that were requested frames of it and did not give every one."""
        trials = () if self.audit is None else self.audit.trials
        return tuple(trial.title for trial in trials if trial.requests and not trial.is_exact)


@dataclass(frozen=True, slots=True)
class ProofRequest:
    """The extent of the verification.

    Attributes:
        everything: Whether every frame is compared with the source; otherwise both ends and some between.
        audits: Whether to test each library on the finished file.
        engines: Names of the libraries; empty for all.
        requests: Which frames to request; see `parse_requests`.
    """

    everything: bool = False
    audits: bool = False
    engines: tuple[str, ...] = ()
    requests: str = "quick"


def make_clip(  # noqa: PLR0913 - every option is named at the call
    info: VideoInfo,
    index: FrameIndex,
    plan: ClipPlan,
    *,
    replaces: bool = False,
    request: ProofRequest | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> ClipResult:
    """Make the clip. On an error, or when cancelled, nothing of it is left.

    Args:
        info: The source's declared facts.
        index: Its complete index.
        plan: What to make of it; see `plan_clip`.
        replaces: Whether a file of the name may be replaced.
        request: The extent of the verification.
        progress: Receives the progress.
        cancel: Cancels the work.

    Raises:
        DestinationError: The file cannot be written.
        ClipError: The packets cannot be copied, or the frames not encoded.
        VerificationError: What was written does not hold what it should; it was removed.
        FrameUnavailableError: A frame cannot be decoded.
        Cancelled: The work was cancelled.
    """
    cancel, request = cancel or CancelToken(), request or ProofRequest()
    began = time.monotonic()
    stop_s = float("inf") if _reaches_end(plan, index) else plan.times.start_s + plan.times.duration_s
    with (
        part_file(plan.path, replaces=replaces, sources=[info.source]) as part,
        known_video(info, index, cache_bytes=_CACHE_BYTES) as source,
    ):
        with writing(plan.path), SoundFeed(info.source, plan.streams, plan.times.start_s, stop_s) as sound:
            if plan.copy is not None:
                job = PacketCopy(info, index, plan.copy, plan.times)
                job.write(part, plan.kind, sound, progress=progress, cancel=cancel)
            else:
                encoder = ClipEncoder(info, plan.settings, plan.times, plan.kind)
                frames = source.frames(plan.frames)
                encoder.write(part, frames, sound, progress=progress, cancel=cancel)
        proof = prove_clip(
            part, source, expectation(plan), everything=request.everything, progress=progress, cancel=cancel
        )
        size_bytes = part.stat().st_size
    audit = _audit(plan.path, request, progress, cancel) if request.audits else None
    plan = replace(plan, damaged_count=proof.damaged_count)
    return ClipResult(plan, plan.path, proof, size_bytes, time.monotonic() - began, audit)


def expectation(plan: ClipPlan) -> Expectation:
    """What the finished file is compared with."""
    return Expectation(
        frames=plan.frames,
        most_before=0 if plan.copy is None else plan.copy.revealed,
        times=plan.times,
        tick_s=plan.kind.tick_s,
        keeps_samples=plan.settings.keeps_samples,
    )


def _reaches_end(plan: ClipPlan, index: FrameIndex) -> bool:
    return plan.settings.way is ClipWay.ALL_INTRA or plan.frames.stop == len(index)


def _audit(path: Path, request: ProofRequest, progress: ProgressCallback, cancel: CancelToken) -> FileAudit:
    settings = AuditSettings.of(parse_requests(request.requests), engines=request.engines)
    return run_audit(path, settings, progress=progress, cancel=cancel)
