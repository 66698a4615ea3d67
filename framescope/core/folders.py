"""The user's home, cache and data folders, and temporary ones, also where a system does not have them."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import platformdirs

from framescope.core.errors import FrameScopeError

if TYPE_CHECKING:
    from collections.abc import Callable


def expanded(text: str) -> Path:
    """``text`` as a path, with ``~`` and ``~user`` as a folder where there is such a user."""
    # Path.expanduser raises for a user that does not exist, which a typed name may well be.
    return Path(os.path.expanduser(text))  # noqa: PTH111


def home_folder() -> Path | None:
    """The user's folder, or None for a user who has none, as services and containers often do."""
    home = expanded("~")
    return home if home.is_absolute() and _is_folder(home) else None


def offered_folder() -> Path:
    """The folder to offer for files until the user has chosen one: home, or the current folder."""
    return home_folder() or Path.cwd()


def cache_folder() -> Path | None:
    """The user's cache folder for FrameScope, made or not; None where nothing can be kept."""
    return _own_folder(platformdirs.user_cache_path)


def data_folder() -> Path | None:
    """The user's folder for what FrameScope keeps of their work, made or not; None where nothing can be kept.

    Unlike the cache folder, nobody empties it to make room.
    """
    return _own_folder(platformdirs.user_data_path)


def is_usable_folder(folder: Path) -> bool:
    """Make ``folder`` if it is not there; whether files can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def temporary_folder(
    purpose: str = "", parent: str | os.PathLike[str] | None = None
) -> TemporaryDirectory[str]:
    """A folder that is removed with everything in it when its ``with`` block ends.

    Args:
        purpose: Part of its name, for whoever finds it after a crash.
        parent: Where to make it; None for the system's folder of temporary files.

    Raises:
        FrameScopeError: None can be made.
    """
    prefix = f"framescope-{purpose}-" if purpose else "framescope-"
    try:
        return TemporaryDirectory(prefix=prefix, dir=parent)
    except OSError as error:
        raise temporary_file_error(error) from error


def temporary_file_error(error: OSError) -> FrameScopeError:
    """The answer to a temporary file or folder that could not be made."""
    reason = error.strerror or str(error)
    variable = "TEMP" if os.name == "nt" else "TMPDIR"
    return FrameScopeError(
        f"No temporary file can be written: {reason}.",
        hint=f"Set {variable} to a folder that can be written to and has room.",
    )


def _is_folder(path: Path) -> bool:
    # Unlike Path.is_dir it never raises, as that does inside a folder that may not be entered.
    return os.path.isdir(path)  # noqa: PTH112


def _own_folder(find: Callable[..., Path]) -> Path | None:
    """FrameScope's folder of a kind.

    A missing home folder is not made: root could, and nobody would look there.
    """
    try:
        folder = find("framescope", appauthor=False)
    except RuntimeError:
        return None
    # Older versions of platformdirs answer "~/.cache" to a user without a home.
    if not folder.is_absolute():
        return None
    home = expanded("~")
    return None if home in folder.parents and not _is_folder(home) else folder
