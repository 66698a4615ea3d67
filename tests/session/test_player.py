"""What is chosen for playing: speed, repetition, range, A–B loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication

from framescope.session.playback import Repeat
from framescope.session.position_text import PositionField
from framescope.session.state import FrameRange

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from tests.engine.fakes import FakeMedia
    from tests.session.conftest import Ear


@pytest.fixture
def opened(controller: Controller, open_fake: Callable[[], None]) -> Controller:
    """100 frames, 25 a second."""
    open_fake()
    return controller


def test_speed_is_kept_for_the_next_time(opened: Controller) -> None:
    player, playback = opened.player, opened.playback
    player.halve_speed()
    assert (player.chosen_speed, playback.speed) == (0.5, 0)
    player.toggle()
    assert playback.speed == 0.5
    player.halve_speed()
    assert playback.speed == 0.25
    player.toggle()
    player.play_backward()
    assert playback.speed == -0.25
    player.double_speed()
    assert playback.speed == -0.5
    player.reset_speed()
    assert (player.chosen_speed, playback.speed) == (1.0, -1.0)
    player.stop()
    player.speed_up()
    player.toggle_at_normal_speed()
    assert playback.speed == 1.0


def test_choices_are_settings(opened: Controller) -> None:
    player, settings = opened.player, opened.settings
    seen = []
    for toggle in (player.toggle_loop, player.toggle_ping_pong, player.toggle_ping_pong):
        toggle()
        seen.append(settings.repeat)
    assert seen == [Repeat.LOOP, Repeat.PING_PONG, Repeat.OFF]
    player.toggle_range_only()
    player.toggle_every_frame()
    assert settings.plays_range_only
    assert settings.plays_every_frame


def test_range_is_played_when_chosen(qtbot: QtBot, opened: Controller) -> None:
    opened.show_frame(5)
    opened.mark_in()
    opened.show_frame(8)
    opened.mark_out()
    opened.player.toggle_range_only()
    opened.show_frame(50)
    numbers: list[int] = []
    opened.position_changed.connect(numbers.append)
    opened.player.toggle()
    qtbot.waitUntil(lambda: opened.playback.speed == 0)
    qtbot.waitUntil(lambda: opened.position == 8)
    assert set(numbers) <= {5, 6, 7, 8}


def test_while_playing_the_playhead_is_at_the_frame_on_screen(
    qtbot: QtBot, opened: Controller, media: FakeMedia
) -> None:
    seen: list[tuple[int, int]] = []

    def note() -> None:
        shown = opened.shown
        assert shown is not None
        seen.append((opened.position, shown.frame_number))

    opened.position_changed.connect(note)
    opened.frame_shown.connect(note)
    requested: list[int] = []
    opened.playback.frame_due.connect(requested.append)
    opened.player.toggle_loop()
    for _ in range(4):
        opened.player.shuttle_forward()
    qtbot.waitUntil(lambda: len(seen) >= 4)
    media.gate.clear()
    qtbot.waitUntil(lambda: bool(requested) and requested[-1] != opened.position)
    before = opened.position
    opened.player.stop()
    # What is marked is what is seen, not what is still being decoded.
    opened.toggle_mark()
    assert opened.marks == (before,)
    media.gate.set()
    # The picture requested last still comes, and the playhead with it.
    qtbot.waitUntil(lambda: opened.position == requested[-1])
    assert all(position == number for position, number in seen), seen


def test_another_speed_plays_on_from_the_frame_requested_last(
    qtbot: QtBot, opened: Controller, media: FakeMedia
) -> None:
    numbers: list[int] = []
    opened.position_changed.connect(numbers.append)
    requested: list[int] = []
    opened.playback.frame_due.connect(requested.append)
    opened.player.shuttle_forward()
    qtbot.waitUntil(lambda: bool(numbers))
    media.gate.clear()
    qtbot.waitUntil(lambda: requested[-1] != opened.position)
    opened.player.double_speed()
    media.gate.set()
    count = len(numbers)
    qtbot.waitUntil(lambda: len(numbers) >= count + 4)
    assert numbers == sorted(numbers)


def test_a_b_loop_is_set_by_one_key(qtbot: QtBot, opened: Controller) -> None:
    player = opened.player
    opened.show_frame(9)
    player.set_loop_point()
    assert (player.loop_start, player.loop) == (9, None)
    opened.show_frame(6)
    player.set_loop_point()
    assert (player.loop_start, player.loop) == (6, FrameRange(6, 10))
    numbers: list[int] = []
    opened.position_changed.connect(numbers.append)
    player.toggle()
    qtbot.waitUntil(lambda: numbers.count(6) >= 2)
    assert set(numbers) <= {6, 7, 8, 9}
    player.set_loop_point()
    assert (player.loop_start, player.loop) == (None, None)
    player.stop()


def test_another_video_has_no_loop(opened: Controller) -> None:
    opened.player.set_loop_point()
    opened.close_source()
    assert opened.player.loop_start is None
    assert opened.player.times is None


def test_range_ends_are_gone_to(opened: Controller) -> None:
    opened.show_frame(20)
    opened.mark_in()
    opened.show_frame(30)
    opened.mark_out()
    opened.show_in_point()
    assert opened.position == 20
    opened.show_out_point()
    assert opened.position == 30


def test_ends_of_the_marks_are_gone_to(opened: Controller) -> None:
    opened.show_first_mark()
    assert opened.position == 0
    opened.mark_frames([30, 10, 20])
    opened.show_last_mark()
    assert opened.position == 30
    opened.show_first_mark()
    assert opened.position == 10


def test_steps_by_time_and_share(opened: Controller) -> None:
    opened.step_seconds(2)
    assert opened.position == 50
    opened.step_seconds(-1)
    assert opened.position == 25
    opened.step_percent(1)
    assert opened.position == 26
    opened.step_percent(-50)
    assert opened.position == 0


def test_position_is_copied_as_text(opened: Controller, ear: Ear) -> None:
    opened.show_frame(30)
    texts = []
    for field in PositionField:
        opened.copy_position(field)
        texts.append(QGuiApplication.clipboard().text())
    assert texts[:2] == ["0", "0:00.000"] or texts == ["30", "0:01.200", "00:00:01:05", "pts 15360"]
    assert ear.notices[-1][1] == "info"
