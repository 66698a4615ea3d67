"""Stores marks and position for each video, identified by its content wherever the file is.

A file for each video and stream, in the marks' own JSON, so that ``Load marks…`` reads it as well. Its name
begins with the video's length: one of a length that was never seen need not be read to know that it is new.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import re
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framescope.core.addresses import address_without_secrets
from framescope.core.errors import DestinationError, FrameScopeError, SettingsError
from framescope.core.folders import data_folder
from framescope.core.live.address import is_live
from framescope.core.marks.marked_frames import MarkedFrames, merged
from framescope.core.marks.marks_file import FORMAT, VERSION, MarksFile, read_marks, write_marks
from framescope.core.media.container import is_url, local_path
from framescope.core.outside import MOST_FRAMES, finite_number, parse_json, read_lines, whole_number
from framescope.core.sequence.source_digest import content_paths, source_digest
from framescope.core.text import counted, listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from framescope.core.media.index import FrameIndex

_MOST_ENTRIES = 2000
"""More are thinned out: first those without marks, the ones not used for longest first."""
_MOST_MARKED = 10_000
_MOST_MARKS = 500_000
_MOST_LETTERS = 8_000_000
"""Of all notes and labels of a video. More would be a file that is refused as too large when it is read."""
_MOST_HEAD_BYTES = 1 << 20
_MOST_SCALE = 1024
"""Far beyond what the window offers, and below what its arithmetic minds."""
_KEY = re.compile(r"(?P<key>\d+-[0-9a-f]{32}|url-[0-9a-f]{32})-s(?P<stream>\d{1,6})\.json")


@dataclass(frozen=True, slots=True)
class PictureZoom:
    """How a picture is magnified.

    Attributes:
        scale: Screen pixels that one picture pixel takes.
        x: The place in the middle of the view, as a fraction of the picture's width.
        y: The same of its height.
    """

    scale: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class VideoState:
    """The saved state of a video.

    Attributes:
        marked: Marks with notes, and the in/out range.
        position: The current frame.
        timeline: The visible frames ``[first, last)``; None for the whole video.
        zoom: How the picture is magnified; None while it is fitted.
    """

    marked: MarkedFrames = field(default_factory=MarkedFrames)
    position: int = 0
    timeline: tuple[float, float] | None = None
    zoom: PictureZoom | None = None

    @property
    def least_total(self) -> int:
        """How many frames the video has at least if all of this lies in it."""
        marked = self.marked
        ends = (self.position, *marked.marks[-1:], marked.in_point or 0, marked.out_point or 0)
        return max(max(ends) + 1, math.ceil(self.timeline[1]) if self.timeline else 0)

    @property
    def words(self) -> str:
        """What of it was restored, for display; empty if there is nothing to notice."""
        count = len(self.marked.marks)
        parts = [counted(count, "mark", "marks")] if count else []
        if (self.marked.in_point, self.marked.out_point) != (None, None):
            parts.append(tr("the in–out range"))
        having = listed(parts)
        if not self.position:
            return tr("Restored {having} from last time.", having=having) if having else ""
        place = tr("Continued at frame {frame_number}", frame_number=self.position)
        if having:
            place = tr("{place} with {having}", place=place, having=having)
        return tr("{place}. Home goes to the start.", place=place)


@dataclass(frozen=True, slots=True)
class VideoIdentity:
    """Which video it is, by its content.

    Attributes:
        key: Tells it from every other; part of a file name.
        facts: What is known of the file, as plain JSON values, for people and for a quick look the next time.
    """

    key: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recalled:
    """The recalled state of a video.

    Attributes:
        identity: Which video it is.
        stream_index: The stream that was looked at.
        state: What was kept, as far as it can be read.
        trouble: A sentence on what could not be read of the file, or empty.
        file: Its rows, to compare their timestamps.
    """

    identity: VideoIdentity
    stream_index: int
    state: VideoState
    trouble: str = ""
    file: MarksFile = field(default_factory=lambda: MarksFile((), ()))


class VideoMemory:
    """A folder with a file for each video and stream. Threads: any."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep everything in ``folder``; by default the user's own, where there is one."""
        own = data_folder()
        self._folder = folder or (None if own is None else own / "videos")
        self._lock = threading.Lock()
        self._bases: dict[Path, MarkedFrames] = {}
        self._written: dict[Path, tuple[int, int]] = {}

    # --- reading

    def recall(
        self, source: str, stream_index: int | None = None, *, only_looks: bool = False
    ) -> Recalled | None:
        """What was kept of a video; None for one that is new.

        Reads the video, in samples, only where one of the same length is known.

        Args:
            source: A path or an address.
            stream_index: The stream; None for the one looked at last.
            only_looks: Whether a damaged file stays where it is, for whoever shows what is wrong with it.
        """
        identity = self._quick_identity(source)
        if identity is None:
            return None
        entries = self._entries_of(identity, "*" if stream_index is None else str(stream_index))
        if not entries:
            return None
        entry = max(entries, key=_modified_ns)
        file, trouble = _read_entry(entry, moves_damaged=not only_looks)
        state = _state_of(file)
        with self._lock:
            self._bases[entry] = state.marked
        return Recalled(identity, _stream_of(entry), state, trouble, file)

    def has_label(self, source: str) -> bool:
        """Whether a label was kept of any frame of a video. Reads as `recall` does, and changes nothing."""
        identity = self._quick_identity(source)
        for entry in () if identity is None else self._entries_of(identity, "*"):
            with contextlib.suppress(FrameScopeError):
                if read_marks(entry).marked.labels:
                    return True
        return False

    def identify(self, source: str) -> VideoIdentity | None:
        """Which video it is; None if nothing can be kept of it, as for a device. Reads samples of it."""
        if is_live(source):
            # The next time, its numbers are those of other frames.
            return None
        if is_url(source):
            return VideoIdentity(f"url-{_hashed(source)}", {"name": address_without_secrets(source)})
        path = _content_path(source)
        if path is None:
            return None
        facts = _facts_of(path, source)
        found = source_digest(str(path))
        # Samples of a file that is being replaced may be of both.
        if found is None or _facts_of(path, source) != facts:
            return None
        return VideoIdentity(
            f"{found.size_bytes}-{found.digest[:32]}", facts | {"sampled_sha256": found.digest}
        )

    def earlier(self, identity: VideoIdentity) -> VideoState | None:
        """The latest that was kept of another video at the same path; None if nothing is marked."""
        path = identity.facts.get("path")
        entries = [one for one in self._entries("*.json") if _KEY.fullmatch(one.name)]
        for entry in sorted(entries, key=_modified_ns, reverse=True):
            if path is not None and _key_of(entry) != identity.key and _head_of(entry).get("path") == path:
                with contextlib.suppress(FrameScopeError):
                    state = _state_of(read_marks(entry))
                    if state.marked:
                        return state
        return None

    # --- writing

    def save(
        self, identity: VideoIdentity, stream_index: int, state: VideoState, index: FrameIndex | None
    ) -> None:
        """Keep the state of a video. What another window saved of it meanwhile is kept as well.

        Raises:
            DestinationError: There is no folder for it, or it cannot be written.
        """
        entry = self._entry(identity, stream_index)
        if entry is None:
            raise DestinationError(tr("There is no folder for them: the user has no home folder."))
        texts = (*state.marked.notes.values(), *state.marked.labels.values())
        if len(state.marked.marks) > _MOST_MARKS or sum(map(len, texts)) > _MOST_LETTERS:
            raise DestinationError(tr("There are too many: Save marks… writes a file of any size."))
        with self._lock:
            stamp = _stamp_of(entry)
            marked = state.marked
            # Merge only what another process has written.
            if stamp is not None and stamp != self._written.get(entry):
                theirs, _trouble = _read_entry(entry)
                marked = merged(self._bases.get(entry, MarkedFrames()), marked, theirs.marked)
            video = {**identity.facts, "stream_index": stream_index}
            if index is not None and index.complete:
                video["frames"] = len(index)
            view = {"position": state.position, "timeline": state.timeline, "zoom": _zoom_record(state.zoom)}
            head = {"format": FORMAT, "version": VERSION, "video": video, "view": view}
            with contextlib.suppress(OSError):
                entry.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_marks(entry, marked, index, head, replaces=True)
            self._bases[entry] = state.marked
            written = _stamp_of(entry)
            # What others marked is theirs: it has to be looked for the next time as well.
            if written is not None and marked == state.marked:
                self._written[entry] = written
        if stamp is None:
            self._trim(entry)

    def leave_out(self, identity: VideoIdentity, stream_index: int, marked: MarkedFrames) -> None:
        """Take ``marked`` as all that a window has of what it recalled; the rest stays stored."""
        entry = self._entry(identity, stream_index)
        if entry is not None:
            with self._lock:
                self._bases[entry] = marked
                self._written.pop(entry, None)

    def _trim(self, newest: Path) -> None:
        """Keep the number of files bounded."""
        entries = sorted(self._entries("*"), key=_modified_ns)
        kept = [entry for entry in entries if _KEY.fullmatch(entry.name) and entry != newest]
        surplus = len(kept) - _MOST_ENTRIES
        for entry in kept:
            if surplus <= 0:
                break
            if surplus > _MOST_MARKED - _MOST_ENTRIES or not _is_marked(entry):
                _remove(entry)
                surplus -= 1

    # --- finding

    def _entry(self, identity: VideoIdentity, stream_index: int) -> Path | None:
        return None if self._folder is None else self._folder / f"{identity.key}-s{stream_index}.json"

    def _entries(self, pattern: str) -> Iterator[Path]:
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            # Not what is being written just now; `core/files.py` clears what a killed process left.
            yield from (entry for entry in self._folder.glob(pattern) if not entry.name.startswith("."))

    def _entries_of(self, identity: VideoIdentity, streams: str) -> list[Path]:
        found = self._entries(f"{identity.key}-s{streams}.json")
        return [entry for entry in found if _KEY.fullmatch(entry.name)]

    def _quick_identity(self, source: str) -> VideoIdentity | None:
        """Which video it is, where one like it is known; read only if its path does not tell."""
        if is_url(source):
            return self.identify(source)
        path = _content_path(source)
        if path is None:
            return None
        facts = _facts_of(path, source)
        alike = [
            entry
            for entry in self._entries(f"{facts.get('size_bytes')}-*.json")
            if _KEY.fullmatch(entry.name)
        ]
        for entry in alike:
            head = _head_of(entry)
            digest = head.get("sampled_sha256")
            if isinstance(digest, str) and all(head.get(name) == value for name, value in facts.items()):
                return VideoIdentity(_key_of(entry), facts | {"sampled_sha256": digest})
        return self.identify(source) if alike else None


def _content_path(source: str) -> Path | None:
    """The regular file whose content tells which video a source is, or None."""
    try:
        if "#xywh=" in source:
            # Fragments are imported only where there are some.
            from framescope.core.fragments.source import split_source  # noqa: PLC0415

            source = split_source(source)[0]
        # The first of a sequence stands for all of it.
        path = next(iter(content_paths(source)), None)
        if path is not None and path.is_dir():
            path /= "manifest.json"
        return path if path is not None and path.is_file() else None
    except (OSError, ValueError):
        return None


def _facts_of(path: Path, source: str) -> dict[str, Any]:
    """What a look at the file's entry tells; the path is that of the source, as people know it."""
    # A name need not be UTF-8: Python holds the other bytes as surrogates.
    named = str(local_path(source)).encode("utf-8", "backslashreplace").decode()
    try:
        states = [one.stat() for one in content_paths(str(path))]
    except OSError:
        return {}
    return {
        "name": os.path.basename(named),  # noqa: PTH119 - as text, whatever its bytes are
        "path": named,
        "size_bytes": sum(state.st_size for state in states),
        "modified_ns": max((state.st_mtime_ns for state in states), default=0),
    }


def _hashed(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _key_of(entry: Path) -> str:
    return entry.stem.rpartition("-s")[0]


def _stream_of(entry: Path) -> int:
    match = _KEY.fullmatch(entry.name)
    return -1 if match is None else int(match["stream"])


def _stamp_of(entry: Path) -> tuple[int, int] | None:
    """What changes whenever a file is written; None if there is none."""
    try:
        status = entry.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def _remove(entry: Path) -> None:
    with contextlib.suppress(OSError):
        entry.unlink()


def _modified_ns(entry: Path) -> int:
    try:
        return entry.stat().st_mtime_ns
    except OSError:
        return 0


def _head_of(entry: Path) -> Mapping[str, Any]:
    """What the first line of a file says of its video, unchecked; empty if it says nothing."""
    try:
        first = next(read_lines(entry, _MOST_HEAD_BYTES), b"")
        video = parse_json(first + b"]}").get("video")
    except (OSError, ValueError, AttributeError):
        return {}
    return video if isinstance(video, dict) else {}


def _is_marked(entry: Path) -> bool:
    try:
        return bool(_state_of(read_marks(entry)).marked)
    except FrameScopeError:
        # Another version may be able to read it.
        return True


def _read_entry(entry: Path, *, moves_damaged: bool = True) -> tuple[MarksFile, str]:
    """What can be read of a file, and a sentence on the rest; a damaged file is moved out of the way."""
    try:
        file = read_marks(entry)
        if file.head.get("format") != FORMAT or file.head.get("version") != VERSION:
            raise SettingsError(tr("It has a format that this version does not support."))
    except FrameScopeError:
        file = MarksFile((), ())
    else:
        if not file.refused:
            return file, ""
    aside = entry
    if moves_damaged:
        # Under a name that it can be loaded by.
        with contextlib.suppress(OSError):
            aside = entry.rename(entry.with_name(f"damaged-{time.time_ns()}-{entry.name}"))
    return file, tr(
        "Not all saved marks of this video can be read. Their file was kept as {aside}.", aside=aside
    )


def _state_of(file: MarksFile) -> VideoState:
    """The state that a file holds; a view that makes no sense is left out."""
    view = file.head.get("view")
    view = view if isinstance(view, dict) else {}
    position = 0
    with contextlib.suppress(ValueError):
        position = whole_number(view.get("position"), most=MOST_FRAMES)
    timeline = _numbers(view.get("timeline"), 2, MOST_FRAMES)
    zoom = _numbers(view.get("zoom"), 3, _MOST_SCALE)
    return VideoState(
        file.marked,
        position,
        (timeline[0], timeline[1]) if timeline and timeline[0] < timeline[1] else None,
        PictureZoom(*zoom) if zoom and zoom[0] >= 1 / _MOST_SCALE and max(zoom[1:]) <= 1 else None,
    )


def _numbers(value: object, count: int, most: float) -> tuple[float, ...] | None:
    """So many numbers from 0 to ``most``, or None."""
    if not isinstance(value, list) or len(value) != count:
        return None
    try:
        numbers = tuple(finite_number(one, least=0) for one in value)
    except ValueError:
        return None
    return numbers if max(numbers) <= most else None


def _zoom_record(zoom: PictureZoom | None) -> tuple[float, float, float] | None:
    return None if zoom is None else (zoom.scale, zoom.x, zoom.y)
