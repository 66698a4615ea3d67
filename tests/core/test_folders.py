"""Home and cache folders where a system has none, and temporary ones where there is no place for them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from framescope.core import folders
from framescope.core.errors import FrameScopeError

on_posix = pytest.mark.skipif(os.name != "posix", reason="other systems do not go by HOME")


@on_posix
def test_folders_are_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert folders.home_folder() == folders.offered_folder() == tmp_path
    cache = folders.cache_folder()
    assert cache is not None
    assert tmp_path in cache.parents
    assert list(tmp_path.iterdir()) == []


@on_posix
def test_a_missing_home_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "missing"))
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.chdir(tmp_path)
    assert folders.home_folder() is None
    assert folders.cache_folder() is folders.data_folder() is None
    assert folders.offered_folder() == tmp_path


@on_posix
def test_a_named_cache_folder_needs_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "missing"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert folders.cache_folder() == tmp_path / "cache" / "framescope"
    assert folders.data_folder() == tmp_path / "data" / "framescope"


@on_posix
def test_a_user_unknown_to_the_system_has_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    # What os.path.expanduser answers without HOME and without an entry for the user.
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert folders.home_folder() is None
    assert folders.cache_folder() is None


def test_a_name_after_a_tilde_may_be_nobodys() -> None:
    assert folders.expanded("~no-such-user/x") == Path("~no-such-user/x")
    assert folders.expanded("~/x") == Path.home() / "x"


def test_a_folder_is_made_where_it_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert folders.is_usable_folder(tmp_path / "a" / "b")
    assert not folders.is_usable_folder(tmp_path / "file" / "b")


def test_a_temporary_folder_is_gone_afterwards(tmp_path: Path) -> None:
    with folders.temporary_folder("purpose", tmp_path) as name:
        assert Path(name).is_dir()
        assert Path(name).name.startswith("framescope-held-purpose-")
    assert list(tmp_path.iterdir()) == []


def test_no_place_for_temporary_files_is_an_error_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(FrameScopeError, match="Cannot write temporary files") as caught:
        folders.temporary_folder()
    assert "TMPDIR" in caught.value.hint


@pytest.mark.skipif(os.name != "posix", reason="folders are locked on POSIX systems only")
def test_the_folder_of_a_killed_process_is_removed_and_a_living_ones_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import os, signal, sys; from framescope.core.folders import temporary_folder; "
        f"folder = temporary_folder('demo', {str(tmp_path)!r}); open(folder.name + '/clip', 'w').close(); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    (left,) = tmp_path.iterdir()
    monkeypatch.setattr(folders, "_NEW_S", -1.0)
    with folders.temporary_folder("work", tmp_path) as first:
        assert not left.exists()
        with folders.temporary_folder("work", tmp_path) as second:
            assert sorted(tmp_path.iterdir()) == sorted([Path(first), Path(second)])
    assert not list(tmp_path.iterdir())


def test_files_are_sorted_as_people_count() -> None:
    names = ["b/Frame2.png", "a/frame10.png", "c/frame9.png", "frame²1.png", "1.png", "frame.png"]
    found = sorted(names, key=folders.natural_order)
    assert found == ["1.png", "b/Frame2.png", "c/frame9.png", "a/frame10.png", "frame.png", "frame²1.png"]
