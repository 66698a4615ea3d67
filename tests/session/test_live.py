"""A live source in a session: its newest frame is followed until the user goes back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from framescope.core.live.address import live_name
from framescope.core.live.ring import Limits
from framescope.core.live.source import begin_live
from framescope.core.synth.number_blocks import read_number
from tests.core.live.senders import numbered_stream, pipe_sender

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")

LONGEST_MS = 60_000


def number_on_screen(controller: Controller) -> int | None:
    shown = controller.shown
    return None if shown is None or shown.frame is None else read_number(shown.frame.to_rgb())


def test_the_newest_frame_is_followed_until_one_goes_back(
    qtbot: QtBot, real_controller: Controller, tmp_path: Path
) -> None:
    controller, live = real_controller, real_controller.live
    path = tmp_path / "pipe"
    pieces = [numbered_stream(0, 200, gop=10), b""]
    third = len(pieces[0]) // 3
    whole = pieces[0]
    with pipe_sender(path, [whole[:third], whole[third:]]) as go_on:
        controller.open_source(live_name(str(path)))
        qtbot.waitUntil(lambda: live.is_following and controller.position > 30, timeout=LONGEST_MS)
        qtbot.waitUntil(lambda: number_on_screen(controller) == controller.position, timeout=LONGEST_MS)
        assert live.latency.frames > 0
        controller.step(-20)
        assert not live.is_following
        here = controller.position
        go_on.set()
        qtbot.waitUntil(
            lambda: controller.index is not None and controller.index.complete, timeout=LONGEST_MS
        )
        assert controller.position == here
        qtbot.waitUntil(lambda: number_on_screen(controller) == here, timeout=LONGEST_MS)
    assert not live.is_live
    assert controller.frame_total == 200
    controller.show_last()
    qtbot.waitUntil(lambda: number_on_screen(controller) == 199, timeout=LONGEST_MS)


def test_what_left_is_unavailable_and_following_goes_on(
    qtbot: QtBot, real_controller: Controller, tmp_path: Path
) -> None:
    controller, live = real_controller, real_controller.live
    path = tmp_path / "pipe"
    stream = numbered_stream(0, 200, gop=10)
    with pipe_sender(path, [stream, b""]):
        begin_live(live_name(str(path)), Limits(1e9, 20_000))
        controller.open_source(live_name(str(path)))
        qtbot.waitUntil(lambda: live.is_live and controller.frame_total > 150, timeout=LONGEST_MS)
        assert controller.index is not None
        first = controller.index.first_held
        assert first > 0
        qtbot.waitUntil(lambda: controller.view.visible_range[0] > 0)
        controller.show_frame(first - 1)
        shown = controller.shown

        def is_refused() -> bool:
            nonlocal shown
            shown = controller.shown
            return shown is not None and shown.frame_number == first - 1 and bool(shown.unavailable_reason)

        qtbot.waitUntil(is_refused, timeout=LONGEST_MS)
        assert shown is not None
        assert "left the ring buffer" in str(shown.unavailable_reason)
        assert not live.is_following
        live.follow()
        qtbot.waitUntil(lambda: live.is_following)
        qtbot.waitUntil(
            lambda: number_on_screen(controller) == controller.frame_total - 1, timeout=LONGEST_MS
        )


def test_nothing_is_remembered_of_a_live_source(
    qtbot: QtBot, real_controller: Controller, tmp_path: Path
) -> None:
    controller, live = real_controller, real_controller.live
    stream = tmp_path / "numbers.ts"
    stream.write_bytes(numbered_stream(0, 30))
    controller.settings.add_recent_file("rtsp://user:secret@host/1")
    controller.settings.add_recent_file("srt://host:1?passphrase=secret")
    assert controller.settings.recent_files == ()
    controller.open_source(live_name(str(stream)))
    qtbot.waitUntil(lambda: number_on_screen(controller) == 29, timeout=LONGEST_MS)
    assert controller.video.opencv_facts is not None
    assert not controller.video.opencv_facts.opened
    controller.close_source()
    assert live.state is None
