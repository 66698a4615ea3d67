"""PyAV as it is often used: the first frame after a backward seek to the frame's time."""

from __future__ import annotations

from importlib import import_module
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from framescope.core.audit.engines.protocol import Ask, Delivered, Nothing, Target
from framescope.core.media.error_bound import ErrorBound
from framescope.core.media.picture.planes import frame_planes
from framescope.core.pyav import demux, open_input
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LOST_LIMIT = 200
"""Unreadable packets in a row after which the rest of the file counts as unreadable."""


class PyAVPlain:
    """``container.seek(pts, backward=True)``, then the first frame that ``decode`` gives."""

    def __init__(self, target: Target) -> None:
        self._av: Any = import_module("av")
        self._target = target
        self._pts: list[int | None] = []
        self._container, self._stream = self._open()
        self.frame_count_claimed: int | None = int(self._stream.frames) or None

    def _open(self) -> tuple[Any, Any]:
        container: Any = open_input(self._target.source)
        stream = container.streams[self._target.stream_index]
        stream.thread_type = "NONE" if self._target.single_thread else "AUTO"
        return container, stream

    def sequential(self) -> Iterator[Delivered | Nothing]:
        """Decode everything, errors caught packet by packet. Also learns the pts of each number."""
        container, stream = self._open()
        pts: list[int | None] = []
        with container:
            for frame in self._steps(container, stream):
                if isinstance(frame, Nothing):
                    yield frame
                    continue
                pts.append(frame.pts)
                if len(pts) > len(self._pts):
                    self._pts.append(frame.pts)
                yield self._delivered(frame)

    def _steps(self, container: Any, stream: Any) -> Iterator[Any]:  # noqa: ANN401 - PyAV's objects
        """Frames from the container's position on, and `Nothing` for damaged or unreadable packets."""
        bound = ErrorBound(_LOST_LIMIT)
        while True:
            try:
                for packet in demux(container, stream):
                    bound.note_progress()
                    try:
                        yield from packet.decode()
                    except self._av.error.EOFError:
                        return
                    except self._av.error.FFmpegError as error:
                        yield Nothing(tr("decode() raises {name}", name=type(error).__name__))
            except self._av.error.EOFError:
                return
            except self._av.error.FFmpegError as error:
                if bound.is_exceeded():
                    return
                yield Nothing(tr("demux() raises {name}", name=type(error).__name__))
                continue
            return

    def seek_read(self, ask: Ask) -> Delivered | None:
        """Seek backward to the frame's pts and take the first frame.

        Raises:
            ValueError: The frame has no timestamp.
        """
        frame = next(self._from(ask), None)
        return None if frame is None else self._delivered(frame)

    def read_clip(self, asks: Sequence[Ask]) -> Iterator[Delivered]:
        """Seek as for one frame, then continue decoding."""
        frames = self._from(asks[0])
        return (self._delivered(frame) for frame in islice(frames, len(asks)))

    def _from(self, ask: Ask) -> Iterator[Any]:
        """The frames after a seek to this one."""
        return self._after_seek(self._pts_of(ask))

    def _pts_of(self, ask: Ask) -> int:
        known = ask.frame_number < len(self._pts)
        pts = self._pts[ask.frame_number] if known else ask.pts
        if pts is None:
            raise ValueError("the frame has no timestamp to seek to")
        return pts

    def _after_seek(self, pts: int) -> Iterator[Any]:
        self._container.seek(pts, stream=self._stream, backward=True)
        steps = self._steps(self._container, self._stream)
        return (one for one in steps if not isinstance(one, Nothing))

    def go_to_end(self) -> None:
        """Seek to the last known frame and decode to the end."""
        last = next((pts for pts in reversed(self._pts) if pts is not None), None)
        if last is not None:
            for _ in zip(count(), self._after_seek(last), strict=False):
                pass

    def close(self) -> None:
        """Close the container."""
        self._container.close()

    def _delivered(self, frame: Any) -> Delivered:  # noqa: ANN401 - PyAV's own object
        packed = self._target.convert
        planes = (frame.to_ndarray(format="rgb24"),) if packed else frame_planes(frame)
        time_s = None if frame.pts is None else float(frame.pts * self._target.time_base)
        return Delivered(planes, pts=frame.pts, time_s=time_s)
