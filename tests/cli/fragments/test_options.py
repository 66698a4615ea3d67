"""Options of the fragment commands."""

from __future__ import annotations

import click
import pytest

from framescope.cli.fragments.options import GridType, RangeType, TileType, frame_range, split_settings
from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import RunCuts


def test_grids_and_tiles() -> None:
    assert GridType().convert("3x4", None, None) == Grid(3, 4)
    assert GridType().convert("2×5", None, None) == Grid(2, 5)
    assert TileType().convert("256x128", None, None) == Grid(tile_width=256, tile_height=128)
    for text in ("3", "0x1", "ax3"):
        with pytest.raises(click.BadParameter):
            GridType().convert(text, None, None)


def test_ranges_of_frames() -> None:
    def read(text: str) -> slice:
        return RangeType().convert(text, None, None)

    assert frame_range(None, 10) == range(10)
    assert frame_range(read("2:5"), 10) == range(2, 5)
    assert frame_range(read("2:"), 10) == range(2, 10)
    for text in ("5", ":5", "a:b", "5:5", "5:2"):
        with pytest.raises(click.UsageError):
            read(text)
    for text in ("2:11", "10:"):
        with pytest.raises(FragmentError, match="no frames"):
            frame_range(read(text), 10)


def test_settings_of_a_split() -> None:
    settings = split_settings(None, Grid(tile_width=64, tile_height=64), "gops", "av1", 40, None)
    assert settings.grid.tile_width == 64
    assert settings.runs.cuts is RunCuts.GOPS
    assert (settings.codec, settings.quality_used) == (FragmentCodec.AV1, 40)
    assert split_settings(None, None, "30", "ffv1", None, 2).grid == Grid(2, 2)
    with pytest.raises(click.UsageError):
        split_settings(Grid(1, 1), Grid(tile_width=8, tile_height=8), "30", "ffv1", None, None)
