"""Reads objects of a store as files: range requests, a bounded cache, and never bytes of two versions.

Every file object that reads the same version of an object shares one cache of its blocks. What is fetched is
proved to be of that version, by the server (``If-Match``) or by asking for the object's state afterwards.

fsspec's own caches fetch pieces of one size: small ones make reading through slow, and with large ones a look
at a few keyframes fetches the whole video. Here, a request is twice as large as what was read in a row.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import math
import os
import threading
from collections import OrderedDict, deque
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from framescope.core.addresses import masked
from framescope.core.errors import FrameScopeError, MissingFileError, OpenError, UnsupportedMediaError
from framescope.core.files import part_file
from framescope.core.folders import temporary_folder
from framescope.core.forking import renew_in_children
from framescope.core.model.progress import check_cancelled
from framescope.core.model.stream_facts import FileState
from framescope.core.storage import ask, facts_of, incomplete, is_missing, is_stored, place_of
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from _typeshed import WriteableBuffer

    from framescope.core.model.progress import CancelToken

_BLOCK_BYTES = 1 << 16
_MOST_BLOCKS = 768
"""Blocks of one object that are kept: 48 MiB."""
_LONGEST_RUN = 32
"""Most blocks that one request fetches."""
_MOST_TRACKS = 4
"""Places in an object that one reader reads from in turn, such as sound and pictures that lie apart."""
_MOST_KEPT = 2
"""So many objects keep their blocks although nothing reads them: opening a video opens it several times."""
_AT_ONCE = 8
"""Requests for places that are known in advance."""
_LOOK_S = 0.1
"""How often a wait looks whether it was cancelled."""
_WHOLE_SIZE = 0x10000
"""FFmpeg's AVSEEK_SIZE."""
_STORED = -1
"""The device of a `FileState` that is not of a disk."""
_VERSIONS = (
    *("ETag", "etag", "VersionId", "version_id", "generation", "md5Hash", "crc32c", "content_md5"),
    *("Content-MD5", "Digest", "blob_id", "oid", "lfs"),
)
"""What file systems of fsspec call the facts that change whenever an object does."""
_TIMES = ("LastModified", "last_modified", "Last-Modified", "updated", "mtime", "modified")


class RemoteObject:
    """One version of an object, and the blocks of it that were read last. Threads: any.

    Attributes:
        address: Where it is.
        state: The version that is read.
    """

    def __init__(self, address: str) -> None:
        """Ask for its state.

        Raises:
            MissingFileError: There is no such object.
            UnsupportedMediaError: Its package is not installed, or its server gives it in one piece only.
            OpenError: The server does not answer, or denies access.
        """
        self.address = address
        self._place = place_of(address)
        if "/" not in self._place.path.strip("/"):
            raise incomplete(address)
        facts, self._handle = ask(address, self._opened)
        size = facts.get("size")
        if facts.get("type") == "directory":
            raise MissingFileError(
                tr("{address} is a folder.", address=masked(address)), hint=tr("Choose a video in it.")
            )
        if not isinstance(size, int) or not hasattr(self._handle, "cache"):
            raise UnsupportedMediaError(
                tr("{address} cannot be read in parts.", address=masked(address)),
                hint=tr("Download it, and open the file."),
            )
        self.state = _state_in(facts)
        self._lock = threading.Lock()
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._under_way: dict[int, threading.Event] = {}

    def _opened(self) -> tuple[Mapping[str, Any], Any]:
        # Without its own cache: the blocks are shared by all that read the object.
        handle = self._place.system.open(self._place.path, "rb", block_size=_BLOCK_BYTES, cache_type="none")
        conditions = {**getattr(handle, "req_kw", {}), **getattr(handle, "read_kw", {})}
        self._is_guarded = "IfMatch" in conditions
        return handle.details if self._is_guarded else facts_of(self._place), handle

    def block(self, number: int, run: int) -> bytes:
        """A block; if it is not there, up to ``run`` blocks from it on are fetched at once.

        Raises:
            OpenError: The server does not answer, or the object is no longer this version.
            Cancelled: The work was cancelled.
        """
        while True:
            with self._lock:
                found = self._blocks.get(number)
                if found is not None:
                    self._blocks.move_to_end(number)
                    return found
                others = self._under_way.get(number)
                if others is None:
                    wanted = self._missing(number, run)
                    arrived = threading.Event()
                    self._under_way.update(dict.fromkeys(wanted, arrived))
                    break
            while not others.wait(_LOOK_S):
                check_cancelled()
        try:
            return self._fetched(wanted)
        finally:
            with self._lock:
                for one in wanted:
                    del self._under_way[one]
            arrived.set()

    def _missing(self, number: int, run: int) -> range:
        """The blocks from here on that are neither there nor under way."""
        end = number + 1
        last = min(number + run, -(-self.state.size // _BLOCK_BYTES))
        while end < last and end not in self._blocks and end not in self._under_way:
            end += 1
        return range(number, end)

    def _fetched(self, wanted: range) -> bytes:
        start, end = wanted.start * _BLOCK_BYTES, min(wanted.stop * _BLOCK_BYTES, self.state.size)
        data = ask(self.address, lambda: self._fetch_once(start, end))
        blocks = [data[at : at + _BLOCK_BYTES] for at in range(0, len(data), _BLOCK_BYTES)]
        with self._lock:
            self._blocks.update(zip(wanted, blocks, strict=True))
            while len(self._blocks) > _MOST_BLOCKS:
                self._blocks.popitem(last=False)
        return blocks[0]

    def _fetch_once(self, start: int, end: int) -> bytes:
        try:
            data: bytes = self._handle.cache.fetcher(start, end)
        except Exception:
            self._check(is_certain=False)
            raise
        if len(data) != end - start:
            self._check(is_certain=False)
            raise ConnectionError(tr("the server sent fewer bytes than it was asked for"))
        if not self._is_guarded:
            self._check(is_certain=True)
        return data

    def _check(self, *, is_certain: bool) -> None:
        """Refuse another version; where that cannot be asked, only if it has to be certain."""
        try:
            now = _state_in(facts_of(self._place))
        except Exception as error:
            if is_missing(error):
                raise changed_error(masked(self.address)) from error
            if is_certain:
                raise
            return
        if now != self.state:
            raise changed_error(masked(self.address))


@dataclass(slots=True)
class _Track:
    """How far a reader has read in a row: the last block, and how many before it."""

    last: int
    in_a_row: int = 0

    @property
    def run(self) -> int:
        """How many blocks to fetch at once."""
        return min(max(2 * self.in_a_row, 1), _LONGEST_RUN)


class RemoteFile(io.RawIOBase):
    """A file object over an object, for PyAV and for tables. Threads: one at a time.

    Attributes:
        state: The version that is read.
    """

    def __init__(self, source: RemoteObject) -> None:
        super().__init__()
        self.name = source.address
        self.state = source.state
        self._source = source
        self._position = 0
        self._tracks: deque[_Track] = deque(maxlen=_MOST_TRACKS)
        self._expected: deque[int] = deque()

    def readable(self) -> bool:
        """It is read only."""
        return True

    def seekable(self) -> bool:
        """It has a known size."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer from here on; fewer bytes only at the end of the object."""
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and self._position < self.state.size:
            number, place = divmod(self._position, _BLOCK_BYTES)
            data = self._source.block(number, self._track_to(number).run)
            part = data[place : place + len(view) - filled]
            view[filled : filled + len(part)] = part
            filled += len(part)
            self._position += len(part)
        return filled

    def expect(self, positions: Iterable[int]) -> None:
        """Fetch the blocks at these positions, several at once, while they are read one after another."""
        self._expected.clear()
        self._expected.extend(dict.fromkeys(position // _BLOCK_BYTES for position in positions))
        for _ in range(min(_AT_ONCE, len(self._expected))):
            threading.Thread(
                target=_fetch_expected,
                args=(self._source, self._expected),
                name="framescope-storage",
                daemon=True,
            ).start()

    def close(self) -> None:
        """Fetch nothing more. May be called twice."""
        self._expected.clear()
        super().close()

    def _track_to(self, number: int) -> _Track:
        """The track of reading that leads to a block, or a new one."""
        for track in self._tracks:
            if track.last in {number - 1, number}:
                track.in_a_row += track.last != number
                track.last = number
                return track
        self._tracks.append(_Track(number))
        return self._tracks[-1]

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a position, as files do; FFmpeg asks for the size in the same way."""
        if whence == _WHOLE_SIZE:
            return self.state.size
        self._position = max({0: 0, 1: self._position, 2: self.state.size}[whence] + offset, 0)
        return self._position

    def tell(self) -> int:
        """The current position."""
        return self._position


def _fetch_expected(source: RemoteObject, numbers: deque[int]) -> None:
    while True:
        try:
            source.block(numbers.popleft(), 1)
        except (IndexError, FrameScopeError):
            # There are no more; or whoever reads that block meets the same error.
            return


def expecting(file: object) -> Callable[[Iterable[int]], None]:
    """What receives the positions where a file will be read; for local files, nothing is done with them."""
    return file.expect if isinstance(file, RemoteFile) else lambda _positions: None


class _Objects:
    """The objects that are read in this process. Threads: any."""

    def __init__(self) -> None:
        self.set_up_after_fork()
        renew_in_children(self)

    def set_up_after_fork(self) -> None:
        """Know none: the file systems, threads and locks of others are those of the parent."""
        self._lock = threading.Lock()
        self._in_use: WeakValueDictionary[str, RemoteObject] = WeakValueDictionary()
        self._kept: deque[RemoteObject] = deque(maxlen=_MOST_KEPT)
        self._instead: set[str] = set()

    def current(self, address: str) -> RemoteObject:
        """The current version of an object."""
        with self._lock:
            found = self._in_use.get(address)
        if found is None or found.state != remote_state(address):
            found = RemoteObject(address)
        with self._lock:
            self._in_use[address] = found
            if found in self._kept:
                self._kept.remove(found)
            self._kept.append(found)
        return found

    def read_instead(self, address: str) -> None:
        """Note an address that FFmpeg cannot open."""
        with self._lock:
            self._instead.add(address)

    def is_read_instead(self, address: str) -> bool:
        """Whether it was noted."""
        with self._lock:
            return address in self._instead


_objects = _Objects()


def is_remote(source: str | os.PathLike[str]) -> bool:
    """Whether a source is read through fsspec rather than by FFmpeg. Threads: any."""
    return is_stored(source) or _objects.is_read_instead(os.fspath(source))


def open_remote(address: str) -> RemoteFile:
    """Open the current version of an object. Threads: any; the file is read by one at a time.

    Raises:
        OpenError: As `RemoteObject`.
    """
    return RemoteFile(_objects.current(address))


def open_instead(address: str) -> RemoteFile:
    """Open an address that FFmpeg has no protocol for, from now on always in this way.

    Raises:
        OpenError: As `RemoteObject`.
    """
    file = open_remote(address)
    _objects.read_instead(address)
    return file


@contextmanager
def as_local_file(source: str, cancel: CancelToken | None = None) -> Iterator[str]:
    """A name of the source by which other libraries can open it: an object of a store is copied for as long.

    Raises:
        OpenError: The object cannot be read.
        FrameScopeError: There is no room for temporary files.
        Cancelled: The work was cancelled.
    """
    if not is_remote(source):
        yield source
        return
    with temporary_folder("copy") as folder:
        # Only the ending: a name in a store need not be one of a file.
        copy = Path(folder, f"copy{PurePosixPath(urlsplit(source).path).suffix}")
        with part_file(copy, replaces=False) as part, part.open("wb") as out, open_remote(source) as file:
            while piece := file.read(_BLOCK_BYTES):
                if cancel is not None:
                    cancel.raise_if_cancelled()
                out.write(piece)
        yield str(copy)


def remote_state(address: str) -> FileState:
    """The current state of an object, as its server reports it. Threads: any.

    Raises:
        MissingFileError: There is none.
        OpenError: The server does not answer, or denies access.
    """
    place = place_of(address)
    return _state_in(ask(address, lambda: facts_of(place)))


def changed_error(source_name: str) -> OpenError:
    """The error for a source that is not what it was when it was opened."""
    return OpenError(
        tr("{source_name} was changed or replaced after it was opened.", source_name=source_name),
        hint=tr("Open it again."),
    )


def _state_in(facts: Mapping[str, Any]) -> FileState:
    known = [(name, str(facts[name])) for name in (*_VERSIONS, *_TIMES) if facts.get(name)]
    digest = hashlib.blake2b(repr(known).encode("utf-8", "backslashreplace"), digest_size=8).digest()
    times = [_nanoseconds(facts[name]) for name in _TIMES if facts.get(name)]
    size = facts.get("size")
    return FileState(
        _STORED, int.from_bytes(digest) >> 1, size if isinstance(size, int) else 0, max(times, default=0)
    )


def _nanoseconds(moment: object) -> int:
    if isinstance(moment, datetime.datetime):
        return int(moment.timestamp()) * 1_000_000_000
    return int(moment * 1e9) if isinstance(moment, (int, float)) and math.isfinite(moment) else 0


def is_state_of_remote(state: FileState) -> bool:
    """Whether a state is that of an object in a store."""
    return state.device == _STORED
