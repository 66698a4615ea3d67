"""Fragment stores and image sequences become clips like videos, but for copies of packets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from framescope.core.clips.clip_plan import plan_clip
from framescope.core.clips.make import make_clip
from framescope.core.clips.settings import ClipSettings, ClipWay
from framescope.core.errors import ClipError
from framescope.core.source.opening import open_video
from tests.clips.truth import decode_in_sequence
from tests.core.clips.conftest import numbers_of
from tests.core.fragments.fragment_examples import split_clip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(params=["store", "sequence"])
def source(request: pytest.FixtureRequest, clip: Callable[[str], Path], tmp_path: Path) -> Path:
    """The frames of a clip, as fragments or as pictures."""
    place = tmp_path / str(request.param)
    if request.param == "store":
        split_clip(clip("h264.mp4"), place)
        return place
    place.mkdir()
    for number, frame in enumerate(decode_in_sequence(clip("h264.mp4"))):
        pixels = frame.to_ndarray(format="rgb24").astype(np.uint8)
        Image.fromarray(pixels).save(place / f"p_{number:03d}.png")
    return place


@pytest.mark.parametrize(("way", "wanted"), [(ClipWay.EXACT, range(5, 20)), (ClipWay.ALL_INTRA, range(48))])
def test_the_clip_holds_the_frames(source: Path, tmp_path: Path, way: ClipWay, wanted: range) -> None:
    out = tmp_path / "out.mkv"
    with open_video(source) as video:
        plan = plan_clip(video.info, video.index, wanted, out, ClipSettings(way))
        make_clip(video.info, video.index, plan)
    assert numbers_of(out) == list(wanted)


def test_there_are_no_packets_to_copy(source: Path, tmp_path: Path) -> None:
    with open_video(source) as video, pytest.raises(ClipError, match="not packets of one stream"):
        plan_clip(video.info, video.index, range(5), tmp_path / "out.mkv", ClipSettings(ClipWay.COPY))
