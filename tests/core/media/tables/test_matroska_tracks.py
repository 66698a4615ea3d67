"""Which tracks of a Matroska file can be walked without a demuxer."""

from __future__ import annotations

import pytest

from framescope.core.media.keyframe_check import NotPlainError
from framescope.core.media.tables.matroska_tables import find_track


def _element(kind: int, payload: bytes) -> bytes:
    assert len(payload) < 127
    return kind.to_bytes((kind.bit_length() + 7) // 8, "big") + bytes([0x80 | len(payload)]) + payload


def _entry(number: int, kind: int, codec: bytes, *more: bytes) -> bytes:
    parts = (_element(0xD7, bytes([number])), _element(0x83, bytes([kind])), _element(0x86, codec), *more)
    return _element(0xAE, b"".join(parts))


VIDEO = _entry(1, 1, b"V_VP9")
SOUND = _entry(2, 2, b"A_OPUS")
BUTTONS = _entry(3, 18, b"B_VOBBTN")


def test_the_stream_index_counts_the_tracks_that_become_streams() -> None:
    track = find_track(SOUND + BUTTONS + VIDEO, 1)
    assert (track.number, track.codec, track.reorders, track.rule) == (1, "vp9", False, None)


@pytest.mark.parametrize("codec", [b"V_AV1", b"V_VP8", b"V_FFV1\0\0", b"V_MJPEG"])
def test_plain_codecs_are_known(codec: bytes) -> None:
    assert not find_track(_entry(1, 1, codec), 0).reorders


@pytest.mark.parametrize(
    ("tracks", "stream_index"),
    [
        (VIDEO, 1),
        (SOUND, 0),
        (_entry(1, 1, b"V_MS/VFW/FOURCC"), 0),
        (_entry(1, 1, b"V_PRORES"), 0),
        (_entry(0, 1, b"V_VP9"), 0),
        (VIDEO + VIDEO, 0),
        (_entry(1, 1, b"V_VP9", _element(0x6D80, b"")), 0),
        (_entry(1, 1, b"V_VP9", _element(0x23314F, b"\0\0\0\0")), 0),
        (_entry(1, 1, b"V_VP9", _element(0x56AA, b"\1")), 0),
        (_entry(1, 1, b"V_MPEG4/ISO/AVC"), 0),
        (_entry(1, 1, b"V_MPEGH/ISO/HEVC", _element(0x63A2, b"\0\0\1")), 0),
        (b"", 0),
    ],
)
def test_tracks_that_are_not_plain_are_refused(tracks: bytes, stream_index: int) -> None:
    with pytest.raises(NotPlainError):
        find_track(tracks, stream_index)
