"""The promise, over every clip: frame n is the n-th frame of a sequential decode, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope import Counting, Frame, open_video
from framescope.core.media import index_builder
from framescope.core.media.decoding import schedule, side_by_side
from framescope.core.source.opening import build_index, probe
from tests.clips.oddities import ALL_CLIPS
from tests.clips.truth import true_frames
from tests.contract.checks import (
    digest_of,
    drawn_number,
    restless,
    shuffled,
    wrong_frames,
    wrong_pts,
    wrong_sound_frames,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clips.catalog import Clip
    from tests.contract.conftest import Truths

# Which frames damage costs is known only when they are decoded: no packet tells.
SOUND_CLIPS = [entry for entry in ALL_CLIPS if "damaged" not in entry.traits]
DAMAGED_CLIPS = [entry for entry in ALL_CLIPS if "damaged" in entry.traits]

every_clip = pytest.mark.parametrize("entry", ALL_CLIPS, ids=lambda entry: entry.name)

every_sound_clip = pytest.mark.parametrize("entry", SOUND_CLIPS, ids=lambda entry: entry.name)

FEW_BYTES = 200_000
"""A cache of a handful of frames, so that nearly every request is a real seek."""


@pytest.fixture
def as_if_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short clips are counted by decoding; this has them counted like long ones, from packets if sound."""
    monkeypatch.setattr(index_builder, "SHORT_PIXELS", 0)


@every_clip
def test_every_frame_in_shuffled_order(entry: Clip, clip: Callable[[str], Path], truth_of: Truths) -> None:
    path = clip(entry.name)
    with open_video(path, use_index_cache=False, cache_bytes=FEW_BYTES) as video:
        truth = truth_of(path, video.info.stream_index)
        assert len(video) == len(truth)
        assert wrong_pts(video, truth) == []
        assert wrong_frames(video, truth, shuffled(len(truth))) == []


@every_sound_clip
@pytest.mark.usefixtures("as_if_long")
def test_every_frame_in_shuffled_order_counted_as_a_long_file(
    entry: Clip, clip: Callable[[str], Path], truth_of: Truths
) -> None:
    path = clip(entry.name)
    with open_video(path, use_index_cache=False, cache_bytes=FEW_BYTES) as video:
        truth = truth_of(path, video.info.stream_index)
        assert len(video) == len(truth)
        assert wrong_pts(video, truth) == []
        assert wrong_frames(video, truth, shuffled(len(truth), seed=2)) == []


@pytest.mark.parametrize("read_ahead", [False, True])
@every_sound_clip
@pytest.mark.usefixtures("as_if_long")
def test_moving_as_people_do(
    entry: Clip,
    read_ahead: bool,  # noqa: FBT001
    clip: Callable[[str], Path],
    truth_of: Truths,
) -> None:
    path = clip(entry.name)
    with open_video(path, use_index_cache=False, read_ahead=read_ahead) as video:
        truth = truth_of(path, video.info.stream_index)
        assert wrong_frames(video, truth, restless(len(truth))) == []


@every_clip
@pytest.mark.parametrize("is_slow", [False, True])
def test_dragging_in_the_window(
    entry: Clip,
    is_slow: bool,  # noqa: FBT001
    clip: Callable[[str], Path],
    truth_of: Truths,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both decoders at work, and room for a handful of frames; slow ones leave out what nobody will see."""
    if is_slow:
        # These clips decode faster than any hand moves; so the hand is taken to be faster still.
        monkeypatch.setattr(schedule, "_PACES_S", (1e-9, 1e-9))
    path = clip(entry.name)
    with open_video(path, use_index_cache=False, cache_bytes=FEW_BYTES, read_ahead=True) as video:
        truth = truth_of(path, video.info.stream_index)
        last = len(truth) - 1
        drags = [*range(0, last, 7), *range(last, 0, -7), *range(0, last, 3), *range(last, 0, -1)]
        assert wrong_frames(video, truth, drags) == []


@every_sound_clip
@pytest.mark.parametrize("step", [1, 3, 10])
def test_several_decoders_side_by_side(
    entry: Clip,
    step: int,
    clip: Callable[[str], Path],
    truth_of: Truths,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Short clips are not worth it; here each stretch that can be read on its own is."""
    monkeypatch.setattr(side_by_side, "_STRETCH", 1)
    path = clip(entry.name)
    info = probe(path)
    index = build_index(info)
    truth = truth_of(path, info.stream_index)
    numbers = np.arange(0, len(truth), step)
    answers = side_by_side.SideBySide(info, index, numbers, lambda: None).answers(3)
    digests = [digest_of(answer) for answer in answers if isinstance(answer, Frame)]
    assert digests == [truth[number].digest for number in numbers]


@pytest.mark.parametrize("entry", DAMAGED_CLIPS, ids=lambda entry: entry.name)
@pytest.mark.usefixtures("as_if_long")
def test_damage_costs_what_depends_on_it_and_nothing_else(
    entry: Clip, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    sources: list[Path] = []

    def note_source(name: str) -> Path:
        sources.append(clip(name))
        return sources[-1]

    path = tmp_path / entry.name
    entry.write(path, note_source)
    sound = {true.digest for source in sources for true in true_frames(source)}
    with open_video(path, use_index_cache=False, cache_bytes=FEW_BYTES) as video:
        truth = true_frames(path)
        assert wrong_sound_frames(video, truth, sound, shuffled(len(video))) == []


@pytest.mark.parametrize("entry", [c for c in ALL_CLIPS if c.numbers is not None], ids=lambda c: c.name)
def test_the_number_in_the_picture_is_the_one_promised(entry: Clip, clip: Callable[[str], Path]) -> None:
    with open_video(clip(entry.name), use_index_cache=False) as video:
        assert tuple(drawn_number(frame) for frame in video.frames(range(len(video)))) == entry.numbers


@pytest.mark.parametrize("name", ["h264.mp4", "h264.mkv", "hevc.mp4", "vp9.webm", "mpeg4.mkv", "av1.mp4"])
def test_sound_packets_count_like_a_decode(name: str, clip: Callable[[str], Path]) -> None:
    with (
        open_video(clip(name), counting=Counting.PACKETS, use_index_cache=False) as counted,
        open_video(clip(name), counting=Counting.DECODE, use_index_cache=False) as decoded,
    ):
        assert counted.index.pts.tolist() == decoded.index.pts.tolist()
        assert counted.index.keyframes.tolist() == decoded.index.keyframes.tolist()
        assert counted.index.sizes_bytes.tolist() == decoded.index.sizes_bytes.tolist()
        assert not counted.index.doubts


@pytest.mark.parametrize("name", ["two_videos.mkv", "two_videos.mp4"])
def test_another_stream_can_be_chosen(name: str, clip: Callable[[str], Path]) -> None:
    path = clip(name)
    with open_video(path, use_index_cache=False) as video:
        streams = [choice.stream_index for choice in video.info.video_streams]
    assert len(streams) == 2
    for stream_index in streams:
        truth = true_frames(path, stream_index=stream_index)
        with open_video(path, stream_index=stream_index, use_index_cache=False) as video:
            assert len(video) == len(truth)
            assert wrong_frames(video, truth, shuffled(len(truth))) == []


def test_an_index_from_the_disk_gives_the_same_frames(
    plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    truth = true_frames(plain_clip)
    for _ in range(2):
        with open_video(plain_clip, cache_bytes=FEW_BYTES) as video:
            assert wrong_pts(video, truth) == []
            assert wrong_frames(video, truth, shuffled(len(truth))) == []
