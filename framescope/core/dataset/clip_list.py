"""Reads a list of clips to cut, a row each: video, start, end and label, as Kinetics has it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING

from framescope.core.dataset.classes import column_of, table_rows
from framescope.core.errors import SettingsError
from framescope.core.export.name_pattern import safe_stem
from framescope.core.folders import is_there
from framescope.core.printable import printable
from framescope.core.source.input_videos import VIDEO_SUFFIXES, list_videos
from framescope.core.text import parse_time
from framescope.core.translation import tr

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

_COLUMNS = {
    "video": ("video", "path", "file", "file_name", "filename", "name", "youtube_id", "video_id", "id"),
    "start": ("start", "time_start", "start_time", "start_s", "begin", "from"),
    "end": ("end", "time_end", "end_time", "end_s", "stop", "to"),
    "label": ("label", "class", "category", "action"),
    "split": ("split", "subset"),
}
_NEEDED = ("video", "start", "end")


@dataclass(frozen=True, slots=True)
class ClipRow:
    """A row of a list of clips.

    Attributes:
        number: Its first line in the file, from 1, which is the head.
        video: As written: a path, a name, or a name without extension.
        start: Seconds since the first frame; None if it cannot be read.
        end: The clip ends before this time; None if it cannot be read.
        label: Its class; may be empty.
        split: The part of the data set it belongs to; may be empty.
        reason: Why it cannot be used; empty if it can.
    """

    number: int
    video: str
    start: Fraction | None = None
    end: Fraction | None = None
    label: str = ""
    split: str = ""
    reason: str = ""

    @property
    def folder(self) -> str:
        """The folders of split and class, with ``/``; empty if it has neither."""
        return _folder_of(self.split, self.label)

    @property
    def name(self) -> str:
        """The clip's name without extension, such as ``abc_000010_000020``."""
        return f"{_stem(self.video)}_{_name_of(self.start)}_{_name_of(self.end)}"


def read_clip_list(path: Path) -> list[ClipRow]:
    """The rows of a CSV file whose first row names the columns. A row that cannot be used says why.

    Columns are those of Kinetics (``youtube_id,time_start,time_end,label,split``) or
    ``video,start,end,label``. Times are seconds or ``1:02.5``.

    Raises:
        SettingsError: The file cannot be read, or lacks a column.
    """
    rows = table_rows(path)
    _, head = next(rows, (0, []))
    if not head:
        raise SettingsError(tr("{path} lists no clips.", path=path.name))
    found = {name: column_of(head, names) for name, names in _COLUMNS.items()}
    missing = [name for name in _NEEDED if found[name] is None]
    if missing:
        raise SettingsError(
            tr("{path} has no column “{name}”.", path=path.name, name=missing[0]),
            hint=tr("The first row has to name the columns: video,start,end,label."),
        )
    places = {name: place for name, place in found.items() if place is not None}
    return [_row(number, cells, places) for number, cells in rows]


def _row(number: int, cells: list[str], places: dict[str, int]) -> ClipRow:
    values = {name: cells[place].strip() for name, place in places.items() if place < len(cells)}
    video, label, split = (printable(values.get(name, "")) for name in ("video", "label", "split"))
    if any(not values.get(name) for name in _NEEDED):
        return ClipRow(number, video, label=label, split=split, reason=tr("The row is not complete."))
    start, end = (parse_time(values[name]) for name in ("start", "end"))
    if start is None or end is None or not _are_ordered(start.seconds, end.seconds):
        told = f"{values['start']}–{values['end']}"
        reason = tr("“{told}” is not a start and a later end.", told=printable(told))
        return ClipRow(number, video, label=label, split=split, reason=reason)
    return ClipRow(number, values["video"], start.seconds, end.seconds, label, split)


def _are_ordered(start: Fraction, end: Fraction) -> bool:
    # As ``0 <= start < end``, which takes ten times as long.
    return start.numerator >= 0 and start.numerator * end.denominator < end.numerator * start.denominator


@lru_cache(maxsize=4096)
def _folder_of(split: str, label: str) -> str:
    return "/".join(safe_stem(part) for part in (split, label) if part)


def _stem(video: str) -> str:
    """A video's name without folder and extension; dots are not extensions in a list that has none."""
    name = video.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return safe_stem(stem if stem and f"{dot}{ending.lower()}" in VIDEO_SUFFIXES else name)


def _name_of(time: Fraction | None) -> str:
    """Seconds with six digits, as Kinetics names clips; milliseconds follow where there are some."""
    number, parts = (0, 1) if time is None else time.as_integer_ratio()
    ms, rest = divmod(number * 1000, parts)
    # Halves go to the even number, as with `round`.
    ms += 2 * rest > parts or (2 * rest == parts and ms % 2)
    return f"{ms // 1000:06d}" + (f"-{ms % 1000:03d}" if ms % 1000 else "")


class VideoFinder:
    """Finds the files that a list means, which may name them without folder and extension."""

    def __init__(self, folder: Path) -> None:
        """Look into a folder and its subfolders.

        Args:
            folder: Where the videos are.
        """
        self._folder = folder
        self._by_name: dict[str, list[str]] = {}
        for source in list_videos([str(folder)]):
            for key in {_stem(source), PurePath(source).name}:
                self._by_name.setdefault(key, []).append(source)

    def find(self, video: str) -> str:
        """The path of a video.

        Raises:
            SettingsError: There is none of this name, or more than one.
        """
        path = self._folder / video
        if is_there(path):
            return str(path)
        found = self._by_name.get(video) or self._by_name.get(_stem(video)) or []
        if len(found) == 1:
            return found[0]
        if found:
            raise SettingsError(
                tr("{count} videos are called {video}.", count=len(found), video=printable(video))
            )
        raise SettingsError(tr("There is no video {video}.", video=printable(video)))
