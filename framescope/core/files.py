"""Writes files atomically: never over their source, and over existing files only on request.

A file is written under a temporary name in the folder it is for, flushed to the disk, and given its own name
in one step. If anything stops the work before that, an existing file of that name is unchanged.

Only a process that is killed leaves a temporary file behind. It held a lock on the file as long as it lived,
so the next one that writes to the folder can tell leftovers from files under way, and removes them.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.errors import (
    DestinationError,
    DestinationLostError,
    SettingsError,
    TargetExistsError,
    VerificationError,
)
from framescope.core.text import listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TEMPORARY = re.compile(r"\.framescope-[0-9a-f]{12}-\d+\.part(\.[^./]*)?")
_process = os.urandom(6).hex()
"""Keeps the temporary names of processes apart; their numbers would come again."""
_serial = itertools.count()
_TRIES = 1000
_LOCK_AT = 1 << 30
"""Where Windows locks one byte; it must be none that is ever written."""


def _codes(*names: str) -> frozenset[int]:
    # Not every system has every name.
    return frozenset(getattr(errno, name) for name in names if hasattr(errno, name))


_FULL = _codes("ENOSPC", "EDQUOT")
_WHATEVER_THE_NAME = _FULL | _codes("EROFS", "EFBIG")
_READ_ONLY = _codes("EROFS", "EACCES", "EPERM")
_GONE = _codes("ENOENT", "ENOTDIR", "ENODEV", "ENXIO", "EIO", "ESTALE", "EHOSTDOWN", "ETIMEDOUT")
_NO_HARD_LINKS = _codes("EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EINVAL", "EACCES")


# --- one file


def check_target(path: Path, *, replaces: bool, sources: Iterable[str | os.PathLike[str]] = ()) -> None:
    """Refuse a file name that must not be written to. Call it before long work begins.

    Args:
        path: The file to be written.
        replaces: Whether a file of this name may be replaced.
        sources: What the work reads. None of it is ever replaced, under any name; an address is not a file.

    Raises:
        TargetExistsError: There is a file of this name, and it may not be replaced.
        DestinationError: It is a source or lies in one, is not a regular file, or is not a valid file name.
    """
    refuse_pipe(path)
    check_not_source(path, sources)
    found = _facts(path)
    if found is None:
        if not os.path.lexists(path):
            return
    elif stat.S_ISDIR(found.st_mode):
        raise DestinationError(tr("{path} is a folder.", path=path), hint=tr("Give the name of a file."))
    elif not stat.S_ISREG(found.st_mode):
        raise DestinationError(
            tr("{path} is not a regular file.", path=path), hint=tr("Give the name of a regular file.")
        )
    if not replaces:
        raise _taken(path)


def check_not_source(path: Path, sources: Iterable[str | os.PathLike[str]]) -> None:
    """Refuse a name that leads to something that is being read, or into it.

    Raises:
        DestinationError: It is so.
    """
    for source in sources:
        try:
            facts = Path(source).stat()
        except (OSError, ValueError):
            continue
        found = _facts(path)
        if found is not None and os.path.samestat(found, facts):
            raise DestinationError(
                tr("{path} is the source file itself.", path=path.name), hint=tr("Choose another name.")
            )
        if stat.S_ISDIR(facts.st_mode) and Path(os.path.realpath(path)).is_relative_to(
            os.path.realpath(source)
        ):
            raise DestinationError(
                tr("{path} is inside the source {source}.", path=path.name, source=source),
                hint=tr("Choose another folder."),
            )


@contextlib.contextmanager
def part_file(
    path: Path, *, replaces: bool, sources: Iterable[str | os.PathLike[str]] = ()
) -> Iterator[Path]:
    """Yield a temporary name in the same folder; after a clean exit the file has the name ``path``.

    The temporary file is there already, empty, and its name has the same ending, by which writers choose a
    format. Prove what was written before the exit. On an error, or when the work is cancelled, it is removed,
    and ``path`` is as it was.

    Args:
        path: The file to write. Missing folders are made, and removed again if nothing comes of it.
        replaces: Whether a file of this name may be replaced.
        sources: What the work reads; see `check_target`.

    Raises:
        TargetExistsError: There is a file of this name, and it may not be replaced.
        DestinationLostError: The disk is full or read-only, or the folder cannot be made or reached.
        DestinationError: The name cannot be used; see `check_target`.
    """
    sources = tuple(sources)
    check_target(path, replaces=replaces, sources=sources)
    made = _make_folder(path.parent)
    try:
        if made:
            # Through a folder that was missing, ``new/../source.mp4``, it may be a source after all.
            check_target(path, replaces=replaces, sources=sources)
        remove_leftovers(path.parent)
        with _temporary_file(path.parent, path.suffix) as part:
            try:
                yield part.path
            except OSError as error:
                # What else the work met on its way, such as a pipe that was closed, is not about this file.
                if error.filename != str(part.path) and disk_error(path.parent, error) is None:
                    raise
                raise file_error(path, error) from error
            try:
                part.flush()
                part.take_name(path, replaces=replaces)
            except FileExistsError as error:
                raise _taken(path) from error
            except (OSError, ValueError) as error:
                raise file_error(path, error) from error
        sync_folder(path.parent)
    except BaseException:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def write_file(
    path: Path, data: bytes, *, replaces: bool, sources: Iterable[str | os.PathLike[str]] = ()
) -> None:
    """Write ``data`` as one file; see `part_file` for the arguments and for what is raised.

    Raises:
        VerificationError: The disk returned different bytes than were written.
    """
    with part_file(path, replaces=replaces, sources=sources) as part:
        part.write_bytes(data)
        _check_bytes(part, data)


def write_whole(path: Path, data: bytes, *, replaces: bool) -> None:
    """Write one of many files into a folder that `prepare_folder` was called for. Threads: any.

    Args:
        path: The file; its folder must exist.
        data: What it is to contain.
        replaces: Whether a file of this name may be replaced.

    Raises:
        TargetExistsError: There is something of this name, and it may not be replaced. It was left alone.
        DestinationLostError: The disk is full or read-only, or the folder is gone: every file would fail.
        DestinationError: This name cannot be written.
        VerificationError: The disk returned different bytes than were written.
    """
    with _temporary_file(path.parent) as part:
        try:
            part.write(data)
            _check_bytes(part.path, data)
        except (OSError, ValueError) as error:
            raise folder_error(path.parent, error) from error
        try:
            part.take_name(path, replaces=replaces)
        except FileExistsError as error:
            raise _taken(path) from error
        except (OSError, ValueError) as error:
            raise file_error(path, error) from error


def _facts(path: Path) -> os.stat_result | None:
    """What the name leads to; None if there is nothing."""
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise file_error(path, error) from error


def remove_file(path: Path) -> None:
    """Remove a file that belongs to earlier work of ours, and the folders that are empty then.

    Raises:
        DestinationError: It cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise file_error(path, error) from error
    with contextlib.suppress(OSError):
        for folder in path.parents:
            folder.rmdir()


def refuse_pipe(path: Path) -> None:
    """Refuse the name that stands for standard output in other programs.

    Raises:
        DestinationError: It is that.
    """
    if str(path) == "-":
        raise DestinationError(
            tr("Files cannot be written to standard output (“-”)."), hint=tr("Give a name.")
        )


def check_ending(path: Path, what: str, endings: Sequence[str]) -> str:
    """The ending of a file's name, in lower case and with its dot.

    Args:
        path: The file, there or not.
        what: What it is, such as ``A clip``.
        endings: Those that it may have.

    Raises:
        SettingsError: It has another one, or none.
    """
    ending = path.suffix.lower()
    if ending not in endings:
        found = tr("ends in {suffix}", suffix=path.suffix) if ending else tr("has no extension")
        raise SettingsError(
            tr(
                "{what} is a {endings} file, but {path} {found}.",
                what=what,
                endings=listed(endings, tr("or")),
                path=path.name,
                found=found,
            ),
            hint=tr("Use one of these extensions."),
        )
    return ending


def _taken(path: Path) -> TargetExistsError:
    hint = tr("Choose another name, or overwrite it.")
    return TargetExistsError(tr("{path} already exists.", path=path.name), hint=hint, settings=("overwrite",))


def _check_bytes(part: Path, data: bytes) -> None:
    if part.read_bytes() != data:
        raise VerificationError(
            tr("{parent} returned different data than was written.", parent=part.parent),
            hint=tr("The disk may be failing."),
        )


# --- folders


def check_folder(folder: Path, *, sources: Iterable[str | os.PathLike[str]] = ()) -> None:
    """Refuse a name that is not one of a folder to write to. Call it before long work begins.

    Args:
        folder: The folder, made or not.
        sources: What the work reads; see `check_target`.

    Raises:
        DestinationError: It stands for a pipe, there is something else of this name, or it lies in a source.
    """
    refuse_pipe(folder)
    check_not_source(folder, sources)
    if os.path.lexists(folder) and not os.path.isdir(folder):  # noqa: PTH112 - it never raises
        raise _no_folder(folder)


def prepare_folder(folder: Path) -> None:
    """Make the folder, and its parents, if they are missing, and prove that files can be written to it.

    Raises:
        DestinationError: It cannot be made, is not a folder, or refuses files.
    """
    check_folder(folder)
    _make_folder(folder)
    remove_leftovers(folder)
    with _temporary_file(folder) as part:
        del part


@contextlib.contextmanager
def presence_file(folder: Path) -> Iterator[Path]:
    """An empty file in the folder for as long as the block lasts: whoever sees it sees the same folder.

    Raises:
        DestinationError: The folder cannot be made, or refuses files.
    """
    prepare_folder(folder)
    with _temporary_file(folder) as part:
        yield part.path


def existing_names(folder: Path) -> frozenset[str]:
    """The names in a folder; none when it does not exist yet.

    Raises:
        DestinationError: It is not a folder, or cannot be listed.
    """
    try:
        with os.scandir(folder) as entries:
            return frozenset(entry.name for entry in entries)
    except FileNotFoundError:
        return frozenset()
    except NotADirectoryError as error:
        raise _no_folder(folder) from error
    except (OSError, ValueError) as error:
        raise folder_error(folder, error) from error


def is_temporary(name: str) -> bool:
    """Whether a name is one that files have only while they are being written."""
    return _TEMPORARY.fullmatch(name) is not None


def remove_leftovers(folder: Path) -> int:
    """Remove the temporary files that dead processes left in a folder; how many that was.

    What a living process is writing stays, and so do files on drives that do not know locks.
    """
    removed = 0
    with contextlib.suppress(OSError, ValueError), os.scandir(folder) as entries:
        for entry in entries:
            if is_temporary(entry.name) and entry.is_file(follow_symlinks=False):
                removed += _remove_abandoned(folder / entry.name)
    return removed


def sync_folder(folder: Path) -> None:
    """Ask the disk to keep the names in a folder, where the system knows such a thing."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and its parents; those that were missing, the innermost first."""
    missing = []
    try:
        for one in (folder, *folder.parents):
            if os.path.lexists(one):
                break
            missing.append(one)
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise _no_folder(folder) from error
    except FileNotFoundError as error:
        # Its parents are there, or were just made: this place takes no folders.
        raise DestinationLostError(
            tr("{folder} cannot be created.", folder=folder), hint=tr("Choose another folder.")
        ) from error
    except (OSError, ValueError) as error:
        raise folder_error(folder, error) from error
    return missing


def _no_folder(folder: Path) -> DestinationError:
    return DestinationError(tr("{folder} is not a folder.", folder=folder), hint=tr("Choose another folder."))


# --- temporary files


class _TemporaryFile:
    """An empty, locked file of a temporary name, until it is given its own or closed."""

    def __init__(self, folder: Path, suffix: str) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        for _ in range(_TRIES):
            self.path = folder / f".framescope-{_process}-{next(_serial)}.part{suffix}"
            try:
                # Not tempfile's 0600: others may read a data set, as far as the umask allows.
                self._handle = os.open(self.path, flags, 0o666)
            except FileExistsError:
                # A forked process continues with the numbers of its parent.
                continue
            if self._is_kept():
                return
            self.close()
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fspath(folder))

    def _is_kept(self) -> bool:
        """Whether the file is locked before somebody else took it for a leftover."""
        if os.name == "nt":
            return True
        if try_lock(self._handle) is False:
            return False
        try:
            return os.path.samestat(os.fstat(self._handle), self.path.stat())
        except FileNotFoundError:
            return False

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._handle, view) :]
        self.flush()

    def flush(self) -> None:
        os.fsync(self._handle)

    def take_name(self, path: Path, *, replaces: bool) -> None:
        if os.name == "nt":
            # Windows renames no file that is open.
            self._close_handle()
        _give_name(self.path, path, replaces=replaces)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            if os.name == "nt":
                self._close_handle()
            self.path.unlink(missing_ok=True)
        self._close_handle()

    def _close_handle(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


@contextlib.contextmanager
def _temporary_file(folder: Path, suffix: str = "") -> Iterator[_TemporaryFile]:
    try:
        part = _TemporaryFile(folder, suffix)
    except (OSError, ValueError) as error:
        raise folder_error(folder, error) from error
    try:
        yield part
    finally:
        part.close()


def _remove_abandoned(part: Path) -> bool:
    try:
        if os.name == "nt":
            part.unlink()  # Windows cannot delete open files.
            return True
        handle = os.open(part, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
        try:
            # Removed under the lock: a process that has made the file, and not locked it yet, will notice.
            if try_lock(handle) is not True:
                return False
            part.unlink()
            return True
        finally:
            os.close(handle)
    except OSError:
        return False


def _give_name(part: Path, path: Path, *, replaces: bool) -> None:
    if replaces:
        part.replace(path)
        return
    if os.name == "nt":
        part.rename(path)  # refuses to replace on Windows
        return
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _claim_and_replace(part, path)


def _claim_and_replace(part: Path, path: Path) -> None:
    # For FAT and some network drives. The empty claim keeps others off the name for the moment it takes to
    # rename; only a crash in that moment could leave it.
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        part.replace(path)
    except OSError:
        path.unlink(missing_ok=True)
        raise


if sys.platform == "win32":
    import msvcrt

    def try_lock(handle: int) -> bool | None:
        """Lock what is open until it is closed; False if another has it, None if there are no locks."""
        os.lseek(handle, _LOCK_AT, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(handle: int) -> bool | None:
        """Lock what is open until it is closed; False if another has it, None if there are no locks."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return None  # Some network drives know none.
        return True


# --- faults in words


def disk_error(folder: Path, error: Exception) -> DestinationLostError | None:
    """What an error, also of FFmpeg, means whose reason is the disk or the folder; None for any other."""
    code = error.errno if isinstance(error, OSError) else None
    if code in _FULL:
        return DestinationLostError(
            tr("The disk with {absolute} is full.", absolute=folder.absolute()),
            hint=tr("Make room or choose another folder."),
        )
    if code == errno.EFBIG:
        return DestinationLostError(
            tr("The disk with {absolute} does not support files of this size.", absolute=folder.absolute()),
            hint=tr("Choose another disk."),
        )
    if code in _READ_ONLY:
        return DestinationLostError(
            tr("{folder} cannot be written to.", folder=folder),
            hint=tr("It is read-only or belongs to another user; choose another folder."),
        )
    if code in _GONE:
        return DestinationLostError(
            tr("{folder} is no longer available.", folder=folder),
            hint=tr("It was removed or renamed, or its drive was disconnected."),
        )
    return None


def folder_error(folder: Path, error: OSError | ValueError) -> DestinationLostError:
    """What it means that a folder takes no files; always a fault that affects every file."""
    found = disk_error(folder, error)
    if found is not None:
        return found
    if isinstance(error, ValueError) or error.errno == errno.ENAMETOOLONG:
        return DestinationLostError(
            tr("{folder} is not a usable path.", folder=folder), hint=tr("Choose another folder.")
        )
    return DestinationLostError(
        tr("Nothing can be written to {folder}: {reason}.", folder=folder, reason=_reason(error))
    )


def file_error(path: Path, error: OSError | ValueError) -> DestinationError:
    """What it means that one name is refused: a fault of every file, or of this one."""
    code = error.errno if isinstance(error, OSError) else None
    if code in _WHATEVER_THE_NAME or (code in _GONE and not os.path.isdir(path.parent)):  # noqa: PTH112
        return folder_error(path.parent, error)
    if os.path.isdir(path):  # noqa: PTH112 - unlike Path.is_dir it never raises
        return DestinationError(
            tr("{path} is a folder.", path=path.name), hint=tr("Choose other names or another folder.")
        )
    return DestinationError(
        tr("{path} cannot be written: {reason}.", path=path.name, reason=_reason(error)),
        hint=tr("Choose another name."),
    )


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
