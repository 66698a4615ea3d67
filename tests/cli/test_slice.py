"""``framescope slice``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import SplitSettings, split
from framescope.core.fragments.store import FragmentStore
from framescope.core.source.opening import open_video
from tests.core.spacetime.moving_bar import BAR, HEIGHT, SPEED, WIDTH, write_bars

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def test_a_row_of_a_moving_bar(framescope: Callable[..., Answer], tmp_path: Path) -> None:
    video = write_bars(tmp_path / "a.mkv", range(20))
    out = tmp_path / "a.png"
    answer = framescope("slice", video, out, "--row", 20, "--in", 5, "--out", 14)
    assert answer.status == 0
    assert answer.out == "a.png: 10 × 96 pixels, 8 bits; axes in a.png.json\n"
    picture = np.asarray(Image.open(out))
    position, frame = np.indices((WIDTH, 10))
    is_bar = (position >= SPEED * (frame + 5)) & (position < SPEED * (frame + 5) + BAR)
    assert np.array_equal(picture[..., 1], np.where(is_bar, 255, 30))
    again = framescope("slice", video, out, "--row", 20)
    assert again.status == 1
    assert "already exists" in again.err


def test_time_down_by_time_as_json(framescope: Callable[..., Answer], tmp_path: Path) -> None:
    video = write_bars(tmp_path / "a.mkv", range(4), [0, 40, 120, 160])
    out = tmp_path / "a.npy"
    options = ["--column", 1, "--time", "down", "--spacing", "time", "--json"]
    answer = framescope("slice", video, out, *options)
    table = json.loads(answer.out)
    assert np.load(out).shape == (5, HEIGHT, 3)
    assert (table["width"], table["height"], table["frames"]) == (HEIGHT, 5, 4)
    assert table["tiles"] is None


def test_what_a_store_saves_and_lacks_is_said(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    with open_video(plain_clip) as video:
        settings = SplitSettings(Grid(3, 4), RunRule(length=16), FragmentCodec.FFV1)
        split(video, tmp_path / "store", settings)
    whole = framescope("slice", tmp_path / "store", tmp_path / "a.png", "--row", 60)
    assert whole.status == 0
    assert "Read 4 of 12 tiles, " in whole.out
    with FragmentStore(tmp_path / "store") as store:
        for fragment in store.manifest.runs[1].fragments:
            (store.path / fragment.name).unlink()
    part = framescope("slice", tmp_path / "store", tmp_path / "b.png", "--row", 60)
    assert part.status == 1
    assert "frame 16: " in part.err
    assert "and 6 other frames" in part.err
