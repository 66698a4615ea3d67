"""Which frame goes into which file: decided and checked before anything is decoded or written. Pure."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.export.encoders.tags import SourceFacts
from framescope.core.export.name_pattern import folded_name
from framescope.core.export.names import FrameNames
from framescope.core.export.notes import format_notes
from framescope.core.export.settings import OnExisting
from framescope.core.sampling.chosen import Chosen
from framescope.core.sampling.selection import marked_frames
from framescope.core.text import counted, grouped
from framescope.core.translation import tr, tr_plural, tr_stored

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo

_FOLDS_NAMES = sys.platform in {"win32", "darwin"}
_FULL_PROOFS, _FULL_PROOF_EVERY = 16, 16
"""Up to this many JPEG files are all decoded completely; of more, every second, third and so on up to every
16th. They are selected by position, so that a resumed export verifies the same ones."""


class Action(StrEnum):
    """The action planned for one frame."""

    WRITE = "write"
    """The name is free."""
    OVERWRITE = "overwrite"
    """A file of this name exists and will be replaced."""
    SKIP = "skip"
    """A file of this name exists and is kept; the frame is not decoded."""
    NUMBER = "number"
    """A file of this name exists and is kept; the new file gets a numbered name."""
    ASK = "ask"
    """A file of this name exists, and the user has not decided yet."""


_ACTION_WHEN_TAKEN = {
    OnExisting.ASK: Action.ASK,
    OnExisting.SKIP: Action.SKIP,
    OnExisting.OVERWRITE: Action.OVERWRITE,
    OnExisting.NUMBER: Action.NUMBER,
}


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One frame of an export.

    Attributes:
        frame_number: 0-based number in the video.
        path: The file to write.
        action: The planned action.
        in_full: Whether the file is decoded completely to verify it.
    """

    frame_number: int
    path: Path
    action: Action
    in_full: bool = True


@dataclass(frozen=True, eq=False)
class ExportPlan:
    """Every frame of an export with its file, in ascending order of frames.

    Stored as columns, because an export may have a million frames; iterating gives `PlanItem` records.

    Attributes:
        settings: How to save the frames.
        frame_numbers: int64, ascending; each once, unless clips share frames.
        names: File names with extension, by position.
        actions: The planned actions, by position.
        facts: Facts common to the video's frames, for the files' metadata.
        info: The video, for the manifest; None if no manifest is to be written.
        index: Its index, for the manifest.
        sampling: The sampling settings, as plain values, for the manifest; None if unknown.
        chosen: The frames with their positions in clips; None if there is no such information.
    """

    settings: ExportSettings
    frame_numbers: NDArray[np.int64]
    names: tuple[str, ...]
    actions: tuple[Action, ...]
    facts: SourceFacts = field(default_factory=SourceFacts)
    info: VideoInfo | None = None
    index: FrameIndex | None = None
    sampling: Mapping[str, object] | None = None
    chosen: Chosen | None = None

    def __len__(self) -> int:
        """How many frames."""
        return len(self.names)

    def item(self, place: int) -> PlanItem:
        """One frame of the export."""
        path = self.settings.folder / self.names[place]
        in_full = place % min(_FULL_PROOF_EVERY, -(-len(self) // _FULL_PROOFS)) == 0
        return PlanItem(int(self.frame_numbers[place]), path, self.actions[place], in_full)

    @property
    def items(self) -> Iterator[PlanItem]:
        """The frames, one after the other."""
        return (self.item(place) for place in range(len(self)))

    def count(self, action: Action) -> int:
        """The number of frames with this action."""
        return self.actions.count(action)

    @property
    def notes(self) -> tuple[str, ...]:
        """How the frames were counted, and what these settings lose."""
        counting = () if self.index is None else tuple(map(tr_stored, self.index.notes))
        return counting if self.info is None else (*counting, *format_notes(self.info, self.settings))

    @property
    def existing_count(self) -> int:
        """The number of frames whose file already exists."""
        return len(self) - self.count(Action.WRITE)

    @property
    def existing_words(self) -> str:
        """``3 of 10 files exist already``, for messages."""
        return tr_plural(
            "{count} of {files} exists already",
            "{count} of {files} exist already",
            self.existing_count,
            count=grouped(self.existing_count),
            files=counted(len(self), "file", "files"),
        )


def plan_export(
    info: VideoInfo,
    index: FrameIndex,
    numbers: Chosen | Sequence[int] | NDArray[np.int64],
    settings: ExportSettings,
    *,
    existing: Collection[str] = frozenset(),
) -> ExportPlan:
    """Assign a file to every frame.

    Args:
        info: The video's declared facts; its source gives ``{stem}``.
        index: Gives ``{time}`` and ``{pts}``.
        numbers: Frame numbers in any order, or the result of a frame selection, including clips. Clips are
            named with ``CLIP_PATTERN`` by default.
        settings: How to save the frames.
        existing: Names already in the folder; see ``folder.existing_names``.

    Raises:
        SettingsError: A frame does not exist, two frames would share a name, a name is invalid, or the crop
            reaches beyond the picture.
    """
    chosen = numbers if isinstance(numbers, Chosen) else Chosen(marked_frames(index, numbers))
    frame_numbers = chosen.frame_numbers
    names = _planned_names(info, index, chosen, settings)
    taken = {_key(name) for name in existing}
    when_taken = _ACTION_WHEN_TAKEN[settings.on_existing]
    actions = [when_taken if _key(name) in taken else Action.WRITE for name in names]
    if when_taken is Action.NUMBER:
        names = _numbered_where_taken(names, actions, taken)
    facts = SourceFacts.of(info)
    return ExportPlan(
        settings, frame_numbers, tuple(names), tuple(actions), facts, info, index, chosen=chosen
    )


def preview_names(
    info: VideoInfo, index: FrameIndex, numbers: Chosen | NDArray[np.int64], settings: ExportSettings
) -> tuple[str, str]:
    """The first and the last file name of an export (the same if there is only one frame).

    Raises:
        SettingsError: One of the two is invalid.
    """
    chosen = numbers if isinstance(numbers, Chosen) else Chosen(numbers)
    names = FrameNames(info, index, chosen, settings)
    end = len(chosen) - 1
    first, last = int(chosen.frame_numbers[0]), int(chosen.frame_numbers[end])
    first_name, last_name = names.name(0), names.name(end)
    if end and _key(first_name) == _key(last_name):
        raise _shared_name(first, last, first_name)
    return first_name, last_name


def resolved(plan: ExportPlan, on_existing: OnExisting, existing: Collection[str]) -> ExportPlan:
    """The plan with a decision about existing files."""
    settings = replace(plan.settings, on_existing=on_existing)
    taken = {_key(name) for name in existing}
    decided = _ACTION_WHEN_TAKEN[on_existing]
    actions = tuple(decided if action is Action.ASK else action for action in plan.actions)
    names: Sequence[str] = plan.names
    if decided is Action.NUMBER:
        names = _numbered_where_taken(names, actions, taken)
    return replace(plan, settings=settings, names=tuple(names), actions=actions)


def numbered_name(name: str, number: int) -> str:
    """``clip_000012.jpg`` as ``clip_000012-2.jpg``."""
    stem, dot, extension = name.rpartition(".")
    return f"{stem}-{number}{dot}{extension}"


def _planned_names(info: VideoInfo, index: FrameIndex, chosen: Chosen, settings: ExportSettings) -> list[str]:
    named = FrameNames(info, index, chosen, settings)
    names = [named.name(row) for row in range(len(named))]
    counts = Counter(map(_key, names))
    if len(counts) < len(names):
        shared = next(key for key in map(_key, names) if counts[key] > 1)
        numbers = chosen.frame_numbers.tolist()
        first, second = [n for n, name in zip(numbers, names, strict=True) if _key(name) == shared][:2]
        raise _shared_name(first, second, shared)
    return names


def _shared_name(first: int, second: int, name: str) -> SettingsError:
    if first == second:
        return SettingsError(
            tr("Two clips would save frame {first} under the name “{name}”.", first=first, name=name),
            hint="Add {clip:03d} and {place:03d} to the name to distinguish clips.",
        )
    return SettingsError(
        tr(
            "Frames {first} and {second} would share the name “{name}”.",
            first=first,
            second=second,
            name=name,
        ),
        hint="Add {frame:06d} to the name to distinguish frames.",
    )


def _numbered_where_taken(names: Sequence[str], actions: Sequence[Action], taken: set[str]) -> list[str]:
    used = taken | {_key(name) for name in names}
    numbered: list[str] = []
    for planned, action in zip(names, actions, strict=True):
        name, number = planned, 1
        while action is Action.NUMBER and _key(name) in used:
            number += 1
            name = numbered_name(planned, number)
        used.add(_key(name))
        numbered.append(name)
    return numbered


def _key(name: str) -> str:
    # A key that is equal for names that these systems treat as the same file.
    return folded_name(name) if _FOLDS_NAMES else name
