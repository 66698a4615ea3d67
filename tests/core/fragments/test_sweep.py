"""A sweep over ways of cutting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope import open_video
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.sweep import Sweep, SweepPoint, name_of, sweep
from tests.core.fragments.fragment_examples import LOSSLESS, split_clip

if TYPE_CHECKING:
    from pathlib import Path


def point(name: str, length: int, bits: int, access: float, overhead: float) -> SweepPoint:
    return SweepPoint(name, length, 4, bits, bits / 10, overhead, access, 5.0, 40.0)


def test_every_way_is_really_encoded(plain_clip: Path, tmp_path: Path) -> None:
    settings = replace(LOSSLESS, codec=FragmentCodec.H264, most_frames=24)
    with open_video(plain_clip, use_index_cache=False) as video:
        found = sweep(video, settings, grids=(Grid(1, 1), Grid(2, 3)), runs=(12, 60))
    assert [(one.grid_words, one.run_length) for one in found.points] == [
        ("1 × 1 tiles", 12),
        ("2 × 3 tiles", 12),
    ]
    straight = split_clip(plain_clip, tmp_path / "store", settings).manifest
    assert found.points[1].bits == straight.size_bytes * 8
    assert found.points[1].overhead == pytest.approx(found.points[1].bits / found.undivided.bits - 1)
    # The middle quarter of 2 × 3 tiles meets all six: a frame takes its whole run.
    runs = [sum(one.size_bytes for one in run.fragments) for run in straight.runs]
    assert found.points[1].access_bytes == pytest.approx(sum(runs) / 2)
    assert found.points[1].access_frames == pytest.approx(6.5)
    assert found.frames == 24


def test_the_best_are_those_that_nothing_beats() -> None:
    undivided = point("one stream", 0, 100, 90.0, 0.0)
    cheap, dear, useless = (
        point("a", 30, 110, 50.0, 0.1),
        point("b", 6, 200, 20.0, 1.0),
        point("c", 6, 210, 95.0, 1.1),
    )
    found = Sweep(10, "h264", 23, undivided, (dear, useless, cheap))
    assert found.best == (undivided, cheap, dear)
    words = " ".join(found.words)
    assert "A good compromise: a × 30 frames, +10% bits" in words
    assert "1 of 3 settings cost more bits without saving bytes" in words
    assert name_of(undivided) == "one stream"


def test_a_video_for_which_fragments_are_dear() -> None:
    found = Sweep(10, "h264", 23, point("one stream", 0, 100, 90.0, 0.0), (point("b", 6, 200, 20.0, 1.0),))
    assert "fragments are expensive" in " ".join(found.words)
