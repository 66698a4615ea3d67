"""Saves one frame: converts, encodes, verifies, writes. Runs in the export's threads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framescope.core.errors import (
    DestinationError,
    DestinationLostError,
    FrameScopeError,
    TargetExistsError,
)
from framescope.core.export.encoders.encode import proven_file
from framescope.core.export.names import saved_geometry
from framescope.core.export.plan import Action, numbered_name
from framescope.core.export.result import Fate, FrameOutcome
from framescope.core.export.settings import OnExisting
from framescope.core.files import write_whole
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.export.encoders.tags import SourceFacts
    from framescope.core.export.geometry import Geometry
    from framescope.core.export.plan import PlanItem
    from framescope.core.export.settings import ExportSettings
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

_MOST_NUMBERS = 10_000
DAMAGED_REMARK = tr("This picture is damaged, or may depend on a damaged one.")


@dataclass(frozen=True, slots=True)
class Saved:
    """The result for a frame.

    Attributes:
        fate: How it ended.
        outcome: Which file, and why.
        fault: Set if every further frame would fail as well.
    """

    fate: Fate
    outcome: FrameOutcome
    fault: DestinationLostError | None = None


@dataclass(frozen=True, slots=True)
class SavePlace:
    """The settings shared by the frames of one export.

    Attributes:
        settings: The export settings.
        facts: What the video's frames have in common, for the files' metadata.
        info: The video; None if nobody asks where the pixels of frames of another size come from.
        resumes: Whether an existing file with the same bytes counts as written by this export: a crash may
            have come between the file and its line.
    """

    settings: ExportSettings
    facts: SourceFacts | None = None
    info: VideoInfo | None = None
    resumes: bool = False


@dataclass(frozen=True, slots=True)
class Encoded:
    """A frame's file before it is written.

    Attributes:
        item: The plan's item.
        outcome: The frame's facts, and how the bytes were verified.
        data: The bytes.
    """

    item: PlanItem
    outcome: FrameOutcome
    data: bytes


def save_frame(frame: Frame, item: PlanItem, place: SavePlace) -> Saved:
    """Save one frame as planned. Environment errors are returned, not raised. Threads: any.

    Args:
        frame: The frame.
        item: Its file.
        place: How and where to save it.
    """
    encoded = encode_picture(frame, item, place)
    return encoded if isinstance(encoded, Saved) else write_picture(encoded, place)


def encode_picture(frame: Frame, item: PlanItem, place: SavePlace) -> Encoded | Saved:
    """The CPU-bound part of `save_frame`: verified bytes, or the reason for failure. Threads: any."""
    outcome = FrameOutcome(
        frame_number=item.frame_number,
        path=item.path,
        reason=DAMAGED_REMARK if frame.is_damaged else "",
        pts=frame.pts,
        time_s=frame.time_s,
        picture_type=frame.picture_type,
        is_keyframe=frame.is_keyframe,
        is_damaged=frame.is_damaged,
    )
    try:
        data, proof = proven_file(frame, place.settings, place.facts, in_full=item.in_full)
    except (FrameScopeError, MemoryError) as error:
        return _failed(outcome, error)
    digest = hashlib.sha256(data).hexdigest()
    return Encoded(
        item,
        replace(
            outcome, size_bytes=len(data), sha256=digest, proof=proof, geometry=_own_geometry(frame, place)
        ),
        data,
    )


def _own_geometry(frame: Frame, place: SavePlace) -> Geometry | None:
    """Where the pixels come from, for a frame that has another size than the video declares."""
    size, info = (frame.picture.width, frame.picture.height), place.info
    if info is None or size == (info.width, info.height):
        return None
    return saved_geometry(info, place.settings, size)


def write_picture(encoded: Encoded, place: SavePlace) -> Saved:
    """The part of `save_frame` that mostly waits for the disk. Threads: any."""
    outcome = encoded.outcome
    nothing = replace(outcome, size_bytes=0, sha256="", proof=None)
    try:
        path = _write(encoded.data, encoded.item, place)
    except (FrameScopeError, MemoryError) as error:
        return _failed(nothing, error)
    if path is None:
        return Saved(
            Fate.SKIPPED, replace(nothing, reason=tr("A file with this name has appeared in the meantime."))
        )
    return Saved(Fate.WRITTEN, replace(outcome, path=path))


def _failed(outcome: FrameOutcome, error: FrameScopeError | MemoryError) -> Saved:
    if isinstance(error, MemoryError):
        return Saved(Fate.FAILED, replace(outcome, reason=tr("There is not enough memory for this picture.")))
    if isinstance(error, DestinationLostError):
        return Saved(Fate.FAILED, replace(outcome, reason=error.message), error)
    return Saved(Fate.FAILED, replace(outcome, reason=error.in_full))


def _write(data: bytes, item: PlanItem, place: SavePlace) -> Path | None:
    """The path actually written; None if the file is skipped after all."""
    settings = place.settings
    if settings.on_existing is OnExisting.OVERWRITE or item.action is Action.OVERWRITE:
        write_whole(item.path, data, replaces=True)
        return item.path
    path = item.path
    for number in range(2, _MOST_NUMBERS):
        try:
            write_whole(path, data, replaces=False)
        except TargetExistsError as error:
            if place.resumes and _is_left_over(path, data):
                return path
            # The name was taken by another process after the folder was listed.
            if settings.on_existing is OnExisting.SKIP:
                return None
            if settings.on_existing is not OnExisting.NUMBER:
                raise DestinationError(
                    tr(
                        "A file named {path} has appeared in the meantime; it was not changed.",
                        path=path.name,
                    )
                ) from error
            path = item.path.with_name(numbered_name(item.path.name, number))
        else:
            return path
    raise DestinationError(
        tr(
            "{path} and {most_numbers} numbered names exist already.",
            path=item.path.name,
            most_numbers=_MOST_NUMBERS,
        )
    )


def _is_left_over(path: Path, data: bytes) -> bool:
    """Whether the existing file was left by a killed export; if so, it contains ``data`` afterwards."""
    try:
        found = path.read_bytes()
    except OSError:
        return False
    if not found:
        # On drives without hard links a name is reserved with an empty file.
        write_whole(path, data, replaces=True)
    return found in {b"", data}
