"""Reads the track entries of a Matroska file (RFC 9559, 5.1.4) and finds one that can be walked plainly."""

from __future__ import annotations

from dataclasses import dataclass

from framescope.core.media.keyframe_check import (
    KeyframeRule,
    NotPlainError,
    av1_rule,
    h264_rule,
    hevc_rule,
    refuse,
)
from framescope.core.media.tables.ebml import elements

_ENTRY, _NUMBER, _TYPE, _CODEC, _PRIVATE = 0xAE, 0xD7, 0x83, 0x86, 0x63A2
_ENCODINGS, _DELAY, _SCALE, _OPERATION = 0x6D80, 0x56AA, 0x23314F, 0xE2
_VIDEO = 1
_STREAM_TYPES = frozenset((1, 2, 17, 33))
"""Video, audio, subtitles, metadata: the tracks that FFmpeg makes streams of."""

_CODECS = {
    b"V_MPEG4/ISO/AVC": "h264",
    b"V_MPEGH/ISO/HEVC": "hevc",
    b"V_AV1": "av1",
    b"V_VP8": "vp8",
    b"V_VP9": "vp9",
    b"V_FFV1": "ffv1",
    b"V_MJPEG": "mjpeg",
    b"V_UNCOMPRESSED": "rawvideo",
}
"""Codecs whose packets FFmpeg hands out as they are stored."""


@dataclass(frozen=True, slots=True)
class PlainTrack:
    """A video track whose packets are what its blocks hold.

    Attributes:
        number: What blocks call it; below 127, so that it takes one byte.
        codec: FFmpeg's codec name.
        reorders: Whether FFmpeg guesses a dts that differs from the pts.
        rule: How the stream itself tells keyframes, or None where the container's flag stands.
    """

    number: int
    codec: str
    reorders: bool
    rule: KeyframeRule | None


def find_track(tracks: bytes, stream_index: int) -> PlainTrack:
    """The track that FFmpeg calls stream ``stream_index``.

    Args:
        tracks: The payload of the Tracks element.
        stream_index: Index over all streams.

    Raises:
        NotPlainError: It is not video, is compressed, delayed, or of a codec whose packets FFmpeg changes.
    """
    entries = [dict(elements(payload)) for kind, payload in elements(tracks) if kind == _ENTRY]
    streams = [entry for entry in entries if _number(entry, _TYPE) in _STREAM_TYPES and _CODEC in entry]
    refuse(not 0 <= stream_index < len(streams), "no such track")
    entry = streams[stream_index]
    number = _number(entry, _NUMBER)
    refuse(_number(entry, _TYPE) != _VIDEO, "no video track")
    refuse(not 0 < number < 127, "an odd track number")
    refuse(sum(_number(other, _NUMBER) == number for other in entries) != 1, "two tracks of one number")
    refuse(any(kind in entry for kind in (_ENCODINGS, _SCALE, _OPERATION)), "packets are stored changed")
    refuse(_number(entry, _DELAY) != 0, "a delayed track")
    codec = _CODECS.get(entry[_CODEC].rstrip(b"\0"))
    if codec is None:
        raise NotPlainError("FFmpeg may change the packets of this codec")
    return PlainTrack(number, codec, codec in ("h264", "hevc"), _rule(codec, entry.get(_PRIVATE, b"")))


def _number(entry: dict[int, bytes], kind: int) -> int:
    return int.from_bytes(entry.get(kind, b""), "big")


def _rule(codec: str, configuration: bytes) -> KeyframeRule | None:
    if codec == "h264":
        return h264_rule(configuration)
    if codec == "hevc":
        return hevc_rule(configuration)
    return av1_rule if codec == "av1" else None
