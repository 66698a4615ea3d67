"""Cameras: reading one through OpenCV where FFmpeg cannot, which there are, and why one cannot be opened."""

from __future__ import annotations

import errno
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av

from framescope.core.errors import OpenError
from framescope.core.folders import natural_order
from framescope.core.live.head import Sink
from framescope.core.text import listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray

_DEVICES = "/dev"
_FAILED_READS = 3
_TICK = Fraction(1, 1000)


class CapturedFile:
    """A camera that OpenCV reads, as a NUT file for PyAV, which gets longer with each picture.

    OpenCV has pictures and no packets. They are compressed without loss, so that the ring holds them like
    those of any other source, under the same bound: Huffyuv, which is fast enough for 1080p on one core.
    """

    def __init__(self, number: int) -> None:
        """Open the camera.

        Raises:
            OSError: OpenCV cannot.
        """
        # Few live sources need it, and it takes long to import.
        from framescope.core.opencv import open_camera  # noqa: PLC0415

        self._capture: Any = open_camera(number)
        self._written = bytearray()
        self._sink = Sink()
        self._out: Any = None
        self._shape: tuple[int, ...] = ()
        self._begun_s = 0.0
        self._last_pts = -1

    def read(self, size: int) -> bytes:
        """The next bytes, once there is a picture; none at the end, or where the size changes."""
        while not self._written:
            pixels = self._next_picture()
            if pixels is None:
                return b""
            self._write(pixels)
        data = bytes(self._written[:size])
        del self._written[:size]
        return data

    def _next_picture(self) -> NDArray[np.uint8] | None:
        """The next picture, B G R; None at the end."""
        for _ in range(_FAILED_READS):
            done, pixels = self._capture.read()
            if done and pixels is not None:
                return pixels if not self._shape or pixels.shape == self._shape else None
        return None

    def _write(self, pixels: NDArray[np.uint8]) -> None:
        if self._out is None:
            self._shape, self._begun_s = pixels.shape, time.monotonic()
            self._out = av.open(self._sink, "w", format="nut", options={"flush_packets": "1"})
            self._stream = self._out.add_stream("huffyuv", rate=30)
            self._stream.height, self._stream.width = self._shape[:2]
            self._stream.pix_fmt = "rgb24"
            self._stream.time_base = self._stream.codec_context.time_base = _TICK
        frame = av.VideoFrame.from_ndarray(pixels, format="bgr24")
        # OpenCV does not say when a picture was taken.
        self._last_pts = max(round((time.monotonic() - self._begun_s) / _TICK), self._last_pts + 1)
        frame.pts, frame.time_base = self._last_pts, _TICK
        self._out.mux(self._stream.encode(frame))
        self._written += self._sink.take()

    def __del__(self) -> None:
        if hasattr(self, "_capture"):
            self._capture.release()


def camera_refusal(device: str, cause: BaseException) -> OpenError:
    """The error to report for a camera, instead of one that speaks of addresses.

    Args:
        device: What was to be opened.
        cause: What FFmpeg or OpenCV raised.
    """
    number = getattr(cause, "errno", None)
    if number == errno.ENOENT:
        return OpenError(tr("There is no camera {device}.", device=device), hint=_cameras_words())
    if number in (errno.EACCES, errno.EPERM):
        hint = tr("Allow this program to use the camera in the system's settings.")
        if sys.platform == "linux":
            hint = tr("Your user may have to be in the group video.")
        return OpenError(tr("Access to the camera {device} is denied.", device=device), hint=hint)
    if number == errno.EBUSY:
        return OpenError(
            tr("The camera {device} is in use by another program.", device=device),
            hint=tr("Close that program, then try again."),
        )
    reason = getattr(cause, "strerror", None) or str(cause)
    return OpenError(
        tr("The camera {device} cannot be opened: {reason}.", device=device, reason=reason),
        hint=_cameras_words(),
    )


def camera_devices() -> tuple[str, ...]:
    """The cameras that Linux lists; other systems list none unless a library asks them."""
    if sys.platform != "linux":
        return ()
    found = (path for path in Path(_DEVICES).glob("video*") if path.name.removeprefix("video").isdigit())
    return tuple(str(path) for path in sorted(found, key=natural_order))


def _cameras_words() -> str:
    if sys.platform != "linux":
        return tr("Check that it is connected, and what the system calls it.")
    devices = camera_devices()
    if not devices:
        return tr("No camera is connected.")
    return tr("There are {devices}.", devices=listed(devices))
