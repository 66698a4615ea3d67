"""The fragments' promise over real files: what FFV1 gives back is what a sequential decode shows."""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from framescope import open_video
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import SplitSettings, split
from framescope.core.media.index_builder import Counting
from tests.clips.real_media import real_media_rows
from tests.clips.truth import decode_in_sequence, digest_of_av_frame
from tests.contract.checks import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FULL = "FRAMESCOPE_FULL_FRAGMENTS"
"""Set to 1, every frame of every real file is split and compared; that takes some minutes."""

COVERS_ONLY = {"covers_two.m4a", "cover_itunes.m4a"}
GATE = {
    "h264_10bit.mp4": "10 bit",
    "h264_9bit.mkv": "9 bit",
    "h264_yuv422.mp4": "4:2:2",
    "h264_yuv444.mkv": "4:4:4",
    "dv_interlaced.mov": "4:1:1, interlaced",
    "indeo4.avi": "4:1:0",
    "svq1_190x240.mov": "4:1:0 of a width that does not divide",
    "vp9_440.webm": "4:4:0",
    "anim.gif": "palette, decoded as BGRA",
    "huffyuv.avi": "BGR0",
    "cinepak_dropped.avi": "RGB24",
    "qtrle_alpha.mov": "ARGB",
    "jpeg2000.mov": "RGBA",
    "mkv_tiny_raw_2x2.mkv": "2 by 2 grey pixels",
    "tiny_10x12.mp4": "4:4:4 of the whole range, 10 by 12",
}
"""Real files whose pixels FFV1 holds, or does not hold, as they are; a few frames of each for the gate."""

ROWS = {row["file"]: row for row in real_media_rows()}
IS_FULL = os.environ.get(FULL) == "1"
FRAMES, RUN = (None, 30) if IS_FULL else (4, 3)

if not ROWS:
    pytest.skip("no real media: set FRAMESCOPE_MEDIA to a folder of real files", allow_module_level=True)


def is_video(row: dict[str, str]) -> bool:
    decoded = row["n_pyav_decode"]
    return row["file"] not in COVERS_ONLY and decoded.isdigit() and int(decoded) > 0


NAMES = sorted(name for name, row in ROWS.items() if is_video(row)) if IS_FULL else sorted(GATE)


@pytest.mark.timeout(1800 if IS_FULL else 180)
@pytest.mark.parametrize("name", NAMES)
def test_ffv1_round_trip(name: str, media_file: Callable[[str], Path], tmp_path: Path) -> None:
    path = media_file(name)
    settings = SplitSettings(Grid(2, 2), RunRule(length=RUN), FragmentCodec.FFV1, most_frames=FRAMES)
    counting = Counting.DECODE if IS_FULL else Counting.AUTO
    with open_video(path, use_index_cache=False, cache_bytes=1, counting=counting) as video:
        stream_index = video.info.stream_index
        manifest = split(video, tmp_path / "store", settings).manifest
    assert manifest.is_lossless
    compared = 0
    with open_video(tmp_path / "store", cache_bytes=1) as joined:
        truth = islice(decode_in_sequence(path, stream_index=stream_index), FRAMES)
        for number, true in enumerate(truth):
            frame = joined.frame(number)
            assert digest_of(frame) == digest_of_av_frame(true), f"frame {number}"
            assert frame.pts == true.pts
            compared += 1
        assert compared == len(joined)
