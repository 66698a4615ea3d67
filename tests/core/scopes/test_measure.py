"""Scopes count the decoded samples: by value, by column and level, and by colour."""

from __future__ import annotations

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace

from framescope.core.media.picture.components import ComponentPlane, component_planes
from framescope.core.scopes.measure import PicturePart, bar_targets, legal_range, measure_scopes

WIDTH, HEIGHT = 512, 64
_BARS = {"R": (191, 0, 0), "Mg": (191, 0, 191), "B": (0, 0, 191), "Cy": (0, 191, 191)}
_BARS |= {"G": (0, 191, 0), "Yl": (191, 191, 0)}


def grey(values: np.ndarray, pixel_format: str = "yuv420p") -> tuple[tuple[ComponentPlane, ...], np.ndarray]:
    """A frame with this luma and no colour, and its RGB, in which all channels are its luma."""
    rows, columns = values.shape
    frame = av.VideoFrame(columns, rows, pixel_format)
    deep = "10" in pixel_format
    for place, plane in enumerate(frame.planes):
        kind = np.uint16 if deep else np.uint8
        samples = np.asarray(memoryview(plane).cast("B")).view(kind).reshape(plane.height, -1)
        samples[:, : plane.width] = values if not place else 512 if deep else 128
    rgb = np.repeat((values >> (2 if deep else 0)).astype(np.uint8)[..., None], 3, axis=2)
    return component_planes(frame), rgb


@pytest.mark.parametrize(("pixel_format", "bits"), [("yuv420p", 8), ("yuv420p10le", 10)])
def test_levels_are_counted_at_their_own_depth(pixel_format: str, bits: int) -> None:
    values = np.random.default_rng(3).integers(0, 1 << bits, (HEIGHT, WIDTH), np.int64)
    scopes = measure_scopes(*grey(values, pixel_format), is_full_range=False)
    levels = scopes.levels[0]
    assert (levels.name, levels.bits, levels.legal) == ("Y", bits, legal_range(bits))
    assert np.array_equal(levels.counts, np.bincount(values.ravel(), minlength=1 << bits))
    low, high = legal_range(bits)
    assert levels.outside == pytest.approx(((values < low).mean(), (values > high).mean()))
    assert levels.mean == pytest.approx(values.mean())
    assert levels.span == (values.min(), values.max())


def test_a_full_range_is_clipped_at_its_ends() -> None:
    values = np.full((HEIGHT, WIDTH), 100)
    values[:16], values[16:24] = 0, 255
    levels = measure_scopes(*grey(values), is_full_range=True).levels[0]
    assert levels.legal is None
    assert levels.outside == (0.25, 0.125)


def test_a_waveform_has_each_column_at_its_level() -> None:
    ramp = np.repeat(np.arange(WIDTH)[None] // 2, HEIGHT, axis=0)
    scopes = measure_scopes(*grey(ramp), is_full_range=True)
    assert scopes.waveform is not None
    assert scopes.waveform.sum() == WIDTH * HEIGHT
    # Two columns of the picture in each of the waveform's, both of the same level.
    assert np.array_equal(scopes.waveform, np.eye(256, dtype=np.int64) * 2 * HEIGHT)
    assert np.array_equal(scopes.parade, np.stack([scopes.waveform] * 3))


def test_a_region_counts_alone() -> None:
    values = np.full((HEIGHT, WIDTH), 30)
    values[HEIGHT // 2 :, WIDTH // 4 : WIDTH // 2] = 200
    components, rgb = grey(values)
    part = measure_scopes(components, rgb, is_full_range=True, region=PicturePart(0.25, 0.5, 0.5, 1.0))
    assert part.levels[0].span == (200, 200)
    assert part.levels[0].counts.sum() == HEIGHT // 2 * WIDTH // 4
    assert part.vectors is not None
    assert part.vectors.sum() == HEIGHT // 4 * WIDTH // 8
    # One sample at least, however small it is.
    least = measure_scopes(components, rgb, is_full_range=True, region=PicturePart(0.9999, 0.9999, 1, 1))
    assert least.levels[0].counts.sum() == 1


@pytest.mark.parametrize(
    ("matrix", "number"), [("bt709", Colorspace.ITU709), ("smpte170m", Colorspace.ITU601)]
)
@pytest.mark.parametrize("is_full", [False, True])
def test_colour_bars_lie_in_their_boxes(matrix: str, number: Colorspace, is_full: bool) -> None:  # noqa: FBT001
    for name, color in _BARS.items():
        rgb = np.full((HEIGHT, WIDTH, 3), color, np.uint8)
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
            format="yuv444p",
            dst_colorspace=int(number),
            dst_color_range=int(ColorRange.JPEG if is_full else ColorRange.MPEG),
        )
        vectors = measure_scopes(component_planes(frame), rgb, is_full_range=is_full).vectors
        assert vectors is not None
        row, column = np.unravel_index(int(vectors.argmax()), vectors.shape)
        blue, red = bar_targets(matrix, is_full_range=is_full)[name]
        assert column == pytest.approx(128 + 256 * blue, abs=2)
        assert row == pytest.approx(128 + 256 * red, abs=2)


def test_formats_without_luma_show_their_colours() -> None:
    rgb = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    rgb[..., 0], rgb[..., 1] = 10, 250
    components = component_planes(av.VideoFrame.from_ndarray(rgb, format="rgb24"))
    scopes = measure_scopes(components, rgb, is_full_range=False)
    assert [(one.name, one.span, one.legal) for one in scopes.levels] == [
        ("R", (10, 10), None),
        ("G", (250, 250), None),
        ("B", (0, 0), None),
    ]
    assert scopes.waveform is None
    assert scopes.vectors is None
