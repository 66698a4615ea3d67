"""Claimed times are held to true ones."""

from __future__ import annotations

import math

import numpy as np
import pytest

from framescope.core.timing.errors import claimed_errors, nominal_errors
from tests.core.timing.made_index import index_of


def test_a_constant_rate_has_no_error() -> None:
    found = nominal_errors(index_of(*range(500, 2500, 40)), 25.0)
    assert found.worst_ms == pytest.approx(0, abs=1e-6)
    assert (found.worst_frames, found.wrong_frames) == (0, 0)


def test_a_varying_rate_has_one() -> None:
    found = nominal_errors(index_of(0, 40, 80, 400, 440), 25.0)
    assert found.worst_frame == 3
    assert found.worst_ms == pytest.approx(-280)
    # At 120 ms and 160 ms, frame 2 is still on screen.
    assert found.frames.tolist() == [0, 0, 0, -1, -2]
    assert (found.worst_frames, found.wrong_frames) == (-2, 2)
    assert found.source == "n / 25"


def test_claims_may_be_fewer_or_missing() -> None:
    found = claimed_errors(index_of(0, 40, None, 120), np.array([0.0, np.nan, 0.08]), "POS_MSEC")
    assert found.worst_ms == 0
    assert np.isfinite(found.seconds).tolist() == [True, False, False, False]
    longer = claimed_errors(index_of(0, 40), np.array([0.0, 0.04, 0.08]), "POS_MSEC")
    assert len(longer.seconds) == 2


def test_without_times_nothing_is_known() -> None:
    for found in (nominal_errors(index_of(None, None), 25.0), nominal_errors(index_of(0, 40), 0.0)):
        assert found.worst_frame is None
        assert math.isnan(found.worst_ms)
        assert found.wrong_frames == 0


def test_frames_of_one_time_are_no_error() -> None:
    found = claimed_errors(index_of(0, 40, 40, 80), np.array([0.0, 0.04, 0.04, 0.08]), "POS_MSEC")
    assert found.wrong_frames == 0
