"""Properties of files that make seeking go wrong are read from their indexes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.causes import find_causes, likely_cause
from framescope.core.audit.records import Cause, CauseKind, EngineTrial, TrialState, VerdictKind
from framescope.core.media.facts.opencv_probe import probe_opencv
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.media.index import FrameIndex


def causes_of(path: Path) -> dict[CauseKind, str]:
    with open_video(path) as video:
        found = find_causes(video.info, video.index, probe_opencv(path))
    return {cause.kind: cause.sentence for cause in found}


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("h264.mp4", CauseKind.B_FRAMES, "B-frames"),
        ("h264.mp4", CauseKind.FEW_KEYFRAMES, "4 of 48"),
        ("gop_open.mp4", CauseKind.OPEN_GOP, "GOPs are open"),
        ("vfr.mp4", CauseKind.VARIABLE_RATE, "17 to 400 ms"),
        ("h264.ts", CauseKind.BROKEN_INDEX, "MPEG-TS"),
        ("h264.ts", CauseKind.START_OFFSET, "s, not 0"),
        ("damaged_middle.mp4", CauseKind.DAMAGED, "damaged"),
        ("edit_list_inside_gop.mp4", CauseKind.EDIT_LIST, "edit list"),
    ],
)
def test_clips_show_what_they_were_made_with(
    name: str, kind: CauseKind, words: str, clip: Callable[[str], Path]
) -> None:
    assert words in causes_of(clip(name))[kind]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("raw_hevc.265", CauseKind.NO_TIMESTAMPS),
        ("raw_hevc.265", CauseKind.BROKEN_INDEX),
        ("h264_interlaced_crop.mp4", CauseKind.INTERLACED),
        ("dv_cut.dv", CauseKind.WRONG_COUNT),
        ("h264_bpyramid_gop30.mp4", CauseKind.NEGATIVE_DTS),
    ],
)
def test_real_files_show_theirs(name: str, kind: CauseKind, media_file: Callable[[str], Path]) -> None:
    assert kind in causes_of(media_file(name))


def stamped(plain_clip: Path, *moved: tuple[int, int]) -> FrameIndex:
    """The clip's index with some timestamps set to those of other frames."""
    with open_video(plain_clip) as video:
        pts = video.index.pts.copy()
        for number, other in moved:
            pts[number] = video.index.pts[other] - (number == other)
        return replace(video.index, pts=pts)


def test_no_interval_is_said_to_be_negative(plain_clip: Path) -> None:
    with open_video(plain_clip) as video:
        info = video.info
    for index, words in (
        (stamped(plain_clip, (20, 5)), "(41.67 to 666.7 ms a frame) and 1 frame is not later"),
        (stamped(plain_clip, (47, 46)), "1 frame is not later than the previous frame, so n / fps"),
    ):
        causes = {one.kind: one.sentence for one in find_causes(info, index, probe_opencv(plain_clip))}
        assert words in causes[CauseKind.VARIABLE_RATE]
        assert "-" not in causes[CauseKind.VARIABLE_RATE]


def test_a_plain_file_has_no_grave_ones(clip: Callable[[str], Path]) -> None:
    found = causes_of(clip("mjpeg.mov"))
    assert found.keys() <= {CauseKind.NEGATIVE_DTS, CauseKind.START_OFFSET}


def trial(engine: str = "opencv", complaints: str = "") -> EngineTrial:
    return EngineTrial(engine, engine, "", "1", TrialState.DONE, complaints=complaints)


ALL = tuple(Cause(kind, kind.value) for kind in CauseKind)


def likely(kind: VerdictKind, one: EngineTrial, *causes: Cause) -> CauseKind | None:
    found = likely_cause(one, kind, causes or ALL)
    return None if found is None else found.kind


def test_the_pattern_points_to_the_cause() -> None:
    assert likely(VerdictKind.DRIFTS, trial()) is CauseKind.VARIABLE_RATE
    assert likely(VerdictKind.WRONG_NEAR_KEYFRAMES, trial()) is CauseKind.OPEN_GOP
    assert likely(VerdictKind.OFF_BY_CONSTANT, trial()) is CauseKind.EDIT_LIST
    assert likely(VerdictKind.LANDS_ON_KEYFRAMES, trial()) is CauseKind.FEW_KEYFRAMES
    assert likely(VerdictKind.CANNOT_SEEK, trial()) is CauseKind.DAMAGED
    assert likely(VerdictKind.CANNOT_READ, trial()) is CauseKind.INTERLACED


def test_who_knows_the_times_is_not_misled_by_a_varying_rate() -> None:
    assert likely(VerdictKind.DRIFTS, trial("decord")) is CauseKind.WRONG_COUNT


def test_what_the_library_says_counts_most() -> None:
    words = "Cannot convert interlaced to progressive frames"
    assert likely(VerdictKind.UNSTABLE, trial(complaints=words)) is CauseKind.INTERLACED


def test_no_property_is_no_cause() -> None:
    few = Cause(CauseKind.FEW_KEYFRAMES, "")
    assert likely(VerdictKind.UNSTABLE, trial(), few) is None
