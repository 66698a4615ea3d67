"""Checks a folder of exported pictures against its manifest and, with the video, pixel by pixel."""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.errors import ExportError, FrameScopeError, FrameUnavailableError, VerificationError
from framescope.core.export.encoders.arrays import read_npz
from framescope.core.export.encoders.encode import decode_encoded, encode_frame
from framescope.core.export.encoders.formats import Proof
from framescope.core.export.encoders.pixels import picture_pixels
from framescope.core.export.encoders.tags import SourceFacts
from framescope.core.export.manifest.file import table_of
from framescope.core.export.manifest.file_check import file_digest, in_order
from framescope.core.export.manifest.reading import MANIFEST_NAME, TABLE_NAME, manifest_bytes, parse_manifest
from framescope.core.export.provenance import same_frames, same_source
from framescope.core.export.quality.measure import psnr
from framescope.core.export.result import Fate
from framescope.core.export.settings import ImageFormat, settings_from_table
from framescope.core.files import existing_names, is_temporary
from framescope.core.machine_cores import core_count
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.outside import read_small_file
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.export.encoders.pixels import Pixels
    from framescope.core.export.manifest.lines import FrameLine, ManifestHeader
    from framescope.core.export.manifest.reading import Manifest, Section
    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import ProgressCallback

_WORSE_DB = 1.0
"""How much less similar to its frame a lossy picture may be than one encoded now: other encoder versions
round differently."""


@dataclass(frozen=True, slots=True)
class PictureCheck:
    """The files to compare.

    Attributes:
        folder: Where the files are.
        header: The header of their export.
        lines: Their frames, ascending.
        workers: Cores to compare on.
    """

    folder: Path
    header: ManifestHeader
    lines: tuple[FrameLine, ...]
    workers: int

    @property
    def settings(self) -> ExportSettings:
        """The settings they were saved with."""
        return settings_from_table(self.header.settings, folder=self.folder)


def differing_pictures(
    video: Video, check: PictureCheck, progress: ProgressCallback, cancel: CancelToken
) -> Iterator[tuple[FrameLine, str]]:
    """The lines whose files hold a different picture than their frame, and how they differ.

    Args:
        video: Gives the frames; used by the calling thread only.
        check: The files to compare.
        progress: Called after each frame.
        cancel: Cancels the comparison.

    Raises:
        Cancelled: The work was cancelled.
        OpenError: The video no longer exists.
    """
    facts = SourceFacts.of(replace(video.info, source=str(check.header.source["name"])))
    settings, done = check.settings, 0
    pending: deque[tuple[FrameLine, Future[str]]] = deque()
    with ThreadPoolExecutor(check.workers, thread_name_prefix="compare") as pool:
        answers = video.try_frames([line.frame_number for line in check.lines])
        for line, answer in zip(check.lines, answers, strict=True):
            cancel.raise_if_cancelled()
            path = check.folder / line.file
            pending.append((line, pool.submit(_difference, answer, path, line.size_bytes, settings, facts)))
            while pending and (len(pending) > 2 * check.workers or pending[0][1].done()):
                done += 1
                yield from _differing(*pending.popleft())
                progress(Progress(done, len(check.lines), tr("Comparing with the video")))
        for line, difference in pending:
            cancel.raise_if_cancelled()
            yield from _differing(line, difference)
        progress(Progress(len(check.lines), len(check.lines), tr("Comparing with the video")))


def picture_difference(frame: Frame, data: bytes, settings: ExportSettings, facts: SourceFacts) -> str:
    """The difference between the picture in a file and a frame; empty if there is none.

    A lossless file must match in every pixel. A lossy one must equal the encoder's output for the frame or,
    if another version wrote it, be as similar to the frame as this version's output, within a decibel.

    Args:
        frame: The frame.
        data: The file's bytes.
        settings: The settings it was saved with.
        facts: Facts common to the video's frames.
    """
    try:
        if settings.image_format is ImageFormat.PLANES:
            return _planes_difference(encode_frame(frame, settings, facts), data)
        pixels, found = picture_pixels(frame, settings, facts.pixel_aspect), decode_encoded(data, settings)
        if found.shape != pixels.shape or found.dtype != pixels.dtype:
            return tr(
                "It has {size} pixels; the frame has {frame_size}.",
                size=_size(found.shape),
                frame_size=_size(pixels.shape),
            )
        if settings.is_lossless:
            wrong = int(np.count_nonzero((found != pixels).any(axis=-1)))
            return (
                tr("{wrong} of {total} pixels differ.", wrong=wrong, total=pixels.shape[0] * pixels.shape[1])
                if wrong
                else ""
            )
        again = encode_frame(frame, settings, facts)
        return "" if again == data else _nearness(pixels, found, decode_encoded(again, settings))
    except FrameScopeError as error:
        return error.message


def _nearness(pixels: Pixels, found: Pixels, again: Pixels) -> str:
    near, best = psnr(pixels, found), psnr(pixels, again)
    if near >= best - _WORSE_DB:
        return ""
    return tr(
        "Its PSNR to the frame is {near:.1f} dB; saved now, it would be {best:.1f} dB.", near=near, best=best
    )


def _difference(
    answer: Frame | FrameUnavailableError,
    path: Path,
    most_bytes: int,
    settings: ExportSettings,
    facts: SourceFacts,
) -> str:
    if isinstance(answer, FrameUnavailableError):
        return answer.message
    try:
        data = read_small_file(path, most_bytes)
    except OSError:
        return tr("It cannot be read.")
    return picture_difference(answer, data, settings, facts)


def _differing(line: FrameLine, difference: Future[str]) -> Iterator[tuple[FrameLine, str]]:
    if difference.result():
        yield line, difference.result()


def _planes_difference(again: bytes, data: bytes) -> str:
    """The difference between the planes as written now and those in the file."""
    try:
        expected, found = _planes(again), _planes(data)
    except VerificationError as error:
        raise VerificationError(tr("The file cannot be read.")) from error
    is_same = found.keys() == expected.keys() and all(
        np.array_equal(found[name], plane) for name, plane in expected.items()
    )
    return "" if is_same else tr("Its planes are not those of the frame.")


def _planes(data: bytes) -> dict[str, NDArray[Any]]:
    # Entries other than planes, such as the version that wrote it, are a single word or number.
    return {name: array for name, array in read_npz(data).items() if array.ndim}


def _size(shape: tuple[int, ...]) -> str:
    return f"{shape[1]} × {shape[0]}"


class FindingKind(StrEnum):
    """The kind of a finding."""

    MISSING = "missing"
    """The manifest lists a file that does not exist."""
    ALTERED = "altered"
    """A file's bytes differ from those written."""
    DIFFERS = "differs"
    """A file's picture differs from the video's frame."""
    EXTRA = "extra"
    """A file that no export into this folder wrote."""
    TORN = "torn"
    """A partial file left by a crash."""
    UNFINISHED = "unfinished"
    """An export was not finished."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem.

    Attributes:
        kind: The kind.
        file: The file's name.
        detail: In words.
        frame_number: The frame, if the file belongs to one.
    """

    kind: FindingKind
    file: str
    detail: str = ""
    frame_number: int | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The result of verifying a folder.

    Attributes:
        folder: The folder.
        exports: How many exports its manifest lists.
        files_told: The number of files listed.
        bytes_told: Their total length in bytes.
        frames_compared: How many files were compared with the video's frames.
        findings: The problems, most serious kind first, each in frame order.
        lost_frames: Lines of frames that could not be saved, as listed in the manifest.
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
        """Whether there are no findings. Frames that could not be saved are not findings."""
        return not self.findings

    def count(self, kind: FindingKind) -> int:
        """The number of findings of this kind."""
        return sum(finding.kind is kind for finding in self.findings)


def merged_reports(root: Path, reports: Sequence[VerifyReport]) -> VerifyReport:
    """The reports of folders below one as a single report, whose files are named from there, with ``/``."""

    def below(report: VerifyReport, name: str) -> str:
        return (report.folder / name).relative_to(root).as_posix()

    findings = [replace(one, file=below(report, one.file)) for report in reports for one in report.findings]
    kinds = list(FindingKind)
    return VerifyReport(
        root,
        sum(one.exports for one in reports),
        sum(one.files_told for one in reports),
        sum(one.bytes_told for one in reports),
        sum(one.frames_compared for one in reports),
        tuple(sorted(findings, key=lambda one: kinds.index(one.kind))),
        tuple(
            replace(line, file=below(report, line.file)) for report in reports for line in report.lost_frames
        ),
        tuple(f"{below(report, '')}: {note}" for report in reports for note in report.notes),
    )


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
        video: The source video, to compare with; None to trust the digests in the manifest.
        progress: Called after each file, and each frame.
        cancel: Cancels the check.

    Raises:
        ManifestError: There is no manifest, or it cannot be read.
        ExportError: No export into the folder was made from this video.
        Cancelled: The work was cancelled.
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
    if video is None:
        tops = sum(line.proof is Proof.TOP for line in told.values())
        if tops:
            notes = (
                tr(
                    "{tops} of {pictures} were decoded only at the top when they were written; a comparison"
                    " with the video decodes them in full.",
                    tops=grouped(tops),
                    pictures=counted(len(told), "picture", "pictures"),
                ),
            )
    else:
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
                yield Finding(FindingKind.ALTERED, line.file, tr("It cannot be read."), line.frame_number)
            elif digest != line.sha256:
                size = (folder / line.file).stat().st_size
                detail = tr("Its content has changed since it was written.")
                if size != line.size_bytes:
                    detail = tr(
                        "It has {bytes}; {size_bytes} were written.",
                        bytes=counted(size, "byte", "bytes"),
                        size_bytes=grouped(line.size_bytes),
                    )
                yield Finding(FindingKind.ALTERED, line.file, detail, line.frame_number)


def _beside(told: dict[str, FrameLine], names: frozenset[str]) -> Iterator[Finding]:
    for name in sorted(names - set(told) - {MANIFEST_NAME, TABLE_NAME}):
        if is_temporary(name):
            yield Finding(FindingKind.TORN, name, tr("A picture that was still being written."))
        else:
            yield Finding(FindingKind.EXTRA, name, tr("It was not written by an export into this folder."))


def _manifest_findings(
    folder: Path, manifest: Manifest, data: bytes, names: frozenset[str]
) -> Iterator[Finding]:
    if manifest.torn_bytes:
        yield Finding(FindingKind.TORN, MANIFEST_NAME, tr("Its last line is incomplete."))
    for number, section in enumerate(manifest.sections):
        which = tr("The export") if len(manifest.sections) == 1 else tr("Export {number}", number=number)
        if not section.is_ended:
            detail = tr(
                "{which} is unfinished: it lists {frames}.",
                which=which,
                frames=counted(len(section.lines), "frame", "frames"),
            )
            yield Finding(FindingKind.UNFINISHED, MANIFEST_NAME, detail)
        elif section.end_digest != _digest_of(section, data):
            yield Finding(
                FindingKind.ALTERED,
                MANIFEST_NAME,
                tr("{which} has lines that differ from what was written.", which=which),
            )
    if all(section.is_ended for section in manifest.sections):
        if TABLE_NAME not in names:
            yield Finding(FindingKind.MISSING, TABLE_NAME)
        elif file_digest(folder / TABLE_NAME) != hashlib.sha256(table_of(manifest)).hexdigest():
            yield Finding(FindingKind.ALTERED, TABLE_NAME, tr("It does not match the manifest."))


def _digest_of(section: Section, data: bytes) -> str:
    # The end line follows the last line and covers everything before it.
    end = data.rfind(b"\n", section.start, section.stop - 1) + 1
    return hashlib.sha256(data[section.start : end]).hexdigest()


def _lost(manifest: Manifest) -> tuple[FrameLine, ...]:
    """Frames that failed and were not saved by a later export."""
    saved = {line.frame_number for line in manifest.files.values()}
    lines = (line for section in manifest.sections for line in section.lines)
    return tuple(line for line in lines if line.fate is Fate.FAILED and line.frame_number not in saved)


def _compare(
    folder: Path, manifest: Manifest, whole: dict[str, FrameLine], video: Video, watch: _Watch
) -> tuple[list[Finding], int, tuple[str, ...]]:
    """The differences from the frames, the number compared, and what could not be compared."""
    findings: list[Finding] = []
    notes: list[str] = []
    compared = matching = 0
    for number, section in enumerate(manifest.sections):
        header = section.header
        if not same_source(header, video.info):
            notes.append(
                tr(
                    "Export {number} was made from another video, named {source}.",
                    number=number,
                    source=header.source["name"],
                )
            )
            continue
        matching += 1
        if not same_frames(header, video.index):
            notes.append(
                tr(
                    "Export {number} was not compared: the video's frames are numbered differently now.",
                    number=number,
                )
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
            tr("The pictures in {folder} were not made from this video.", folder=folder),
            hint=tr("They were made from {name}.", name=name),
        )
    return findings, compared, tuple(notes)
