"""The user's home, cache and data folders, and temporary ones, also where a system does not have them."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import time
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING

import platformdirs

from framescope.core.errors import FrameScopeError
from framescope.core.files import try_lock
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

_HELD = "framescope-held-"
_NEW_S = 60.0


def expanded(text: str) -> Path:
    """``text`` as a path, with ``~`` and ``~user`` as a folder where there is such a user."""
    # Path.expanduser raises for a user that does not exist, which a typed name may well be.
    return Path(os.path.expanduser(text))  # noqa: PTH111


def natural_order(path: str | os.PathLike[str]) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts files by name as people count: ``frame9`` before ``frame10``, whatever the case."""
    parts = re.split(r"(\d+)", Path(path).name.casefold())
    # Some digits, such as ², are not decimal: no number can be made of them.
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Whether this is a folder. Unlike Path.is_dir it raises nothing, whatever the name."""
    # Path's own raise for a name that is too long, and inside a folder that may not be entered.
    return os.path.isdir(path)  # noqa: PTH112


def is_regular_file(path: str | os.PathLike[str]) -> bool:
    """Whether this is a file with content. Unlike Path.is_file it raises nothing, whatever the name."""
    return os.path.isfile(path)  # noqa: PTH113


def is_there(path: str | os.PathLike[str]) -> bool:
    """Whether something has this name. Unlike Path.exists it raises nothing, whatever the name."""
    return os.path.exists(path)  # noqa: PTH110


def home_folder() -> Path | None:
    """The user's folder, or None for a user who has none, as services and containers often do."""
    home = expanded("~")
    return home if home.is_absolute() and is_folder(home) else None


def offered_folder() -> Path:
    """The folder to offer for files until the user has chosen one: home, or the current folder."""
    return home_folder() or Path.cwd()


def cache_folder() -> Path | None:
    """The user's cache folder for FrameScope, whether it exists or not; None if there is none."""
    return _own_folder(platformdirs.user_cache_path)


def data_folder() -> Path | None:
    """The user's folder for FrameScope data, whether it exists or not; None if there is none.

    Unlike the cache folder, it is never emptied to free space.
    """
    return _own_folder(platformdirs.user_data_path)


def log_folder() -> Path | None:
    """The user's folder for FrameScope's logs, whether it exists or not; None if there is none."""
    return _own_folder(platformdirs.user_log_path)


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

    Those of processes that were killed before that are removed as well.

    Args:
        purpose: Part of its name, for anyone who finds it after a crash.
        parent: Where to make it; None for the system's folder of temporary files.

    Raises:
        FrameScopeError: None can be made.
    """
    try:
        _remove_abandoned(Path(parent or gettempdir()))
        return _HeldFolder(prefix=f"{_HELD}{purpose or 'work'}-", dir=parent)
    except OSError as error:
        raise temporary_file_error(error) from error


class _HeldFolder(TemporaryDirectory[str]):
    """A temporary folder that stays locked as long as its process lives."""

    def __init__(self, prefix: str, dir: str | os.PathLike[str] | None) -> None:  # noqa: A002 - tempfile's own
        super().__init__(prefix=prefix, dir=dir)
        self._handle = _lock_folder(Path(self.name))

    def cleanup(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        super().cleanup()


def _remove_abandoned(parent: Path) -> None:
    """Remove the temporary folders that no process holds any longer."""
    now = time.time()
    for folder in parent.glob(f"{_HELD}*"):
        with contextlib.suppress(OSError):
            facts = folder.lstat()
            # One that was made this moment may not be locked yet.
            is_old = stat.S_ISDIR(facts.st_mode) and now - facts.st_ctime > _NEW_S
            handle = _lock_folder(folder) if is_old else None
            if handle is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(handle)


def _lock_folder(folder: Path) -> int | None:
    """A handle that holds the folder until it is closed; None if another process has it, or nobody can."""
    if os.name == "nt":
        return None  # Windows cannot open folders, so there is no way to tell whether one is in use.
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    if try_lock(handle):
        return handle
    os.close(handle)
    return None


def temporary_file_error(error: OSError) -> FrameScopeError:
    """The answer to a temporary file or folder that could not be made."""
    reason = error.strerror or str(error)
    variable = "TEMP" if os.name == "nt" else "TMPDIR"
    return FrameScopeError(
        tr("Cannot write temporary files: {reason}.", reason=reason),
        hint=tr("Set {variable} to a writable folder with free space.", variable=variable),
    )


def _own_folder(find: Callable[..., Path]) -> Path | None:
    """FrameScope's folder of a kind.

    A missing home folder is not made: root could, but the user would not find it.
    """
    try:
        folder = find("framescope", appauthor=False)
    except RuntimeError:
        return None
    # Older versions of platformdirs answer "~/.cache" to a user without a home.
    if not folder.is_absolute():
        return None
    home = expanded("~")
    return None if home in folder.parents and not is_folder(home) else folder
