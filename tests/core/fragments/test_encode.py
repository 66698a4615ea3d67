"""One fragment's encoder: closed, repeatable, and one packet a picture."""

from __future__ import annotations

import pytest

from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import CODECS, FragmentCodec
from framescope.core.fragments.encode import EncodedFragment, FragmentEncoder, FragmentShape
from tests.core.fragments.fragment_examples import noise_frame


def encode(codec: FragmentCodec, *, gop: int | None = None, count: int = 7) -> EncodedFragment:
    encoder = FragmentEncoder(codec, CODECS[codec].default_quality, FragmentShape(64, 64, "yuv420p"), gop=gop)
    for number in range(count):
        encoder.add(noise_frame(64, 64, seed=number))
    return encoder.finish()


@pytest.mark.parametrize("codec", list(FragmentCodec))
def test_a_fragment_begins_with_its_only_keyframe_and_repeats_bit_by_bit(codec: FragmentCodec) -> None:
    made = encode(codec)
    assert sum(made.packet_sizes) == len(made.data)
    assert len(made.packet_sizes) == 7
    assert made.key_packets == (tuple(range(7)) if CODECS[codec].is_intra else (0,))
    assert encode(codec).data == made.data


def test_keyframes_at_a_distance() -> None:
    assert encode(FragmentCodec.H264, gop=3).key_packets == (0, 3, 6)


def test_what_an_encoder_refuses_is_said_in_words() -> None:
    with pytest.raises(FragmentError, match=r"H\.264 cannot encode"):
        FragmentEncoder(FragmentCodec.H264, 23, FragmentShape(63, 63, "yuv420p"))
