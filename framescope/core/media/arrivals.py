"""Buffers a stream of unknown length on disk, so that frame *n* is the same on every read.

An endless server sends different bytes to each connection. So there is one connection, its data goes into a
temporary file, and every reader of the address reads that file from the beginning.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from framescope.core.errors import OpenError
from framescope.core.folders import temporary_file_error
from framescope.core.translation import tr

if TYPE_CHECKING:
    from http.client import HTTPResponse

_PIECE = 1 << 16
_MOST_BYTES = 16 << 30
_LEFT_FREE_BYTES = 1 << 30
_PIECES_A_LOOK = 256
_SILENCE_S = 15.0
"""After this long without data, what has arrived is taken as the complete stream."""
_UNREAD_S = 30.0
"""After this long without a reader, the download stops."""

_WHOLE_SIZE = 0x10000
"""FFmpeg's AVSEEK_SIZE."""

_lock = threading.Lock()
_known: dict[str, Arrivals] = {}
_turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
"""Held while connecting to an address, which may take long. Each lock is dropped once no thread uses it."""


class Arrivals:
    """The data that one address has delivered so far. Threads: any."""

    def __init__(self, response: HTTPResponse) -> None:
        """Continue fetching in the background.

        Raises:
            FrameScopeError: No temporary file can be made.
        """
        try:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this
        except OSError as error:
            raise temporary_file_error(error) from error
        self._response = response
        self._changed = threading.Condition()
        self._size = 0
        self._has_ended = False
        self.is_cut = False
        """Whether more data might have followed; known once the download has ended."""
        self._readers = 0
        self._unread_since = time.monotonic()
        threading.Thread(target=self._receive, name="arrivals", daemon=True).start()

    @property
    def size(self) -> int | None:
        """Total size in bytes; None while more may arrive."""
        return self._size if self._has_ended else None

    @property
    def is_read(self) -> bool:
        """Whether a reader has it open."""
        return self._readers > 0

    def stop(self) -> None:
        """Stop the download and treat what has arrived as the complete stream."""
        self._end(is_cut=True)

    def _end(self, *, is_cut: bool) -> None:
        with self._changed:
            self.is_cut = is_cut if not self._has_ended else self.is_cut
            self._has_ended = True
            self._changed.notify_all()

    def read(self, position: int, size: int) -> bytes:
        """Up to ``size`` bytes from ``position``; waits for the first byte, and returns none at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_ended or self._size > position, _SILENCE_S)
            if self._size <= position:
                self.stop()
                return b""
            self._file.seek(position)
            return self._file.read(min(size, self._size - position))

    def count_reader(self, change: int) -> None:
        """Count a reader that opened (1) or closed (-1) it."""
        with self._changed:
            self._readers += change
            self._unread_since = time.monotonic()

    def __del__(self) -> None:
        # Readers and the download thread hold a reference to this object, so none of them is left.
        if hasattr(self, "_file"):
            self._file.close()

    def _receive(self) -> None:
        is_cut = True
        try:
            with self._response as response:
                pieces = 0
                while not self._has_ended:
                    piece = response.read1(_PIECE)
                    if not piece:
                        is_cut = False
                        break
                    if pieces % _PIECES_A_LOOK == 0 and self._is_too_much():
                        break
                    pieces += 1
                    with self._changed:
                        self._file.seek(self._size)
                        self._file.write(piece)
                        self._size += len(piece)
                        self._changed.notify_all()
        except (OSError, ValueError):
            # The connection broke, or the disk is full. What arrived before that can be read.
            pass
        finally:
            self._end(is_cut=is_cut)

    def _is_too_much(self) -> bool:
        is_unread = not self._readers and time.monotonic() - self._unread_since > _UNREAD_S
        is_full = shutil.disk_usage(tempfile.gettempdir()).free < _LEFT_FREE_BYTES
        return is_unread or is_full or self._size > _MOST_BYTES


class ArrivalsFile:
    """A file object over the arriving data, for PyAV. Threads: one at a time."""

    def __init__(self, arrivals: Arrivals, name: str) -> None:
        self.name = name
        self._arrivals = arrivals
        self._position = 0
        arrivals.count_reader(1)

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end."""
        data = self._arrivals.read(self._position, size)
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a position; -1 if it is relative to an unknown end."""
        whole = self._arrivals.size
        if whence == _WHOLE_SIZE:
            return -1 if whole is None else whole
        start = {0: 0, 1: self._position, 2: whole}.get(whence)
        if start is None or start + offset < 0:
            return -1
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        """The current position."""
        return self._position

    def __del__(self) -> None:
        # The container keeps its file and drops it without closing it.
        self._arrivals.count_reader(-1)


def arrivals_of(address: str) -> Arrivals | None:
    """The data being fetched from an address; None if its end is known. Threads: any."""
    with _lock:
        return _known.get(address)


def refuse_without_end(address: str) -> None:
    """Refuse an operation that needs the complete file or a second connection, if the source is endless.

    Raises:
        OpenError: Its end is unknown, so that another connection would deliver other frames.
    """
    arrivals = arrivals_of(address)
    if arrivals is not None and (arrivals.size is None or arrivals.is_cut):
        raise OpenError(
            tr(
                "{address} has no known end, and each connection delivers different frames: libraries"
                " cannot be"
                " compared on it.",
                address=address,
            ),
            hint=tr("Record part of it to a file first."),
        )


def arriving_file(address: str) -> ArrivalsFile | None:
    """Read what is being fetched from an address, from its beginning; None if nothing is. Threads: any."""
    # Under the lock, so that it is counted as a reader before unused entries are dropped.
    with _lock:
        arrivals = _known.get(address)
        return None if arrivals is None else ArrivalsFile(arrivals, address)


def begin_arrivals(address: str) -> ArrivalsFile:
    """Fetch from an address (http or https) from now on, and read it. Threads: any.

    A second caller waits for the first and shares its connection.

    Raises:
        OSError: The server does not answer.
        FrameScopeError: No temporary file can be made.
    """
    # Rarely needed, and it imports all of Python's HTTP client.
    from urllib.request import Request, urlopen  # noqa: PLC0415

    with _lock:
        turn = _turns.setdefault(address, threading.Lock())
    with turn:
        file = arriving_file(address)
        if file is not None:
            return file
        request = Request(address, headers={"User-Agent": "FrameScope"})
        response: Any = urlopen(request, timeout=_SILENCE_S)
        try:
            arrivals = Arrivals(response)
        except BaseException:
            response.close()
            raise
        with _lock:
            _known[address] = arrivals
            return ArrivalsFile(arrivals, address)


def forget_arrivals(address: str) -> None:
    """Let the next reader of an address connect again, unless the buffered data is still being read."""
    with _lock:
        arrivals = _known.get(address)
        if arrivals is not None and not arrivals.is_read:
            arrivals.stop()
            del _known[address]
