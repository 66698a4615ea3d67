"""Turns a file's samples into what a device plays: stereo at one rate, at any speed with the same pitch."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import av.error
import numpy as np
from av.filter import Graph

from framescope.core.errors import DecodeError
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.sound.reading import Samples

DEVICE_RATE = 48_000
"""Samples per second of everything that is played."""
DEVICE_CHANNELS = 2

_TEMPO_LIMITS = (0.5, 2.0)
"""What one ``atempo`` does without skipping samples; more takes several."""
_TEMPO_WINDOW = 2048
"""The window of ``atempo`` at the device's rate: the power of two that is at least a 24th of a second."""
_MOST_AT_ONCE = 1 << 14
"""Samples per channel that are put into the filters at a time."""


class PlayChain:
    """A filter graph of FFmpeg's. Used by one thread."""

    def __init__(self, rate: int, layout: str, speed: float) -> None:
        """Make the graph.

        Args:
            rate: Samples per second of what is put in.
            layout: FFmpeg's name of the arrangement of its channels.
            speed: How much faster it is played, above 0; the pitch stays.

        Raises:
            DecodeError: FFmpeg cannot convert such sound.
        """
        self._rate, self._layout = rate, layout
        self._count = 0
        tempos = _tempos(speed)
        self._graph = graph = Graph()
        # One plane for all channels: PyAV cannot fill frames of eight planes.
        source = graph.add_abuffer(sample_rate=rate, format="flt", layout=layout, time_base=Fraction(1, rate))
        form = f"sample_fmts=flt:channel_layouts=stereo:sample_rates={DEVICE_RATE}"
        nodes = [source, graph.add("aformat", form)]
        nodes += [graph.add("atempo", f"{tempo:.9f}") for tempo in tempos]
        try:
            graph.link_nodes(*nodes, graph.add("abuffersink")).configure()
        except av.error.FFmpegError as error:
            raise _unplayable(layout, rate) from error
        self.lead_s = _lead_s(tempos)

    def put(self, samples: Samples) -> NDArray[np.float32]:
        """Put samples in, (channels, n) float32, and get what is ready: (m, 2) float32.

        What comes out is ``lead_s`` seconds of the file's time ahead of where counting puts it: ``atempo``
        starts in the middle of its window.
        """
        parts = []
        for start in range(0, samples.shape[1], _MOST_AT_ONCE):
            part = samples[:, start : start + _MOST_AT_ONCE]
            frame = av.AudioFrame.from_ndarray(part.T.reshape(1, -1), format="flt", layout=self._layout)
            frame.sample_rate, frame.time_base = self._rate, Fraction(1, self._rate)
            frame.pts = self._count
            self._count += part.shape[1]
            try:
                self._graph.push(frame)
                parts += self._ready()
            except av.error.FFmpegError as error:
                raise _unplayable(self._layout, self._rate) from error
        return np.concatenate(parts) if parts else np.zeros((0, DEVICE_CHANNELS), np.float32)

    def _ready(self) -> list[NDArray[np.float32]]:
        parts: list[NDArray[np.float32]] = []
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return parts
            assert isinstance(frame, av.AudioFrame)
            parts.append(frame.to_ndarray().reshape(-1, DEVICE_CHANNELS).astype(np.float32))


def _unplayable(layout: str, rate: int) -> DecodeError:
    return DecodeError(
        tr(
            "FFmpeg cannot convert sound of {layout} at {rate} Hz for the audio device.",
            layout=layout,
            rate=rate,
        )
    )


def _tempos(speed: float) -> list[float]:
    """The speeds of the filters that make ``speed`` together."""
    slowest, fastest = _TEMPO_LIMITS
    tempos = []
    while not slowest <= speed <= fastest:
        step = slowest if speed < slowest else fastest
        tempos.append(step)
        speed /= step
    return tempos if abs(speed - 1) < 1e-6 else [*tempos, speed]


def _lead_s(tempos: list[float]) -> float:
    lead_s, speed = 0.0, 1.0
    for tempo in tempos:
        lead_s += _TEMPO_WINDOW / 2 / DEVICE_RATE * speed
        speed *= tempo
    return lead_s
