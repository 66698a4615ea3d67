"""The button that follows a live source, and saves of its buffer."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.live.address import live_name
from framescope.core.live.follower import Latency
from framescope.core.live.interruptions import Gap
from framescope.core.live.ring import RingState
from framescope.engine.backend import core_backend
from framescope.session.controller import Controller
from framescope.ui.widgets.save_target import Target
from framescope.ui.window.live_button import LiveButton, live_tip, live_words
from tests.core.live.senders import numbered_stream, pipe_sender

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

STATE = RingState(
    frames=400,
    first_frame=100,
    packets=400,
    total_bytes=4_000_000,
    held_bytes=3_000_000,
    held_s=12.0,
    damaged_frames=7,
    skipped_packets=0,
    gaps=(Gap(150, 3.0, "nothing arrived for 5 s"), Gap(170, 1.5, "")),
    pauses=2,
    longest_pause_s=2.5,
    has_ended=False,
)


def test_it_says_delay_damage_and_gaps() -> None:
    latency = Latency(40.2, 81.0, 100)
    assert live_words(STATE, latency, is_following=True) == "● Live · 40 ms · 7 damaged · 2 gaps"
    assert "40 ms" not in live_words(STATE, latency, is_following=False)
    tip = live_tip(STATE, latency)
    assert "300 frames, 12 s, 3.00 MB" in tip
    assert "81 ms in 95 %" in tip
    assert "Before frame 150 nothing arrived for 3 s: nothing arrived for 5 s." in tip
    assert "Before frame 170 the time stamps skip 1.5 s: frames may be missing." in tip
    assert "2 pauses in what arrived, of up to 2.5 s." in tip


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_it_is_there_while_frames_arrive(qtbot: QtBot, tmp_path: Path) -> None:
    controller = Controller(backend=core_backend(keeps_indexes=False))
    button = LiveButton(controller, None)
    qtbot.addWidget(button)
    assert button.isHidden()
    path, out = tmp_path / "pipe", tmp_path / "saved.mkv"
    try:
        with pipe_sender(path, [numbered_stream(0, 80, gop=10), b""]):
            controller.open_source(live_name(str(path)))
            qtbot.waitUntil(lambda: controller.frame_total >= 70, timeout=60_000)
            qtbot.waitUntil(lambda: not button.isHidden())
            controller.step(-5)
            qtbot.waitUntil(lambda: not button.live.is_following)
            button.click()
            qtbot.waitUntil(lambda: button.live.is_following)
            ring = button.live.ring
            assert ring is not None
            with qtbot.waitSignal(
                button.save(ring, Target(out, replaces=False), None).finished, timeout=60_000
            ):
                pass
        qtbot.waitUntil(button.isHidden, timeout=60_000)
    finally:
        controller.close()
    with av.open(os.fspath(out)) as container:
        assert sum(1 for _ in container.decode(video=0)) >= 70
