"""Encodes small numbered clips with sound: clicks at known times, silence, gaps, tones."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np

from tests.clips.encoding import Encoding, add_video_stream, clip_video_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

RATE = 48000
CLICK_SAMPLES = 96
PICTURES = Encoding(codec="mpeg4", width=96, height=64, frames=48, options={"g": "12"})
"""Two seconds at 24 frames per second."""
_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


@dataclass(frozen=True)
class Sound:
    """One audio stream to be written.

    Attributes:
        samples: (channels, n) float32, from the time 0 of the clip on.
        codec: FFmpeg's name of the encoder.
        rate: Samples per second.
        begin_s: When the first of them is heard.
        cut: Stretches of samples, half-open, that are left out: the packets after them keep their times.
        language: The tag of the stream.
    """

    samples: NDArray[np.float32]
    codec: str = "pcm_s16le"
    rate: int = RATE
    begin_s: Fraction = Fraction(0)
    cut: tuple[tuple[int, int], ...] = ()
    language: str = "eng"
    options: Mapping[str, str] = field(default_factory=dict)


def tone(
    seconds: float, *, level: float = 0.5, hertz: float = 440.0, rate: int = RATE
) -> NDArray[np.float32]:
    """(1, n) float32: a sine."""
    times = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * times)).astype(np.float32)[None]


def clicks(times_s: Sequence[float], seconds: float = 2.0, *, rate: int = RATE) -> NDArray[np.float32]:
    """(1, n) float32: silence with a short loud burst from each time on."""
    samples = np.zeros((1, round(seconds * rate)), np.float32)
    burst = tone(CLICK_SAMPLES / rate, level=0.9, hertz=4000, rate=rate)
    for time_s in times_s:
        start = round(time_s * rate)
        part = samples[:, start : start + CLICK_SAMPLES]
        part[:] = burst[:, : part.shape[1]]
    return samples


def write_sounding(
    path: Path, sounds: Sequence[Sound], pictures: Encoding = PICTURES, **options: str
) -> None:
    """A clip of ``pictures`` with these audio streams, in a container after the file's suffix."""
    with av.open(os.fspath(path), "w", options=options) as container:
        video = add_video_stream(container, pictures)
        streams = []
        for sound in sounds:
            stream = container.add_stream(sound.codec, rate=sound.rate, options=dict(sound.options))
            assert isinstance(stream, av.AudioStream)
            stream.layout = _LAYOUTS[sound.samples.shape[0]]
            stream.metadata["language"] = sound.language
            streams.append(stream)
        # Opened before the header is written.
        feeds = [_encoded(stream, sound) for stream, sound in zip(streams, sounds, strict=True)]
        packets: list[av.Packet[Any]] = [packet for feed in feeds for packet in feed]
        for frame_number in range(pictures.frames):
            packets += video.encode(clip_video_frame(frame_number, pictures))
        packets += video.encode(None)
        for packet in sorted(packets, key=lambda each: Fraction(each.dts or 0) * each.time_base):
            container.mux_one(packet)


def _encoded(stream: av.AudioStream, sound: Sound) -> Iterator[av.Packet[av.AudioStream]]:
    context = stream.codec_context
    layout = context.layout.name
    for start, part in _frames(sound, context.frame_size or 1024):
        # One plane for all channels: PyAV cannot fill frames of eight planes.
        frame = av.AudioFrame.from_ndarray(part.T.reshape(1, -1), format="flt", layout=layout)
        frame.sample_rate = sound.rate
        for fitting in av.AudioResampler(context.format.name, layout, sound.rate).resample(frame):
            fitting.pts = round(sound.begin_s * sound.rate) + start
            fitting.time_base = Fraction(1, sound.rate)
            yield from stream.encode(fitting)
    yield from stream.encode(None)


def _frames(sound: Sound, size: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
    edges = [0, *(edge for span in sound.cut for edge in span), sound.samples.shape[1]]
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        for at in range(start, stop, size):
            yield at, sound.samples[:, at : min(at + size, stop)]
