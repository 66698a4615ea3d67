"""Devices that do not exist: FFmpeg's software dressed up as one, with a fault each.

They give NV12 and P010, as real devices do, made by FFmpeg's own conversion.
"""

from __future__ import annotations

import threading
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import av.filter
import numpy as np

from framescope.core.errors import DeviceError
from framescope.core.media.container import open_container

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.codeccontext import VideoCodecContext

    from framescope.core.media.decoding.decoder import VideoPacket

_DOWNLOADED = {
    "yuv420p": "nv12",
    "yuvj420p": "nv12",
    "yuv422p": "nv16",
    "yuv444p": "nv24",
    "yuv420p10le": "p010le",
}


class StandIn:
    """A device that does everything right."""

    name = "stand-in"

    def __init__(self) -> None:
        self.decoded = 0

    def open(self, source: str) -> InputContainer:
        """As a real device does, without one."""
        return open_container(source)

    def decode(self, context: VideoCodecContext, packet: VideoPacket | None) -> list[av.VideoFrame]:
        """Decode, then give the pictures as a device gives them."""
        frames = [self.given(frame) for frame in context.decode(packet)]
        self.decoded += len(frames)
        return frames

    def given(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The picture as it is downloaded."""
        return as_downloaded(frame)


class Absent(StandIn):
    """One that cannot be opened."""

    def open(self, source: str) -> InputContainer:
        """Refuse."""
        raise DeviceError(f"no such device for {source[-3:]}")


class Failing(StandIn):
    """One that reports an error after some pictures."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after

    def decode(self, context: VideoCodecContext, packet: VideoPacket | None) -> list[av.VideoFrame]:
        """Decode until it is enough."""
        self._left -= 1
        if self._left < 0:
            raise av.error.ExternalError(1, "gone")
        return super().decode(context, packet)


class Hanging(StandIn):
    """One that never answers again after some pictures; ``end`` frees whoever waits."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after
        self.end = threading.Event()
        self.hangs = threading.Event()

    def decode(self, context: VideoCodecContext, packet: VideoPacket | None) -> list[av.VideoFrame]:
        """Decode until it hangs."""
        self._left -= 1
        if self._left < 0:
            self.hangs.set()
            self.end.wait()
        return super().decode(context, packet)


class OffByOne(StandIn):
    """One that has a single sample of a single picture wrong, by one."""

    def __init__(self, picture: int) -> None:
        super().__init__()
        self._picture = picture

    def given(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The picture, or almost."""
        made = as_downloaded(frame)
        self._picture -= 1
        if self._picture == -1:
            rows = np.frombuffer(memoryview(made.planes[1]), np.uint8).reshape(-1, made.planes[1].line_size)
            rows[3, 5] ^= 1
        return made


class Dropping(StandIn):
    """One that loses every seventh picture."""

    def decode(self, context: VideoCodecContext, packet: VideoPacket | None) -> list[av.VideoFrame]:
        """Decode, and lose some."""
        kept = []
        for frame in context.decode(packet):
            self.decoded += 1
            if self.decoded % 7:
                kept.append(as_downloaded(frame))
        return kept


class Repeating(StandIn):
    """One that gives the previous picture once more in place of every seventh."""

    def __init__(self) -> None:
        super().__init__()
        self._before: av.VideoFrame | None = None
        self._given = 0

    def given(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The picture, or the one before under this one's label."""
        made = as_downloaded(frame)
        self._given += 1
        before, self._before = self._before, made
        if before is None or self._given % 7:
            return made
        again = as_downloaded(before)
        again.pts = made.pts
        return again


class Swapping(StandIn):
    """One that gives two pictures in the wrong order, each with its own label."""

    def __init__(self) -> None:
        super().__init__()
        self._held: av.VideoFrame | None = None

    def decode(self, context: VideoCodecContext, packet: VideoPacket | None) -> list[av.VideoFrame]:
        """Decode, and change places."""
        out = []
        for frame in context.decode(packet):
            self.decoded += 1
            if self.decoded == 5:
                self._held = as_downloaded(frame)
                continue
            out.append(as_downloaded(frame))
            if self._held is not None:
                out.append(self._held)
                self._held = None
        return out


class Shrinking(StandIn):
    """One that gives pictures of the size it decodes, not of the size that is shown."""

    def given(self, frame: av.VideoFrame) -> av.VideoFrame:
        """A smaller picture."""
        return as_downloaded(frame.reformat(frame.width - 16, frame.height - 16))


class OtherFormat(StandIn):
    """One whose pictures cannot be taken apart exactly."""

    def given(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The picture in R, G and B."""
        made = frame.reformat(format="bgra")
        made.pts = frame.pts
        return made


def as_downloaded(frame: av.VideoFrame) -> av.VideoFrame:
    """The picture as devices keep it."""
    name = _DOWNLOADED.get(frame.format.name, frame.format.name)
    if name == frame.format.name:
        return frame
    made = frame.reformat(format=name)
    if frame.interlaced_frame:
        made = _marked(made)
    made.pts, made.pict_type = frame.pts, frame.pict_type
    return made


def _marked(frame: av.VideoFrame) -> av.VideoFrame:
    """The picture, marked as interlaced with the bottom field first, as the clips are."""
    graph = av.filter.Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 1000)
    )
    mark, sink = graph.add("setfield", "bff"), graph.add("buffersink")
    source.link_to(mark)
    mark.link_to(sink)
    graph.configure()
    graph.push(frame)
    graph.push(None)
    made = graph.pull()
    assert isinstance(made, av.VideoFrame)
    return made
