"""JPEG files: their metadata, and what the proof finds."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from framescope.core.errors import VerificationError
from framescope.core.export.encoders.encode import check_encoded, encode_pixels
from framescope.core.export.encoders.formats import ChromaSampling, Proof
from framescope.core.export.encoders.jpeg import check_jpeg, check_top_of_jpeg, tagged_jpeg
from framescope.core.export.encoders.tags import PictureTags
from framescope.core.export.settings import ExportSettings
from framescope.core.opencv import cv2
from tests.core.export.fakes import fake_bgr

Picture = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
TAGS = PictureTags("clip.mp4", 9, 360, None, 0.36, "P")


def settings(quality: int, chroma: ChromaSampling = ChromaSampling.QUARTER, **others: bool) -> ExportSettings:
    return ExportSettings(Path(), quality=quality, chroma=chroma, **others)  # type: ignore[arg-type]


def pictures() -> list[Picture]:
    """Noise, the hardest there is; edges of full colours; and something like film."""
    noise = fake_bgr(1, width=101, height=67)
    blocks = fake_bgr(2, width=12, height=9) // 128 * 255
    edges = np.ascontiguousarray(blocks.repeat(11, 0).repeat(11, 1))
    film = np.ascontiguousarray(cv2.resize(fake_bgr(3, width=24, height=16), (160, 96)), np.uint8)
    return [noise, edges, film]


@pytest.mark.parametrize("quality", [0, 1, 10, 49, 50, 75, 95, 100])
@pytest.mark.parametrize("chroma", ChromaSampling)
def test_no_good_file_is_refused(quality: int, chroma: ChromaSampling) -> None:
    for bgr in pictures():
        check_jpeg(encode_pixels(bgr, settings(quality, chroma)), bgr, quality)
    bgr = pictures()[2]
    check_jpeg(encode_pixels(bgr, settings(quality, chroma, progressive=True, optimized=True)), bgr, quality)


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (7, 7), (8, 8), (9, 15), (16, 8), (17, 33)])
def test_small_pictures_pass(size: tuple[int, int]) -> None:
    bgr = fake_bgr(4, height=size[0], width=size[1])
    check_jpeg(encode_pixels(bgr, settings(95)), bgr, 95)


def test_another_picture_is_found_out() -> None:
    bgr = pictures()[2]
    data = encode_pixels(bgr, settings(95))
    moved = bgr.copy()
    moved[16:32, 16:32] = bgr[48:64, 80:96]
    shifted = np.clip(bgr.astype(int) + 6, 0, 255).astype(np.uint8)
    swapped = np.ascontiguousarray(bgr[..., ::-1])
    recoloured = bgr.copy()
    recoloured[:16, :16, 0] ^= 64
    for other in (moved, shifted, swapped, recoloured, np.roll(bgr, 8, axis=1)):
        with pytest.raises(VerificationError, match="error"):
            check_jpeg(data, other, 95)


def test_a_worse_file_than_was_asked_for_is_found_out() -> None:
    bgr = pictures()[2]
    with pytest.raises(VerificationError):
        check_jpeg(encode_pixels(bgr, settings(5)), bgr, 95)


def test_damage_is_found_out() -> None:
    bgr = pictures()[0]
    data = encode_pixels(bgr, settings(95))
    for wrong in (b"", data[:100], data[: len(data) // 2], b"no picture at all"):
        with pytest.raises(VerificationError):
            check_jpeg(wrong, bgr, 95)
    with pytest.raises(VerificationError, match="size"):
        check_jpeg(data, bgr[:-1], 95)


def test_a_picture_too_large_for_pillow_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framescope.core.export.encoders.jpeg._MOST_PIXELS_OF_PILLOW", 100)
    bgr = pictures()[2]
    data = encode_pixels(bgr, settings(95))
    check_jpeg(data, bgr, 95)
    for wrong in (b"", b"nothing"):
        with pytest.raises(VerificationError):
            check_jpeg(wrong, bgr, 95)
    with pytest.raises(VerificationError, match="size"):
        check_jpeg(data, bgr[:-1], 95)


def tall() -> Picture:
    """A picture of which `check_top_of_jpeg` decodes a part: 64 of 500 rows."""
    return np.ascontiguousarray(cv2.resize(pictures()[2], (200, 500)), np.uint8)


@pytest.mark.parametrize("chroma", ChromaSampling)
def test_of_a_tall_picture_the_top_is_proven(chroma: ChromaSampling) -> None:
    bgr = tall()
    tagged = tagged_jpeg(encode_pixels(bgr, settings(95, chroma)), TAGS)
    for data in (tagged, encode_pixels(bgr, settings(95, chroma, optimized=True))):
        assert check_top_of_jpeg(data, bgr, 95) is Proof.TOP
        with pytest.raises(VerificationError, match="error"):
            check_top_of_jpeg(data, np.ascontiguousarray(bgr[::-1]), 95)
        with pytest.raises(VerificationError, match="size"):
            check_top_of_jpeg(data, bgr[:-1], 95)
    low = pictures()[2][:48]
    assert check_top_of_jpeg(encode_pixels(low, settings(95)), low, 95) is Proof.BLOCKS


def test_a_jpeg_that_is_not_whole_is_found_out_below_the_top_too() -> None:
    bgr = tall()
    data = encode_pixels(bgr, settings(95))
    ended = data[: len(data) // 2] + b"\xff\xd9" + data[len(data) // 2 :]
    torn = [data[:length] for length in (0, 1, 30, len(data) * 3 // 4, len(data) - 1)]
    for wrong in (*torn, data + b"\0", ended, b"no" * 99):
        with pytest.raises(VerificationError, match="decoded"):
            check_top_of_jpeg(wrong, bgr, 95)
    # What lies below the top is proven in full only.
    other = bgr.copy()
    other[300:] = 255 - other[300:]
    assert check_top_of_jpeg(data, other, 95) is Proof.TOP
    with pytest.raises(VerificationError, match="error"):
        check_jpeg(data, other, 95)


def test_only_baseline_files_are_proven_by_their_top() -> None:
    bgr = tall()
    for choice, proof in ((settings(95), Proof.TOP), (settings(95, progressive=True), Proof.BLOCKS)):
        data = encode_pixels(bgr, choice)
        assert check_encoded(data, bgr, choice, in_full=False) is proof
        assert check_encoded(data, bgr, choice) is Proof.BLOCKS
    with pytest.raises(VerificationError, match="decoded"):
        check_top_of_jpeg(encode_pixels(bgr, settings(95, progressive=True)), bgr, 95)


def test_metadata_leaves_the_picture_alone() -> None:
    bgr = pictures()[2]
    plain = encode_pixels(bgr, settings(90))
    tagged = tagged_jpeg(plain, TAGS)
    check_jpeg(tagged, bgr, 90)
    with Image.open(io.BytesIO(tagged)) as image:
        assert 0x0112 not in image.getexif()
        assert image.getexif()[0x010E] == "Frame 9 of clip.mp4"
        assert b"FrameNumber" in image.info["xmp"]
        assert image.info["icc_profile"]
        with Image.open(io.BytesIO(plain)) as bare:
            assert np.array_equal(np.asarray(image), np.asarray(bare))
