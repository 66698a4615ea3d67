"""FrameScope: the frame you ask for is the frame you see, and the frame you see is the frame you save.

``open_video`` is the door: it opens a file or an address, indexes it, and gives its frames by number.
``audit`` finds out whether other libraries give the frame they are asked for on a file.
"""

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from framescope.core.audit.file_audit import audit

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


def __getattr__(name: str) -> object:
    """Import what is seldom used at its first use."""
    if name == "audit":
        from framescope.core.audit.file_audit import audit  # noqa: PLC0415

        return audit
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
