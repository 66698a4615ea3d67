"""Clips of a bar that moves, whose space-time images are known by arithmetic."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, HEIGHT, SPEED, BAR = 96, 64, 3, 4


def draw_bar(number: int) -> NDArray[np.uint8]:
    """(height, width) grey: columns 3n to 3n + 3 are white, the others a ramp that goes down."""
    picture = np.repeat(np.arange(HEIGHT, dtype=np.uint8)[:, None] + 10, WIDTH, axis=1)
    picture[:, SPEED * number : SPEED * number + BAR] = 255
    return picture


def write_bars(path: Path, numbers: Sequence[int], pts: Sequence[int] | None = None) -> Path:
    """A lossless grey video whose frames show these positions of the bar, at ``pts`` ms or 25 a second."""
    with av.open(os.fspath(path), "w") as container:
        stream = container.add_stream("ffv1", rate=Fraction(25))
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "gray"
        stream.codec_context.time_base = Fraction(1, 25) if pts is None else Fraction(1, 1000)
        for place, number in enumerate(numbers):
            frame = av.VideoFrame.from_ndarray(draw_bar(number), format="gray")
            frame.pts = place if pts is None else pts[place]
            frame.time_base = stream.codec_context.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
