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
from framescope.ui.window import display
from framescope.ui.window.display import reachable_display

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always a display")


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(display, "_PAUSE_S", 0.001)


def test_no_display_is_said_with_a_way_out() -> None:
    with pytest.raises(FrameScopeError, match="No display") as caught, reachable_display():
        pass
    assert "framescope screenshot" in caught.value.hint


def test_a_platform_that_was_asked_for_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with reachable_display():
        pass


@pytest.mark.parametrize("name", [":9876", "unix:9876.0", "localhost:9876", "[::1]:9876"])
def test_a_screen_that_is_gone_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", name)
    with pytest.raises(FrameScopeError, match="does not answer: DISPLAY="), reachable_display():
        pass


def test_a_wayland_compositor_that_is_gone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with (
        pytest.raises(FrameScopeError, match="does not answer: WAYLAND_DISPLAY=wayland-0"),
        reachable_display(),
    ):
        pass


def test_a_wayland_compositor_that_answers_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Sockets have short paths.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("wayland-7")
        server.listen()
        monkeypatch.setenv("XDG_RUNTIME_DIR", ".")
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
        with reachable_display():
            pass


def test_an_x_server_on_the_network_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1] - 6000
        monkeypatch.setenv("DISPLAY", f"127.0.0.1:{number}.0")
        with reachable_display():
            pass


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")
def test_an_x_server_without_other_clients_is_there_for_qt(monkeypatch: pytest.MonkeyPatch) -> None:
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-nolisten", "tcp"]
    start_qt = (
        "from framescope.ui.window.display import reachable_display\n"
        "from PySide6.QtGui import QGuiApplication\n"
        "with reachable_display():\n"
        "    app = QGuiApplication([])\n"
        "    assert app.platformName() == 'xcb'\n"
    )
    with subprocess.Popen(command, pass_fds=(write_end,), stderr=subprocess.DEVNULL) as server:
        os.close(write_end)
        with os.fdopen(read_end) as answer:
            monkeypatch.setenv("DISPLAY", f":{answer.readline().strip()}")
        try:
            # After the first, the server restarts.
            for _ in range(3):
                subprocess.run([sys.executable, "-c", start_qt], check=True)
        finally:
            server.terminate()
