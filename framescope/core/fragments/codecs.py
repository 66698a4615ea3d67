"""The codecs for fragments: encoders, settings, and supported sizes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.errors import FragmentError
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNBROKEN = 1 << 16
"""A keyframe interval longer than any run: a fragment is one GOP."""

STREAM_GOP = 250
"""The keyframe interval of an undivided stream: the encoders' default."""


class FragmentCodec(StrEnum):
    """A codec for fragments."""

    H264 = "h264"
    HEVC = "hevc"
    AV1 = "av1"
    FFV1 = "ffv1"
    MJPEG = "mjpeg"


@dataclass(frozen=True, slots=True)
class CodecSpec:
    """One codec.

    Attributes:
        codec: The codec.
        title: Its name for display.
        encoder: FFmpeg's encoder.
        decoders: FFmpeg's decoders; the first available one is used.
        suffix: The file extension of a fragment: a raw stream, which players can open if the codec allows.
        qualities: Smallest and largest quality value; None if there is no choice.
        default_quality: The default.
        quality_words: The meaning of the number.
        least_side: Minimum columns and rows of the encoder.
        is_intra: Whether every picture is coded independently.
    """

    codec: FragmentCodec
    title: str
    encoder: str
    decoders: tuple[str, ...]
    suffix: str
    qualities: tuple[int, int] | None
    default_quality: int
    quality_words: str
    least_side: int
    is_intra: bool = False

    def quality_used(self, quality: int | None) -> int:
        """The quality value to use; None for the default.

        Raises:
            FragmentError: The codec has no such quality.
        """
        if quality is None:
            return self.default_quality
        if self.qualities is None:
            raise FragmentError(
                tr("{title} is lossless and has no quality setting.", title=self.title),
                hint=tr("Leave it out."),
            )
        low, high = self.qualities
        if not low <= quality <= high:
            raise FragmentError(
                tr("{title} has no quality {quality}.", title=self.title, quality=quality),
                hint=tr(
                    "It goes from {low} to {high}: {quality_words}.",
                    low=low,
                    high=high,
                    quality_words=self.quality_words,
                ),
            )
        return quality

    def is_lossless(self, quality: int) -> bool:
        """Whether this quality is lossless."""
        # x265's lossless mode was observed not to be lossless for inter pictures of 4:2:2 and 4:4:4.
        return self.codec is FragmentCodec.FFV1 or (self.codec is FragmentCodec.H264 and quality == 0)

    def coded_size(self, width: int, height: int, steps: tuple[int, int]) -> tuple[int, int]:
        """Columns and rows to which a tile is padded, as required by the encoder and the chroma planes."""
        least = 1 if self.codec in (FragmentCodec.FFV1, FragmentCodec.MJPEG) else 2
        across, down = max(steps[0], least), max(steps[1], least)
        if self.codec is FragmentCodec.FFV1:
            across = down = 1
        wide, high = max(width, self.least_side), max(height, self.least_side)
        return -(-wide // across) * across, -(-high // down) * down

    def options(self, quality: int, *, gop: int = _UNBROKEN) -> Mapping[str, str]:
        """The encoder's options: one thread, fixed and closed GOPs, so that output is bit-identical."""
        return _OPTIONS[self.codec](self, quality, gop)


def _h264(spec: CodecSpec, quality: int, gop: int) -> dict[str, str]:
    rate = {"qp": "0"} if spec.is_lossless(quality) else {"crf": str(quality)}
    parameters = f"keyint={gop}:min-keyint=1:scenecut=0:open-gop=0:threads=1:force-cfr=1"
    # With mb-tree, x264 reads uninitialised memory for small pictures: bytes would differ.
    parameters += ":no-mbtree=1"
    return {"preset": "faster", "x264-params": parameters, **rate}


def _hevc(spec: CodecSpec, quality: int, gop: int) -> dict[str, str]:
    del spec
    parameters = (
        f"keyint={gop}:min-keyint=1:scenecut=0:open-gop=0:pools=none:frame-threads=1:wpp=0:log-level=none"
        # With B pictures, x265 reads uninitialised memory for small pictures: bytes would differ.
        ":bframes=0"
    )
    return {"preset": "faster", "x265-params": parameters, "crf": str(quality)}


def _av1(spec: CodecSpec, quality: int, gop: int) -> dict[str, str]:
    del spec
    keyint = "-1" if gop == _UNBROKEN else str(gop)
    return {"preset": "9", "crf": str(quality), "svtav1-params": f"keyint={keyint}:scd=0:lp=1"}


def _ffv1(spec: CodecSpec, quality: int, gop: int) -> dict[str, str]:
    del spec, quality, gop
    # Intra only, each picture with a checksum; one slice, since tiles provide the parallelism.
    return {"level": "3", "slices": "1", "slicecrc": "1", "g": "1"}


def _mjpeg(spec: CodecSpec, quality: int, gop: int) -> dict[str, str]:
    del spec, gop
    return {"strict": "unofficial", "qmin": str(quality), "qmax": str(quality), "huffman": "optimal"}


_OPTIONS = {
    FragmentCodec.H264: _h264,
    FragmentCodec.HEVC: _hevc,
    FragmentCodec.AV1: _av1,
    FragmentCodec.FFV1: _ffv1,
    FragmentCodec.MJPEG: _mjpeg,
}

_SPECS = (
    CodecSpec(
        FragmentCodec.H264, "H.264", "libx264", ("h264",), ".h264", (0, 51), 23,
        tr("CRF, 0 lossless to 51 worst"), 16,
    ),
    CodecSpec(
        FragmentCodec.HEVC, "HEVC", "libx265", ("hevc",), ".hevc", (0, 51), 26,
        tr("CRF, 0 best to 51 worst"), 32,
    ),
    CodecSpec(
        FragmentCodec.AV1, "AV1", "libsvtav1", ("libdav1d", "av1"), ".obu", (1, 63), 35,
        tr("CRF, 1 best to 63 worst"), 64,
    ),
    CodecSpec(
        FragmentCodec.FFV1, "FFV1", "ffv1", ("ffv1",), ".ffv1", None, 0, "lossless", 1, is_intra=True,
    ),
    CodecSpec(
        FragmentCodec.MJPEG, tr("Motion JPEG"), "mjpeg", ("mjpeg",), ".mjpeg", (2, 31), 4,
        tr("quantiser, 2 best to 31 worst"), 8, is_intra=True,
    ),
)  # fmt: skip

CODECS: dict[FragmentCodec, CodecSpec] = {spec.codec: spec for spec in _SPECS}
