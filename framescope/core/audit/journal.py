"""Records which files of many are finished, line by line, so that an interrupted run goes on there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framescope.core.errors import DestinationError, SettingsError
from framescope.core.files import check_target, file_error, prepare_folder
from framescope.core.outside import parse_json, read_lines
from framescope.core.printable import json_document
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_LINE = 1 << 28
"""Bytes in a line: requests for half a million frames take less."""
_HEAD = b'{"file": '
"""How every line begins."""


class Journal:
    """A JSON Lines file of finished audits or benchmarks. Threads: one."""

    def __init__(self, path: Path | None, kind: str, key: str, sources: Sequence[str]) -> None:
        """Read what an earlier run has left.

        Args:
            path: The file; None to record nothing.
            kind: What is recorded of each file, as one word.
            key: The settings; lines with others are ignored.
            sources: The files, which must not be written to.

        Raises:
            DestinationError: The file is something else, and is left alone, or it cannot be written.
            SettingsError: It cannot be read.
        """
        self._path, self._kind, self._key = path, kind, key
        self._entries: dict[str, dict[str, Any]] = {}
        # Before the work: a file that changes during it is to be read again.
        self._stamps = {source: _stamp(source) for source in sources}
        if path is not None:
            check_target(path, replaces=True, sources=sources)
            prepare_folder(path.parent)
            self._read(path)

    def _read(self, path: Path) -> None:
        whole_bytes, is_torn = 0, False
        try:
            for line in read_lines(path, _LONGEST_LINE):
                if not whole_bytes and not line.startswith(_HEAD):
                    raise DestinationError(
                        tr("{path} is not the journal of an earlier run.", path=path.name),
                        hint=tr("Give --resume a new file name, or the journal of an earlier run."),
                    )
                is_torn = not line.endswith(b"\n")
                if not is_torn:
                    whole_bytes += len(line)
                    self._load(line)
        except FileNotFoundError:
            return
        except OSError as error:
            raise SettingsError(
                tr("The journal {path} cannot be read: {strerror}.", path=path, strerror=error.strerror),
                hint=tr("Name another file."),
            ) from error
        if is_torn:
            # The last line was truncated with the run that wrote it.
            try:
                os.truncate(path, whole_bytes)
            except OSError as error:
                raise file_error(path, error) from error

    def _load(self, line: bytes) -> None:
        try:
            entry = parse_json(line)
            if entry["settings"] == self._key:
                self._entries[entry["file"]] = entry
        except (ValueError, KeyError, TypeError):
            return  # Written by another version, or by hand.

    def find(self, source: str) -> Any:  # noqa: ANN401 - JSON, from anybody
        """What an earlier run has recorded of a file that is still the same; None if nothing."""
        entry = self._entries.get(source)
        if entry is None or entry.get("stamp") != self._stamps[source]:
            return None
        return entry.get(self._kind)

    def add(self, source: str, table: dict[str, Any]) -> None:
        """Record a file at once.

        Raises:
            DestinationError: It cannot be written.
        """
        if self._path is None:
            return
        entry = {"file": source, "stamp": self._stamps[source], "settings": self._key, self._kind: table}
        try:
            with self._path.open("a", encoding="utf-8") as out:
                out.write(json_document(entry) + "\n")
        except OSError as error:
            raise file_error(self._path, error) from error


def _stamp(source: str) -> list[int]:
    try:
        facts = Path(source).stat()
    except (OSError, ValueError):
        return []
    return [facts.st_size, facts.st_mtime_ns]
