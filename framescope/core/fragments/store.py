"""Reads a fragment store, a folder or a zip file: its manifest, and fragments verified by digest."""

from __future__ import annotations

import errno
import hashlib
import threading
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.closing import Closing
from framescope.core.errors import FragmentError
from framescope.core.folders import is_folder, is_there
from framescope.core.fragments.manifest import FORMAT, MANIFEST_NAME, Manifest, manifest_from_json
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.outside import ARCHIVE_FAULTS, no_such_file, open_regular, read_small_file
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    import os

    from framescope.core.fragments.manifest import Fragment
    from framescope.core.model.progress import ProgressCallback

JOURNAL_NAME = "unfinished.jsonl"
"""The file by which an unfinished store is resumed."""
_HEAD_BYTES = 256
_ZIP_MAGIC = b"PK\x03\x04"
_MOST_MANIFEST_BYTES = 1 << 28
_MOST_UNFOLDING, _ALWAYS_UNFOLDED = 100, 1 << 20
"""How many times its packed size an entry may have: compressed video hardly shrinks again."""


class Fault(StrEnum):
    """The kinds of faults of a fragment."""

    MISSING = "missing"
    TRUNCATED = "truncated"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class FragmentFault:
    """A fragment that cannot be used.

    Attributes:
        fragment: The fragment.
        fault: What is wrong.
        words: A sentence that names it.
    """

    fragment: Fragment
    fault: Fault
    words: str


class FaultyFragmentError(FragmentError):
    """A fragment is missing or was altered.

    Attributes:
        found: The faults.
    """

    def __init__(self, found: FragmentFault) -> None:
        super().__init__(found.words, hint=tr("Only this tile of this run is lost."))
        self.found = found


def store_path(source: str | os.PathLike[str]) -> Path | None:
    """The store that a path means (its folder, its zip file, or the manifest in it); None if it is none.

    It reads a few bytes and raises nothing, so that any path may be asked about. Threads: any.
    """
    path = Path(source)
    try:
        if path.name == MANIFEST_NAME and path.is_file():
            path = path.parent
        if path.is_dir():
            with open_regular(path / MANIFEST_NAME) as file:
                return path if FORMAT.encode() in file.read(_HEAD_BYTES) else None
        with open_regular(path) as file:
            if file.read(len(_ZIP_MAGIC)) != _ZIP_MAGIC:
                return None
            with zipfile.ZipFile(file) as archive:
                return path if _is_of_a_store(archive) else None
    except ARCHIVE_FAULTS:
        return None


def is_zip_name(path: Path) -> bool:
    """Whether a store of this name is a single file."""
    return path.suffix.lower() == ".zip"


def draft_folder(path: Path) -> Path:
    """The folder in which a store of this name is made: its own, or one beside a single file."""
    return path.with_name(f"{path.name}.part") if is_zip_name(path) else path


def is_unfinished(path: Path) -> bool:
    """Whether a store of this name was begun and not finished. Raises nothing. Threads: any."""
    try:
        return (draft_folder(path) / JOURNAL_NAME).is_file()
    except (OSError, ValueError):
        return False


def _check_finished(path: Path) -> None:
    """Refuse a store whose split was interrupted.

    Raises:
        FragmentError: It is one.
    """
    if is_unfinished(path):
        path = path.with_name(path.name.removesuffix(".part"))
        raise FragmentError(
            tr("{path} is an unfinished fragment store: its split was interrupted.", path=path.name),
            hint=tr(
                "Finish it with `framescope fragments split VIDEO {path} --resume` and the same"
                " options as before.",
                path=path.name,
            ),
        )


def _is_of_a_store(archive: zipfile.ZipFile) -> bool:
    """Whether a zip file is a store; one whose manifest cannot be unpacked is, and is refused as one."""
    entry = archive.getinfo(MANIFEST_NAME)
    try:
        with archive.open(entry) as manifest:
            return FORMAT.encode() in manifest.read(_HEAD_BYTES)
    except ARCHIVE_FAULTS:
        return True


def _open_zip(path: Path) -> zipfile.ZipFile:
    """The zip file of a store.

    Raises:
        OSError, zipfile.BadZipFile: It cannot be read; see `_check_entries`.
    """
    file = open_regular(path)
    try:
        archive = zipfile.ZipFile(file)
        _check_entries(archive)
    except BaseException:
        file.close()
        raise
    return archive


def _check_entries(archive: zipfile.ZipFile) -> None:
    """Validate the directory of a zip file.

    Raises:
        zipfile.BadZipFile: Two entries share a name or bytes, or one would unpack to many times its size.
    """
    end, names = 0, set[str]()
    for entry in sorted(archive.infolist(), key=lambda one: one.header_offset):
        reason = ""
        if entry.header_offset < end or entry.filename in names:
            reason = tr("appears twice or overlaps another one")
        elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & 1:
            reason = tr("uses an unsupported compression method")
        elif entry.file_size > _MOST_UNFOLDING * entry.compress_size + _ALWAYS_UNFOLDED:
            reason = tr("unpacks to {file_size} bytes", file_size=grouped(entry.file_size))
        if reason:
            raise zipfile.BadZipFile(
                tr("the entry {filename} {reason}", filename=entry.filename[:40], reason=reason)
            )
        end = entry.header_offset + entry.compress_size
        names.add(entry.filename)


class FragmentStore(Closing):
    """An open store. Threads: any; reads of a zip file take turns.

    Attributes:
        path: The folder or the zip file.
        manifest: What it holds.
        bytes_read: Bytes of fragments read since it was opened.
        fragments_read: Names of the fragments read since it was opened.
    """

    def __init__(self, source: str | os.PathLike[str]) -> None:
        """Open a store.

        Raises:
            MissingFileError: There is nothing there.
            FragmentError: It is not a store, it is unfinished, or its manifest is damaged.
        """
        path = store_path(source)
        if path is None:
            _check_finished(Path(source))
            if not is_there(source):
                raise no_such_file(Path(source), tr("file or folder"))
            raise FragmentError(
                tr("{path} is not a fragment store.", path=Path(source).name),
                hint=tr(
                    "A store is a folder or zip file with a {manifest_name} written by FrameScope.",
                    manifest_name=MANIFEST_NAME,
                ),
            )
        self.path = path
        self._lock = threading.Lock()
        self._archive: zipfile.ZipFile | None = None
        self.bytes_read = 0
        self.fragments_read: set[str] = set()
        try:
            if not is_folder(path):
                self._archive = _open_zip(path)
            text = self._read(MANIFEST_NAME, _MOST_MANIFEST_BYTES).decode("utf-8")
        except ARCHIVE_FAULTS as error:
            self.close()
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            raise FragmentError(
                tr("The manifest of {path} cannot be read: {reason}.", path=path.name, reason=reason)
            ) from error
        try:
            self.manifest: Manifest = manifest_from_json(text)
        except FragmentError:
            self.close()
            raise

    def read(self, fragment: Fragment) -> bytes:
        """The bytes of a fragment, verified by digest.

        Raises:
            FaultyFragmentError: It is missing, cut short, or altered.
        """
        try:
            data = self._read(fragment.name, fragment.size_bytes)
        except (FileNotFoundError, KeyError) as error:
            raise self._faulty(fragment, Fault.MISSING, tr("is missing")) from error
        except OSError as error:
            reason = tr("cannot be read: {strerror}", strerror=error.strerror or error)
            raise self._faulty(fragment, Fault.ALTERED, reason) from error
        except ARCHIVE_FAULTS as error:
            raise self._faulty(fragment, Fault.ALTERED, tr("is damaged in the zip file")) from error
        with self._lock:
            self.bytes_read += len(data)
            self.fragments_read.add(fragment.name)
        if len(data) < fragment.size_bytes:
            words = tr(
                "is cut short: {count} of {bytes}",
                count=grouped(len(data)),
                bytes=counted(fragment.size_bytes, "byte", "bytes"),
            )
            raise self._faulty(fragment, Fault.TRUNCATED, words)
        if hashlib.sha256(data).hexdigest() != fragment.sha256:
            raise self._faulty(fragment, Fault.ALTERED, tr("was modified: its SHA-256 differs"))
        return data

    def _faulty(self, fragment: Fragment, fault: Fault, words: str) -> FaultyFragmentError:
        run = self.manifest.runs[fragment.run]
        form = self.manifest.forms[run.form]
        where = tr("tile {tile} ({words})", tile=fragment.tile, words=form.tiles[fragment.tile].words)
        frames = tr("frames {first_frame} to {stop}", first_frame=run.first_frame, stop=run.stop - 1)
        return FaultyFragmentError(
            FragmentFault(
                fragment,
                fault,
                tr(
                    "Fragment {fragment} {words}. It holds {where}, {frames}.",
                    fragment=fragment.name,
                    words=words,
                    where=where,
                    frames=frames,
                ),
            )
        )

    def _read(self, name: str, most_bytes: int) -> bytes:
        if self._archive is None:
            # A store from elsewhere must not cause other files to be read.
            return read_small_file(self.path / name, most_bytes, within=self.path)
        with self._lock, self._archive.open(name) as member:
            data = member.read(most_bytes + 1)
        if len(data) > most_bytes:
            raise OSError(errno.EFBIG, f"it has more than {grouped(most_bytes)} bytes")
        return data

    def verify(
        self, *, progress: ProgressCallback = ignore_progress, cancel: CancelToken | None = None
    ) -> tuple[FragmentFault, ...]:
        """Read every fragment and list those that are missing or altered.

        Raises:
            Cancelled: The work was cancelled.
        """
        faults = []
        fragments = self.manifest.fragments
        for done, fragment in enumerate(fragments):
            if cancel is not None:
                cancel.raise_if_cancelled()
            progress(Progress(done, len(fragments), tr("Checking fragments")))
            try:
                self.read(fragment)
            except FaultyFragmentError as error:
                faults.append(error.found)
        return tuple(faults)

    def close(self) -> None:
        """Release the file."""
        if self._archive is not None:
            file = self._archive.fp
            self._archive.close()
            if file is not None:
                file.close()
