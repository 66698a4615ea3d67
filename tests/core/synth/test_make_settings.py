"""Settings that is not available are refused with the reason."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from framescope.core.errors import SettingsError
from framescope.core.synth.make_settings import MakeSettings, Writer


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"codec": "realvideo"}, "Unknown codec"),
        ({"container": "ogg"}, "not a container"),
        ({"codec": "vp9", "container": "avi"}, "does not hold VP9"),
        ({"pixel_format": "rgb24"}, "does not support rgb24"),
        ({"fourcc": "h2"}, "not a FourCC"),
        ({"rate": Fraction(0)}, "frames per second"),
        ({"quality": 101}, "Quality 101"),
        ({"bit_rate": 1_000_000}, "cannot be combined"),
        ({"bit_rate": 5, "quality": None}, "too low"),
        ({"rotation": 45}, "rotation by 45"),
        ({"timestamps_s": (0.0, 0.1, 0.1)}, "Timestamp 2"),
        ({"size": (0, 10)}, "0 × 10"),
        ({"gop": 0}, "GOP of 0"),
        ({"b_frames": 17}, "17 consecutive B-frames"),
        ({"open_gop": True, "codec": "mpeg4"}, "open GOPs"),
        ({"open_gop": True, "all_intra": True}, "no GOP can be open"),
    ],
)
def test_what_cannot_be_had_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        MakeSettings(**changes)


def test_the_usual_needs_nothing() -> None:
    settings = MakeSettings()
    assert settings.codec_spec.codec_id == "h264"
    assert settings.pixel_format_used == "yuv420p"


def test_opencv_may_try_what_pyav_refuses() -> None:
    assert MakeSettings(codec="vp9", container="avi", writer=Writer.OPENCV).container == "avi"
