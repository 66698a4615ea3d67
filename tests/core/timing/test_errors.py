"""Claimed times are held to the true ones, in milliseconds and in frames."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from framescope.core.media.frame_order import order_frames
from framescope.core.media.index import NO_PTS, FrameIndex
from framescope.core.timing.errors import claimed_errors, nominal_errors
from tests.core.media.index_examples import TIME_BASE, closed_gops, packet_table


def shown_at(*ticks: int) -> FrameIndex:
    """Frames shown at these 25ths of a second."""
    return order_frames(packet_table(list(ticks), [0]), TIME_BASE)


def test_the_right_rate_is_never_wrong() -> None:
    errors = nominal_errors(closed_gops(), 25.0)
    assert errors.source == "n / 25"
    assert np.abs(errors.seconds).max() < 1e-12
    assert (errors.wrong_frames, errors.worst_frames) == (0, 0)


def test_a_gap_makes_every_later_frame_early() -> None:
    errors = nominal_errors(shown_at(0, 1, 2, 3, 6, 7, 8, 9), 25.0)
    assert errors.seconds * 25 == pytest.approx([0, 0, 0, 0, -2, -2, -2, -2])
    # Tick 4 and tick 5 still show frame 3; tick 6 shows frame 4, and tick 7 frame 5.
    assert errors.frames.tolist() == [0, 0, 0, 0, -1, -2, -2, -2]
    assert (errors.wrong_frames, errors.worst_frames) == (4, -2)
    assert errors.worst_ms == pytest.approx(-80)


def test_the_worst_frame_is_named_with_its_sign() -> None:
    errors = claimed_errors(shown_at(0, 1, 2), np.array([0.0, 0.14, 0.02]), "a clock")
    assert errors.worst_frame == 1
    assert errors.worst_ms == pytest.approx(100)
    assert errors.frames.tolist() == [0, 1, -1]


def test_a_claim_before_the_first_frame_leads_to_the_first() -> None:
    assert claimed_errors(shown_at(0, 1, 2), np.array([0.0, -1.0, 0.08]), "x").frames.tolist() == [0, -1, 0]


def test_less_than_half_a_tick_is_rounding() -> None:
    errors = claimed_errors(shown_at(0, 1, 2), np.array([0.0, 0.021, 0.098]), "x")
    assert errors.frames.tolist() == [0, 0, 0]
    assert errors.worst_ms == pytest.approx(-19)


def test_frames_of_one_time_are_no_fault_of_the_claim() -> None:
    errors = claimed_errors(shown_at(0, 1, 1, 2), np.array([0, 0.04, 0.04, 0.08]), "x")
    assert errors.wrong_frames == 0


def test_frames_that_go_back_are_found_by_time() -> None:
    index = replace(shown_at(0, 1, 2), pts=np.array([0, 2, 1]))
    errors = claimed_errors(index, np.array([0.0, 0.04, 0.04]), "x")
    assert errors.frames.tolist() == [0, 1, 0]


def test_fewer_and_more_claims_than_frames() -> None:
    few = claimed_errors(shown_at(0, 1, 2), np.array([0.0, 0.05]), "x")
    assert np.isnan(few.seconds).tolist() == [False, False, True]
    assert np.isnan(few.frames).tolist() == [False, False, True]
    many = claimed_errors(shown_at(0, 1), np.array([0.0, 0.04, 9.0]), "x")
    assert len(many.seconds) == 2
    assert many.worst_frames == 0


def test_frames_without_a_time_have_no_error() -> None:
    index = replace(shown_at(0, 1, 2), pts=np.array([0, NO_PTS, 2]))
    errors = nominal_errors(index, 50.0)
    assert math.isnan(errors.seconds[1])
    assert errors.worst_frame == 2
    assert errors.worst_ms == pytest.approx(-40)


@pytest.mark.parametrize("rate", [0.0, -1.0])
def test_no_rate_is_no_claim(rate: float) -> None:
    errors = nominal_errors(shown_at(0, 1), rate)
    assert errors.worst_frame is None
    assert math.isnan(errors.worst_ms)
    assert (errors.worst_frames, errors.wrong_frames) == (0, 0)


def test_an_empty_index_has_no_errors() -> None:
    index = order_frames(packet_table([], []), TIME_BASE)
    errors = nominal_errors(index, 25.0)
    assert (errors.worst_frame, errors.worst_frames, errors.wrong_frames) == (None, 0, 0)
