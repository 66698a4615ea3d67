"""torchcodec: ``decoder.get_frame_at(n)``, approximate (by average rate) or exact (after a scan)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from framescope.core.audit.engines.protocol import Ask, Delivered, Target, picture_of

if TYPE_CHECKING:
    from collections.abc import Iterator


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

    def sequential(self) -> Iterator[Delivered]:
        """Frame after frame of a fresh decoder, which goes on without a seek.

        It scans the file in both modes: without a scan even a step to the next frame goes by ``n / fps``.
        """
        decoder = self._open("exact")
        for number in range(len(decoder)):
            yield self._delivered(decoder.get_frame_at(number))

    def seek_read(self, ask: Ask) -> Delivered | None:
        """``get_frame_at(n)``."""
        return self._delivered(self._decoder.get_frame_at(ask.frame_number))

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
