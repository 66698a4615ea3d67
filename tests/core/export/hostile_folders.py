"""Folders that really refuse files: a full disk, a read-only mount. Each needs rights not everyone has."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _run(*command: str) -> bool:
    program = shutil.which(command[0])
    if program is None:
        return False
    done = subprocess.run([program, *command[1:]], capture_output=True, check=False)
    return done.returncode == 0


@contextlib.contextmanager
def small_disk(folder: Path, *, kilobytes: int) -> Iterator[Path]:
    """A disk of its own, of this size; skips the test where mounting is not allowed."""
    folder.mkdir()
    if not _run("mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)):
        pytest.skip("mounting a small disk needs root")
    try:
        yield folder
    finally:
        assert _run("umount", str(folder)) or _run("umount", "-l", str(folder))


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[Path]:
    """A folder that takes no files, from root neither; skips the test where that cannot be done."""
    folder.mkdir()
    mode = folder.stat().st_mode
    folder.chmod(0o555)
    undo: tuple[str, ...] = ()
    try:
        if _takes_files(folder):
            # Root passes permission bits by: mount the folder read-only over itself.
            if not _run("mount", "--bind", "-o", "ro", str(folder), str(folder)):
                pytest.skip("permission bits do not stop root, and mounting is not allowed")
            undo = ("umount", str(folder))
            if _takes_files(folder):
                pytest.skip("a read-only mount does not hold here")
        yield folder
    finally:
        if undo:
            assert _run(*undo)
        folder.chmod(mode)


def _takes_files(folder: Path) -> bool:
    probe = folder / "probe"
    try:
        probe.touch()
    except OSError:
        return False
    probe.unlink()
    return True
