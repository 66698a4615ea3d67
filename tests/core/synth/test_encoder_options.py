"""From settings to FFmpeg's options."""

from __future__ import annotations

from fractions import Fraction

import pytest

from framescope.core.errors import SettingsError
from framescope.core.synth.encoder_options import clip_format, encoder_options, ticks_of
from framescope.core.synth.make_settings import MakeSettings


def test_gops_are_what_was_asked_for() -> None:
    options = encoder_options(MakeSettings(gop=12, b_frames=3, open_gop=True))
    assert (options["g"], options["bf"], options["x264-params"]) == ("12", "3", "open-gop=1")
    intra = encoder_options(MakeSettings(all_intra=True, b_frames=3))
    assert (intra["g"], intra["bf"]) == ("1", "0")


@pytest.mark.parametrize(
    ("codec", "container", "option", "best", "worst"),
    [
        ("h264", "mp4", "crf", "0", "51"),
        ("av1", "mp4", "crf", "4", "63"),
        ("mpeg4", "avi", "global_quality", "236", "3658"),
    ],
)
def test_quality_is_put_into_the_encoders_figure(
    codec: str, container: str, option: str, best: str, worst: str
) -> None:
    for quality, figure in ((100, best), (0, worst)):
        settings = MakeSettings(codec=codec, container=container, quality=quality)
        assert encoder_options(settings)[option] == figure
    free = MakeSettings(codec=codec, container=container, quality=None, bit_rate=500_000)
    assert option not in encoder_options(free)
    assert clip_format(free, (64, 48)).bit_rate == 500_000


def test_timestamps_are_rounded_to_the_containers_unit() -> None:
    times = (0.5, 0.5 + 1 / 3, 1.9)
    assert ticks_of(MakeSettings(timestamps_s=times)) == (0, 30_000, 126_000)
    assert ticks_of(MakeSettings(timestamps_s=times, container="mkv")) == (0, 333, 1400)
    assert clip_format(MakeSettings(timestamps_s=times), (64, 48)).time_base == Fraction(1, 90_000)


def test_timestamps_that_a_container_cannot_tell_are_refused() -> None:
    near = (0.0, 0.0004)
    with pytest.raises(SettingsError, match="Frames 0 and 1"):
        ticks_of(MakeSettings(timestamps_s=near, container="mkv"))
    with pytest.raises(SettingsError, match="AVI has no timestamps"):
        ticks_of(MakeSettings(timestamps_s=near, codec="mpeg4", container="avi"))


def test_odd_sizes_are_refused_where_the_encoder_would() -> None:
    with pytest.raises(SettingsError, match="65 × 47") as caught:
        clip_format(MakeSettings(), (65, 47))
    assert "66 × 48" in caught.value.hint
    assert clip_format(MakeSettings(pixel_format="yuv444p"), (65, 47)).width == 65


def test_h265_in_mp4_is_stored_as_apple_reads_it() -> None:
    assert clip_format(MakeSettings(codec="hevc"), (64, 48)).fourcc == "hvc1"
    assert clip_format(MakeSettings(codec="hevc", container="mkv"), (64, 48)).fourcc == ""


def test_x265_gets_one_frame_thread_where_a_video_may_have_one_frame() -> None:
    # Rehearsals and videos of one or two frames are made without B-frames.
    few = encoder_options(MakeSettings(codec="hevc", b_frames=0))
    assert few["x265-params"].endswith(":frame-threads=1")
    assert "frame-threads" not in encoder_options(MakeSettings(codec="hevc", b_frames=2))["x265-params"]
