"""Gives a path that a library would misinterpret a safe name: a link in a temporary folder."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.errors import FrameScopeError
from framescope.core.folders import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from tempfile import TemporaryDirectory

_lock = threading.Lock()
_links: dict[Path, Path] = {}
_folders: list[TemporaryDirectory[str]] = []


def plain_path(path: Path, is_plain: Callable[[str], bool]) -> Path | None:
    """A path to the same file of which every part is plain; None if no link can be made. Threads: any.

    Only what has the odd name is linked, so that ``..`` still works below it.

    Args:
        path: An absolute path.
        is_plain: Whether a part of a path can be left as it is.
    """
    odd = [place for place, part in enumerate(path.parts) if not is_plain(part)]
    if not odd:
        return path
    last = odd[-1] + 1
    with _lock:
        link = _link(Path(*path.parts[:last]))
    if link is None or not all(map(is_plain, link.parts)):
        return None
    return link.joinpath(*path.parts[last:])


def _link(target: Path) -> Path | None:
    if target not in _links:
        try:
            if not _folders:
                _folders.append(temporary_folder("links"))
            link = Path(_folders[0].name) / str(len(_links))
            link.symlink_to(target, target_is_directory=os.path.isdir(target))  # noqa: PTH112
        except (OSError, FrameScopeError):
            # Windows lets only some users make links.
            return None
        _links[target] = link
    return _links[target]
