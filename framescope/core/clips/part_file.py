"""A file under a temporary name that gets its own name only when it is finished and proven."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import av.error

from framescope.core.errors import ClipError, DestinationError, DestinationLostError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_STEM = 60


@contextlib.contextmanager
def part_file(path: Path, *, replaces: bool, source: str = "") -> Iterator[Path]:
    """Yield a temporary name beside ``path``; on a clean exit the file there gets the name ``path``.

    On an error, or when the work is cancelled, it is removed and ``path`` is as it was.

    Args:
        path: The file to make; its folder is made if it is missing.
        replaces: Whether a file of this name may be replaced.
        source: The file that is read meanwhile, which must never be replaced.

    Raises:
        DestinationError: The name is taken, or cannot be used.
        DestinationLostError: The folder takes no file.
        ClipError: FFmpeg cannot write the file.
    """
    check_destination(path, replaces=replaces, source=source)
    part = path.with_name(f".{path.stem[:_MOST_STEM]}.{secrets.token_hex(4)}.part{path.suffix}")
    try:
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield part
            _flush(part)
            _give_name(part, path, replaces=replaces)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def check_destination(path: Path, *, replaces: bool, source: str = "") -> None:
    """Refuse a name that cannot be written to.

    Raises:
        DestinationError: It is taken, a folder, or the source itself.
    """
    try:
        if path.is_dir():
            raise DestinationError(f"{path} is a folder.", hint="Give the name of a file.")
        is_there = os.path.lexists(path)
        if is_there and source and Path(source).exists() and path.samefile(source):
            raise DestinationError(f"{path.name} is the video itself.", hint="Choose another name.")
    except (OSError, ValueError) as error:
        raise DestinationError(f"{path} cannot be written.", hint="Choose another name.") from error
    if is_there and not replaces:
        raise DestinationError(f"{path.name} is there already.", hint="Choose another name, or replace it.")


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in words what went wrong while a file was written.

    Raises:
        DestinationLostError: The disk is full, read-only or gone.
        ClipError: FFmpeg refuses what it was given.
    """
    try:
        yield
    except (OSError, av.error.FFmpegError) as error:
        raise _explained(path, error) from error


def _flush(part: Path) -> None:
    handle = os.open(part, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _give_name(part: Path, path: Path, *, replaces: bool) -> None:
    if replaces or os.name == "nt":
        part.replace(path)
        return
    try:
        path.hardlink_to(part)
    except FileExistsError as error:
        raise DestinationError(f"{path.name} is there already.", hint="Choose another name.") from error
    except OSError:
        # FAT and some network drives know no links.
        part.replace(path)


def _explained(path: Path, error: OSError | av.error.FFmpegError) -> DestinationError | ClipError:
    code = error.errno
    if code in (errno.ENOSPC, errno.EDQUOT):
        return DestinationLostError(f"The disk with {path.parent} is full.", hint="Make room and try again.")
    if code in (errno.EROFS, errno.EACCES):
        return DestinationLostError(
            f"{path.parent} cannot be written to.",
            hint="It is read-only or not yours; choose another folder.",
        )
    if code in (errno.ENOENT, errno.ENOTDIR, errno.EIO, errno.ENODEV):
        return DestinationLostError(
            f"{path.parent} cannot be reached.", hint="It was removed, or its drive is."
        )
    words = error.strerror or str(error)
    return ClipError(
        f"{path.name} could not be written: {words}.",
        hint="Encode the frames exactly, or choose another kind of file.",
    )
