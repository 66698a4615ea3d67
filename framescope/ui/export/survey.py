"""Works out what an export would do, off the GUI thread: counts, name collisions, space, the plan."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from framescope.core.errors import DestinationError, SettingsError
from framescope.core.export.plan import ExportPlan, plan_export, preview_names
from framescope.core.export.settings import DEFAULT_PATTERN, OnExisting
from framescope.core.files import existing_names
from framescope.core.folders import expanded
from framescope.core.sampling.read_cost import ReadEstimate, estimate_reading
from framescope.core.sampling.sampling import Sampling, SamplingKind, Viewpoint, choose
from framescope.core.sampling.scenes import scene_cuts
from framescope.core.sampling.selection import ascending_once
from framescope.core.translation import tr
from framescope.ui.export.frames.chart import ScoreCurve, score_curve

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.sampling.chosen import Chosen
    from framescope.core.sampling.content import ContentMeasures

_MOST = 50_000
"""So many names are made while somebody types; with more of them it has to wait for the start."""


@dataclass(frozen=True, slots=True)
class Collisions:
    """What stands in the way of an export's names.

    Attributes:
        error: Two frames would share a name, or a name cannot be used; empty when neither.
        taken: How many files are there already; None while that cannot be told.
    """

    error: str = ""
    taken: int | None = None


def find_collisions(
    info: VideoInfo, index: FrameIndex, chosen: Chosen | NDArray[np.int64], settings: ExportSettings
) -> Collisions:
    """Make every name of the export and look into its folder. Writes nothing.

    Args:
        info: The video.
        index: Its frames.
        chosen: The frames of the export.
        settings: Where to and under which names.
    """
    if not 0 < len(chosen) <= _MOST:
        return Collisions()
    try:
        existing = existing_names(settings.folder)
    except DestinationError:
        # The folder's own line says what is wrong with it.
        return Collisions()
    try:
        asked = replace(settings, on_existing=OnExisting.ASK)
        plan = plan_export(info, index, chosen, asked, existing=existing)
    except SettingsError as error:
        return Collisions(error.in_full)
    return Collisions(taken=plan.existing_count)


@dataclass(frozen=True, slots=True)
class FilesChoice:
    """Where files go, as typed; it may not be usable yet."""

    folder: str = ""
    name_pattern: str = DEFAULT_PATTERN
    on_existing: OnExisting = OnExisting.ASK


@dataclass(frozen=True, slots=True, eq=False)
class ExportDraft:
    """Everything the dialog says at one moment.

    Attributes:
        info: The video's facts.
        index: Its frames.
        viewpoint: Where the session stands.
        sampling: Which frames.
        format: Format and options; folder, names and what happens to existing files are those of ``files``.
        files: Output folder and names.
        content: What the frames look like; None while nobody has looked.
        frames_per_s: How fast the video was seen to decode; 0 if not measured.
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
        """The frames that have to be looked at before the choice can be executed; none, where none."""
        span = self.sampling.content_span(self.index, self.viewpoint)
        return range(0) if self.content is not None and self.content.covers(span) else span

    def settings(self) -> ExportSettings:
        """The settings of the export.

        Raises:
            SettingsError: The folder or the pattern cannot be used.
        """
        return replace(
            self.format,
            folder=usable_folder(self.files.folder),
            name_pattern=self.files.name_pattern,
            on_existing=self.files.on_existing,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What an export would do.

    Attributes:
        counts: Frames of each kind of choice; a kind that makes no sense here is missing.
        kind: The kind that is chosen.
        frames_error: Why the chosen kind makes no sense; empty when it does.
        first_number: The first chosen frame; None when there is none.
        names: The first and the last file name; None while they cannot be told.
        name_error: Why the pattern cannot be used; empty when it can.
        folder_error: Why the folder cannot be used; empty when it can.
        free_bytes: Room on the disk; None when nobody knows.
        errors: Why other kinds make no sense.
        numbers: The chosen frames, each once; None when there are none.
        frame_total: Frames of the video.
        clip_total: How many clips they make; 0 where no clips are made.
        unseen: The frames that have to be looked at before anything can be chosen.
        unseen_s: How long looking at them takes at least; None if not measured.
        scene_cuts: The frames that begin a scene, where the choice goes by scenes; None otherwise.
        reading: How the frames will be read; None when there are none.
        curve: What the threshold is compared with, frame by frame; None if no threshold is.
        taken: How many files of the export's names are there already; None when nobody knows.
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
        """How many pictures are chosen."""
        return self.counts.get(self.kind, 0)

    @property
    def is_ready(self) -> bool:
        """Whether the export can start."""
        return self.count > 0 and not (self.frames_error or self.name_error or self.folder_error)


def usable_folder(text: str) -> Path:
    """The folder that was typed.

    Raises:
        SettingsError: Nothing valid was typed.
    """
    if not text.strip() or "\0" in text:
        raise SettingsError(tr("Choose a folder."))
    folder = expanded(text.strip())
    if not folder.is_absolute():
        raise SettingsError(tr("Give the full path of the folder."))
    return folder


def survey(draft: ExportDraft) -> Survey:
    """Count, name and look at the disk. Reads no frame and writes nothing."""
    counts: dict[SamplingKind, int] = {}
    errors: dict[SamplingKind, str] = {}
    chosen: Chosen | None = None
    for kind in SamplingKind:
        is_wanted = kind is draft.sampling.kind
        if kind.needs_content and (not is_wanted or len(draft.unseen)):
            # Clustering is slow and was not requested for these.
            continue
        try:
            found = choose(replace(draft.sampling, kind=kind), draft.index, draft.viewpoint, draft.content)
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
    """The plan with the folder as it is now, and the names that are in it.

    Raises:
        SettingsError: The draft cannot be executed.
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
    except SettingsError as error:
        return error.message, None
    # The folder itself may have to be made: what matters is the nearest one that is there.
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
