"""Contradictions become sentences; agreement says nothing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope import open_video
from framescope.core.media.facts.disagreements import find_disagreements
from framescope.core.media.facts.measured import MeasuredFacts, measure
from framescope.core.media.facts.opencv_probe import probe_opencv
from framescope.core.media.probe import probe
from framescope.core.model.stream_facts import OpenCVFacts, StreamChoice
from tests.clips.real_media import NEEDS_FIELD_ORDER, real_media_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo

SCAN = MeasuredFacts(
    complete=True, frame_count=48, packet_count=48, silent_packets=0, keyframe_count=4, damaged_count=0,
    duration_s=2.0, average_rate=24.0, last_start_s=47 / 24, shortest_step_s=1 / 24, longest_step_s=1 / 24,
    rate_is_constant=True, first_pts=0, bit_rate=1e5, size_bytes=25000, packet_bytes=None,
    has_b_frames=True,
)  # fmt: skip
OPENCV = OpenCVFacts("5.0.0", opened=True, fourcc="h264", fps=24.0, frame_count=48.0, width=160, height=120)


@pytest.fixture(scope="module")
def info(plain_clip: Path) -> VideoInfo:
    return probe(plain_clip)


def sentences(
    info: VideoInfo, scan: MeasuredFacts | None = SCAN, opencv: OpenCVFacts | None = OPENCV
) -> list[str]:
    return [each.sentence for each in find_disagreements(info, scan, opencv)]


def test_agreement_says_nothing(info: VideoInfo) -> None:
    assert sentences(info) == []


def test_nothing_is_contradicted_before_the_scan_is_complete(info: VideoInfo) -> None:
    assert sentences(info, None) == []
    assert sentences(info, replace(SCAN, complete=False, frame_count=3)) == []


def test_a_wrong_count_that_both_repeat_is_said_once(info: VideoInfo) -> None:
    scan = replace(SCAN, frame_count=46, packet_count=46, last_start_s=45 / 24)
    (found,) = find_disagreements(info, scan, OPENCV)
    assert (found.fact, found.declared, found.opencv) == ("frames", True, True)
    assert found.sentence.startswith("Header and OpenCV say 48 frames; 46 can be shown. Only 46 packets")
    assert "do not exist" in found.sentence


def test_packets_without_pictures_explain_a_count(info: VideoInfo) -> None:
    scan = replace(SCAN, frame_count=46, silent_packets=2, last_start_s=45 / 24)
    assert "do not produce a picture" in sentences(info, scan, None)[0]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (50.0, "requests frames that do not exist"),
        (47.0, "misses the last frame."),
        (40.0, "misses the last 8 frames."),
        (-9.2e18, "cannot count the frames (FRAME_COUNT is -9.2e+18); 48 can be shown"),
        (0.0, "cannot count"),
    ],
)
def test_what_opencv_s_count_leads_to(count: float, words: str, info: VideoInfo) -> None:
    (found,) = find_disagreements(info, SCAN, replace(OPENCV, frame_count=count))
    assert words in found.sentence
    assert (found.fact, found.opencv, found.declared) == ("frames", True, False)


def test_a_wrong_rate_is_told_by_where_it_leads(info: VideoInfo) -> None:
    (found,) = find_disagreements(info, SCAN, replace(OPENCV, fps=30.0))
    assert "0.39 s off at the end" in found.sentence
    assert "does not report the frame rate" in sentences(info, SCAN, replace(OPENCV, fps=0.0))[0]


def test_a_declared_rate_that_is_wrong(info: VideoInfo) -> None:
    wrong = replace(info, average_rate=Fraction(30))
    (found,) = find_disagreements(wrong, SCAN, None)
    assert (found.fact, found.declared) == ("rate", True)
    (shared,) = find_disagreements(wrong, SCAN, replace(OPENCV, fps=30.0))
    assert shared.declared
    assert shared.opencv


def test_durations_may_differ_by_the_longest_step(info: VideoInfo) -> None:
    assert sentences(replace(info, duration_s=2.04)) == []
    assert sentences(replace(info, duration_s=3.0))[0].startswith("The header declares 3.000 s")
    uneven = replace(SCAN, longest_step_s=1.5, rate_is_constant=False)
    assert sentences(replace(info, duration_s=3.0), uneven) == []


def test_sizes_may_be_turned_but_not_different(info: VideoInfo) -> None:
    assert sentences(info, SCAN, replace(OPENCV, width=120, height=160)) == []
    assert "320×240" in sentences(info, SCAN, replace(OPENCV, width=320, height=240))[0]


def test_another_stream_is_recognised_and_not_compared(info: VideoInfo) -> None:
    other = StreamChoice(3, "h264", 320, 240, is_cover=False, is_default=False, label="#3")
    both = replace(info, video_streams=(*info.video_streams, other))
    found = sentences(both, SCAN, replace(OPENCV, width=320, height=240, frame_count=5.0, fps=5.0))
    assert found == ["OpenCV reads another video stream of this file (320×240)."]


def test_what_opencv_cannot_open_is_not_compared(info: VideoInfo) -> None:
    assert sentences(info, SCAN, OpenCVFacts("5.0.0", opened=False)) == ["OpenCV cannot open this file."]


def test_kinds_that_one_version_cannot_show(info: VideoInfo) -> None:
    interlaced, av1 = replace(info, interlacing="interlaced, top field first"), replace(info, codec="av1")
    assert "interlaced" in sentences(interlaced)[0]
    assert "AV1" in sentences(av1)[0]
    assert sentences(interlaced, SCAN, replace(OPENCV, version="5.3.0")) == []


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("mpeg4_dropped_frames.avi", "Header and OpenCV say 98 frames; 96 can be shown."),
        (
            "elst_neg_pts_discard.mov",
            "say 30 frames; 15 can be shown. The other packets do not produce a picture",
        ),
        ("keyindex.flv", "OpenCV says 73 frames; 71 can be shown."),
        pytest.param(
            "dv_interlaced.mov", "interlaced video as black or random pixels", marks=NEEDS_FIELD_ORDER
        ),
    ],
)
def test_real_files(file: str, words: str, media_file: Callable[[str], Path]) -> None:
    path = media_file(file)
    with open_video(path, use_index_cache=False) as video:
        found = sentences(video.info, measure(video.index), probe_opencv(path))
    assert any(words in sentence for sentence in found), found


@NEEDS_FIELD_ORDER
def test_what_is_called_interlaced_is_what_opencv_could_not_show(media_folder: Path) -> None:
    """The manifest's OpenCV pictures are invalid exactly where the probe says interlaced."""
    for row in real_media_rows():
        if row["width"] in {"", "0"}:
            continue
        info = probe(media_folder / row["file"], stream_index=int(row["video_stream_index"]))
        assert info.interlacing.startswith("interlaced") == ("INVALID" in row["cv2_pictures"]), row["file"]
