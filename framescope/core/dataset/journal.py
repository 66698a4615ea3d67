"""The record of clips being cut: a line as soon as one is finished, so that a killed run goes on there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from framescope.core.closing import Closing
from framescope.core.errors import DestinationError
from framescope.core.files import folder_error, try_lock
from framescope.core.outside import parse_json, read_lines
from framescope.core.printable import json_document
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LONGEST_LINE = 1 << 20


class Journal(Closing):
    """A file of JSON lines that grows, locked against other runs. Threads: one."""

    def __init__(self, path: Path) -> None:
        """Open or create it.

        Raises:
            DestinationError: Another run writes to it, or it cannot be written.
        """
        self._path = path
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        try:
            self._handle = os.open(path, flags, 0o666)
        except (OSError, ValueError) as error:
            raise folder_error(path.parent, error) from error
        if try_lock(self._handle) is False:
            os.close(self._handle)
            raise DestinationError(
                tr("Another run is writing to {folder}.", folder=path.parent),
                hint=tr("Wait for it, or choose another folder."),
            )

    def tables(self) -> list[dict[str, Any]]:
        """The whole lines; a truncated last one is cut off.

        Raises:
            DestinationError: It cannot be read or written.
        """
        tables: list[dict[str, Any]] = []
        whole = 0
        try:
            for line in read_lines(self._path, _LONGEST_LINE):
                table = _table(line)
                if table is None:
                    break
                tables.append(table)
                whole += len(line)
            os.ftruncate(self._handle, whole)
        except OSError as error:
            raise folder_error(self._path.parent, error) from error
        return tables

    def append(self, table: Mapping[str, Any]) -> None:
        """Write a line at once.

        Raises:
            DestinationError: It cannot be written.
        """
        view = memoryview(json_document(table, separators=(",", ":")).encode() + b"\n")
        try:
            while view:
                view = view[os.write(self._handle, view) :]
        except OSError as error:
            raise folder_error(self._path.parent, error) from error

    def close(self) -> None:
        """Close it and release the lock. May be called twice."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _table(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        table = parse_json(line)
    except ValueError:
        return None
    return table if isinstance(table, dict) else None
