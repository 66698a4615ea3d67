"""What a picture would lose when encoded: conversion and codec separately, for 4:4:4, 4:2:2 and 4:2:0."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framescope.core.synth.round_trip import SUBSAMPLINGS, RoundTrip, try_picture
from framescope.core.translation import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.export.quality.measure import Fidelity
    from framescope.core.synth.make_settings import MakeSettings

_MOST_SIDE = (1920, 1088)
"""Larger pictures are measured on a centre crop: three encodes of 8K would take a minute."""


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """Losses of one picture in each subsampling.

    Attributes:
        settings: The codec and quality they are measured with.
        trips: By subsampling, such as ``4:2:0``; None for one the codec does not support.
        is_part: Whether only the centre of the picture was measured.
    """

    settings: MakeSettings
    trips: dict[str, RoundTrip | None]
    is_part: bool

    @property
    def words(self) -> str:
        """Which of the two losses is larger where most is lost; empty if nothing could be measured."""
        name = next((name for name in reversed(SUBSAMPLINGS) if self.trips.get(name)), None)
        trip = None if name is None else self.trips[name]
        if name is None or trip is None:
            return ""
        words = loss_sentence(name, trip.conversion, trip.codec)
        return tr("{words} Measured on the middle of the picture.", words=words) if self.is_part else words


def measure_losses(rgb: NDArray[np.uint8], settings: MakeSettings) -> Losses:
    """Encode the picture in each subsampling and measure the losses. Threads: any.

    Args:
        rgb: (height, width, 3) uint8.
        settings: Codec, container and quality.

    Raises:
        FrameScopeError: It cannot be encoded.
    """
    height, width = rgb.shape[:2]
    across, down = min(width, _MOST_SIDE[0]), min(height, _MOST_SIDE[1])
    left, top = (width - across) // 2, (height - down) // 2
    part = rgb[top : top + down, left : left + across]
    known = settings.codec_spec.pixel_formats
    trips: dict[str, RoundTrip | None] = {}
    for name, usual in SUBSAMPLINGS.items():
        pixel_format = next((one for one in (usual, usual.replace("yuv", "yuvj")) if one in known), None)
        trips[name] = (
            None if pixel_format is None else try_picture(part, replace(settings, pixel_format=pixel_format))
        )
    return Losses(settings, trips, (across, down) != (width, height))


def psnr_words(one: Fidelity) -> str:
    """``38.2 dB``, or that it is lossless."""
    return tr("exact") if math.isinf(one.psnr_db) else f"{one.psnr_db:.1f} dB"


def loss_sentence(subsampling: str, conversion: Fidelity, codec: Fidelity) -> str:
    """Which of the two losses is larger."""
    if conversion.is_exact and codec.is_exact:
        return tr("In {subsampling} this picture is reproduced exactly.", subsampling=subsampling)
    if codec.is_exact:
        return tr(
            "In {subsampling} all of the loss comes from the conversion; the codec adds none.",
            subsampling=subsampling,
        )
    gap = conversion.psnr_db - codec.psnr_db
    if abs(gap) < 1:
        return tr("In {subsampling} conversion and codec lose about the same.", subsampling=subsampling)
    larger = tr("the codec") if gap > 0 else tr("the conversion to Y, Cb, Cr")
    return tr(
        "In {subsampling} most of the loss is caused by {larger}.", subsampling=subsampling, larger=larger
    )
