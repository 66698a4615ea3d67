"""``framescope stats``: a row for every frame, and a summary."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def test_rows_are_those_of_the_frames(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    rows = list(csv.DictReader(framescope("stats", plain_clip, "--csv").out.splitlines()))
    table = json.loads(framescope("stats", plain_clip, "--json").out)["frames"]
    with open_video(plain_clip) as video:
        means = [float(frame.planes()[0].mean()) for frame in video]
    assert [float(row["luma_mean"]) for row in rows] == pytest.approx(means, abs=1e-3)
    assert [row["luma_mean"] for row in table] == pytest.approx(means, abs=1e-3)
    assert rows[0]["difference"] == ""
    assert table[0]["difference"] is None


def test_a_summary_names_where_much_changes(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    text = framescope("stats", plain_clip).out
    # The clip's scene changes halfway.
    changed = next(line for line in text.splitlines() if "most changed" in line)
    assert "24" in changed
    assert "48" in text
