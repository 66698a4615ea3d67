"""Checks whether a window can be shown, because otherwise Qt would abort."""

from __future__ import annotations

import os
import re
import socket
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.errors import FrameScopeError
from framescope.core.text import listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMEOUT_S = 5.0
_TRIES, _PAUSE_S = 4, 0.25
_X_PORT = 6000
_X_DISPLAY = re.compile(r"(?P<host>[^:]*|\[.*\]):(?P<number>\d+)(?:\.\d+)?")
_HINT = tr("Write a picture of the window instead: framescope screenshot VIDEO OUT.png")


@contextmanager
def reachable_display() -> Iterator[None]:
    """Hold a connection to the display while Qt opens its own.

    Nothing is sent over it: ssh rejects a forwarded X connection without the right cookie. It is held open
    because an X server resets when its last client disconnects, and Qt could not connect meanwhile.

    Raises:
        FrameScopeError: There is no display, or the one in the environment variables does not respond.
    """
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        yield
        return
    named = {name: os.environ[name] for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)}
    if not named:
        raise FrameScopeError(tr("No display is available to open a window."), hint=_HINT)
    addresses = [
        address
        for name, value in named.items()
        for address in (_wayland_addresses(value) if name == "WAYLAND_DISPLAY" else _x_addresses(value))
    ]
    connection = _connected(addresses)
    # No address: a form that only the X library understands.
    if connection is None and addresses:
        words = listed([f"{name}={value}" for name, value in named.items()])
        raise FrameScopeError(tr("The display does not answer: {words}.", words=words), hint=_HINT)
    try:
        yield
    finally:
        if connection is not None:
            connection.close()


def _wayland_addresses(name: str) -> list[str | tuple[str, int]]:
    return [str(Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere"), name))]


def _x_addresses(display: str) -> list[str | tuple[str, int]]:
    match = _X_DISPLAY.fullmatch(display)
    if match is None:
        return []
    host, number = match["host"].strip("[]"), int(match["number"])
    if host not in {"", "unix"}:
        return [(host, _X_PORT + number)]
    path = f"/tmp/.X11-unix/X{number}"
    # The second is in Linux's abstract namespace, which needs no directory.
    return [path, f"\0{path}"]


def _connected(addresses: list[str | tuple[str, int]]) -> socket.socket | None:
    """A connection to the first address that accepts one; retries, as a server may be restarting."""
    for trial in range(_TRIES if addresses else 0):
        if trial:
            time.sleep(_PAUSE_S)
        for address in addresses:
            try:
                if not isinstance(address, str):
                    return socket.create_connection(address, _TIMEOUT_S)
                door = socket.socket(socket.AF_UNIX)
            except (OSError, OverflowError):
                continue
            try:
                door.settimeout(_TIMEOUT_S)
                door.connect(address)
            except OSError:
                door.close()
            else:
                return door
    return None
