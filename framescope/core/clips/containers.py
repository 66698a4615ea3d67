"""The containers that clips are written to, and what each can hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.clips.settings import ClipCodec, ClipSettings, ClipWay
from framescope.core.errors import SettingsError
from framescope.core.files import check_ending
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framescope.core.model.stream_facts import VideoInfo

_MP4_AUDIO = frozenset({"aac", "mp3", "mp2", "ac3", "eac3", "alac", "opus", "flac"})
_PCM = frozenset({f"pcm_{kind}" for kind in ("s16le", "s16be", "s24le", "s24be", "s32le", "f32le", "u8")})

# Without an edit list, every player shows the same first and last frames. The negative times that B-frames
# need are then in the sample table.
_PLAIN_MP4 = {"use_editlist": "0", "movflags": "+negative_cts_offsets+faststart"}


_CODEC_BY_DECODER = {"libdav1d": "av1", "libaom-av1": "av1"}


@dataclass(frozen=True)
class ContainerKind:
    """One kind of file.

    Attributes:
        label: The name for display.
        muxer: FFmpeg's name.
        video: Video codecs it supports; empty for any.
        audio: Audio codecs it supports; empty for any.
        options: The muxer's options.
        tick_s: The time resolution if it rounds times; 0 if it keeps the stream's time base.
        keeps_rotation: Whether it can store the rotation.
    """

    label: str
    muxer: str
    video: frozenset[str] = frozenset()
    audio: frozenset[str] = frozenset()
    options: Mapping[str, str] = field(default_factory=dict)
    tick_s: float = 0.0
    keeps_rotation: bool = True

    def holds_video(self, codec: str) -> bool:
        """Whether pictures of this codec can be stored."""
        return not self.video or codec in self.video

    def holds_audio(self, codec: str) -> bool:
        """Whether audio of this codec can be stored."""
        return not self.audio or codec in self.audio


_MP4 = ContainerKind(
    "MP4",
    "mp4",
    frozenset({"h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg", "vvc"}),
    _MP4_AUDIO,
    _PLAIN_MP4,
)
_MOV = ContainerKind(
    "QuickTime",
    "mov",
    frozenset(
        {"h264", "hevc", "mpeg4", "mpeg2video", "mjpeg", "prores", "dnxhd", "png", "qtrle", "dvvideo"}
        | {"rawvideo", "v210", "cfhd", "cinepak", "svq3", "jpeg2000"}
    ),
    _MP4_AUDIO | _PCM,
    _PLAIN_MP4,
)
_MATROSKA = ContainerKind("Matroska", "matroska", tick_s=0.001)
_WEBM = ContainerKind(
    "WebM", "webm", frozenset({"vp8", "vp9", "av1"}), frozenset({"opus", "vorbis"}), tick_s=0.001
)
_TS = ContainerKind(
    "MPEG-TS",
    "mpegts",
    frozenset({"h264", "hevc", "mpeg2video", "mpeg1video"}),
    frozenset({"aac", "mp2", "mp3", "ac3", "eac3"}),
    tick_s=1 / 90_000,
    keeps_rotation=False,
)

KINDS: dict[str, ContainerKind] = {
    ".mp4": _MP4,
    ".m4v": _MP4,
    ".mov": _MOV,
    ".mkv": _MATROSKA,
    ".webm": _WEBM,
    ".ts": _TS,
    ".m2ts": _TS,
}
"""The kind of file by extension."""


def container_for(path: Path) -> ContainerKind:
    """The kind of file for a name.

    Raises:
        SettingsError: Clips are not written to files of this kind.
    """
    return KINDS[check_ending(path, "A clip", tuple(KINDS))]


def codec_of(info: VideoInfo, settings: ClipSettings) -> str:
    """FFmpeg's name of the codec that the clip will have."""
    if settings.way is not ClipWay.COPY:
        return settings.codec.value
    # FFmpeg's AV1 decoder has a different name.
    return _CODEC_BY_DECODER.get(info.codec, info.codec)


def check_container(path: Path, info: VideoInfo, settings: ClipSettings) -> ContainerKind:
    """The kind of file for a name, if it can hold the clip's pictures.

    Raises:
        SettingsError: It cannot, or clips are not written to files of this kind.
    """
    if settings.way is not ClipWay.COPY:
        return check_encoded(path, settings.codec)
    return _kind_holding(path, codec_of(info, settings), info.codec_meaning)


def check_encoded(path: Path, codec: ClipCodec) -> ContainerKind:
    """The kind of file for a name, if it can hold what a clip is encoded as.

    Raises:
        SettingsError: It cannot, or clips are not written to files of this kind.
    """
    return _kind_holding(path, codec.value, codec.label)


def _kind_holding(path: Path, codec: str, words: str) -> ContainerKind:
    kind = container_for(path)
    if not kind.holds_video(codec):
        raise SettingsError(
            tr("{label} cannot hold {words}.", label=kind.label, words=words), hint=tr("Use Matroska (.mkv).")
        )
    return kind


def suggested_suffix(info: VideoInfo, settings: ClipSettings) -> str:
    """The end of a file name that suits the clip: the source's own kind where that will do."""
    codec = codec_of(info, settings)
    own = Path(info.source.split("?")[0]).suffix.lower()
    if own in KINDS and KINDS[own].holds_video(codec):
        return own
    if settings.way is not ClipWay.COPY and settings.codec is not ClipCodec.FFV1:
        return ".mp4"
    return ".mkv"
