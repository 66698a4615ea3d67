"""Checks a folder of exported pictures against its manifest and, with the video, against the frames."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from framescope.core.errors import ExportError
from framescope.core.export.manifest.file import table_of
from framescope.core.export.manifest.file_check import file_digest, in_order
from framescope.core.export.manifest.header import MANIFEST_NAME, TABLE_NAME, manifest_bytes, parse_manifest
from framescope.core.export.manifest.picture_check import PictureCheck, differing_pictures
from framescope.core.export.provenance import same_frames, same_source
from framescope.core.export.result import Fate
from framescope.core.export.run import core_count
from framescope.core.files import existing_names, is_temporary
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.text import counted, grouped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framescope.core.export.manifest.header import Manifest, Section
    from framescope.core.export.manifest.lines import FrameLine
    from framescope.core.media.video import Video
    from framescope.core.model.progress import ProgressCallback


class FindingKind(StrEnum):
    """What is wrong."""

    MISSING = "missing"
    """The manifest lists a file that is not there."""
    ALTERED = "altered"
    """A file has other bytes than were written."""
    DIFFERS = "differs"
    """A file holds another picture than the video's frame."""
    EXTRA = "extra"
    """A file that no export into this folder wrote."""
    TORN = "torn"
    """Something half-written that a crash left."""
    UNFINISHED = "unfinished"
    """An export was not finished."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        kind: What sort.
        file: The file's name.
        detail: In words.
        frame_number: The frame, where it is one's file.
    """

    kind: FindingKind
    file: str
    detail: str = ""
    frame_number: int | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check of a folder found.

    Attributes:
        folder: The folder.
        exports: How many exports its manifest lists.
        files_told: How many files there should be.
        bytes_told: Their length in all.
        frames_compared: How many files were compared with the video's frames.
        findings: What is wrong; the gravest sort first, each in the order of the frames.
        lost_frames: Lines of frames that could not be saved: gaps that the manifest lists.
        notes: Sentences about what could not be checked.
    """

    folder: Path
    exports: int
    files_told: int
    bytes_told: int
    frames_compared: int
    findings: tuple[Finding, ...]
    lost_frames: tuple[FrameLine, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong. Frames that could not be saved are no fault of the folder."""
        return not self.findings

    def count(self, kind: FindingKind) -> int:
        """How many findings are of this sort."""
        return sum(finding.kind is kind for finding in self.findings)


def verify_folder(
    folder: Path,
    video: Video | None = None,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> VerifyReport:
    """Check a folder against its manifest, and its pictures against the video.

    Args:
        folder: The folder.
        video: What the pictures were made of, to be compared; None to trust what was written then.
        progress: Told after each file, and each frame.
        cancel: Asks the check to stop.

    Raises:
        ManifestError: There is no manifest, or it cannot be read.
        ExportError: No export into the folder was made of this video.
        Cancelled: ``cancel`` was asked to stop.
    """
    watch = _Watch(progress, cancel or CancelToken())
    names = existing_names(folder)
    data = manifest_bytes(folder)
    manifest = parse_manifest(data, str(folder / MANIFEST_NAME))
    told = manifest.files
    findings = list(_changed_files(folder, told, names, watch))
    findings += _beside(told, names)
    findings += _manifest_findings(folder, manifest, data, names)
    compared = 0
    notes: tuple[str, ...] = ()
    if video is not None:
        bad = {finding.file for finding in findings}
        whole = {name: line for name, line in told.items() if name not in bad}
        differing, compared, notes = _compare(folder, manifest, whole, video, watch)
        findings += differing
    order = list(FindingKind)
    return VerifyReport(
        folder=folder,
        exports=len(manifest.sections),
        files_told=len(told),
        bytes_told=sum(line.size_bytes for line in told.values()),
        frames_compared=compared,
        findings=tuple(sorted(findings, key=lambda finding: order.index(finding.kind))),
        lost_frames=_lost(manifest),
        notes=notes,
    )


@dataclass(frozen=True, slots=True)
class _Watch:
    progress: ProgressCallback
    cancel: CancelToken


def _changed_files(
    folder: Path, told: dict[str, FrameLine], names: frozenset[str], watch: _Watch
) -> Iterator[Finding]:
    lines = list(told.values())
    with ThreadPoolExecutor(core_count(), thread_name_prefix="verify") as pool:
        digests = in_order(pool, (partial(file_digest, folder / line.file) for line in lines))
        for done, (line, digest) in enumerate(zip(lines, digests, strict=True), 1):
            watch.cancel.raise_if_cancelled()
            watch.progress(Progress(done, len(lines), line.file))
            if line.file not in names:
                yield Finding(FindingKind.MISSING, line.file, "", line.frame_number)
            elif digest is None:
                yield Finding(FindingKind.ALTERED, line.file, "It cannot be read.", line.frame_number)
            elif digest != line.sha256:
                size = (folder / line.file).stat().st_size
                detail = "Its bytes are not those that were written."
                if size != line.size_bytes:
                    detail = f"It has {counted(size, 'byte')}; {grouped(line.size_bytes)} were written."
                yield Finding(FindingKind.ALTERED, line.file, detail, line.frame_number)


def _beside(told: dict[str, FrameLine], names: frozenset[str]) -> Iterator[Finding]:
    for name in sorted(names - set(told) - {MANIFEST_NAME, TABLE_NAME}):
        if is_temporary(name):
            yield Finding(FindingKind.TORN, name, "A picture that was being written.")
        else:
            yield Finding(FindingKind.EXTRA, name, "No export into this folder wrote it.")


def _manifest_findings(
    folder: Path, manifest: Manifest, data: bytes, names: frozenset[str]
) -> Iterator[Finding]:
    if manifest.torn_bytes:
        yield Finding(FindingKind.TORN, MANIFEST_NAME, "Its last line was not finished.")
    for number, section in enumerate(manifest.sections):
        which = "The export" if len(manifest.sections) == 1 else f"Export {number}"
        if not section.is_ended:
            detail = f"{which} was not finished: it lists {counted(len(section.lines), 'frame')}."
            yield Finding(FindingKind.UNFINISHED, MANIFEST_NAME, detail)
        elif section.end_digest != _digest_of(section, data):
            yield Finding(FindingKind.ALTERED, MANIFEST_NAME, f"{which} has other lines than were written.")
    if all(section.is_ended for section in manifest.sections):
        if TABLE_NAME not in names:
            yield Finding(FindingKind.MISSING, TABLE_NAME)
        elif file_digest(folder / TABLE_NAME) != hashlib.sha256(table_of(manifest)).hexdigest():
            yield Finding(FindingKind.ALTERED, TABLE_NAME, "It does not say what the manifest says.")


def _digest_of(section: Section, data: bytes) -> str:
    # The end line follows the last line, and covers everything before itself.
    end = data.rfind(b"\n", section.start, section.stop - 1) + 1
    return hashlib.sha256(data[section.start : end]).hexdigest()


def _lost(manifest: Manifest) -> tuple[FrameLine, ...]:
    """Frames that failed, and that no later export saved."""
    saved = {line.frame_number for line in manifest.files.values()}
    lines = (line for section in manifest.sections for line in section.lines)
    return tuple(line for line in lines if line.fate is Fate.FAILED and line.frame_number not in saved)


def _compare(
    folder: Path, manifest: Manifest, whole: dict[str, FrameLine], video: Video, watch: _Watch
) -> tuple[list[Finding], int, tuple[str, ...]]:
    """What differs from the frames, how many were compared, and what could not be."""
    findings: list[Finding] = []
    notes: list[str] = []
    compared = matching = 0
    for number, section in enumerate(manifest.sections):
        header = section.header
        if not same_source(header, video.info):
            notes.append(f"Export {number} was made of another video, named {header.source['name']}.")
            continue
        matching += 1
        if not same_frames(header, video.index):
            notes.append(
                f"Export {number} was not compared: the video's frames are not numbered as they were then."
            )
            continue
        lines = [line for line in section.lines if whole.get(line.file) is line]
        check = PictureCheck(folder, header, tuple(lines), core_count())
        for line, difference in differing_pictures(video, check, watch.progress, watch.cancel):
            findings.append(Finding(FindingKind.DIFFERS, line.file, difference, line.frame_number))
        compared += len(lines)
    if not matching:
        name = manifest.sections[0].header.source["name"] if manifest.sections else "none"
        raise ExportError(
            f"The pictures in {folder} were not made of this video.", hint=f"They were made of {name}."
        )
    return findings, compared, tuple(notes)
