"""How visible borders are, on pictures whose borders are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope import open_video
from framescope.core.fragments.geometry import Grid, Region, cut_tiles
from framescope.core.fragments.seams import measure_seams, steps_at_borders
from framescope.core.fragments.store import FragmentStore

if TYPE_CHECKING:
    from pathlib import Path


def test_a_step_of_ten_at_one_border_is_found_there() -> None:
    grey = np.add.outer(np.zeros(40, np.int16), np.arange(60, dtype=np.int16))
    grey[:, 30:] += 10
    found = {pair: steps for pair, *_, steps in _with_steps(grey, cut_tiles(60, 40, Grid(2, 2), (2, 2)))}
    assert found[0, 1] == (11.0, 1.0)
    assert found[2, 3] == (11.0, 1.0)
    assert found[0, 2] == (0.0, 0.0)


def test_slivers_have_borders_too() -> None:
    grey = np.zeros((4, 4), np.int16)
    grey[:, 1:] = 8
    found = _with_steps(grey, (Region(0, 0, 1, 4), Region(1, 0, 3, 4)))
    assert found[0][-1][0] in (0.0, 8.0)


def test_a_lossless_store_has_the_borders_of_its_source(whole_store: Path, plain_clip: Path) -> None:
    with FragmentStore(whole_store) as store:
        manifest = store.manifest
    with open_video(whole_store) as video, open_video(plain_clip, use_index_cache=False) as source:
        seams = measure_seams(video, manifest, range(0, 48, 12))
        assert seams == measure_seams(source, manifest, range(0, 48, 12))
    assert len(seams) == 7
    assert [seam.excess for seam in seams] == sorted((seam.excess for seam in seams), reverse=True)
    assert seams[0].worst_frame in range(0, 48, 12)
    assert seams[0].excess == pytest.approx(seams[0].across - seams[0].inside)


def _with_steps(
    grey: np.ndarray[tuple[int, ...], np.dtype[np.int16]], tiles: tuple[Region, ...]
) -> list[tuple[tuple[int, int], tuple[float, float]]]:
    return [(pair, (across, inside)) for pair, _, _, across, inside in steps_at_borders(grey, tiles)]
