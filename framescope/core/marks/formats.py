"""The files that marks are saved to and loaded from, each known by the end of its name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.files import check_ending, write_file
from framescope.core.marks.marked_timeline import NO_COLORS
from framescope.core.marks.marks_file import (
    fit_marks,
    json_object,
    marks_head,
    marks_text,
    read_marks,
    write_marks,
)
from framescope.core.model.progress import ignore_progress
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from framescope.core.marks.marked_frames import MarkedFrames
    from framescope.core.marks.marks_file import LoadedMarks, MarksFile
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo


class MarksFormat(StrEnum):
    """A form of marks, as the end of the file's name."""

    CSV = ".csv"
    JSON = ".json"
    COCO = ".coco.json"
    EDL = ".edl"
    MARKERS = ".markers.edl"
    OTIO = ".otio"


@dataclass(frozen=True, slots=True)
class SavedMarks:
    """What was saved.

    Attributes:
        path: The file.
        count: How many marks are in it.
        remarks: Sentences on what its format did not take.
    """

    path: Path
    count: int
    remarks: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether all that was to be saved is in it."""
        return not self.remarks

    @property
    def headline(self) -> str:
        """What is in which file, as half a sentence."""
        marks = counted(self.count, "mark", "marks")
        return tr("{path}: {marks} saved", path=self.path.name, marks=marks)

    @property
    def summary(self) -> str:
        """All in a line, without a full stop."""
        return ". ".join((self.headline, *self.remarks)).removesuffix(".")


_TABLES = (MarksFormat.CSV, MarksFormat.JSON)
_LISTS = (MarksFormat.EDL, MarksFormat.MARKERS)


def format_of(path: Path) -> MarksFormat:
    """The format that a name asks for.

    Raises:
        SettingsError: It has none of the endings.
    """
    endings = [one.value for one in MarksFormat if one.count(".") == 1]
    ending = check_ending(path, tr("A file of marks"), endings)
    longer = (one for one in MarksFormat if one != ending and path.name.lower().endswith(one.value))
    return next(longer, MarksFormat(ending))


def save_marks(  # noqa: PLR0913 - every option is named at the call
    path: Path,
    marked: MarkedFrames,
    info: VideoInfo,
    index: FrameIndex | None,
    *,
    colors: Mapping[str, str] = NO_COLORS,
    images: Path | None = None,
    replaces: bool = False,
) -> SavedMarks:
    """Write marks and range in the format that the name asks for.

    Args:
        path: The file; see `MarksFormat`.
        marked: What is marked.
        info: Facts of the video.
        index: Gives timestamps and rate; may be missing or incomplete for CSV and JSON only.
        colors: ``#rrggbb`` by label, for programs that show colours.
        images: A folder with an export of the marked frames, for COCO.
        replaces: Whether a file of this name may be replaced.

    Raises:
        SettingsError: The name has none of the endings, or the format cannot hold marks of this video.
        DestinationError: The file cannot be written, is there already and may not be replaced, or belongs to
            the video.
    """
    chosen = format_of(path)
    head = marks_head(info, index)
    if chosen in _TABLES:
        write_marks(path, marked, index, head, replaces=replaces, sources=[info.source])
        return SavedMarks(path, len(marked.marks))
    # Each only where it is used: the window's first picture does not wait for what only saving needs.
    from framescope.core.marks import coco, edl, marked_timeline, otio_file  # noqa: PLC0415

    if index is None or not index.complete:
        raise SettingsError(tr("The frames are still being indexed."), hint=tr("Try again afterwards."))
    saved = SavedMarks(path, len(marked.marks))
    if chosen is MarksFormat.COCO:
        text = coco.coco_text(marked, info, index, head, images)
    else:
        timeline = marked_timeline.marked_timeline(marked, info, index, colors)
        saved = SavedMarks(path, len(timeline.markers), timeline.remarks)
        if chosen in _LISTS:
            write = edl.clip_text if chosen is MarksFormat.EDL else edl.markers_text
            text = write(timeline)
        else:
            text = otio_file.otio_text(timeline, info.source, index, head)
    write_file(path, text.encode(), replaces=replaces, sources=[info.source])
    return saved


def load_marks(
    path: Path,
    info: VideoInfo,
    index: FrameIndex,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> LoadedMarks:
    """Read a file of marks, and hold it against a video.

    Raises:
        MissingFileError: There is no such file, or it cannot be read.
        SettingsError: It is not a file of marks, or counts frames otherwise than the video.
        Cancelled: The work was cancelled.
    """
    chosen = format_of(path)
    if chosen in _TABLES:
        return fit_marks(read_marks(path, progress=progress, cancel=cancel), info, index)
    return fit_marks(_read(chosen, path, info, index), info, index)


def _read(chosen: MarksFormat, path: Path, info: VideoInfo, index: FrameIndex) -> MarksFile:
    """Read a format that other programs have."""
    from framescope.core.marks import coco, edl, marked_timeline, otio_file  # noqa: PLC0415

    text = marks_text(path)
    if chosen is MarksFormat.COCO:
        return coco.read_coco(path.name, json_object(path.name, text))
    rate, count = marked_timeline.timeline_count(info, index)
    if chosen in _LISTS:
        return edl.read_edl(path.name, text, count, len(index))
    return otio_file.read_otio(path.name, text, rate, count)
