"""The codecs for new videos: encoders, FourCCs, containers, and their strengths."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.files import check_ending
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CONTAINERS: Mapping[str, str] = MappingProxyType(
    {"mp4": "MP4", "mov": "QuickTime", "mkv": "Matroska", "webm": "WebM", "avi": "AVI"}
)
"""File name extension without its dot → what people call the container."""


def container_of(path: Path) -> str:
    """The container that the ending of a name stands for, as in `CONTAINERS`.

    Raises:
        SettingsError: It matches none of them.
    """
    return check_ending(path, tr("A video"), [f".{one}" for one in CONTAINERS]).removeprefix(".")


@dataclass(frozen=True, slots=True)
class QualityScale:
    """How an encoder's own figure for quality runs.

    Attributes:
        option: ``crf``, or ``qscale`` for the MPEG family.
        best: The figure at quality 100.
        worst: The figure at quality 0.
        lossless: The figure at which every sample comes back as it was given; None if there is none.
    """

    option: str
    best: int
    worst: int
    lossless: int | None = None

    def figure(self, quality: int) -> int:
        """The encoder's figure for a quality of 0 (worst) to 100 (best)."""
        return round(self.worst + (self.best - self.worst) * quality / 100)


@dataclass(frozen=True, slots=True)
class VideoCodec:
    """One codec as a choice.

    Attributes:
        codec_id: The short name in settings and on the command line, such as ``h264``.
        title: What people call it.
        encoder: FFmpeg's encoder.
        fourccs: FourCCs that ask OpenCV for it, the usual one first.
        containers: Containers that PyAV writes it into.
        pixel_formats: Pixel formats worth offering, the usual one first.
        quality: Its quality figure; None if it has none.
        has_gop: Whether pictures may refer to others, so that a GOP length can be chosen.
        has_b_frames: Whether B-frames can be chosen.
        has_open_gop: Whether open GOPs can be chosen.
        compatibility: Who can play it.
        size: How large its files are.
        random_access: What it means for reaching single frames.
    """

    codec_id: str
    title: str
    encoder: str
    fourccs: tuple[str, ...]
    containers: tuple[str, ...]
    pixel_formats: tuple[str, ...]
    compatibility: str
    size: str
    random_access: str
    quality: QualityScale | None = None
    has_gop: bool = True
    has_b_frames: bool = False
    has_open_gop: bool = False


_INTER = tr("depends on GOP size: short GOPs make seeking cheap and files larger")
_INTRA = tr("every frame is independent: any seek decodes one frame")

CODECS: tuple[VideoCodec, ...] = (
    VideoCodec(
        "h264", "H.264", "libx264", ("avc1", "H264", "X264"), ("mp4", "mov", "mkv", "avi"),
        ("yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le", "gray"),
        tr("plays everywhere in 8-bit 4:2:0"), "small", _INTER,
        QualityScale("crf", 0, 51, 0), has_b_frames=True, has_open_gop=True,
    ),
    VideoCodec(
        "hevc", "H.265 (HEVC)", "libx265", ("hvc1", "hev1", "HEVC"), ("mp4", "mov", "mkv"),
        ("yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le", "gbrp"),
        tr("plays on newer devices; browsers vary"), tr("a third smaller than H.264"), _INTER,
        QualityScale("crf", 4, 51), has_b_frames=True, has_open_gop=True,
    ),
    VideoCodec(
        "av1", "AV1", "libsvtav1", ("av01", "AV01"), ("mp4", "mkv", "webm"),
        ("yuv420p", "yuv420p10le"),
        tr("plays in browsers and on new devices; OpenCV's wheels cannot read"
           " it"), tr("the smallest"), _INTER,
        QualityScale("crf", 4, 63),
    ),
    VideoCodec(
        "vp9", "VP9", "libvpx-vp9", ("vp09", "VP90"), ("webm", "mkv", "mp4"),
        ("yuv420p", "yuv422p", "yuv444p", "gbrp"),
        tr("plays in browsers"), tr("like H.265, slow to write"), _INTER,
        QualityScale("crf", 4, 63),
    ),
    VideoCodec(
        "mpeg4", tr("MPEG-4 part 2"), "mpeg4", ("mp4v", "XVID", "DIVX", "FMP4"), ("mp4", "mov", "avi", "mkv"),
        ("yuv420p",),
        tr("what OpenCV writes everywhere; browsers do not play it"), tr("twice the size of H.264"), _INTER,
        QualityScale("qscale", 2, 31), has_b_frames=True,
    ),
    VideoCodec(
        "mjpeg", tr("Motion JPEG"), "mjpeg", ("MJPG",), ("avi", "mov", "mkv", "mp4"),
        ("yuvj420p", "yuvj422p", "yuvj444p"),
        tr("plays nearly everywhere except in browsers"), "large", _INTRA,
        QualityScale("qscale", 2, 31), has_gop=False,
    ),
    VideoCodec(
        "ffv1", "FFV1", "ffv1", ("FFV1",), ("mkv", "avi"),
        ("yuv420p", "yuv422p", "yuv444p", "bgr0", "gray", "yuv420p10le", "yuv444p10le", "gbrp10le"),
        tr("FFmpeg, VLC, archives"), tr("lossless, about ten times the size of H.264"), _INTRA,
        has_gop=False,
    ),
    VideoCodec(
        "huffyuv", "HuffYUV", "huffyuv", ("HFYU",), ("avi",), ("yuv422p", "rgb24"),
        tr("FFmpeg, VLC, old editors"), tr("lossless, larger than FFV1, quick"), _INTRA,
        has_gop=False,
    ),
    VideoCodec(
        "vp8", "VP8", "libvpx", ("VP80",), ("webm", "mkv", "avi"), ("yuv420p",),
        tr("plays in browsers"), tr("like H.264, slow to write"), _INTER,
        QualityScale("crf", 4, 63),
    ),
)  # fmt: skip
"""Every codec that can be requested."""

_BY_ID = {codec.codec_id: codec for codec in CODECS}
_BY_FOURCC = {fourcc.casefold(): codec for codec in CODECS for fourcc in codec.fourccs}
_SPELLINGS = frozenset(fourcc for codec in CODECS for fourcc in codec.fourccs)


_FOURCCS = {fourcc.casefold(): fourcc for codec in CODECS for fourcc in reversed(codec.fourccs)}
"""A FourCC in small letters → as it is spelled; the usual one where two differ in nothing else."""


def fourcc_named(name: str) -> str:
    """The FourCC that a name is, as it is spelled; empty for a codec's short name and for what is neither."""
    if name.casefold() in _BY_ID or name.casefold() not in _FOURCCS:
        return ""
    return name if name in _SPELLINGS else _FOURCCS[name.casefold()]


def codec_named(name: str) -> VideoCodec:
    """The codec of a short name or a FourCC, in any case.

    Raises:
        SettingsError: There is none.
    """
    codec = _BY_ID.get(name.casefold()) or _BY_FOURCC.get(name.casefold())
    if codec is None:
        known = ", ".join(one.codec_id for one in CODECS)
        raise SettingsError(
            tr("Unknown codec: {name!r}.", name=name),
            hint=tr("Codecs: {known}, and their FourCCs.", known=known),
        )
    return codec
