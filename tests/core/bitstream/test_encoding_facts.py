"""What the parameter sets say is what the encoder was told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.bitstream.encoding_facts import EncodingFacts, encoding_facts, facts_from, limits_words
from framescope.core.errors import Cancelled
from framescope.core.model.progress import CancelToken
from framescope.core.model.stream_facts import SEQUENCE_CONTAINER, StreamFacts
from framescope.core.source.opening import probe
from tests.clips.encoding import Encoding, write_clip

if TYPE_CHECKING:
    from pathlib import Path


def _facts(path: Path, codec: str, **options: str) -> EncodingFacts:
    write_clip(path, Encoding(codec=codec, frames=4, options=options))
    return encoding_facts(probe(path))


def _x264(path: Path, params: str, profile: str = "high") -> EncodingFacts:
    return _facts(path, "libx264", **{"x264-params": params, "profile": profile})


@pytest.mark.parametrize("name", ["clip.mp4", "clip.ts", "clip.h264"])
def test_h264(name: str, tmp_path: Path) -> None:
    facts = _x264(tmp_path / name, "ref=5:bframes=0:cabac=0:cqm=jvt:chromaloc=2")
    assert facts == EncodingFacts(5, "CAVLC", "", "", "custom", "top left")


def test_interlaced_h264(tmp_path: Path) -> None:
    facts = _x264(tmp_path / "clip.mkv", "ref=1:bframes=0:tff=1")
    assert (facts.entropy_coding, facts.quantiser_matrices) == ("CABAC", "default")
    assert facts.field_coding == "frames, fields, or both within a frame (MBAFF)"


@pytest.mark.parametrize(("high", "tier"), [("1", "High"), ("0", "Main")])
def test_the_tier_of_hevc(high: str, tier: str, tmp_path: Path) -> None:
    params = f"log-level=none:level-idc=4.1:high-tier={high}"
    assert _facts(tmp_path / "clip.mp4", "libx265", **{"x265-params": params}).tier == tier


def test_mpeg2(tmp_path: Path) -> None:
    plain = _facts(tmp_path / "plain.ts", "mpeg2video")
    assert plain == EncodingFacts(quantiser_matrices="default")
    own = facts_from(
        "mpeg2video", {"load_intra_quantiser_matrix": "1", "load_non_intra_quantiser_matrix": "0"}
    )
    assert own == EncodingFacts(quantiser_matrices="custom")


def test_what_has_no_parameter_sets_says_nothing(tmp_path: Path) -> None:
    assert _facts(tmp_path / "clip.avi", "ffv1") == EncodingFacts()
    write_clip(tmp_path / "clip.mp4", Encoding(frames=3))
    info = probe(tmp_path / "clip.mp4")
    assert encoding_facts(replace(info, container=SEQUENCE_CONTAINER)) == EncodingFacts()
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        encoding_facts(info, cancel=cancel)


def test_dolby_vision_units_are_named(tmp_path: Path) -> None:
    path = tmp_path / "clip.h265"
    plain = _facts(path, "libx265", **{"x265-params": "log-level=none"})
    assert plain.dolby_vision == ""
    data = path.read_bytes()
    # After the first slice, an IDR picture, as if it were of the same access unit.
    second = data.index(b"\x00\x00\x01", data.index(b"\x00\x00\x01\x28") + 4)
    path.write_bytes(data[:second] + b"\x00\x00\x01\x7c\x01\x19\x08\x09" + data[second:])
    assert encoding_facts(probe(path)).dolby_vision == "metadata (RPU)"


def test_the_buffer_that_an_encoder_was_told(tmp_path: Path) -> None:
    facts = _x264(tmp_path / "clip.mp4", "vbv-maxrate=800:vbv-bufsize=400:bitrate=800:nal-hrd=cbr")
    assert (facts.bit_rate_max, facts.buffer_bytes, facts.is_constant_rate) == (800_000, 50_000, True)
    assert (
        limits_words(None, facts)
        == "at most 800 kbit/s, a decoder buffer (VBV, HRD) of 50.0 kB, constant rate"
    )


def test_limits_are_the_stream_s_or_else_the_container_s() -> None:
    own = StreamFacts(0, "video", "h264", "", "", "", {}, bit_rate=1000, bit_rate_max=9_000_000)
    assert limits_words(own, EncodingFacts()) == "at most 9 Mbit/s"
    assert limits_words(own, EncodingFacts(buffer_bytes=6144)) == "a decoder buffer (VBV, HRD) of 6.14 kB"
    assert limits_words(None, EncodingFacts()) == ""


def test_mpeg2_without_a_limit_names_none() -> None:
    values = {"bit_rate_value": str(0x3FFFF), "vbv_buffer_size_value": "112"}
    facts = facts_from("mpeg2video", values)
    assert (facts.bit_rate_max, facts.buffer_bytes) == (None, 112 * 2048)
