"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import av.error
import pytest

from framescope.core.clips.part_file import part_file, writing
from framescope.core.errors import Cancelled, ClipError, DestinationError, DestinationLostError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_name_is_given_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.mp4"
    with part_file(path, replaces=False) as part:
        part.write_bytes(b"film")
        assert part.suffix == ".mp4"
        assert not path.exists()
    assert path.read_bytes() == b"film"
    assert os.listdir(path.parent) == ["a.mp4"]  # noqa: PTH208 - hidden names too


@pytest.mark.parametrize("error", [Cancelled(), ClipError("no"), OSError(errno.ENOSPC, "full")])
def test_nothing_is_left_of_what_failed(tmp_path: Path, error: Exception) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"before")

    def fail() -> None:
        with part_file(path, replaces=True) as part:
            part.write_bytes(b"half")
            raise error

    with pytest.raises((Cancelled, ClipError, DestinationLostError)):
        fail()
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"before")
    with pytest.raises(DestinationError, match="there already"), part_file(path, replaces=False):
        pytest.fail("it must not begin")
    with (
        pytest.raises(DestinationError, match="video itself"),
        part_file(path, replaces=True, source=str(path)),
    ):
        pytest.fail("it must not begin")
    with pytest.raises(DestinationError, match="is a folder"), part_file(tmp_path, replaces=True):
        pytest.fail("it must not begin")
    assert path.read_bytes() == b"before"


def test_somebody_elses_file_that_appeared_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"

    def write() -> None:
        with part_file(path, replaces=False) as part:
            part.write_bytes(b"mine")
            path.write_bytes(b"yours")

    with pytest.raises(DestinationError, match="there already"):
        write()
    assert path.read_bytes() == b"yours"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("code", "kind", "word"),
    [
        (errno.ENOSPC, DestinationLostError, "full"),
        (errno.EROFS, DestinationLostError, "cannot be written to"),
        (errno.ENOENT, DestinationLostError, "cannot be reached"),
        (errno.EINVAL, ClipError, "could not be written"),
    ],
)
def test_faults_are_told_in_words(tmp_path: Path, code: int, kind: type[Exception], word: str) -> None:
    with pytest.raises(kind, match=word), writing(tmp_path / "a.mp4"):
        raise OSError(code, os.strerror(code))
    with pytest.raises(ClipError, match="could not be written"), writing(tmp_path / "a.mp4"):
        raise av.error.InvalidDataError(1, "no")
