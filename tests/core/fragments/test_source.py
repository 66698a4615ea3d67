"""Names of stores and regions, and their index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import FragmentError, OpenError
from framescope.core.fragments.geometry import Region
from framescope.core.fragments.source import (
    index_store,
    inferred_types,
    is_fragment_source,
    manifest_index,
    name_with_region,
    open_store,
    parse_region,
    probe_store,
    split_source,
)
from tests.core.fragments.fragment_examples import small_manifest

if TYPE_CHECKING:
    from pathlib import Path


def test_a_region_stands_behind_the_name(tmp_path: Path) -> None:
    name = name_with_region(tmp_path / "store", Region(1, 2, 3, 4))
    assert name.endswith("store#xywh=1,2,3,4")
    assert split_source(name) == (str(tmp_path / "store"), Region(1, 2, 3, 4))
    (tmp_path / "odd#xywh=1,2,3,4").mkdir()
    assert split_source(tmp_path / "odd#xywh=1,2,3,4")[1] is None


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "1,2,3,-4"])
def test_what_is_no_region_is_refused(text: str) -> None:
    with pytest.raises(FragmentError, match="not a region"):
        parse_region(text)


def test_sources_are_told_apart(whole_store: Path, plain_clip: Path) -> None:
    assert is_fragment_source(whole_store)
    assert is_fragment_source(name_with_region(whole_store, Region(0, 0, 8, 8)))
    assert not is_fragment_source(plain_clip)
    assert not is_fragment_source("https://example.org/manifest.json")


def test_a_region_outside_the_picture_cannot_be_opened(whole_store: Path) -> None:
    with pytest.raises(OpenError, match="beyond"):
        open_store(name_with_region(whole_store, Region(500, 0, 8, 8)))


def test_facts_and_index_of_a_store(whole_store: Path) -> None:
    info, index = probe_store(whole_store), index_store(whole_store)
    assert (info.width, info.height, info.frame_count_declared) == (160, 120, 48)
    assert len(index) == 48
    assert index.entries.first_numbers.tolist() == [0, 12, 24, 36]


def test_the_order_of_packets_tells_b_pictures() -> None:
    letters = ["?IPB"[code] for code in inferred_types((0, 4, 2, 1, 3, 5), 6)]
    assert letters == ["P", "B", "B", "B", "P", "P"]
    assert inferred_types(None, 3).tolist() == [0, 0, 0]


def test_the_index_of_a_manifest() -> None:
    index = manifest_index(small_manifest())
    assert index.sizes_bytes.tolist() == [200, 40, 21, 0, 100, 10]
    assert index.keyframes.tolist() == [0, 4]
    assert index.pts_of(3) is None
    assert "".join(index.picture_types) == "IBP?I?"
    assert [note.before_frame_number for note in index.damage] == [3]
    assert manifest_index(small_manifest(), Region(0, 0, 8, 8)).sizes_bytes.tolist() == [
        100,
        20,
        10,
        0,
        50,
        5,
    ]
