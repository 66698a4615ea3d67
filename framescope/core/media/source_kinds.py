"""Tells fragment stores from files that FFmpeg opens, and gives each its reader; both have one face."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from framescope.core.media.container import is_url
from framescope.core.media.reader import ExactReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.seek_plan import Outlook
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

FRAGMENT_CONTAINER = "framescope-fragments"
"""What stands as the container in the facts of a fragment store."""

_ZIP_MAGIC = b"PK\x03\x04"


class FrameReader(Protocol):
    """Reads frames of one source by number. Threads: one, from the first read to closing."""

    index: FrameIndex

    def adopt_index(self, index: FrameIndex) -> None:
        """Read by another index of the same source from now on."""

    def read(self, frame_number: int, *, keeps_all: bool = False, outlook: Outlook | None = None) -> Frame:
        """The exact frame; ``keeps_all`` where those on the way are wanted too, ``outlook`` what comes next.

        Raises:
            FrameUnavailableError: It cannot be decoded.
            OpenError: The source is gone.
        """

    def forget_position(self) -> None:
        """Start the next read anew, as after one that was broken off."""

    def close(self) -> None:
        """Let go of the source."""


def may_be_fragment_store(source: str | os.PathLike[str]) -> bool:
    """Whether a closer look is worth it, told without the code of stores. Threads: any."""
    text = os.fspath(source)
    if is_url(text):
        return False
    if "#xywh=" in text or text.endswith("manifest.json"):
        return True
    path = Path(text)
    try:
        if path.is_dir():
            return any((path / name).is_file() for name in ("manifest.json", "unfinished.jsonl"))
        if not path.is_file():
            # Opening a pipe would wait for whoever writes to it.
            return False
        with path.open("rb") as file:
            return file.read(len(_ZIP_MAGIC)) == _ZIP_MAGIC
    except (OSError, ValueError):
        return False


def is_fragment_store(source: str | os.PathLike[str]) -> bool:
    """Whether this names a fragment store, perhaps with a region. Raises nothing. Threads: any."""
    if not may_be_fragment_store(source):
        return False
    # Fragments are built on what is in this folder, so they can be met only here inside.
    from framescope.core.fragments.source import is_fragment_source  # noqa: PLC0415

    return is_fragment_source(source)


def reader_for(
    info: VideoInfo, index: FrameIndex, on_frame: Callable[[Frame], None] = lambda _frame: None
) -> FrameReader:
    """The reader that a source takes; it opens nothing before its first read."""
    if info.container != FRAGMENT_CONTAINER:
        return ExactReader(info, index, on_frame=on_frame)
    from framescope.core.fragments.reader import FragmentReader  # noqa: PLC0415

    return FragmentReader(info, index, on_frame=on_frame)
