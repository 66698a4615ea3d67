"""What the scan found, summed up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope import open_video
from framescope.core.media.facts.measured import measure
from framescope.core.media.frame_order import order_frames
from tests.core.media.index_examples import TIME_BASE, closed_gops, packet_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_an_even_video() -> None:
    facts = measure(closed_gops())
    assert (facts.frame_count, facts.packet_count, facts.silent_packets) == (8, 8, 0)
    assert facts.keyframe_count == 2
    assert facts.duration_s == pytest.approx(8 / 25)
    assert facts.average_rate == pytest.approx(25)
    assert facts.last_start_s == pytest.approx(7 / 25)
    assert facts.rate_is_constant is True
    assert facts.first_pts == 0
    assert facts.size_bytes == sum(range(1000, 1008))
    assert facts.bit_rate == pytest.approx(facts.size_bytes * 8 * 25 / 8)
    assert facts.has_b_frames is True


def test_an_uneven_video() -> None:
    facts = measure(order_frames(packet_table([0, 1, 5, 6], [0]), TIME_BASE))
    assert facts.rate_is_constant is False
    assert facts.shortest_step_s == pytest.approx(1 / 25)
    assert facts.longest_step_s == pytest.approx(4 / 25)


def test_rounding_to_the_time_base_is_not_unevenness() -> None:
    facts = measure(order_frames(packet_table([0, 33, 67, 100, 133], [0]), TIME_BASE))
    assert facts.rate_is_constant is True


def test_packets_without_a_frame_are_counted() -> None:
    facts = measure(order_frames(packet_table([0, 1, 2, 3], [0], discarded=[1]), TIME_BASE))
    assert (facts.frame_count, facts.packet_count, facts.silent_packets) == (3, 4, 1)


@pytest.mark.parametrize("pts", [[], [7], [None, None, None]])
def test_where_nothing_can_be_timed(pts: list[int | None]) -> None:
    facts = measure(order_frames(packet_table(pts, [0] if pts else []), TIME_BASE))
    assert facts.frame_count == len(pts)
    assert facts.duration_s is None
    assert facts.average_rate is None
    assert facts.bit_rate is None
    assert facts.rate_is_constant is None


def test_b_frames_are_found_by_type() -> None:
    assert (
        measure(order_frames(packet_table([0, 2, 1], [0], codes=[1, 2, 3]), TIME_BASE)).has_b_frames is True
    )
    assert (
        measure(order_frames(packet_table([0, 1, 2], [0], codes=[1, 2, 2]), TIME_BASE)).has_b_frames is False
    )


def test_a_clip(clip: Callable[[str], Path]) -> None:
    with open_video(clip("vfr.mp4"), use_index_cache=False) as video:
        facts = measure(video.index)
    assert facts.rate_is_constant is False
    assert facts.longest_step_s == pytest.approx(0.4, abs=0.002)
    assert facts.complete


def test_packets_of_one_size_are_told() -> None:
    index = closed_gops()
    assert measure(index).packet_bytes is None
    sizes = np.full(len(index.packet_sizes), 700, np.int32)
    assert measure(replace(index, packet_sizes=sizes)).packet_bytes == 700
