"""A record of long work: a line as soon as a part of it is finished, so that a killed run goes on there."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from framescope.core.closing import Closing
from framescope.core.errors import DestinationError
from framescope.core.files import file_error, try_lock
from framescope.core.folders import is_there
from framescope.core.outside import open_regular, parse_json, read_lines
from framescope.core.printable import json_document
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_LONGEST_LINE = 1 << 28
"""Bytes in a line: an audit with requests for half a million frames takes less."""


class Journal(Closing):
    """A file of JSON lines that grows, locked against other runs. Threads: one."""

    def __init__(self, path: Path, *, head: bytes = b"") -> None:
        """Open or create it.

        Args:
            path: The file.
            head: How the first line of such a journal begins.

        Raises:
            DestinationError: It is something else, and is left alone; another run writes to it, or it cannot
                be read or written.
        """
        self._path, self._handle = path, -1
        self._is_new = not is_there(path)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        try:
            self._handle = os.open(path, flags, 0o666)
        except (OSError, ValueError) as error:
            raise file_error(path, error) from error
        try:
            self._check(head)
        except BaseException:
            self.close()
            raise

    def _check(self, head: bytes) -> None:
        # One that has just ended may have removed the file before it let go of it.
        if try_lock(self._handle) is False or not os.fstat(self._handle).st_nlink:
            # Then it is not ours to remove, even if it was not there a moment ago.
            self._is_new = False
            raise DestinationError(
                tr("Another run is writing to {path}.", path=self._path),
                hint=tr("Wait for it, or choose another file."),
            )
        try:
            with open_regular(self._path) as file:
                beginning = file.read(len(head))
        except OSError as error:
            raise file_error(self._path, error) from error
        if beginning and not beginning.startswith(head):
            raise DestinationError(
                tr("{path} is not the journal of an earlier run.", path=self._path.name),
                hint=tr("Name a new file, or the journal of an earlier run."),
                settings=("resume",),
            )

    def tables(self) -> Iterator[dict[str, Any]]:
        """The whole lines, which may be of other versions or changed by hand; a torn last one is cut off.

        Raises:
            DestinationError: It cannot be read or written.
        """
        whole, is_torn = 0, False
        try:
            for line in read_lines(self._path, _LONGEST_LINE):
                is_torn = not line.endswith(b"\n")
                if is_torn:
                    break
                whole += len(line)
                table = _table(line)
                if table is not None:
                    yield table
            if is_torn:
                os.ftruncate(self._handle, whole)
        except OSError as error:
            raise file_error(self._path, error) from error

    def append(self, table: Mapping[str, Any]) -> None:
        """Write a line at once.

        Raises:
            DestinationError: It cannot be written.
        """
        view = memoryview(json_document(table).encode() + b"\n")
        try:
            while view:
                view = view[os.write(self._handle, view) :]
        except OSError as error:
            raise file_error(self._path, error) from error

    def close(self) -> None:
        """Close it and release the lock. May be called twice."""
        if self._handle < 0:
            return
        handle, self._handle = self._handle, -1
        # If nothing was finished, no file stays. Another run that waits for it must not write to one that is
        # removed: here it goes while it is locked; Windows removes no file that anyone has open.
        is_unused = self._is_new and not os.fstat(handle).st_size
        if is_unused and os.name == "posix":
            self._remove()
        os.close(handle)
        if is_unused and os.name != "posix":
            self._remove()

    def _remove(self) -> None:
        with suppress(OSError):
            self._path.unlink()


def _table(line: bytes) -> dict[str, Any] | None:
    try:
        table = parse_json(line)
    except ValueError:
        return None
    return table if isinstance(table, dict) else None
