"""The difference of two pictures, against the same arithmetic by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from framescope.core.compare.choices import DifferenceLook
from framescope.core.compare.difference_picture import difference_picture
from framescope.core.compare.space import Comparable


def pair(*, peak: int = 255) -> Comparable:
    kind: type[np.uint8 | np.uint16] = np.uint8 if peak == 255 else np.uint16
    a = np.array([[10, 20, 30, 40], [50, 60, 70, 80]], kind)
    b = np.array([[10, 23, 30, 40], [49, 60, 70, 20]], kind)
    first, second = np.array([[100, 90]], kind), np.array([[100, 95]], kind)
    planes: tuple[Any, Any] = (a, first, first), (b, second, first)
    return Comparable(("Y", "U", "V"), *planes, peak, "made up")


def test_a_plane_is_the_absolute_difference_times_the_gain() -> None:
    found = difference_picture(pair(), DifferenceLook(gain=4, plane="Y"))
    assert found.grey.tolist() == [[0, 12, 0, 0], [4, 0, 0, 240]]
    assert (found.largest, found.plane, found.peak) == (60, "Y", 255)
    assert found.share == pytest.approx(3 / 8)


def test_a_signed_difference_is_around_middle_grey() -> None:
    found = difference_picture(pair(), DifferenceLook(gain=2, plane="Y", is_signed=True))
    # 60 × 2 above the middle, −3 × 2 below.
    assert found.grey.tolist() == [[128, 122, 128, 128], [130, 128, 128, 248]]


def test_all_planes_show_the_largest_with_smaller_planes_repeated() -> None:
    found = difference_picture(pair(), DifferenceLook(gain=1))
    # U differs by 5 in its right half, which is the right half of the picture.
    assert found.grey.tolist() == [[0, 3, 5, 5], [1, 0, 5, 60]]
    assert found.largest == 60
    assert found.share == pytest.approx((3 + 1) / 12)


def test_the_largest_keeps_its_sign() -> None:
    found = difference_picture(pair(), DifferenceLook(gain=1, is_signed=True))
    assert found.grey.tolist() == [[128, 125, 123, 123], [129, 128, 123, 188]]


def test_deep_samples_are_scaled_to_the_screen_but_reported_as_they_are() -> None:
    found = difference_picture(pair(peak=1023), DifferenceLook(gain=64, plane="Y"))
    expected = [[round(64 * d * 255 / 1023) for d in row] for row in ([0, 3, 0, 0], [1, 0, 0, 0])]
    expected[1][3] = 255
    assert found.grey.tolist() == expected
    assert found.largest == 60


def test_a_plane_that_is_not_there_means_all() -> None:
    assert difference_picture(pair(), DifferenceLook(plane="R")).plane == ""
