"""Splitting, compared with a sequential decode of the source by bare PyAV."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope import open_video
from framescope.core.errors import Cancelled, FragmentError
from framescope.core.fragments import picture_forms
from framescope.core.fragments import split as split_module
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import split
from framescope.core.fragments.store import FragmentStore
from framescope.core.model.progress import CancelToken, Progress
from tests.clips.truth import true_frames
from tests.contract.checks import wrong_frames, wrong_pts
from tests.core.fragments.fragment_examples import GRID, LOSSLESS, split_clip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FORMATS = [
    "vfr.mkv", "odd_size.mkv", "ten_bit.mp4", "chroma_422.mp4", "chroma_444_10bit.mkv", "grey.mp4", "rgb.mkv",
    "nv12_raw.mkv", "sixteen_bit.mkv", "two_by_two.mkv", "one_frame.mp4", "full_range_601.mp4", "gif.gif",
    "rotated_90.mp4", "mjpeg.avi",
]  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_ffv1_gives_back_every_sample_and_every_pts(
    name: str, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    path = clip(name)
    truth = true_frames(path)[:14]
    settings = replace(LOSSLESS, most_frames=14, runs=RunRule(length=5))
    result = split_clip(path, tmp_path / "store", settings)
    assert result.manifest.is_lossless
    with open_video(path, use_index_cache=False) as source, open_video(result.path) as video:
        assert video.info.rotation == source.info.rotation
        assert video.info.color == source.info.color
        assert wrong_pts(video, truth) == []
        assert wrong_frames(video, truth, range(len(truth))) == []
        assert wrong_frames(video, truth, range(len(truth))[::-3]) == []


def test_the_same_split_gives_the_same_bytes_with_any_number_of_workers(
    plain_clip: Path, tmp_path: Path
) -> None:
    settings = replace(LOSSLESS, codec=FragmentCodec.H264, most_frames=20)
    first = split_clip(plain_clip, tmp_path / "one", replace(settings, workers=1))
    second = split_clip(plain_clip, tmp_path / "three.zip", replace(settings, workers=3))
    assert first.manifest.fragments == second.manifest.fragments
    assert len(first.manifest.fragments) == 6 * 2


def test_runs_larger_than_a_batch_are_encoded_piece_by_piece(
    plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = split_clip(plain_clip, tmp_path / "whole", replace(LOSSLESS, codec=FragmentCodec.H264))
    monkeypatch.setattr(split_module, "_BATCH_BYTES", 60_000)
    monkeypatch.setattr(split_module, "_WAITING_BYTES", 100_000)
    pieces = split_clip(plain_clip, tmp_path / "pieces", replace(LOSSLESS, codec=FragmentCodec.H264))
    assert pieces.manifest.fragments == whole.manifest.fragments


def test_a_split_broken_off_goes_on_where_it_was(plain_clip: Path, tmp_path: Path, whole_store: Path) -> None:
    cancel = CancelToken()

    def stop_late(progress: Progress) -> None:
        if "frame 40" in progress.text:
            cancel.cancel()

    with open_video(plain_clip, use_index_cache=False) as video:
        with pytest.raises(Cancelled):
            split(video, tmp_path / "store", LOSSLESS, progress=stop_late, cancel=cancel)
        with pytest.raises(FragmentError, match="interrupted"):
            split(video, tmp_path / "store", LOSSLESS)
        result = split(video, tmp_path / "store", LOSSLESS, resume=True)
    assert result.reused >= 1
    with FragmentStore(whole_store) as straight:
        assert result.manifest.fragments == straight.manifest.fragments


def test_a_quality_that_the_codec_has_not_is_refused(plain_clip: Path, tmp_path: Path) -> None:
    with pytest.raises(FragmentError, match="no quality 99") as refusal:
        split_clip(plain_clip, tmp_path / "store", replace(LOSSLESS, codec=FragmentCodec.AV1, quality=99))
    assert "1 to 63" in refusal.value.hint
    assert not (tmp_path / "store").exists()


def test_a_format_that_is_refused_leaves_nothing_behind(
    plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise FragmentError("FFV1 has no pixel format that holds this.")

    monkeypatch.setattr(picture_forms, "plan_format", refuse)
    with pytest.raises(FragmentError, match="holds this"):
        split_clip(plain_clip, tmp_path / "store")
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_says_what_was_split(plain_clip: Path, whole_store: Path) -> None:
    with FragmentStore(whole_store) as store:
        manifest = store.manifest
    assert manifest.source.name == plain_clip.name
    assert manifest.source.size_bytes == plain_clip.stat().st_size
    assert manifest.grid == GRID
    assert [run.first_frame for run in manifest.runs] == [0, 12, 24, 36]
    assert all(len(run.fragments) == 6 for run in manifest.runs)
    assert manifest.frame_count == 48


def test_every_codec_splits_and_opens(plain_clip: Path, tmp_path: Path) -> None:
    for codec in FragmentCodec:
        settings = replace(LOSSLESS, grid=Grid(1, 2), codec=codec, most_frames=4)
        result = split_clip(plain_clip, tmp_path / codec.value, settings)
        with open_video(result.path) as video:
            assert video.frame(3).picture.width == 160
