"""Joining, compared with a sequential decode of the source by bare PyAV."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.errors import Cancelled, DestinationError, FragmentError, TargetExistsError
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Region
from framescope.core.fragments.join import JoinRequest, join
from framescope.core.fragments.write_video import OutputSettings
from framescope.core.media.picture.planes import frame_planes
from framescope.core.model.progress import CancelToken
from tests.clips.truth import decode_in_sequence, true_frames
from tests.core.fragments.fragment_examples import LOSSLESS, split_clip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_the_whole_video_comes_back_sample_by_sample(
    whole_store: Path, plain_clip: Path, tmp_path: Path
) -> None:
    result = join(whole_store, tmp_path / "out.mkv")
    assert result.is_exact
    assert result.frames_written == 48
    assert result.fragments_read == 24
    joined, truth = true_frames(tmp_path / "out.mkv"), true_frames(plain_clip)
    assert [one.digest for one in joined] == [one.digest for one in truth]


def test_variable_times_come_back(clip: Callable[[str], Path], tmp_path: Path) -> None:
    split_clip(clip("vfr.mkv"), tmp_path / "store", LOSSLESS)
    join(tmp_path / "store", tmp_path / "out.mkv")
    assert [one.pts for one in true_frames(tmp_path / "out.mkv")] == [
        one.pts for one in true_frames(clip("vfr.mkv"))
    ]


def test_lossy_fragments_come_back_near_enough(plain_clip: Path, tmp_path: Path) -> None:
    settings = replace(LOSSLESS, codec=FragmentCodec.H264, quality=18, most_frames=12)
    split_clip(plain_clip, tmp_path / "store", settings)
    result = join(tmp_path / "store", tmp_path / "out.mkv")
    assert result.is_exact  # nothing more is lost on the way from the store to the file
    pairs = zip(decode_in_sequence(plain_clip), decode_in_sequence(tmp_path / "out.mkv"), strict=False)
    for true, joined in pairs:
        first, second = (frame_planes(one)[0].astype(np.float64) for one in (true, joined))
        psnr = 10 * np.log10(255**2 / max(float(((first - second) ** 2).mean()), 1e-9))
        assert psnr > 36


def test_a_region_for_some_frames_reads_only_what_it_takes(
    whole_store: Path, plain_clip: Path, tmp_path: Path
) -> None:
    request = JoinRequest(Region(0, 0, 50, 40), range(14, 20), OutputSettings(FragmentCodec.FFV1))
    result = join(whole_store, tmp_path / "out.mkv", request)
    sizes = {one.name: one.stat().st_size for one in (whole_store / "fragments").iterdir()}
    assert result.fragments_read == 1
    assert result.bytes_read == sizes["r00001_t000.ffv1"]
    truth = list(decode_in_sequence(plain_clip))[14:20]
    for true, shown in zip(truth, decode_in_sequence(tmp_path / "out.mkv"), strict=True):
        assert np.array_equal(frame_planes(true)[0][:40, :50], frame_planes(shown)[0])


def test_a_hole_is_marked_named_and_costs_its_tile_and_run_only(
    store_copy: Path, plain_clip: Path, tmp_path: Path
) -> None:
    (store_copy / "fragments" / "r00001_t000.ffv1").write_bytes(b"x")
    result = join(store_copy, tmp_path / "out.mkv")
    assert result.frames_written == 48
    assert len(result.holes) == 1
    assert "r00001_t000.ffv1" in result.holes[0]
    with av.open(str(tmp_path / "out.mkv")) as container:
        assert "r00001_t000.ffv1" in container.metadata["COMMENT"]
    joined, truth = list(decode_in_sequence(tmp_path / "out.mkv")), list(decode_in_sequence(plain_clip))
    for number, (true, shown) in enumerate(zip(truth, joined, strict=True)):
        first, second = frame_planes(true)[0], frame_planes(shown)[0]
        is_hurt = 12 <= number < 24
        assert np.array_equal(first, second) is not is_hurt
        assert np.array_equal(first[60:], second[60:])
        assert np.array_equal(first[:, 54:], second[:, 54:])


def test_lost_frames_are_left_out_and_told(store_copy: Path, tmp_path: Path) -> None:
    for path in (store_copy / "fragments").glob("r00002*"):
        path.unlink()
    result = join(store_copy, tmp_path / "out.mkv")
    assert result.frames_written == 36
    assert sorted(result.frames_left_out) == list(range(24, 36))


def test_what_is_there_is_not_overwritten_and_cancelling_leaves_nothing(
    whole_store: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.mkv").write_bytes(b"mine")
    with pytest.raises(TargetExistsError, match="already exists"):
        join(whole_store, tmp_path / "mine.mkv")
    with pytest.raises(DestinationError, match="is inside the source"):
        join(whole_store, whole_store / "fragments" / "all.mkv", replaces=True)
    with pytest.raises(FragmentError, match="no frames"):
        join(whole_store, tmp_path / "out.mkv", JoinRequest(frames=range(40, 60)))
    cancel = CancelToken()

    def stop(_progress: object) -> None:
        cancel.cancel()

    with pytest.raises(Cancelled):
        join(whole_store, tmp_path / "out.mkv", progress=stop, cancel=cancel)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.mkv"]


def test_a_fragment_that_does_not_decode_is_a_hole_that_is_named(store_copy: Path, tmp_path: Path) -> None:
    manifest = store_copy / "manifest.json"
    table = json.loads(manifest.read_text("utf-8"))
    fragments = table["runs"][1]["fragments"]
    # Its digest is its own: only what it holds is no picture.
    name, data = fragments[2]["name"], b"\0" * 12
    (store_copy / name).write_bytes(data)
    fragments[2] |= {"bits": 96, "sha256": hashlib.sha256(data).hexdigest(), "packets": [1] * 12}
    manifest.write_text(json.dumps(table), "utf-8")
    result = join(store_copy, tmp_path / "joined.mkv")
    assert result.frames_written == 48
    assert "frames 12:24" in result.holes[0]
