"""The statistics of frames are those of FFmpeg's signalstats, and of arithmetic on the decoded planes."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

import av
import av.filter
import numpy as np
import pytest

from framescope.core.errors import Cancelled
from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import open_video
from framescope.core.statistics.measure import measure_statistics, statistics_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("name", ["h264.mp4", "ten_bit.mp4", "chroma_422.mp4", "gop_open.ts"])
def test_they_are_those_of_the_planes(name: str, clip: Callable[[str], Path]) -> None:
    with open_video(clip(name)) as video:
        measured = measure_statistics(video)
        assert len(measured) == len(video)
        before = None
        for frame in video:
            luma, blue, red = (plane.astype(float) for plane in frame.planes())
            bits = 10 if "10" in frame.picture.pixel_format else 8
            number, grey = frame.frame_number, 1 << (bits - 1)
            assert measured.luma_mean[number] == pytest.approx(luma.mean(), rel=1e-6)
            assert (measured.luma_min[number], measured.luma_max[number]) == (luma.min(), luma.max())
            saturation = np.hypot(blue - grey, red - grey).mean()
            assert measured.saturation[number] == pytest.approx(saturation, rel=1e-5)
            if before is None:
                assert math.isnan(measured.difference[number])
            else:
                assert measured.difference[number] == pytest.approx(abs(luma - before).mean(), rel=1e-5)
                error = ((luma - before) ** 2).mean()
                psnr_db = 10 * math.log10(((1 << bits) - 1) ** 2 / error) if error else math.inf
                assert measured.psnr_db[number] == pytest.approx(psnr_db, rel=1e-5)
            before = luma


@pytest.mark.skipif(not hasattr(av.VideoFrame, "metadata"), reason="this PyAV does not give frame metadata")
def test_they_are_those_of_signalstats(plain_clip: Path) -> None:
    with open_video(plain_clip) as video:
        measured = measure_statistics(video)
    with av.open(os.fspath(plain_clip)) as container:
        stream = container.streams.video[0]
        graph = av.filter.Graph()
        graph.link_nodes(
            graph.add_buffer(template=stream), graph.add("signalstats"), graph.add("buffersink")
        ).configure()
        for number, frame in enumerate(container.decode(stream)):
            graph.push(frame)
            told = {key.rpartition(".")[2]: float(value) for key, value in graph.pull().metadata.items()}
            assert measured.luma_mean[number] == pytest.approx(told["YAVG"], abs=1e-3)
            assert measured.luma_min[number] == told["YMIN"]
            assert measured.luma_max[number] == told["YMAX"]
            # FFmpeg rounds each sample's saturation down.
            assert told["SATAVG"] <= measured.saturation[number] + 1e-3 <= told["SATAVG"] + 1.01
            if number:
                assert measured.difference[number] == pytest.approx(told["YDIF"], abs=1e-3)


def test_formats_without_luma_have_one_all_the_same(clip: Callable[[str], Path]) -> None:
    with open_video(clip("rgb.mkv")) as video:
        measured = measure_statistics(video)
        rgb = video[3].to_rgb().astype(float)
    luma = (rgb @ (0.2126, 0.7152, 0.0722)).mean()
    assert measured.luma_mean[3] == pytest.approx(luma, abs=0.5)
    assert np.isnan(measured.saturation).all()


def test_a_run_of_frames_is_measured_alone(plain_clip: Path) -> None:
    with open_video(plain_clip) as video:
        whole, part = measure_statistics(video), measure_statistics(video, range(10, 14))
        rows = list(statistics_rows(part, video.index, range(10, 14)).rows())
    assert np.flatnonzero(np.isfinite(part.luma_mean)).tolist() == [10, 11, 12, 13]
    assert np.array_equal(part.luma_mean[10:14], whole.luma_mean[10:14])
    # The frame before the run was not decoded.
    assert math.isnan(part.difference[10])
    assert [row[0] for row in rows] == [10, 11, 12, 13]
    assert rows[0][-2] is None


def test_it_can_be_cancelled(plain_clip: Path) -> None:
    cancel = CancelToken()
    with open_video(plain_clip) as video, pytest.raises(Cancelled):
        measure_statistics(video, progress=lambda _progress: cancel.cancel(), cancel=cancel)
