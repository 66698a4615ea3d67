"""A frame encoded again and again."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.export.encoders.formats import ChromaSampling, ImageFormat
from framescope.core.export.geometry import Crop, Resize
from framescope.core.export.quality.trial import FrameTrials, LevelKind, level_kind
from framescope.core.export.settings import ExportSettings
from framescope.core.model.frame import Frame, PictureType
from framescope.core.opencv import cv2
from tests.core.export.fakes import FakePicture

JPEG = ExportSettings(Path(), quality=80, rotate=False)


def smooth_frame(width: int = 96, height: int = 64) -> Frame:
    """A picture as films have them: soft shapes, an edge, some grain."""
    y, x = np.mgrid[0:height, 0:width]
    grain = np.random.default_rng(7).normal(0, 3, (height, width, 3))
    soft = np.stack([128 + 80 * np.sin(x / 9), 110 + 70 * np.cos(y / 7), 60 + x + (y > x) * 50], -1)
    return Frame(
        5, 200, 0.2, PictureType.I, is_keyframe=True, is_damaged=False,
        picture=FakePicture((soft + grain).clip(0, 255).astype(np.uint8)),
    )  # fmt: skip


@pytest.fixture
def trials() -> FrameTrials:
    return FrameTrials(smooth_frame(), JPEG)


def test_each_format_has_its_own_level() -> None:
    kinds = {each: level_kind(replace(JPEG, image_format=each)) for each in ImageFormat}
    assert [each for each, kind in kinds.items() if kind is LevelKind.QUALITY] == [
        ImageFormat.JPEG, ImageFormat.WEBP, ImageFormat.AVIF,
    ]  # fmt: skip
    assert kinds[ImageFormat.PNG] is LevelKind.COMPRESSION
    assert kinds[ImageFormat.NPY] is None
    assert level_kind(replace(JPEG, image_format=ImageFormat.WEBP, lossless=True)) is None


def test_a_level_is_read_and_set() -> None:
    assert LevelKind.QUALITY.level_of(JPEG) == 80
    assert LevelKind.QUALITY.applied(JPEG, 30) == replace(JPEG, quality=30)
    assert LevelKind.COMPRESSION.applied(JPEG, 7) == replace(JPEG, compression=7)
    assert (LevelKind.QUALITY.most, LevelKind.COMPRESSION.most) == (100, 9)


def test_a_trial_says_what_the_file_is_like(trials: FrameTrials) -> None:
    low, high = trials.at_level(20, with_ssim=True), trials.at_level(95, with_ssim=True)
    assert (low.level, high.level) == (20, 95)
    assert low.size_bytes < high.size_bytes
    assert low.psnr_db < high.psnr_db
    assert low.ssim < high.ssim < 1
    assert high.encode_s > 0
    assert math.isnan(trials.at_level(20).ssim)


def test_what_is_measured_is_the_file_itself(trials: FrameTrials) -> None:
    data = trials.encode(trials.settings)
    seen = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None
    assert np.array_equal(trials.decode(data, trials.settings), seen)
    error = np.mean((seen.astype(float) - trials.original) ** 2)
    found = trials.measure(trials.settings)
    assert found.psnr_db == pytest.approx(10 * math.log10(255**2 / error))
    assert found.size_bytes == len(data)


def test_other_settings_can_be_tried(trials: FrameTrials) -> None:
    plain = trials.measure(trials.settings)
    full = trials.measure(replace(trials.settings, chroma=ChromaSampling.FULL))
    assert full.psnr_db > plain.psnr_db
    assert full.size_bytes > plain.size_bytes


def test_crop_and_size_are_part_of_what_is_tried() -> None:
    settings = replace(JPEG, crop=Crop(8, 4, 40, 30), resize=Resize(width=20))
    assert FrameTrials(smooth_frame(), settings).original.shape == (15, 20, 3)


def test_the_frame_s_own_size_is_told() -> None:
    settings = replace(JPEG, crop=Crop(8, 4, 40, 30), resize=Resize(width=20))
    assert FrameTrials(smooth_frame(), settings).frame_size == (96, 64)


def test_a_lossless_format_loses_nothing() -> None:
    for each in (ImageFormat.PNG, ImageFormat.NPZ, ImageFormat.PLANES):
        trial = FrameTrials(smooth_frame(), replace(JPEG, image_format=each)).at_level(1)
        assert (trial.level, trial.psnr_db) == (1, math.inf)


def test_planes_are_encoded_as_decoded() -> None:
    trials = FrameTrials(smooth_frame(), replace(JPEG, image_format=ImageFormat.PLANES))
    data = trials.encode(trials.settings)
    with np.load(io.BytesIO(data)) as archive:
        assert np.array_equal(archive["packed"], trials.original)
    assert trials.decode(data, trials.settings) is trials.original


def test_without_a_level_there_is_nothing_to_try() -> None:
    trials = FrameTrials(smooth_frame(), replace(JPEG, image_format=ImageFormat.NPY))
    with pytest.raises(SettingsError, match="no quality"):
        trials.at_level(50)
    assert trials.measure(trials.settings).psnr_db == math.inf
