"""A camera that cannot be opened: what is told, with stand-ins for what a system answers."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import av.error
import pytest

from framescope.core.errors import OpenError, UnsupportedMediaError
from framescope.core.live import camera as module
from framescope.core.live import receiver
from framescope.core.live.address import live_name
from framescope.core.live.camera import camera_devices, camera_refusal
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of devices of a Linux."""
    monkeypatch.setattr("framescope.core.live.camera.sys.platform", "linux")
    monkeypatch.setattr(module, "_DEVICES", str(tmp_path))
    return tmp_path


def refused(number: int) -> OpenError:
    """What opening says, caused by an error with this number."""
    error = OpenError("It cannot be opened.")
    error.__cause__ = av.error.FFmpegError(number, os.strerror(number))
    return error


@pytest.mark.parametrize(
    ("number", "said", "hint"),
    [
        (errno.ENOENT, "There is no camera /dev/video3.", "No camera is connected."),
        (errno.EACCES, "Access to the camera /dev/video3 is denied.", "group video"),
        (errno.EBUSY, "The camera /dev/video3 is in use by another program.", "Close that program"),
        (errno.ENOTTY, "The camera /dev/video3 cannot be opened: ", "No camera is connected."),
    ],
)
@pytest.mark.usefixtures("devices")
def test_each_refusal_has_its_words(number: int, said: str, hint: str) -> None:
    found = camera_refusal("/dev/video3", refused(number))
    assert found.message.startswith(said)
    assert hint in str(found.hint)


def test_the_cameras_that_are_there_are_named(devices: Path) -> None:
    assert camera_devices() == ()
    for name in ("video10", "video2", "video-decoder", "null"):
        (devices / name).touch()
    assert [os.path.basename(one) for one in camera_devices()] == ["video2", "video10"]  # noqa: PTH119
    hint = str(camera_refusal("/dev/video0", refused(errno.ENOENT)).hint)
    assert hint == f"There are {devices / 'video2'} and {devices / 'video10'}."


def test_what_opens_a_camera_is_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str | None]] = []

    def refuse(address: str, *, form: str | None, **_: object) -> None:
        asked.append((address, form))
        raise OpenError("It cannot be opened.") from OSError(errno.EBUSY, "busy")

    monkeypatch.setattr(receiver, "open_connection", refuse)
    monkeypatch.setattr(receiver, "_known_forms", lambda: frozenset({"v4l2"}))
    monkeypatch.setattr("framescope.core.live.address.sys.platform", "linux")
    with pytest.raises(OpenError, match="in use by another program"):
        open_video(live_name("camera:7"))
    assert asked == [("/dev/video7", "v4l2")]


def test_a_build_without_cameras_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiver, "_known_forms", frozenset)
    with pytest.raises(UnsupportedMediaError, match="cannot read cameras") as caught:
        open_video(live_name("camera:0"))
    assert "framescope live -" in str(caught.value.hint)
