"""torchcodec: ``decoder.get_frame_at(n)``, approximate (by average rate) or exact (after a scan)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from framescope.core.audit.engines.protocol import Ask, Delivered, Nothing, Target, picture_of
from framescope.core.audit.engines.read_on import read_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class TorchCodecApproximate:
    """``VideoDecoder(seek_mode="approximate")``."""

    _seek_mode = "approximate"

    def __init__(self, target: Target) -> None:
        self._module: Any = import_module("torchcodec.decoders")
        self._target = target
        self._decoder = self._open(self._seek_mode)
        self.frame_count_claimed: int | None = len(self._decoder)

    def _open(self, seek_mode: str) -> Any:  # noqa: ANN401 - torchcodec's own object
        return self._module.VideoDecoder(
            self._target.source,
            stream_index=self._target.stream_index,
            dimension_order="NHWC",
            seek_mode=seek_mode,
        )

    def sequential(self) -> Iterator[Delivered | Nothing]:
        """Every frame in decoding order, without a seek.

        All public ways to get a frame seek, even for the first one, and where seeking fails (MPEG-TS) they
        lose the first frames. So this uses the private call below them, on a decoder that has not scanned.
        """
        decoder = self._open("approximate")
        next_frame: Any = import_module("torchcodec._core").get_next_frame

        def step() -> Delivered:
            try:
                pixels, pts_s, _ = next_frame(decoder._decoder)  # noqa: SLF001 - no public sequential read
            except IndexError as error:
                raise StopIteration from error
            return picture_of(pixels.numpy(), time_s=float(pts_s))

        return read_on(step, call="get_next_frame()")

    def seek_read(self, ask: Ask) -> Delivered | None:
        """``get_frame_at(n)``."""
        return self._delivered(self._decoder.get_frame_at(ask.frame_number))

    def read_clip(self, asks: Sequence[Ask]) -> Iterator[Delivered]:
        """``get_frames_in_range``."""
        first = asks[0].frame_number
        batch = self._decoder.get_frames_in_range(first, first + len(asks))
        return (picture_of(pixels.numpy()) for pixels in batch.data)

    def go_to_end(self) -> None:
        """Read the last frame and ask for one more."""
        last = len(self._decoder) - 1
        self._decoder.get_frame_at(last)
        try:
            self._decoder.get_frame_at(last + 1)
        except IndexError:
            return

    def close(self) -> None:
        """Free the decoder."""
        del self._decoder

    @staticmethod
    def _delivered(frame: Any) -> Delivered:  # noqa: ANN401 - torchcodec's own object
        return picture_of(frame.data.numpy(), time_s=float(frame.pts_seconds))
