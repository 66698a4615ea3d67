"""PSNR, SSIM and differences, against figures that scikit-image 0.26 gave for the same pictures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from framescope.core.export.quality.measure import difference_map, fidelity, peak_of, psnr, ssim

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.export.quality.measure import Pixels

# height, width, bits, amount of noise → peak_signal_noise_ratio of all channels; structural_similarity of the
# second channel with gaussian_weights=True, sigma=1.5, use_sample_covariance=False.
REFERENCE = (
    (64, 96, 8, 6, 36.719883325296486, 0.9606232546545876),
    (300, 70, 8, 40, 21.109576955565103, 0.7816547841176884),
    (41, 41, 16, 900, 42.04189494930574, 0.970023080250525),
    (11, 11, 8, 9, 33.30805391388257, 0.655526347107026),
)


def picture(height: int, width: int, bits: int) -> Pixels:
    y, x = np.mgrid[0:height, 0:width]
    channels = (x * 3 + y * 2 + 3, x * y // 7 + 15, ((x - 20) ** 2 + (y - 30) ** 2) // 9)
    base = np.stack(channels, -1) % 256
    if bits == 8:
        return cast("Pixels", base.astype(np.uint8))
    return cast("Pixels", (base * 257 - base % 7 * 31).clip(0, 65535).astype(np.uint16))


def noisy(pixels: Pixels, amount: int) -> Pixels:
    y, x, channel = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1], 0:3]
    noise = (x * 7919 + y * 104729 + channel * 1299709) % (2 * amount + 1) - amount
    return cast("Pixels", (pixels.astype(np.int64) + noise).clip(0, peak_of(pixels)).astype(pixels.dtype))


@pytest.mark.parametrize("known", REFERENCE)
def test_figures_are_those_of_an_independent_program(
    known: tuple[int, int, int, int, float, float],
) -> None:
    height, width, bits, amount, decibels, similarity = known
    original = picture(height, width, bits)
    decoded = noisy(original, amount)
    assert psnr(original, decoded) == pytest.approx(decibels, abs=1e-9)
    assert ssim(original[..., 1], decoded[..., 1]) == pytest.approx(similarity, abs=1e-5)


def test_psnr_is_what_the_formula_says() -> None:
    original = np.full((20, 30, 3), 100, np.uint8)
    off_by_one = original + np.uint8(1)
    assert psnr(original, off_by_one) == pytest.approx(20 * math.log10(255))
    # One channel of three is off: a third of the squared error.
    one_channel = original.copy()
    one_channel[..., 0] += 1
    assert psnr(original, one_channel) == pytest.approx(20 * math.log10(255) + 10 * math.log10(3))


def test_sixteen_bits_have_their_own_peak() -> None:
    original = np.full((12, 12, 3), 30_000, np.uint16)
    assert psnr(original, original + np.uint16(257)) == pytest.approx(20 * math.log10(255))
    assert peak_of(original) == 65_535


def test_equal_pictures_are_exact() -> None:
    original = picture(50, 40, 8)
    assert psnr(original, original.copy()) == math.inf
    assert ssim(original, original.copy()) == 1.0
    found = fidelity(original, original.copy())
    assert (found.psnr_db, found.ssim, found.largest_difference, found.is_exact) == (math.inf, 1.0, 0, True)


def test_all_three_at_once() -> None:
    original = picture(50, 40, 16)
    decoded = noisy(original, 700)
    found = fidelity(original, decoded)
    assert found.psnr_db == psnr(original, decoded)
    assert found.ssim == ssim(original, decoded)
    assert found.largest_difference == np.abs(original.astype(int) - decoded.astype(int)).max()
    assert not found.is_exact


def test_strips_do_not_show() -> None:
    """A picture taller than a strip, worked out a second time plainly, in double precision and one piece."""
    original = picture(700, 33, 8)[..., 0]
    decoded = noisy(picture(700, 33, 8), 25)[..., 0]
    assert ssim(original, decoded) == pytest.approx(plain_ssim(original, decoded), abs=1e-6)


def plain_ssim(original: Pixels, decoded: Pixels) -> float:
    """The paper's formula, window by window."""
    offsets = np.arange(11) - 5
    weights = np.exp(-(offsets**2) / (2 * 1.5**2))
    window = np.outer(weights, weights) / weights.sum() ** 2
    x = np.lib.stride_tricks.sliding_window_view(original.astype(np.float64), (11, 11))
    y = np.lib.stride_tricks.sliding_window_view(decoded.astype(np.float64), (11, 11))

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return cast("NDArray[np.float64]", np.einsum("ijkl,kl->ij", values, window))

    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx**2, mean(y * y) - my**2, mean(x * y) - mx * my
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    every = (2 * mx * my + c1) * (2 * cov + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
    return float(every.mean())


def test_a_picture_smaller_than_the_window_has_no_ssim() -> None:
    original = picture(10, 200, 8)
    assert math.isnan(ssim(original, noisy(original, 3)))
    assert math.isnan(fidelity(original, original).ssim)


@pytest.mark.parametrize("bits", [8, 16])
def test_a_difference_is_the_largest_of_the_channels(bits: int) -> None:
    original = picture(30, 20, bits)
    decoded = noisy(original, 50)
    expected = np.abs(original.astype(np.int64) - decoded.astype(np.int64)).max(axis=2)
    found = difference_map(original, decoded)
    assert found.dtype == original.dtype
    assert np.array_equal(found, expected)
    assert np.array_equal(
        difference_map(original[..., 0], decoded[..., 0]),
        np.abs(original[..., 0].astype(np.int64) - decoded[..., 0].astype(np.int64)),
    )


def test_what_does_not_belong_together_is_refused() -> None:
    original = picture(30, 20, 8)
    for other in (original[:-1], original.astype(np.uint16), original[..., 0]):
        for measure in (psnr, ssim, difference_map, fidelity):
            with pytest.raises(ValueError, match="cannot be compared"):
                measure(original, other)
