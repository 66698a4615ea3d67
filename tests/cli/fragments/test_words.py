"""The words of the fragment commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.cli.fragments.words import bit_rate, bits_per_pixel, store_table
from tests.core.fragments.fragment_examples import small_manifest

if TYPE_CHECKING:
    from pathlib import Path


def test_rates() -> None:
    manifest = small_manifest()
    assert bits_per_pixel(manifest) == 371 * 8 / (64 * 32 * 5)
    assert bit_rate(manifest) == 371 * 8 / 0.25


def test_the_table_holds_every_rate(tmp_path: Path) -> None:

    table = store_table(small_manifest(), tmp_path)
    fragments = table["fragments"]
    assert isinstance(fragments, list)
    assert [one["bits"] for one in fragments] == [130 * 8, 131 * 8, 55 * 8, 55 * 8]
