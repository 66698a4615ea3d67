"""Resumes an interrupted export from its manifest: the result is the same as without the interruption.

Files of an earlier run are checked against the manifest, one by one, and kept if intact. Those that are
missing, altered, failed or were never reached are written again, with the earlier settings and names. Files
that a killed run had finished, but not yet listed, are recognised by their bytes.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from framescope.core.errors import ExportError, SettingsError
from framescope.core.export.manifest.file import ManifestFile
from framescope.core.export.manifest.file_check import file_digest, in_order
from framescope.core.export.manifest.lines import ManifestError
from framescope.core.export.manifest.reading import has_manifest, read_manifest
from framescope.core.export.plan import Action, ExportPlan, plan_export
from framescope.core.export.provenance import (
    exported_count,
    exported_frames,
    same_frames,
    same_source,
    versions,
)
from framescope.core.export.result import Fate
from framescope.core.export.run import Earlier, ExportRun, own_or_shared
from framescope.core.export.settings import settings_from_table
from framescope.core.files import prepare_folder, remove_leftovers
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.sampling.frame_list import parse_frame_list
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.export.manifest.lines import FrameLine, ManifestHeader
    from framescope.core.export.manifest.reading import Section
    from framescope.core.export.result import ExportResult
    from framescope.core.export.run import Savers
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_NUMBERED_OTHERWISE = tr("The video's frames are numbered differently now.")
_COUNTING_WORDS = {
    "container": tr("the tables of the file"),
    "packets": tr("the packets of the file"),
    "decoded": tr("decoding the file (--decode)"),
}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An export that can be continued.

    Attributes:
        folder: Its folder.
        header: Its header.
        frame_count: Its number of frames, according to its manifest.
        told_count: The number of frames listed in its manifest.
        failed_count: The number of those that failed.
    """

    folder: Path
    header: ManifestHeader
    frame_count: int
    told_count: int
    failed_count: int


def find_unfinished(folder: Path) -> Unfinished | None:
    """The last export into a folder, if it was not finished or some of its frames failed."""
    if not has_manifest(folder):
        return None
    try:
        section = read_manifest(folder).last
        frame_count = exported_count(section.header)
    except (ExportError, SettingsError):
        return None
    failed = sum(line.fate is Fate.FAILED for line in section.lines)
    if section.is_ended and not failed:
        return None
    return Unfinished(folder, section.header, frame_count, len(section.lines), failed)


def unfinished_like(plan: ExportPlan) -> Unfinished | None:
    """The unfinished export of the same video in the plan's folder, whatever its frames."""
    found = find_unfinished(plan.settings.folder)
    if found is None or plan.info is None or not same_source(found.header, plan.info):
        return None
    return found


def last_like(plan: ExportPlan) -> ManifestHeader | None:
    """The header of the last export into the plan's folder if it is of the same video, finished or not."""
    folder = plan.settings.folder
    if plan.info is None or not has_manifest(folder):
        return None
    try:
        header = read_manifest(folder).last.header
    except ExportError:
        return None
    return header if same_source(header, plan.info) else None


def planned_again(header: ManifestHeader, info: VideoInfo, index: FrameIndex, folder: Path) -> ExportPlan:
    """Reconstruct the plan of an export from its header.

    Args:
        header: Its header.
        info: The video; it may have been moved or renamed.
        index: Its index.
        folder: The folder of the export; it may have been moved.

    Raises:
        ExportError: It is a different video, or its frames are numbered differently.
    """
    name = str(header.source["name"])
    if not same_source(header, info):
        raise ExportError(
            tr("The export was made from another video, named {name}.", name=name),
            hint=tr("Open that video, in the same stream."),
        )
    if not same_frames(header, index):
        raise ExportError(_NUMBERED_OTHERWISE, hint=_counting_hint(header))
    chosen = exported_frames(header, len(index))
    settings = settings_from_table({**header.settings, "folder": str(folder)}, folder=folder)
    if settings.as_table() != {**header.settings, "folder": str(folder)}:
        raise ExportError(
            tr("This version of FrameScope does not know all settings of the export."),
            hint=tr(
                "It was started with version {version}.", version=header.versions.get("framescope", "unknown")
            ),
        )
    # Names and tags use the video's earlier name.
    plan = plan_export(replace(info, source=name), index, chosen, settings)
    names, actions = list(plan.names), list(plan.actions)
    try:
        for action, places in header.actions.items():
            for place in parse_frame_list(places, len(plan)).tolist():
                actions[place] = Action(action)
        for place, numbered in header.numbered:
            names[place] = numbered
    except (ValueError, IndexError) as error:
        raise ManifestError(
            tr("The manifest in {folder} is damaged: {error}.", folder=folder, error=error)
        ) from error
    return replace(plan, names=tuple(names), actions=tuple(actions), info=info, sampling=header.sampling)


def resume_export(
    video: Video,
    plan: ExportPlan,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    savers: Savers | None = None,
) -> ExportResult:
    """Continue the last export in the plan's folder.

    Its files that are missing or were altered since are written again; what was skipped is skipped again.

    Args:
        video: Where the frames come from; used by the calling thread only.
        plan: As returned by `planned_again`.
        progress: Called after each checked file, then after each saved frame.
        cancel: Cancels the export.
        savers: The threads that encode and write, if they are shared; None for its own.

    Raises:
        ManifestError: There is no manifest, or it is damaged in the middle, or belongs to another export.
        DestinationError: The folder is not writable, or another export writes to it.
    """
    folder = plan.settings.folder
    if not has_manifest(folder):
        raise ManifestError(tr("There is no export to continue in {folder}.", folder=folder))
    prepare_folder(folder)
    cancel = cancel or CancelToken()
    with own_or_shared(savers) as threads, ManifestFile(folder) as ledger:
        section = ledger.read().last
        lines = _lines_of(section, plan)
        remove_leftovers(folder)
        is_whole = _check_files(folder, lines, _Watch(progress, cancel, threads.cores))
        known = {place: line for place, line in enumerate(lines) if is_whole[place]}
        standing = next((place for place in range(len(lines)) if not is_whole[place]), len(lines))
        ledger.go_on(section, standing, versions())
        run = ExportRun(_replacing_altered(plan, lines, is_whole), progress, cancel, threads)
        return run.carry_out(video, ledger, Earlier(known, standing))


def _lines_of(section: Section, plan: ExportPlan) -> tuple[FrameLine, ...]:
    """The section's lines by position in the plan."""
    told = [line.frame_number for line in section.lines]
    if told != plan.frame_numbers[: len(told)].tolist():
        raise ManifestError(
            tr("The manifest in {folder} belongs to another export.", folder=plan.settings.folder)
        )
    return section.lines


@dataclass(frozen=True, slots=True)
class _Watch:
    progress: ProgressCallback
    cancel: CancelToken
    workers: int


def _check_files(folder: Path, lines: tuple[FrameLine, ...], watch: _Watch) -> list[bool]:
    """For each line, whether it still applies: its file is intact, or the frame was skipped."""
    answers: list[bool] = []
    with ThreadPoolExecutor(watch.workers, thread_name_prefix="check") as pool:
        for answer in in_order(pool, (partial(_holds, folder, line) for line in lines)):
            watch.cancel.raise_if_cancelled()
            answers.append(answer)
            watch.progress(Progress(len(answers), len(lines), tr("Checking existing files")))
    return answers


def _holds(folder: Path, line: FrameLine) -> bool:
    if line.fate is not Fate.WRITTEN:
        # Failed frames are retried.
        return line.fate is Fate.SKIPPED
    return file_digest(folder / line.file) == line.sha256


def _replacing_altered(plan: ExportPlan, lines: tuple[FrameLine, ...], is_whole: list[bool]) -> ExportPlan:
    """The plan, allowed to replace this export's own files that are no longer intact."""
    names, actions = list(plan.names), list(plan.actions)
    for place, line in enumerate(lines):
        if line.fate is Fate.WRITTEN and not is_whole[place]:
            names[place], actions[place] = line.file, Action.OVERWRITE
    return replace(plan, names=tuple(names), actions=tuple(actions))


def _counting_hint(header: ManifestHeader) -> str:
    return tr(
        "They were counted by {way}.",
        way=_COUNTING_WORDS.get(str(header.source["counted_by"]), tr("another way")),
    )
