"""A small lossless store and sessions on it, for the tests of the fragment panel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.fragments.source_record import describe_store
from framescope.core.fragments.sweep import Sweep, SweepPoint
from framescope.ui.panels.fragments.source import FragmentTables
from tests.core.fragments.fragment_examples import small_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.fragments.geometry import Region
    from framescope.core.model.stream_facts import VideoInfo


def small_tables(path: Path, region: Region | None = None) -> FragmentTables:
    """The tables of the small manifest: two tiles, runs of 3 and 2 frames, frame 3 missing."""
    bits = np.array([[1040, 1048], [440, 440]], np.int64)
    return FragmentTables(str(path), path, small_manifest(), region, bits, np.array([0, 4]))


def small_info(path: Path) -> VideoInfo:
    """The facts that such a store opens with."""
    return replace(describe_store(small_manifest(), path, None, str(path)))


def small_sweep() -> Sweep:
    """Two grids, each with two run lengths."""
    points = tuple(
        SweepPoint(f"{n} × {n} tiles", 10 * m, n * n, 1000 * n, 100.0 * n * m, 0.1 * n, 5000.0 / n, 3.0, 40.0)
        for n in (1, 2)
        for m in (1, 2)
    )
    return Sweep(10, "h264", 23, SweepPoint("one stream", 0, 1, 900, 90.0, 0.0, 9000.0, 5.0, 41.0), points)
