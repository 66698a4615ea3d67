"""Writes a folder's manifest line by line, so that it stays readable after a crash at any moment.

A line is written in a single call, after its picture file has its name, and is passed to the operating system
at once: a killed process loses no line, and truncates at most the last. A power failure may lose lines, or
leave a line whose file was lost; resuming finds and fixes both. The CSV table next to it is made from the
manifest when an export stops.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections import Counter
from typing import TYPE_CHECKING

from framescope.core.closing import Closing
from framescope.core.csv_cells import CsvWriter
from framescope.core.errors import DestinationError
from framescope.core.export.manifest.lines import FrameLine, end_line, versions_line
from framescope.core.export.manifest.reading import MANIFEST_NAME, TABLE_NAME, parse_manifest
from framescope.core.export.result import Fate
from framescope.core.files import folder_error, try_lock, write_whole
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.export.manifest.lines import ManifestHeader
    from framescope.core.export.manifest.reading import Manifest, Section

_COLUMNS = ("export", *FrameLine(*(Fate.FAILED, 0, "", "", 0, None, 0.0, None, None, None, "")).as_table())
_TEXTS = ("label", "note")


class ManifestFile(Closing):
    """The manifest of a folder, open and locked against other exports. Threads: one."""

    def __init__(self, folder: Path) -> None:
        """Open or create it; call `begin` or `go_on` next.

        Raises:
            DestinationError: Another export writes to the folder.
            DestinationLostError: The folder is not writable.
        """
        self.folder = folder
        self._counts: Counter[Fate] = Counter()
        self._digest = hashlib.sha256()
        self._new_versions: dict[str, str] | None = None
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        try:
            self._handle = os.open(folder / MANIFEST_NAME, flags, 0o666)
        except (OSError, ValueError) as error:
            raise folder_error(folder, error) from error
        if try_lock(self._handle) is False:
            os.close(self._handle)
            raise DestinationError(
                tr("Another export is writing to {folder}.", folder=folder),
                hint=tr("Wait for it, or choose another folder."),
            )
        self._size = os.fstat(self._handle).st_size

    def read(self) -> Manifest:
        """Read its current contents.

        Raises:
            ManifestError: It is damaged in the middle.
            DestinationLostError: It cannot be read.
        """
        return parse_manifest(self._bytes(0, self._size), str(self.folder / MANIFEST_NAME))

    def begin(self, header: ManifestHeader) -> None:
        """Begin a new export after the existing ones.

        Raises:
            ManifestError: The existing manifest is damaged in the middle.
            DestinationLostError: It cannot be written.
        """
        self._cut(self.read().whole_bytes)
        self._write(header.as_line())

    def go_on(self, section: Section, line_count: int, versions: dict[str, str]) -> None:
        """Continue the last export after its first ``line_count`` lines, dropping the rest.

        Args:
            section: The export, as returned by `read`.
            line_count: How many of its lines to keep.
            versions: The current versions; if they have changed, a line recording them is written first.

        Raises:
            DestinationLostError: It cannot be written.
        """
        kept = section.line_ends[line_count - 1] if line_count else section.lines_start
        self._cut(kept)
        whole = self._bytes(section.start, kept)
        self._digest.update(whole)
        self._counts.update(line.fate for line in section.lines[:line_count])
        (before,) = parse_manifest(whole).sections
        self._new_versions = versions if versions != before.versions else None

    def append(self, line: FrameLine) -> None:
        """Write the line of the next frame.

        Raises:
            DestinationLostError: It cannot be written; the manifest is unchanged.
        """
        if self._new_versions is not None:
            self._write(versions_line(self._new_versions))
            self._new_versions = None
        self._write(line.as_line())
        self._counts[line.fate] += 1

    def end(self) -> None:
        """Write that the export was completed.

        Raises:
            DestinationLostError: It cannot be written; the manifest is unchanged.
        """
        self._write(end_line(self._counts, self._digest.hexdigest()))

    def write_table(self) -> None:
        """Flush the manifest to disk, and write the CSV table made from it.

        Raises:
            DestinationError: The table cannot be written; any existing one is kept.
            VerificationError: The disk returned different bytes than were written.
        """
        try:
            os.fsync(self._handle)
        except OSError as error:
            raise folder_error(self.folder, error) from error
        write_whole(self.folder / TABLE_NAME, table_of(self.read()), replaces=True)

    def close(self) -> None:
        """Close it and release the lock. May be called twice."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _write(self, line: bytes) -> None:
        view = memoryview(line)
        try:
            os.lseek(self._handle, self._size, os.SEEK_SET)
            while view:
                view = view[os.write(self._handle, view) :]
        except OSError as error:
            # A full disk may accept only part of a line.
            self._cut(self._size)
            raise folder_error(self.folder, error) from error
        self._size += len(line)
        self._digest.update(line)

    def _cut(self, size: int) -> None:
        try:
            os.ftruncate(self._handle, size)
        except OSError as error:
            raise folder_error(self.folder, error) from error
        self._size = size

    def _bytes(self, start: int, end: int) -> bytes:
        try:
            os.lseek(self._handle, start, os.SEEK_SET)
            pieces = []
            while start < end and (piece := os.read(self._handle, end - start)):
                pieces.append(piece)
                start += len(piece)
        except OSError as error:
            raise folder_error(self.folder, error) from error
        return b"".join(pieces)


def table_of(manifest: Manifest) -> bytes:
    """The CSV of a manifest, UTF-8: a row per frame; files replaced by a later export are omitted.

    The first column is the 0-based number of the export into this folder. The last two are labels and notes,
    if any frame has one.
    """
    text = io.StringIO()
    writer = CsvWriter(text)
    # The table of a folder that an earlier version wrote must still be what the manifest says.
    has_texts = any(line.label or line.note for section in manifest.sections for line in section.lines)
    writer.writerow((*_COLUMNS, *_TEXTS) if has_texts else _COLUMNS)
    valid = manifest.files
    for number, section in enumerate(manifest.sections):
        for line in section.lines:
            if line.fate is Fate.WRITTEN and valid[line.file] is not line:
                continue
            texts = (line.label, line.note) if has_texts else ()
            cells = (*line.as_table().values(), *texts)
            writer.writerow([number, *(_cell(cell) for cell in cells)])
    return text.getvalue().encode("utf-8", "backslashreplace")


def _cell(value: object) -> object:
    # Written as in JSON, so that both files are read the same way.
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value
