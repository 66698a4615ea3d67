"""What names a live source, and what FFmpeg has to open for it."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from framescope.core.addresses import masked
from framescope.core.errors import OpenError
from framescope.core.media.container import is_url, local_path
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEMES = frozenset({"camera", "rtmp", "rtmps", "rtp", "rtsp", "rtsps", "srt", "tcp", "udp"})
"""Addresses of these are always live."""
_FORCED = "live+"
_CAMERA = re.compile(r"camera:(?://)?(.+)", re.IGNORECASE)
_LISTEN = "#listen"
QUICK_OPENING = {"analyzeduration": "1000000"}
"""In microseconds: FFmpeg's five seconds are for files."""
_DESCRIBED = {"protocol_whitelist": "file,rtp,srtp,udp"}
"""What the description of a session (SDP) may make FFmpeg open."""
_LISTENING = {
    "rtsp": {"rtsp_flags": "listen", "listen_timeout": "30"},
    "rtmp": {"listen": "1"},
    "tcp": {"listen": "1"},
    "http": {"listen": "1"},
}


class LiveKind(Enum):
    """Where packets come from."""

    CAMERA = "camera"
    NETWORK = "network"
    PIPE = "pipe"


@dataclass(frozen=True)
class LiveAddress:
    """A live source, taken apart.

    Attributes:
        name: What it is called, without passwords and tokens.
        kind: Where packets come from.
        opens: What is opened: an address, a device or a path; ``-`` is the standard input.
        form: FFmpeg's demuxer; None to recognise it.
        ways: Sets of options to try in this order.
        listens: Whether the sender makes the connection.
    """

    name: str
    kind: LiveKind
    opens: str = field(repr=False)
    form: str | None = None
    ways: tuple[Mapping[str, str], ...] = ({},)
    listens: bool = False

    @property
    def typed(self) -> str:
        """What a person types for it, without passwords and tokens."""
        plain = self.name.removeprefix(_FORCED)
        return self.opens if plain.startswith("pipe:") else plain


def live_name(text: str) -> str:
    """The address of a live source that a person typed: an address, ``camera:0``, ``-`` or a path.

    >>> from framescope.core.live.address import live_name
    >>> live_name("camera:0"), live_name("http://host/stream"), live_name("rtsp://host/1")
    ('camera://0', 'live+http://host/stream', 'rtsp://host/1')
    """
    if text == "-":
        return f"{_FORCED}pipe://-"
    if match := _CAMERA.fullmatch(text):
        return f"camera://{match[1]}"
    if is_url(text):
        return text if is_live(text) else f"{_FORCED}{text}"
    path = str(local_path(text))
    return f"{_FORCED}pipe://{quote(path)}"


def is_live(source: str | os.PathLike[str]) -> bool:
    """Whether a source is live: its frames arrive, and old ones leave. Threads: any."""
    text = os.fspath(source)
    if not is_url(text):
        return False
    scheme = text.split(":", 1)[0].lower()
    return scheme in _SCHEMES or scheme.startswith(_FORCED)


def parse_live(source: str | os.PathLike[str]) -> LiveAddress:
    """Take the address of a live source apart.

    Raises:
        OpenError: It is not complete.
    """
    text = os.fspath(source)
    scheme, _, rest = text.partition("://")
    scheme = scheme.lower().removeprefix(_FORCED)
    if not rest:
        raise OpenError(
            tr("{address} is not a complete address.", address=masked(text)),
            hint=tr("Write it like rtsp://host/path, udp://@:5000 or camera:0."),
        )
    if scheme == "pipe":
        from urllib.parse import unquote  # noqa: PLC0415 - pipes are rare

        path = unquote(rest)
        if Path(path).suffix.lower() == ".sdp":
            return LiveAddress(text, LiveKind.NETWORK, path, "sdp", ways=(QUICK_OPENING | _DESCRIBED,))
        return LiveAddress(text, LiveKind.PIPE, path, ways=(QUICK_OPENING,))
    if scheme == "camera":
        form, device = _camera(rest)
        return LiveAddress(text, LiveKind.CAMERA, device, form)
    listens = rest.endswith(_LISTEN)
    address = f"{scheme}://{rest.removesuffix(_LISTEN)}"
    options = QUICK_OPENING | (_LISTENING.get(scheme, {}) if listens else {})
    ways: tuple[Mapping[str, str], ...] = (options,)
    if scheme == "rtsp" and not listens:
        # TCP loses nothing on the way; some cameras only send by UDP.
        ways = tuple(options | {"rtsp_transport": transport} for transport in ("tcp", "udp"))
    return LiveAddress(masked(text), LiveKind.NETWORK, address, ways=ways, listens=listens)


def _camera(device: str) -> tuple[str, str]:
    """FFmpeg's demuxer for cameras on this system, and what it calls the device."""
    if sys.platform == "darwin":
        return "avfoundation", f"{device}:none"
    if sys.platform == "win32":
        return "dshow", f"video={device}"
    return "v4l2", f"/dev/video{device}" if device.isdigit() else device
