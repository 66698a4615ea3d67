"""Declared facts, against the manifest of real files and against what clips were written with."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.errors import (
    FrameScopeError,
    MissingFileError,
    NoVideoStreamError,
    OpenError,
    UnsupportedMediaError,
)
from framescope.core.media.container import open_container
from framescope.core.media.facts.fourcc import printable_tag
from framescope.core.media.probe import describe, probe
from tests.clips.catalog import H264
from tests.clips.encoding import write_clip
from tests.clips.oddities import REFUSED_FILES
from tests.clips.real_media import decodes_here, real_media_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo
    from tests.clips.oddities import RefusedFile

ROWS = real_media_rows()
VIDEOS = [row for row in ROWS if row["width"] not in {"", "0"} and not row["file"].endswith(".m4a")]
REFUSED = [row for row in ROWS if row not in VIDEOS and not decodes_here(row)]


def ratio(text: str) -> Fraction | None:
    return Fraction(text) if text else None


@pytest.mark.parametrize("row", VIDEOS, ids=lambda row: row["file"])
def test_real_files_are_described_as_the_manifest_says(row: dict[str, str], media_folder: Path) -> None:
    info = probe(str(media_folder / row["file"]), stream_index=int(row["video_stream_index"]))
    assert info.container.split(",")[0] == row["container"]
    assert info.decoder == row["codec"]
    # The manifest leaves trailing zeros of a tag out.
    raw = row["codec_tag"].encode().ljust(4, b"\0") if row["codec_tag"] else bytes(4)
    # FFmpeg puts the stream type of MPEG-TS there, a lone number, which is no FourCC.
    is_stream_type = info.container == "mpegts" and not any(raw[1:])
    assert info.fourcc == ("" if is_stream_type else printable_tag(raw))
    assert not is_stream_type or f"0x{raw[0]:02x}" in info.fourcc_meaning
    assert (info.width, info.height) == (int(row["width"]), int(row["height"]))
    assert info.pixel_format == row["pix_fmt"]
    # The sample entry says 4:3, which the manifest's FFmpeg overlooks.
    aspect = Fraction(4, 3) if row["file"] == "dnxhd_1440_mbaff.mov" else ratio(row["sar"]) or 1
    assert info.sample_aspect_ratio == aspect
    # Of streams without a container the manifest has FFmpeg's default, which nobody declares.
    if row["container"] not in {"h264", "hevc", "mpegvideo"}:
        assert info.average_rate == ratio(row["fps_avg"])
    assert info.base_rate == ratio(row["fps_base"])
    assert info.time_base == ratio(row["time_base"])
    assert info.frame_count_declared == int(row["n_header"])
    assert info.start_pts == (int(row["stream_start_time"]) if row["stream_start_time"] else None)
    assert_rotation(info, row)
    if row["interlaced_frames"]:
        assert info.interlacing.startswith("interlaced") == (int(row["interlaced_frames"]) > 0)
    assert info.codec_meaning
    assert info.fourcc_meaning
    assert info.container_meaning
    assert info.stream_reason


def assert_rotation(info: VideoInfo, row: dict[str, str]) -> None:
    counter_clockwise = int(row["rotation_pyav"] or 0)
    if abs(counter_clockwise) > 360:
        assert (info.rotation, info.mirrored) == (0, False)
    elif info.mirrored:
        # FFmpeg turns first and mirrors then; here it is the other way round, as in EXIF.
        assert (-counter_clockwise) % 360 == (-info.rotation) % 360
    else:
        assert info.rotation == (-counter_clockwise) % 360


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row["file"])
def test_real_files_without_video_are_refused(row: dict[str, str], media_folder: Path) -> None:
    with pytest.raises(OpenError) as caught:
        probe(str(media_folder / row["file"]))
    assert caught.value.hint
    has_other_streams = row["pyav_opens"] == "yes" and row["file"] != "anim.webp"
    assert isinstance(caught.value, NoVideoStreamError) == has_other_streams


@pytest.mark.parametrize(
    ("file", "stream_index"),
    [("mp4_cover_png.mp4", 0), ("mkv_cover_stream.mkv", 0), ("two_video_streams_subs.mp4", 3),
     ("hdr_dovi_p7_two_layers.mp4", 0), ("vc1.mov", 1), ("avif_animated_alpha.avif", 2)],
)  # fmt: skip
def test_the_stream_that_a_person_means_is_taken(
    file: str, stream_index: int, media_file: Callable[[str], Path]
) -> None:
    assert probe(media_file(file)).stream_index == stream_index


@pytest.mark.parametrize("entry", REFUSED_FILES, ids=lambda entry: entry.name)
def test_made_files_without_video_are_refused(
    entry: RefusedFile, refused_file: Callable[[str], Path]
) -> None:
    with pytest.raises(entry.error):
        probe(refused_file(entry.name))


def test_an_mp4_cut_inside_its_index_is_cut_off_not_empty(plain_clip: Path, tmp_path: Path) -> None:
    whole = plain_clip.read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: whole.index(b"moov") + 150])
    with pytest.raises(UnsupportedMediaError, match="truncated"):
        probe(path)


def test_an_ordinary_clip(plain_clip: Path) -> None:
    info = probe(plain_clip)
    assert info.source == str(plain_clip)
    assert (info.codec, info.decoder, info.fourcc) == ("h264", "h264", "avc1")
    assert (info.container_meaning, info.streams_total) == ("MP4, brand “isom”", 1)
    assert info.stream_reason == "It is the only video stream."
    assert (info.width, info.height, info.display_width, info.display_height) == (160, 120, 160, 120)
    assert (info.coded_width, info.coded_height) == (160, 128)
    assert (info.bit_depth, info.chroma) == (8, "4:2:0")
    assert info.has_b_frames
    assert info.average_rate == info.base_rate == 24
    assert info.duration_s == pytest.approx(2.0)
    assert info.frame_count_declared == 48
    assert info.file_size_bytes == plain_clip.stat().st_size
    assert info.bit_rate is not None
    assert [choice.label for choice in info.video_streams] == ["#0 h264 160×120, 24 fps, default"]


@pytest.mark.parametrize(
    ("container", "stream", "told"),
    [
        (Fraction(25), Fraction(30000, 1001), Fraction(30000, 1001)),
        (Fraction(24), Fraction(24000, 1001), Fraction(24000, 1001)),
        (Fraction(25), Fraction(25), None),
        # A unit of times, not a rate of frames.
        (Fraction(25), Fraction(90000), None),
    ],
)
def test_a_rate_that_contradicts_the_container_is_told(
    container: Fraction, stream: Fraction, told: Fraction | None, tmp_path: Path
) -> None:
    path = tmp_path / "rates.mkv"
    step = max(round(stream / container), 1)
    write_clip(path, replace(H264, rate=container, frames=8, pts_of=step.__mul__, time_base=1 / stream))
    info = probe(path)
    assert (info.base_rate, info.rate_in_stream) == (container, told)


@pytest.mark.parametrize(
    ("name", "rotation"), [("rotated_90.mp4", 90), ("rotated_180.mp4", 180), ("rotated_270.mp4", 270)]
)
def test_rotation_is_clockwise_and_the_shown_size_upright(
    name: str, rotation: int, clip: Callable[[str], Path]
) -> None:
    info = probe(clip(name))
    assert (info.rotation, info.mirrored) == (rotation, False)
    assert (info.display_width, info.display_height) == (160, 120)
    assert (info.width, info.height) == ((160, 120) if rotation == 180 else (120, 160))


@pytest.mark.parametrize(
    ("name", "matrix", "used", "range_used"),
    [
        ("full_range_709.mp4", "bt709", "bt709", "full"),
        ("limited_range_601.mp4", "smpte170m", "smpte170m", "limited"),
        ("qtrle.mov", "unspecified", "none", "full"),
        ("mjpeg.mov", "bt470bg", "bt470bg", "full"),
    ],
)
def test_colour_as_signalled_and_as_used(
    name: str, matrix: str, used: str, range_used: str, clip: Callable[[str], Path]
) -> None:
    color = probe(clip(name)).color
    assert (color.matrix, color.matrix_used, color.range_used) == (matrix, used, range_used)


def test_pixels_that_are_not_square(clip: Callable[[str], Path]) -> None:
    wide, narrow = probe(clip("wide_pixels.mp4")), probe(clip("narrow_pixels.mkv"))
    assert (wide.sample_aspect_ratio, wide.display_width, wide.display_height) == (Fraction(4, 3), 213, 120)
    assert (narrow.sample_aspect_ratio, narrow.display_width, narrow.display_height) == (
        Fraction(8, 9),
        160,
        135,
    )


def test_interlaced_video_says_so(clip: Callable[[str], Path]) -> None:
    assert probe(clip("gop_interlaced.mp4")).interlacing.startswith("interlaced")


def test_raw_streams_declare_little_and_are_described(clip: Callable[[str], Path]) -> None:
    info = probe(clip("h264.h264"))
    assert (info.frame_count_declared, info.duration_s, info.bit_rate, info.start_pts) == (
        0,
        None,
        None,
        None,
    )
    assert info.container_meaning == "raw H.264 stream"
    assert info.fourcc == ""


def test_another_stream_can_be_chosen(clip: Callable[[str], Path]) -> None:
    info = probe(clip("two_videos.mp4"))
    other = next(c.stream_index for c in info.video_streams if c.stream_index != info.stream_index)
    chosen = probe(clip("two_videos.mp4"), stream_index=other)
    assert (chosen.stream_index, chosen.stream_reason) == (other, "You chose this stream.")
    with pytest.raises(NoVideoStreamError, match="Stream 9"):
        probe(clip("two_videos.mp4"), stream_index=9)


def test_an_open_container_can_be_described(plain_clip: Path) -> None:
    with open_container(plain_clip) as container:
        assert describe(container, plain_clip) == probe(plain_clip)


def test_every_refusal_is_one_of_ours(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        probe(tmp_path / "none.mp4")
    assert issubclass(MissingFileError, FrameScopeError)


@pytest.mark.parametrize("start", ["01:00:00:00", "00:59:59;28"])
def test_the_timecode_of_the_first_frame_is_found(tmp_path: Path, start: str) -> None:
    path = tmp_path / "timecode.mov"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=Fraction(30000, 1001))
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.metadata["timecode"] = start
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(np.full((72, 64), 40 * number, np.uint8), format="yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert probe(path).timecode_start == start


def test_without_a_timecode_there_is_none(plain_clip: Path) -> None:
    assert probe(plain_clip).timecode_start is None


@pytest.mark.parametrize(
    ("file", "start"),
    [("dv_cut.dv", "00:00:04:24"), ("mpeg2_d10.mxf", "23:58:30:00"), ("prores_hdr10.mxf", "00:01:15;26")],
)
def test_the_timecode_of_a_whole_file_is_found(media_folder: Path, file: str, start: str) -> None:
    assert probe(media_folder / file).timecode_start == start
