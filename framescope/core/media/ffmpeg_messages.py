"""Puts what FFmpeg says about a file into the log.

PyAV can hand FFmpeg's messages to Python. But then FFmpeg's threads need the interpreter's lock to report
damage, while closing a decoder holds that lock and waits for them: a deadlock. Here FFmpeg writes to stderr,
as it does in C programs, and stderr is a pipe whose writers never wait; what does not fit into it is lost.
On Windows, where pipes make their writers wait, nothing is logged.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import av.logging

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOG = logging.getLogger("ffmpeg")
_MESSAGE = re.compile(r"\[(?P<part>[^\[\]@]{1,80}) @ (?:0x)?[0-9a-fA-F]{6,16}\] (?P<words>.*)")
_REPEATED = re.compile(r"\s*Last message repeated \d+ times")
_NUMBERS = re.compile(r"0x[0-9a-fA-F]+|-?\d+")
_MOST_KINDS = 1000
_READ_BYTES = 1 << 16
_LONGEST_LINE = 1 << 12
_STDERR = 2

_source = ""


def note_source(name: str) -> None:
    """Say which file was opened last: the messages that follow are about it, as far as anybody can tell."""
    global _source  # noqa: PLW0603 - there is one FFmpeg in a process, and one log
    _source = name


@contextmanager
def ffmpeg_messages_logged() -> Iterator[None]:
    """Log FFmpeg's warnings while the block runs; the rest of stderr still gets there. Threads: main."""
    if os.name != "posix":
        yield
        return
    try:
        terminal = os.dup(_STDERR)
        receiver, sender = os.pipe()
    except OSError:
        # Stderr is closed, or too many files are open.
        yield
        return
    os.set_blocking(sender, False)
    os.dup2(sender, _STDERR)
    os.close(sender)
    python_stderr = sys.stderr
    # Python's own lines have no need to go through the pipe, and must not be lost.
    sys.stderr = os.fdopen(os.dup(terminal), "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    reader = threading.Thread(target=_read, args=(receiver, terminal), name="ffmpeg messages", daemon=True)
    reader.start()
    av.logging.set_libav_level(av.logging.WARNING)
    av.logging.restore_default_callback()
    try:
        yield
    finally:
        av.logging.set_level(None)
        with suppress(OSError, ValueError):
            sys.stderr.close()
        sys.stderr = python_stderr
        # Nobody has the pipe's other end any more, but for processes that were started and still run.
        os.dup2(terminal, _STDERR)
        reader.join(timeout=1.0)
        if not reader.is_alive():
            os.close(receiver)
            os.close(terminal)


def _read(receiver: int, terminal: int) -> None:
    """Share out what comes through the pipe between the log and the terminal, until it is closed."""
    counts: Counter[tuple[str, str]] = Counter()
    rest = b""
    while data := os.read(receiver, _READ_BYTES):
        *lines, rest = (rest + data).split(b"\n")
        if len(rest) > _LONGEST_LINE:
            lines.append(rest)
            rest = b""
        for line in lines:
            _share_out(line, terminal, counts)
    if rest:
        _share_out(rest, terminal, counts)


def _share_out(line: bytes, terminal: int, counts: Counter[tuple[str, str]]) -> None:
    text = line.decode("utf-8", errors="replace")
    message = _MESSAGE.match(text)
    if message is None:
        if not _REPEATED.fullmatch(text):
            with suppress(OSError):
                os.write(terminal, line + b"\n")
        return
    kind = (_source, _NUMBERS.sub("#", message["words"]))
    if len(counts) >= _MOST_KINDS and kind not in counts:
        return
    counts[kind] += 1
    count = counts[kind]
    # A damaged file brings thousands that differ in a number: the first ones, and then how many.
    if count <= 3 or str(count).strip("0") == "1":
        also = f" (message {count} of this kind)" if count > 3 else ""
        _LOG.warning("%s: %s: %s%s", _source or "no file", message["part"], message["words"], also)
