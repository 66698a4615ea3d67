"""A small picture of each video stream of a file, to choose one by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av.error
import numpy as np

from framescope.core.errors import FrameScopeError
from framescope.core.media.container import open_container, video_stream
from framescope.core.pyav import demux, read_only

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from framescope.core.model.progress import CancelToken

_MOST_PACKETS = 300
_WIDEST = 16
"""Times the height: a picture of a single row must not become one of a million columns."""


def stream_pictures(
    source: str, stream_indices: Sequence[int], height_px: int, cancel: CancelToken | None = None
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """The first picture of each stream, scaled down. Streams without one are left out. Threads: any.

    Args:
        source: Path or address.
        stream_indices: The video streams, over all streams of the file.
        height_px: Rows of the pictures.
        cancel: Stops it.

    Yields:
        The stream's index and (height, width, 3) uint8 RGB.
    """
    for stream_index in stream_indices:
        if cancel is not None:
            cancel.raise_if_cancelled()
        picture = _first_picture(source, stream_index, height_px)
        if picture is not None:
            yield stream_index, picture


def _first_picture(source: str, stream_index: int, height_px: int) -> NDArray[np.uint8] | None:
    try:
        with open_container(source) as container:
            stream = video_stream(container, source, stream_index)
            read_only(container, stream)
            for number, packet in enumerate(demux(container, stream)):
                for frame in packet.decode():
                    width = max(round(frame.width * height_px / max(frame.height, 1)), 1)
                    width = min(width, _WIDEST * height_px)
                    small = frame.to_ndarray(format="rgb24", width=width, height=height_px)
                    return np.ascontiguousarray(small, np.uint8)
                if number >= _MOST_PACKETS:
                    break
    except (FrameScopeError, av.error.FFmpegError, OSError, ValueError):
        # A stream that cannot be decoded has no picture; opening it says why.
        return None
    return None
