"""The codecs of fragments."""

from __future__ import annotations

import pytest

from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import CODECS, FragmentCodec


def test_lossless_is_claimed_where_it_holds_only() -> None:
    assert CODECS[FragmentCodec.FFV1].is_lossless(0)
    assert CODECS[FragmentCodec.H264].is_lossless(0)
    assert not CODECS[FragmentCodec.H264].is_lossless(1)
    assert not CODECS[FragmentCodec.HEVC].is_lossless(0)


@pytest.mark.parametrize("codec", list(FragmentCodec))
def test_coded_sizes_hold_the_tile_and_whole_chroma_samples(codec: FragmentCodec) -> None:
    spec = CODECS[codec]
    width, height = spec.coded_size(161, 3, (2, 2))
    assert width >= 161
    assert height >= max(3, spec.least_side)
    if codec is not FragmentCodec.FFV1:
        assert width % 2 == height % 2 == 0


def test_ffv1_needs_no_padding() -> None:
    assert CODECS[FragmentCodec.FFV1].coded_size(3, 5, (2, 2)) == (3, 5)


def test_encoders_are_told_to_use_one_thread_and_closed_gops() -> None:
    words = CODECS[FragmentCodec.H264].options(23)["x264-params"]
    assert "threads=1" in words
    assert "open-gop=0" in words
    assert CODECS[FragmentCodec.H264].options(23, gop=250)["x264-params"].startswith("keyint=250")
    assert "lp=1" in CODECS[FragmentCodec.AV1].options(35)["svtav1-params"]


def test_a_quality_is_the_codecs_own() -> None:
    spec = CODECS[FragmentCodec.H264]
    assert [spec.quality_used(one) for one in (None, 0, 51)] == [spec.default_quality, 0, 51]
    for quality in (-1, 52):
        with pytest.raises(FragmentError, match=f"no quality {quality}"):
            spec.quality_used(quality)
    assert CODECS[FragmentCodec.FFV1].quality_used(None) == 0
    with pytest.raises(FragmentError, match="lossless"):
        CODECS[FragmentCodec.FFV1].quality_used(3)
