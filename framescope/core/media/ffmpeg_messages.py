"""Redirects FFmpeg's messages into the log.

PyAV can pass FFmpeg's messages to Python. But then FFmpeg's threads need the GIL to report damage, while
closing a decoder holds the GIL and waits for them: a deadlock. Here FFmpeg writes to stderr, as it does in C
programs, and stderr is a non-blocking pipe; what does not fit into it is lost. On Windows, where writing to a
pipe blocks, nothing is logged.

Lost RTP packets are reported in no other way, so these messages are also counted; see `rtp_losses`.
"""

from __future__ import annotations

import logging
import os
import re
import select
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
_LOSS = re.compile(rb"RTP: (missed \d+ packets|PT=)")
"""Packets did not arrive, or one was refused."""
_MARK = re.compile(rb"\0(\d{1,18})\0")
"""Written into the pipe to learn when all that was written before has been read."""
_LONGEST_READ_S = 1.0
_MOST_KINDS = 1000
_READ_BYTES = 1 << 16
_LONGEST_LINE = 1 << 12
_STDERR = 2
_ACTIVE = threading.Lock()
"""Held while messages are redirected: a process has only one stderr."""

_source = ""


class _Losses:
    """Counts the losses of RTP packets that messages report. Threads: any."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._pipe: int | None = None
        self._count = self._marks = self._last_read = 0

    def connect(self, pipe: int | None) -> None:
        """Messages are written to this pipe from now on; None: they are not read."""
        with self._changed:
            self._pipe = pipe
            self._changed.notify_all()

    def add(self) -> None:
        """A loss was reported, or may have been."""
        with self._changed:
            self._count += 1

    def reach(self, mark: int) -> None:
        """All that was written before this mark has been read."""
        with self._changed:
            self._last_read = mark
            self._changed.notify_all()

    def count(self) -> int | None:
        """See `rtp_losses`."""
        with self._changed:
            if self._pipe is None:
                return None
            self._marks += 1
            mark = self._marks
            try:
                os.write(self._pipe, b"\0%d\0" % mark)
            except OSError:
                # It is full: messages may have been lost, too.
                self._count += 1
                return self._count
            self._changed.wait_for(
                lambda: self._last_read >= mark or self._pipe is None, timeout=_LONGEST_READ_S
            )
            # Nobody knows what has not been read.
            self._count += self._last_read < mark
            return self._count


_losses = _Losses()


def rtp_losses() -> int | None:
    """How many losses of RTP packets FFmpeg has reported in this process; None if its messages are not read.

    What it reported in the calling thread is included. Messages that may have been lost count, too.
    """
    return _losses.count()


def note_source(name: str) -> None:
    """Note the file opened last: the messages that follow are most likely about it."""
    global _source  # noqa: PLW0603 - a process has one FFmpeg and one log
    _source = name


@contextmanager
def ffmpeg_messages_logged() -> Iterator[None]:
    """Log FFmpeg's warnings while the block runs; the rest of stderr passes through. Threads: main.

    Nesting has no effect.
    """
    if os.name != "posix" or not _ACTIVE.acquire(blocking=False):
        yield
        return
    try:
        with _stderr_read():
            yield
    finally:
        _ACTIVE.release()


@contextmanager
def _stderr_read() -> Iterator[None]:
    opened: list[int] = []
    try:
        opened += [os.dup(_STDERR), os.dup(_STDERR)]
        for _ in range(2):
            opened += os.pipe()
    except OSError:
        # Stderr is closed, or too many files are open.
        for descriptor in opened:
            os.close(descriptor)
        yield
        return
    terminal, for_python, receiver, sender, stop, stopper = opened
    os.set_blocking(sender, False)
    os.dup2(sender, _STDERR)
    python_stderr = sys.stderr
    # Python's own output must not be lost, so it does not go through the pipe.
    own_stderr = os.fdopen(for_python, "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    if python_stderr is None or python_stderr is sys.__stderr__:
        sys.stderr = own_stderr
    reader = threading.Thread(
        target=_read, args=(receiver, stop, terminal), name="ffmpeg messages", daemon=True
    )
    reader.start()
    _losses.connect(sender)
    av.logging.set_libav_level(av.logging.WARNING)
    av.logging.restore_default_callback()
    try:
        yield
    finally:
        av.logging.set_level(None)
        os.dup2(terminal, _STDERR)
        _losses.connect(None)
        os.close(sender)
        # The pipe may never reach its end: a child process started meanwhile may hold it open for hours.
        os.write(stopper, b".")
        os.close(stopper)
        # This blocks only if the terminal does.
        reader.join(timeout=1.0)
        # Not earlier: what is still in the pipe may be logged to Python's stderr.
        sys.stderr = python_stderr
        with suppress(OSError, ValueError):
            own_stderr.close()
        if not reader.is_alive():
            for descriptor in (receiver, stop, terminal):
                os.close(descriptor)


def _read(receiver: int, stop: int, terminal: int) -> None:
    """Distribute the pipe's data between the log and the terminal, until it ends."""
    counts: Counter[tuple[str, str]] = Counter()
    rest = b""
    for data in _pieces(receiver, stop):
        if len(data) > _READ_BYTES // 2:
            # The pipe was full, or nearly so.
            _losses.add()
        marks = _MARK.findall(rest + data)
        *lines, rest = _MARK.sub(b"", rest + data).split(b"\n")
        if len(rest) > _LONGEST_LINE:
            lines.append(rest)
            rest = b""
        for line in lines:
            if _LOSS.search(line):
                _losses.add()
            _share_out(line, terminal, counts)
        if marks:
            _losses.reach(int(marks[-1]))
    if rest:
        _share_out(rest, terminal, counts)


def _pieces(receiver: int, stop: int) -> Iterator[bytes]:
    """Read a pipe until it is closed, or until ``stop`` is readable and the pipe is empty."""
    os.set_blocking(receiver, False)
    poll = select.poll()
    poll.register(receiver, select.POLLIN)
    poll.register(stop, select.POLLIN)
    is_stopped = False
    while True:
        try:
            data = os.read(receiver, _READ_BYTES)
        except BlockingIOError:
            if is_stopped:
                return
            is_stopped = any(descriptor == stop for descriptor, _ in poll.poll())
            continue
        if not data:
            return
        yield data


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
    # A damaged file causes thousands that differ only in numbers: log the first ones, then a count.
    if count <= 3 or str(count).strip("0") == "1":
        also = f" (message {count} of this kind)" if count > 3 else ""
        _LOG.warning("%s: %s: %s%s", _source or "no file", message["part"], message["words"], also)
