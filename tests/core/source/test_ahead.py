"""A header that is read while the program is still starting."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import Cancelled, MissingFileError
from framescope.core.model.progress import CancelToken, cancellable, check_cancelled
from framescope.core.source import ahead as ahead_module
from framescope.core.source.ahead import HeaderAhead
from framescope.core.source.opening import probe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_gives_what_a_probe_gives(plain_clip: Path) -> None:
    ahead = HeaderAhead(str(plain_clip))
    assert ahead.probe(ahead.source, None) == probe(str(plain_clip))


def test_a_relative_name_is_that_of_the_folder_it_was_typed_in(
    plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(plain_clip.parent)
    ahead = HeaderAhead(plain_clip.name)
    monkeypatch.chdir(tmp_path)
    assert ahead.source == str(plain_clip)
    assert ahead.probe(ahead.source, None).source == str(plain_clip)


def test_the_reason_is_raised_where_the_header_is_asked_for(tmp_path: Path) -> None:
    ahead = HeaderAhead(str(tmp_path / "nothing.mp4"))
    with pytest.raises(MissingFileError):
        ahead.probe(ahead.source, None)


def test_it_is_used_once_and_for_that_source_only(
    plain_clip: Path, clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(source: str, *, stream_index: int | None = None) -> object:
        read.append(source)
        return probe(source, stream_index=stream_index)

    monkeypatch.setattr(ahead_module, "probe", counted)
    ahead, other = HeaderAhead(str(plain_clip)), str(clip("vfr.mkv"))
    assert ahead.probe(other, None).source == other
    assert ahead.probe(ahead.source, 0).stream_index == 0
    ahead.probe(ahead.source, None)
    ahead.probe(ahead.source, None)
    assert sorted(read) == sorted([ahead.source, other, ahead.source, ahead.source])


def test_waiting_for_a_slow_header_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def slow(source: str, *, stream_index: int | None = None) -> object:
        del source, stream_index
        try:
            while True:
                check_cancelled()
                ended.wait(0.01)
        finally:
            ended.set()

    monkeypatch.setattr(ahead_module, "probe", slow)
    ahead, cancel = HeaderAhead("/videos/slow.mp4"), CancelToken()
    threading.Timer(0.1, cancel.cancel).start()
    with cancellable(cancel), pytest.raises(Cancelled):
        ahead.probe(ahead.source, None)
    assert ended.wait(10)
