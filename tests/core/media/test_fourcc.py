"""FourCCs, codecs and containers in words; every word of the tables is fit to be shown."""

from __future__ import annotations

import pytest

from framescope.core.media.fourcc import codec_words, container_words, describe_fourcc, printable_tag


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"avc1", "avc1"),
        (b"\x1b\0\0\0", "[27][0][0][0]"),
        (b"\0\0\0\0", ""),
        (b"", ""),
        (b"\xe9abc", "[233]abc"),
    ],
)
def test_a_tag_is_shown_as_it_is_stored(raw: bytes, shown: str) -> None:
    assert printable_tag(raw) == shown


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("avc1", "H.264"),
        ("hev1", "H.265"),
        ("XVID", "Xvid"),
        ("mp4v", "MPEG-4 part 2"),
        ("FFV1", "FFV1"),
        ("apch", "ProRes"),
    ],
)
def test_known_tags(tag: str, words: str) -> None:
    assert words in describe_fourcc(tag)


def test_a_transport_stream_stores_a_number() -> None:
    assert describe_fourcc("[27][0][0][0]", "mpegts").startswith("no FourCC: MPEG-TS stream type 0x1b, H.264")
    assert "not in the standard" in describe_fourcc("[250][0][0][0]", "mpegts")


@pytest.mark.parametrize("container", ["matroska,webm", "mpeg", "ogg", "h264", ""])
def test_no_tag_is_explained(container: str) -> None:
    assert describe_fourcc("", container)


def test_an_unknown_tag_has_words_too() -> None:
    assert describe_fourcc("qq#7")


def test_codecs() -> None:
    assert "H.264" in codec_words("h264")
    assert codec_words("brandnew", "Brand New Codec") == "Brand New Codec"
    assert codec_words("brandnew") == "brandnew"


def test_containers() -> None:
    assert container_words("matroska,webm", suffix=".webm") != container_words("matroska,webm", suffix=".mkv")
    assert "WebM" in container_words("matroska,webm", suffix=".WEBM")
    assert "isom" in container_words("mov,mp4,m4a,3gp,3g2,mj2", brand="isom")
    assert container_words("mpegts")
