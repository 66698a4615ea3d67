"""Lanes have names, scales and words, and say where a video has no such values."""

from __future__ import annotations

import math

import pytest

from framescope.core.model.stream_facts import LIVE_CONTAINER, SEQUENCE_CONTAINER
from framescope.ui.lanes.catalog import LANES, Source, from_zero, in_fives, of_codes, why_no_lane
from framescope.ui.widgets.theme import DARK
from tests.ui.stand_ins import make_info


def test_names_and_places_are_their_own() -> None:
    assert len({lane.name for lane in LANES}) == len({lane.title for lane in LANES}) == len(LANES)
    for source in Source:
        places = sorted(lane.place for lane in LANES if lane.source is source)
        assert places == list(range(len(places)))
    assert all(hasattr(DARK, lane.color) for lane in LANES)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (from_zero(3, 487_000), (0, 500_000)),
        (from_zero(0, 1.2), (0, 1.2)),
        (from_zero(0, 0), (0, 1)),
        (of_codes(16, 235), (0, 255)),
        (of_codes(16, 255), (0, 255)),
        (of_codes(64, 256), (0, 1023)),
        (of_codes(0, 65_535), (0, 65_535)),
        (in_fives(21, 48), (20, 50)),
    ],
)
def test_scales_are_round(span: tuple[float, float], expected: tuple[float, float]) -> None:
    assert span == pytest.approx(expected)


def test_values_have_units() -> None:
    words = {lane.name: lane.words for lane in LANES}
    assert words["bit_rate"](487_000) == "487 kbit/s"
    assert words["buffer"](0.456) == "46 %"
    assert words["psnr_db"](38.25) == "38.2 dB"
    assert words["psnr_db"](math.inf) == "equal"
    assert words["luma_mean"](101.234) == "101.2"


def test_why_there_is_none() -> None:
    by_source = {lane.source: lane for lane in LANES}
    assert {why_no_lane(lane, make_info()) for lane in LANES} == {""}
    hevc, vp8 = make_info(codec="hevc"), make_info(codec="vp8")
    assert "hevc" in why_no_lane(by_source[Source.BLOCKS], hevc)
    assert not why_no_lane(by_source[Source.BUFFER], hevc)
    assert "H.264" in why_no_lane(by_source[Source.BUFFER], vp8)
    assert "quantisers" in why_no_lane(by_source[Source.BLOCKS], make_info(codec="h261"))
    assert "packets" in why_no_lane(by_source[Source.INDEX], make_info(container=SEQUENCE_CONTAINER))
    live = make_info(container=LIVE_CONTAINER)
    assert all(why_no_lane(lane, live) for lane in LANES)
