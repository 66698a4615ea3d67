"""Stream copies, against the source's own sequential decode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.clips.settings import ClipWay
from framescope.core.source.opening import probe
from tests.clips.truth import decode_in_sequence, digest_of_av_frame, true_frames
from tests.core.clips.conftest import times_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.clips.make import ClipResult


@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("h264.mp4", "out.mp4"),
        ("h264.mp4", "out.mkv"),
        ("h264.mp4", "out.ts"),
        ("h264.ts", "out.mp4"),
        ("h264.avi", "out.mkv"),
        ("h264.h264", "out.mp4"),
        ("gop_open.ts", "out.mp4"),
        ("gop_hevc_open.mp4", "out.mov"),
        ("gop_pyramid.mp4", "out.mp4"),
        ("gop_mpeg2_interlaced.ts", "out.ts"),
        ("gop_vp8_hidden_altref.webm", "out.webm"),
        ("vp9.webm", "out.mkv"),
        ("vfr.mp4", "out.mp4"),
        ("negative_start.mkv", "out.mkv"),
        ("mjpeg.mov", "out.mov"),
        ("lost_packets.mkv", "out.mkv"),
    ],
)
def test_the_copy_shows_what_was_announced_sample_by_sample(
    clip: Callable[[str], Path], made: Callable[..., ClipResult], name: str, out: str
) -> None:
    result = made(name, range(14, 31), out)
    truth = [frame.digest for frame in true_frames(clip(name))]
    frames = result.plan.frames
    shown = [digest_of_av_frame(frame) for frame in decode_in_sequence(result.path)]
    assert shown == truth[frames.start : frames.stop]
    assert frames.start <= 14
    assert frames.stop >= 31
    assert result.proof.is_lossless


def test_times_go_along(clip: Callable[[str], Path], made: Callable[..., ClipResult]) -> None:
    result = made("vfr.mp4", range(12, 20), "out.mp4")
    start, stop = result.plan.frames.start, result.plan.frames.stop
    source = times_of(clip("vfr.mp4"))
    assert times_of(result.path) == pytest.approx([time - source[start] for time in source[start:stop]])


def test_there_is_no_edit_list_and_the_index_stands_in_front(made: Callable[..., ClipResult]) -> None:
    data = made("h264.mp4", range(14, 31), "out.mp4").path.read_bytes()
    assert b"elst" not in data
    assert data.index(b"moov") < data.index(b"mdat")


def test_rotation_and_pixel_shape_go_along(made: Callable[..., ClipResult]) -> None:
    assert probe(made("rotated_90.mp4", range(12, 24), "a.mp4").path).rotation == 90
    assert probe(made("rotated_270.mp4", range(12, 24), "b.mkv").path).rotation == 270
    wide = made("wide_pixels.mp4", range(12, 24), "c.mp4").path
    assert str(probe(wide).sample_aspect_ratio) == "4/3"


def test_hidden_pictures_of_an_edit_list_come_first(
    clip: Callable[[str], Path], made: Callable[..., ClipResult]
) -> None:
    result = made("edit_list_inside_gop.mp4", range(3), "out.mp4", way=ClipWay.COPY)
    assert result.plan.copy is not None
    shown = [digest_of_av_frame(frame) for frame in decode_in_sequence(result.path)]
    truth = [frame.digest for frame in true_frames(clip("h264.mp4"))]
    assert shown == truth[: len(shown)]
    assert result.proof.frame_count == len(shown) == len(result.plan.frames) + 5
