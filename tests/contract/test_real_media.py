"""The promise, over real files: each opens exactly or is refused clearly, as an independent decode says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope import FrameScopeError, OpenError, open_video
from framescope.core.media import index_builder
from framescope.core.media.decoding import schedule
from tests.clips.real_media import decodes_here, real_media_rows
from tests.contract.checks import restless, shuffled, wrong_frames, wrong_pts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.contract.conftest import Truths

ROWS = {row["file"]: row for row in real_media_rows()}
COVERS_ONLY = {"covers_two.m4a", "cover_itunes.m4a"}
"""Files whose only pictures are attached to sound: the manifest decodes them, a person would not."""

FEW_BYTES = 200_000
SMALL_PIXELS = 60_000_000
"""Files of no more pixels than this are read with a cache of a few frames, so that nearly all reads seek."""


def is_video(row: dict[str, str]) -> bool:
    decoded = row["n_pyav_decode"]
    if decodes_here(row):
        return True
    return row["file"] not in COVERS_ONLY and decoded.isdigit() and int(decoded) > 0


VIDEOS = sorted(name for name, row in ROWS.items() if is_video(row))
NO_VIDEOS = sorted(set(ROWS) - set(VIDEOS))
# Packets of these are damaged inside, or out of order in ways that only decoding shows. Long files of
# their kind are numbered by packets until they are verified, which is what the window offers.
ONLY_DECODING_TELLS = {
    "bad_h264_middle.mp4",
    "elst_empty_5s.mov",
    "mkv_cover_stream.mkv",
    "rot_nan_matrix.mp4",
}

if not ROWS:
    pytest.skip("no real media: set FRAMESCOPE_MEDIA to a folder of real files", allow_module_level=True)


def cache_bytes(name: str) -> int | None:
    row = ROWS[name]
    pixels = int(row["width"]) * int(row["height"]) * int(row["n_pyav_decode"])
    return FEW_BYTES if pixels <= SMALL_PIXELS else None


@pytest.mark.parametrize("name", VIDEOS)
def test_moving_about_in_the_window(
    name: str, media_file: Callable[[str], Path], truth_of: Truths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where decoding is slower than the hand: what nobody will see is left out if it can be."""
    monkeypatch.setattr(schedule, "_PACES_S", (1e-9, 1e-9))
    path = media_file(name)
    with open_video(path, use_index_cache=False, read_ahead=True) as video:
        truth = truth_of(path, video.info.stream_index)
        last = len(truth) - 1
        drags = [*range(0, last, 7), *range(last, 0, -7)][-200:]
        assert wrong_frames(video, truth, [*restless(len(truth)), *drags]) == []


@pytest.mark.parametrize("name", VIDEOS)
def test_every_frame_in_shuffled_order(
    name: str, media_file: Callable[[str], Path], truth_of: Truths
) -> None:
    path = media_file(name)
    with open_video(path, use_index_cache=False, cache_bytes=cache_bytes(name)) as video:
        truth = truth_of(path, video.info.stream_index)
        assert len(video) == len(truth)
        assert wrong_pts(video, truth) == []
        assert wrong_frames(video, truth, shuffled(len(truth))) == []
        assert wrong_frames(video, truth, [len(truth) - 1, 0, len(truth) // 2]) == []


@pytest.mark.parametrize("name", sorted(set(VIDEOS) - ONLY_DECODING_TELLS))
def test_numbers_counted_as_in_a_long_file(
    name: str, media_file: Callable[[str], Path], truth_of: Truths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever packets are trusted to tell must be true."""
    path = media_file(name)
    monkeypatch.setattr(index_builder, "SHORT_PIXELS", 0)
    with open_video(path, use_index_cache=False, cache_bytes=cache_bytes(name)) as video:
        if video.index.digests is not None:
            pytest.skip("its packets are not trusted: it is counted by decoding, which another test covers")
        truth = truth_of(path, video.info.stream_index)
        assert len(video) == len(truth)
        assert wrong_pts(video, truth) == []
        assert wrong_frames(video, truth, shuffled(len(truth), seed=5)[:40]) == []


@pytest.mark.parametrize("name", NO_VIDEOS)
def test_what_is_no_video_is_refused_with_a_reason(name: str, media_file: Callable[[str], Path]) -> None:
    with pytest.raises(OpenError) as refusal, open_video(media_file(name), use_index_cache=False):
        pass
    assert isinstance(refusal.value, FrameScopeError)
    assert refusal.value.message
    assert refusal.value.hint
