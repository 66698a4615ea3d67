"""What headers declare of tracks is read as it was written here, and nothing from a damaged header."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.media.facts.track_details import HeaderDetails, TrackDetails, header_details
from framescope.core.model.stream_facts import DolbyVision

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DOLBY = DolbyVision(8, 2, True, False, True, 4)  # noqa: FBT003 - as the record has them
_RECORD = struct.pack(">BB", 1, 0) + (8 << 17 | 2 << 11 | 0b101 << 8 | 4 << 4).to_bytes(3, "big") + bytes(19)


_ONE_TRACK = {0: 1}


def _details(path: Path) -> HeaderDetails:
    with av.open(path) as container:
        track_ids = {stream.index: stream.id for stream in container.streams}
        return header_details(path, container.format.name, track_ids)


def _box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I4s", len(payload) + 8, kind) + payload


_ASPECT = _box(b"pasp", struct.pack(">II", 4, 3))


def _with_boxes(source: Path, target: Path, boxes: bytes) -> None:
    """A copy of an MP4 whose sample entry gets more boxes; only its header is."""
    data = bytearray(source.read_bytes())
    entry = data.index(b"avc1", data.index(b"stsd")) - 4
    size = struct.unpack_from(">I", data, entry)[0]
    data[entry + size : entry + size] = boxes
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avc1"):
        place = data.index(kind, data.index(b"moov" if kind != b"avc1" else b"stsd")) - 4
        struct.pack_into(">I", data, place, struct.unpack_from(">I", data, place)[0] + len(boxes))
    target.write_bytes(data)


def _aperture(right: int, down: int) -> bytes:
    return _box(b"clap", struct.pack(">4IiIiI", 240, 2, 80, 1, right, 2, down, 1))


def test_a_clean_aperture_of_no_size_is_none(clip: Callable[[str], Path], tmp_path: Path) -> None:
    target = tmp_path / "odd.mp4"
    for width in (0, -240 & 0xFFFFFFFF):
        box = _box(b"clap", struct.pack(">4IiIiI", width, 2, 80, 1, 0, 2, 0, 1))
        _with_boxes(clip("h264.mp4"), target, box + _ASPECT)
        track = header_details(target, "mov", _ONE_TRACK).track(0)
        assert (track.clean_aperture, track.clean_aperture_at) == (None, None)
        assert track.pixel_aspect == Fraction(4, 3)


@pytest.mark.parametrize("name", ["h264.mp4", "h264_fragmented.mp4"])
def test_the_clean_aperture_and_dolby_vision_of_mp4(
    name: str, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    plain = header_details(clip(name), "mov", _ONE_TRACK)
    assert (plain.track(0).clean_aperture, plain.track(0).dolby_vision) == (None, None)
    target = tmp_path / "more.mp4"
    _with_boxes(clip(name), target, _aperture(0, 0) + _box(b"dvvC", _RECORD) + _ASPECT)
    track = header_details(target, "mov", _ONE_TRACK).track(0)
    # The picture has 160 × 120.
    assert (track.clean_aperture, track.clean_aperture_at) == ((120, 80), (20, 20))
    assert (track.dolby_vision, track.pixel_aspect) == (_DOLBY, Fraction(4, 3))
    _with_boxes(clip(name), target, _aperture(-8, 10))
    assert header_details(target, "mov", _ONE_TRACK).track(0).clean_aperture_at == (16, 30)


def test_sizes_are_those_of_all_packets(clip: Callable[[str], Path]) -> None:
    for name in ("h264.mp4", "two_videos.mp4"):
        path = clip(name)
        sizes: dict[int, int] = {}
        with av.open(path) as container:
            for packet in container.demux():
                sizes[packet.stream_index] = sizes.get(packet.stream_index, 0) + packet.size
        found = _details(path)
        assert {index: track.size_bytes for index, track in found.tracks.items()} == sizes


def test_the_highest_rate_and_the_buffer(clip: Callable[[str], Path], tmp_path: Path) -> None:
    data = bytearray(clip("h264.mp4").read_bytes())
    place = data.index(b"btrt") + 4
    struct.pack_into(">II", data, place, 70_000, 5_000_000)
    path = tmp_path / "limits.mp4"
    path.write_bytes(data)
    track = _details(path).track(0)
    assert (track.buffer_bytes, track.bit_rate_max) == (70_000, 5_000_000)


def test_sizes_that_cannot_be_are_none(clip: Callable[[str], Path], tmp_path: Path) -> None:
    data = bytearray(clip("h264.mp4").read_bytes())
    place = data.index(b"stsz")
    struct.pack_into(">II", data, place + 8, 0xFFFFFFFF, 0xFFFFFFFF)
    (tmp_path / "a.mp4").write_bytes(data)
    track = header_details(tmp_path / "a.mp4", "mov", _ONE_TRACK).track(0)
    assert (track.size_bytes, track.entry) == (None, "avc1")


def test_damaged_files_have_none(clip: Callable[[str], Path], tmp_path: Path) -> None:
    for content in (b"", b"\0\0\0\x10moov\0\0\0\x20trak", clip("h264.mp4").read_bytes()[:-200]):
        (tmp_path / "a.mp4").write_bytes(content)
        assert header_details(tmp_path / "a.mp4", "mov", _ONE_TRACK).track(0) == TrackDetails()
        assert header_details(tmp_path / "a.mp4", "matroska,webm", _ONE_TRACK) == HeaderDetails({})
    assert header_details("https://host/film.mp4", "mov", _ONE_TRACK) == HeaderDetails({})
    assert header_details(tmp_path / "a.mp4", "avi", _ONE_TRACK) == HeaderDetails({})


def _element(kind: int, payload: bytes) -> bytes:
    identifier = kind.to_bytes((kind.bit_length() + 7) // 8, "big")
    return identifier + (1 << 56 | len(payload)).to_bytes(8, "big") + payload


def _video(*elements: bytes) -> bytes:
    numbers = _element(0xD7, b"\x07") + _element(0x83, b"\x01") + _element(0x86, b"V_MPEGH/ISO/HEVC")
    return _element(0xAE, numbers + b"".join(elements))


def _matroska(path: Path, tracks: bytes) -> None:
    info = _element(0x1549A966, _element(0x4D80, b"a library") + _element(0x5741, b"The Writer 1\x1b\0x"))
    segment = _element(0x18538067, info + _element(0x1654AE6B, tracks) + _element(0x1F43B675, b""))
    path.write_bytes(_element(0x1A45DFA3, _element(0x4282, b"matroska")) + segment)


def test_the_header_of_matroska(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    size = _element(0xB0, b"\x00\xa0") + _element(0xBA, b"\x78")
    crop = _element(0x54CC, b"\x08") + _element(0x54BB, b"\x0a") + _element(0x54AA, b"\x02")
    mapping = _element(0x41E7, b"dvvC") + _element(0x41ED, _RECORD)
    buttons = _element(0xAE, _element(0xD7, b"\x09") + _element(0x83, b"\x12"))
    addition = _element(0x41E4, _element(0x41E7, b"\x04")) + _element(0x41E4, mapping)
    _matroska(path, buttons + _video(_element(0xE0, size + crop), addition) + _video(_element(0xE0, size)))
    found = header_details(path, "matroska,webm", {0: 0, 1: 0})
    assert found.writing_app == "The Writer 1\x1b"
    # FFmpeg makes no stream of the button track.
    assert found.track(0) == TrackDetails(
        7, clean_aperture=(152, 108), clean_aperture_at=(8, 10), dolby_vision=_DOLBY
    )
    assert found.track(1) == TrackDetails(7)
    _matroska(path, _video(_element(0x41E4, _element(0x41E7, b"dvcC") + _element(0x41ED, b"\1"))))
    assert header_details(path, "matroska,webm", {0: 0}).track(0) == TrackDetails(7)
    # FFmpeg has another number of streams.
    assert header_details(path, "matroska,webm", {0: 0, 1: 0}).track(0) == TrackDetails()
    _matroska(path, _video(_element(0xD7, b"\xff" * 9)))
    assert header_details(path, "matroska,webm", {0: 0}) == HeaderDetails({})
