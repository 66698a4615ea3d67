"""How a clip is to be made."""

from __future__ import annotations

import pytest

from framescope.core.clips.settings import ClipCodec, ClipSettings, ClipWay
from framescope.core.errors import SettingsError


@pytest.mark.parametrize("quality", [0, 52])
def test_a_quality_that_does_not_exist_is_refused(quality: int) -> None:
    with pytest.raises(SettingsError, match=str(quality)):
        ClipSettings(quality=quality)


def test_what_keeps_every_sample_says_so() -> None:
    assert ClipSettings(ClipWay.COPY).keeps_samples
    assert ClipSettings(ClipWay.EXACT, ClipCodec.FFV1).keeps_samples
    assert ClipSettings(ClipWay.EXACT, lossless=True).keeps_samples
    assert not ClipSettings(ClipWay.EXACT).keeps_samples
    assert [codec.label for codec in ClipCodec] == ["H.264", "HEVC", "FFV1"]
    assert ClipCodec.HEVC.encoder == "libx265"
