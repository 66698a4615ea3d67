"""Tags as other programs read them."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from PIL import Image, ImageCms

from framescope.core.export.encoders.metadata import (
    NAMESPACE,
    exif_bytes,
    icc_profile,
    is_screen_color,
    png_chunks,
    srgb_profile,
    tag_words,
    xmp_bytes,
)
from framescope.core.export.encoders.png import png_bytes
from framescope.core.export.encoders.tags import PictureTags
from tests.core.export.fakes import fake_bgr

TAGS = PictureTags(
    source='Höhle "1".mp4',
    frame_number=9,
    pts=360,
    time_base=Fraction(1, 1000),
    time_s=0.36,
    picture_type="P",
)
WORDS = {
    "Source": 'Höhle "1".mp4',
    "FrameNumber": "9",
    "Pts": "360",
    "TimeBase": "1/1000",
    "Time": "0.360000000",
    "PictureType": "P",
    "Software": TAGS.software,
}


def test_what_is_not_known_is_left_out() -> None:
    assert tag_words(TAGS) == WORDS
    bare = tag_words(PictureTags("", 3, None, None, math.nan, "?"))
    assert set(bare) == {"FrameNumber", "Software"}


def test_exif_is_read_by_pillow() -> None:
    exif = Image.Exif()
    exif.load(b"Exif\0\0" + exif_bytes(TAGS))
    assert 0x0112 not in exif
    assert exif[0x0131] == TAGS.software
    comment = exif.get_ifd(0x8769)[0x9286]
    assert json.loads(comment[8:]) == WORDS
    assert exif.get_ifd(0x8769)[0xA001] == 1


def test_xmp_is_read_by_an_xml_parser() -> None:
    packet = ET.fromstring(xmp_bytes(TAGS).decode())
    rdf = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
    entry = packet.find(f"{rdf}RDF/{rdf}Description")
    assert entry is not None
    own = {key.removeprefix(f"{{{NAMESPACE}}}"): value for key, value in entry.attrib.items()}
    assert {name: own[name] for name in WORDS if name != "Software"} == {
        name: word for name, word in WORDS.items() if name != "Software"
    }


@pytest.mark.parametrize("name", ["\"quoted\" & 'both'", "a < b > c", "two\nlines\tand\rmore", "&quot;", "ü"])
def test_any_name_can_be_read_back_from_xmp(name: str) -> None:
    packet = ET.fromstring(xmp_bytes(replace(TAGS, source=name)).decode())
    assert name in [value for entry in packet.iter() for value in entry.attrib.values()]


def test_the_profile_is_srgb_and_always_the_same() -> None:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    assert "sRGB" in str(ImageCms.getProfileDescription(profile))
    srgb_profile.cache_clear()
    assert srgb_profile() == icc_profile(TAGS)


@pytest.mark.parametrize(
    ("transfer", "primaries", "is_screen"),
    [
        ("bt709", "bt709", True),
        ("unspecified", "unspecified", True),
        ("smpte170m", "smpte170m", True),
        ("smpte2084", "bt2020", False),
        ("arib-std-b67", "bt2020", False),
        ("bt709", "bt2020", False),
    ],
)
def test_only_colours_of_a_screen_are_called_so(transfer: str, primaries: str, is_screen: bool) -> None:  # noqa: FBT001
    tags = replace(TAGS, transfer=transfer, primaries=primaries)
    assert is_screen_color(tags) is is_screen
    assert bool(icc_profile(tags)) is is_screen
    assert (b"sRGB" in dict(png_chunks(tags))) is is_screen


def test_a_pngs_chunks_are_read_by_pillow() -> None:
    data = png_bytes(fake_bgr(1), 1, chunks=png_chunks(TAGS))
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        text = {name: str(word) for name, word in image.info.items() if name in WORDS}
        assert text == WORDS
        assert 0x0112 not in image.getexif()
        assert image.info["srgb"] == 0


def test_hdr_is_named_in_a_pngs_cicp() -> None:
    tags = replace(TAGS, transfer="smpte2084", primaries="bt2020")
    # ITU-T H.273: BT.2020 is 9, PQ is 16, no matrix is 0, full range is 1.
    assert dict(png_chunks(tags))[b"cICP"] == bytes([9, 16, 0, 1])
