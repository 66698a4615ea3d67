"""PNG files, read by others."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from framescope.core.errors import VerificationError
from framescope.core.export.encoders.formats import PngStrategy
from framescope.core.export.encoders.png import check_png, png_bytes
from framescope.core.opencv import cv2
from tests.core.export.fakes import fake_bgr
from tests.core.export.readers import read_by_ffmpeg, read_by_opencv, read_by_pillow


def deep(seed: int, height: int = 17, width: int = 23) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    return np.random.default_rng(seed).integers(0, 65536, (height, width, 3), np.uint16)


@pytest.mark.parametrize("level", range(10))
def test_eight_bits_are_read_back_by_three_others(level: int) -> None:
    bgr = fake_bgr(level, width=31, height=19)
    data = png_bytes(bgr, level)
    check_png(data, bgr)
    assert np.array_equal(read_by_pillow(data), bgr)
    assert np.array_equal(read_by_ffmpeg(data), bgr)
    assert np.array_equal(read_by_opencv(data), bgr)


@pytest.mark.parametrize("level", [0, 1, 2, 5])
def test_sixteen_bits_are_read_back_by_two_others(level: int) -> None:
    bgr = deep(level)
    data = png_bytes(bgr, level)
    check_png(data, bgr)
    assert np.array_equal(read_by_ffmpeg(data), bgr)
    assert np.array_equal(read_by_opencv(data), bgr)


@pytest.mark.parametrize("strategy", PngStrategy)
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (9, 1), (40, 30)])
def test_every_strategy_and_shape(strategy: PngStrategy, size: tuple[int, int]) -> None:
    bgr = fake_bgr(3, height=size[0], width=size[1])
    data = png_bytes(bgr, 4, strategy)
    check_png(data, bgr)
    assert np.array_equal(read_by_pillow(data), bgr)


def test_it_is_no_larger_than_opencvs_own() -> None:
    ramp = np.linspace(0, 250, 256, dtype=np.float32)
    smooth = np.stack(
        [ramp[None, :] + 0 * ramp[:, None], ramp[:, None] + 0 * ramp, ramp[:, None] - 0 * ramp], -1
    )
    film = cv2.resize(fake_bgr(1, width=24, height=16), (384, 256), interpolation=cv2.INTER_CUBIC)
    for picture in (smooth, film):
        bgr = np.ascontiguousarray(picture, np.uint8)
        assert len(png_bytes(bgr, 2)) <= len(cv2.imencode(".png", bgr)[1])


@pytest.mark.parametrize("bgr", [fake_bgr(0), deep(0)])
@pytest.mark.parametrize("level", [0, 2])
def test_every_damage_is_found_out(bgr: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], level: int) -> None:
    data = png_bytes(bgr, level, chunks=[(b"tEXt", b"Title\0x")])
    check_png(data, bgr)
    for wrong in (b"", data[:20], data[:-4], data + b"x", b"no picture at all", data[:60] + b"?" + data[61:]):
        with pytest.raises(VerificationError):
            check_png(wrong, bgr)
    for shape in (bgr[:-1], bgr[:, :-1]):
        with pytest.raises(VerificationError, match="size"):
            check_png(data, np.ascontiguousarray(shape))
    for place in ((0, 0, 0), (3, 4, 1), (-1, -1, 2)):
        other = bgr.copy()
        other[place] ^= 1
        with pytest.raises(VerificationError, match="pixels"):
            check_png(data, other)


def test_eight_bits_do_not_pass_for_sixteen() -> None:
    with pytest.raises(VerificationError):
        check_png(png_bytes(fake_bgr(0), 2), fake_bgr(0).astype(np.uint16))


def test_a_filter_that_is_not_ours_is_not_believed() -> None:
    bgr = fake_bgr(0, width=4, height=4)
    data = png_bytes(bgr, 1)
    at = data.index(b"IDAT")
    rows = bytearray(zlib.decompress(data[at + 4 : -16]))
    rows[0] = 4
    content = zlib.compress(bytes(rows))
    chunk = len(content).to_bytes(4, "big") + b"IDAT" + content
    chunk += zlib.crc32(b"IDAT" + content).to_bytes(4, "big")
    with pytest.raises(VerificationError, match="pixels"):
        check_png(data[: at - 4] + chunk + data[-12:], bgr)
