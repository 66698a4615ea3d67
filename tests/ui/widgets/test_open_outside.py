"""Programs started from the window: the right file, and nothing of FrameScope's in their hands."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from framescope.ui.widgets.open_outside import open_outside

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

has_opener = pytest.mark.skipif(
    os.name != "posix" or sys.platform == "darwin", reason="the desktop opens files without a child process"
)

# It tells what it was given, and lives until it is told to end; whatever goes wrong, not for ever.
OPENER = """#!/bin/sh
printf '%s' "$1" > "$FS_PLACE/part"
mv "$FS_PLACE/part" "$FS_PLACE/started"
left=600
while [ ! -e "$FS_PLACE/end" ] && [ $left -gt 0 ]; do
    sleep 0.1
    left=$((left - 1))
done
echo said at the end >&2 && : > "$FS_PLACE/ended"
"""


@has_opener
def test_the_program_has_no_hold_on_our_stderr(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = tmp_path / "xdg-open"
    opener.write_text(OPENER)
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FS_PLACE", str(tmp_path))
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    stderr = os.dup(2)
    os.dup2(writer, 2)
    try:
        assert open_outside(tmp_path / "a folder #1")
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(writer)
    try:
        qtbot.waitUntil((tmp_path / "started").exists, timeout=60_000)
        # Not the error that nothing is there yet: nobody else can write into the pipe.
        assert os.read(reader, 1) == b""
        os.close(reader)
    finally:
        (tmp_path / "end").touch()
    given = QUrl((tmp_path / "started").read_text())
    assert Path(given.toLocalFile()) == tmp_path / "a folder #1"
    qtbot.waitUntil((tmp_path / "ended").exists, timeout=60_000)


def test_without_an_opener_qt_opens_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    open_outside(tmp_path)
    assert opened == [QUrl.fromLocalFile(str(tmp_path))]
