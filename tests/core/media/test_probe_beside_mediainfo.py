"""Every fact of a probe beside MediaInfo's of the same file: a disagreement is explained here, or a fault."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import av
import pytest

from framescope.core.errors import FrameScopeError
from framescope.core.media.facts.measured import measure
from framescope.core.media.index_builder import Counting, build_index
from framescope.core.media.probe import probe
from tests.clips.real_media import NEEDS_FIELD_ORDER, real_media_rows

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo

_PROGRAM = shutil.which("mediainfo")
pytestmark = pytest.mark.skipif(_PROGRAM is None, reason="MediaInfo is not installed")

_ROUNDED = "MediaInfo divides milliseconds; FFmpeg finds the rate that was rounded"
_PICTURES = "MediaInfo counts pictures, those without a reference at the start as well"
_SOUND = "ours is the longest stream's, as FFmpeg has no length of the video alone"
_CHOPPED = "MediaInfo divides the length of the file by the frames of a rate that is not the stream's"
_EXPLAINED: dict[tuple[str, str], str] = {
    ("h264_first_pts_10s.mp4", "duration"): "MediaInfo counts from 0; the first frame comes at 10 s",
    ("h264_first_pts_10s.mp4", "frames"): "MediaInfo multiplies its 14 s by the rate; there are 120 frames",
    ("vp9_8x8.webm", "rate"): _ROUNDED,
    (
        "vp8_size_change.webm",
        "rate",
    ): _ROUNDED,
    ("vp9_small_248.webm", "rate"): _ROUNDED,
    (
        "mpeg1_bbb.mpg",
        "duration",
    ): _PICTURES,
    ("mpeg1_raw.m1v", "duration"): "FFmpeg estimates by the bit rate; a scan measures 14.014 s",
    ("h264_fields_mixed_nal.mp4", "bit rate"): "the five packets over 0.133 s give ours",
    ("mpeg2_in_ogm.ogm", "pixel aspect"): "MediaInfo does not read MPEG-2 inside OGM; its header says 64:45",
    (
        "mpeg2_in_ogm.ogm",
        "duration",
    ): _PICTURES,
    ("cinepak_dropped.avi", "duration"): "MediaInfo counts the index, dropped frames as well",
    ("mpeg2_dvd_still.mpg", "rate"): "it holds one picture: neither is a rate",
    ("mpeg2_dvd_still.mpg", "duration"): _SOUND,
    ("dv_cut.dv", "duration"): "one frame and a piece; FFmpeg divides the bytes by the bit rate",
    ("mpeg2_vob_cut.mpg", "duration"): "MediaInfo counts pictures that are cut off as well",
    ("mpeg4_multitrack.3gp", "bit rate"): "MediaInfo gives the nominal rate of the header; ours is counted",
    ("h264_ref10.avi", "bit rate"): "MediaInfo takes the header's 30 frames; there are 25",
    ("keyindex.flv", "duration"): _SOUND,
    ("te[s]t_ video ' _ .flv", "duration"): _SOUND,
    ("prores_hdr10.mxf", "bits"): "ProRes 422 holds 10 bits; MediaInfo repeats what the MXF claims",
    ("hdr_dovi_p7_two_layers.mp4", "frames"): "MediaInfo leaves out what the edit list does",
    ("hdr_dolby_rot.mov", "frames"): "MediaInfo leaves out what the edit list does",
    ("elst_neg_pts_discard.mov", "duration"): "MediaInfo takes no notice of the edit list, which shows half",
    ("elst_last_b.mov", "duration"): "MediaInfo takes no notice of the edit list",
    ("phone_slowmo.mp4", "bit rate"): _CHOPPED,
    ("rot_and_mirror.mp4", "rotation"): "ours comes after mirroring, MediaInfo names no mirroring",
    ("rot_nan_matrix.mp4", "bit rate"): "ours is declared in the header; the packets give MediaInfo's",
    (
        "start_offset_227ms.mp4",
        "bit rate",
    ): "MediaInfo divides by the edit list's length; the packets give ours",
    (
        "frag_partially.mp4",
        "frames",
    ): "the header's table holds 4, the fragments the rest",
    (
        "truncated_displaymatrix.mov",
        "pixel aspect",
    ): "FFmpeg takes it from the track's size",
    ("ts_pts_wrap.ts", "duration"): _SOUND,
    ("mkv_vobsub.mkv", "duration"): _SOUND,
    ("bad_no_data.mp4", "rate"): "nearly all packets are cut off; ours is of the header's table",
    ("bad_no_data.mp4", "frames"): "nearly all packets are cut off; ours is of the header's table",
    ("tiny_10x12.mp4", "width"): "MediaInfo turns the picture's sides round; every frame has 10 × 12",
    ("tiny_10x12.mp4", "height"): "MediaInfo turns the picture's sides round; every frame has 10 × 12",
    ("multi_stsd_h264.mp4", "width"): "two sample entries of two sizes; ours is the first one's",
    ("multi_stsd_h264.mp4", "level"): "two sample entries of two levels; ours is the first one's",
    ("mpeg2_d10.mxf", "height"): "32 lines of vertical interval are stored, and decoded, above the 576",
    ("mpeg2_d10.mxf", "pixel aspect"): "MediaInfo takes the 576 lines for 4:3, the stream all 608",
}
"""Who is right where the two disagree, by file and fact."""
_MATRICES = {
    "BT.709": ("bt709",),
    "BT.601": ("smpte170m", "bt470bg"),
    "BT.470 System B/G": ("bt470bg",),
    "BT.2020 non-constant": ("bt2020nc",),
}
_TRANSFERS = {
    "BT.709": ("bt709",),
    "BT.601": ("smpte170m",),
    "PQ": ("smpte2084",),
    "HLG": ("arib-std-b67",),
    "BT.2020 (12-bit)": ("bt2020-12",),
}
_PRIMARIES = {
    "BT.709": ("bt709",),
    "BT.601 NTSC": ("smpte170m",),
    "BT.601 PAL": ("bt470bg",),
    "BT.2020": ("bt2020",),
}
_ORDERS = {"TFF": "top field first", "BFF": "bottom field first"}


def _track(path: Path, info: VideoInfo) -> dict[str, Any] | None:
    """What MediaInfo says of the same stream; None if it knows none."""
    assert _PROGRAM is not None
    done = subprocess.run(
        [_PROGRAM, "--Output=JSON", str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    tracks = (json.loads(done.stdout).get("media") or {"track": []})["track"]
    videos: list[dict[str, Any]] = [one for one in tracks if one["@type"] in {"Video", "Image"}]
    same = [one for one in videos if one.get("StreamOrder", "").split("-")[-1] == str(info.stream_index)]
    found = same or (videos if len(videos) == 1 else [])
    return found[0] if found else None


def _disagreements(path: Path, info: VideoInfo, said: dict[str, Any]) -> dict[str, str]:
    """Facts that both state, and state otherwise."""
    pairs: dict[str, tuple[object, object, bool]] = {}

    def compare(fact: str, ours: object, theirs: object, *, agree: bool) -> None:
        if ours not in (None, "", 0, "unspecified", "not declared", "unknown") and theirs not in (None, ""):
            pairs[fact] = ours, theirs, agree

    def near(ours: float | Fraction | None, name: str, leeway: float) -> bool:
        return ours is None or name not in said or abs(float(ours) - float(said[name])) <= leeway

    compare("width", info.width, said.get("Width"), agree=str(info.width) == said.get("Width"))
    compare("height", info.height, said.get("Height"), agree=str(info.height) == said.get("Height"))
    compare(
        "pixel aspect",
        info.sample_aspect_ratio,
        said.get("PixelAspectRatio"),
        agree=near(info.sample_aspect_ratio, "PixelAspectRatio", 0.002),
    )
    turned = round(float(said.get("Rotation", 0)))
    pairs["rotation"] = info.rotation, turned, info.rotation == turned
    compare("bits", info.bit_depth, said.get("BitDepth"), agree=str(info.bit_depth) == said.get("BitDepth"))
    compare(
        "chroma",
        info.chroma,
        said.get("ChromaSubsampling"),
        agree=info.chroma == said.get("ChromaSubsampling"),
    )
    level = said.get("Format_Level")
    compare("level", info.level_name, level, agree=info.level_name.removesuffix(".0") == level)
    scan = said.get("ScanType")
    is_interlaced = scan in {"Interlaced", "MBAFF"}
    compare("scan", info.interlacing, scan, agree=info.interlacing.startswith("interlaced") == is_interlaced)
    order = said.get("ScanOrder")
    compare("field order", info.interlacing, order, agree=_ORDERS.get(str(order), "?") in info.interlacing)
    for fact, ours, name, names in (
        ("matrix", info.color.matrix, "matrix_coefficients", _MATRICES),
        ("transfer", info.color.transfer, "transfer_characteristics", _TRANSFERS),
        ("primaries", info.color.primaries, "colour_primaries", _PRIMARIES),
        ("range", info.color.range_, "colour_range", {"Limited": ("limited",), "Full": ("full",)}),
    ):
        compare(fact, ours, said.get(name), agree=ours in names.get(str(said.get(name)), ()))
    rate = said.get("FrameRate")
    rates = (info.average_rate, info.base_rate)
    if said.get("FrameRate_Mode") != "VFR":
        agree = any(one is not None and near(one, "FrameRate", 0.002 * float(one)) for one in rates)
        compare("rate", info.average_rate or info.base_rate, rate, agree=agree)
    original = said.get("FrameRate_Original")
    if original is not None:
        agree = info.rate_in_stream is not None and near(info.rate_in_stream, "FrameRate_Original", 0.002)
        compare("rate in stream", info.rate_in_stream, original, agree=agree)
    frame_s = 1 / float(info.average_rate or info.base_rate or 25)
    compare(
        "duration",
        info.duration_s,
        said.get("Duration"),
        agree=near(info.duration_s, "Duration", 1.5 * frame_s),
    )
    count = said.get("FrameCount")
    compare("frames", info.frame_count_declared, count, agree=str(info.frame_count_declared) == count)
    timecode = said.get("TimeCode_FirstFrame")
    compare("timecode", info.timecode_start, timecode, agree=info.timecode_start == timecode)
    if "BitRate" in said and pairs.get("duration", (0, 0, True))[2] and _counts_bytes(path, info, said):
        bit_rate = info.bit_rate or measure(build_index(info, counting=Counting.PACKETS)).bit_rate
        agree = near(bit_rate, "BitRate", 0.03 * float(said["BitRate"]))
        compare("bit rate", bit_rate, said["BitRate"], agree=agree)
    return {fact: f"{ours} against {theirs}" for fact, (ours, theirs, agree) in pairs.items() if not agree}


def _counts_bytes(path: Path, info: VideoInfo, said: dict[str, Any]) -> bool:
    """Whether MediaInfo counted the stream's bytes. Often it estimates them from the file's size."""
    with av.open(str(path)) as container:
        stream = next(one for one in container.streams.video if one.index == info.stream_index)
        total = sum(packet.size for packet in container.demux(stream))
    return abs(int(said.get("StreamSize", 0)) - total) <= 0.01 * total


@NEEDS_FIELD_ORDER
@pytest.mark.parametrize("name", [row["file"] for row in real_media_rows()])
def test_every_fact_is_what_mediainfo_says_or_explained(name: str, media_folder: Path) -> None:
    path = media_folder / name
    try:
        info = probe(path)
    except FrameScopeError:
        return
    said = _track(path, info)
    if said is None:
        return
    unexplained = {
        fact: words
        for fact, words in _disagreements(path, info, said).items()
        if (name, fact) not in _EXPLAINED
    }
    assert not unexplained
