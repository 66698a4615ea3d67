"""The header's facts of clips whose facts are known."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import NoVideoStreamError, OpenError
from framescope.core.media.probe import probe
from tests.clips.oddities import ALL_CLIPS, REFUSED_FILES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clips.catalog import Clip
    from tests.clips.oddities import RefusedFile


def test_a_plain_clip(plain_clip: Path) -> None:
    info = probe(plain_clip)
    assert info.source == str(plain_clip)
    assert (info.codec, info.fourcc, info.profile) == ("h264", "avc1", "High")
    assert (info.width, info.height, info.display_width, info.display_height) == (160, 120, 160, 120)
    assert (info.pixel_format, info.bit_depth, info.chroma) == ("yuv420p", 8, "4:2:0")
    assert (info.average_rate, info.frame_count_declared, info.has_b_frames) == (Fraction(24), 48, True)
    assert info.duration_s == pytest.approx(2.0)
    assert info.file_size_bytes == plain_clip.stat().st_size
    assert (info.streams_total, info.stream_index, len(info.video_streams)) == (1, 0, 1)
    assert info.interlacing == "progressive"


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("rotated_90.mp4", {"rotation": 90, "display_width": 160, "display_height": 120}),
        ("rotated_180.mp4", {"rotation": 180}),
        ("rotated_270.mp4", {"rotation": 270, "width": 120, "height": 160}),
        ("wide_pixels.mp4", {"sample_aspect_ratio": Fraction(4, 3), "display_width": 213}),
        ("ten_bit.mp4", {"bit_depth": 10, "chroma": "4:2:0"}),
        ("chroma_422.mp4", {"chroma": "4:2:2"}),
        ("sixteen_bit.mkv", {"chroma": "grey", "bit_depth": 16}),
        ("rgb.mkv", {"chroma": "RGB"}),
        ("h264.ts", {"fourcc": "[27][0][0][0]"}),
        ("h264.h264", {"average_rate": Fraction(25), "duration_s": None}),
        ("mpeg4.avi", {"fourcc": "FMP4"}),
        ("starts_at_10s.ts", {"start_pts": 900000}),
        ("ntsc.mp4", {"average_rate": Fraction(30000, 1001)}),
        ("cover_first.mp4", {"codec": "h264"}),
    ],
)
def test_what_is_special_is_told(name: str, facts: dict[str, object], clip: Callable[[str], Path]) -> None:
    info = probe(clip(name))
    assert {field: getattr(info, field) for field in facts} == facts


@pytest.mark.parametrize(
    ("name", "matrix", "range_used"),
    [
        ("full_range_709.mp4", "bt709", "full"),
        ("limited_range_601.mp4", "smpte170m", "limited"),
        ("full_range_601.mp4", "bt470bg", "full"),
        ("mjpeg.avi", "bt470bg", "full"),
        ("rgb.mkv", "none", "full"),
    ],
)
def test_colour_is_read(name: str, matrix: str, range_used: str, clip: Callable[[str], Path]) -> None:
    color = probe(clip(name)).color
    assert (color.matrix_used, color.range_used) == (matrix, range_used)


def test_interlacing_is_seen(clip: Callable[[str], Path]) -> None:
    assert probe(clip("gop_interlaced.mp4")).interlacing.startswith("interlaced")


@pytest.mark.parametrize("entry", ALL_CLIPS, ids=lambda entry: entry.name)
def test_every_clip_has_facts(entry: Clip, clip: Callable[[str], Path]) -> None:
    info = probe(clip(entry.name))
    assert info.width > 0
    assert info.height > 0
    assert info.time_base > 0
    assert info.stream_reason
    assert info.container_meaning
    assert info.codec_meaning


@pytest.mark.parametrize("entry", REFUSED_FILES, ids=lambda entry: entry.name)
def test_what_is_no_video_is_refused(entry: RefusedFile, refused_file: Callable[[str], Path]) -> None:
    with pytest.raises(entry.error) as caught:
        probe(refused_file(entry.name))
    assert isinstance(caught.value, OpenError)


def test_a_stream_that_is_not_there_is_refused(plain_clip: Path) -> None:
    with pytest.raises(NoVideoStreamError, match="Stream 5"):
        probe(plain_clip, stream_index=5)
