"""``framescope chroma``."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.source.opening import open_video
from framescope.core.synth.round_trip import converted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def test_losses_of_conversion_and_codec_are_told_apart(
    framescope: Callable[..., Answer], plain_clip: Path
) -> None:
    table = json.loads(framescope("chroma", plain_clip, "--frame", 7, "--codec", "ffv1", "--json").out)
    assert (table["frame_number"], table["codec"], table["quality"]) == (7, "ffv1", None)
    with open_video(plain_clip) as video:
        rgb = video[7].to_rgb()
    for name, pixel_format in (("4:4:4", "yuv444p"), ("4:2:0", "yuv420p")):
        found = table["subsamplings"][name]
        error = np.mean((converted(rgb, pixel_format).astype(float) - rgb) ** 2)
        assert found["codec"]["is_exact"]
        assert found["conversion"]["psnr_db"] == pytest.approx(10 * math.log10(255**2 / error), abs=0.01)
        assert found["together"] == found["conversion"]


def test_it_is_said_in_words(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    answer = framescope("chroma", plain_clip, "--codec", "mpeg4")
    assert answer.status == 0
    assert "4:4:4  not supported by this codec" in answer.out
    assert "4:2:0  conversion " in answer.out
    assert "most of the loss" in answer.out
