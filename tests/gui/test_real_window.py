"""The real window on a real X server, with cv2 imported first: what is drawn is what the number says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from framescope.core.synth.demo import write_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE = Path(__file__).parent
_ROOT = _HERE.parent.parent
_FRAMES = 120
_LIMIT_S = 120


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server of our own."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        pytest.skip("Xvfb is not installed: the window was only tested offscreen")
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        [xvfb, "-displayfd", str(write_end), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"],
        pass_fds=(write_end,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    with os.fdopen(read_end) as answer:
        # The server says its number once it takes connections.
        number = answer.readline().strip()
    try:
        if not number:
            pytest.skip("Xvfb does not start here")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def report(display: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the window showed while it was worked."""
    clip = tmp_path_factory.mktemp("gui") / "demo.mp4"
    write_demo(clip, frame_count=_FRAMES)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    environment |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(_ROOT)}
    finished = subprocess.run(
        [sys.executable, str(_HERE / "real_window.py"), str(clip)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    answer: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return answer


def test_window_is_a_real_one(report: dict[str, Any]) -> None:
    assert report["platform"] == "xcb"
    assert report["fontdir"] is None


def test_drawn_number_is_the_shown_number(report: dict[str, Any]) -> None:
    for place, seen in enumerate(report["seen"]):
        assert seen["pixels"] == seen["field"] == seen["position"], f"after step {place}: {seen}"


def test_dragging_went_where_the_mouse_went(report: dict[str, Any]) -> None:
    start, *drags = (seen["position"] for seen in report["seen"][:5])
    assert start == 0
    assert 0.35 * _FRAMES < drags[0] < 0.6 * _FRAMES
    assert drags[1] > 0.8 * _FRAMES
    assert drags[2] < 0.3 * _FRAMES
    assert drags[3] > drags[0]


def test_keys_went_where_they_should(report: dict[str, Any]) -> None:
    dragged, *keys = (seen["position"] for seen in report["seen"][4:])
    assert keys == [dragged - 1, dragged - 2, dragged - 1, _FRAMES - 1, 0, 48]


def test_full_screen_shows_the_picture_alone(report: dict[str, Any]) -> None:
    screen, *seen = report["full"]
    assert screen == {"width": 1920, "height": 1200}
    assert [each["position"] for each in seen] == [49, _FRAMES - 1, _FRAMES - 2]
    for each in seen:
        assert each["pixels"] == each["field"] == each["position"]


def test_slow_motion_shows_every_frame(report: dict[str, Any]) -> None:
    shown = [each["shown"] for each in report["slow"]]
    assert list(dict.fromkeys(shown)) == list(range(_FRAMES - 6, _FRAMES))
    for each in report["slow"]:
        assert each["pixels"] == each["shown"]
