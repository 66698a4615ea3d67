"""Exports to an address of an object store: into a folder of this machine first, which is then sent.

So whatever writes to a folder can write to an address. The pictures are sent first and the manifests last,
the one over all at the very end: what has no manifest yet is not complete. What was interrupted stays in the
folder, where the same export is resumed; then only what is missing is sent.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import itertools
import json
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from framescope.core.addresses import masked
from framescope.core.closing import Closing
from framescope.core.errors import DestinationError, DestinationLostError, FrameScopeError
from framescope.core.files import (
    file_error,
    is_temporary,
    part_file,
    prepare_folder,
    try_lock,
    write_file,
    write_whole,
)
from framescope.core.folders import data_folder
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.outside import parse_json, read_small_file
from framescope.core.storage import (
    Place,
    ask,
    credentials_hint,
    is_denied,
    is_missing,
    objects_below,
    place_of,
    reason_of,
)
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from framescope.core.model.progress import ProgressCallback

_OWN = "framescope-"
"""How the names of manifests and their tables begin."""
_AT_ONCE = 8
_MOST_THERE = 100_000
_MOST_RECORD_BYTES = 64 << 20
_PLAIN_DIGEST = re.compile("[0-9a-f]{32}")
"""The ETag that S3 gives an object that was sent in one piece: the MD5 of its bytes."""


@contextlib.contextmanager
def sent_to(
    address: str,
    *,
    resume: bool = False,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Iterator[Path]:
    """A local folder to export to, whose files are sent to an address when the block ends without an error.

    Args:
        address: Where to: ``s3://bucket/prefix``. Credentials come from the environment and the libraries.
        resume: Whether what is there already is fetched, to be continued. Otherwise its names are taken, as
            those of files in a folder are.
        progress: Receives how many files were sent.
        cancel: Cancels fetching and sending; what was exported stays, and can be resumed.

    Raises:
        UnsupportedMediaError: The package for this kind of address is not installed.
        DestinationError: Nothing can be written there.
        Cancelled: It was cancelled.
    """
    with Outbox(address) as outbox:
        try:
            outbox.prepare(resume=resume, cancel=cancel)
            yield outbox.folder
        except BaseException:
            outbox.discard_unused()
            raise
        outbox.send(progress=progress, cancel=cancel)


class Outbox(Closing):
    """A folder of this machine for what goes to one address; from `prepare` on, no other run's until closed.

    Attributes:
        address: Where to.
        folder: The folder.
    """

    def __init__(self, address: str) -> None:
        """Nothing is made, and nothing is asked of a server.

        Raises:
            UnsupportedMediaError: The package for this kind of address is not installed.
            DestinationError: There is no folder for the user's data, or the address is not complete.
        """
        self._system, path = place_of(address)
        self.address, self._path = address.rstrip("/"), path.rstrip("/")
        self._place = Place(self._system, self._path)
        root = data_folder()
        name = PurePosixPath(self._path).name
        if root is None:
            raise DestinationError(
                tr("What goes to {address} is kept on this machine first.", address=masked(address)),
                hint=tr("The user has no home folder for it: set HOME, or XDG_DATA_HOME."),
            )
        if "/" not in self._path:
            raise DestinationError(
                tr("Nothing can be written to {address}.", address=masked(address)),
                hint=tr("Name a folder below a bucket: s3://bucket/folder."),
            )
        # A store would take all of it as a name, and a query may be a secret, which names do not keep.
        if "?" in self._path or not {"", ".", ".."}.isdisjoint(self._path.split("/")):
            raise DestinationError(
                tr("{address} names no folder of a store.", address=masked(address)),
                hint=tr("Leave out what begins with “?”, and empty names, “.” and “..”."),
            )
        digest = hashlib.blake2b(self.address.encode(), digest_size=8).hexdigest()
        self._root = root / "outgoing" / digest
        self.folder = self._root / name
        self._record = self._root / "there.json"
        # Each file is a commit there, and of two commits at once one fails.
        self._at_once = 1 if "hf" in self._system.protocol else _AT_ONCE
        self._lock = -1

    def prepare(self, *, resume: bool = False, cancel: CancelToken | None = None) -> None:
        """Prove that the address can be written to, and take the names that are there.

        Raises:
            DestinationError: It cannot be written to, too much is there, or another export is under way.
            Cancelled: It was cancelled.
        """
        self._take_lock()
        trial = f"{self._path}/.framescope-{self._root.name}.part"
        self._ask(lambda: self._system.pipe_file(trial, b""), cancel)
        self._ask(lambda: self._system.rm_file(trial), cancel)
        if not self._is_unused():
            # An interrupted export.
            return
        # What is left of a run that ended before it exported anything may be only a part of what is there.
        shutil.rmtree(self._root, ignore_errors=True)
        prepare_folder(self.folder)
        there = self._listed(cancel)
        if len(there) > _MOST_THERE:
            raise DestinationError(
                tr("There are {count} in {address} already.", count=_objects(there), address=self._shown),
                hint=tr("Choose another folder there."),
            )
        wanted = [name for name in there if resume or PurePosixPath(name).name.startswith(_OWN)]
        self._each(wanted, lambda name: self._fetch(name, there[name], cancel))
        known = {}
        for name in there:
            path = self._local(name)
            if name not in wanted:
                # Only the name matters: it is taken.
                path.parent.mkdir(parents=True, exist_ok=True)
                write_whole(path, b"", replaces=True)
            known[name] = _facts_of(path)
        # Last: only with it is the folder complete.
        write_file(self._record, json.dumps(known).encode(), replaces=True)

    def send(self, *, progress: ProgressCallback = ignore_progress, cancel: CancelToken | None = None) -> int:
        """Send what is new, the manifests last, and remove the folder.

        Returns:
            How many files were sent.

        Raises:
            DestinationLostError: The server does not take them. The folder stays.
            Cancelled: It was cancelled. The folder stays.
        """
        if self._lock < 0:
            # It was discarded, and may be another run's by now.
            return 0
        there, known, files = self._listed(cancel), self._known(), self._files()
        new = [
            name
            for name, path in files.items()
            if known.get(name) != _facts_of(path) and not _is_same(path, there.get(name))
        ]
        gone = [name for name in known if name in there and name not in files]
        last = sorted((name for name in new if _is_own(name)), key=_order)
        first = [name for name in new if not _is_own(name)]
        if first or gone:
            # Until the new one is there, a manifest would list what is not, or is no longer.
            self._each((name for name in last if name in there), lambda name: self._remove(name, cancel))
        counter = itertools.count(1)

        def send(name: str) -> None:
            self._send(name, files[name], cancel)
            progress(Progress(next(counter), len(new), name))

        self._each(first, send)
        self._each(gone, lambda name: self._remove(name, cancel))
        for name in last:
            send(name)
        self._remove_folder()
        return len(new)

    def discard_unused(self) -> None:
        """Remove the folder if nothing was written to it."""
        if self._lock >= 0 and self._is_unused():
            self._remove_folder()

    def _is_unused(self) -> bool:
        """Whether nothing was written to the folder since it was prepared, or it never was."""
        known, files = self._known(), self._files().items()
        return not self._record.exists() or all(known.get(name) == _facts_of(path) for name, path in files)

    def _take_lock(self) -> None:
        """Keep other runs from the folder."""
        if self._lock >= 0:
            return
        prepare_folder(self._root.parent)
        path = self._lock_path
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise file_error(path, error) from error
        # Whoever has just ended may have removed the file before it let go of it.
        if try_lock(handle) is False or not os.fstat(handle).st_nlink:
            os.close(handle)
            raise DestinationError(
                tr("Another export to {address} is under way.", address=self._shown),
                hint=tr("Wait for it, or choose another folder there."),
            )
        self._lock = handle

    def _remove_folder(self) -> None:
        """Remove it, and let other runs have it."""
        # First: a folder that is only half removed must not look like an export that has removed pictures.
        with contextlib.suppress(OSError):
            self._record.unlink()
        shutil.rmtree(self._root, ignore_errors=True)
        # It stays where removing an open file is refused; then it is taken again the next time.
        with contextlib.suppress(OSError):
            self._lock_path.unlink()
        self.close()

    def close(self) -> None:
        """Let other runs have the folder, with what is left in it."""
        if self._lock >= 0:
            os.close(self._lock)
        self._lock = -1

    @property
    def _lock_path(self) -> Path:
        return self._root.with_suffix(".lock")

    def _files(self) -> dict[str, Path]:
        return {
            path.relative_to(self.folder).as_posix(): path
            for path in self.folder.rglob("*")
            if path.is_file() and not is_temporary(path.name)
        }

    def shown(self, path: os.PathLike[str]) -> str:
        """The address of what is in the folder, or the path as it is."""
        try:
            below = Path(path).absolute().relative_to(self.folder.absolute()).as_posix()
        except ValueError:
            return str(path)
        return self._shown if below == "." else f"{self._shown}/{below}"

    @property
    def _shown(self) -> str:
        return masked(self.address)

    def _local(self, name: str) -> Path:
        """Where a name of the store is in the folder.

        Raises:
            DestinationError: It would be somewhere else.
        """
        parts = PurePosixPath(name).parts
        if not parts or any(part in {"..", "/"} or "\\" in part or ":" in part for part in parts):
            raise DestinationError(
                tr("{name} in {address} cannot be a file name here.", name=name, address=self._shown),
                hint=tr("Choose another folder there."),
            )
        return self.folder.joinpath(*parts)

    def _known(self) -> dict[str, list[int]]:
        """The files that were there before, as they were put into the folder."""
        try:
            return dict(parse_json(read_small_file(self._record, _MOST_RECORD_BYTES)))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError):
            # Everything is compared with what is there instead.
            return {}

    def _listed(self, cancel: CancelToken | None) -> dict[str, Mapping[str, Any]]:
        """The objects below the address, by name, with what is known about each."""
        found: dict[str, Mapping[str, Any]] = self._ask(lambda: objects_below(self._place), cancel)
        return found

    def _fetch(self, name: str, facts: Mapping[str, Any], cancel: CancelToken | None) -> None:
        with part_file(self._local(name), replaces=True) as part:
            source = f"{self._path}/{name}"
            self._ask(lambda: self._system.get_file(source, str(part)), cancel, int(facts.get("size") or 0))

    def _send(self, name: str, path: Path, cancel: CancelToken | None) -> None:
        target, size = f"{self._path}/{name}", path.stat().st_size

        def put() -> None:
            self._system.put_file(str(path), target)
            # That the bytes are right is checked by the server, from a checksum that its library sends.
            if self._system.info(target).get("size") != size:
                raise ConnectionError(tr("the server received less than was sent"))

        self._ask(put, cancel, size)

    def _remove(self, name: str, cancel: CancelToken | None) -> None:
        def remove() -> None:
            with contextlib.suppress(FileNotFoundError):
                self._system.rm_file(f"{self._path}/{name}")

        self._ask(remove, cancel)

    def _ask(self, work: Callable[[], Any], cancel: CancelToken | None, size_bytes: int = 0) -> Any:  # noqa: ANN401
        return ask(self.address, work, explain=self._explained, size_bytes=size_bytes, cancel=cancel)

    def _explained(self, _address: str, error: Exception) -> FrameScopeError:
        kept = tr("What was exported is in {folder}: resume it to send it.", folder=self.folder)
        can_resume = self._record.exists()
        if is_denied(error):
            return DestinationLostError(
                tr("The server denies access to {address}.", address=self._shown),
                hint=f"{credentials_hint()} {kept if can_resume else ''}".strip(),
                settings=("resume",) if can_resume else (),
            )
        reason = tr("there is no such bucket") if is_missing(error) else reason_of(error)
        return DestinationLostError(
            tr("{address} cannot be written to: {reason}.", address=self._shown, reason=reason),
            hint=kept if can_resume else tr("Check the address and the network, then try again."),
            settings=("resume",) if can_resume else (),
        )

    def _each(self, names: Iterable[str], work: Callable[[str], None]) -> None:
        """Do it for all names, several at once; the first error ends it."""
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="storage") as pool:
            futures = [pool.submit(work, name) for name in names]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


def _objects(there: Mapping[str, object]) -> str:
    return counted(len(there), "object", "objects")


def _is_own(name: str) -> bool:
    return PurePosixPath(name).name.startswith(_OWN)


def _order(name: str) -> tuple[int, bool, str]:
    """Tables before the manifest that they are made from, those of folders before that over all."""
    path = PurePosixPath(name)
    return -len(path.parts), path.suffix == ".jsonl", name


def _facts_of(path: Path) -> list[int]:
    facts = path.stat()
    return [facts.st_ino, facts.st_size, facts.st_mtime_ns]


def _is_same(path: Path, facts: Mapping[str, Any] | None) -> bool:
    """Whether an object certainly has the bytes of a file."""
    if facts is None or facts.get("size") != path.stat().st_size:
        return False
    reported = _digest_in(facts)
    if reported is None:
        return False
    start, expected = reported
    with path.open("rb") as file:
        return hashlib.file_digest(file, start.copy).digest() == expected


def _digest_in(facts: Mapping[str, Any]) -> tuple[Any, bytes] | None:
    """What a server reports of the bytes of an object: the hash to continue with them, and what it has to be.

    Raises nothing: None for objects that were sent in parts, and whatever else has no such digest.
    """
    tag = str(facts.get("ETag") or "").strip('"')
    # A record that is read like a dict, and is none.
    settings: Any = facts.get("content_settings")
    azures = settings.get("content_md5") if hasattr(settings, "get") else None
    # None of them for secrecy: they are what servers report.
    md5 = hashlib.md5(usedforsecurity=False)
    try:
        if _PLAIN_DIGEST.fullmatch(tag):
            return md5, bytes.fromhex(tag)
        if googles := facts.get("md5Hash"):
            return md5, base64.b64decode(googles)
        if isinstance(azures, bytes | bytearray):
            return md5, bytes(azures)
        # The Hub's, for large files; for others, that of Git.
        if large := facts.get("lfs"):
            return hashlib.sha256(usedforsecurity=False), bytes.fromhex(large["sha256"])
        head = b"blob %d\0" % int(facts["size"])
        return hashlib.sha1(head, usedforsecurity=False), bytes.fromhex(facts["blob_id"])
    except (TypeError, ValueError, LookupError):
        return None
