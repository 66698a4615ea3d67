"""NumPy files."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.errors import VerificationError
from framescope.core.export.encoders.arrays import (
    npy_bytes,
    npz_bytes,
    picture_arrays,
    plane_arrays,
    plane_names,
    read_npy,
    read_npz,
)
from framescope.core.export.encoders.tags import PictureTags, SourceFacts
from framescope.core.media.picture.picture import AvPicture, DisplayRule
from framescope.core.media.picture.planes import frame_planes
from tests.core.export.fakes import fake_bgr

if TYPE_CHECKING:
    from framescope.core.model.stream_facts import VideoInfo

TAGS = PictureTags("clip.mp4", 9, 360, None, 0.36, "P")


def test_an_array_is_read_by_numpy() -> None:
    bgr = fake_bgr(1)
    rgb = np.load(io.BytesIO(npy_bytes(bgr[..., ::-1])))
    assert np.array_equal(rgb, bgr[..., ::-1])
    assert rgb.flags.c_contiguous


@pytest.mark.parametrize("level", [0, 1, 9])
def test_an_archive_is_read_by_numpy_and_always_the_same(level: int) -> None:
    arrays = picture_arrays(fake_bgr(1), TAGS)
    data = npz_bytes(arrays, level)
    assert data == npz_bytes(arrays, level)
    with np.load(io.BytesIO(data)) as archive:
        assert np.array_equal(archive["rgb"], fake_bgr(1)[..., ::-1])
        assert str(archive["Source"]) == "clip.mp4"
        assert int(str(archive["FrameNumber"])) == 9


@pytest.mark.parametrize("wrong", [b"", b"no array", npy_bytes(np.arange(30))[:-3]])
def test_damage_is_found_out(wrong: bytes) -> None:
    with pytest.raises(VerificationError):
        read_npy(wrong)
    with pytest.raises(VerificationError):
        read_npz(wrong)
    with pytest.raises(VerificationError):
        read_npz(npz_bytes({"a": np.arange(100)}, 1)[:-30])


def test_an_array_alone_is_no_archive() -> None:
    with pytest.raises(VerificationError):
        read_npz(npy_bytes(np.arange(3)))


@pytest.mark.parametrize(
    ("pixel_format", "names"),
    [
        ("yuv420p", ["Y", "Cb", "Cr"]),
        ("yuva444p", ["Y", "Cb", "Cr", "A"]),
        ("nv12", ["Y", "CbCr"]),
        ("gray", ["Y"]),
        ("gray10le", ["Y"]),
        ("gbrp10le", ["G", "B", "R"]),
        ("rgb24", ["packed"]),
        ("yuyv422", ["packed"]),
        ("pal8", ["index", "palette"]),
    ],
)
def test_planes_are_named_after_what_they_hold(pixel_format: str, names: list[str]) -> None:
    assert plane_names(pixel_format, frame_planes(av.VideoFrame(16, 12, pixel_format))) == names


def test_planes_come_with_what_makes_a_picture_of_them(info: VideoInfo) -> None:
    frame = av.VideoFrame(20, 10, "yuv422p10le")
    for plane in frame.planes:
        plane.update(bytes(range(200)) * (plane.buffer_size // 200) + b"\0" * (plane.buffer_size % 200))
    picture = AvPicture(frame, DisplayRule(rotation=90))
    facts = SourceFacts.of(replace(info, bit_depth=10))
    arrays = read_npz(npz_bytes(plane_arrays(picture, facts, TAGS), 1))
    for name, samples in zip(("Y", "Cb", "Cr"), frame_planes(frame), strict=True):
        assert arrays[name].dtype == np.uint16
        assert np.array_equal(arrays[name], samples)
    assert str(arrays["pixel_format"]) == "yuv422p10le"
    assert (int(arrays["bit_depth"]), int(arrays["rotation"])) == (10, 90)
    assert (int(arrays["width"]), int(arrays["height"])) == (20, 10)
    assert str(arrays["matrix"]) == info.color.matrix_used
    assert str(arrays["Pts"]) == "360"
