"""Files that are whole or not there, and folders that refuse them."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.core import files
from framescope.core.errors import (
    Cancelled,
    DestinationError,
    DestinationLostError,
    ExportError,
    SettingsError,
    TargetExistsError,
    VerificationError,
)
from framescope.core.files import (
    check_ending,
    check_target,
    disk_error,
    existing_names,
    part_file,
    prepare_folder,
    remove_leftovers,
    sync_folder,
    write_file,
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
    with pytest.raises(TargetExistsError):
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
    with pytest.raises(TargetExistsError):
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
        (errno.EIO, "no longer available"),
        (errno.EFBIG, "does not support files of this size"),
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
    with pytest.raises(VerificationError, match="different data"):
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
    with pytest.raises(DestinationLostError, match="no longer available"):
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
    monkeypatch.setattr(files, "_give_name", lambda *_, **__: seen.append(names(tmp_path)))
    write_whole(tmp_path / "a.png", DATA, replaces=False)
    (during,) = seen
    (part,) = during
    assert part.startswith(".framescope-")
    assert part.endswith(".part")
    assert names(tmp_path) == set()


def test_only_what_dead_processes_left_is_removed(tmp_path: Path) -> None:
    mine = {".framescope-notes", ".framescope-notes.part", ".framescope-12ab-4.part", "a.part", "a.png"}
    left = {".framescope-0123456789ab-3.part", ".framescope-0123456789ab-4.part.mp4"}
    for name in mine | left:
        (tmp_path / name).write_bytes(b"x")
    assert remove_leftovers(tmp_path) == 2
    assert existing_names(tmp_path) == mine
    assert remove_leftovers(tmp_path) == 0
    assert remove_leftovers(tmp_path / "not there") == 0


def test_what_another_process_is_writing_stays(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from framescope.core.files import part_file\n"
        "with part_file(Path(sys.argv[1]), replaces=False) as part:\n"
        "    part.write_bytes(b'half'); print(part.name, flush=True); sys.stdin.read()"
    )
    path = tmp_path / "a.bin"
    writer = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    name = writer.stdout.readline().strip()
    assert remove_leftovers(tmp_path) == 0
    assert existing_names(tmp_path) == {name}
    writer.kill()
    writer.communicate()
    with part_file(tmp_path / "b.bin", replaces=False) as part:
        assert existing_names(tmp_path) == {part.name}
    assert existing_names(tmp_path) == {"b.bin"}


def test_a_file_under_way_is_not_a_leftover(tmp_path: Path) -> None:
    with part_file(tmp_path / "a.mp4", replaces=False) as part:
        part.write_bytes(b"film")
        assert remove_leftovers(tmp_path) == 0
    assert existing_names(tmp_path) == {"a.mp4"}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a file that is open")
def test_a_file_taken_for_a_leftover_before_it_was_locked_gets_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = files.try_lock
    removed: list[int] = []

    def lock_late(handle: int) -> bool | None:
        if not removed:
            removed.append(0)
            removed.append(remove_leftovers(tmp_path))
        return lock(handle)

    monkeypatch.setattr(files, "try_lock", lock_late)
    write_file(tmp_path / "a.png", DATA, replaces=False)
    assert removed == [0, 1]
    assert (tmp_path / "a.png").read_bytes() == DATA
    assert existing_names(tmp_path) == {"a.png"}


def test_without_locks_nothing_is_taken_for_a_leftover(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "try_lock", lambda _: None)
    (tmp_path / ".framescope-0123456789ab-3.part").touch()
    write_file(tmp_path / "a.png", DATA, replaces=False)
    assert len(existing_names(tmp_path)) == 2


def test_the_name_is_given_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "new" / "below" / "a.mp4"
    with part_file(path, replaces=False) as part:
        part.write_bytes(b"film")
        assert part.suffix == ".mp4"
        assert not path.exists()
    assert path.read_bytes() == b"film"
    assert names(path.parent) == {"a.mp4"}


@pytest.mark.parametrize("error", [Cancelled(), ExportError("no"), OSError(errno.ENOSPC, "full")])
def test_nothing_is_left_of_what_failed(tmp_path: Path, error: Exception) -> None:
    path, new = tmp_path / "a.mp4", tmp_path / "new" / "below" / "a.mp4"
    path.write_bytes(b"before")

    def fail(target: Path) -> None:
        with part_file(target, replaces=True) as part:
            part.write_bytes(b"half")
            raise error

    for target in (path, new):
        with pytest.raises((Cancelled, ExportError)):
            fail(target)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    path, link, symlink = tmp_path / "a.mp4", tmp_path / "link.mp4", tmp_path / "symlink.mp4"
    path.write_bytes(b"before")
    link.hardlink_to(path)
    symlink.symlink_to(path)
    with pytest.raises(TargetExistsError, match="already exists"), part_file(path, replaces=False):
        pytest.fail("it must not begin")
    for target in (path, link, symlink):
        for source in (path, link, symlink, str(path)):
            with (
                pytest.raises(DestinationError, match="source file itself"),
                part_file(target, replaces=True, sources=[tmp_path / "other", source]),
            ):
                pytest.fail("it must not begin")
    with pytest.raises(DestinationError, match="is inside the source"):
        check_target(tmp_path / "below" / "a.mp4", replaces=True, sources=[tmp_path])
    check_target(tmp_path / "a.mp4", replaces=True, sources=["https://example.org/a.mp4", "a\0b"])
    assert path.read_bytes() == b"before"


@pytest.mark.parametrize("target", ["-", ".", "/dev/null", "pipe", "x" * 300, "a\0b"])
def test_what_cannot_be_a_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo("pipe")
    if target in {"pipe", "/dev/null"} and not Path(target).exists():
        pytest.skip("there is no such thing here")
    with pytest.raises(DestinationError) as caught:
        check_target(Path(target), replaces=True)
    assert caught.value.hint


def test_somebody_elses_file_that_appeared_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"

    def write() -> None:
        with part_file(path, replaces=False) as part:
            part.write_bytes(b"mine")
            path.write_bytes(b"yours")

    with pytest.raises(TargetExistsError, match="already exists"):
        write()
    assert path.read_bytes() == b"yours"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_keeps_the_file_that_was_to_be_replaced(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        write_file(disk / "a.png", DATA, replaces=False)
        with pytest.raises(DestinationLostError, match="is full"):
            write_file(disk / "a.png", DATA * 20, replaces=True)
        assert (disk / "a.png").read_bytes() == DATA
        assert names(disk) == {"a.png"}


def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"before")
    for name, target in (("link.png", "a.png"), ("broken.png", "nowhere.png")):
        link = tmp_path / name
        link.symlink_to(tmp_path / target)
        with pytest.raises(TargetExistsError):
            write_file(link, DATA, replaces=False)
        write_file(link, DATA, replaces=True)
        assert (link.is_symlink(), link.read_bytes()) == (False, DATA)
    assert (tmp_path / "a.png").read_bytes() == b"before"
    assert names(tmp_path) == {"a.png", "link.png", "broken.png"}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_faults_of_the_disk_are_told_from_others(tmp_path: Path, code: int) -> None:
    assert isinstance(disk_error(tmp_path, OSError(code, os.strerror(code))), DestinationLostError)
    assert disk_error(tmp_path, OSError(errno.EINVAL, "no")) is None
    assert disk_error(tmp_path, ValueError("no")) is None


def test_a_way_through_a_missing_folder_leads_to_no_source(tmp_path: Path) -> None:
    source = tmp_path / "source.mp4"
    source.write_bytes(b"the video")
    target = tmp_path / "new" / ".." / "source.mp4"
    with pytest.raises(DestinationError, match="source"):
        write_file(target, b"something else", replaces=True, sources=[source])
    with pytest.raises(TargetExistsError):
        write_file(target, b"something else", replaces=False)
    assert source.read_bytes() == b"the video"
    assert list(tmp_path.iterdir()) == [source]


def test_an_ending_is_one_of_those_that_there_are() -> None:
    assert check_ending(Path("a.PNG"), "A sheet", [".png", ".pdf"]) == ".png"
    for name, words in (("a.gif", "but a.gif ends in .gif"), ("a", "but a has no extension")):
        with pytest.raises(SettingsError, match=f"A sheet is a .png or .pdf file, {words}"):
            check_ending(Path(name), "A sheet", [".png", ".pdf"])


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a place that takes no folders")
def test_a_folder_that_cannot_be_made_was_never_reached() -> None:
    with pytest.raises(DestinationLostError, match="cannot be created"):
        files.prepare_folder(Path("/proc/framescope-test"))
