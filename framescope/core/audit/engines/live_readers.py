"""How each library reads a stream that is still arriving, with its defaults, as its manual shows."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

LiveReader = Callable[[str], Iterator[NDArray[np.uint8]]]
"""Takes an address and gives (height, width, 3) arrays as they are decoded, until the stream ends."""

_SILENCE_S, _LOOK_S = 2.0, 0.1


def read_framescope(address: str) -> Iterator[NDArray[np.uint8]]:
    """What ``framescope live`` and the window do: a ring buffer, followed at its newest frame."""
    from framescope.core.live.follower import Follower  # noqa: PLC0415 - only in the child of this library
    from framescope.core.live.source import begin_live, end_live  # noqa: PLC0415
    from framescope.core.source.opening import known_video  # noqa: PLC0415

    receiver = begin_live(address)
    try:
        ring = receiver.ring()
        with known_video(ring.segments[0].info, ring.index()) as video:
            follower = Follower(video, ring)
            quiet_since_s = time.monotonic()
            # It would wait for the source to come back.
            while time.monotonic() - quiet_since_s < _SILENCE_S:
                is_new = follower.step(_LOOK_S)
                if ring.state().gaps:
                    return
                if is_new:
                    quiet_since_s = time.monotonic()
                    if follower.newest is not None:
                        yield follower.newest.to_rgb()
    finally:
        end_live(receiver.address.name)
        receiver.close()


def read_pyav(address: str) -> Iterator[NDArray[np.uint8]]:
    """``container.decode``."""
    from framescope.core.pyav import open_input  # noqa: PLC0415 - only in the child of this library

    with open_input(address) as container:
        stream = container.streams.video[0]
        for frame in container.decode(stream):
            pixels: Any = frame.to_ndarray(format="rgb24")
            yield pixels


def read_opencv(address: str) -> Iterator[NDArray[np.uint8]]:
    """``read`` after ``read``."""
    from framescope.core.opencv import open_capture  # noqa: PLC0415 - only in the child of this library

    capture: Any = open_capture(address)
    try:
        while True:
            done, pixels = capture.read()
            if not done:
                return
            yield pixels
    finally:
        capture.release()


def read_decord(address: str) -> Iterator[NDArray[np.uint8]]:
    """``next`` after ``next``."""
    decord: Any = import_module("decord")
    reader = decord.VideoReader(address, ctx=decord.cpu(0))
    while True:
        try:
            pixels = reader.next()
        except StopIteration:
            return
        yield pixels.asnumpy()


def read_torchcodec(address: str) -> Iterator[NDArray[np.uint8]]:
    """Frame after frame, by average rate: an exact decoder would first scan to the end."""
    module: Any = import_module("torchcodec.decoders")
    decoder = module.VideoDecoder(address, dimension_order="NHWC", seek_mode="approximate")
    for pixels in decoder:
        yield pixels.numpy()


def read_deffcode(address: str) -> Iterator[NDArray[np.uint8]]:
    """``generateFrame``."""
    from framescope.core.audit.engines.deffcode_decoder import quiet_deffcode  # noqa: PLC0415 - as above

    decoder: Any = quiet_deffcode().FFdecoder(
        address, frame_format="rgb24", custom_ffmpeg=shutil.which("ffmpeg")
    )
    decoder.formulate()
    try:
        yield from decoder.generateFrame()
    finally:
        decoder.terminate()
