"""Works out what an export would do, off the GUI thread: counts, name collisions, space, the plan."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from framescope.core.errors import DestinationError, FrameScopeError, SettingsError
from framescope.core.export.plan import ExportPlan, plan_export, preview_names
from framescope.core.export.settings import DEFAULT_PATTERN, OnExisting
from framescope.core.files import existing_names
from framescope.core.sampling.read_cost import ReadEstimate, estimate_reading
from framescope.core.sampling.sampling import Sampling, SamplingKind, Viewpoint, choose
from framescope.core.sampling.scenes import scene_cuts
from framescope.core.sampling.selection import ascending_once
from framescope.core.translation import tr
from framescope.ui.export.destination import usable_folder
from framescope.ui.export.frames.chart import ScoreCurve, score_curve

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.sampling.chosen import Chosen
    from framescope.core.sampling.content import ContentMeasures

_MOST = 50_000
"""Most names to generate while the user types; beyond that the check waits for the start."""


@dataclass(frozen=True, slots=True)
class Collisions:
    """Problems with an export's names.

    Attributes:
        error: Two frames would share a name, or a name is not valid; empty if neither.
        taken: How many of the files exist; None if unknown.
    """

    error: str = ""
    taken: int | None = None


def find_collisions(
    info: VideoInfo, index: FrameIndex, chosen: Chosen | NDArray[np.int64], settings: ExportSettings
) -> Collisions:
    """Generate every name of the export and check it against the folder. Writes nothing.

    Args:
        info: The video.
        index: Its frames.
        chosen: The frames of the export.
        settings: Folder and name pattern.
    """
    if not 0 < len(chosen) <= _MOST:
        return Collisions()
    try:
        existing = existing_names(settings.folder)
    except DestinationError:
        # The folder's own message reports what is wrong with it.
        return Collisions()
    try:
        asked = replace(settings, on_existing=OnExisting.ASK)
        plan = plan_export(info, index, chosen, asked, existing=existing)
    except SettingsError as error:
        return Collisions(error.in_full)
    return Collisions(taken=plan.existing_count)


@dataclass(frozen=True, slots=True)
class FilesChoice:
    """Folder and names, as typed; they may not be valid yet."""

    folder: str = ""
    name_pattern: str = DEFAULT_PATTERN
    on_existing: OnExisting = OnExisting.ASK


@dataclass(frozen=True, slots=True, eq=False)
class ExportDraft:
    """All choices of the dialog at one moment.

    Attributes:
        info: The video's facts.
        index: Its frames.
        viewpoint: The session's current frame, range and marks.
        sampling: The frame selection.
        format: Format and options; folder, names and handling of existing files are those of ``files``.
        files: Output folder and names.
        content: The analysed frame content; None if not analysed.
        frames_per_s: Measured decoding speed; 0 if not measured.
    """

    info: VideoInfo
    index: FrameIndex
    viewpoint: Viewpoint
    sampling: Sampling
    format: ExportSettings
    files: FilesChoice
    content: ContentMeasures | None = None
    frames_per_s: float = 0.0

    @property
    def unseen(self) -> range:
        """The frames to analyse before the choice can be carried out; empty if none."""
        span = self.sampling.content_span(self.index, self.viewpoint)
        return range(0) if self.content is not None and self.content.covers(span) else span

    def settings(self) -> ExportSettings:
        """The settings of the export.

        Raises:
            SettingsError: The folder or the pattern is not valid.
            FrameScopeError: The address is not valid.
        """
        return replace(
            self.format,
            folder=usable_folder(self.files.folder),
            name_pattern=self.files.name_pattern,
            on_existing=self.files.on_existing,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """The expected outcome of an export.

    Attributes:
        counts: Frame count of each sampling method; those that do not apply are missing.
        kind: The chosen sampling method.
        frames_error: Why the chosen method does not apply; empty if it does.
        first_number: The first chosen frame; None if there is none.
        names: The first and the last file name; None if unknown.
        name_error: Why the pattern is not valid; empty if it is.
        folder_error: Why the folder is not usable; empty if it is.
        free_bytes: Free disk space; None if unknown.
        errors: Why other methods do not apply.
        numbers: The chosen frames, each once; None if there are none.
        frame_total: Frames of the video.
        clip_total: Number of clips they form; 0 if no clips are made.
        unseen: The frames to analyse before any can be chosen.
        unseen_s: Minimum time of that analysis; None if not measured.
        scene_cuts: The first frames of scenes, if sampled by scene; None otherwise.
        reading: How the frames will be read; None if there are none.
        curve: The scores compared with the threshold, by frame; None if there is no threshold.
        taken: How many of the export's files exist; None if unknown.
    """

    counts: dict[SamplingKind, int]
    kind: SamplingKind
    frames_error: str = ""
    first_number: int | None = None
    names: tuple[str, str] | None = None
    name_error: str = ""
    folder_error: str = ""
    free_bytes: int | None = None
    errors: dict[SamplingKind, str] = field(default_factory=dict)
    numbers: NDArray[np.int64] | None = None
    taken: int | None = None
    frame_total: int = 0
    clip_total: int = 0
    unseen: range = range(0)
    unseen_s: float | None = None
    scene_cuts: NDArray[np.int64] | None = None
    reading: ReadEstimate | None = None
    curve: ScoreCurve | None = None

    @property
    def count(self) -> int:
        """The number of chosen pictures."""
        return self.counts.get(self.kind, 0)

    @property
    def is_ready(self) -> bool:
        """Whether the export can start."""
        return self.count > 0 and not (self.frames_error or self.name_error or self.folder_error)


def survey(draft: ExportDraft) -> Survey:
    """Count frames, generate names and check the disk. Reads no frame and writes nothing."""
    counts: dict[SamplingKind, int] = {}
    errors: dict[SamplingKind, str] = {}
    chosen: Chosen | None = None
    for kind in SamplingKind:
        is_wanted = kind is draft.sampling.kind
        sampling = draft.sampling.of_kind(kind)
        if sampling.needs_content and (not is_wanted or len(draft.unseen)):
            # Clustering is slow and was not requested for these.
            continue
        try:
            found = choose(sampling, draft.index, draft.viewpoint, draft.content)
        except SettingsError as error:
            errors[kind] = error.in_full
            continue
        counts[kind] = len(found)
        if is_wanted:
            chosen = found
    names, name_error = _names(draft, chosen)
    folder_error, free_bytes = _look_at_folder(draft.files.folder)
    collisions = Collisions()
    if chosen is not None and not (name_error or folder_error):
        collisions = find_collisions(draft.info, draft.index, chosen, draft.settings())
    return Survey(
        counts=counts,
        kind=draft.sampling.kind,
        frames_error=errors.get(draft.sampling.kind, ""),
        first_number=int(chosen.frame_numbers[0]) if chosen is not None and len(chosen) else None,
        names=names,
        name_error=name_error or collisions.error,
        folder_error=folder_error,
        free_bytes=free_bytes,
        errors=errors,
        numbers=ascending_once(chosen.frame_numbers) if chosen is not None and len(chosen) else None,
        taken=collisions.taken,
        frame_total=len(draft.index),
        clip_total=0 if chosen is None else chosen.clip_total,
        unseen=draft.unseen,
        unseen_s=len(draft.unseen) / draft.frames_per_s if draft.frames_per_s > 0 else None,
        scene_cuts=_scene_cuts(draft),
        reading=_reading(draft, chosen),
        curve=score_curve(draft),
    )


def make_plan(draft: ExportDraft) -> tuple[ExportPlan, frozenset[str]]:
    """The plan against the current folder, and the file names already in it.

    Raises:
        SettingsError: The draft cannot be carried out.
        DestinationError: The folder cannot be listed.
    """
    settings = draft.settings()
    chosen = choose(draft.sampling, draft.index, draft.viewpoint, draft.content)
    existing = existing_names(settings.folder)
    return plan_export(draft.info, draft.index, chosen, settings, existing=existing), existing


def _scene_cuts(draft: ExportDraft) -> NDArray[np.int64] | None:
    if draft.sampling.kind is not SamplingKind.SCENES or draft.content is None or len(draft.unseen):
        return None
    span = draft.sampling.content_span(draft.index, draft.viewpoint)
    try:
        return scene_cuts(draft.content.within(span), draft.sampling.scenes)
    except SettingsError:
        return None


def _reading(draft: ExportDraft, chosen: Chosen | None) -> ReadEstimate | None:
    if chosen is None or not len(chosen):
        return None
    return estimate_reading(draft.index, chosen.frame_numbers, frames_per_s=draft.frames_per_s)


def _names(draft: ExportDraft, chosen: Chosen | None) -> tuple[tuple[str, str] | None, str]:
    try:
        settings = replace(draft.format, name_pattern=draft.files.name_pattern)
        if chosen is None or not len(chosen):
            return None, ""
        return preview_names(draft.info, draft.index, chosen, settings), ""
    except SettingsError as error:
        return None, error.in_full


def _look_at_folder(text: str) -> tuple[str, int | None]:
    try:
        folder = usable_folder(text)
    except FrameScopeError as error:
        # Of an address, what the command line says.
        return (error.message if isinstance(error, SettingsError) else error.in_full), None
    # The folder may not exist yet: check its nearest existing parent.
    nearest = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), None)
    if nearest is None:
        return tr("There is no such drive."), None
    if not os.path.isdir(nearest):  # noqa: PTH112 - unlike Path.is_dir it never raises
        return tr("{nearest} is not a folder.", nearest=nearest), None
    if not os.access(nearest, os.W_OK):
        return tr("{nearest} cannot be written to.", nearest=nearest), None
    try:
        return "", shutil.disk_usage(nearest).free
    except OSError:
        return "", None
