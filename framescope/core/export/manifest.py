"""The record of an export that lies beside its pictures: what its lines are, and how they are read.

A manifest is a text file of one JSON object a line. An export begins with a header, goes on with one line a
frame in the order of the frames, and ends with an end line; the next export into the same folder adds its
own behind. Nothing in it depends on when, where or how fast the work was done, so that an export that was
broken off and resumed leaves the same bytes as one that ran through.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framescope.core.errors import ExportError
from framescope.core.export.result import Fate, FrameOutcome
from framescope.core.model.frame import PictureType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST_NAME = "framescope-manifest.jsonl"
TABLE_NAME = "framescope-manifest.csv"
MANIFEST_FORMAT = 1
"""Raised whenever a reader of older manifests would misread a newer one."""

_HEADER_KEY = "framescope_manifest"
_VERSIONS_KEY = "resumed_with"
_END_KEY = "end"
_LETTERS = {kind.letter: kind for kind in PictureType}


class ManifestError(ExportError):
    """A folder has no manifest, or one that cannot be read."""


@dataclass(frozen=True, slots=True)
class ManifestHeader:
    """The first line of an export.

    Attributes:
        source: Facts of the video by name; see `describe`.
        settings: As `ExportSettings.as_table` gives them, without the folder: data sets travel.
        sampling: By what the frames were chosen, as plain values; None where nobody knows.
        frames: Which frames were chosen, as `parse_frame_list` reads them.
        actions: For each action but WRITE the places among the frames that it was planned for, as a list.
        numbered: (place among the frames, file name) of each NUMBER among them.
        versions: As `versions` gives them.
    """

    source: dict[str, Any]
    settings: dict[str, Any]
    sampling: dict[str, Any] | None
    frames: str
    actions: dict[str, str]
    numbered: tuple[tuple[int, str], ...]
    versions: dict[str, str]

    def as_line(self) -> bytes:
        """The line, with its end."""
        table = {
            _HEADER_KEY: MANIFEST_FORMAT,
            "source": self.source,
            "settings": self.settings,
            "sampling": self.sampling,
            "frames": self.frames,
            "actions": self.actions,
            "numbered": [list(pair) for pair in self.numbered],
            "versions": self.versions,
        }
        return _line(table)


@dataclass(frozen=True, slots=True)
class FrameLine:
    """The line of one frame.

    Attributes:
        fate: How its saving ended.
        frame_number: 0-based number in the video.
        file: The file's name; where it was not written, the name that it would have had.
        sha256: Of the file's bytes, in hexadecimal; empty where it was not written.
        size_bytes: The file's length.
        pts: Timestamp in the stream's time base; None where there is none.
        time_s: Seconds since the video's first frame; NaN where nobody knows.
        picture_type: How the frame was coded; None where it was not decoded.
        is_keyframe: Whether the container flags its packet as a random-access point.
        is_damaged: Whether the decoder reports errors inside the picture; None where it was not decoded.
        reason: Why it was skipped or failed, or a remark; often empty.
    """

    fate: Fate
    frame_number: int
    file: str
    sha256: str
    size_bytes: int
    pts: int | None
    time_s: float
    picture_type: PictureType | None
    is_keyframe: bool | None
    is_damaged: bool | None
    reason: str

    @classmethod
    def of(cls, outcome: FrameOutcome, fate: Fate) -> FrameLine:
        """The line for what became of a frame."""
        return cls(
            fate,
            outcome.frame_number,
            outcome.path.name,
            outcome.sha256,
            outcome.size_bytes,
            outcome.pts,
            outcome.time_s,
            outcome.picture_type,
            outcome.is_keyframe,
            outcome.is_damaged,
            outcome.reason,
        )

    def outcome(self, folder: Path) -> FrameOutcome:
        """What became of the frame, its file in this folder."""
        return FrameOutcome(
            frame_number=self.frame_number,
            path=folder / self.file,
            reason=self.reason,
            size_bytes=self.size_bytes,
            pts=self.pts,
            time_s=self.time_s,
            picture_type=self.picture_type,
            sha256=self.sha256,
            is_keyframe=self.is_keyframe,
            is_damaged=self.is_damaged,
        )

    def as_table(self) -> dict[str, Any]:
        """Plain JSON values by name; these names are the columns of the CSV too."""
        return {
            "frame_number": self.frame_number,
            "file": self.file,
            "outcome": self.fate.value,
            "sha256": self.sha256,
            "size_bytes": self.size_bytes,
            "pts": self.pts,
            "time_s": None if math.isnan(self.time_s) else self.time_s,
            "picture_type": None if self.picture_type is None else self.picture_type.letter,
            "keyframe": self.is_keyframe,
            "damaged": self.is_damaged,
            "reason": self.reason,
        }

    def as_line(self) -> bytes:
        """The line, with its end."""
        return _line(self.as_table())


@dataclass(frozen=True, slots=True)
class Section:
    """One export of a manifest.

    Attributes:
        header: Its first line.
        lines: Its frames.
        line_ends: Where each of ``lines`` ends, in bytes from the beginning of the file.
        start: Where the header begins.
        lines_start: Where the line behind the header begins.
        stop: Where its last line, of whatever sort, ends.
        is_ended: Whether the export went through to its end.
        end_digest: What the end line says of the lines; empty where there is none. See `SectionDigest`.
        versions: Those that it was last resumed with, or began with.
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
        sections: One for each export, the oldest first.
        whole_bytes: The length of the manifest up to the end of its last whole line.
        torn_bytes: Bytes of a last line that was never finished; they count for nothing.
    """

    sections: tuple[Section, ...]
    whole_bytes: int
    torn_bytes: int

    @property
    def files(self) -> dict[str, FrameLine]:
        """The line that holds for each file that was written: a later export may have replaced it."""
        lines = (line for section in self.sections for line in section.lines)
        return {line.file: line for line in lines if line.fate is Fate.WRITTEN}


def has_manifest(folder: Path) -> bool:
    """Whether there is a manifest in the folder."""
    try:
        return (folder / MANIFEST_NAME).is_file()
    except (OSError, ValueError):
        return False


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder. A last line that was never finished is dropped.

    Raises:
        ManifestError: There is none, it cannot be read, or a line in its midst is no line of a manifest.
    """
    return parse_manifest(manifest_bytes(folder), str(folder / MANIFEST_NAME))


def manifest_bytes(folder: Path) -> bytes:
    """The manifest of a folder as it is on the disk.

    Raises:
        ManifestError: There is none, or it cannot be read.
    """
    path = folder / MANIFEST_NAME
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ManifestError(
            f"There is no {MANIFEST_NAME} in {folder}.", hint="Only exported folders have one."
        ) from error
    except (OSError, ValueError) as error:
        raise ManifestError(f"{path} cannot be read.") from error


def parse_manifest(data: bytes, name: str = MANIFEST_NAME) -> Manifest:
    """Read a manifest; ``name`` is what errors call it.

    Raises:
        ManifestError: A line in its midst is no line of a manifest.
    """
    reading = _Reading(name)
    whole = 0
    for number, (start, end) in enumerate(_line_spans(data)):
        table = _table(data[start:end])
        if table is None:
            # What a crash tears is the end; a power cut may leave zeros there.
            if any(_table(data[a:b]) is not None for a, b in _line_spans(data, end)):
                raise ManifestError(f"Line {number + 1} of {name} cannot be read.")
            break
        reading.take(table, number + 1, start, end)
        whole = end
    return Manifest(reading.sections, whole, len(data) - whole)


def _line_spans(data: bytes, start: int = 0) -> Iterator[tuple[int, int]]:
    while start < len(data):
        end = data.find(b"\n", start) + 1
        if not end:
            # Without its end a line may be cut in the middle of a number and still read well.
            return
        yield start, end
        start = end


def _table(line: bytes) -> dict[str, Any] | None:
    try:
        table = json.loads(line)
    except ValueError:
        return None
    return table if isinstance(table, dict) else None


class _Reading:
    """A manifest as far as it has been read."""

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
            if _HEADER_KEY in table:
                self._begin(table, start, end)
            elif self._header is None:
                raise ManifestError(f"Line {number} of {self._name} belongs to no export.")
            elif _END_KEY in table:
                digest = str(table[_END_KEY]["sha256"])
                self._stop = end
                self._sections += self._section(is_ended=True, end_digest=digest)
                self._header = None
            elif _VERSIONS_KEY in table:
                self._versions = {str(key): str(value) for key, value in table[_VERSIONS_KEY].items()}
            else:
                self._lines.append(_frame_line(table))
                self._line_ends.append(end)
                self._stop = end
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ManifestError(f"Line {number} of {self._name} is no line of a manifest.") from error

    def _begin(self, table: dict[str, Any], start: int, end: int) -> None:
        if table[_HEADER_KEY] != MANIFEST_FORMAT:
            raise ManifestError(
                f"{self._name} was written by another version of FrameScope.", hint="Use that version."
            )
        self._sections += self._section(is_ended=False)
        self._header = _header(table)
        self._versions = self._header.versions
        self._lines, self._line_ends = [], []
        self._start, self._lines_start, self._stop = start, end, end

    def _section(self, *, is_ended: bool, end_digest: str = "") -> list[Section]:
        if self._header is None:
            return []
        lines, ends = tuple(self._lines), tuple(self._line_ends)
        places = (self._start, self._lines_start, self._stop)
        return [Section(self._header, lines, ends, *places, is_ended, end_digest, self._versions)]


def versions_line(versions: dict[str, str]) -> bytes:
    """The line that says that an export was resumed with other versions than it had begun with."""
    return _line({_VERSIONS_KEY: versions})


def end_line(counts: dict[Fate, int], digest: str) -> bytes:
    """The line that ends an export.

    Args:
        counts: How many frames ended so.
        digest: SHA-256 of all lines of this export before this one, header included, in hexadecimal.
    """
    return _line({_END_KEY: {**{fate.value: counts.get(fate, 0) for fate in Fate}, "sha256": digest}})


def _line(table: dict[str, Any]) -> bytes:
    text = json.dumps(table, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A file name that is no Unicode has stand-ins that UTF-8 knows nothing of.
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _header(table: dict[str, Any]) -> ManifestHeader:
    sampling = table["sampling"]
    return ManifestHeader(
        source=dict(table["source"]),
        settings=dict(table["settings"]),
        sampling=None if sampling is None else dict(sampling),
        frames=str(table["frames"]),
        actions={str(action): str(places) for action, places in table["actions"].items()},
        numbered=tuple((int(place), _plain_name(name)) for place, name in table["numbered"]),
        versions={str(key): str(value) for key, value in table["versions"].items()},
    )


def _frame_line(table: dict[str, Any]) -> FrameLine:
    kind, time_s = table["picture_type"], table["time_s"]
    return FrameLine(
        fate=Fate(table["outcome"]),
        frame_number=int(table["frame_number"]),
        file=_plain_name(table["file"]),
        sha256=str(table["sha256"]),
        size_bytes=int(table["size_bytes"]),
        pts=table["pts"],
        time_s=float("nan") if time_s is None else float(time_s),
        picture_type=None if kind is None else _LETTERS[kind],
        is_keyframe=table["keyframe"],
        is_damaged=table["damaged"],
        reason=str(table["reason"]),
    )


def _plain_name(value: object) -> str:
    # A manifest that came from elsewhere must not lead out of its folder.
    name = str(value)
    if name in {"", ".", ".."} or "/" in name or "\\" in name or "\0" in name:
        raise ValueError(f"{name!r} is no file name")
    return name
