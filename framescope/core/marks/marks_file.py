"""Marks as a small CSV or JSON file that users can read, edit and compare.

Both hold the same rows, one per line: ``kind`` (``mark``, ``in`` or ``out``; a mark where it is missing),
``frame_number``, ``pts`` and ``time_s`` for orientation, ``label`` and ``note``. Only ``frame_number`` is
needed. JSON also says which video the marks belong to.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from framescope.core.csv_cells import unguarded
from framescope.core.errors import MissingFileError, SettingsError
from framescope.core.files import check_ending
from framescope.core.marks.marked_frames import MarkedFrames, clean_label, clean_note
from framescope.core.media.container import file_name
from framescope.core.media.index import NO_PTS
from framescope.core.model.progress import Progress, ignore_progress
from framescope.core.outside import MOST_FRAMES, no_such_file, parse_json, read_small_file
from framescope.core.sequence.source_digest import source_digest
from framescope.core.text import counted, grouped
from framescope.core.translation import tr, tr_plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.tables.table import Cell, Table

FORMAT = "framescope-marks"
VERSION = 1
COLUMNS = ("kind", "frame_number", "pts", "time_s", "label", "note")
_MOST_BYTES = 128 << 20
_REPORT_EVERY = 8192
_MOST_DIGITS = 18
_WHOLE = re.compile(rf"[+-]?[0-9]{{1,{_MOST_DIGITS}}}")
_KINDS = ("mark", "in", "out")


class Place(NamedTuple):
    """A place in a file, whose words are made only where they are said: a file may have a million.

    Attributes:
        words: What makes them of the number.
        number: That of the row.
    """

    words: Callable[[int], str]
    number: int

    def __str__(self) -> str:
        """For display: ``Line 7``."""
        return self.words(self.number)


def _line_words(number: int) -> str:
    return tr("Line {number}", number=number)


def row_words(number: int) -> str:
    """Which row it is."""
    return tr("Row {number}", number=number)


class MarkRow(NamedTuple):
    """One row of a marks file, checked for itself but not against a video.

    Attributes:
        where: The row, for display: ``Line 7`` or ``Row 6``.
        kind: ``mark``, ``in`` or ``out``.
        frame_number: The frame.
        pts: Its timestamp when it was saved, or None.
        note: What is written on it.
        label: The class it belongs to.
    """

    where: Place | str
    kind: str
    frame_number: int
    pts: int | None
    note: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class MarksFile:
    """The contents of a marks file.

    Attributes:
        rows: The rows that can be read.
        refused: Sentences on the others.
        head: Other JSON data, unchecked; empty for CSV.
    """

    rows: tuple[MarkRow, ...]
    refused: tuple[str, ...]
    head: Mapping[str, Any] = field(default_factory=dict)

    @property
    def marked(self) -> MarkedFrames:
        """The rows as marks and range."""
        marks = [row for row in self.rows if row.kind == "mark"]
        notes = {row.frame_number: row.note for row in marks if row.note}
        ends = {row.kind: row.frame_number for row in self.rows if row.kind != "mark"}
        found = MarkedFrames(in_point=ends.get("in"), out_point=ends.get("out"))
        labels = {row.frame_number: row.label for row in marks if row.label}
        return found.with_marks((row.frame_number for row in marks), notes, labels)

    @property
    def stamps(self) -> Mapping[int, int]:
        """The timestamps of the marked frames when they were saved, where they had one."""
        return {row.frame_number: row.pts for row in self.rows if row.kind == "mark" and row.pts is not None}

    @property
    def video(self) -> Mapping[str, Any]:
        """What it says of the video that was marked, unchecked."""
        video = self.head.get("video")
        return video if isinstance(video, dict) else {}


class Refusals(Sequence[str]):
    """Sentences on rows that were left out, each written when it is read: there may be a million."""

    def __init__(self, left_out: Sequence[str | MarkRow], last: int) -> None:
        """List sentences, and rows beyond the ``last`` frame of the video."""
        self._left_out = left_out
        self._last = last

    def __len__(self) -> int:
        """How many were left out."""
        return len(self._left_out)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        """One sentence, or some of them."""
        if isinstance(place, slice):
            return tuple(map(self._words, self._left_out[place]))
        return self._words(self._left_out[place])

    def _words(self, one: str | MarkRow) -> str:
        if isinstance(one, str):
            return one
        return tr(
            "{where}: frame {frame_number} is beyond the last frame, {count}.",
            where=one.where,
            frame_number=one.frame_number,
            count=self._last,
        )


@dataclass(frozen=True, slots=True)
class LoadedMarks:
    """A marks file applied to one video.

    Attributes:
        marked: What can be used.
        refused: Sentences on the rows that were left out.
        doubts: Sentences on why the marks may belong to another video.
    """

    marked: MarkedFrames
    refused: Sequence[str]
    doubts: tuple[str, ...]

    @property
    def words(self) -> str:
        """One line for display, once they are taken."""
        words = tr("{marks} loaded", marks=counted(len(self.marked.marks), "mark", "marks"))
        return (
            tr("{words}, {rows} left out", words=words, rows=counted(len(self.refused), "row", "rows"))
            if self.refused
            else words
        )


def marks_head(info: VideoInfo, index: FrameIndex | None) -> dict[str, Any]:
    """What a marks file says of itself and of the video it belongs to."""
    found = source_digest(info.source)
    video = {
        # Without the query of an address, which may hold a password, and in UTF-8, which a name need not be.
        "name": file_name(info.source).encode("utf-8", "backslashreplace").decode(),
        "size_bytes": None if found is None else found.size_bytes,
        "sampled_sha256": None if found is None else found.digest,
        "stream_index": info.stream_index,
        "frames": len(index) if index is not None and index.complete else None,
    }
    return {"format": FORMAT, "version": VERSION, "video": video}


def write_marks(  # noqa: PLR0913 - every option is named at the call
    path: Path,
    marked: MarkedFrames,
    index: FrameIndex | None,
    head: Mapping[str, object],
    *,
    replaces: bool,
    sources: Iterable[str] = (),
) -> None:
    """Write marks and range under ``head``, whole or not at all.

    Raises:
        DestinationError: The file cannot be written.
    """
    # The window's first picture does not wait for what only saving needs.
    from framescope.core.tables.table import write_table  # noqa: PLC0415

    write_table(path, marks_table(marked, index, head), replaces=replaces, sources=sources)


def marks_table(marked: MarkedFrames, index: FrameIndex | None, head: Mapping[str, object]) -> Table:
    """Marks and range as a table, a row for each."""
    from framescope.core.tables.table import Table  # noqa: PLC0415 - as above

    rows = list(_rows(marked, index))
    return Table("marks", COLUMNS, len(rows), lambda: iter(rows), head)


def read_marks(
    path: Path, *, progress: ProgressCallback = ignore_progress, cancel: CancelToken | None = None
) -> MarksFile:
    """Read a marks file; unusable rows are listed, the others returned.

    Raises:
        MissingFileError: There is no such file, or it cannot be read.
        SettingsError: It is not a marks file at all.
        Cancelled: The work was cancelled.
    """
    read = _READERS[check_ending(path, tr("A file of marks"), tuple(_READERS))]
    return read(path.name, marks_text(path), progress, cancel)


def marks_from(
    records: Iterable[tuple[Place | str, object]],
    head: Mapping[str, Any],
    *,
    total: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> MarksFile:
    """Records of any format, checked one by one.

    Args:
        records: Each with its place, such as ``Row 6``, and fields named as in ``COLUMNS``.
        head: What the file says of the video.
        total: About how many records there are, if known.
        progress: Called every few thousand records.
        cancel: Cancels the work.

    Raises:
        Cancelled: The work was cancelled.
    """
    rows: list[MarkRow] = []
    sentences: list[str] = []
    for done, (where, record) in enumerate(records):
        if done % _REPORT_EVERY == 0:
            progress(Progress(done, total))
            if cancel is not None:
                cancel.raise_if_cancelled()
        if isinstance(record, dict):
            _take(record, where, rows, sentences)
        else:
            sentences.append(tr("{where}: not an object with a frame_number.", where=where))
    return MarksFile(_each_once(rows, sentences), tuple(sentences), head)


def fit_marks(file: MarksFile, info: VideoInfo, index: FrameIndex) -> LoadedMarks:
    """Hold a marks file against a video: what lies in it, what does not, and whether it is the one marked."""
    kept = tuple(row for row in file.rows if row.frame_number < len(index))
    beyond = [row for row in file.rows if row.frame_number >= len(index)]
    left_out: list[str | MarkRow] = [*file.refused, *beyond]
    left_out.sort(key=_place_of)
    refused = Refusals(left_out, len(index) - 1) if left_out else ()
    doubts = tuple(_doubts(file, kept, info, index))
    return LoadedMarks(MarksFile(kept, ()).marked, refused, doubts)


def _place_of(left_out: str | MarkRow) -> int:
    """The number of a row, by which sentences and rows are in the order of the file."""
    where = left_out if isinstance(left_out, str) else left_out.where
    return where.number if isinstance(where, Place) else int(where.split(":")[0].split()[1])


def stamps_of(marked: MarkedFrames, index: FrameIndex | None) -> Mapping[int, int]:
    """The timestamps of the marked frames that have one."""
    known = () if index is None else [number for number in marked.marks if number < len(index)]
    stamps = {} if index is None else {number: index.pts_of(number) for number in known}
    return {number: pts for number, pts in stamps.items() if pts is not None}


def moved_marks(stamps: Mapping[int, int], index: FrameIndex) -> int:
    """How many frames have another timestamp in this index than in ``stamps``."""
    return sum(
        number < len(index) and index.pts_of(number) not in (None, pts) for number, pts in stamps.items()
    )


def _rows(marked: MarkedFrames, index: FrameIndex | None) -> Iterator[tuple[Cell, ...]]:
    ends = (("in", marked.in_point), ("out", marked.out_point))
    for kind, end in ends:
        if end is not None:
            yield (kind, end, *_stamp(end, index), None, None)
    for number in marked.marks:
        yield ("mark", number, *_stamp(number, index), marked.labels.get(number), marked.notes.get(number))


def _stamp(number: int, index: FrameIndex | None) -> tuple[int | None, float | None]:
    if index is None or number >= len(index):
        return None, None
    return index.pts_of(number), index.time_of(number)


def marks_text(path: Path) -> str:
    """The text of a marks file of any format.

    Raises:
        MissingFileError: There is no such file, or it cannot be read.
        SettingsError: It is not UTF-8 text.
    """
    try:
        data = read_small_file(path, _MOST_BYTES)
    except FileNotFoundError as error:
        raise no_such_file(path) from error
    except OSError as error:
        raise MissingFileError(
            tr("{path} cannot be read: {strerror}.", path=path.name, strerror=error.strerror),
            hint=tr("Choose a file of marks."),
        ) from error
    try:
        # Spreadsheet programs write a byte order mark.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(
            tr("{path} is not UTF-8 text.", path=path.name), hint=tr("Save it as UTF-8.")
        ) from error


def _from_csv(name: str, text: str, progress: ProgressCallback, cancel: CancelToken | None) -> MarksFile:
    first = text.partition("\n")[0]
    # Spreadsheet programs use the separators of the user's locale.
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [column.strip().lower() for column in next(filter(None, reader), ())]
        if "frame_number" not in columns:
            raise SettingsError(
                tr("{name} has no column frame_number.", name=name),
                hint=tr("Its first line should be {columns}.", columns=",".join(COLUMNS)),
            )
        # Rows may be shorter or longer than the first one.
        records = (
            (Place(_line_words, reader.line_num), dict(zip(columns, map(unguarded, row), strict=False)))
            for row in reader
            if row
        )
        total = text.count("\n")
        return marks_from(records, {}, total=total, progress=progress, cancel=cancel)
    except csv.Error as error:
        raise SettingsError(
            tr(
                "{name} is not a valid CSV file: line {line_num}: {error}.",
                name=name,
                line_num=reader.line_num,
                error=error,
            )
        ) from error


def json_object(name: str, text: str) -> dict[str, Any]:
    """The JSON object that a file holds; empty if it holds another value.

    Raises:
        SettingsError: It is not JSON.
    """
    try:
        found = parse_json(text, keeps_odd_numbers=True)
    except ValueError as error:
        raise SettingsError(tr("{name} is not valid JSON: {error}.", name=name, error=error)) from error
    return found if isinstance(found, dict) else {}


def _from_json(name: str, text: str, progress: ProgressCallback, cancel: CancelToken | None) -> MarksFile:
    head = json_object(name, text)
    records = head.pop("marks", None)
    if not isinstance(records, list):
        raise SettingsError(
            tr("{name} contains no list of marks.", name=name), hint=tr("Save marks once to see the format.")
        )
    rows = ((Place(row_words, place), record) for place, record in enumerate(records, 1))
    return marks_from(rows, head, total=len(records), progress=progress, cancel=cancel)


def _take(record: Mapping[str, object], where: Place | str, rows: list[MarkRow], refused: list[str]) -> None:
    """Check one row and put it, or a sentence on it, where it belongs."""
    kind = record.get("kind") or "mark"
    number = _whole_number(record.get("frame_number"))
    if isinstance(kind, str) and kind not in _KINDS:
        kind = kind.strip().lower()
    if not isinstance(kind, str) or kind not in _KINDS:
        refused.append(
            tr(
                "{where}: the kind is {quoted}, not mark, in or out.",
                where=where,
                quoted=_quoted(record["kind"]),
            )
        )
    elif number is None:
        refused.append(
            tr(
                "{where}: {quoted} is not a frame number.",
                where=where,
                quoted=_quoted(record.get("frame_number")),
            )
        )
    elif number > MOST_FRAMES:
        refused.append(tr("{where}: {number} is not a valid frame number.", where=where, number=number))
    elif number < 0:
        refused.append(
            tr("{where}: frame {number} is before the first frame, 0.", where=where, number=number)
        )
    else:
        note, label = record.get("note"), record.get("label")
        rows.append(
            MarkRow(
                where,
                kind,
                number,
                _whole_number(record.get("pts")),
                clean_note(note) if isinstance(note, str) else "",
                clean_label(label) if isinstance(label, str) else "",
            )
        )


def _each_once(rows: list[MarkRow], refused: list[str]) -> tuple[MarkRow, ...]:
    """The first row for each frame and for each end of the range, and the ends only in their order."""
    kept: dict[tuple[str, int], MarkRow] = {}
    for row in rows:
        key = (row.kind, row.frame_number if row.kind == "mark" else 0)
        if key not in kept:
            kept[key] = row
        elif row.kind == "mark":
            refused.append(
                tr(
                    "{where}: frame {frame_number} is marked twice.",
                    where=row.where,
                    frame_number=row.frame_number,
                )
            )
        else:
            refused.append(tr("{where}: there is a second {kind} point.", where=row.where, kind=row.kind))
    in_row, out_row = kept.get(("in", 0)), kept.get(("out", 0))
    if in_row is not None and out_row is not None and out_row.frame_number < in_row.frame_number:
        refused.append(tr("{where}: the out point is earlier than the in point.", where=out_row.where))
        del kept["out", 0]
    return tuple(kept.values())


def _whole_number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str) and value.isdecimal() and value.isascii() and len(value) <= _MOST_DIGITS:
        # By far the most frequent form.
        return int(value)
    elif isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        number = int(value)
    else:
        return None
    return number if abs(number) < -NO_PTS else None


def _quoted(value: object) -> str:
    text = clean_note(str(value)) if value is not None else ""
    return f"“{text[:40]}”" if text else tr("an empty cell")


def _doubts(file: MarksFile, kept: tuple[MarkRow, ...], info: VideoInfo, index: FrameIndex) -> Iterator[str]:
    digest, frames = file.video.get("sampled_sha256"), _whole_number(file.video.get("frames"))
    found = source_digest(info.source) if isinstance(digest, str) else None
    if found is not None and found.digest != digest:
        name = file.video.get("name")
        named = f", {_quoted(name)}" if isinstance(name, str) else ""
        yield tr("The marks were saved for another file{named}.", named=named)
    if frames is not None and frames != len(index):
        yield tr(
            "They were saved for a video of {frames}; this one has {count}.",
            frames=counted(frames, "frame", "frames"),
            count=len(index),
        )
    stream = _whole_number(file.video.get("stream_index"))
    if stream is not None and stream != info.stream_index:
        yield tr(
            "They were saved for stream {stream} of the file; this is stream {stream_index}.",
            stream=stream,
            stream_index=info.stream_index,
        )
    stamps = MarksFile(kept, ()).stamps
    moved = moved_marks(stamps, index)
    if moved:
        yield tr_plural(
            "{count} of {marks} has a different timestamp in this video than when it was saved.",
            "{count} of {marks} have different timestamps in this video than when they were saved.",
            moved,
            count=grouped(moved),
            marks=counted(len(stamps), "mark", "marks"),
        )


_READERS = {".csv": _from_csv, ".json": _from_json}
