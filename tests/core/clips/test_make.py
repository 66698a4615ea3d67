"""Making clips from the first packet to the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.clips.clip_plan import plan_clip
from framescope.core.clips.make import ProofRequest, expectation, make_clip
from framescope.core.clips.settings import ClipSettings, ClipWay
from framescope.core.errors import (
    Cancelled,
    DestinationError,
    DestinationLostError,
    MissingFileError,
    VerificationError,
)
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.source.opening import open_video
from tests.clips.truth import decode_in_sequence, digest_of_av_frame, true_frames
from tests.core.export.hostile_folders import read_only, small_disk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.clips.make import ClipResult
    from tests.core.clips.conftest import Listed


@pytest.mark.parametrize(
    ("way", "text"),
    [
        (ClipWay.COPY, "Copying"),
        (ClipWay.COPY, "Comparing"),
        (ClipWay.EXACT, "Encoding"),
        (ClipWay.EXACT, "Comparing"),
    ],
)
def test_cancelled_anywhere_it_leaves_nothing(
    listed: Callable[[str], Listed], tmp_path: Path, way: ClipWay, text: str
) -> None:
    facts = listed("h264.mp4")
    plan = plan_clip(facts.info, facts.index, range(12, 36), tmp_path / "a.mp4", ClipSettings(way))
    cancel = CancelToken()

    def watch(progress: Progress) -> None:
        if progress.text.startswith(text):
            cancel.cancel()

    if text == "Copying":
        cancel.cancel()
    with pytest.raises(Cancelled):
        make_clip(facts.info, facts.index, plan, progress=watch, cancel=cancel)
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_hold_what_it_should_is_removed(
    listed: Callable[[str], Listed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = listed("h264.mp4")
    plan = plan_clip(facts.info, facts.index, range(12, 36), tmp_path / "a.mp4", ClipSettings())
    short = plan_clip(facts.info, facts.index, range(12, 24), tmp_path / "a.mp4", ClipSettings())
    truth = expectation(short)
    monkeypatch.setattr("framescope.core.clips.make.expectation", lambda _plan: truth)
    with pytest.raises(VerificationError, match="24 frames instead of 12"):
        make_clip(facts.info, facts.index, plan)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_the_name_stays_unless_it_may_be_replaced(
    listed: Callable[[str], Listed], tmp_path: Path
) -> None:
    facts = listed("h264.mp4")
    path = tmp_path / "a.mp4"
    path.write_bytes(b"before")
    plan = plan_clip(facts.info, facts.index, range(12, 24), path, ClipSettings())
    with pytest.raises(DestinationError):
        make_clip(facts.info, facts.index, plan)
    assert path.read_bytes() == b"before"
    result = make_clip(facts.info, facts.index, plan, replaces=True)
    assert result.size_bytes == path.stat().st_size > 1000


@pytest.mark.parametrize("way", [ClipWay.COPY, ClipWay.EXACT])
def test_a_full_disk_is_said_and_nothing_half_written_stays(
    listed: Callable[[str], Listed], tmp_path: Path, way: ClipWay
) -> None:
    facts = listed("mjpeg.mov")
    with small_disk(tmp_path / "disk", kilobytes=40) as disk:
        settings = ClipSettings(way, lossless=way is ClipWay.EXACT)
        plan = plan_clip(facts.info, facts.index, range(48), disk / "a.mov", settings)
        with pytest.raises(DestinationLostError, match="full"):
            make_clip(facts.info, facts.index, plan)
        assert list(disk.iterdir()) == []


def test_a_read_only_folder_is_said(listed: Callable[[str], Listed], tmp_path: Path) -> None:
    facts = listed("h264.mp4")
    with read_only(tmp_path / "folder") as folder:
        plan = plan_clip(facts.info, facts.index, range(12, 24), folder / "a.mp4", ClipSettings())
        with pytest.raises(DestinationError, match="cannot be written to"):
            make_clip(facts.info, facts.index, plan)


def test_a_source_that_is_gone_is_said(clip: Callable[[str], Path], tmp_path: Path) -> None:
    source = tmp_path / "source.mp4"
    source.write_bytes(clip("h264.mp4").read_bytes())
    with open_video(source, use_index_cache=False) as video:
        plan = plan_clip(video.info, video.index, range(12, 24), tmp_path / "a.mp4", ClipSettings())
        source.unlink()
        with pytest.raises(MissingFileError):
            make_clip(video.info, video.index, plan)
    assert list(tmp_path.iterdir()) == []


def test_an_all_intra_file_is_tried_with_libraries(made: Callable[..., ClipResult]) -> None:
    plain = made("gop_open.mp4", range(1), "a.mp4", way=ClipWay.ALL_INTRA)
    assert plain.audit is None
    assert plain.failing_engines == ()


def test_libraries_find_every_frame_of_an_all_intra_file(
    listed: Callable[[str], Listed], tmp_path: Path
) -> None:
    facts = listed("gop_one_b.avi")
    settings = ClipSettings(ClipWay.ALL_INTRA)
    plan = plan_clip(facts.info, facts.index, range(1), tmp_path / "a.mp4", settings)
    request = ProofRequest(audits=True, engines=("opencv", "pyav"), requests="8")
    result = make_clip(facts.info, facts.index, plan, request=request)
    assert result.audit is not None
    assert [trial.exact_share for trial in result.audit.trials] == [1.0, 1.0]
    assert result.failing_engines == ()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("h264_gop150_pancake.mkv", range(140, 200)),
        ("burned_timestamps_60fps.mp4", range(50, 90)),
        ("phone_gps_rot90.mov", range(31, 60)),
        ("ts_hevc_rps.ts", range(4, 12)),
    ],
)
def test_copies_of_real_files_are_the_frames_announced(
    media_file: Callable[[str], Path], tmp_path: Path, name: str, wanted: range
) -> None:
    path = media_file(name)
    with open_video(path, use_index_cache=False) as video:
        out = tmp_path / f"out{path.suffix if path.suffix in ('.mkv', '.mp4', '.mov', '.ts') else '.mkv'}"
        plan = plan_clip(video.info, video.index, wanted, out, ClipSettings())
        make_clip(video.info, video.index, plan)
    truth = [frame.digest for frame in true_frames(path)][plan.frames.start : plan.frames.stop]
    assert [digest_of_av_frame(frame) for frame in decode_in_sequence(out)] == truth


def test_damaged_frames_are_told_of_before_and_after(listed: Callable[[str], Listed], tmp_path: Path) -> None:
    facts = listed("damaged_keyframe.mp4")
    settings = ClipSettings(ClipWay.EXACT)
    plan = plan_clip(facts.info, facts.index, range(20, 30), tmp_path / "a.mp4", settings)
    words = "6 of 10 frames are damaged or may depend on damage."
    assert words in plan.sentences
    result = make_clip(facts.info, facts.index, plan)
    assert words in result.plan.sentences
    assert result.proof.compared == (20, 21, 22, 23)
    assert "4 frames compared, undamaged ones only" in result.proof.sentence
    assert result.summary == "a.mp4: 10 frames, 6 damaged, read again and compared"


def test_where_all_frames_are_damaged_nothing_counts_as_compared(
    listed: Callable[[str], Listed], tmp_path: Path
) -> None:
    facts = listed("damaged_keyframe.mp4")
    settings = ClipSettings(ClipWay.EXACT)
    result = make_clip(
        facts.info,
        facts.index,
        plan_clip(facts.info, facts.index, range(24, 30), tmp_path / "a.mp4", settings),
    )
    assert not result.proof.is_lossless
    assert "none compared" in result.proof.sentence
