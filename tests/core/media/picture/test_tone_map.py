"""HDR to SDR, compared with the figures of the standards."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.media.picture.tone_map import (
    SOURCE_PEAK,
    TARGET_PEAK,
    hlg_to_scene,
    light_to_pq,
    pq_to_light,
    rolled_off,
    tone_mapped,
)

TRANSFERS = ["smpte2084", "arib-std-b67"]


def grey(value: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    return np.full((2, 2, 3), round(value * 65535), np.uint16)


@pytest.mark.parametrize(
    ("value", "light"),
    # ITU-R BT.2408-4, table 1 and annex: PQ signal level of some lights.
    [(0.0, 0.0), (0.5081, 100.0), (0.5806, 203.0), (0.7518, 1000.0), (0.9026, 4000.0), (1.0, 10_000.0)],
)
def test_pq_gives_the_standards_light(value: float, light: float) -> None:
    assert float(pq_to_light(np.array(value))) == pytest.approx(light, rel=2e-3, abs=1e-6)
    assert float(light_to_pq(np.array(light))) == pytest.approx(value, abs=1e-4)


def test_hlg_gives_the_standards_light() -> None:
    # BT.2100-2, table 5: the two halves of the curve meet at 1/12, and 1 is the peak.
    assert hlg_to_scene(np.array([0.0, 0.5, 1.0])) == pytest.approx([0, 1 / 12, 1], abs=1e-6)


def test_highlights_are_rolled_off_and_shadows_kept() -> None:
    light = np.linspace(0, SOURCE_PEAK, 2000)
    mapped = rolled_off(light)
    assert np.all(np.diff(mapped) >= 0)
    assert mapped[-1] == pytest.approx(TARGET_PEAK, rel=1e-3)
    assert np.allclose(mapped[light < 20], light[light < 20], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("transfer", TRANSFERS)
def test_black_white_and_greys_stay_grey(transfer: str) -> None:
    values = [
        int(tone_mapped(grey(value), transfer, is_wide=True, deep=False)[0, 0, 1])
        for value in (0, 0.2, 0.4, 0.6, 0.7)
    ]
    assert values[0] == 0
    assert values == sorted(set(values))
    peak = 0.7518 if transfer == "smpte2084" else 1.0
    white = tone_mapped(grey(peak), transfer, is_wide=True, deep=True)
    assert white.dtype == np.uint16
    assert white.min() >= 65535 * 0.995
    middle = tone_mapped(grey(0.5), transfer, is_wide=True, deep=False).astype(int)
    assert np.ptp(middle) <= 1


def test_a_dim_grey_keeps_its_light() -> None:
    # 10 cd/m² where 203 are white, on an sRGB screen (IEC 61966-2-1).
    value = float(light_to_pq(np.array(10.0)))
    expected = 255 * (1.055 * (10 / TARGET_PEAK) ** (1 / 2.4) - 0.055)
    mapped = tone_mapped(grey(value), "smpte2084", is_wide=True, deep=False)
    assert abs(int(mapped[0, 0, 0]) - expected) <= 1


def test_a_colour_of_bt709_inside_bt2020_comes_back_as_itself() -> None:
    # Red of BT.709 at 50 cd/m², in BT.2020 (BT.2087-0, 2): 0.6274, 0.0691, 0.0164.
    red = light_to_pq(50 * np.array([0.0164, 0.0691, 0.6274]))
    pixels = np.broadcast_to(np.rint(red * 65535).astype(np.uint16), (2, 2, 3))
    blue, green, red8 = tone_mapped(np.ascontiguousarray(pixels), "smpte2084", is_wide=True, deep=False)[0, 0]
    assert max(blue, green) <= 3
    assert red8 > 110
    kept = tone_mapped(np.ascontiguousarray(pixels), "smpte2084", is_wide=False, deep=False)[0, 0]
    assert kept[1] > 20
