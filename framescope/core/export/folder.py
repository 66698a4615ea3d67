"""Writes picture files whole or not at all, and says in words what a folder refuses.

A file is written under a temporary name in the same folder, flushed to the disk, read back, and only then
given its own name. What stands under a final name is therefore always whole, even after a power cut.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import secrets
from typing import TYPE_CHECKING

from framescope.core.errors import DestinationError, DestinationLostError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PART_SUFFIX = ".part"
_PART_PREFIX = ".framescope-"
_serial = itertools.count()
_process = secrets.token_hex(6)
"""Keeps the temporary names of processes apart; their numbers would come again."""
_under_way: set[str] = set()
"""Temporary names that this process is writing to."""


def _codes(*names: str) -> frozenset[int]:
    # Not every system has every name.
    return frozenset(getattr(errno, name) for name in names if hasattr(errno, name))


_FULL = _codes("ENOSPC", "EDQUOT")
_READ_ONLY = _codes("EROFS", "EACCES", "EPERM")
_GONE = _codes("ENOENT", "ENOTDIR", "ENODEV", "ENXIO", "EIO", "ESTALE", "EHOSTDOWN", "ETIMEDOUT")
_NO_HARD_LINKS = _codes("EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EINVAL", "EACCES")


def prepare_folder(folder: Path) -> None:
    """Make the folder, and its parents, if they are missing, and prove that files can be written to it.

    Raises:
        DestinationError: It cannot be made, is no folder, or refuses files.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise DestinationError(f"{folder} is not a folder.", hint="Choose another folder.") from error
    except (OSError, ValueError) as error:
        raise folder_error(folder, error) from error
    with _part_file(folder, b"") as part:
        del part


def existing_names(folder: Path) -> frozenset[str]:
    """The names in a folder; none when it does not exist yet.

    Raises:
        DestinationError: It is no folder, or cannot be listed.
    """
    try:
        with os.scandir(folder) as entries:
            return frozenset(entry.name for entry in entries)
    except FileNotFoundError:
        return frozenset()
    except NotADirectoryError as error:
        raise DestinationError(f"{folder} is not a folder.", hint="Choose another folder.") from error
    except (OSError, ValueError) as error:
        raise folder_error(folder, error) from error


def write_whole(path: Path, data: bytes, *, replaces: bool) -> None:
    """Write a file that is whole from the moment its name exists. Threads: any.

    Args:
        path: The file; its folder must exist.
        data: What it is to contain.
        replaces: Whether a file of this name may be replaced.

    Raises:
        FileExistsError: There is something of this name, and it may not be replaced. It was left alone.
        DestinationLostError: The disk is full or read-only, or the folder is gone: every file would fail.
        DestinationError: This name cannot be written.
        VerificationError: The disk gave back other bytes than it was given.
    """
    with _part_file(path.parent, data) as part:
        try:
            _give_name(part, path, replaces=replaces)
        except FileExistsError:
            raise
        except (OSError, ValueError) as error:
            raise _file_error(path, error) from error


def is_temporary(name: str) -> bool:
    """Whether a name is one that files have only while they are being written."""
    return name.startswith(_PART_PREFIX) and name.endswith(PART_SUFFIX)


def remove_stale_temporaries(folder: Path) -> int:
    """Remove what a process that was killed left half-written; how many files that was.

    Files that this process is writing stay. Only for folders that no other process writes to: the lock on
    the manifest tells.
    """
    removed = 0
    for name in existing_names(folder):
        if is_temporary(name) and name not in _under_way:
            with contextlib.suppress(OSError):
                (folder / name).unlink()
                removed += 1
    return removed


def sync_folder(folder: Path) -> None:
    """Ask the disk to keep the names in a folder, where the system knows such a thing."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _part_file(folder: Path, data: bytes) -> Iterator[Path]:
    """A flushed file of a temporary name, which is gone afterwards, whatever happens."""
    part = folder / f"{_PART_PREFIX}{_process}-{next(_serial)}{PART_SUFFIX}"
    _under_way.add(part.name)
    try:
        try:
            _write_flushed(part, data)
            is_same = part.read_bytes() == data
        except (OSError, ValueError) as error:
            raise folder_error(folder, error) from error
        if not is_same:
            raise VerificationError(
                f"{folder} gave back other bytes than were written.", hint="The disk may be failing."
            )
        yield part
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        _under_way.discard(part.name)


def _write_flushed(part: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    # Not tempfile's 0600: a data set is meant to be read by others, as far as the umask allows.
    with os.fdopen(os.open(part, flags, 0o666), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


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


def folder_error(folder: Path, error: OSError | ValueError) -> DestinationLostError:
    """What a folder that takes no files is told as; always a fault that hits every file."""
    code = error.errno if isinstance(error, OSError) else None
    if code in _FULL:
        return DestinationLostError(
            f"The disk with {folder} is full.",
            hint="Make room or choose another folder, then export the rest.",
        )
    if code in _READ_ONLY:
        return DestinationLostError(
            f"{folder} cannot be written to.", hint="It is read-only or not yours; choose another folder."
        )
    if code in _GONE:
        return DestinationLostError(
            f"{folder} cannot be reached any more.", hint="It was removed or renamed, or its drive is gone."
        )
    if code == errno.ENAMETOOLONG or code is None:
        return DestinationLostError(f"{folder} is not a usable path.", hint="Choose another folder.")
    return DestinationLostError(f"Nothing can be written to {folder}: {_reason(error)}.")


def _file_error(path: Path, error: OSError | ValueError) -> DestinationError:
    """What refusing one name is told as: every file's fault, or this one's."""
    code = error.errno if isinstance(error, OSError) else None
    if code in _FULL or code == errno.EROFS or (code in _GONE and not os.path.isdir(path.parent)):  # noqa: PTH112
        return folder_error(path.parent, error)
    if os.path.isdir(path):  # noqa: PTH112 - unlike Path.is_dir it never raises
        return DestinationError(f"{path.name} is a folder.", hint="Choose other names or another folder.")
    return DestinationError(f"{path.name} cannot be written: {_reason(error)}.")


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
