"""A camera that cannot be opened: what is told, with stand-ins for what a system answers."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING

import av.error
import numpy as np
import pytest

from framescope.core.errors import OpenError, UnsupportedMediaError
from framescope.core.live import camera as module
from framescope.core.live import receiver
from framescope.core.live.address import live_name
from framescope.core.live.camera import camera_devices, camera_refusal
from framescope.core.live.source import begin_live, end_live
from framescope.core.source.opening import known_video, open_video
from framescope.core.synth.number_blocks import draw_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of devices of a Linux."""
    monkeypatch.setattr("framescope.core.live.camera.sys.platform", "linux")
    monkeypatch.setattr(module, "_DEVICES", str(tmp_path))
    return tmp_path


def refused(number: int) -> av.error.FFmpegError:
    """What FFmpeg raises with this number."""
    return av.error.FFmpegError(number, os.strerror(number))


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
        open_video(live_name("camera:Front"))
    assert "framescope live -" in str(caught.value.hint)


class Capture:
    """Stands in for OpenCV's object: delivers numbered pictures, as the script says."""

    def __init__(self, script: Iterable[int | Callable[[], object] | None]) -> None:
        self._script = iter(script)
        self.is_released = False

    def read(self) -> tuple[bool, NDArray[np.uint8] | None]:
        step = next(self._script, None)
        if callable(step):
            step()
        if not isinstance(step, int):
            return False, None
        return True, np.ascontiguousarray(expected(step)[:, :, ::-1])

    def release(self) -> None:
        self.is_released = True


def expected(number: int) -> NDArray[np.uint8]:
    rgb = np.random.default_rng(number).integers(0, 255, (96, 128, 3), np.uint8)
    draw_number(rgb, number)
    return rgb


@pytest.fixture
def captures(monkeypatch: pytest.MonkeyPatch) -> list[Capture]:
    """What OpenCV opens, one after another; an FFmpeg without cameras."""
    left: list[Capture] = []

    def opened(number: int) -> Capture:
        assert number == 4
        if not left:
            raise OSError("cv2.VideoCapture cannot open camera 4")
        return left.pop(0)

    monkeypatch.setattr("framescope.core.opencv.open_camera", opened)
    monkeypatch.setattr(receiver, "_known_forms", frozenset)
    monkeypatch.setattr(receiver, "_FIRST_PAUSE_S", 0.01)
    return left


def test_opencv_reads_a_camera_bit_for_bit(captures: list[Capture]) -> None:
    # A single failed read is a picture that was dropped, and not the end.
    script = [*range(20), None, *range(20, 40)]
    captures.append(Capture(script))
    one = begin_live(live_name("camera:4"))
    try:
        ring = one.ring()
        assert ring.await_frames(39, 30)
        with known_video(ring.segments[0].info, ring.index(), cache_bytes=1) as video:
            for number in (0, 38, 19, 20, 7):
                assert np.array_equal(video.frame(number).to_rgb(), expected(number))
        assert any("OpenCV" in note for note in ring.index().notes)
    finally:
        end_live(one.address.name)
        one.close()


def test_a_camera_that_ends_is_opened_again_and_the_gap_is_told(captures: list[Capture]) -> None:
    captures += [Capture(range(30)), Capture(range(100, 130))]
    one = begin_live(live_name("camera:4"))
    try:
        ring = one.ring()
        assert ring.await_frames(60, 30)
        assert [gap.frame_number for gap in ring.state().gaps] == [30]
        with known_video(ring.segments[0].info, ring.index(), cache_bytes=1) as video:
            assert np.array_equal(video.frame(31).to_rgb(), expected(101))
    finally:
        end_live(one.address.name)
        one.close()


def test_a_camera_that_hangs_does_not_hold_up_stopping(captures: list[Capture]) -> None:
    goes_on = threading.Event()
    captures.append(Capture([*range(30), lambda: goes_on.wait(30)]))
    one = begin_live(live_name("camera:4"))
    try:
        ring = one.ring()
        assert ring.await_frames(25, 30)
        one.stop()
        assert ring.has_ended
        with known_video(ring.segments[0].info, ring.index(), cache_bytes=1) as video:
            assert np.array_equal(video.frame(24).to_rgb(), expected(24))
    finally:
        goes_on.set()
        end_live(one.address.name)
        one.close()


@pytest.mark.usefixtures("captures", "devices")
def test_where_opencv_finds_no_camera_either_it_is_told() -> None:
    with pytest.raises(OpenError, match="The camera 4 cannot be opened") as caught:
        open_video(live_name("camera:4"))
    assert caught.value.hint == "No camera is connected."
