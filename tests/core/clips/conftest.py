"""Makes clips of the test clips, and reads them back with nothing of FrameScope's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.clips.clip_plan import plan_clip
from framescope.core.clips.make import ProofRequest, make_clip
from framescope.core.clips.settings import ClipSettings
from framescope.core.source.opening import open_video
from framescope.core.synth.number_blocks import read_number
from tests.clips.truth import decode_in_sequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.clips.make import ClipResult
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo


@dataclass
class Listed:
    """A clip's facts and index."""

    info: VideoInfo
    index: FrameIndex


@pytest.fixture(scope="session")
def listed(clip: Callable[[str], Path]) -> Callable[[str], Listed]:
    def load(name: str) -> Listed:
        with open_video(clip(name), use_index_cache=False) as video:
            return Listed(video.info, video.index)

    return load


@pytest.fixture
def made(listed: Callable[[str], Listed], tmp_path: Path) -> Callable[..., ClipResult]:
    """``made("h264.mp4", range(5, 20), "out.mp4", way=…)`` makes a clip with every frame compared."""

    def make(name: str, wanted: range, out: str, **settings: object) -> ClipResult:
        facts = listed(name)
        chosen = ClipSettings(**settings)  # type: ignore[arg-type]
        plan = plan_clip(facts.info, facts.index, wanted, tmp_path / out, chosen)
        return make_clip(facts.info, facts.index, plan, request=ProofRequest(everything=True))

    return make


def numbers_of(path: Path) -> list[int | None]:
    """The numbers that the frames of a file carry, in a sequential decode."""
    return [
        read_number(frame.to_ndarray(format="rgb24").astype(np.uint8)) for frame in decode_in_sequence(path)
    ]


def times_of(path: Path) -> list[float]:
    """Their times, in seconds."""
    frames = list(decode_in_sequence(path))
    return [float((frame.pts or 0) * (frame.time_base or 0)) for frame in frames]
