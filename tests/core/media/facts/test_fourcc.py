"""FourCCs, codecs and containers in words."""

from __future__ import annotations

import pytest

from framescope.core.media.facts.fourcc import (
    codec_words,
    container_words,
    describe_fourcc,
    printable_tag,
    stream_type,
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"avc1", "avc1"),
        (b"\x1b\0\0\0", "[27][0][0][0]"),
        (b"\0\0\0\0", ""),
        (b"rle ", "rle "),
        (b"\xff\x00ab", "[255][0]ab"),
    ],
)
def test_tags_are_printed_as_stored(raw: bytes, text: str) -> None:
    assert printable_tag(raw) == text


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("avc1", "H.264"),
        ("XVID", "Xvid"),
        ("xvid", "Xvid"),
        ("DX50", "DivX 5"),
        ("mp4v", "MPEG-4 part 2"),
        ("MJPG", "JPEG"),
        ("apch", "ProRes 422 HQ"),
        ("ap4h", "ProRes 4444"),
        ("AVdn", "DNxHD"),
        ("av01", "AV1"),
        ("FFV1", "lossless"),
        ("rle ", "QuickTime Animation"),
        ("IV50", "Indeo 5"),
        ("WVC1", "VC-1"),
        ("xdv2", "XDCAM"),
        ("mx5n", "IMX"),
        ("dvc ", "DV"),
        ("encv", "encrypted"),
        ("I420", "uncompressed"),
        ("qqqq", "not in FrameScope"),
    ],
)
def test_what_a_tag_stands_for(tag: str, words: str) -> None:
    assert words in describe_fourcc(tag)


@pytest.mark.parametrize(
    ("tag", "words"),
    [("[27][0][0][0]", "0x1b: H.264"), ("[36][0][0][0]", "HEVC"), ("[6][0][0][0]", "not in the standard")],
)
def test_a_stream_type_is_no_tag(tag: str, words: str) -> None:
    assert words in describe_fourcc(tag, "mpegts")
    assert stream_type(tag, "mpegts") == int(tag[1:].partition("]")[0])
    # In AVI it is one: a number for a compression of Windows bitmaps.
    assert stream_type(tag, "avi") is None


def test_parameter_sets_tell_hvc1_from_hev1() -> None:
    for header_only, in_stream in (("hvc1", "hev1"), ("dvh1", "dvhe"), ("avc1", "avc3")):
        assert "only in the header" in describe_fourcc(header_only)
        assert "inside the stream" in describe_fourcc(in_stream)


@pytest.mark.parametrize(
    ("container", "words"),
    [
        ("matroska,webm", "CodecID"),
        ("mpegts", "stream type"),
        ("h264", "has no FourCC"),
        ("flv", "numbers"),
    ],
)
def test_no_tag_is_explained_by_the_container(container: str, words: str) -> None:
    assert words in describe_fourcc("", container)


def test_codecs() -> None:
    assert codec_words("hevc") == "H.265 (HEVC)"
    assert codec_words("newcodec", "The New Codec") == "The New Codec"
    assert codec_words("newcodec") == "newcodec"


@pytest.mark.parametrize(
    ("name", "brand", "suffix", "words"),
    [
        ("mov,mp4,m4a,3gp,3g2,mj2", "isom", ".mp4", "MP4, brand “isom”"),
        ("mov,mp4,m4a,3gp,3g2,mj2", "qt  ", ".mov", "QuickTime MOV, brand “qt”"),
        ("mov,mp4,m4a,3gp,3g2,mj2", "heic", ".heic", "HEIF picture, brand “heic”"),
        ("mov,mp4,m4a,3gp,3g2,mj2", "", ".mov", "MP4 or QuickTime (ISO base media)"),
        ("matroska,webm", "", ".mkv", "Matroska"),
        ("matroska,webm", "", ".WEBM", "WebM (Matroska for the web)"),
        ("png_pipe", "", ".png", "PNG picture"),
        ("newformat", "", "", "newformat"),
    ],
)
def test_containers(name: str, brand: str, suffix: str, words: str) -> None:
    assert container_words(name, brand=brand, suffix=suffix) == words
