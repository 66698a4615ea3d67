"""TIFF files, read by others."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from framescope.core.errors import EncodeError
from framescope.core.export.encoders.formats import TiffCompression
from framescope.core.export.encoders.tags import PictureTags
from framescope.core.export.encoders.tiff import tiff_bytes
from tests.core.export.fakes import fake_bgr
from tests.core.export.readers import read_by_ffmpeg, read_by_opencv, read_by_pillow

TAGS = PictureTags("clip.mp4", 9, 360, None, 0.36, "P")
SIZES = [(1, 1), (1, 9), (8, 1), (33, 47)]


@pytest.mark.parametrize("compression", TiffCompression)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tags", [None, TAGS])
def test_eight_bits_are_read_back_by_three_others(
    compression: TiffCompression, size: tuple[int, int], tags: PictureTags | None
) -> None:
    bgr = fake_bgr(1, height=size[0], width=size[1])
    data = tiff_bytes(bgr, compression, 3, tags)
    assert np.array_equal(read_by_opencv(data), bgr)
    assert np.array_equal(read_by_pillow(data), bgr)
    assert np.array_equal(read_by_ffmpeg(data), bgr)


@pytest.mark.parametrize("compression", TiffCompression)
@pytest.mark.parametrize("level", [0, 1, 9])
def test_sixteen_bits_are_read_back_by_two_others(compression: TiffCompression, level: int) -> None:
    bgr = np.random.default_rng(2).integers(0, 65536, (40, 31, 3), np.uint16)
    data = tiff_bytes(bgr, compression, level, TAGS)
    assert np.array_equal(read_by_opencv(data), bgr)
    assert np.array_equal(read_by_ffmpeg(data), bgr)


def test_tags_are_read_by_pillow() -> None:
    with Image.open(io.BytesIO(tiff_bytes(fake_bgr(1), TiffCompression.DEFLATE, 1, TAGS))) as image:
        tags = image.tag_v2  # type: ignore[attr-defined]
        assert tags[270] == "Frame 9 of clip.mp4"
        assert 274 not in tags
        assert b"FrameNumber" in bytes(tags[700])
        assert image.info["icc_profile"]


def test_a_picture_beyond_the_formats_offsets_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framescope.core.export.encoders.tiff._MOST_BYTES", 100)
    with pytest.raises(EncodeError, match="4 GB"):
        tiff_bytes(fake_bgr(1), TiffCompression.NONE, 0, None)
