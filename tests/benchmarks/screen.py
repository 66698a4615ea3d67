"""A screen of its own (Xvfb), whose pixels are looked at while programs draw on it."""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_SIZE = "1920x1200x24"
_LOOK_S = 0.002
_STILL_S = 1.0
"""A screen that has not changed for this long shows all that a program will draw."""
_SIDE, _STEP = 96, 2
_FEWEST_COLORS = 300
"""Fewer in a spot, and it shows no picture with grain."""
_HEADER = struct.Struct(">25I")


class Spot(NamedTuple):
    """A square of the screen that a picture with grain covers.

    Attributes:
        left: Its first column.
        top: Its first row.
        colors: How many colours it then has; a plain or written-on part of a window has far fewer.
    """

    left: int
    top: int
    colors: int


class Screen:
    """One Xvfb. Its frame buffer is a file, so that looking costs no request to the server."""

    def __init__(self, folder: str) -> None:
        """Start it.

        Args:
            folder: Where its frame buffer is kept.
        """
        reading, writing = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", _SIZE, "-fbdir", folder, "-br"]
        self._process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as told:
            self.display = f":{told.readline().strip()}"
        with (Path(folder) / "Xvfb_screen0").open("rb") as file:
            buffer = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        # The header of an XWD file.
        words = _HEADER.unpack_from(buffer)
        header, width, height, bytes_a_line, color_count = (words[place] for place in (0, 4, 5, 12, 19))
        self._pixels = np.ndarray(
            (height, width), np.uint32, buffer, header + 12 * color_count, (bytes_a_line, 4)
        )

    @staticmethod
    def missing() -> str:
        """Which program has to be installed first; empty if none."""
        return next((name for name in ("Xvfb", "mpv") if shutil.which(name) is None), "")

    def settle(self) -> None:
        """Wait until nothing changes any more."""
        before, since = self._pixels.copy(), time.monotonic()
        while time.monotonic() - since < _STILL_S:
            time.sleep(_STILL_S / 10)
            if not np.array_equal(before, self._pixels):
                before, since = self._pixels.copy(), time.monotonic()

    def find_picture(self, *, limit_s: float = 60.0) -> Spot:
        """Where a picture is once nothing changes any more: the spot with the most colours.

        Raises:
            TimeoutError: There is none.
        """
        limit = time.monotonic() + limit_s
        while time.monotonic() < limit:
            self.settle()
            spot = self._busiest_spot()
            if spot.colors >= _FEWEST_COLORS:
                return spot
        raise TimeoutError

    def _busiest_spot(self) -> Spot:
        rows, columns = (range(0, length - _SIDE, _SIDE // 2) for length in self._pixels.shape)
        return max(
            (Spot(left, top, self._colors(left, top)) for top in rows for left in columns),
            key=lambda spot: spot.colors,
        )

    def _colors(self, left: int, top: int) -> int:
        return len(np.unique(self._pixels[top : top + _SIDE : _STEP, left : left + _SIDE : _STEP]))

    def wait_for_picture(self, spot: Spot, *, limit_s: float = 60.0) -> float:
        """When a picture covers the spot, by ``time.perf_counter``; looks every 2 ms.

        Raises:
            TimeoutError: None did.
        """
        self._wait(spot, limit_s, is_covered=True)
        return time.perf_counter()

    def wait_until_clear(self, spot: Spot, *, limit_s: float = 10.0) -> None:
        """Wait until no picture covers the spot.

        Raises:
            TimeoutError: One still does.
        """
        self._wait(spot, limit_s, is_covered=False)

    def _wait(self, spot: Spot, limit_s: float, *, is_covered: bool) -> None:
        limit = time.monotonic() + limit_s
        while (self._colors(spot.left, spot.top) * 2 > spot.colors) is not is_covered:
            if time.monotonic() > limit:
                raise TimeoutError
            time.sleep(_LOOK_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
