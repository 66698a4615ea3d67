"""Videos in an object store at the command line: what is written is what the local file gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer
    from tests.object_store import ObjectStore


@pytest.fixture
def address(object_store: ObjectStore, plain_clip: Path) -> str:
    return object_store.put(f"in/{plain_clip.name}", plain_clip.read_bytes())


@pytest.mark.parametrize(
    "line",
    [
        "info {video} --json",
        "frames {video} --every 5 --json",
        "audit {video} --engines opencv,pyav --requests 2 --order forward --json",
        "bench {video} --engines pyav --rounds 1 --seconds 0.1 --json",
    ],
)
def test_commands_read_addresses(line: str, address: str, framescope: Callable[..., Answer]) -> None:
    answer = framescope(*line.format(video=address).split(" "))
    assert answer.status == 0, answer.err
    assert "hunter2" not in answer.out + answer.err
    assert address in answer.out


def test_pictures_of_an_object_are_those_of_the_file(
    address: str, plain_clip: Path, framescope: Callable[..., Answer], tmp_path: Path
) -> None:
    for folder, video in (("a", address), ("b", plain_clip)):
        answer = framescope("export", str(video), "-o", str(tmp_path / folder), "--every", "20")
        assert answer.status == 0, answer.err
    written = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert written == {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()}


def test_a_missing_package_is_named(framescope: Callable[..., Answer]) -> None:
    answer = framescope("info", "gs://bucket/film.mp4")
    assert answer.status == 1
    assert "need the package gcsfs" in answer.err
    assert "pip install" in answer.err
