"""The result of an export: one record per frame, and a summary."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.export.encoders.formats import Proof
from framescope.core.text import counted, damage_words, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.errors import FrameScopeError
    from framescope.core.export.geometry import Geometry
    from framescope.core.model.frame import PictureType

_MOST_REMARKS = 3
"""If there are more, they are counted and only the first is named."""


class Fate(StrEnum):
    """The outcome of saving a frame."""

    WRITTEN = "written"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FrameOutcome:
    """The result for one frame.

    Attributes:
        frame_number: 0-based number in the video.
        path: The file written, or the one that would have been.
        reason: Why it was skipped or failed; a remark, or empty, if it was written.
        size_bytes: Bytes written.
        pts: Timestamp in the stream's time base, where known.
        time_s: Seconds since the first frame; NaN where unknown.
        picture_type: The frame's picture type; None if it was not decoded.
        sha256: Digest of the bytes written, in hexadecimal; empty if nothing was written.
        is_keyframe: Whether the container flags its packet as a random-access point.
        is_damaged: Whether it is damaged or may depend on damage; None if it was not decoded.
        proof: How its file was verified; None if none was written, or by an earlier version.
        geometry: Where its pixels come from, if the frame does not have the size that the video declares.
    """

    frame_number: int
    path: Path
    reason: str = ""
    size_bytes: int = 0
    pts: int | None = None
    time_s: float = float("nan")
    picture_type: PictureType | None = None
    sha256: str = ""
    is_keyframe: bool | None = None
    is_damaged: bool | None = None
    proof: Proof | None = None
    geometry: Geometry | None = None


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The result of an export. Every planned frame is in exactly one of the five tuples.

    Attributes:
        folder: Where the files are.
        written: Files that are complete and verified.
        skipped: Frames whose file already existed.
        failed: Frames that could not be decoded, encoded or written.
        not_reached: Numbers of frames not yet processed when the export stopped.
        fault: The error that stopped it early; None if there was none, or if it was cancelled.
        cancelled: Whether it was cancelled.
        elapsed_s: Duration in seconds.
        bytes_written: Bytes of all files written.
        kept: Files from an interrupted export that are still intact.
        has_manifest: Whether a manifest in the folder lists the files.
        notes: How the frames were counted, and what the files lose.
    """

    folder: Path
    written: tuple[FrameOutcome, ...]
    skipped: tuple[FrameOutcome, ...]
    failed: tuple[FrameOutcome, ...]
    not_reached: tuple[int, ...]
    fault: FrameScopeError | None
    cancelled: bool
    elapsed_s: float
    bytes_written: int
    kept: tuple[FrameOutcome, ...] = ()
    has_manifest: bool = False
    notes: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every frame was written, or skipped as planned."""
        return not (self.failed or self.not_reached or self.fault)

    @property
    def can_resume(self) -> bool:
        """Whether it stopped early, and its manifest allows it to continue."""
        return self.has_manifest and bool(self.not_reached or self.fault)

    @property
    def proof_words(self) -> str:
        """How the files were verified, in a sentence; empty if there are none."""
        files = (*self.written, *self.kept)
        if not files:
            return ""
        tops = sum(outcome.proof is Proof.TOP for outcome in files)
        if not tops:
            return tr("Each file was decoded, compared with its frame, and read back from the disk.")
        return tr(
            "{whole} of {files} were decoded in full and compared with their frames, the others only at the"
            " top; each was read back from the disk.",
            whole=grouped(len(files) - tops),
            files=counted(len(files), "file", "files"),
        )

    @property
    def remarks(self) -> tuple[FrameOutcome, ...]:
        """Files that were written, now or before, and have a remark."""
        return tuple(outcome for outcome in (*self.written, *self.kept) if outcome.reason)

    @property
    def damaged_count(self) -> int:
        """Files whose picture is damaged or may depend on damage."""
        return sum(bool(outcome.is_damaged) for outcome in (*self.written, *self.kept))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for display about damage, failures and losses."""
        remarks = self.remarks
        told = [f"{one.path.name}: {one.reason}" for one in remarks]
        if len(remarks) > _MOST_REMARKS:
            words = damage_words(len(remarks), len(self.written) + len(self.kept))
            told = [f"{words}; first: {remarks[0].path.name}"]
        # The error that stopped the export is reported separately.
        known = "" if self.fault is None else self.fault.message
        told += [
            tr("frame {frame_number}: {reason}", frame_number=one.frame_number, reason=one.reason)
            for one in self.failed
            if one.reason != known
        ]
        return (*told, *(tr("note: {note}", note=note) for note in self.notes))

    @property
    def summary(self) -> str:
        """A one-line summary."""
        head = tr("{frames} saved", frames=counted(len(self.written), "frame", "frames"))
        if len(self.written) == 1:
            head = tr("{path} saved", path=self.written[0].path.name)
        parts = [
            tr("{count} kept from before", count=len(self.kept)) if self.kept else "",
            tr("{count} skipped", count=len(self.skipped)) if self.skipped else "",
            tr("{count} failed", count=len(self.failed)) if self.failed else "",
            tr("{count} not reached", count=len(self.not_reached)) if self.not_reached else "",
            tr("{damaged_count} damaged", damaged_count=grouped(self.damaged_count))
            if self.damaged_count
            else "",
        ]
        tail = tr("; cancelled") if self.cancelled else ""
        return ", ".join([head, *filter(None, parts)]) + tail
