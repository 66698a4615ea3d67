"""Exact colours against an own reference in double precision."""

from __future__ import annotations

from fractions import Fraction

import av
import av.filter
import numpy as np
import pytest

from framescope.core.media.picture import exact_color
from framescope.core.media.picture.exact_color import exact_bgr
from framescope.core.media.picture.planes import frame_planes
from tests.core.media.exact_reference import WEIGHTS, reference

WIDTH, HEIGHT = 46, 38


def random_frame(pixel_format: str, bits: int, seed: int = 3) -> av.VideoFrame:
    frame = av.VideoFrame(WIDTH, HEIGHT, pixel_format)
    rng = np.random.default_rng(seed)
    for plane in frame.planes:
        values = rng.integers(0, 1 << bits, plane.buffer_size // (2 if bits > 8 else 1))
        plane.update(values.astype(np.uint16 if bits > 8 else np.uint8).tobytes())
    return frame


@pytest.mark.parametrize("matrix", list(WEIGHTS))
@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize(
    ("pixel_format", "bits"),
    [
        ("yuv420p", 8),
        ("yuv422p", 8),
        ("yuv444p", 8),
        ("yuv440p", 8),
        ("yuv411p", 8),
        ("yuv410p", 8),
        ("yuva420p", 8),
        ("yuv420p10le", 10),
        ("yuv422p12le", 12),
        ("yuv444p16le", 16),
    ],
)
def test_every_value_is_within_half_a_level(pixel_format: str, bits: int, matrix: str, is_full: bool) -> None:  # noqa: FBT001
    frame = random_frame(pixel_format, bits)
    exact = reference(frame_planes(frame), bits, matrix, is_full=is_full)
    eight = exact_bgr(frame, matrix, is_full=is_full, deep=False)
    assert eight.dtype == np.uint8
    assert np.abs(eight - exact * 255).max() <= 0.501
    deep = exact_bgr(frame, matrix, is_full=is_full, deep=True)
    assert deep.dtype == np.uint16
    assert np.abs(deep - exact * 65535).max() <= 0.6


def interlaced(frame: av.VideoFrame) -> av.VideoFrame:
    """The same frame with the mark that only FFmpeg can set."""
    graph = av.filter.Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 25)
    )
    mark, sink = graph.add("setfield", "tff"), graph.add("buffersink")
    source.link_to(mark)
    mark.link_to(sink)
    graph.configure()
    graph.push(frame)
    marked = graph.pull()
    assert isinstance(marked, av.VideoFrame)
    assert marked.interlaced_frame
    return marked


def test_fields_of_an_interlaced_picture_keep_to_themselves() -> None:
    frame = random_frame("yuv420p", 8)
    _, cb, _ = frame_planes(frame)
    rows = np.empty((HEIGHT, cb.shape[1]))
    for row in range(HEIGHT):
        field, line = row % 2, row // 2
        # H.264, figure 6-2: in lines of the field, its chroma lies at 2n + 1/4 or 2n + 3/4.
        place = (line - (0.25, 0.75)[field]) / 2
        samples = cb[field::2].astype(float).T
        first = int(np.floor(place))
        t = place - first
        weights = (
            (-(t**3) + 2 * t**2 - t) / 2,
            (3 * t**3 - 5 * t**2 + 2) / 2,
            (-3 * t**3 + 4 * t**2 + t) / 2,
            (t**3 - t**2) / 2,
        )
        last = samples.shape[1] - 1
        rows[row] = sum(
            w * samples[:, min(max(first + n, 0), last)] for w, n in zip(weights, (-1, 0, 1, 2), strict=True)
        )
    grown = exact_color._grown_down(cb.astype(np.float32), 2, by_field=True)  # noqa: SLF001 - the step alone
    # The last line of a field of an odd number of samples is the one above it once more.
    assert np.abs(grown[: HEIGHT - 2] - rows[: HEIGHT - 2]).max() < 0.01
    plain = exact_bgr(frame, "bt709", is_full=False, deep=True)
    fields = exact_bgr(interlaced(frame), "bt709", is_full=False, deep=True)
    assert not np.array_equal(plain, fields)
    full = random_frame("yuv444p", 8)
    assert np.array_equal(
        exact_bgr(full, "bt709", is_full=False, deep=True),
        exact_bgr(interlaced(full), "bt709", is_full=False, deep=True),
    )


@pytest.mark.parametrize(("packed", "planar"), [("nv12", "yuv420p"), ("yuyv422", "yuv422p")])
def test_where_components_lie_in_memory_makes_no_difference(packed: str, planar: str) -> None:
    frame = random_frame(planar, 8)
    same = frame.reformat(format=packed)
    expected = exact_bgr(frame, "bt709", is_full=False, deep=True)
    assert np.array_equal(exact_bgr(same, "bt709", is_full=False, deep=True), expected)


def test_ten_bits_in_the_high_bits_are_ten_bits() -> None:
    frame = random_frame("yuv420p10le", 10)
    expected = exact_bgr(frame, "bt709", is_full=False, deep=True)
    same = exact_bgr(frame.reformat(format="p010le"), "bt709", is_full=False, deep=True)
    assert np.array_equal(same, expected)


def test_rgb_is_kept_and_deep_rgb_is_scaled() -> None:
    rng = np.random.default_rng(4)
    rgb = rng.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    frame = av.VideoFrame.from_ndarray(rgb, "rgb24")
    assert np.array_equal(exact_bgr(frame, "bt709", is_full=True, deep=False), rgb[..., ::-1])
    assert np.array_equal(
        exact_bgr(frame, "bt709", is_full=True, deep=True), rgb[..., ::-1].astype(np.uint16) * 257
    )
    ten = random_frame("gbrp10le", 10)
    green, blue, red = (plane.astype(np.float64) for plane in frame_planes(ten))
    exact = np.stack([blue, green, red], -1) * (65535 / 1023)
    assert np.abs(exact_bgr(ten, "bt709", is_full=True, deep=True) - exact).max() <= 0.51


def test_sixteen_bit_rgb_is_kept_whole() -> None:
    rgb = np.random.default_rng(5).integers(0, 65536, (HEIGHT, WIDTH, 3), np.uint16)
    frame = av.VideoFrame.from_ndarray(rgb, "rgb48le")
    assert np.array_equal(exact_bgr(frame, "bt709", is_full=True, deep=True), rgb[..., ::-1])


@pytest.mark.parametrize(("pixel_format", "most"), [("gray", 255), ("gray10le", 1023)])
def test_grey_uses_all_its_values_as_on_screen(pixel_format: str, most: int) -> None:
    ramp = np.linspace(0, most, 64)[None].repeat(8, 0).astype(int)
    samples = ramp.astype(np.uint8) if most == 255 else ramp.astype(np.uint16)
    frame = av.VideoFrame.from_ndarray(samples, pixel_format)
    deep = exact_bgr(frame, "bt709", is_full=False, deep=True)
    assert np.abs(deep[..., 1] - ramp * (65535 / most)).max() <= 0.51


def test_odd_sizes_keep_their_last_row_and_column() -> None:
    frame = av.VideoFrame(5, 3, "yuv420p")
    for plane, value in zip(frame.planes, (145, 54, 34), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    bgr = exact_bgr(frame, "bt709", is_full=False, deep=False)
    assert bgr.shape == (3, 5, 3)
    assert (bgr == bgr[0, 0]).all()
