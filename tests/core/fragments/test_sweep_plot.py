"""The drawing of a sweep."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from framescope.core.fragments.sweep import Sweep, SweepPoint
from framescope.core.fragments.sweep_plot import axis_range, share, sweep_svg, ticks


def test_every_way_has_its_mark_and_words() -> None:
    points = tuple(
        SweepPoint(f"{n} × {n} tiles", 10 * n, n * n, 1000 * n, 100.0 * n, 0.1 * n, 5000.0 / n, 3.0, 40.0)
        for n in (1, 2, 3)
    )
    undivided = SweepPoint("one stream", 0, 1, 900, 90.0, 0.0, 9000.0, 5.0, 41.0)
    svg = sweep_svg(Sweep(10, "h264", 23, undivided, points))
    root = ElementTree.fromstring(svg)
    titles = [one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[1] == "2 × 2 tiles × 20 frames: +20% bits, PSNR 40.0 dB"
    assert len(titles) == 3
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "one stream" in texts


def test_axes_are_round_and_begin_at_nothing() -> None:
    assert axis_range([50.0, 100.0]) == pytest.approx((0.0, 108.0))
    assert ticks(0, 108) == [0, 20, 40, 60, 80, 100]
    assert ticks(0, 0.9) == [0, 0.2, 0.4, 0.6, 0.8]
    assert share(54, (0, 108)) == 0.5
