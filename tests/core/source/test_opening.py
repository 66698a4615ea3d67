"""Telling fragment stores from files."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from framescope.core.source.opening import is_fragment_store, may_be_fragment_store

if TYPE_CHECKING:
    from pathlib import Path


def test_files_and_addresses_are_no_stores(plain_clip: Path, tmp_path: Path) -> None:
    for source in (plain_clip, tmp_path, tmp_path / "nowhere", "https://example.org/a.mp4", "\0"):
        assert not may_be_fragment_store(source)
        assert not is_fragment_store(source)


def test_a_closer_look_is_taken_where_it_may_be_one(tmp_path: Path) -> None:
    archive = tmp_path / "other.zip"
    with zipfile.ZipFile(archive, "w") as other:
        other.writestr("letter.txt", "dear")
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    for source in (archive, tmp_path, tmp_path / "manifest.json"):
        assert may_be_fragment_store(source)
        assert not is_fragment_store(source)
