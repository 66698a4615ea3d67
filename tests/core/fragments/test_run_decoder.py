"""Decoding a run's tiles: whole, in part, and with holes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.fragments.geometry import Region
from framescope.core.fragments.run_decoder import RunDecoder, needed_fragments
from framescope.core.fragments.store import FragmentStore
from framescope.core.media.picture.planes import frame_planes
from framescope.core.model.frame import PictureType
from tests.clips.truth import decode_in_sequence

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("threads", [None, 3])
def test_a_region_is_the_same_part_of_the_true_picture(
    whole_store: Path, plain_clip: Path, threads: int | None
) -> None:
    truth = list(decode_in_sequence(plain_clip))
    pool = None if threads is None else ThreadPoolExecutor(threads)
    with FragmentStore(whole_store) as store:
        run = store.manifest.runs[1]
        decoder = RunDecoder(store, run, Region(40, 50, 30, 20), pool=pool)
        for number in (12, 15, 23):
            decoder.advance(number)
            shown, true = frame_planes(decoder.picture()), frame_planes(truth[number])
            assert np.array_equal(shown[0], true[0][50:70, 40:70])
            assert np.array_equal(shown[1], true[1][25:35, 20:35])
        assert decoder.picture_type is PictureType.I
        assert len(store.fragments_read) == 4
    if pool is not None:
        pool.shutdown()


def test_a_missing_tile_is_a_hole_and_costs_nothing_else(store_copy: Path, plain_clip: Path) -> None:
    truth = list(decode_in_sequence(plain_clip))
    with FragmentStore(store_copy) as store:
        run = store.manifest.runs[0]
        lost = run.fragments[4]
        (store_copy / lost.name).unlink()
        decoder = RunDecoder(store, run)
        decoder.advance(3)
        shown, true = frame_planes(decoder.picture())[0], frame_planes(truth[3])[0]
        tile = store.manifest.forms[0].tiles[4]
    assert list(decoder.holes) == [4]
    assert lost.name in decoder.holes[4]
    inside = np.zeros(true.shape, bool)
    inside[tile.y : tile.bottom, tile.x : tile.right] = True
    assert np.array_equal(shown[~inside], true[~inside])
    assert set(np.unique(shown[inside])) == {64, 192}
    assert not decoder.is_lost


def test_only_frames_of_the_run(whole_store: Path) -> None:
    with FragmentStore(whole_store) as store:
        decoder = RunDecoder(store, store.manifest.runs[0])
        with pytest.raises(ValueError, match="not in the run"):
            decoder.advance(12)


def test_needed_fragments(whole_store: Path) -> None:
    with FragmentStore(whole_store) as store:
        run, tiles = store.manifest.runs[0], store.manifest.forms[0].tiles
    assert needed_fragments(run, tiles, None) == run.fragments
    assert [one.tile for one in needed_fragments(run, tiles, Region(0, 0, 10, 10))] == [0]
