"""Measures what a picture loses in a video: colour conversion and codec separately.

A picture in R, G and B is first made into luma and chroma, chroma at a lower resolution where it is
subsampled; only that is given to the codec. Going back without any codec shows what the conversion alone
costs; the rest is the codec's doing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.export.quality.measure import Fidelity, fidelity
from framescope.core.folders import temporary_folder
from framescope.core.media.picture.picture import AvPicture, DisplayRule
from framescope.core.source.opening import open_video
from framescope.core.synth.clip_writer import ClipWriter, video_frame
from framescope.core.synth.encoder_options import clip_format, matrix_written

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.synth.make_settings import MakeSettings

SUBSAMPLINGS = {"4:4:4": "yuv444p", "4:2:2": "yuv422p", "4:2:0": "yuv420p"}
"""The usual ways of keeping chroma → FFmpeg's pixel format of 8 bits for each."""


@dataclass(frozen=True, slots=True, eq=False)
class RoundTrip:
    """A picture, what conversion makes of it, and what comes back out of the video.

    Attributes:
        original: (height, width, 3) uint8 in R, G, B order.
        converted: The same, to the video's pixel format and back.
        decoded: The same, out of the video.
        conversion: How near ``converted`` is to the original.
        codec: How near ``decoded`` is to ``converted``: the codec's own loss.
        total: How near ``decoded`` is to the original.
    """

    original: NDArray[np.uint8]
    converted: NDArray[np.uint8]
    decoded: NDArray[np.uint8]
    conversion: Fidelity
    codec: Fidelity
    total: Fidelity


def converted(rgb: NDArray[np.uint8], pixel_format: str, matrix: str = "bt709") -> NDArray[np.uint8]:
    """The picture in another pixel format and back, no codec in between.

    Args:
        rgb: (height, width, 3) uint8.
        pixel_format: FFmpeg's name, such as ``yuv420p``.
        matrix: Of luma and chroma.
    """
    return AvPicture(video_frame(rgb, pixel_format, matrix), DisplayRule()).to_rgb()


def round_trip(
    rgb: NDArray[np.uint8], decoded: NDArray[np.uint8], pixel_format: str, matrix: str = "bt709"
) -> RoundTrip:
    """Tell the losses of a picture apart.

    Args:
        rgb: The picture as it was given, (height, width, 3) uint8.
        decoded: As it came back, of the same shape.
        pixel_format: The video's.
        matrix: The video's.
    """
    between = converted(rgb, pixel_format, matrix)
    return RoundTrip(
        original=rgb,
        converted=between,
        decoded=decoded,
        conversion=fidelity(rgb, between),
        codec=fidelity(between, decoded),
        total=fidelity(rgb, decoded),
    )


def try_picture(rgb: NDArray[np.uint8], settings: MakeSettings) -> RoundTrip:
    """Make a video of this one picture and see what comes back.

    Sizes that the codec cannot hold are padded for the trial and cropped back.

    Args:
        rgb: (height, width, 3) uint8.
        settings: Codec, pixel format and quality; size, rate and GOP do not matter.

    Raises:
        SynthesisError: It cannot be encoded.
        FrameScopeError: It gives no picture back.
    """
    height, width = rgb.shape[:2]
    padded = np.pad(rgb, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    settings = replace(settings, timestamps_s=(), size=None, rotation=0, all_intra=True, open_gop=False)
    size = (padded.shape[1], padded.shape[0])
    with temporary_folder() as folder:
        path = Path(folder) / f"one.{settings.container}"
        with ClipWriter(path, clip_format(settings, size)) as writer:
            writer.write(padded)
        with open_video(path, use_index_cache=False) as video:
            decoded = video.frame(0).to_rgb()
    trip = round_trip(padded, decoded, settings.pixel_format_used, matrix_written(settings, size))
    if padded.shape == rgb.shape:
        return trip
    pictures = (trip.original, trip.converted, trip.decoded)
    original, between, back = (np.ascontiguousarray(one[:height, :width]) for one in pictures)
    return RoundTrip(
        original,
        between,
        back,
        fidelity(original, between),
        fidelity(between, back),
        fidelity(original, back),
    )
