"""The class of each video of a data set: the name of its folder, or a row of a CSV file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from framescope.core.csv_cells import unguarded
from framescope.core.errors import SettingsError
from framescope.core.media.container import path_of
from framescope.core.outside import read_small_file
from framescope.core.printable import printable
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

FROM_FOLDER = "folder"
_MOST_BYTES = 64 << 20
_VIDEO_COLUMNS = ("video", "name", "path", "file", "file_name", "filename", "youtube_id", "id")
_CLASS_COLUMNS = ("class", "label", "category", "action")


@dataclass(frozen=True, slots=True)
class Classes:
    """Which class videos have.

    Attributes:
        from_folder: Whether it is the name of the folder that the video is in.
        listed: The classes by the names of videos; see `class_of`.
        source: The name of the file they are listed in; empty if they are not.
    """

    from_folder: bool = False
    listed: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def class_of(self, name: str, folder: str) -> str:
        """The class of a video; empty if it has none.

        Args:
            name: Its path below the exported folder. A list may give it with or without extension, or only
                the file's name.
            folder: The name of the folder that it is in.
        """
        if self.from_folder:
            return printable(PurePosixPath(name).parent.name or folder)
        path = PurePosixPath(name)
        spellings = (name, str(path.with_suffix("")), path.name, path.stem)
        return next((self.listed[one] for one in spellings if one in self.listed), "")

    @classmethod
    def parse(cls, text: str) -> Classes:
        """``folder``, or the name of a CSV file with a column for videos and one for classes.

        Raises:
            SettingsError: The file cannot be read, is an address, or names a video twice with different
                classes.
        """
        if text == FROM_FOLDER:
            return cls(from_folder=True)
        path = path_of(text)
        listed: dict[str, str] = {}
        for video, name in _pairs(path):
            if listed.setdefault(video, name) != name:
                raise SettingsError(
                    tr(
                        "{path} gives {video} two classes, {first} and {second}.",
                        path=path.name,
                        video=printable(video),
                        first=listed[video],
                        second=name,
                    )
                )
        return cls(listed=listed, source=path.name)


def table_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file, without empty ones, each with the number of its first line, from 1.

    Raises:
        SettingsError: It cannot be read.
    """
    try:
        text = read_small_file(path, _MOST_BYTES).decode("utf-8-sig")
        # Not splitlines, which also splits at characters that names may have, and takes line ends from cells.
        yield from _numbered_rows(io.StringIO(text, newline=""))
    except OSError as error:
        raise SettingsError(
            tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror or error)
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(
            tr("{path} is not a CSV file in UTF-8.", path=path.name), hint=str(error)
        ) from error


def _numbered_rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, strict=True)
    line = 1
    for row in reader:
        if any(map(str.strip, row)):
            yield line, list(map(unguarded, row))
        # A cell may have several lines.
        line = reader.line_num + 1


def column_of(head: Iterable[str], names: Iterable[str]) -> int | None:
    """The position of the first of these columns in the first row of a table; None if it has none."""
    cells = [cell.strip().lower().replace(" ", "_") for cell in head]
    return next((cells.index(name) for name in names if name in cells), None)


def _pairs(path: Path) -> list[tuple[str, str]]:
    rows = list(table_rows(path))
    if not rows:
        raise SettingsError(tr("{path} lists no videos.", path=path.name))
    video, kind = column_of(rows[0][1], _VIDEO_COLUMNS), column_of(rows[0][1], _CLASS_COLUMNS)
    if video is None or kind is None:
        # Without a head: the video first.
        video, kind = 0, 1
    else:
        rows = rows[1:]
    pairs = []
    for line, row in rows:
        if len(row) <= max(video, kind):
            raise SettingsError(
                tr("Line {number} of {path} has too few columns.", number=line, path=path.name),
                hint=tr("Write the video and its class, separated by a comma."),
            )
        pairs.append((row[video].strip().replace("\\", "/").removeprefix("./"), printable(row[kind].strip())))
    return pairs
