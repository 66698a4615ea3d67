"""Turns FFmpeg's errors while writing a clip into messages."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import av.error

from framescope.core.errors import ClipError
from framescope.core.files import disk_error
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Translate the faults of writing ``path``, under whatever temporary name.

    Raises:
        DestinationLostError: The disk is full, read-only or gone.
        ClipError: FFmpeg refuses what it was given.
    """
    try:
        yield
    except (OSError, av.error.FFmpegError) as error:
        refused = ClipError(
            tr("{path} could not be written: {strerror}.", path=path.name, strerror=error.strerror or error),
            hint=tr("Encode the frames exactly, or choose another container."),
        )
        raise disk_error(path.parent, error) or refused from error
