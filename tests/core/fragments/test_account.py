"""The balance of fragments, its figures compared with sums and decodes made here."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope import open_video
from framescope.core.fragments.account import (
    account_words,
    bits_by_tile,
    measure_fidelity,
    split_undivided,
    take_account,
)
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from tests.clips.truth import decode_in_sequence
from tests.core.fragments.fragment_examples import LOSSLESS, small_manifest, split_clip

if TYPE_CHECKING:
    from pathlib import Path

LOSSY = replace(LOSSLESS, codec=FragmentCodec.H264, grid=Grid(2, 2), most_frames=24)


def test_every_figure_adds_up(plain_clip: Path, tmp_path: Path) -> None:
    with open_video(plain_clip, use_index_cache=False) as video:
        found = take_account(video, LOSSY, folder=tmp_path)
        undivided = split_undivided(video, tmp_path / "whole", LOSSY)
    again = split_clip(plain_clip, tmp_path / "again", LOSSY)
    files = [one.stat().st_size for one in (tmp_path / "again" / "fragments").iterdir()]
    assert found.bits == sum(files) * 8 == sum(map(sum, found.rates))
    assert found.bits_per_pixel == pytest.approx(found.bits / (160 * 120 * 24))
    assert found.undivided_bits == undivided.manifest.size_bytes * 8
    assert found.overhead == pytest.approx(found.bits / found.undivided_bits - 1)
    assert found.fragments == len(again.manifest.fragments) == 8
    assert min(found.encode_one_s, found.encode_many_s, found.decode_one_s, found.decode_many_s) > 0
    assert found.region_frames == range(12, 24)
    assert 25 < found.fidelity.psnr_db < 60
    assert found.words[:-1] == account_words(found.overhead, found.region_share)
    assert "microscope" in found.words[-1]


def test_bits_per_pixel_are_a_mean_over_tiles_and_never_their_sum(plain_clip: Path, tmp_path: Path) -> None:
    settings = replace(LOSSY, grid=Grid(3, 4))
    with open_video(plain_clip, use_index_cache=False) as video:
        found = take_account(video, settings)
    pixels = [tile.width * tile.height for tile in found.tiles]
    assert len(pixels) == len(found.tile_bits_per_pixel) == 12
    assert sum(pixels) == 160 * 120
    files = split_clip(plain_clip, tmp_path / "again", settings).manifest.fragments
    for place, rate in enumerate(found.tile_bits_per_pixel):
        bits = sum(one.size_bytes * 8 for one in files if one.tile == place)
        assert rate == pytest.approx(bits / (pixels[place] * 24))
    mean = sum(rate * size for rate, size in zip(found.tile_bits_per_pixel, pixels, strict=True))
    assert found.bits_per_pixel == pytest.approx(mean / sum(pixels))
    assert found.bits_per_pixel < sum(found.tile_bits_per_pixel) / 4
    assert min(found.encode_undivided_s, found.decode_undivided_s) > 0


def test_psnr_is_that_of_the_mean_squared_error(plain_clip: Path, tmp_path: Path) -> None:
    with open_video(plain_clip, use_index_cache=False) as video:
        store = split_clip(plain_clip, tmp_path / "store", replace(LOSSY, most_frames=3)).path
        found = measure_fidelity(video, store)
        with open_video(store) as opened:
            errors = [
                (video.frame(n).to_bgr().astype(float) - opened.frame(n).to_bgr()) ** 2 for n in range(3)
            ]
    assert found.frames == 3
    assert found.psnr_db == pytest.approx(10 * math.log10(255**2 / np.mean(errors)), abs=0.01)


def test_lossless_is_exact(plain_clip: Path, whole_store: Path) -> None:
    with open_video(plain_clip, use_index_cache=False) as video:
        found = measure_fidelity(video, whole_store)
    assert math.isinf(found.psnr_db)
    assert found.ssim == 1.0
    assert len(list(decode_in_sequence(plain_clip))) == 48


@pytest.mark.parametrize(
    ("overhead", "share", "words"),
    [
        (0.5, 0.25, "more than 60%"),
        (0.5, 1.2, "they save nothing"),
        (-0.1, 0.3, "save both bits and bytes"),
    ],
)
def test_where_fragments_cost_more_than_they_save_it_is_said(
    overhead: float, share: float, words: str
) -> None:
    assert words in account_words(overhead, share)[-1]


def test_bits_of_each_tile_of_a_frame() -> None:
    assert bits_by_tile(small_manifest(), 0) == [800, 800]
    assert bits_by_tile(small_manifest(), 2) == [80, 88]
    assert bits_by_tile(small_manifest(), 3) == []
