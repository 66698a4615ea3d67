"""The values of one pixel of the exact frame, in RGB and as decoded; converted in the background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from framescope.core.errors import FrameScopeError
from framescope.core.media.picture.geometry import rotated_size
from framescope.engine.bugs import BugsReported

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.model.frame import Frame


@dataclass(frozen=True, slots=True)
class PixelReading:
    """One pixel.

    Attributes:
        x: Column in the displayed picture, in stored pixels.
        y: Row in the displayed picture.
        rgb: Red, green, blue from 0 to 255; None until converted, or if that is not possible.
        native: Component values as decoded, by name.
        is_convertible: Whether the picture can be converted to RGB, if known.
    """

    x: int
    y: int
    rgb: tuple[int, int, int] | None
    native: Mapping[str, float]
    is_convertible: bool = True


class _Conversion(QObject):
    done = Signal(object, object)


class _Convert(QRunnable):
    def __init__(self, frame: Frame, answer: _Conversion, *, rotated: bool) -> None:
        super().__init__()
        self._frame = frame
        self._answer = answer
        self._rotated = rotated

    def run(self) -> None:
        with BugsReported():
            try:
                rgb = self._frame.to_rgb(rotate=self._rotated)
            except FrameScopeError:
                # The decoded values remain readable.
                rgb = None
            self._answer.done.emit(self._frame, rgb)


class PixelReader(QObject):
    """Reads pixels of the frame on screen. Threads: GUI."""

    ready = Signal()
    """The RGB values of the current frame are available."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._rotated = True
        self._rgb: NDArray[np.uint8] | None = None
        self._asked = self._has_failed = False
        self._answer = _Conversion(self)
        self._answer.done.connect(self._on_done)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def set_frame(self, frame: Frame | None, *, rotated: bool) -> None:
        """Read from this frame from now on; None (for a placeholder) reads nothing."""
        if frame is self._frame and rotated == self._rotated:
            return
        self._frame, self._rotated = frame, rotated
        self._rgb, self._asked, self._has_failed = None, False, False
        self._pool.clear()

    def read(self, across: float, down: float) -> PixelReading | None:
        """The pixel at these fractions of the picture's size; None without an exact frame."""
        frame = self._frame
        if frame is None:
            return None
        picture = frame.picture
        rotation = picture.rotation if self._rotated else 0
        width, height = rotated_size(picture.width, picture.height, rotation)
        x, y = min(int(across * width), width - 1), min(int(down * height), height - 1)
        self._want_rgb(frame)
        rgb = None
        if self._rgb is not None:
            red, green, blue = (int(value) for value in self._rgb[y, x])
            rgb = (red, green, blue)
        native = picture.native_values(x, y, rotated=self._rotated)
        return PixelReading(x, y, rgb, native, is_convertible=not self._has_failed)

    @property
    def rgb(self) -> NDArray[np.uint8] | None:
        """(height, width, 3) of the exact frame, as displayed; None until it is converted."""
        if self._frame is not None:
            self._want_rgb(self._frame)
        return self._rgb

    def close(self) -> None:
        """Wait for a running conversion."""
        self._pool.clear()
        self._pool.waitForDone()

    def _want_rgb(self, frame: Frame) -> None:
        if not self._asked:
            self._asked = True
            self._pool.start(_Convert(frame, self._answer, rotated=self._rotated))

    @Slot(object, object)
    def _on_done(self, frame: Frame, rgb: NDArray[np.uint8] | None) -> None:
        if frame is self._frame:
            self._rgb, self._has_failed = rgb, rgb is None
            self.ready.emit()
