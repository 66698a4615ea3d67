"""Settings of a clip: a frozen record that validates itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from framescope.core.errors import SettingsError
from framescope.core.translation import tr


class ClipWay(StrEnum):
    """The three ways from frames to a video file."""

    COPY = "copy"
    """The packets as they are, from a keyframe on: quick, lossless, and rarely exactly what was requested."""
    EXACT = "exact"
    """Exactly the requested frames, re-encoded."""
    ALL_INTRA = "all-intra"
    """The whole video re-encoded, every frame a keyframe, so that every program can seek in it."""


class ClipCodec(StrEnum):
    """What a clip is encoded as."""

    H264 = "h264"
    HEVC = "hevc"
    FFV1 = "ffv1"

    @property
    def label(self) -> str:
        """The name for display."""
        return {"h264": "H.264", "hevc": "HEVC", "ffv1": "FFV1"}[self.value]

    @property
    def encoder(self) -> str:
        """FFmpeg's name of the encoder."""
        return {"h264": "libx264", "hevc": "libx265", "ffv1": "ffv1"}[self.value]


BEST_QUALITY, WORST_QUALITY = 1, 51


@dataclass(frozen=True, slots=True)
class ClipSettings:
    """How a clip is to be made.

    Attributes:
        way: Copied, exact, or the whole video with keyframes only.
        codec: What it is encoded as; a copy keeps its codec.
        quality: The encoder's constant rate factor, 1 (best) to 51; of no use where nothing is lost.
        lossless: Whether every sample must come back as it was; FFV1 always does that.
        with_audio: Whether sound is copied along where the container can hold it.
        even_times: Whether frame n is to be shown at n / rate instead of at its own time.

    Raises:
        SettingsError: A value cannot be used.
    """

    way: ClipWay = ClipWay.COPY
    codec: ClipCodec = ClipCodec.H264
    quality: int = 16
    lossless: bool = False
    with_audio: bool = True
    even_times: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
        if not BEST_QUALITY <= self.quality <= WORST_QUALITY:
            raise SettingsError(
                tr("Quality {quality} is not valid.", quality=self.quality),
                hint=tr(
                    "It goes from {best_quality} (best) to {worst_quality}.",
                    best_quality=BEST_QUALITY,
                    worst_quality=WORST_QUALITY,
                ),
            )

    @property
    def keeps_samples(self) -> bool:
        """Whether every sample comes back as it was."""
        return self.way is ClipWay.COPY or self.lossless or self.codec is ClipCodec.FFV1
