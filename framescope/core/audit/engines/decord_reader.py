"""decord (the maintained fork is decord2): ``reader[n]``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from framescope.core.audit.engines.protocol import Ask, Delivered, Nothing, Target, picture_of
from framescope.core.audit.engines.read_on import read_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class DecordReader:
    """``decord.VideoReader`` on the CPU. It chooses the stream itself."""

    def __init__(self, target: Target) -> None:
        self._decord: Any = import_module("decord")
        self._source = target.source
        self._reader = self._open()
        self.frame_count_claimed: int | None = len(self._reader)

    def _open(self) -> Any:  # noqa: ANN401 - decord's own object
        return self._decord.VideoReader(self._source, ctx=self._decord.cpu(0))

    def sequential(self) -> Iterator[Delivered | Nothing]:
        """``next`` after ``next`` on a fresh reader; each frame's time is looked up by its number."""
        reader = self._open()
        numbers = iter(range(len(reader)))

        def step() -> Delivered:
            pixels = reader.next()
            return self._delivered(pixels, next(numbers))

        return read_on(step, call="next()")

    def seek_read(self, ask: Ask) -> Delivered | None:
        """``reader[n]``. Its timestamp is looked up by number, which proves nothing about the picture."""
        return self._delivered(self._reader[ask.frame_number], ask.frame_number)

    def read_clip(self, asks: Sequence[Ask]) -> Iterator[Delivered]:
        """``get_batch``."""
        batch = self._reader.get_batch([ask.frame_number for ask in asks]).asnumpy()
        return (picture_of(pixels) for pixels in batch)

    def _delivered(self, pixels: Any, number: int) -> Delivered:  # noqa: ANN401 - decord's own object
        start_s = float(self._reader.get_frame_timestamp([number])[0][0])
        return picture_of(pixels.asnumpy(), time_s=start_s)

    def go_to_end(self) -> None:
        """Read the last frame and ask for one more."""
        self._reader.seek_accurate(len(self._reader) - 1)
        for _ in range(2):
            try:
                self._reader.next()
            except StopIteration:
                return

    def close(self) -> None:
        """Free the reader; its threads continue until the process ends."""
        del self._reader
