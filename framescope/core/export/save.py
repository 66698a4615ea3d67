"""Saves one frame: converts, encodes, proves, writes. Runs in the export's pool; knows no other frame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framescope.core.errors import DestinationError, DestinationLostError, FrameScopeError
from framescope.core.export.encode import encode_frame
from framescope.core.export.folder import write_whole
from framescope.core.export.plan import Action, numbered_name
from framescope.core.export.result import Fate, FrameOutcome
from framescope.core.export.settings import OnExisting

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.export.plan import PlanItem
    from framescope.core.export.settings import ExportSettings
    from framescope.core.export.tags import SourceFacts
    from framescope.core.model.frame import Frame

_MOST_NUMBERS = 10_000
DAMAGED_REMARK = "The decoder reports errors inside this picture."


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a frame.

    Attributes:
        fate: How it ended.
        outcome: Which file, and why.
        fault: Set when every further frame would fail as well.
    """

    fate: Fate
    outcome: FrameOutcome
    fault: DestinationLostError | None = None


def save_frame(
    frame: Frame, item: PlanItem, settings: ExportSettings, facts: SourceFacts | None = None
) -> Saved:
    """Save one frame as planned. Never raises for the environment's faults. Threads: any.

    Args:
        frame: The frame.
        item: Its file.
        settings: As what.
        facts: What the video's frames have in common, for the file's metadata.
    """
    outcome = FrameOutcome(
        frame_number=item.frame_number,
        path=item.path,
        reason=DAMAGED_REMARK if frame.is_damaged else "",
        pts=frame.pts,
        time_s=frame.time_s,
        picture_type=frame.picture_type,
    )
    try:
        data = encode_frame(frame, settings, facts)
        path = _write(data, item, settings)
    except DestinationLostError as error:
        return Saved(Fate.FAILED, replace(outcome, reason=error.message), error)
    except FrameScopeError as error:
        reason = " ".join(filter(None, (error.message, error.hint)))
        return Saved(Fate.FAILED, replace(outcome, reason=reason))
    except MemoryError:
        return Saved(Fate.FAILED, replace(outcome, reason="There is not enough memory for this picture."))
    if path is None:
        return Saved(Fate.SKIPPED, replace(outcome, reason="A file of this name appeared meanwhile."))
    return Saved(Fate.WRITTEN, replace(outcome, path=path, size_bytes=len(data)))


def _write(data: bytes, item: PlanItem, settings: ExportSettings) -> Path | None:
    """The path really written; None when the file is to be skipped after all."""
    if settings.on_existing is OnExisting.OVERWRITE or item.action is Action.OVERWRITE:
        write_whole(item.path, data, replaces=True)
        return item.path
    path = item.path
    for number in range(2, _MOST_NUMBERS):
        try:
            write_whole(path, data, replaces=False)
        except FileExistsError as error:
            # Somebody else took the name after the folder was listed.
            if settings.on_existing is OnExisting.SKIP:
                return None
            if settings.on_existing is not OnExisting.NUMBER:
                raise DestinationError(
                    f"A file named {path.name} appeared meanwhile; it was left alone."
                ) from error
            path = item.path.with_name(numbered_name(item.path.name, number))
        else:
            return path
    raise DestinationError(f"{item.path.name} and {_MOST_NUMBERS} numbered names are taken.")
