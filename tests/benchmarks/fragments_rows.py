"""Rows about fragments: bytes read for a quarter of the picture and one run, the pictures checked."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from framescope.core.fragments.account import split_undivided
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.join import JoinRequest, join
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import SplitSettings, split
from framescope.core.fragments.touch import quarter_of, stream_bytes
from framescope.core.media.picture.planes import frame_planes
from framescope.core.source.opening import open_video
from tests.benchmarks.report import OURS, Measure, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.bench import Bench

FILE, STREAM = "undivided file", "one stream"
_CLIP = "H.264 GOP 30"
_RUN = 30
_THIRD = 1 / 3
_LEAST_PSNR = 32.0


def fragments(bench: Bench) -> Iterator[Row]:
    """The middle quarter of the picture for one run, from 4 × 4 tiles × 30 frames of H.264."""
    path, group = bench.paths[_CLIP], "A quarter of the picture for one run of 30 frames, kB read"
    count = 90 if bench.quick else 300
    settings = SplitSettings(Grid(4, 4), RunRule(length=_RUN), FragmentCodec.H264, most_frames=count)
    with (
        tempfile.TemporaryDirectory(prefix="framescope-benchmark-") as name,
        open_video(path, use_index_cache=False, cache_bytes=1) as video,
    ):
        store, whole = Path(name, "store"), Path(name, "whole")
        split(video, store, settings)
        stream = split_undivided(video, whole, settings).manifest
        region = quarter_of(video.info.width, video.info.height)
        middle = count // 2 // _RUN * _RUN
        frames = range(middle, middle + _RUN)
        out = Path(name, "region.mkv")
        result = join(store, out, JoinRequest(region, frames))
        rows, columns = slice(region.y, region.bottom), slice(region.x, region.right)
        wrong = 0
        with av.open(str(out)) as joined:
            for number, shown in zip(frames, joined.decode(video=0), strict=True):
                true = video.frame(number).planes()[0][rows, columns]
                wrong += _psnr(true, frame_planes(shown)[0]) < _LEAST_PSNR
        index = video.index
        packets = index.packet_sizes[index.packet_numbers[frames.start : frames.stop]]
        ours = Measure(result.bytes_read / 1000, result.bytes_read / 1000, wrong, len(frames))
        # The clip has a keyframe at the run's first frame, so that its packets are all it takes.
        own = float(packets.sum()) / 1000
        one = stream_bytes(stream, frames) / 1000
        note = f"{result.fragments_read} fragments read; {_CLIP} has a keyframe where the run begins."
        for title, peer, value in ((f"{_CLIP}, its own packets", FILE, own), ("same quality", STREAM, one)):
            measures = {OURS: ours, peer: Measure(value, value, 0, 1)}
            yield Row(group, title, measures, unit="kB", goal=_THIRD, against=(peer,), notes=[note])


def _psnr(true: np.ndarray, shown: np.ndarray) -> float:
    error = float(((true.astype(np.float64) - shown) ** 2).mean())
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))
