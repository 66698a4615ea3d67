"""A path with odd parts gets another name, below which everything is found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core import plain_link
from framescope.core.errors import FrameScopeError
from framescope.core.plain_link import plain_path

if TYPE_CHECKING:
    import pytest


def is_plain(part: str) -> bool:
    return "#" not in part


def test_a_plain_path_is_left_alone(tmp_path: Path) -> None:
    assert plain_path(tmp_path / "a" / "b.mp4", is_plain) == tmp_path / "a" / "b.mp4"


def test_only_what_has_the_odd_name_is_linked(tmp_path: Path) -> None:
    folder = tmp_path / "a#1" / "b#2" / "c"
    folder.mkdir(parents=True)
    (folder / "clip").write_text("here")
    (folder.parent / "other").write_text("there")
    found = plain_path(folder / "clip", is_plain)
    assert found is not None
    assert "#" not in str(found)
    assert found.parts[-2:] == ("c", "clip")
    assert found.read_text() == "here"
    assert Path(str(found.parent.parent), "other").read_text() == "there"
    assert plain_path(folder / "clip", is_plain) == found


def test_without_a_place_for_links_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(purpose: str) -> object:
        raise FrameScopeError(f"no room for {purpose}")

    monkeypatch.setattr(plain_link, "_folders", [])
    monkeypatch.setattr(plain_link, "temporary_folder", refuse)
    assert plain_path(tmp_path / "new#one", is_plain) is None
