"""The open file is watched: deleted, replaced, grown."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from framescope.session.source_watch import SourceWatch

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"0" * 100)
    return path


@pytest.fixture
def told(path: Path, qtbot: QtBot) -> tuple[SourceWatch, list[str]]:
    del qtbot
    watch = SourceWatch()
    changes: list[str] = []
    watch.changed.connect(changes.append)
    watch.watch(str(path))
    return watch, changes


def test_nothing_happened(told: tuple[SourceWatch, list[str]]) -> None:
    watch, changes = told
    watch.look()
    assert changes == []


def test_deleted_is_noticed_by_itself(qtbot: QtBot, told: tuple[SourceWatch, list[str]], path: Path) -> None:
    _, changes = told
    path.unlink()
    qtbot.waitUntil(lambda: changes == ["deleted"])


def test_growing_is_told_once(told: tuple[SourceWatch, list[str]], path: Path) -> None:
    watch, changes = told
    for _ in range(3):
        with path.open("ab") as file:
            file.write(b"more")
        watch.look()
    assert changes == ["grown"]
    watch.watch(str(path))
    watch.look()
    assert changes == ["grown"]


def test_replaced_by_another_file_or_other_content(told: tuple[SourceWatch, list[str]], path: Path) -> None:
    watch, changes = told
    other = path.with_name("other.mp4")
    other.write_bytes(b"1" * 200)
    other.replace(path)
    watch.look()
    assert changes == ["replaced"]
    watch.watch(str(path))
    status = path.stat()
    path.write_bytes(b"2" * 200)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    watch.look()
    assert changes == ["replaced", "replaced"]


def test_grown_and_then_deleted(told: tuple[SourceWatch, list[str]], path: Path) -> None:
    watch, changes = told
    path.write_bytes(b"0" * 300)
    watch.look()
    path.unlink()
    watch.look()
    assert changes == ["grown", "deleted"]


def test_nothing_is_said_after_stopping_or_of_an_address(
    told: tuple[SourceWatch, list[str]], path: Path
) -> None:
    watch, changes = told
    watch.stop()
    path.unlink()
    watch.look()
    watch.watch("https://example.org/clip.mp4")
    watch.look()
    watch.watch(str(path))
    watch.look()
    assert changes == []
