"""HDR metadata and encoder settings are those that the encoder was told."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope.core.media.facts.dolby_vision import dolby_vision_record, dolby_vision_words
from framescope.core.media.facts.format_names import hdr_formats
from framescope.core.media.facts.hdr_words import (
    gamut_words,
    light_words,
    luminance_words,
)
from framescope.core.media.side_data import FrameExtras, extras_of, smpte_timecode
from framescope.core.model.stream_facts import ColorFacts, DolbyVision, HdrFacts, MasteringDisplay
from framescope.core.source.opening import probe
from tests.clips.encoding import Encoding, write_clip

if TYPE_CHECKING:
    from pathlib import Path

_P3 = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"


@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
def test_hdr_metadata_of_hevc(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"hdr.{suffix}"
    params = f"log-level=none:hdr10=1:master-display={_P3}:max-cll=1000,400"
    write_clip(path, Encoding(codec="libx265", frames=3, options={"x265-params": params}))
    info = probe(path)
    assert info.hdr is not None
    assert (info.hdr.max_cll, info.hdr.max_fall) == (1000, 400)
    display = info.hdr.mastering_display
    assert display is not None
    assert display.primaries == ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
    assert display.white_point == (0.3127, 0.329)
    assert display.luminance == (0.005, 1000.0)
    assert gamut_words(display) == "Display P3 primaries"
    assert luminance_words(display) == "0.005 to 1\u202f000 cd/m²"
    assert light_words(info.hdr) == "MaxCLL 1\u202f000, MaxFALL 400 cd/m²"
    assert info.encoder.startswith("x265 ")
    assert " cll=1000,400 " in info.encoder_settings


def test_settings_of_x264(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    write_clip(path, Encoding(frames=3, options={"x264-params": "ref=2:keyint=17:cabac=0"}))
    info = probe(path)
    assert info.hdr is None
    assert info.encoder.startswith("x264 core ")
    settings = dict(pair.split("=", 1) for pair in info.encoder_settings.split() if "=" in pair)
    assert (settings["ref"], settings["keyint"], settings["cabac"]) == ("2", "17", "0")


def test_an_encoder_that_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "clip.avi"
    write_clip(path, Encoding(codec="ffv1", frames=3))
    info = probe(path)
    assert (info.hdr, info.encoder_settings) == (None, "")


def test_words_for_other_displays() -> None:
    odd = MasteringDisplay(((0.7, 0.3), (0.2, 0.7), (0.1, 0.1)), (0.3, 0.3), None)
    assert gamut_words(odd) == "primaries (0.7000, 0.3000), (0.2000, 0.7000), (0.1000, 0.1000)"
    assert luminance_words(odd) == ""
    assert gamut_words(MasteringDisplay((), None, (0.0, 600.0))) == ""
    assert light_words(HdrFacts(formats=("HLG",))) == ""


@pytest.mark.parametrize(
    ("profile", "level", "layers", "compatible", "words"),
    [
        (5, 6, 0b101, 0, "profile 5, level 6, BL+RPU"),
        (7, 4, 0b110, 6, "profile 7, level 4, EL+RPU, compatible with Ultra HD Blu-ray (HDR10)"),
        (8, 2, 0b101, 4, "profile 8.4, level 2, BL+RPU, compatible with HLG"),
        (8, 13, 0b101, 9, "profile 8.9, level 13, BL+RPU"),
    ],
)
def test_dolby_vision(profile: int, level: int, layers: int, compatible: int, words: str) -> None:
    bits = profile << 17 | level << 11 | (layers & 1) << 8 | (layers >> 1 & 1) << 9 | (layers >> 2) << 10
    record = struct.pack(">BB", 1, 0) + (bits | compatible << 4).to_bytes(3, "big") + bytes(19)
    assert dolby_vision_words(dolby_vision_record(record)) == words
    assert dolby_vision_record(b"\x01\x00") is None
    assert dolby_vision_words(None) == ""


_DOLBY = DolbyVision(8, 2, True, False, True, 1)  # noqa: FBT003 - as the record has them


@pytest.mark.parametrize(
    ("signal", "bits", "static", "dolby", "side_data", "names"),
    [
        (("smpte2084", "bt2020"), 10, True, None, (), ("HDR10",)),
        (("smpte2084", "bt2020"), 10, True, None, ("DYNAMIC_HDR_PLUS",), ("HDR10+", "HDR10")),
        (("smpte2084", "bt2020"), 10, False, None, (), ("PQ10",)),
        (("smpte2084", "bt2020"), 12, False, None, (), ()),
        (("smpte2084", "bt709"), 10, True, None, (), ()),
        (("smpte2084", "bt2020"), 10, True, _DOLBY, (), ("Dolby Vision", "HDR10")),
        (("arib-std-b67", "bt2020"), 10, False, None, (), ("HLG",)),
        (("bt709", "bt709"), 8, True, None, ("DYNAMIC_HDR_PLUS",), ()),
        (("unspecified", "unspecified"), 10, False, _DOLBY, (), ("Dolby Vision",)),
    ],
)
def test_names_of_hdr_formats(  # noqa: PLR0913, PLR0917 - a row of the table
    signal: tuple[str, str],
    bits: int,
    static: bool,  # noqa: FBT001
    dolby: DolbyVision | None,
    side_data: tuple[str, ...],
    names: tuple[str, ...],
) -> None:
    transfer, primaries = signal
    color = ColorFacts("bt2020nc", "bt2020nc", "limited", "limited", transfer, primaries)
    found = hdr_formats(
        color, bit_depth=bits, has_static_metadata=static, dolby_vision=dolby, side_data=side_data
    )
    assert found == names


def test_the_format_of_hdr10_is_named(tmp_path: Path) -> None:
    path = tmp_path / "hdr.mkv"
    params = f"log-level=none:master-display={_P3}:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    encoding = Encoding(
        codec="libx265", frames=3, pixel_format="yuv420p10le", options={"x265-params": params}
    )
    write_clip(path, encoding)
    info = probe(path)
    assert info.hdr is not None
    assert info.hdr.formats == ("HDR10",)


def test_a_frame_that_carries_nothing_says_nothing() -> None:
    assert extras_of(None) == FrameExtras()


@pytest.mark.parametrize("code", ["01:02:03:04", "00:01:00;02"])
def test_the_timecode_of_a_gop_header(code: str, tmp_path: Path) -> None:
    path = tmp_path / "clip.mpg"
    rate = Fraction(30000, 1001) if ";" in code else Fraction(25)
    options = {"gop_timecode": code, "bf": "0"} | ({"drop_frame_timecode": "1"} if ";" in code else {})
    write_clip(path, Encoding(codec="mpeg2video", frames=3, rate=rate, options=options))
    info = probe(path)
    assert info.timecode_in_stream == f"{code} (GOP header)"
    assert info.timecode_start is None


def test_smpte_timecode_is_in_decimal_digits() -> None:
    assert smpte_timecode(0x24_59_31_12) == "12:31:59:24"
    assert smpte_timecode(0x24_59_31_12 | 1 << 30) == "12:31:59;24"
