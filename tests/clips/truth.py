"""The truth about a file: what one sequential decode shows, errors caught packet by packet.

Independent of the code under test: plain PyAV, one thread, no seeking, no timestamps used for counting.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_MOST_ERRORS = 100
"""So many errors without a packet in between, and nothing more will come."""


@dataclass(frozen=True)
class TrueFrame:
    """One frame of the sequential decode.

    Attributes:
        pts: As the decoder gives it.
        digest: Hash over the decoded planes without padding, with size and pixel format.
        is_keyframe: The decoder's own flag.
        picture_type: FFmpeg's letter.
    """

    pts: int | None
    digest: str
    is_keyframe: bool
    picture_type: str


def true_stream(container: av.container.InputContainer) -> av.VideoStream:
    """The first video stream that is no cover picture."""
    cover = av.stream.Disposition.attached_pic
    return next(stream for stream in container.streams.video if not stream.disposition & cover)


def decode_in_sequence(path: Path, *, stream_index: int | None = None) -> Iterator[av.VideoFrame]:
    """Every frame in the order the decoder gives them."""
    with av.open(os.fspath(path)) as container:
        if stream_index is None:
            stream = true_stream(container)
        else:
            stream = next(s for s in container.streams.video if s.index == stream_index)
        stream.thread_count = 1
        packets, errors = container.demux(stream), 0
        while errors < _MOST_ERRORS:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.FFmpegError:
                # The generator is over, the file is not.
                packets, errors = container.demux(stream), errors + 1
                continue
            errors = 0
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            yield from (frame for frame in frames if isinstance(frame, av.VideoFrame))


def true_frames(path: Path, *, stream_index: int | None = None) -> list[TrueFrame]:
    """The frames of ``path`` as records."""
    return [
        TrueFrame(
            frame.pts,
            digest_of_av_frame(frame),
            bool(frame.key_frame),
            av.video.frame.PictureType(frame.pict_type).name,
        )
        for frame in decode_in_sequence(path, stream_index=stream_index)
    ]


def digest_of_av_frame(frame: av.VideoFrame) -> str:
    """Hash over the visible bytes of every plane."""
    return digest_of_rows(
        frame.width, frame.height, frame.format.name, [_visible(frame, n) for n in range(len(frame.planes))]
    )


def digest_of_planes(
    width: int, height: int, pixel_format: str, planes: tuple[NDArray[np.generic], ...]
) -> str:
    """The same hash over arrays as `framescope.Frame.planes` gives them."""
    rows = [np.ascontiguousarray(plane).view(np.uint8).reshape(plane.shape[0], -1) for plane in planes]
    return digest_of_rows(width, height, pixel_format, rows)


def digest_of_rows(width: int, height: int, pixel_format: str, planes: list[NDArray[np.uint8]]) -> str:
    """Hash over (rows, bytes) arrays."""
    digest = hashlib.blake2b(f"{width}x{height} {pixel_format}".encode(), digest_size=16)
    for plane in planes:
        digest.update(np.ascontiguousarray(plane).data)
    return digest.hexdigest()


def _visible(frame: av.VideoFrame, number: int) -> NDArray[np.uint8]:
    plane = frame.planes[number]
    video_format = frame.format
    components = [component for component in video_format.components if component.plane == number]
    if video_format.name.startswith("pal") and number == 1:
        row_bytes = plane.line_size
    elif len(frame.planes) == 1:
        row_bytes = (video_format.padded_bits_per_pixel * plane.width + 7) // 8
    else:
        row_bytes = plane.width * sum((component.bits + 7) // 8 for component in components)
    rows: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, abs(plane.line_size))
    return rows[: plane.height, :row_bytes]
