"""Every clip the tests know, by name: how to write it and which numbers its frames carry."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.clips.encoding import Encoding, write_clip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Clip:
    """One clip.

    Attributes:
        name: File name with suffix.
        write: Writes it to a path; the second argument gives the path of another clip by name.
        numbers: Numbers drawn into the frames, in presentation order; None if pixels carry none or
            damage makes it uncertain.
        traits: Words to choose clips by.
    """

    name: str
    write: Callable[[Path, Callable[[str], Path]], None]
    numbers: tuple[int, ...] | None
    traits: frozenset[str] = field(default_factory=frozenset)


def _x264(*, gop: int = 12, b_frames: int = 2, more: str = "", **options: str) -> dict[str, str]:
    params = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes={b_frames}:b-adapt=0:threads=1:{more}"
    return {"preset": "veryfast", "crf": "23", "x264-params": params.rstrip(":"), **options}


def _x265(*, gop: int = 12, more: str = "") -> dict[str, str]:
    params = f"log-level=none:keyint={gop}:min-keyint={gop}:scenecut=0:pools=none:frame-threads=1:{more}"
    return {"preset": "ultrafast", "crf": "24", "x265-params": params.rstrip(":")}


H264 = Encoding(options=_x264())
SMALL_H264 = replace(H264, width=96, height=64, frames=24)
HEVC = Encoding(codec="libx265", options=_x265(more="open-gop=0:bframes=3"))
VP9 = Encoding(codec="libvpx-vp9", options={"deadline": "realtime", "cpu-used": "8", "b": "300k", "g": "16"})
MPEG2 = Encoding(codec="mpeg2video", options={"g": "12", "bf": "2", "q:v": "3", "b": "2M"})
MPEG4 = Encoding(codec="mpeg4", options={"g": "12", "bf": "2", "b": "1M"})
MJPEG = Encoding(codec="mjpeg", pixel_format="yuvj420p", is_full_range=True, matrix=5, options={"b": "4M"})

_MS = Fraction(1, 1000)


def _encoded(encoding: Encoding) -> Callable[[Path, Callable[[str], Path]], None]:
    return lambda path, _source: write_clip(path, encoding)


def encoded_clip(name: str, encoding: Encoding, *traits: str) -> Clip:
    """A clip that an encoder and a muxer make without further ado."""
    carries = encoding.width >= 64 and encoding.height >= 48
    numbers = tuple(range(encoding.frames)) if carries else None
    return Clip(name, _encoded(encoding), numbers, frozenset({"encoded", *traits}))


def _vfr_ms(number: int) -> int:
    """Steps of 17, 33, 50 and 400 ms in turn."""
    return number // 4 * 500 + (0, 17, 50, 100)[number % 4]


CODECS_AND_CONTAINERS = (
    encoded_clip("h264.mp4", H264, "plain"),
    encoded_clip("h264.mkv", H264, "plain"),
    encoded_clip("h264.mov", H264),
    encoded_clip("h264.ts", H264),
    encoded_clip("h264.flv", H264),
    encoded_clip("h264.avi", H264, "no pts"),
    encoded_clip("h264.h264", H264, "raw"),
    encoded_clip(
        "h264_fragmented.mp4", replace(H264, container_options={"movflags": "frag_keyframe+empty_moov"})
    ),
    encoded_clip("h264_faststart.mp4", replace(H264, container_options={"movflags": "faststart"})),
    encoded_clip("hevc.mp4", HEVC),
    encoded_clip("hevc.mkv", HEVC),
    encoded_clip("hevc.ts", HEVC),
    encoded_clip("hevc.hevc", HEVC, "raw"),
    encoded_clip("mpeg4.mp4", MPEG4),
    encoded_clip("mpeg4.avi", MPEG4, "no pts"),
    encoded_clip("mpeg4.mkv", MPEG4),
    encoded_clip("mpeg2.ts", MPEG2),
    encoded_clip("mpeg2.mpg", MPEG2),
    encoded_clip("mpeg2.m2v", MPEG2, "raw"),
    encoded_clip("mpeg2.mkv", MPEG2),
    encoded_clip("mpeg1.mpg", replace(MPEG2, codec="mpeg1video")),
    encoded_clip("vp8.webm", replace(VP9, codec="libvpx")),
    encoded_clip("vp9.webm", VP9),
    encoded_clip("vp9.mp4", VP9),
    encoded_clip(
        "av1.mp4",
        Encoding(
            codec="libsvtav1", options={"preset": "12", "crf": "40", "g": "16", "svtav1-params": "lp=1"}
        ),
    ),
    encoded_clip(
        "av1.mkv",
        Encoding(
            codec="libsvtav1", options={"preset": "12", "crf": "40", "g": "16", "svtav1-params": "lp=1"}
        ),
    ),
    encoded_clip("mjpeg.avi", MJPEG, "all intra"),
    encoded_clip("mjpeg.mov", MJPEG, "all intra"),
    encoded_clip("ffv1.mkv", Encoding(codec="ffv1", options={"g": "1"}), "all intra"),
    encoded_clip("ffv1.avi", Encoding(codec="ffv1", options={"g": "12"})),
    encoded_clip(
        "prores.mov", Encoding(codec="prores_ks", pixel_format="yuv422p10le", frames=24), "all intra"
    ),
    encoded_clip("rawvideo.avi", Encoding(codec="rawvideo", frames=12), "all intra"),
    encoded_clip("utvideo.avi", Encoding(codec="utvideo", frames=24), "all intra"),
    encoded_clip("qtrle.mov", Encoding(codec="qtrle", pixel_format="rgb24", frames=24)),
    encoded_clip("wmv2.asf", Encoding(codec="wmv2", options={"g": "12", "b": "1M"})),
    encoded_clip("flv1.flv", Encoding(codec="flv", options={"g": "12", "b": "1M"})),
    encoded_clip("gif.gif", Encoding(codec="gif", pixel_format="rgb8", frames=24)),
    encoded_clip("png.mov", Encoding(codec="png", pixel_format="rgb24", frames=12), "all intra"),
)

GOP_SHAPES = (
    encoded_clip("gop_all_intra.mp4", replace(H264, options=_x264(gop=1, b_frames=0)), "all intra"),
    encoded_clip("gop_one_long.mp4", replace(H264, frames=120, options=_x264(gop=9999))),
    encoded_clip("gop_no_b.mp4", replace(H264, options=_x264(b_frames=0))),
    encoded_clip("gop_open.mp4", replace(H264, options=_x264(b_frames=3, more="open-gop=1")), "open gop"),
    encoded_clip("gop_open.mkv", replace(H264, options=_x264(b_frames=3, more="open-gop=1")), "open gop"),
    encoded_clip("gop_open.ts", replace(H264, options=_x264(b_frames=3, more="open-gop=1")), "open gop"),
    encoded_clip("gop_pyramid.mp4", replace(H264, options=_x264(b_frames=5, more="b-pyramid=normal:ref=5"))),
    encoded_clip("gop_pyramid.ts", replace(H264, options=_x264(b_frames=5, more="b-pyramid=normal:ref=5"))),
    encoded_clip("gop_irregular.mp4", replace(H264, frames=90, options={"preset": "veryfast", "g": "40"})),
    encoded_clip(
        "gop_intra_refresh.mp4", replace(H264, frames=72, options=_x264(b_frames=0, more="intra-refresh=1"))
    ),
    encoded_clip(
        "gop_intra_refresh.ts", replace(H264, frames=72, options=_x264(b_frames=0, more="intra-refresh=1"))
    ),
    encoded_clip("gop_hevc_open.mp4", replace(HEVC, options=_x265(more="open-gop=1:bframes=3")), "open gop"),
    encoded_clip("gop_hevc_open.ts", replace(HEVC, options=_x265(more="open-gop=1:bframes=3")), "open gop"),
    encoded_clip(
        "gop_mpeg2_closed.ts",
        replace(MPEG2, options={**MPEG2.options, "flags": "+cgop", "sc_threshold": "1000000000"}),
    ),
    encoded_clip("gop_interlaced.mp4", replace(H264, options=_x264(more="tff=1")), "interlaced"),
    encoded_clip(
        "gop_mpeg2_interlaced.ts",
        replace(MPEG2, options={**MPEG2.options, "flags": "+ildct+ilme"}),
        "interlaced",
    ),
    encoded_clip(
        "gop_vp9_hidden_altref.webm",
        replace(
            VP9,
            frames=64,
            options={
                "deadline": "good",
                "cpu-used": "8",
                "b": "300k",
                "g": "32",
                "auto-alt-ref": "1",
                "lag-in-frames": "16",
            },
        ),
    ),
    encoded_clip(
        "gop_vp8_hidden_altref.webm",
        replace(
            VP9,
            codec="libvpx",
            frames=64,
            options={
                "deadline": "good",
                "cpu-used": "8",
                "b": "300k",
                "g": "32",
                "auto-alt-ref": "1",
                "lag-in-frames": "16",
            },
        ),
    ),
    encoded_clip("gop_one_b.avi", replace(MPEG4, options={**MPEG4.options, "bf": "1"}), "no pts"),
)

TIMING = (
    encoded_clip("vfr.mp4", replace(H264, pts_of=_vfr_ms, time_base=_MS), "vfr"),
    encoded_clip("vfr.mkv", replace(H264, pts_of=_vfr_ms, time_base=_MS), "vfr"),
    encoded_clip("starts_at_10s.mp4", replace(H264, pts_of=lambda n: n + 240), "offset"),
    encoded_clip("starts_at_10s.mkv", replace(H264, pts_of=lambda n: n + 240), "offset"),
    encoded_clip("starts_at_10s.ts", replace(H264, pts_of=lambda n: n + 240), "offset"),
    encoded_clip(
        "negative_start.mkv",
        replace(H264, pts_of=lambda n: n - 30, container_options={"avoid_negative_ts": "disabled"}),
        "offset",
    ),
    encoded_clip(
        "negative_offsets.mp4",
        replace(H264, container_options={"movflags": "negative_cts_offsets", "use_editlist": "0"}),
    ),
    encoded_clip("ntsc.mp4", replace(H264, rate=Fraction(30000, 1001))),
    encoded_clip("ntsc.mkv", replace(H264, rate=Fraction(30000, 1001))),
    encoded_clip(
        "repeated_pts.mkv", replace(H264, rate=Fraction(3000), options=_x264(b_frames=0)), "repeated pts"
    ),
    encoded_clip("live.webm", replace(VP9, container_options={"live": "1"})),
    encoded_clip("one_second_a_frame.mp4", replace(H264, rate=Fraction(1), frames=24)),
)

PICTURES = (
    encoded_clip("full_range_709.mp4", replace(H264, is_full_range=True), "colour"),
    encoded_clip("limited_range_601.mp4", replace(H264, matrix=6), "colour"),
    encoded_clip("full_range_601.mp4", replace(H264, matrix=5, is_full_range=True), "colour"),
    encoded_clip("ten_bit.mp4", replace(H264, pixel_format="yuv420p10le"), "pixel format"),
    encoded_clip("ten_bit_hevc.mkv", replace(HEVC, pixel_format="yuv420p10le"), "pixel format"),
    encoded_clip("chroma_422.mp4", replace(H264, pixel_format="yuv422p"), "pixel format"),
    encoded_clip("chroma_444.mp4", replace(H264, pixel_format="yuv444p"), "pixel format"),
    encoded_clip("chroma_444_10bit.mkv", replace(H264, pixel_format="yuv444p10le"), "pixel format"),
    encoded_clip("grey.mp4", replace(H264, pixel_format="gray"), "pixel format"),
    encoded_clip(
        "rgb.mkv", replace(H264, codec="libx264rgb", pixel_format="rgb24", matrix=0), "pixel format"
    ),
    encoded_clip("nv12_raw.mkv", Encoding(codec="rawvideo", pixel_format="nv12", frames=12), "pixel format"),
    encoded_clip(
        "sixteen_bit.mkv", Encoding(codec="ffv1", pixel_format="gray16le", frames=12), "pixel format"
    ),
    encoded_clip("odd_size.mkv", replace(VP9, width=161, height=121), "size"),
    encoded_clip("rotated_90.mp4", replace(H264, rotation=90), "rotated"),
    encoded_clip("rotated_180.mp4", replace(H264, rotation=180), "rotated"),
    encoded_clip("rotated_270.mp4", replace(H264, rotation=270), "rotated"),
    encoded_clip("wide_pixels.mp4", replace(H264, sample_aspect_ratio=Fraction(4, 3)), "aspect"),
    encoded_clip("narrow_pixels.mkv", replace(H264, sample_aspect_ratio=Fraction(8, 9)), "aspect"),
    encoded_clip("one_frame.mp4", replace(H264, frames=1), "short"),
    encoded_clip("one_frame.webm", replace(VP9, frames=1), "short"),
    encoded_clip("one_frame.gif", Encoding(codec="gif", pixel_format="rgb8", frames=1), "short"),
    encoded_clip("small_h264.ts", SMALL_H264, "size"),
    encoded_clip("two_frames.mp4", replace(H264, frames=2), "short"),
    encoded_clip("two_by_two.mkv", Encoding(codec="ffv1", width=2, height=2, frames=8), "size"),
    encoded_clip("sixteen_k_wide.mkv", Encoding(codec="ffv1", width=16384, height=64, frames=3), "size"),
    encoded_clip("sixteen_k_wide.avi", replace(MJPEG, width=16384, height=64, frames=3), "size"),
)

PLAIN_CLIPS = (*CODECS_AND_CONTAINERS, *GOP_SHAPES, *TIMING, *PICTURES)
