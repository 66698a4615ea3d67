"""FrameScope's own reader, tested like the others, against an independent decode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.audit.engines.protocol import Ask, Delivered, Target
from framescope.core.audit.engines.pyav_plain import PyAVPlain
from framescope.core.audit.engines.read_on import pictures_of
from framescope.core.errors import FrameScopeError
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from framescope.core.model.frame import Frame

_KEEPS_NOTHING = 1
"""A cache of one byte, so that every answer is decoded and the cache is not what is tested."""


class FrameScopeReader:
    """``framescope.open_video(path).frame(n)``."""

    def __init__(self, target: Target, hardware: str = "off") -> None:
        cache_bytes = None if target.keeps_frames else _KEEPS_NOTHING
        self._target = target
        self._video = open_video(
            target.source,
            stream_index=target.stream_index,
            cache_bytes=cache_bytes,
            read_ahead=target.keeps_frames,
            # A stored index would make opening look faster than it is the first time.
            use_index_cache=not target.keeps_frames,
            hardware=hardware,
        )
        self.frame_count_claimed: int | None = len(self._video)

    def sequential(self) -> Iterator[Delivered]:
        """Plain decoding from the start, without the reader, unless its speed is to be measured."""
        if self._target.convert:
            yield from (self._delivered(frame) for frame in self._video.frames(range(len(self._video))))
            return
        decode = PyAVPlain(self._target)
        try:
            yield from pictures_of(decode.sequential())
        finally:
            decode.close()

    def seek_read(self, ask: Ask) -> Delivered | None:
        """``video.frame(n)``."""
        return self._delivered(self._video.frame(ask.frame_number))

    def read_clip(self, asks: Sequence[Ask]) -> Iterator[Delivered]:
        """``video.frames(numbers)``."""
        return map(self._delivered, self._video.frames([ask.frame_number for ask in asks]))

    def _delivered(self, frame: Frame) -> Delivered:
        planes = (frame.to_rgb(),) if self._target.convert else frame.planes()
        time_s = None if frame.pts is None else float(frame.pts * self._target.time_base)
        return Delivered(planes, pts=frame.pts, time_s=time_s)

    def go_to_end(self) -> None:
        """Read the last frame and ask for one more."""
        self._video.frame(len(self._video) - 1)
        try:
            self._video.frame(len(self._video))
        except IndexError:
            return

    def close(self) -> None:
        """Close the video."""
        self._video.close()


class FrameScopeHardwareReader(FrameScopeReader):
    """``framescope.open_video(path, hardware=device).frame(n)``; it is an error if software decodes."""

    def __init__(self, target: Target) -> None:
        super().__init__(target, hardware=target.device)
        self._check()

    def _check(self) -> None:
        decoder = self._video.decoder
        if not decoder.device:
            self._video.close()
            raise FrameScopeError(decoder.words)

    def _delivered(self, frame: Frame) -> Delivered:
        self._check()
        return super()._delivered(frame)
