"""Whether a file is still the one that was looked at."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from framescope.core.media.source_state import SourceChange, compare, state_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"0" * 100)
    return path


def changed(path: Path, before: object) -> SourceChange | None:
    return compare(before, state_of(str(path)))  # type: ignore[arg-type]


def test_what_happened_is_told(path: Path) -> None:
    before = state_of(path)
    assert changed(path, before) is None
    with path.open("ab") as file:
        file.write(b"more")
    assert changed(path, before) is SourceChange.GROWN
    path.write_bytes(b"1" * 50)
    assert changed(path, before) is SourceChange.REPLACED
    path.unlink()
    assert changed(path, before) is SourceChange.DELETED


def test_another_file_of_the_same_size_and_time_is_noticed(path: Path) -> None:
    before = state_of(path)
    other = path.with_name("other")
    other.write_bytes(b"1" * 100)
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)
    assert changed(path, before) is SourceChange.REPLACED


def test_an_address_has_no_state() -> None:
    assert state_of("https://example.org/clip.mp4") is None
    assert state_of("no\0name") is None
