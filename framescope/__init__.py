"""FrameScope: the frame you ask for is the frame you see, and the frame you see is the frame you save.

``open_video`` is the door: it opens a file or an address, indexes it, and gives its frames by number.
``audit`` finds out whether other libraries give the frame they are asked for on a file.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framescope.core.audit.file_audit import audit
    from framescope.core.errors import (
        Cancelled,
        CorruptFrameError,
        DecodeError,
        ExportError,
        FrameScopeError,
        FrameUnavailableError,
        IndexingError,
        MissingFileError,
        NoVideoStreamError,
        OpenError,
        UnsupportedMediaError,
    )
    from framescope.core.media.index import FrameIndex, IndexBasis
    from framescope.core.media.index_builder import Counting
    from framescope.core.media.video import Video, open_video
    from framescope.core.model.frame import Frame, PictureType
    from framescope.core.model.stream_facts import VideoInfo

__all__ = [
    "Cancelled",
    "CorruptFrameError",
    "Counting",
    "DecodeError",
    "ExportError",
    "Frame",
    "FrameIndex",
    "FrameScopeError",
    "FrameUnavailableError",
    "IndexBasis",
    "IndexingError",
    "MissingFileError",
    "NoVideoStreamError",
    "OpenError",
    "PictureType",
    "UnsupportedMediaError",
    "Video",
    "VideoInfo",
    "audit",
    "open_video",
]


_HOMES = {
    "Cancelled": "framescope.core.errors",
    "CorruptFrameError": "framescope.core.errors",
    "Counting": "framescope.core.media.index_builder",
    "DecodeError": "framescope.core.errors",
    "ExportError": "framescope.core.errors",
    "Frame": "framescope.core.model.frame",
    "FrameIndex": "framescope.core.media.index",
    "FrameScopeError": "framescope.core.errors",
    "FrameUnavailableError": "framescope.core.errors",
    "IndexBasis": "framescope.core.media.index",
    "IndexingError": "framescope.core.errors",
    "MissingFileError": "framescope.core.errors",
    "NoVideoStreamError": "framescope.core.errors",
    "OpenError": "framescope.core.errors",
    "PictureType": "framescope.core.model.frame",
    "UnsupportedMediaError": "framescope.core.errors",
    "Video": "framescope.core.media.video",
    "VideoInfo": "framescope.core.model.stream_facts",
    "audit": "framescope.core.audit.file_audit",
    "open_video": "framescope.core.media.video",
}
"""Where each name is defined."""


def __getattr__(name: str) -> object:
    """Import a name's module at its first use: the program's own start must stay free to be interrupted."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
