"""What a clip will cost, against what it cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.core.clips.clip_plan import plan_clip
from framescope.core.clips.estimate import estimate_clip
from framescope.core.clips.settings import ClipCodec, ClipSettings, ClipWay

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.clips.make import ClipResult
    from tests.core.clips.conftest import Listed


def test_a_copy_is_counted(listed: Callable[[str], Listed], made: Callable[..., ClipResult]) -> None:
    facts = listed("h264.mp4")
    plan = plan_clip(facts.info, facts.index, range(12, 36), Path("a.mp4"), ClipSettings())
    estimate = estimate_clip(facts.info, facts.index, plan)
    assert estimate.is_counted
    assert estimate.encoding_s == 0
    size = made("h264.mp4", range(12, 36), "out.mp4").size_bytes
    assert estimate.size_bytes < size < estimate.size_bytes + 3000


@pytest.mark.parametrize(
    "settings",
    [
        ClipSettings(ClipWay.EXACT),
        ClipSettings(ClipWay.EXACT, ClipCodec.FFV1),
        ClipSettings(ClipWay.ALL_INTRA),
    ],
)
def test_encoding_is_tried_on_a_few_frames(
    listed: Callable[[str], Listed], made: Callable[..., ClipResult], settings: ClipSettings
) -> None:
    facts = listed("gop_one_long.mp4")  # 120 frames, of which 32 are tried
    plan = plan_clip(facts.info, facts.index, range(120), Path("a.mkv"), settings)
    estimate = estimate_clip(facts.info, facts.index, plan)
    assert not estimate.is_counted
    assert estimate.encoding_s > 0
    result = made("gop_one_long.mp4", range(120), "out.mkv", way=settings.way, codec=settings.codec)
    assert estimate.size_bytes == pytest.approx(result.size_bytes, rel=0.4)
