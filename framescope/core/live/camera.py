"""Why a camera cannot be opened, and which cameras there are."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

from framescope.core.errors import OpenError
from framescope.core.folders import natural_order
from framescope.core.text import listed
from framescope.core.translation import tr

_DEVICES = "/dev"


def camera_refusal(device: str, error: OpenError) -> OpenError:
    """What to tell instead of an error that speaks of addresses.

    Args:
        device: What FFmpeg was to open.
        error: Its error, with what was raised as its cause.
    """
    number = getattr(error.__cause__, "errno", None)
    if number == errno.ENOENT:
        return OpenError(tr("There is no camera {device}.", device=device), hint=_cameras_words())
    if number in (errno.EACCES, errno.EPERM):
        hint = tr("Allow this program to use the camera in the system's settings.")
        if sys.platform == "linux":
            hint = tr("Your user may have to be in the group video.")
        return OpenError(tr("Access to the camera {device} is denied.", device=device), hint=hint)
    if number == errno.EBUSY:
        return OpenError(
            tr("The camera {device} is in use by another program.", device=device),
            hint=tr("Close that program, then try again."),
        )
    reason = getattr(error.__cause__, "strerror", None) or error.message
    return OpenError(
        tr("The camera {device} cannot be opened: {reason}.", device=device, reason=reason),
        hint=_cameras_words(),
    )


def camera_devices() -> tuple[str, ...]:
    """The cameras that Linux lists; other systems tell none without being asked by a library."""
    if sys.platform != "linux":
        return ()
    found = (path for path in Path(_DEVICES).glob("video*") if path.name.removeprefix("video").isdigit())
    return tuple(str(path) for path in sorted(found, key=natural_order))


def _cameras_words() -> str:
    if sys.platform != "linux":
        return tr("Check that it is connected, and what the system calls it.")
    devices = camera_devices()
    if not devices:
        return tr("No camera is connected.")
    return tr("There are {devices}.", devices=listed(devices))
