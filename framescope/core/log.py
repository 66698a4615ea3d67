"""The program's log: a rotating file in the platform's log folder. Nothing leaves the machine."""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import sys
from contextlib import contextmanager, suppress
from enum import StrEnum
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from framescope.core.addresses import masked
from framescope.core.errors import DestinationError
from framescope.core.files import file_error
from framescope.core.folders import is_usable_folder, log_folder
from framescope.core.outside import open_regular
from framescope.core.printable import printable
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper
    from pathlib import Path


class LogLevel(StrEnum):
    """The log levels, most verbose first."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


LOGGED = ("framescope", "qt", "ffmpeg")
"""The loggers whose records go into the file."""
_SHOWN = 2
"""How many of them also show warnings in the terminal."""

_NAME = "framescope.log"
_MOST_BYTES = 1 << 20
_OLD_FILES = 3
MOST_LOG_BYTES = _MOST_BYTES * (_OLD_FILES + 1)
"""The most that the files of the default log take on disk."""
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
_LINE = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ ")
"""How a line of a log begins."""

_current: list[LogFile] = []
_given: list[LogLevel] = []
"""The level that the command line asked for, if it did."""


class LogFile(RotatingFileHandler):
    """Writes records into the log file, and what Python says when the interpreter itself crashes."""

    def __init__(self, path: Path, *, rotates: bool) -> None:
        """Open the file to add to it.

        Raises:
            OSError: It cannot be opened.
        """
        self.path = path
        self._had_faulthandler = faulthandler.is_enabled()
        super().__init__(
            path,
            maxBytes=_MOST_BYTES if rotates else 0,
            backupCount=_OLD_FILES,
            encoding="utf-8",
            errors="backslashreplace",
        )
        self.setFormatter(_SafeFormatter(_FORMAT))

    def _open(self) -> TextIOWrapper:
        stream: TextIOWrapper = super()._open()
        # It keeps the file's number, which rotating gives to another file.
        faulthandler.enable(stream)
        return stream

    def doRollover(self) -> None:  # noqa: N802 - logging's name
        """Begin a new file, or continue this one where another window has it open, as on Windows."""
        try:
            super().doRollover()
        except OSError:
            self.stream = self._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Stop logging if the disk is full: nothing else may be affected."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)
            return
        self.close()
        for name in LOGGED:
            logging.getLogger(name).removeHandler(self)

    def close(self) -> None:
        """Close the file."""
        faulthandler.disable()
        if self._had_faulthandler and sys.__stderr__ is not None:
            with suppress(OSError, ValueError):
                faulthandler.enable(sys.__stderr__)
        # What is held back may not fit on the disk.
        with suppress(OSError, ValueError):
            super().close()


class _SafeFormatter(logging.Formatter):
    """Keeps control characters, and passwords and tokens in addresses, out of the log.

    Lines after the first one of a record are indented, so that no file name can pass for a record.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record with its traceback, safe to show and to pass on."""
        text = masked(super().format(record))
        return "\n    ".join(map(printable, text.split("\n")))


@contextmanager
def logging_to(path: Path | None, level: str | None) -> Iterator[None]:
    """Write the log while the block runs. Threads: main.

    Args:
        path: A file to append to; None for the default one, and for no log where that cannot be written.
        level: One of `LogLevel`; None for *info* until `use_level` changes it.

    Raises:
        DestinationError: ``path`` cannot be written, or holds something else than a log.
    """
    log = _log_at(path) if path is not None else _own_log()
    # Without any handler, warnings of FFmpeg would go to the terminal.
    handler: logging.Handler = log or logging.NullHandler()
    loggers = [logging.getLogger(name) for name in LOGGED]
    before = [one.level for one in loggers]
    for one in loggers:
        one.setLevel((level or LogLevel.INFO).upper())
        one.addHandler(handler)
    # Without a handler, Python writes warnings to stderr. FrameScope's and Qt's still go there.
    terminal = logging.lastResort or logging.NullHandler()
    shown = loggers[:_SHOWN]
    for one in shown:
        one.addHandler(terminal)
    if log is not None:
        _current.append(log)
    given = [] if level is None else [LogLevel(level)]
    _given.extend(given)
    try:
        yield
    finally:
        del _given[len(_given) - len(given) :]
        if log is not None:
            _current.remove(log)
        for one in shown:
            one.removeHandler(terminal)
        for one, old in zip(loggers, before, strict=True):
            one.removeHandler(handler)
            one.setLevel(old)
        handler.close()


def given_level() -> LogLevel | None:
    """The level that the command line asked for; None if it did not."""
    return _given[-1] if _given else None


def use_level(level: LogLevel) -> None:
    """Log messages from this level on, unless the command line asked for another. Threads: main."""
    if not _given:
        for name in LOGGED:
            logging.getLogger(name).setLevel(level.upper())


def log_path() -> Path | None:
    """The file that is being written; None if there is no log."""
    return _current[-1].path if _current else None


def log_tail(most_bytes: int = 64 << 10) -> str:
    """The end of the log, in whole lines, for the user to read and send; empty if there is no log."""
    path = log_path()
    if path is None:
        return ""
    _current[-1].flush()
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(size - most_bytes, 0))
            data = file.read(most_bytes)
    except OSError:
        return ""
    whole = data if len(data) == size else data.partition(b"\n")[2]
    return whole.decode("utf-8", errors="replace")


def _own_log() -> LogFile | None:
    folder = log_folder()
    if folder is None or not is_usable_folder(folder):
        return None
    try:
        return _opened(folder / _NAME, rotates=True)
    except (OSError, DestinationError):
        return None


def _log_at(path: Path) -> LogFile:
    try:
        return _opened(path, rotates=False)
    except FileNotFoundError as error:
        raise DestinationError(tr("There is no folder {parent} for the log.", parent=path.parent)) from error
    except OSError as error:
        raise file_error(path, error) from error


def _opened(path: Path, *, rotates: bool) -> LogFile:
    """A log in a file that is empty, a log, or not there.

    Raises:
        DestinationError: It holds something else.
        OSError: It cannot be opened, or is not a regular file.
    """
    if os.path.lexists(path):
        with open_regular(path) as file:
            start = file.read(64)
        # The default one may begin with a crash, or in the middle of a line.
        if start and not rotates and _LINE.match(start) is None:
            raise DestinationError(
                tr("{path} is not a log file and was not changed.", path=path),
                hint=tr("Choose a file name that does not exist yet."),
            )
    return LogFile(path, rotates=rotates)
