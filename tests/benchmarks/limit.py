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
    """PyAV, told by our index where each frame is, and by our landing how to get there."""

    def __init__(self) -> None:
        self._framescope: Any = import_module("framescope")
        self._decoders: Any = import_module("framescope.core.media.decoding.decoder")
        self._landing: Any = import_module("framescope.core.media.decoding.landing")
        self._plans: Any = import_module("framescope.core.media.decoding.seek_plan")
        self._pictures: Any = import_module("framescope.core.media.picture.picture")
        self._inspection: Any = import_module("framescope.core.media.packet_inspect")

    def open(self, path: str, options: Options) -> int:
        """Open; the index costs nothing here."""
        del options
        with self._framescope.open_video(path, use_index_cache=False) as video:
            self._index = video.index
            self._rule = self._pictures.DisplayRule.of(video.info)
            self._decoder = self._decoders.StreamDecoder(video.info.source, video.info.stream_index)
        self._recogniser = self._landing.PacketRecogniser(self._index)
        self._context = self._decoder.context
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
        """Frames in ascending order, each run decoded up to its last one."""
        wanted = {int(self._index.packet_numbers[number]) for number in numbers}
        for entry, last in self._runs(numbers):
            packet_number = int(self._index.entries.packet_numbers[entry])
            for packet in self._packets_from(entry):
                if packet_number in wanted or self._is_reference(packet):
                    packet.pts = packet_number
                    yield from self._converted(self._context.decode(packet), wanted)
                packet_number += 1
                if packet_number > last:
                    break
            yield from self._converted(self._context.decode(None), wanted)

    def _runs(self, numbers: Sequence[int]) -> list[tuple[int, int]]:
        """The entries to start from, each with the last packet to feed from there."""
        runs: list[tuple[int, int]] = []
        for number in numbers:
            entry, packet = self._plans.choose_entry(self._index, number), self._index.packet_numbers[number]
            # The leading pictures of an open GOP are fed after its keyframe.
            if runs and self._index.entries.packet_numbers[entry] <= runs[-1][1] + 1:
                runs[-1] = runs[-1][0], max(runs[-1][1], int(packet))
            else:
                runs.append((entry, int(packet)))
        return runs

    def _packets_from(self, entry: int) -> Iterator[Any]:
        """The packets from an entry on, read from where the file can be read from."""
        self._context.flush_buffers()
        landed = self._landing.land(self._decoder, self._index, self._recogniser, entry)
        if landed is None:
            raise RuntimeError("no seek reaches the keyframe")
        following, first = landed
        yield first
        yield from following

    def _is_reference(self, packet: object) -> bool:
        return self._inspect is None or self._inspect(memoryview(packet)).is_reference  # type: ignore[arg-type]

    def _converted(self, frames: list[Any], wanted: set[int]) -> Iterator[Picture]:
        for frame in frames:
            if frame.pts in wanted:
                picture: Picture = self._pictures.AvPicture(frame, self._rule).to_bgr()
                yield picture

    def thumbnail(self, number: int, width: int) -> Picture:
        """No thumbnail is measured against it."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the file."""
        self._decoder.close()
