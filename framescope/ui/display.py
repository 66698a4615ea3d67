"""Finds out whether a window can be shown, before Qt aborts because it cannot."""

from __future__ import annotations

import os
import re
import socket
import sys
from pathlib import Path

from framescope.core.errors import FrameScopeError

_TIMEOUT_S = 5.0
_X_PORT = 6000
_X_DISPLAY = re.compile(r"(?P<host>[^:]*|\[.*\]):(?P<number>\d+)(?:\.\d+)?")
_HINT = "Write a picture of the window instead: framescope screenshot VIDEO OUT.png"


def check_display() -> None:
    """Refuse to start where no window can be shown.

    Raises:
        FrameScopeError: There is no display, or the one that the variables name does not answer.
    """
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return
    x_display, wayland = os.environ.get("DISPLAY", ""), os.environ.get("WAYLAND_DISPLAY", "")
    if not (x_display or wayland):
        raise FrameScopeError("There is no display to open a window on.", hint=_HINT)
    if not (_wayland_answers(wayland) or _x_answers(x_display)):
        named = " and ".join(
            f"{name}={value}"
            for name, value in (("WAYLAND_DISPLAY", wayland), ("DISPLAY", x_display))
            if value
        )
        raise FrameScopeError(f"The display does not answer: {named}.", hint=_HINT)


def _wayland_answers(name: str) -> bool:
    if not name:
        return False
    return _answers_at(str(Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere"), name)))


def _x_answers(display: str) -> bool:
    # Nothing is said to the server: ssh refuses a forwarded connection without the right password, and a
    # server restarts when the last client that it has welcomed leaves, which Qt would run into.
    if not display:
        return False
    match = _X_DISPLAY.fullmatch(display)
    if match is None:
        # A path, as on macOS's XQuartz, or a protocol's name in front: left to the X library.
        return True
    host, number = match["host"].strip("[]"), int(match["number"])
    if host in {"", "unix"}:
        path = f"/tmp/.X11-unix/X{number}"
        return _answers_at(path) or _answers_at(f"\0{path}")
    try:
        socket.create_connection((host, _X_PORT + number), _TIMEOUT_S).close()
    except OSError:
        return False
    return True


def _answers_at(path: str) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(_TIMEOUT_S)
            door.connect(path)
    except OSError:
        return False
    return True
