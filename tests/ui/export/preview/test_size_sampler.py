"""How large a whole export will be, told by encoding frames of a real clip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import Cancelled
from framescope.core.export.encoders.encode import encode_frame
from framescope.core.export.encoders.tags import SourceFacts
from framescope.core.export.settings import ExportSettings
from framescope.core.media.video import Video
from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import open_video
from framescope.ui.export.preview.desk import SizeSampler

if TYPE_CHECKING:
    from collections.abc import Iterator

JPEG = ExportSettings(Path(), quality=80)


@pytest.fixture
def video(plain_clip: Path) -> Iterator[Video]:
    with open_video(plain_clip) as opened:
        yield opened


def sizes_of(video: Video, settings: ExportSettings) -> list[int]:
    facts = SourceFacts.of(video.info)
    return [len(encode_frame(frame, settings, facts)) for frame in video.frames(range(len(video)))]


def test_a_short_export_is_told_exactly(video: Video) -> None:
    numbers = np.array([3, 17, 40])
    *_, last = SizeSampler().estimates((video.info, video.index), numbers, JPEG, CancelToken())
    everything = sizes_of(video, JPEG)
    assert last.is_exact
    assert last.total_bytes == sum(everything[number] for number in numbers)


def test_a_long_one_is_told_within_its_bounds(video: Video) -> None:
    numbers = np.arange(len(video))
    *_, last = SizeSampler().estimates((video.info, video.index), numbers, JPEG, CancelToken())
    true = sum(sizes_of(video, JPEG))
    assert not last.is_exact
    assert abs(last.total_bytes - true) <= last.spread_bytes + 1
    assert last.total_bytes == pytest.approx(true, rel=0.1)


def test_other_settings_decode_nothing_anew(video: Video, monkeypatch: pytest.MonkeyPatch) -> None:
    sampler, numbers = SizeSampler(), np.arange(30)
    whole = (video.info, video.index)
    *_, coarse = sampler.estimates(whole, numbers, replace(JPEG, quality=10), CancelToken())

    def refuse(_video: Video, frame_number: int) -> None:
        raise AssertionError(f"frame {frame_number} was decoded again")

    monkeypatch.setattr(Video, "frame", refuse)
    *_, fine = sampler.estimates(whole, numbers, replace(JPEG, quality=95), CancelToken())
    assert fine.total_bytes > coarse.total_bytes


def test_it_stops_between_two_frames(video: Video) -> None:
    cancel = CancelToken()
    estimates = SizeSampler().estimates((video.info, video.index), np.arange(30), JPEG, cancel)
    next(estimates)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(estimates)
