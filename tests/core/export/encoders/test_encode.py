"""From pixels to files in memory."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageOps

from framescope.core.errors import EncodeError, VerificationError
from framescope.core.export.encoders.encode import (
    can_write,
    check_encoded,
    decode_encoded,
    encode_frame,
    encode_pixels,
)
from framescope.core.export.encoders.tags import SourceFacts
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.opencv import cv2
from tests.core.export.fakes import fake_bgr, fake_frame

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def decode(data: bytes) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture.astype(np.uint8)


def smooth_bgr() -> NDArray[np.uint8]:
    ramp = np.linspace(0, 250, 96, dtype=np.float32)
    picture = np.stack(
        [ramp[None, :] + 0 * ramp[:, None], ramp[:, None] + 0 * ramp, ramp[::-1] + 0 * ramp[:, None]], -1
    )
    return picture.astype(np.uint8)


@pytest.mark.parametrize("compression", range(10))
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (32, 48)])
def test_png_gives_every_pixel_back(tmp_path: Path, compression: int, size: tuple[int, int]) -> None:
    bgr = fake_bgr(compression, height=size[0], width=size[1])
    settings = ExportSettings(tmp_path, ImageFormat.PNG, compression=compression)
    data = encode_pixels(bgr, settings)
    assert np.array_equal(decode(data), bgr)
    check_encoded(data, bgr, settings)


def test_more_compression_makes_smaller_files_of_smooth_pictures(tmp_path: Path) -> None:
    bgr = smooth_bgr()
    sizes = [
        len(encode_pixels(bgr, ExportSettings(tmp_path, ImageFormat.PNG, compression=level)))
        for level in (0, 1, 9)
    ]
    assert sizes == sorted(sizes, reverse=True)


def test_more_quality_makes_jpeg_larger_and_truer(tmp_path: Path) -> None:
    bgr = cv2.GaussianBlur(fake_bgr(1, width=128, height=96), (5, 5), 0).astype(np.uint8)
    sizes, errors = [], []
    for quality in (0, 30, 60, 90, 100):
        data = encode_pixels(bgr, ExportSettings(tmp_path, quality=quality))
        check_encoded(data, bgr, ExportSettings(tmp_path, quality=quality))
        sizes.append(len(data))
        errors.append(float(np.abs(decode(data).astype(int) - bgr).mean()))
    assert sizes == sorted(sizes)
    assert errors == sorted(errors, reverse=True)


def test_jpeg_says_when_a_picture_is_too_large_for_it(tmp_path: Path) -> None:
    wide = np.zeros((1, 65_501, 3), np.uint8)
    with pytest.raises(EncodeError, match="65501 × 1") as caught:
        encode_pixels(wide, ExportSettings(tmp_path))
    assert caught.value.hint == "Choose PNG."
    assert encode_pixels(wide, ExportSettings(tmp_path, ImageFormat.PNG))


def test_a_picture_of_no_pixels_is_an_error_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(EncodeError):
        encode_pixels(np.zeros((0, 4, 3), np.uint8), ExportSettings(tmp_path))


def test_what_a_machine_cannot_write_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [can_write(one) for one in ImageFormat] == [""] * len(ImageFormat)
    assert can_write(ImageFormat.AVIF, lossless=True) == ""
    monkeypatch.setattr(cv2, "haveImageWriter", lambda _: False)
    assert "lossless AVIF" in can_write(ImageFormat.AVIF, lossless=True)
    assert can_write(ImageFormat.AVIF) == can_write(ImageFormat.PNG, lossless=True) == ""


@pytest.mark.parametrize("image_format", [one for one in ImageFormat if one.is_picture])
def test_other_bytes_are_found_out(tmp_path: Path, image_format: ImageFormat) -> None:
    bgr = fake_bgr(0)
    settings = ExportSettings(tmp_path, image_format)
    data = encode_pixels(bgr, settings)
    for wrong in (b"", data[:20], b"no picture at all"):
        with pytest.raises(VerificationError):
            check_encoded(wrong, bgr, settings)
    with pytest.raises(VerificationError, match="size"):
        check_encoded(data, bgr[:-1], settings)


def test_png_with_one_other_pixel_is_found_out(tmp_path: Path) -> None:
    bgr = fake_bgr(0)
    settings = ExportSettings(tmp_path, ImageFormat.PNG)
    data = encode_pixels(bgr, settings)
    other = bgr.copy()
    other[3, 4, 1] ^= 1
    with pytest.raises(VerificationError, match="pixels"):
        check_encoded(data, other, settings)


LOSSLESS = [one for one in ImageFormat if one.is_picture and (one.is_lossless or one.has_lossless_option)]


@pytest.mark.parametrize("image_format", LOSSLESS)
def test_what_is_not_turned_is_read_as_it_is(tmp_path: Path, image_format: ImageFormat) -> None:
    settings = ExportSettings(tmp_path, image_format, rotate=False, lossless=True)
    data = encode_frame(fake_frame(3), settings, SourceFacts("clip.mp4"))
    assert np.array_equal(decode_encoded(data, settings), fake_bgr(3))


@pytest.mark.parametrize("image_format", ImageFormat)
def test_a_frame_makes_the_same_bytes_every_time(tmp_path: Path, image_format: ImageFormat) -> None:
    settings = ExportSettings(tmp_path, image_format)
    facts = SourceFacts("clip.mp4")
    assert encode_frame(fake_frame(3), settings, facts) == encode_frame(fake_frame(3), settings, facts)
    bare = encode_frame(fake_frame(3), ExportSettings(tmp_path, image_format, metadata=False), facts)
    assert b"clip.mp4" not in bare


@pytest.mark.parametrize("image_format", [ImageFormat.WEBP, ImageFormat.AVIF])
def test_another_picture_of_a_lossy_format_is_found_out(tmp_path: Path, image_format: ImageFormat) -> None:
    settings = ExportSettings(tmp_path, image_format, quality=60)
    bgr = cv2.resize(fake_bgr(5, width=8, height=6), (128, 96)).astype(np.uint8)
    data = encode_pixels(bgr, settings)
    check_encoded(data, bgr, settings)
    with pytest.raises(VerificationError):
        check_encoded(data, np.ascontiguousarray(bgr[::-1]), settings)


def test_planes_are_no_picture(tmp_path: Path) -> None:
    settings = ExportSettings(tmp_path, ImageFormat.PLANES)
    with pytest.raises(EncodeError, match="planes"):
        encode_pixels(fake_bgr(1), settings)
    with pytest.raises(VerificationError, match="planes"):
        decode_encoded(encode_frame(fake_frame(1), settings), settings)


@pytest.mark.parametrize("image_format", [ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.TIFF])
def test_pixels_that_are_not_square_get_a_density(tmp_path: Path, image_format: ImageFormat) -> None:
    settings = ExportSettings(tmp_path, image_format, rotate=False)
    for aspect in (Fraction(64, 45), Fraction(10, 11), Fraction(1)):
        data = encode_frame(fake_frame(3), settings, SourceFacts("clip.mp4", pixel_aspect=aspect))
        with Image.open(io.BytesIO(data)) as image:
            across, down = image.info.get("dpi") or image.info.get("aspect") or (1, 1)
            assert float(down) / float(across) == pytest.approx(float(aspect), rel=0.01)
            assert 274 not in image.getexif()


@pytest.mark.parametrize("image_format", ImageFormat)
def test_a_picture_saved_as_stored_is_shown_as_stored(tmp_path: Path, image_format: ImageFormat) -> None:
    if image_format in {ImageFormat.NPY, ImageFormat.NPZ, ImageFormat.PLANES}:
        return
    settings = ExportSettings(tmp_path, image_format, rotate=False, lossless=image_format.has_lossless_option)
    data = encode_frame(fake_frame(3), settings, SourceFacts("clip.mp4"))
    with Image.open(io.BytesIO(data)) as image:
        assert ImageOps.exif_transpose(image).size == image.size == (48, 32)
        assert 274 not in image.getexif()
