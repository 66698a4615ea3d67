"""WebP and AVIF, read by others than wrote them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

from framescope.core.errors import EncodeError
from framescope.core.export.encoders.formats import ChromaSampling, ImageFormat
from framescope.core.export.encoders.pillow_formats import missing_codec, pillow_bytes
from framescope.core.export.encoders.tags import PictureTags
from framescope.core.export.settings import ExportSettings
from framescope.core.opencv import cv2
from tests.core.export.fakes import fake_bgr
from tests.core.export.readers import read_by_ffmpeg, read_by_opencv, read_by_pillow

TAGS = PictureTags("clip.mp4", 9, 360, None, 0.36, "P")
WEBP, AVIF = ImageFormat.WEBP, ImageFormat.AVIF


def film() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.ascontiguousarray(cv2.resize(fake_bgr(3, width=12, height=8), (96, 64)), np.uint8)


@pytest.mark.parametrize("image_format", [WEBP, AVIF])
@pytest.mark.parametrize("tags", [None, TAGS])
def test_lossless_keeps_every_pixel(image_format: ImageFormat, tags: PictureTags | None) -> None:
    bgr = fake_bgr(1)
    data = pillow_bytes(bgr, ExportSettings(Path(), image_format, lossless=True), tags)
    assert np.array_equal(read_by_pillow(data), bgr)
    assert np.array_equal(read_by_opencv(data), bgr)


def test_lossless_webp_is_lossless_to_ffmpeg_too() -> None:
    data = pillow_bytes(fake_bgr(1), ExportSettings(Path(), WEBP, lossless=True), None)
    assert np.array_equal(read_by_ffmpeg(data), fake_bgr(1))


@pytest.mark.parametrize("image_format", [WEBP, AVIF])
def test_more_quality_makes_it_larger_and_truer(image_format: ImageFormat) -> None:
    bgr = film()
    files = [
        pillow_bytes(bgr, ExportSettings(Path(), image_format, quality), None) for quality in (20, 60, 95)
    ]
    errors = [float(np.abs(read_by_opencv(data).astype(int) - bgr).mean()) for data in files]
    assert sorted(map(len, files)) == list(map(len, files))
    assert sorted(errors, reverse=True) == errors
    assert errors[-1] < 4


def test_avif_keeps_colours_as_finely_as_asked() -> None:
    bgr = fake_bgr(1)
    errors = []
    for chroma in (ChromaSampling.FULL, ChromaSampling.HALF, ChromaSampling.QUARTER):
        data = pillow_bytes(bgr, ExportSettings(Path(), AVIF, 95, chroma=chroma), None)
        errors.append(float(np.abs(read_by_opencv(data).astype(int) - bgr).mean()))
    assert errors == sorted(errors)
    assert errors[0] < errors[1] / 2


@pytest.mark.parametrize("image_format", [WEBP, AVIF])
@pytest.mark.parametrize("lossless", [False, True])
def test_tags_are_in_the_file(image_format: ImageFormat, lossless: bool) -> None:  # noqa: FBT001
    data = pillow_bytes(film(), ExportSettings(Path(), image_format, lossless=lossless), TAGS)
    with Image.open(io.BytesIO(data)) as image:
        exif = image.getexif()
        assert exif[0x010E] == "Frame 9 of clip.mp4"
        assert b"FrameNumber" in image.info["xmp"]
        assert image.size == (96, 64)


def test_a_missing_encoder_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_codec(WEBP) == missing_codec(AVIF) == ""
    monkeypatch.setattr(features, "check", lambda _: False)
    assert missing_codec(AVIF) == "This build of Pillow has no AVIF encoder."
    monkeypatch.setattr(cv2, "haveImageWriter", lambda _: False)
    with pytest.raises(EncodeError, match="lossless AVIF"):
        pillow_bytes(film(), ExportSettings(Path(), AVIF, lossless=True), None)
