"""Which format pixels are stored in, and that proofs of losslessness prove something."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.formats import convert, plan_format, shares_planes
from framescope.core.fragments.planes import plane_bytes
from tests.core.fragments.fragment_examples import noise_frame

OWN = ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p12le", "gray", "gray16le", "bgra", "yuva420p"]
TURNED = {"rgb24": "bgr0", "gbrp": "bgr0", "argb": "bgra", "nv12": "yuv420p", "uyvy422": "yuv422p"}


@pytest.mark.parametrize("name", OWN)
def test_what_ffv1_holds_is_stored_as_it_is(name: str) -> None:
    plan = plan_format(FragmentCodec.FFV1, name, must_be_lossless=True)
    assert (plan.stored, plan.given, plan.is_lossless) == (name, name, True)


@pytest.mark.parametrize("name", TURNED)
def test_other_formats_are_turned_there_and_back_without_loss(name: str) -> None:
    plan = plan_format(FragmentCodec.FFV1, name, must_be_lossless=True)
    assert (plan.stored, plan.given, plan.is_lossless) == (TURNED[name], name, True)
    frame = noise_frame(48, 32, name, seed=9)
    back = convert(convert(frame, plan.stored), name)
    for before, after in zip(plane_bytes(frame), plane_bytes(back), strict=True):
        assert np.array_equal(before, after)


def test_palettes_become_their_colours() -> None:
    plan = plan_format(FragmentCodec.FFV1, "pal8", must_be_lossless=True)
    assert plan.given == plan.stored == "bgra"
    assert "palette" in plan.words


def test_what_cannot_be_held_without_loss_is_refused_with_a_reason() -> None:
    with pytest.raises(FragmentError, match="rgb565le") as refusal:
        plan_format(FragmentCodec.FFV1, "rgb565le", must_be_lossless=True)
    assert refusal.value.hint


def test_a_lossy_codec_says_what_it_converts_to() -> None:
    plan = plan_format(FragmentCodec.AV1, "yuv444p", must_be_lossless=False)
    assert (plan.stored, plan.given, plan.is_lossless) == ("yuv420p", "yuv420p", False)
    assert "not lossless" in plan.words


def test_rgb_through_yuv_is_never_called_lossless() -> None:
    assert not plan_format(FragmentCodec.H264, "rgb24", must_be_lossless=False).is_lossless


def test_names_of_the_same_planes() -> None:
    assert shares_planes("yuvj420p", "yuv420p")
    assert not shares_planes("yuv422p", "yuv420p")


def test_the_byte_that_is_nobodys_is_kept_too() -> None:
    plan = plan_format(FragmentCodec.FFV1, "bgr0", must_be_lossless=True)
    assert (plan.stored, plan.given) == ("bgra", "bgr0")
