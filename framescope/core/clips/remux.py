"""Remuxes one stream into MP4 packet by packet, as ``ffmpeg -c copy`` does, without checking the result."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import av

from framescope.core.errors import ClipError, OpenError
from framescope.core.media.container import open_container, video_stream
from framescope.core.pyav import demux
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.model.progress import CancelToken
    from framescope.core.model.stream_facts import VideoInfo


def remux(info: VideoInfo, path: Path, cancel: CancelToken) -> None:
    """Write the packets of the stream into ``path``, with their own times from the file's start on.

    Raises:
        ClipError: The packets cannot be read, or MP4 does not take them.
        Cancelled: The work was cancelled.
    """
    try:
        with open_container(info.source) as source, av.open(os.fspath(path), "w", format="mp4") as out:
            stream = video_stream(source, info.source, info.stream_index)
            target = out.add_stream_from_template(stream, opaque=True)
            start_s = (source.start_time or 0) / av.time_base
            for packet in demux(source, stream):
                cancel.raise_if_cancelled()
                if not packet.size:
                    continue  # The flush at the end.
                start = round(start_s / float(packet.time_base or 1))
                packet.pts = None if packet.pts is None else packet.pts - start
                packet.dts = None if packet.dts is None else packet.dts - start
                packet.stream = target
                out.mux(packet)
    except (OpenError, OSError, ValueError, av.FFmpegError) as error:
        raise ClipError(tr("The packets cannot be copied into MP4: {error}", error=error)) from error
