"""One fragment's decoder."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import CODECS, FragmentCodec
from framescope.core.fragments.encode import FragmentEncoder, FragmentShape
from framescope.core.fragments.planes import plane_bytes
from framescope.core.fragments.run_decoder import FragmentDecoder
from tests.core.fragments.fragment_examples import noise_frame


def decoder_of(codec: FragmentCodec, quality: int, *, cut_off: int = 0) -> FragmentDecoder:
    encoder = FragmentEncoder(codec, quality, FragmentShape(64, 64, "yuv420p"))
    for number in range(6):
        encoder.add(noise_frame(64, 64, seed=number))
    made = encoder.finish()
    data = made.data[: len(made.data) - cut_off]
    return FragmentDecoder(
        codec, data, made.packet_sizes, made.shown, size=(64, 64), extradata=made.extradata
    )


@pytest.mark.parametrize("codec", [FragmentCodec.FFV1, FragmentCodec.H264])
def test_lossless_codecs_give_back_every_sample_in_order(codec: FragmentCodec) -> None:
    decoder = decoder_of(codec, 0)
    for number in (0, 1, 4, 4, 5):
        shown = decoder.frame(number)
        for before, after in zip(
            plane_bytes(noise_frame(64, 64, seed=number)), plane_bytes(shown), strict=True
        ):
            assert np.array_equal(before, after)
    assert decoder.position == 5


@pytest.mark.parametrize("codec", [FragmentCodec.HEVC, FragmentCodec.AV1, FragmentCodec.MJPEG])
def test_lossy_codecs_give_every_picture(codec: FragmentCodec) -> None:
    decoder = decoder_of(codec, CODECS[codec].default_quality)
    frame = decoder.frame(5)
    assert (frame.width, frame.height) == (64, 64)


def test_there_is_no_way_back_and_none_beyond_the_end() -> None:
    decoder = decoder_of(FragmentCodec.FFV1, 0)
    decoder.frame(3)
    with pytest.raises(ValueError, match="before"):
        decoder.frame(2)
    with pytest.raises(FragmentError, match="ends before"):
        decoder.frame(6)


def test_a_stream_that_does_not_decode_is_a_fault_in_words() -> None:
    decoder = decoder_of(FragmentCodec.FFV1, 0, cut_off=4000)
    with pytest.raises(FragmentError):
        decoder.frame(5)
