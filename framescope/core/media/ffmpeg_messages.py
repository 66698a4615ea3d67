"""Redirects FFmpeg's messages into the log.

PyAV can pass FFmpeg's messages to Python. But then FFmpeg's threads need the GIL to report damage, while
closing a decoder holds the GIL and waits for them: a deadlock. Here FFmpeg writes to stderr, as it does in C
programs, and stderr is a non-blocking pipe; what does not fit into it is lost. On Windows, where writing to a
pipe blocks, nothing is logged.

Lost RTP packets are reported in no other way, so these messages are also counted; see `rtp_losses`.
"""

from __future__ import annotations

import io
import logging
import os
import re
import select
import sys
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from queue import Queue
from typing import TYPE_CHECKING, NamedTuple

import av.logging

from framescope.core.forking import run_in_children

if sys.platform == "linux":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LOG = logging.getLogger("ffmpeg")
_MESSAGE = re.compile(r"\[(?P<part>[^\[\]@]{1,80}) @ (?:0x)?[0-9a-fA-F]{6,16}\] (?P<words>.*)")
_REPEATED = re.compile(r"\s*Last message repeated \d+ times")
_NUMBERS = re.compile(r"0x[0-9a-fA-F]+|-?\d+")
_LOSS = re.compile(rb"(?:@ (?:0x)?([0-9a-fA-F]{6,16})\] )?RTP: (?:missed \d+ packets|PT=)")
"""Packets did not arrive, or one was refused."""
_MARK = re.compile(rb"\0(\d{1,18})\0")
"""Written into the pipe to learn when all that was written before has been read."""
_LONGEST_READ_S = 1.0
_MOST_KINDS = 1000
_MOST_LINES = 10_000
"""Lines that wait for the log or the terminal, before those that follow wait in the pipe."""
_PIPE_BYTES = 1 << 20
"""What the pipe is to hold, and a read takes: all of it."""
_SMALLEST_PIPE = 1 << 14
"""What it holds on systems that do not tell."""
_LONGEST_LINE = 1 << 12
_STDERR = 2
_ACTIVE = threading.Lock()
"""Held while messages are redirected: a process has only one stderr."""

_source = ""


class RtpLosses(NamedTuple):
    """How many losses of RTP packets FFmpeg has reported in this process.

    Attributes:
        anywhere: Those that may be of any connection, and the times when messages may have been lost.
        by_context: The others, by the address of FFmpeg's context of the connection.
    """

    anywhere: int
    by_context: Mapping[int, int]


class _Losses:
    """Counts the losses of RTP packets that messages report. Threads: any."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._pipe: int | None = None
        self._anywhere = self._marks = self._last_read = 0
        self._by_context: Counter[int] = Counter()
        self._is_stuck = False

    def connect(self, pipe: int | None) -> None:
        """Messages are written to this pipe from now on; None: they are not read."""
        with self._changed:
            self._pipe, self._is_stuck = pipe, False
            self._changed.notify_all()

    def add(self, context: int | None = None) -> None:
        """A loss was reported, or may have been."""
        with self._changed:
            if context is None:
                self._anywhere += 1
            else:
                self._by_context[context] += 1

    def reach(self, mark: int) -> None:
        """All that was written before this mark has been read."""
        with self._changed:
            self._last_read = mark
            self._is_stuck = False
            self._changed.notify_all()

    def count(self) -> RtpLosses | None:
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
                self._anywhere += 1
            else:
                self._await(mark)
            return RtpLosses(self._anywhere, dict(self._by_context))

    def _await(self, mark: int) -> None:
        # Where nothing was read for so long, the next packets are not to wait as long, each.
        self._changed.wait_for(
            lambda: self._last_read >= mark or self._pipe is None,
            timeout=0 if self._is_stuck else _LONGEST_READ_S,
        )
        if self._last_read < mark:
            # Nobody knows what has not been read.
            self._is_stuck = True
            self._anywhere += 1


_losses = _Losses()


def _forget_parent() -> None:
    """In a forked process: the thread that reads the pipe is the parent's, and so are the marks."""
    global _losses  # noqa: PLW0603 - a lock of the parent's may be held for good
    _losses = _Losses()


run_in_children(_forget_parent)


def rtp_losses() -> RtpLosses | None:
    """The losses of RTP packets that FFmpeg has reported in this process; None if its messages are not read.

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
    size = _widened(sender)
    lines: Queue[bytes | None] = Queue(_MOST_LINES)
    threads = [
        threading.Thread(
            target=_read, args=(receiver, stop, size, lines), name="ffmpeg messages", daemon=True
        ),
        threading.Thread(target=_write, args=(lines, terminal), name="ffmpeg log", daemon=True),
    ]
    try:
        with _python_writes_to(for_python):
            os.dup2(sender, _STDERR)
            for thread in threads:
                thread.start()
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
                # The pipe may never reach its end: a child process may hold it open for hours.
                os.write(stopper, b".")
                os.close(stopper)
                for thread in threads:
                    _join(thread, lines)
    finally:
        os.close(for_python)
        if not any(thread.is_alive() for thread in threads):
            for descriptor in (receiver, stop, terminal):
                os.close(descriptor)


def _join(thread: threading.Thread, lines: Queue[bytes | None]) -> None:
    """Wait for a thread as long as lines are taken; a terminal or a log may be slow, or take nothing."""
    left = -1
    while thread.is_alive() and lines.qsize() != left:
        left = lines.qsize()
        thread.join(timeout=1.0)


def _widened(pipe: int) -> int:
    """Let a pipe hold more, where the system can; returns how many bytes it holds."""
    if sys.platform != "linux":
        return _SMALLEST_PIPE
    # Denied to users who have many pipes.
    with suppress(OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)


@contextmanager
def _python_writes_to(descriptor: int) -> Iterator[None]:
    """Let what Python writes to stderr go to a descriptor of its own; the pipe may be full.

    Handlers of logging and others keep the stream that was stderr when they were made. So the stream stays,
    and its file is set to the other descriptor.
    """
    buffer = getattr(sys.__stderr__, "buffer", None)
    # With python -u there is no buffer.
    file = getattr(buffer, "raw", buffer)
    if not isinstance(file, io.FileIO) or file.closed or file.fileno() != _STDERR:
        yield
        return
    io.FileIO.__init__(file, descriptor, "w", closefd=False)
    try:
        yield
    finally:
        if not file.closed:
            io.FileIO.__init__(file, _STDERR, "w", closefd=False)


def _read(receiver: int, stop: int, size: int, lines: Queue[bytes | None]) -> None:
    """Take losses and marks from a pipe of this size, and pass on its lines, until it ends."""
    rest = b""
    for data in _pieces(receiver, stop):
        if len(data) > size // 2:
            # The pipe was full, or nearly so: a message takes up to twice its length there.
            _losses.add()
        marks = _MARK.findall(rest + data)
        *complete, rest = _MARK.sub(b"", rest + data).split(b"\n")
        if len(rest) > _LONGEST_LINE:
            complete.append(rest)
            rest = b""
        for line in complete:
            if loss := _LOSS.search(line):
                _losses.add(int(loss[1], 16) if loss[1] else None)
        if marks:
            _losses.reach(int(marks[-1]))
        for line in complete:
            # It waits where the log or the terminal does not take more.
            lines.put(line)
    if rest:
        lines.put(rest)
    lines.put(None)


def _write(lines: Queue[bytes | None], terminal: int) -> None:
    """Distribute lines between the log and the terminal, until None follows."""
    counts: Counter[tuple[str, str]] = Counter()
    while (line := lines.get()) is not None:
        _share_out(line, terminal, counts)


def _pieces(receiver: int, stop: int) -> Iterator[bytes]:
    """Read a pipe until it is closed, or until ``stop`` is readable and the pipe is empty."""
    os.set_blocking(receiver, False)
    poll = select.poll()
    poll.register(receiver, select.POLLIN)
    poll.register(stop, select.POLLIN)
    is_stopped = False
    while True:
        try:
            data = os.read(receiver, _PIPE_BYTES)
        except BlockingIOError:
            if is_stopped:
                return
            is_stopped = any(descriptor == stop for descriptor, _ in poll.poll())
            continue
        if not data:
            return
        yield data


def _write_all(descriptor: int, data: bytes) -> None:
    """Write to what may be full, closed, or not wait (another program may have set that)."""
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:
            poll = select.poll()
            poll.register(descriptor, select.POLLOUT)
            poll.poll()
        except OSError:
            return


def _share_out(line: bytes, terminal: int, counts: Counter[tuple[str, str]]) -> None:
    text = line.decode("utf-8", errors="replace")
    message = _MESSAGE.match(text)
    if message is None:
        if not _REPEATED.fullmatch(text):
            _write_all(terminal, line + b"\n")
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
