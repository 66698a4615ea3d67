"""Reads the manifest of an export, which is stored next to its pictures.

A manifest is a text file with one JSON object per line. An export begins with a header, continues with one
line per frame in frame order, and ends with an end line; the next export into the same folder appends its
own. Nothing in it depends on when, where or how fast the work was done, so that an export that was
interrupted and resumed leaves the same bytes as an uninterrupted one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framescope.core.export.manifest.lines import (
    END_KEY,
    HEADER_KEY,
    MANIFEST_FORMAT,
    VERSIONS_KEY,
    ManifestError,
    frame_line_from,
    header_from,
)
from framescope.core.export.result import Fate
from framescope.core.folders import is_there
from framescope.core.outside import (
    UnusableValueError,
    no_such_file,
    open_regular,
    parse_json,
    plain_text,
    read_small_file,
)
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framescope.core.export.manifest.lines import FrameLine, ManifestHeader

MANIFEST_NAME = "framescope-manifest.jsonl"
TABLE_NAME = "framescope-manifest.csv"
_MOST_BYTES = 1 << 29
"""More than two million frames need, which is twenty hours of video."""
_MOST_HEADER_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Section:
    """One export of a manifest.

    Attributes:
        header: Its first line.
        lines: Its frames.
        line_ends: The end offset of each of ``lines``, in bytes from the start of the file.
        start: The offset of the header.
        lines_start: The offset of the line after the header.
        stop: The end offset of its last line, of any kind.
        is_ended: Whether the export was completed.
        end_digest: The digest in the end line; empty if there is none. See `SectionDigest`.
        versions: The versions it was last resumed with, or begun with.
    """

    header: ManifestHeader
    lines: tuple[FrameLine, ...]
    line_ends: tuple[int, ...]
    start: int
    lines_start: int
    stop: int
    is_ended: bool
    end_digest: str
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """All exports into a folder.

    Attributes:
        sections: One per export, oldest first.
        whole_bytes: The length up to the end of the last complete line.
        torn_bytes: Bytes of a truncated last line, which is ignored.
    """

    sections: tuple[Section, ...]
    whole_bytes: int
    torn_bytes: int

    @property
    def last(self) -> Section:
        """The last export.

        Raises:
            ManifestError: There is none.
        """
        if not self.sections:
            raise ManifestError(tr("{manifest_name} lists no export.", manifest_name=MANIFEST_NAME))
        return self.sections[-1]

    @property
    def files(self) -> dict[str, FrameLine]:
        """The current line of each written file: a later export may have replaced the file."""
        lines = (line for section in self.sections for line in section.lines)
        return {line.file: line for line in lines if line.fate is Fate.WRITTEN}


def has_manifest(folder: Path) -> bool:
    """Whether there is a manifest in the folder."""
    try:
        return (folder / MANIFEST_NAME).is_file()
    except (OSError, ValueError):
        return False


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder. A truncated last line is dropped.

    Raises:
        ManifestError: There is none, it cannot be read, or a line in the middle is invalid.
    """
    return parse_manifest(manifest_bytes(folder), str(folder / MANIFEST_NAME))


def first_header(folder: Path) -> ManifestHeader:
    """The header of the first export into a folder, without reading the rest of its manifest.

    Raises:
        ManifestError: There is no manifest, or its first line cannot be read.
    """
    path = folder / MANIFEST_NAME
    try:
        with open_regular(path) as file:
            line = file.readline(_MOST_HEADER_BYTES)
    except OSError as error:
        raise ManifestError(
            tr("{path} cannot be read: {strerror}.", path=path, strerror=error.strerror)
        ) from error
    return parse_manifest(line, str(path)).last.header


def manifest_bytes(folder: Path) -> bytes:
    """The manifest of a folder as stored on disk.

    Raises:
        ManifestError: There is none, or it cannot be read.
    """
    path = folder / MANIFEST_NAME
    try:
        return read_small_file(path, _MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError) as error:
        if not is_there(folder):
            missing = no_such_file(folder, "folder")
            raise ManifestError(missing.message, hint=missing.hint) from error
        raise ManifestError(
            tr("There is no {manifest_name} in {folder}.", manifest_name=MANIFEST_NAME, folder=folder),
            hint=tr("Only folders with exported pictures have one."),
        ) from error
    except OSError as error:
        raise ManifestError(
            tr("{path} cannot be read: {strerror}.", path=path, strerror=error.strerror)
        ) from error


def parse_manifest(data: bytes, name: str = MANIFEST_NAME) -> Manifest:
    """Read a manifest; ``name`` is used in error messages.

    Raises:
        ManifestError: A line in the middle is not a line of a manifest.
    """
    reading = _Reading(name)
    whole = 0
    for number, (start, end) in enumerate(_line_spans(data)):
        try:
            table = _table(data[start:end])
        except UnusableValueError as error:
            raise ManifestError(
                tr(
                    "Line {number} of {name} cannot be used: {error}.",
                    number=number + 1,
                    name=name,
                    error=error,
                )
            ) from error
        if table is None:
            # A crash truncates the end; a power failure may leave zeros there.
            if any(_is_whole(data[a:b]) for a, b in _line_spans(data, end)):
                raise ManifestError(
                    tr("Line {number} of {name} cannot be read.", number=number + 1, name=name)
                )
            break
        reading.take(table, number + 1, start, end)
        whole = end
    return Manifest(reading.sections, whole, len(data) - whole)


def _line_spans(data: bytes, start: int = 0) -> Iterator[tuple[int, int]]:
    while start < len(data):
        end = data.find(b"\n", start) + 1
        if not end:
            # A line without a newline may be cut in the middle of a number and still parse.
            return
        yield start, end
        start = end


def _table(line: bytes) -> dict[str, Any] | None:
    try:
        table = parse_json(line)
    except UnusableValueError:
        raise
    except ValueError:
        return None
    return table if isinstance(table, dict) else None


def _is_whole(line: bytes) -> bool:
    try:
        return _table(line) is not None
    except UnusableValueError:
        return True


class _Reading:
    """A manifest while it is being read."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._sections: list[Section] = []
        self._lines: list[FrameLine] = []
        self._line_ends: list[int] = []
        self._header: ManifestHeader | None = None
        self._start = self._lines_start = self._stop = 0
        self._versions: dict[str, str] = {}

    @property
    def sections(self) -> tuple[Section, ...]:
        return (*self._sections, *self._section(is_ended=False))

    def take(self, table: dict[str, Any], number: int, start: int, end: int) -> None:
        try:
            if HEADER_KEY in table:
                self._begin(table, start, end)
            elif self._header is None:
                raise ManifestError(
                    tr(
                        "Line {number} of {name} does not belong to an export.",
                        number=number,
                        name=self._name,
                    )
                )
            elif END_KEY in table:
                digest = plain_text(table[END_KEY]["sha256"])
                self._stop = end
                self._sections += self._section(is_ended=True, end_digest=digest)
                self._header = None
            elif VERSIONS_KEY in table:
                self._versions = {str(key): str(value) for key, value in table[VERSIONS_KEY].items()}
            else:
                self._lines.append(frame_line_from(table))
                self._line_ends.append(end)
                self._stop = end
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            reason = f": {error}" if type(error) is ValueError else ""
            raise ManifestError(
                tr(
                    "Line {number} of {name} cannot be used{reason}.",
                    number=number,
                    name=self._name,
                    reason=reason,
                )
            ) from error

    def _begin(self, table: dict[str, Any], start: int, end: int) -> None:
        if table[HEADER_KEY] != MANIFEST_FORMAT:
            raise ManifestError(
                tr("{name} was written by another version of FrameScope.", name=self._name),
                hint=tr("Use that version."),
            )
        self._sections += self._section(is_ended=False)
        self._header = header_from(table)
        self._versions = self._header.versions
        self._lines, self._line_ends = [], []
        self._start, self._lines_start, self._stop = start, end, end

    def _section(self, *, is_ended: bool, end_digest: str = "") -> list[Section]:
        if self._header is None:
            return []
        lines, ends = tuple(self._lines), tuple(self._line_ends)
        places = (self._start, self._lines_start, self._stop)
        return [Section(self._header, lines, ends, *places, is_ended, end_digest, self._versions)]
