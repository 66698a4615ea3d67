"""Planes as decoded; colours by the stream's matrix and range; rotation."""

from __future__ import annotations

import platform
import subprocess
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.media.picture.picture import AvPicture, DisplayRule
from framescope.core.media.picture.planes import frame_planes, owned_copy
from tests.core.media.exact_reference import reference

if TYPE_CHECKING:
    from pathlib import Path

# BT.709 and BT.601 luma weights (ITU-R BT.709-6, 3.2; BT.601-7, 2.5.1).
WEIGHTS = {"bt709": (0.2126, 0.0722), "smpte170m": (0.299, 0.114), "bt2020nc": (0.2627, 0.0593)}


def yuv_frame(
    y: int, cb: int, cr: int, pixel_format: str = "yuv420p", size: tuple[int, int] = (64, 48)
) -> av.VideoFrame:
    frame = av.VideoFrame(*size, pixel_format)
    dtype = np.uint16 if "10" in pixel_format else np.uint8
    for plane, value in zip(frame.planes, (y, cb, cr), strict=True):
        rows = np.frombuffer(memoryview(plane), dtype)
        rows[:] = value
    return frame


def expected_rgb(y: int, cb: int, cr: int, matrix: str, *, full: bool) -> list[float]:
    kr, kb = WEIGHTS[matrix]
    luma = y / 255 if full else (y - 16) / 219
    blue, red = ((c - 128) / (255 if full else 224) for c in (cb, cr))
    r, b = luma + 2 * (1 - kr) * red, luma + 2 * (1 - kb) * blue
    g = (luma - kr * r - kb * b) / (1 - kr - kb)
    return [min(max(value * 255, 0), 255) for value in (r, g, b)]


@pytest.mark.parametrize("matrix", list(WEIGHTS))
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    "values", [(81, 90, 240), (145, 54, 34), (41, 240, 110), (200, 128, 128), (120, 100, 150)]
)
def test_colours_follow_matrix_and_range(matrix: str, full: bool, values: tuple[int, int, int]) -> None:  # noqa: FBT001
    picture = AvPicture(yuv_frame(*values), DisplayRule(matrix=matrix, full_range=full))
    rgb = picture.to_rgb()
    assert rgb.shape == (48, 64, 3)
    assert np.abs(rgb[20, 20].astype(float) - expected_rgb(*values, matrix, full=full)).max() <= 3
    assert np.array_equal(picture.to_bgr(), rgb[:, :, ::-1])


def test_the_frames_own_signal_wins_over_the_headers() -> None:
    frame = yuv_frame(81, 90, 240)
    frame.colorspace = 5
    frame.color_range = 2
    rgb = AvPicture(frame, DisplayRule(matrix="bt709")).to_rgb()
    assert np.abs(rgb[20, 20] - np.array(expected_rgb(81, 90, 240, "smpte170m", full=True))).max() <= 3


def test_ten_bits_are_shown_like_eight() -> None:
    ten = AvPicture(yuv_frame(81 * 4, 90 * 4, 240 * 4, "yuv420p10le"), DisplayRule())
    eight = AvPicture(yuv_frame(81, 90, 240), DisplayRule())
    assert np.abs(ten.to_rgb().astype(int) - eight.to_rgb().astype(int)).max() <= 2
    assert ten.planes()[0].dtype == np.uint16


def corner_frame() -> av.VideoFrame:
    """Grey 40 × 20 with a white top left corner."""
    pixels = np.full((20, 40, 3), 60, np.uint8)
    pixels[:5, :10] = 255
    return av.VideoFrame.from_ndarray(pixels, "rgb24")


@pytest.mark.parametrize(
    ("rotation", "mirrored", "corner"),
    [
        (0, False, (0, 0)),
        (90, False, (0, -1)),
        (180, False, (-1, -1)),
        (270, False, (-1, 0)),
        (0, True, (0, -1)),
        (90, True, (-1, -1)),
    ],
)
def test_rotation_and_mirroring(rotation: int, mirrored: bool, corner: tuple[int, int]) -> None:  # noqa: FBT001
    picture = AvPicture(corner_frame(), DisplayRule(rotation=rotation, mirrored=mirrored))
    upright = picture.to_rgb()
    assert upright.shape[:2] == ((40, 20) if rotation % 180 else (20, 40))
    assert upright[corner].tolist() == [255] * 3
    assert int((upright == 255).all(axis=2).sum()) == 50
    assert np.array_equal(picture.to_rgb(rotate=False)[0, 0], [255] * 3)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_native_values_are_those_under_the_displayed_pixel(rotation: int, mirrored: bool) -> None:  # noqa: FBT001
    picture = AvPicture(corner_frame(), DisplayRule(rotation=rotation, mirrored=mirrored))
    upright = picture.to_rgb()
    for y in (0, 3, upright.shape[0] - 1):
        for x in (0, 4, upright.shape[1] - 1):
            red, green, blue = upright[y, x].tolist()
            assert picture.native_values(x, y) == {"R": red, "G": green, "B": blue}


def test_native_values_of_subsampled_planes() -> None:
    picture = AvPicture(yuv_frame(81, 90, 240, size=(61, 47)), DisplayRule())
    assert picture.native_values(60, 46) == {"Y": 81, "Cb": 90, "Cr": 240}


def test_scaled_for_the_screen() -> None:
    picture = AvPicture(yuv_frame(81, 90, 240, size=(640, 360)), DisplayRule(rotation=90))
    small = picture.to_bgra(width=90, height=160)
    assert small.shape == (160, 90, 4)
    full = picture.to_bgr()
    assert np.abs(small[80, 45, :3].astype(int) - full[300, 180].astype(int)).max() <= 2


@pytest.mark.parametrize("size", [(120, 160), (64, 48), (61, 47), (640, 360)])
def test_the_same_picture_every_time(size: tuple[int, int]) -> None:
    frame = av.VideoFrame(*size, "yuv420p")
    rng = np.random.default_rng(2)
    for plane in frame.planes:
        plane.update(rng.integers(16, 235, plane.buffer_size, np.uint8).tobytes())
    picture = AvPicture(frame, DisplayRule())
    first = picture.to_bgr()
    for _ in range(100):
        assert np.array_equal(picture.to_bgra()[:, :, :3], first)
        assert np.array_equal(picture.to_bgr(), first)


@pytest.mark.parametrize("rotation", [0, 90])
def test_the_screen_gets_the_same_picture_before_opencv_is_loaded(
    rotation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = AvPicture(corner_frame(), DisplayRule(rotation=rotation))
    with_opencv = picture.to_bgra()
    monkeypatch.delitem(sys.modules, "framescope.core.opencv")
    assert np.array_equal(picture.to_bgra(), with_opencv)
    assert (with_opencv[..., 3] == 255).all()


def test_the_screen_gets_its_picture_while_another_thread_imports_opencv(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture = AvPicture(corner_frame(), DisplayRule())
    with_opencv = picture.to_bgra()
    # A module is listed before it holds anything.
    for name in ("cv2", "framescope.core.opencv"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    assert np.array_equal(picture.to_bgra(), with_opencv)


def test_exact_colours_stand_where_the_quick_ones_do() -> None:
    picture = AvPicture(corner_frame(), DisplayRule(rotation=90, mirrored=True))
    assert np.array_equal(picture.to_bgr_exact(deep=False), picture.to_bgr())
    deep = picture.to_bgr_exact(deep=True, rotate=False)
    assert np.array_equal(deep, picture.to_bgr(rotate=False).astype(np.uint16) * 257)


def test_hdr_is_what_the_frame_says_or_else_the_header() -> None:
    frame = yuv_frame(81 * 4, 90 * 4, 240 * 4, "yuv420p10le")
    assert not AvPicture(frame, DisplayRule()).is_hdr
    header = DisplayRule(matrix="bt2020nc", transfer="smpte2084", primaries="bt2020")
    assert AvPicture(frame, header).is_hdr
    plain = AvPicture(frame, header).to_bgr_exact(deep=False)
    mapped = AvPicture(frame, header).to_bgr_exact(deep=False, tone_map=True)
    assert plain.dtype == mapped.dtype == np.uint8
    assert not np.array_equal(plain, mapped)
    frame.color_trc = 1
    assert not AvPicture(frame, header).is_hdr
    assert np.array_equal(AvPicture(frame, header).to_bgr_exact(deep=False, tone_map=True), plain)


@pytest.mark.parametrize("matrix", ["bt709", "bt470bg"])
@pytest.mark.parametrize(
    ("pixel_format", "full"),
    [
        ("yuv420p", True),
        ("yuv420p", False),
        ("yuv422p", False),
        ("nv12", False),
        ("yuv420p10le", False),
        ("yuv422p", True),
        ("nv12", True),
        ("yuv444p", True),
        ("yuv444p", False),
        ("yuv444p10le", False),
    ],
)
def test_colours_are_not_darker_than_they_should_be(matrix: str, pixel_format: str, *, full: bool) -> None:
    # Gentle slopes, as in pictures: how chroma is interpolated between steep ones is a matter of taste.
    rows, columns = np.mgrid[:96, :128]
    bits = 10 if "10" in pixel_format else 8
    scale = 1 << (bits - 8)
    planar = pixel_format.replace("nv12", "yuv420p")
    frame = av.VideoFrame(128, 96, planar)
    across, down = {"yuv420p": (2, 2), "yuv422p": (2, 1)}.get(planar.removesuffix("10le"), (1, 1))
    for place, plane in enumerate(frame.planes):
        step_x, step_y = (1, 1) if place == 0 else (across, down)
        values = 60 + 100 * np.sin((columns + 31 * place) / 25) ** 2 + 40 * np.cos(rows / 19) ** 2
        small = (values[::step_y, ::step_x] * scale).astype(np.uint16 if bits > 8 else np.uint8)
        padded = np.zeros((plane.height, plane.line_size // small.itemsize), small.dtype)
        padded[:, : small.shape[1]] = small
        plane.update(padded.tobytes())
    exact = 255 * reference(frame_planes(frame), bits, matrix, is_full=full)
    inside = (exact > 0.5) & (exact < 254.5)
    given = frame.reformat(format="nv12") if pixel_format == "nv12" else frame
    picture = AvPicture(given, DisplayRule(matrix=matrix, full_range=full))
    for saved in (picture.to_bgr(), picture.to_rgb()[..., ::-1], picture.to_bgra()[..., :3]):
        errors = (saved - exact)[inside]
        assert abs(errors.mean()) < 0.12
        assert np.abs(errors).mean() < 0.4
        assert np.abs(errors).max() < 2.5


def test_all_sizes_are_equally_bright() -> None:
    rng = np.random.default_rng(7)
    frame = av.VideoFrame(256, 128, "yuv420p")
    for plane in frame.planes:
        plane.update(rng.integers(90, 160, plane.buffer_size).astype(np.uint8).tobytes())
    picture = AvPicture(frame, DisplayRule())
    whole = picture.to_bgr().reshape(-1, 3).mean(axis=0)
    for width, height in ((256, 128), (200, 100), (64, 32), (32, 16)):
        small = picture.to_bgra(width=width, height=height)[..., :3].reshape(-1, 3).mean(axis=0)
        assert small == pytest.approx(whole, abs=0.5)


def test_a_copy_of_a_frame_is_the_same_picture(plain_clip: Path) -> None:
    with av.open(str(plain_clip)) as container:
        frame = next(container.decode(video=0))
    rule = DisplayRule()
    assert np.array_equal(AvPicture(owned_copy(frame), rule).to_bgr(), AvPicture(frame, rule).to_bgr())


FAULTS_SCRIPT = """
import resource
import av
from framescope.core.media.picture.picture import AvPicture, DisplayRule

def faults(work):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        work()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 20

def keep():
    global kept
    kept = picture.to_bgr()

for size in ((1280, 720), (1920, 1080)):
    picture = AvPicture(av.VideoFrame(*size, "yuv420p"), DisplayRule())
    for work in (picture.to_bgr, keep):
        faults(work)
        print(faults(work))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries manage memory differently")
def test_conversions_do_not_get_their_memory_from_the_system_each_time() -> None:
    run = subprocess.run([sys.executable, "-c", FAULTS_SCRIPT], capture_output=True, text=True, check=True)
    # The planes and the result are 1,350 pages at 720p and 3,040 at 1080p.
    assert max(map(float, run.stdout.split())) < 400
