"""Keeps written clips between tests and runs, in a folder named by everything that goes into them."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import av

from framescope.core import synth
from tests.clips.oddities import ALL_CLIPS, REFUSED_FILES

if TYPE_CHECKING:
    from tests.clips.catalog import Clip

_CLIPS = {clip.name: clip for clip in ALL_CLIPS}
_REFUSED = {refused.name: refused for refused in REFUSED_FILES}


def clip_named(name: str) -> Clip:
    """The catalogue's entry."""
    return _CLIPS[name]


class ClipStore:
    """Writes each clip once. Processes may share a store: a clip appears under its name when it is whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / _digest_of_sources()
        self._folder.mkdir(parents=True, exist_ok=True)
        for older in folder.iterdir():
            if older.name != self._folder.name:
                shutil.rmtree(older, ignore_errors=True)

    def path(self, name: str) -> Path:
        """The clip of that name. It is shared: copy it before changing it."""
        path = self._folder / name
        if not path.exists():
            with TemporaryDirectory(dir=self._folder) as folder:
                part = Path(folder, name)
                _CLIPS[name].write(part, self.path)
                # The first one stays: others may be made of it already, and not every encoder writes the same
                # bytes twice.
                with suppress(FileExistsError):
                    path.hardlink_to(part)
        return path

    def refused(self, name: str) -> Path:
        """The file of that name that no video can be opened from; it may not exist."""
        path = self._folder / "refused" / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            with TemporaryDirectory(dir=self._folder) as folder:
                part = Path(folder, name)
                _REFUSED[name].write(part, self.path)
                if part.exists():
                    part.replace(path)
        return path


def _digest_of_sources() -> str:
    digest = hashlib.blake2b(f"{av.__version__} {av.library_versions}".encode(), digest_size=8)
    for folder in (Path(__file__).parent, Path(synth.__path__[0])):
        for source in sorted(folder.glob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()
