"""Works out what an export would do, off the GUI thread: counts, names, room on the disk, and the plan."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.export.folder import existing_names
from framescope.core.export.plan import ExportPlan, plan_export, preview_names
from framescope.core.export.settings import DEFAULT_PATTERN, OnExisting
from framescope.core.sampling.sampling import Sampling, SamplingKind, Viewpoint, take
from framescope.ui.dialogs.export_collisions import Collisions, find_collisions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo


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
        format: As what; folder, names and what happens to existing files are those of ``files``.
        files: Where to.
    """

    info: VideoInfo
    index: FrameIndex
    viewpoint: Viewpoint
    sampling: Sampling
    format: ExportSettings
    files: FilesChoice

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
        numbers: The chosen frames; None when there are none.
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

    @property
    def count(self) -> int:
        """How many frames are chosen."""
        return self.counts.get(self.kind, 0)

    @property
    def is_ready(self) -> bool:
        """Whether the export can start."""
        return self.count > 0 and not (self.frames_error or self.name_error or self.folder_error)


def usable_folder(text: str) -> Path:
    """The folder that was typed.

    Raises:
        SettingsError: Nothing usable was typed.
    """
    if not text.strip() or "\0" in text:
        raise SettingsError("Choose a folder.")
    folder = Path(text.strip()).expanduser()
    if not folder.is_absolute():
        raise SettingsError("Give the whole path of the folder.")
    return folder


def survey(draft: ExportDraft) -> Survey:
    """Count, name and look at the disk. Reads no frame and writes nothing."""
    counts: dict[SamplingKind, int] = {}
    errors: dict[SamplingKind, str] = {}
    chosen: NDArray[np.int64] | None = None
    for kind in SamplingKind:
        try:
            numbers = take(replace(draft.sampling, kind=kind), draft.index, draft.viewpoint)
        except SettingsError as error:
            errors[kind] = " ".join(filter(None, (error.message, error.hint)))
            continue
        counts[kind] = len(numbers)
        if kind is draft.sampling.kind:
            chosen = numbers
    names, name_error = _names(draft, chosen)
    folder_error, free_bytes = _look_at_folder(draft.files.folder)
    collisions = Collisions()
    if chosen is not None and not (name_error or folder_error):
        collisions = find_collisions(draft.info, draft.index, chosen, draft.settings())
    return Survey(
        counts=counts,
        kind=draft.sampling.kind,
        frames_error=errors.get(draft.sampling.kind, ""),
        first_number=int(chosen[0]) if chosen is not None and len(chosen) else None,
        names=names,
        name_error=name_error or collisions.error,
        folder_error=folder_error,
        free_bytes=free_bytes,
        errors=errors,
        numbers=chosen if chosen is not None and len(chosen) else None,
        taken=collisions.taken,
    )


def make_plan(draft: ExportDraft) -> tuple[ExportPlan, frozenset[str]]:
    """The plan with the folder as it is now, and the names that are in it.

    Raises:
        SettingsError: The draft cannot be carried out.
        DestinationError: The folder cannot be listed.
    """
    settings = draft.settings()
    numbers = take(draft.sampling, draft.index, draft.viewpoint)
    existing = existing_names(settings.folder)
    return plan_export(draft.info, draft.index, numbers, settings, existing=existing), existing


def _names(draft: ExportDraft, chosen: NDArray[np.int64] | None) -> tuple[tuple[str, str] | None, str]:
    try:
        settings = replace(draft.format, name_pattern=draft.files.name_pattern)
        if chosen is None or not len(chosen):
            return None, ""
        return preview_names(draft.info, draft.index, chosen, settings), ""
    except SettingsError as error:
        return None, " ".join(filter(None, (error.message, error.hint)))


def _look_at_folder(text: str) -> tuple[str, int | None]:
    try:
        folder = usable_folder(text)
    except SettingsError as error:
        return error.message, None
    # The folder itself may have to be made: what matters is the nearest one that is there.
    nearest = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), None)
    if nearest is None:
        return "There is no such drive.", None
    if not os.path.isdir(nearest):  # noqa: PTH112 - unlike Path.is_dir it never raises
        return f"{nearest} is not a folder.", None
    if not os.access(nearest, os.W_OK):
        return f"{nearest} cannot be written to.", None
    try:
        return "", shutil.disk_usage(nearest).free
    except OSError:
        return "", None
