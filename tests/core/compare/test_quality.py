"""Quality is what FFmpeg's filters print, in a space that is named, over the frames that belong together."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from framescope.core.compare.comparison import compare
from framescope.core.compare.quality import Metric, measure_quality
from framescope.core.errors import Cancelled
from framescope.core.export.quality.measure import block_ssim, ms_ssim
from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import open_video
from tests.core.compare.moving import write

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.compare.quality import Quality
    from tests.core.compare.moving import Picture


OWN = (Metric.PSNR, Metric.SSIM, Metric.MS_SSIM)


def measured(a: Path, b: Path, *metrics: Metric) -> Quality:
    with open_video(a, use_index_cache=False) as first, open_video(b, use_index_cache=False) as second:
        same = np.arange(min(len(first), len(second)))
        return measure_quality(first, second, np.stack([same, same], 1), metrics=metrics or OWN)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="the ffmpeg program is not installed")
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv444p", "yuv422p10le"])
def test_psnr_and_ssim_are_those_of_ffmpeg(pixel_format: str, frames: list[Picture], tmp_path: Path) -> None:
    # Heights that are no multiples of four. Where a plane's width is no multiple of 16, FFmpeg's own SSIM of
    # 8 bits is wrong: it finds equal planes to differ.
    pictures = [picture[:174, :288] for picture in frames[40:52]]
    a = write(tmp_path / "a.mkv", pictures, crf=8, pixel_format=pixel_format)
    b = write(tmp_path / "b.mkv", pictures, crf=33, pixel_format=pixel_format)
    found = measured(a, b, Metric.PSNR, Metric.SSIM)
    planes = ["Y", "U", "V"]
    for metric, names, digits in (
        (Metric.PSNR, {plane: f"psnr_{plane.lower()}" for plane in planes} | {"all": "psnr_avg"}, 2),
        (Metric.SSIM, {plane: plane for plane in planes} | {"all": "All"}, 6),
    ):
        graph = f"[0:v][1:v]{metric.value}=stats_file=stats.log"
        subprocess.run(
            ["ffmpeg", "-v", "error", "-i", b, "-i", a, "-lavfi", graph, "-f", "null", "-"],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
        lines = (tmp_path / "stats.log").read_text().splitlines()
        assert len(lines) == len(pictures)
        for place, line in enumerate(lines):
            printed = dict(re.findall(r"(\w+):([\d.]+)", line))
            for plane, name in names.items():
                # FFmpeg adds up in single precision.
                unit = 10.0**-digits
                assert found.values[metric, plane][place] == pytest.approx(
                    float(printed[name]), abs=0.51 * unit if metric is Metric.PSNR else 1.1 * unit
                ), (place, plane)
    assert found.spaces == (f"{pixel_format} as decoded",)


def test_similarity_at_five_scales_is_what_the_paper_says(frames: list[Picture]) -> None:
    a = frames[60][..., 1]
    b = np.asarray(cv2.GaussianBlur(a, (0, 0), 1.2), np.uint8)
    weights = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
    x, y, expected = a.astype(float), b.astype(float), 1.0
    for scale, weight in enumerate(weights):
        luminance, structure = plain_terms(x, y)
        expected *= float((structure * (luminance if scale == 4 else 1)).mean()) ** weight
        rows, columns = x.shape[0] // 2 * 2, x.shape[1] // 2 * 2
        x, y = (
            one[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3)) for one in (x, y)
        )
    assert ms_ssim(a, b) == pytest.approx(expected, abs=1e-5)
    assert ms_ssim(a, a) == pytest.approx(1)
    assert math.isnan(ms_ssim(a[:175], b[:175]))
    assert math.isnan(block_ssim(a[:7], b[:7]))


def plain_terms(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Luminance, and contrast times structure, window by window in double precision."""
    offsets = np.arange(11) - 5
    window = np.exp(-(offsets**2) / (2 * 1.5**2))
    window = np.outer(window, window) / window.sum() ** 2

    def mean(values: np.ndarray) -> np.ndarray:
        windows = np.lib.stride_tricks.sliding_window_view(values, (11, 11))
        return np.asarray(np.einsum("ijkl,kl->ij", windows, window))

    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx**2, mean(y * y) - my**2, mean(x * y) - mx * my
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return (2 * mx * my + c1) / (mx**2 + my**2 + c1), (2 * cov + c2) / (vx + vy + c2)


def test_identical_frames_are_counted(source_clip: Path) -> None:
    found = measured(source_clip, source_clip)
    assert found.is_identical.all()
    summary = found.summary(Metric.PSNR)
    assert (summary.mean, summary.identical, summary.worst) == (math.inf, 400, ())
    assert found.summary(Metric.SSIM).mean == 1
    assert Metric.PSNR.words(summary.mean) == "identical"


def test_the_worst_frames_come_first(frames: list[Picture], tmp_path: Path) -> None:
    worse = [picture.copy() for picture in frames[50:80]]
    worse[7][40:90, 40:160] = 128
    a = write(tmp_path / "a.mkv", frames[50:80], crf=1)
    found = measured(a, write(tmp_path / "b.mkv", worse, crf=1))
    for metric in OWN:
        summary = found.summary(metric)
        assert summary.worst[0] == 7
        assert summary.low == summary.lowest == found.values[metric, "all"][7]
        assert summary.lowest < summary.harmonic_mean < summary.mean


@pytest.mark.parametrize(
    ("size", "pixel_format", "space"),
    [
        ((160, 90), "yuv420p", "8-bit R'G'B' as displayed, scaled to 320 × 180, bicubic"),
        ((320, 180), "yuv444p", "8-bit R'G'B' as displayed"),
        ((320, 180), "yuv420p10le", "16-bit R'G'B' as displayed"),
    ],
)
def test_what_differs_in_form_is_compared_in_a_named_space(  # noqa: PLR0913, PLR0917 - a case, and fixtures
    size: tuple[int, int],
    pixel_format: str,
    space: str,
    frames: list[Picture],
    source_clip: Path,
    tmp_path: Path,
) -> None:
    pictures = [
        np.asarray(cv2.resize(one, size, interpolation=cv2.INTER_AREA), np.uint8) for one in frames[:8]
    ]
    found = measured(source_clip, write(tmp_path / "b.mp4", pictures, crf=4, pixel_format=pixel_format))
    assert found.spaces == (space,)
    assert {plane for _, plane in found.values} == {"R", "G", "B", "all"}
    assert 25 < found.summary(Metric.PSNR).mean < 60


def test_only_frames_that_belong_together_are_measured(
    frames: list[Picture], source_clip: Path, tmp_path: Path
) -> None:
    b = write(tmp_path / "b.mp4", [frames[n] for n in range(400) if n not in (30, 200)], crf=12)
    by_content, by_number = compare(source_clip, b), compare(source_clip, b, align="number")
    assert by_content.quality is not None
    assert by_number.quality is not None
    assert len(by_content.quality.a) == 398
    assert by_content.quality.summary(Metric.PSNR).lowest > 38
    assert by_number.quality.summary(Metric.PSNR).lowest < 25


def test_cancelling_the_measurement(source_clip: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled), open_video(source_clip, use_index_cache=False) as video:
        measure_quality(video, video, np.array([[0, 0]]), cancel=cancel)
