"""Regions, grids and tiles."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.errors import FragmentError
from framescope.core.fragments.geometry import Grid, Region, cut_tiles


@pytest.mark.parametrize("size", [(160, 120), (161, 121), (190, 240), (2, 2), (10, 12)])
@pytest.mark.parametrize("grid", [Grid(1, 1), Grid(3, 4), Grid(tile_width=50, tile_height=33)])
@pytest.mark.parametrize("steps", [(1, 1), (2, 2), (4, 4)])
def test_tiles_cover_the_picture_once_at_aligned_edges(
    size: tuple[int, int], grid: Grid, steps: tuple[int, int]
) -> None:
    covered = np.zeros(size[::-1], int)
    tiles = cut_tiles(*size, grid, steps)
    for tile in tiles:
        covered[tile.y : tile.bottom, tile.x : tile.right] += 1
        assert tile.x % steps[0] == tile.y % steps[1] == 0
        assert tile.width > 0
        assert tile.height > 0
    assert (covered == 1).all()
    assert len(tiles) <= grid.rows * grid.columns or grid.tile_width


def test_a_grid_is_counts_or_a_size() -> None:
    with pytest.raises(FragmentError, match="rows and columns"):
        Grid()
    with pytest.raises(FragmentError):
        Grid(2, 2, 64, 64)
    assert Grid(2, 3).words == "2 × 3 tiles"
    assert Grid(tile_width=64, tile_height=32).words == "tiles of 64 × 32"


def test_a_region_grows_to_whole_chroma_samples() -> None:
    assert Region(3, 5, 10, 10).widened(2, 2, (161, 121)) == Region(2, 4, 12, 12)
    assert Region(151, 111, 10, 10).widened(2, 2, (161, 121)) == Region(150, 110, 11, 11)


@pytest.mark.parametrize("region", [Region(200, 0, 10, 10), Region(155, 0, 10, 10), Region(0, 111, 9, 10)])
def test_a_region_outside_is_refused(region: Region) -> None:
    with pytest.raises(FragmentError, match="beyond"):
        region.widened(2, 2, (160, 120))
    with pytest.raises(FragmentError, match="empty"):
        Region(0, 0, 0, 5).check_inside((160, 120))


def test_touching_is_not_meeting() -> None:
    assert Region(0, 0, 10, 10).meets(Region(9, 9, 5, 5))
    assert not Region(0, 0, 10, 10).meets(Region(10, 0, 5, 5))
