"""OpenCV: ``set(CAP_PROP_POS_MSEC, t)`` with the frame's true time, then ``read()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.audit.engines.opencv_frames import OpenCVFrames
from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from framescope.core.audit.engines.protocol import Ask, Delivered


class OpenCVMsec(OpenCVFrames):
    """``cv2.VideoCapture`` with its FFmpeg backend, seeking by time."""

    def seek_read(self, ask: Ask) -> Delivered | None:
        """``set`` to the time since the first frame, ignoring its result, then ``read``.

        Raises:
            ValueError: The frame has no timestamp.
        """
        if ask.time_s is None:
            raise ValueError("the frame has no timestamp to seek to")
        self._capture.set(cv2.CAP_PROP_POS_MSEC, ask.time_s * 1000)
        return self._read(self._capture)
