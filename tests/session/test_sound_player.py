"""Sound follows the picture: started, stopped and moved with it, muted, louder, and heard when stepping."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.sound.streams import SoundError
from framescope.engine.backend import core_backend
from framescope.session import sound_player
from framescope.session.controller import Controller
from tests.clips.sounding import RATE, Sound, clicks, write_sounding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.engine.sound_feed import SoundFeed, SoundPlan
    from framescope.engine.sound_thread import SoundThread


class Devices:
    """Opens devices that take nothing, or refuses to."""

    def __init__(self) -> None:
        self.opened: list[SoundFeed] = []
        self.refuses = False

    @contextmanager
    def open(self, feed: SoundFeed) -> Iterator[None]:
        if self.refuses:
            raise SoundError("There is no audio device.", hint="Connect one.")
        feed.start(0.0)
        self.opened.append(feed)
        yield


@pytest.fixture
def devices() -> Devices:
    return Devices()


@pytest.fixture
def session(
    qtbot: QtBot, devices: Devices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Controller]:
    """A session with an open clip whose sound has clicks at 0.5 and 1.5 s."""
    path = tmp_path / "clip.mkv"
    write_sounding(path, [Sound(clicks([0.5, 1.5])), Sound(clicks([1.0]))])
    monkeypatch.setattr(sound_player, "open_device", devices.open)
    controller = Controller(backend=core_backend(keeps_indexes=False))
    controller.open_source(str(path))
    qtbot.waitUntil(lambda: controller.sound.peaks is not None)
    yield controller
    controller.close()


def thread_of(session: Controller) -> SoundThread:
    thread = session.sound_player._thread  # noqa: SLF001
    assert thread is not None
    return thread


def plan_of(session: Controller) -> SoundPlan:
    plan = thread_of(session).feed.plan
    assert plan is not None
    return plan


def test_nothing_of_sound_runs_before_it_is_played(session: Controller) -> None:
    assert session.sound_player._thread is None  # noqa: SLF001
    session.show_frame(10)
    assert session.sound_player._thread is None  # noqa: SLF001


def test_sound_is_planned_where_the_picture_is(qtbot: QtBot, session: Controller) -> None:
    session.show_frame(24)
    session.player.toggle()
    plan = plan_of(session)
    assert plan.time_at(plan.clock_s) == pytest.approx(1.0, abs=0.05)
    assert plan.speed == 1.0
    qtbot.waitUntil(lambda: thread_of(session).feed.queued_s > 0.2)
    session.player.stop()
    assert thread_of(session).feed.plan is None


def test_a_jump_takes_the_sound_along(session: Controller) -> None:
    session.player.toggle()
    before = plan_of(session)
    session.show_frame(36)
    after = plan_of(session)
    assert after.serial != before.serial
    assert after.time_s == pytest.approx(1.5)
    session.player.stop()


def test_a_picture_that_is_held_up_holds_the_sound_up(session: Controller) -> None:
    session.player.toggle()
    before = plan_of(session)
    playback = session.playback
    playback._anchor_now_s += 0.2  # noqa: SLF001 - as after a frame that came late
    playback.anchored.emit()
    after = plan_of(session)
    # The same samples, later.
    assert after.serial == before.serial
    assert after.time_at(10.0) == pytest.approx(before.time_at(9.8))
    session.player.stop()


def test_backwards_there_is_no_sound(session: Controller) -> None:
    session.show_frame(40)
    session.player.shuttle_backward()
    assert session.sound_player._thread is None  # noqa: SLF001
    session.player.shuttle_forward()
    assert plan_of(session).speed == 1.0
    session.player.shuttle_forward()
    assert plan_of(session).speed == 2.0
    session.player.shuttle_backward()
    assert thread_of(session).feed.plan is None
    session.player.stop()


def test_muting_is_silent_and_unmuting_joins_in(session: Controller) -> None:
    player = session.sound_player
    player.toggle_mute()
    session.player.toggle()
    assert player._thread is None  # noqa: SLF001
    player.toggle_mute()
    assert plan_of(session).speed == 1.0
    player.toggle_mute()
    assert thread_of(session).feed.plan is None
    player.turn_down()
    assert not player.is_muted
    assert player.volume == 95
    assert plan_of(session).speed == 1.0
    session.player.stop()


def test_volume_stays_within_its_range(session: Controller) -> None:
    player = session.sound_player
    player.turn_up()
    assert player.volume == 100
    player.set_volume(3)
    player.turn_down()
    assert player.volume == 0


def test_another_stream_is_heard_at_once(session: Controller) -> None:
    session.player.toggle()
    before = plan_of(session)
    session.sound.choose_next()
    assert plan_of(session).serial != before.serial
    session.player.stop()


def test_scrubbing_plays_each_frame_that_is_stepped_to(
    qtbot: QtBot, session: Controller, devices: Devices
) -> None:
    session.sound_player.toggle_scrubbing()
    session.show_frame(35)
    qtbot.waitUntil(lambda: bool(devices.opened))
    (feed,) = devices.opened
    heard: list[np.ndarray] = []

    def listens() -> bool:
        heard.append(feed.fill(RATE // 100))
        return bool(np.abs(heard[-1]).max() > 0.3)

    qtbot.waitUntil(listens)
    session.sound_player.toggle_scrubbing()
    assert not session.sound_player.scrubs


def test_without_a_device_the_picture_plays_on_and_a_notice_says_why(
    qtbot: QtBot, session: Controller, devices: Devices
) -> None:
    devices.refuses = True
    notices: list[tuple[str, str]] = []
    session.notice_posted.connect(lambda text, level: notices.append((text, level)))
    session.player.toggle()
    qtbot.waitUntil(lambda: bool(notices))
    assert notices == [("There is no audio device. Connect one.", "warning")]
    qtbot.waitUntil(lambda: session.position > 3)
    session.player.stop()
    session.player.toggle()
    qtbot.waitUntil(lambda: session.position > 6)
    assert len(notices) == 1
    session.player.stop()
