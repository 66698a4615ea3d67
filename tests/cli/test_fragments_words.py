"""The words of the fragment commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.cli.fragments_words import bit_rate, bits_per_pixel, size_words, store_table
from tests.core.fragments.fragment_examples import small_manifest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2e6, "2.0 MB"), (3e12, "3000.0 GB")],
)
def test_sizes(count: float, words: str) -> None:
    assert size_words(count) == words


def test_rates() -> None:
    manifest = small_manifest()
    assert bits_per_pixel(manifest) == 371 * 8 / (64 * 32 * 5)
    assert bit_rate(manifest) == 371 * 8 / 0.25


def test_the_table_holds_every_rate(tmp_path: Path) -> None:

    table = store_table(small_manifest(), tmp_path)
    fragments = table["fragments"]
    assert isinstance(fragments, list)
    assert [one["bits"] for one in fragments] == [130 * 8, 131 * 8, 55 * 8, 55 * 8]
