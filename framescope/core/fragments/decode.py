"""Decodes one fragment on its own, picture by picture in presentation order."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import av

from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import CODECS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from av.video.codeccontext import VideoCodecContext

    from framescope.core.fragments.codecs import FragmentCodec


class FragmentDecoder:
    """Goes forward through one fragment's pictures. Threads: one at a time."""

    def __init__(  # noqa: PLR0913 - what a raw stream does not tell of itself
        self,
        codec: FragmentCodec,
        data: bytes,
        packet_sizes: Sequence[int],
        shown: Sequence[int] | None = None,
        *,
        size: tuple[int, int],
        extradata: bytes = b"",
    ) -> None:
        """Open the decoder.

        Args:
            codec: What the fragment is coded with.
            data: Its packets, one behind the other.
            packet_sizes: Bytes of each packet.
            shown: Presentation place of each packet's picture; None for the same order.
            size: Columns and rows of the coded pictures.
            extradata: What the decoder needs to know beforehand.

        Raises:
            FragmentError: This build of FFmpeg has no decoder for it.
        """
        self._title = CODECS[codec].title
        self._data = data
        self._sizes = packet_sizes
        self._shown = range(len(packet_sizes)) if shown is None else shown
        self._size = size
        self._context = _open(codec, size, extradata)
        self._frames = self._decode()
        self._frame: av.VideoFrame | None = None
        self._number = self._asked = -1

    @property
    def position(self) -> int:
        """The place of the picture that came out last; -1 before the first."""
        return self._number

    def frame(self, number: int) -> av.VideoFrame:
        """The picture at a place in presentation order, which is not before the last one asked for.

        Raises:
            FragmentError: It does not decode.
            ValueError: It lies behind the decoder.
        """
        if number < self._asked:
            raise ValueError(f"picture {number} lies before {self._asked}")
        self._asked = number
        while self._frame is None or self._number < number:
            frame = next(self._frames, None)
            if frame is None or frame.pts is None:
                raise FragmentError(f"The fragment ends before its picture {number}.")
            self._frame, self._number = frame, frame.pts
        if self._number != number:
            raise FragmentError(f"The fragment has no picture {number}.")
        if (self._frame.width, self._frame.height) != self._size:
            raise FragmentError(
                f"The fragment's pictures have {self._frame.width} × {self._frame.height} pixels instead of"
                f" {self._size[0]} × {self._size[1]}."
            )
        return self._frame

    def _decode(self) -> Iterator[av.VideoFrame]:
        place = 0
        try:
            for size, number in zip(self._sizes, self._shown, strict=True):
                packet = av.Packet(self._data[place : place + size])
                packet.pts = packet.dts = number
                place += size
                yield from self._context.decode(packet)
            yield from self._context.decode(None)
        except (av.FFmpegError, ValueError) as error:
            raise FragmentError(f"A fragment of {self._title} does not decode: {error}") from error


def _open(codec: FragmentCodec, size: tuple[int, int], extradata: bytes) -> VideoCodecContext:
    spec = CODECS[codec]
    for name in spec.decoders:
        try:
            context = cast("VideoCodecContext", av.CodecContext.create(name, "r"))
        except ValueError:
            continue
        # Tiles give the parallel work; one thread a decoder keeps no picture back.
        context.thread_count = 1
        context.width, context.height = size
        if extradata:
            context.extradata = extradata
        return context
    raise FragmentError(
        f"This build of FFmpeg has no decoder for {spec.title}.", hint="Install PyAV's own build of FFmpeg."
    )
