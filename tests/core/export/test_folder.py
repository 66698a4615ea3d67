"""Files that are whole or not there, and folders that refuse them."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import DestinationError, DestinationLostError, VerificationError
from framescope.core.export import folder as folder_module
from framescope.core.export.folder import (
    existing_names,
    prepare_folder,
    remove_stale_temporaries,
    sync_folder,
    write_whole,
)
from tests.core.export.hostile_folders import read_only, small_disk

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = bytes(range(256)) * 40


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def fail_with(code: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def test_a_file_is_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.png", DATA, replaces=False)
    assert (tmp_path / "a.png").read_bytes() == DATA
    assert names(tmp_path) == {"a.png"}
    sync_folder(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_others_may_read_what_the_umask_allows(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_whole(tmp_path / "a.png", DATA, replaces=False)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.png").stat().st_mode) == 0o644


def test_a_file_that_is_there_is_replaced_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_whole(path, DATA, replaces=False)
    assert path.read_bytes() == b"old"
    write_whole(path, DATA, replaces=True)
    assert path.read_bytes() == DATA
    assert names(tmp_path) == {"a.png"}


@pytest.mark.skipif(os.name == "nt", reason="hard links are not used on Windows")
@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP])
def test_without_hard_links_a_name_is_still_never_taken_from_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(Path, "hardlink_to", fail_with(code))
    path = tmp_path / "a.png"
    write_whole(path, DATA, replaces=False)
    assert path.read_bytes() == DATA
    with pytest.raises(FileExistsError):
        write_whole(path, b"new", replaces=False)
    assert path.read_bytes() == DATA
    assert names(tmp_path) == {"a.png"}


@pytest.mark.skipif(os.name == "nt", reason="hard links are not used on Windows")
def test_a_claimed_name_is_given_back_when_the_rename_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "hardlink_to", fail_with(errno.EPERM))
    monkeypatch.setattr(Path, "replace", fail_with(errno.ENOSPC))
    with pytest.raises(DestinationLostError, match="full"):
        write_whole(tmp_path / "a.png", DATA, replaces=False)
    assert names(tmp_path) == set()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EROFS, "cannot be written to"),
        (errno.EIO, "cannot be reached"),
        (errno.EFBIG, "Nothing can be written"),
    ],
)
def test_a_disk_that_fails_while_writing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    monkeypatch.setattr(os, "fsync", fail_with(code))
    with pytest.raises(DestinationLostError, match=words):
        write_whole(tmp_path / "a.png", DATA, replaces=True)
    assert names(tmp_path) == set()


def test_other_bytes_than_written_are_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda _: DATA[:-1])
    with pytest.raises(VerificationError, match="other bytes"):
        write_whole(tmp_path / "a.png", DATA, replaces=False)
    assert names(tmp_path) == set()


def test_a_name_that_is_a_folder_fails_alone(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(DestinationError, match=r"a\.png is a folder") as caught:
        write_whole(tmp_path / "a.png", DATA, replaces=True)
    assert not isinstance(caught.value, DestinationLostError)
    assert names(tmp_path) == {"a.png"}


def test_a_name_too_long_for_the_disk_fails_alone(tmp_path: Path) -> None:
    with pytest.raises(DestinationError) as caught:
        write_whole(tmp_path / ("x" * 300), DATA, replaces=False)
    assert not isinstance(caught.value, DestinationLostError)
    assert names(tmp_path) == set()


def test_a_folder_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(DestinationLostError, match="cannot be reached"):
        write_whole(tmp_path / "gone" / "a.png", DATA, replaces=False)
    assert names(tmp_path) == set()


def test_folders_are_made_with_their_parents(tmp_path: Path) -> None:
    folder = tmp_path / "ein Ordner" / "写真" / "🎞"
    prepare_folder(folder)
    prepare_folder(folder)
    assert folder.is_dir()
    assert names(folder) == set()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for folder in (file, file / "below"):
        with pytest.raises(DestinationError):
            prepare_folder(folder)
    with pytest.raises(DestinationError, match="not a folder"):
        existing_names(file)


@pytest.mark.parametrize("folder", [Path("a\0b"), Path("x" * 300)])
def test_a_path_that_cannot_exist_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(DestinationError):
        prepare_folder(tmp_path / folder)


def test_the_names_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "ü.png").touch()
    (tmp_path / "sub").mkdir()
    assert existing_names(tmp_path) == {"ü.png", "sub"}
    assert existing_names(tmp_path / "not there") == frozenset()


def test_a_read_only_folder_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    with read_only(tmp_path / "locked") as locked:
        for folder in (locked, locked / "below"):
            with pytest.raises(DestinationError, match="cannot be written to") as caught:
                prepare_folder(folder)
            assert "read-only" in caught.value.hint
        assert existing_names(locked) == frozenset()


def test_a_full_disk_keeps_what_it_has_and_takes_no_half(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        write_whole(disk / "first.png", DATA, replaces=False)
        with pytest.raises(DestinationLostError, match="is full") as caught:
            write_whole(disk / "second.png", DATA * 20, replaces=False)
        assert "Make room" in caught.value.hint
        assert names(disk) == {"first.png"}
        assert (disk / "first.png").read_bytes() == DATA


def test_part_files_are_hidden_and_end_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []
    monkeypatch.setattr(folder_module, "_give_name", lambda *_, **__: seen.append(names(tmp_path)))
    write_whole(tmp_path / "a.png", DATA, replaces=False)
    (during,) = seen
    (part,) = during
    assert part.startswith(".framescope-")
    assert part.endswith(".part")
    assert names(tmp_path) == set()


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (
        ".framescope-12ab-3.part",
        ".framescope-12ab-4.part",
        ".framescope-notes",
        "a.part",
        "a.png",
    ):
        (tmp_path / name).write_bytes(b"x")
    assert remove_stale_temporaries(tmp_path) == 2
    assert existing_names(tmp_path) == {".framescope-notes", "a.part", "a.png"}
    assert remove_stale_temporaries(tmp_path) == 0


def test_a_file_under_way_is_not_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    removed = []
    give_name = folder_module._give_name  # noqa: SLF001 - the moment between writing and naming

    def clear_first(part: Path, path: Path, *, replaces: bool) -> None:
        removed.append(remove_stale_temporaries(tmp_path))
        give_name(part, path, replaces=replaces)

    monkeypatch.setattr(folder_module, "_give_name", clear_first)
    write_whole(tmp_path / "a.png", b"data", replaces=False)
    assert removed == [0]
    assert existing_names(tmp_path) == {"a.png"}
