"""Local names are never read as protocols, and every failure to open is one of ours."""

from __future__ import annotations

import shutil
import socket
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import MissingFileError, OpenError, UnsupportedMediaError
from framescope.core.media.container import is_url, local_path, open_container

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("source", ["http://a/b.mp4", "https://a/b.mp4", "rtsp://a/b", "RTMP://a/b"])
def test_addresses(source: str) -> None:
    assert is_url(source)
    assert local_path(source) is None


@pytest.mark.parametrize(
    "source", ["a.mp4", "concat:a.mp4", "C:/a.mp4", "file:a.mp4", "./a:b.mp4", "a//b.mp4"]
)
def test_local_names(source: str) -> None:
    assert not is_url(source)
    path = local_path(source)
    assert path is not None
    assert path.is_absolute()


def test_a_file_address_is_a_local_name(plain_clip: Path) -> None:
    assert local_path(plain_clip.as_uri()) == plain_clip
    assert local_path(plain_clip) == plain_clip


@pytest.mark.parametrize(
    "name", ["concat:a.mp4", "%d.mp4", "a b'c[d].mp4", "é漢🎬.mp4", "-i.mp4", "pipe:0.mp4"]
)
def test_odd_names_open(name: str, plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(plain_clip, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for source in (name, tmp_path / name):
        with open_container(source) as container:
            assert len(container.streams.video) == 1


def test_text_is_not_played_as_a_terminals_output(tmp_path: Path) -> None:
    for suffix in (".txt", ".nfo", ".mp4", ".bin"):
        path = tmp_path / f"words{suffix}"
        path.write_text("Nothing to see here.\n" * 40, encoding="utf-8")
        with pytest.raises(UnsupportedMediaError, match="text"):
            open_container(path)


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        open_container(tmp_path / "gone.mp4")


def test_an_address_nobody_answers_is_an_error() -> None:
    with socket.socket() as taken:
        # Bound, but not listening: a connection is refused at once.
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(OpenError, match="cannot be opened") as caught:
            open_container(f"http://127.0.0.1:{taken.getsockname()[1]}/a.mp4")
    assert caught.value.hint


def test_an_unknown_protocol_is_an_error() -> None:
    with pytest.raises(UnsupportedMediaError, match="nosuch:"):
        open_container("nosuch://host/a.mp4")
