"""A window is refused where Qt would abort: without a display, and with one that does not answer."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import FrameScopeError
from framescope.ui.display import check_display

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always a display")


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_no_display_is_said_with_a_way_out() -> None:
    with pytest.raises(FrameScopeError, match="no display") as caught:
        check_display()
    assert "framescope screenshot" in caught.value.hint


def test_a_platform_that_was_asked_for_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    check_display()


@pytest.mark.parametrize("name", [":9876", "unix:9876.0", "localhost:9876", "[::1]:9876"])
def test_a_screen_that_is_gone_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", name)
    with pytest.raises(FrameScopeError, match="does not answer: DISPLAY="):
        check_display()


def test_a_wayland_compositor_that_is_gone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(FrameScopeError, match="does not answer: WAYLAND_DISPLAY=wayland-0"):
        check_display()


def test_a_wayland_compositor_that_answers_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Sockets have short paths.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("wayland-7")
        server.listen()
        monkeypatch.setenv("XDG_RUNTIME_DIR", ".")
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
        check_display()


def test_an_x_server_on_the_network_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1] - 6000
        monkeypatch.setenv("DISPLAY", f"127.0.0.1:{number}.0")
        check_display()


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")
def test_a_real_x_server_is_there_for_qt_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    start_qt = [sys.executable, "-c", "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"]
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(write_end,), stderr=subprocess.DEVNULL) as server:
        os.close(write_end)
        with os.fdopen(read_end) as answer:
            monkeypatch.setenv("DISPLAY", f":{answer.readline().strip()}")
        try:
            with monkeypatch.context() as unnamed:
                unnamed.delenv("QT_QPA_PLATFORM")
                check_display()
            # A server that has lost its last client would be restarting now.
            assert subprocess.run(start_qt, check=False).returncode == 0
        finally:
            server.terminate()
