"""The limit: what every reader that gives exact frames has to do at least, and nothing else.

It decodes the packets that the frames depend on, as far as the codec tells (references, and the frames'
own), with all of FFmpeg's threads, and converts the frames exactly. It recognises, checks, keeps and
prepares nothing. Where frames follow each other, its CPU time over the number of cores counts: readers may
decode, convert and encode at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.benchmarks.engines import Options, Picture

LIMIT = "limit"
"""In place of an engine's name."""


class LimitEngine:
    """PyAV, told by our index where each frame is."""

    def __init__(self) -> None:
        self._av: Any = import_module("av")
        self._framescope: Any = import_module("framescope")
        self._plans: Any = import_module("framescope.core.media.decoding.seek_plan")
        self._pictures: Any = import_module("framescope.core.media.picture.picture")
        self._inspection: Any = import_module("framescope.core.media.packet_inspect")

    def open(self, path: str, options: Options) -> int:
        """Open; the index costs nothing here."""
        del options
        with self._framescope.open_video(path, use_index_cache=False) as video:
            self._index = video.index
            self._rule = self._pictures.DisplayRule.of(video.info)
        self._container = self._av.open(path)
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"
        self._context = self._stream.codec_context
        self._inspect = self._inspection.inspector_for(self._context.name, self._context.extradata)
        return len(self._index)

    def picture(self, number: int) -> Picture:
        """One frame."""
        (picture,) = self.many([number])
        return picture

    def sequence(self, count: int) -> Iterator[Picture]:
        """The first frames."""
        return self.many(range(count))

    def many(self, numbers: Sequence[int]) -> Iterator[Picture]:
        """Frames in ascending order, each GOP decoded up to its last one."""
        entries = self._index.entries
        lasts: dict[int, int] = {}
        wanted = {int(self._index.packet_numbers[number]) for number in numbers}
        for number in numbers:
            entry = self._plans.choose_entry(self._index, number)
            lasts[entry] = max(lasts.get(entry, 0), int(self._index.packet_numbers[number]))
        following: int | None = None
        packets: Iterator[Any] = iter(())
        for entry, last in sorted(lasts.items()):
            packet_number = int(entries.packet_numbers[entry])
            if packet_number != following:
                if following is not None:
                    yield from self._rest(wanted)
                self._container.seek(int(entries.pts[entry]), stream=self._stream, backward=True)
                packets = self._container.demux(self._stream)
            for packet in packets:
                if packet_number == int(entries.packet_numbers[entry]) and packet.pts != entries.pts[entry]:
                    raise RuntimeError("the seek did not end at the keyframe")
                if packet_number in wanted or self._is_reference(packet):
                    packet.pts = packet_number
                    yield from self._converted(self._context.decode(packet), wanted)
                packet_number += 1
                if packet_number > last:
                    break
            following = packet_number
        yield from self._rest(wanted)

    def _is_reference(self, packet: object) -> bool:
        return self._inspect is None or self._inspect(memoryview(packet)).is_reference  # type: ignore[arg-type]

    def _rest(self, wanted: set[int]) -> Iterator[Picture]:
        yield from self._converted(self._context.decode(None), wanted)
        self._context.flush_buffers()

    def _converted(self, frames: list[Any], wanted: set[int]) -> Iterator[Picture]:
        for frame in frames:
            if frame.pts in wanted:
                picture: Picture = self._pictures.AvPicture(frame, self._rule).to_bgr()
                yield picture

    def thumbnail(self, number: int, width: int) -> Picture:
        """No thumbnail is measured against it."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the container."""
        self._container.close()
