"""DeFFcode: an ffmpeg process that writes raw pictures to a pipe, started anew for every seek."""

from __future__ import annotations

import json
import logging
import math
import shutil
from contextlib import closing
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from framescope.core.audit.engines.protocol import Ask, Delivered, Target, picture_of
from framescope.core.pyav import open_input

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

_LOGGERS = ("FFdecoder", "FFhelper", "Sourcer", "Utilities")
"""They write every step to stderr, where the last lines are kept as the library's complaints."""


def quiet_deffcode() -> Any:  # noqa: ANN401 - the library
    """The library, which logs errors only."""
    library = import_module("deffcode")
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)
    return library


class DeFFcodeDecoder:
    """``FFdecoder(path).formulate()``, with ``-ss`` before the input as its manual recommends.

    It chooses the stream itself, and reports no times.
    """

    def __init__(self, target: Target) -> None:
        self._library: Any = quiet_deffcode()
        # Named explicitly: on Windows, DeFFcode would otherwise download a program and run it.
        self._program = shutil.which("ffmpeg")
        if self._program is None:
            raise FileNotFoundError("the program ffmpeg is not on the PATH")
        self._source, self._time_base = target.source, target.time_base
        facts = json.loads(self._decoder().metadata)
        count = facts.get("approx_video_nframes")
        # It computes the number from what ffmpeg prints, and gives whatever comes out.
        is_number = isinstance(count, int) and not isinstance(count, bool)
        self.frame_count_claimed = count if is_number and count >= 0 else None

    def _decoder(self, **options: Any) -> Any:  # noqa: ANN401 - DeFFcode's own options and object
        return self._library.FFdecoder(
            self._source, frame_format="rgb24", custom_ffmpeg=self._program, **options
        )

    def sequential(self) -> Iterator[Delivered]:
        """``generateFrame()`` to its end."""
        return self._pictures()

    def _pictures(self, **options: Any) -> Generator[Delivered]:  # noqa: ANN401 - DeFFcode's own options
        decoder = self._decoder(**options).formulate()
        try:
            for pixels in decoder.generateFrame():
                yield picture_of(pixels)
        finally:
            decoder.terminate()

    def seek_read(self, ask: Ask) -> Delivered | None:
        """The first frame of a new process that starts at the frame's time.

        Raises:
            ValueError: The frame has no timestamp.
        """
        with closing(self.read_clip([ask])) as pictures:
            return next(pictures, None)

    def read_clip(self, asks: Sequence[Ask]) -> Generator[Delivered]:
        """So many frames of a new process that starts at the first frame's time.

        Raises:
            ValueError: The first frame has no timestamp.
        """
        pts = asks[0].pts
        if pts is None:
            raise ValueError("the frame has no timestamp to seek to")
        # ffmpeg drops what is earlier than the time, so a time rounded up would lose the frame itself.
        time_us = max(math.floor(pts * self._time_base * 1_000_000) - self._start_us, 0)
        start = f"{time_us / 1_000_000:.6f}"
        return self._pictures(**{"-ffprefixes": ["-ss", start], "-frames:v": len(asks)})

    @cached_property
    def _start_us(self) -> int:
        """Where the file starts, by any of its streams: ``-ss`` counts from there."""
        with open_input(self._source) as container:
            return int(container.start_time or 0)

    def go_to_end(self) -> None:
        """Nothing: no process outlives its request."""

    def close(self) -> None:
        """Nothing: no process is kept."""
