"""OpenCV: ``set(CAP_PROP_POS_FRAMES, n)``, then ``read()``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framescope.core.audit.engines.protocol import Ask, Delivered, Nothing, Target, picture_of
from framescope.core.audit.engines.read_on import read_on
from framescope.core.opencv import cv2, open_capture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_GRABS = 1000


class OpenCVFrames:
    """``cv2.VideoCapture`` with its FFmpeg backend, seeking by frame number."""

    def __init__(self, target: Target) -> None:
        self._capture: Any = open_capture(target.source)
        self._source = target.source
        self.frame_count_claimed: int | None = int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))

    def sequential(self) -> Iterator[Delivered | Nothing]:
        """``read`` after ``read`` on a fresh capture; False may be the end, or one damaged packet."""
        capture: Any = open_capture(self._source)
        try:
            yield from read_on(lambda: self._read(capture), call="read()", gives="False")
        finally:
            capture.release()

    def seek_read(self, ask: Ask) -> Delivered | None:
        """``set``, ignoring its result, then ``read``."""
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, ask.frame_number)
        return self._read(self._capture)

    def read_clip(self, asks: Sequence[Ask]) -> Iterator[Delivered]:
        """Seek to the first frame, then ``read`` after ``read``."""
        first = self.seek_read(asks[0])
        while first is not None:
            yield first
            asks = asks[1:]
            first = self._read(self._capture) if asks else None

    def go_to_end(self) -> None:
        """Seek to the last frame and read to the end, with a limit in case the seek went wrong."""
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, max((self.frame_count_claimed or 1) - 1, 0))
        for _ in range(_MOST_GRABS):
            if not self._capture.grab():
                return

    def close(self) -> None:
        """Release the capture."""
        self._capture.release()

    @staticmethod
    def _read(capture: Any) -> Delivered | None:  # noqa: ANN401 - OpenCV's own object
        done, pixels = capture.read()
        if not done or pixels is None:
            return None
        return picture_of(
            pixels,
            time_s=float(capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000,
            position=float(capture.get(cv2.CAP_PROP_POS_FRAMES)),
        )
