"""Writing a store: what is refused, what is resumed, and the single file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import FragmentError
from framescope.core.fragments.encode import EncodedFragment
from framescope.core.fragments.manifest import Run
from framescope.core.fragments.store import JOURNAL_NAME, FragmentStore
from framescope.core.fragments.workshop import Workshop, fragment_name, settings_digest
from tests.core.fragments.fragment_examples import small_manifest

if TYPE_CHECKING:
    from pathlib import Path

STREAM = EncodedFragment(b"12345", (3, 2), None, (0,), b"", 0.1)


def test_a_finished_fragment_is_known_when_resuming(tmp_path: Path) -> None:
    path = tmp_path / "store"
    shop = Workshop(path, "settings", resume=False)
    kept = shop.keep((0, 1, 0, 2), ".h264", STREAM)
    again = Workshop(path, "settings", resume=True)
    assert again.finished(0, 1, 0) == kept
    assert again.finished(0, 0, 0) is None
    (path / kept.name).write_bytes(b"other")
    assert again.finished(0, 1, 0) is None


def test_a_journal_cut_off_counts_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "store"
    shop = Workshop(path, "settings", resume=False)
    shop.keep((0, 0, 0, 2), ".h264", STREAM)
    with (path / JOURNAL_NAME).open("a", encoding="utf-8") as journal:
        journal.write('{"first": 2, "fra')
    assert Workshop(path, "settings", resume=True).finished(0, 0, 0) is not None


def test_another_split_is_not_resumed(tmp_path: Path) -> None:
    Workshop(tmp_path / "store", "one", resume=False)
    with pytest.raises(FragmentError, match="other settings"):
        Workshop(tmp_path / "store", "two", resume=True)
    with pytest.raises(FragmentError, match="interrupted"):
        Workshop(tmp_path / "store", "one", resume=False)


def test_what_is_there_is_never_overwritten(tmp_path: Path, whole_store: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear", encoding="utf-8")
    (tmp_path / "full.zip").write_bytes(b"mine")
    for path, words in (
        (tmp_path / "full", "not empty"),
        (tmp_path / "full.zip", "not empty"),
        (whole_store, "complete"),
    ):
        with pytest.raises(FragmentError, match=words):
            Workshop(path, "settings", resume=False)


@pytest.mark.parametrize("name", ["store", "store.zip"])
def test_the_finished_store_opens(tmp_path: Path, name: str) -> None:
    shop = Workshop(tmp_path / name, "settings", resume=False)
    manifest = small_manifest()
    runs = []
    for number, run in enumerate(manifest.runs):
        stream = replace(STREAM, packet_sizes=(1,) * run.frame_count, data=b"x" * run.frame_count)
        kept = tuple(
            shop.keep((number, tile, run.first_frame, run.frame_count), ".h264", stream) for tile in range(2)
        )
        runs.append(Run(run.first_frame, run.frame_count, 0, kept))
    path = shop.finish(replace(manifest, runs=tuple(runs)))
    with FragmentStore(path) as store:
        assert store.verify() == ()
    assert sorted(one.name for one in tmp_path.iterdir()) == [name]


def test_nothing_is_left_where_nothing_was_finished(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for name in ("mine", "store", "store.zip"):
        Workshop(tmp_path / name, "settings", resume=False).leave()
    assert [one.name for one in tmp_path.iterdir()] in ([], ["mine"])
    shop = Workshop(tmp_path / "store", "settings", resume=False)
    shop.keep((0, 0, 0, 2), ".h264", STREAM)
    shop.leave()
    assert Workshop(tmp_path / "store", "settings", resume=True).finished(0, 0, 0) is not None


def test_names_and_digests_repeat() -> None:
    assert fragment_name(3, 7, ".hevc") == "fragments/r00003_t007.hevc"
    assert settings_digest(("a", 1)) == settings_digest(("a", 1)) != settings_digest(("a", 2))


def test_extradata_is_kept_once(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "store", "settings", resume=False)
    stream = replace(STREAM, extradata=b"tables")
    places = [shop.keep((0, tile, 0, 2), ".ffv1", stream).extradata for tile in range(2)]
    assert places == [0, 0]
    assert Workshop(tmp_path / "store", "settings", resume=True).extradata == [b"tables"]
    lines = (tmp_path / "store" / JOURNAL_NAME).read_text(encoding="utf-8").splitlines()
    assert sum("extradata" in json.loads(line) and "name" not in json.loads(line) for line in lines) == 1
