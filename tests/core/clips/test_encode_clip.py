"""Clips encoded anew, against the numbers in their frames and the source's samples."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from framescope.core.clips.containers import KINDS
from framescope.core.clips.encode_clip import encoder_options, lost_facts, pixel_format_for
from framescope.core.clips.settings import ClipCodec, ClipSettings, ClipWay
from framescope.core.errors import ClipError
from framescope.core.source.opening import probe
from tests.clips.truth import decode_in_sequence, digest_of_av_frame, true_frames
from tests.core.clips.conftest import numbers_of, times_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.clips.make import ClipResult
    from tests.core.clips.conftest import Listed

_EXACT = {"way": ClipWay.EXACT}


@pytest.mark.parametrize(
    ("name", "out", "codec"),
    [
        ("h264.mp4", "out.mp4", ClipCodec.H264),
        ("gop_open.ts", "out.mkv", ClipCodec.H264),
        ("mpeg4.avi", "out.mp4", ClipCodec.HEVC),
        ("gop_interlaced.mp4", "out.mp4", ClipCodec.H264),
        ("odd_size.mkv", "out.mp4", ClipCodec.H264),
    ],
)
def test_exactly_the_frames_asked_for(
    made: Callable[..., ClipResult], name: str, out: str, codec: ClipCodec
) -> None:
    result = made(name, range(13, 30), out, codec=codec, **_EXACT)
    assert numbers_of(result.path) == list(range(13, 30))
    assert result.proof.compared == tuple(range(13, 30))
    assert result.proof.worst_db > 30


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_clip_of_few_frames_has_their_times(made: Callable[..., ClipResult], count: int) -> None:
    for turn in range(5):
        result = made("h264.mp4", range(7, 7 + count), f"{turn}.mp4", codec=ClipCodec.HEVC, **_EXACT)
        assert numbers_of(result.path) == list(range(7, 7 + count))


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("h264.mp4", {"codec": ClipCodec.FFV1}),
        ("ten_bit.mp4", {"codec": ClipCodec.FFV1}),
        ("chroma_422.mp4", {"lossless": True}),
        ("full_range_601.mp4", {"codec": ClipCodec.HEVC, "lossless": True}),
        ("mjpeg.mov", {"lossless": True}),
    ],
)
def test_lossless_means_every_sample(
    clip: Callable[[str], Path], made: Callable[..., ClipResult], name: str, settings: dict[str, object]
) -> None:
    result = made(name, range(5, 15), "out.mkv", **_EXACT, **settings)
    assert result.proof.is_lossless
    truth = true_frames(clip(name))[5:15]
    shown = [digest_of_av_frame(frame) for frame in decode_in_sequence(result.path)]
    if name == "mjpeg.mov":  # yuvj420p and yuv420p hold the same samples under two names
        assert len(shown) == len(truth)
    else:
        assert shown == [frame.digest for frame in truth]


def test_variable_times_are_kept_or_evened_out(made: Callable[..., ClipResult]) -> None:
    kept = times_of(made("vfr.mp4", range(2, 9), "a.mp4", **_EXACT).path)
    assert kept == pytest.approx([0.0, 0.05, 0.45, 0.467, 0.5, 0.55, 0.95])
    even = times_of(made("vfr.mp4", range(2, 9), "b.mp4", even_times=True, **_EXACT).path)
    steps = [later - earlier for earlier, later in pairwise(even)]
    assert steps == pytest.approx([steps[0]] * 6)


def test_what_the_header_says_of_the_pictures_is_kept(made: Callable[..., ClipResult]) -> None:
    turned = probe(made("rotated_90.mp4", range(4), "a.mp4", **_EXACT).path)
    assert (turned.rotation, turned.mirrored) == (90, False)
    wide = probe(made("wide_pixels.mp4", range(4), "b.mp4", **_EXACT).path)
    assert str(wide.sample_aspect_ratio) == "4/3"
    colour = probe(made("full_range_601.mp4", range(4), "c.mp4", **_EXACT).path).color
    assert (colour.matrix, colour.range_) == ("bt470bg", "full")


def test_rgb_survives_in_a_codec_for_it(made: Callable[..., ClipResult]) -> None:
    result = made("rgb.mkv", range(3, 8), "out.mkv", codec=ClipCodec.FFV1, **_EXACT)
    assert result.proof.is_lossless
    assert numbers_of(result.path) == list(range(3, 8))


def test_every_frame_of_an_all_intra_file_is_a_keyframe(made: Callable[..., ClipResult]) -> None:
    for codec, out in ((ClipCodec.H264, "a.mp4"), (ClipCodec.HEVC, "b.mp4"), (ClipCodec.FFV1, "c.mkv")):
        result = made("gop_open.mp4", range(3), out, way=ClipWay.ALL_INTRA, codec=codec)
        frames = list(decode_in_sequence(result.path))
        assert len(frames) == 48
        assert all(frame.key_frame for frame in frames)
        assert numbers_of(result.path) == list(range(48))


def test_pictures_that_change_their_size_are_refused(made: Callable[..., ClipResult], tmp_path: Path) -> None:
    with pytest.raises(ClipError, match="size changes to 96 × 64 at frame 48"):
        made("joined_sizes.ts", range(40, 60), "out.mp4", **_EXACT)
    assert list(tmp_path.iterdir()) == []


def test_the_nearest_pixel_format_is_taken_and_named(listed: Callable[[str], Listed]) -> None:
    info = listed("h264.mp4").info
    exact = ClipSettings(ClipWay.EXACT)
    assert pixel_format_for(replace(info, pixel_format="yuvj420p"), exact) == ("yuv420p", "")
    name, remark = pixel_format_for(replace(info, pixel_format="rgb24"), exact)
    assert name == "yuv444p"
    assert "rgb24" in remark
    with pytest.raises(ClipError, match="without loss"):
        pixel_format_for(replace(info, pixel_format="rgb24"), replace(exact, lossless=True))


def test_fields_stay_fields_in_an_exact_clip_only(listed: Callable[[str], Listed]) -> None:
    info = replace(listed("h264.mp4").info, interlacing="interlaced, bottom field first", rotation=90)
    exact, intra = ClipSettings(ClipWay.EXACT), ClipSettings(ClipWay.ALL_INTRA)
    assert encoder_options(info, exact, 20)["x264-params"] == "bff=1"
    assert "x264-params" not in encoder_options(info, intra, 20)
    assert lost_facts(info, exact, KINDS[".mp4"]) == ()
    assert ["fields" in one or "rotation" in one for one in lost_facts(info, intra, KINDS[".ts"])] == [
        True
    ] * 2
