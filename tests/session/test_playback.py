"""Playing by the file's own times, with a clock that the test turns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.media.index import NO_PTS
from framescope.session.playback import FrameTimes, Playback, Repeat, changed_speed, shuttled
from framescope.session.state import FrameRange
from tests.engine.fakes import make_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytestqt.qtbot import QtBot


def times_at(*stamps: int) -> FrameTimes:
    """Frames at these milliseconds."""
    index = make_index(len(stamps))
    # 12,800 units per second.
    return FrameTimes(replace(index, pts=np.array([round(stamp * 12.8) for stamp in stamps], np.int64)), None)


class Player:
    """A playback whose frames are shown as soon as they are due, unless the test holds them back."""

    def __init__(self, times: FrameTimes, *, shows: bool = True) -> None:
        self.now_s = 100.0
        self.playback = Playback(now=lambda: self.now_s)
        self.playback.set_times(times)
        self.due: list[int] = []
        self.speeds: list[float] = []
        self.shows = shows
        self.playback.frame_due.connect(self._on_due)
        self.playback.speed_changed.connect(self.speeds.append)

    def _on_due(self, frame_number: int) -> None:
        self.due.append(frame_number)
        if self.shows:
            self.playback.note_shown(frame_number)

    def advance(self, qtbot: QtBot, count: int) -> None:
        """Turn the clock until this many frames were due."""
        for _ in range(400):
            if len(self.due) >= count or not self.playback.speed:
                return
            self.now_s += 0.002
            qtbot.wait(2)

    def play_out(self, qtbot: QtBot) -> None:
        """Turn the clock until it stops."""
        self.advance(qtbot, 10_000)

    def expect(self, qtbot: QtBot, due: Sequence[int]) -> None:
        qtbot.waitUntil(lambda: self.due == list(due))


@pytest.mark.parametrize(
    ("speed", "direction", "expected"),
    [
        (0, 1, 1), (1, 1, 2), (2, 1, 4), (4, 1, 8), (8, 1, 8), (-4, 1, 1),
        (0, -1, -1), (-1, -1, -2), (-2, -1, -4), (-4, -1, -8), (-8, -1, -8), (8, -1, -1),
    ],
)  # fmt: skip
def test_shuttle(speed: float, direction: int, expected: float) -> None:
    assert shuttled(speed, direction) == expected


def test_times_of_a_variable_rate() -> None:
    times = times_at(0, 40, 1000, 1010)
    assert [times.number_at(time_s) for time_s in (0, 0.039, 0.04, 0.5, 1.0, 1.02)] == [0, 0, 1, 1, 2, 3]
    assert times.number_at(-1) == 0


def test_times_backwards_end_where_forwards_they_begin() -> None:
    times = times_at(0, 40, 1000, 1010)
    moments = (9, 1.01, 1.005, 1.0, 0.5, 0.04, 0.01, 0, -1)
    assert [times.number_at(moment, backwards=True) for moment in moments] == [3, 3, 3, 2, 2, 1, 1, 0, 0]


def test_times_that_repeat_or_go_back_never_decrease() -> None:
    times = times_at(0, 80, 40, 40, 120)
    assert [times.time_of(number) for number in range(5)] == pytest.approx([0, 0.08, 0.08, 0.08, 0.12])


def test_times_without_timestamps_go_by_the_rate() -> None:
    index = replace(make_index(10), pts=np.full(10, NO_PTS, np.int64))
    assert FrameTimes(index, 50).time_of(5) == pytest.approx(0.1)
    assert FrameTimes(index, None).time_of(5) == pytest.approx(0.2)


def test_plays_at_the_pace_of_the_pts_and_stops_at_the_end(qtbot: QtBot) -> None:
    player = Player(times_at(0, 40, 140, 150))
    player.playback.play(1.0, 0)
    player.now_s += 0.041
    player.expect(qtbot, [1])
    player.now_s += 0.1
    player.expect(qtbot, [1, 2])
    player.now_s += 0.01
    player.expect(qtbot, [1, 2, 3])
    assert player.playback.speed == 0
    assert player.speeds == [1.0, 0.0]


def test_backwards_shows_each_frame(qtbot: QtBot) -> None:
    player = Player(times_at(0, 10, 20, 30))
    player.playback.play(-1.0, 3)
    for count in (1, 2, 3):
        player.now_s += 0.01
        player.expect(qtbot, [2, 1, 0][:count])
    assert player.speeds == [-1.0, 0.0]


def test_faster_leaves_frames_out(qtbot: QtBot) -> None:
    player = Player(times_at(*range(0, 1000, 10)))
    player.playback.play(8.0, 0)
    player.now_s += 0.0101
    player.expect(qtbot, [8])
    player.playback.stop()


def test_a_late_frame_is_waited_for_and_short_delays_are_made_good(qtbot: QtBot) -> None:
    player = Player(times_at(*range(0, 1000, 10)), shows=False)
    player.playback.play(1.0, 0)
    player.now_s += 0.0101
    player.expect(qtbot, [1])
    player.now_s += 0.1
    qtbot.wait(1)
    assert player.due == [1]
    player.playback.note_shown(1)
    player.expect(qtbot, [1, 11])
    player.playback.stop()


def test_a_stall_holds_the_clock_up(qtbot: QtBot) -> None:
    player = Player(times_at(*range(0, 1000, 10)), shows=False)
    player.playback.play(1.0, 0)
    player.now_s += 0.0101
    player.expect(qtbot, [1])
    player.now_s += 0.5
    player.playback.note_shown(1)
    player.now_s += 0.0101
    player.expect(qtbot, [1, 2])
    player.playback.stop()


def test_an_answer_for_another_frame_does_not_count(qtbot: QtBot) -> None:
    player = Player(times_at(*range(0, 1000, 10)), shows=False)
    player.playback.play(1.0, 0)
    player.now_s += 0.0101
    player.expect(qtbot, [1])
    player.playback.note_shown(0)
    player.now_s += 0.05
    qtbot.wait(1)
    assert player.due == [1]
    player.playback.stop()


def test_going_elsewhere_plays_on_from_there(qtbot: QtBot) -> None:
    player = Player(times_at(*range(0, 1000, 10)))
    player.playback.play(1.0, 0)
    player.playback.move_to(50)
    player.playback.note_shown(50)
    player.now_s += 0.0101
    player.expect(qtbot, [51])
    player.playback.stop()


@pytest.mark.usefixtures("qtbot")
def test_at_the_end_it_starts_over() -> None:
    player = Player(times_at(0, 10, 20))
    player.playback.play(1.0, 2)
    assert player.due == [0]
    player.playback.stop()
    player.playback.play(-1.0, 0)
    assert player.due == [0, 2]
    player.playback.stop()


def test_one_frame_does_not_play(qtbot: QtBot) -> None:
    player = Player(times_at(0))
    player.playback.play(1.0, 0)
    qtbot.wait(20)
    assert player.due == []
    assert player.playback.speed == 0


def test_nothing_to_play() -> None:
    playback = Playback()
    playback.play(1.0, 0)
    assert playback.speed == 0
    playback.set_times(times_at(0, 10))
    playback.play(1.0, 0)
    playback.set_times(None)
    assert playback.speed == 0


@pytest.mark.parametrize(
    ("speed", "factor", "expected"),
    [
        (1, 0.5, 0.5), (0.25, 0.5, 0.125), (0.125, 0.5, 0.125), (4, 2, 8), (8, 1.1, 8), (1.1, 1 / 1.1, 1),
        (0.5, 2, 1),
    ],
)  # fmt: skip
def test_speed_stays_between_an_eighth_and_eight(speed: float, factor: float, expected: float) -> None:
    assert changed_speed(speed, factor) == expected


def test_tenths_up_and_down_end_at_normal_speed() -> None:
    speed = 1.0
    for factor in (1.1, 1.1, 1.1, 1 / 1.1, 1 / 1.1, 1 / 1.1):
        speed = changed_speed(speed, factor)
    assert speed == 1.0


@pytest.mark.parametrize(
    ("speed", "start", "expected"),
    [(1.0, 0, [3, 4, 5]), (1.0, 4, [5]), (-1.0, 9, [5, 4, 3]), (1.0, 5, [3, 4, 5])],
)
def test_only_the_range_is_played(qtbot: QtBot, speed: float, start: int, expected: list[int]) -> None:
    player = Player(times_at(*range(0, 100, 10)))
    player.playback.set_range(FrameRange(3, 6))
    player.playback.play(speed, start)
    player.play_out(qtbot)
    assert player.due == expected
    assert player.playback.speed == 0


def test_a_jump_out_of_the_range_plays_on_there(qtbot: QtBot) -> None:
    player = Player(times_at(*range(0, 100, 10)))
    player.playback.set_range(FrameRange(0, 3))
    player.playback.play(1.0, 0)
    player.playback.move_to(7)
    player.playback.note_shown(7)
    player.play_out(qtbot)
    assert player.due == [8, 9]


@pytest.mark.parametrize("span", [FrameRange(4, 4), FrameRange(50, 60)])
def test_a_range_without_frames_is_none(qtbot: QtBot, span: FrameRange) -> None:
    player = Player(times_at(0, 10, 20))
    player.playback.set_range(span)
    player.playback.play(1.0, 0)
    player.play_out(qtbot)
    assert player.due == [1, 2]


@pytest.mark.parametrize(("speed", "start", "expected"), [(1.0, 1, [2, 1, 2, 1, 2]), (-1.0, 2, [1, 2, 1, 2])])
def test_loop_begins_again_at_the_other_end(
    qtbot: QtBot, speed: float, start: int, expected: list[int]
) -> None:
    player = Player(times_at(*range(0, 100, 10)))
    player.playback.set_range(FrameRange(1, 3))
    player.playback.set_repeat(Repeat.LOOP)
    player.playback.play(speed, start)
    player.advance(qtbot, len(expected))
    assert player.due == expected
    player.playback.stop()


def test_last_frame_of_a_loop_is_shown_as_long_as_the_others(qtbot: QtBot) -> None:
    player = Player(times_at(0, 100, 200))
    player.playback.set_repeat(Repeat.LOOP)
    player.playback.play(1.0, 1)
    player.now_s += 0.1001
    player.expect(qtbot, [2])
    player.now_s += 0.05
    qtbot.wait(20)
    assert player.due == [2]
    player.now_s += 0.0501
    player.expect(qtbot, [2, 0])
    player.playback.stop()


def test_back_and_forth_shows_each_end_once(qtbot: QtBot) -> None:
    player = Player(times_at(*range(0, 40, 10)))
    player.playback.set_repeat(Repeat.PING_PONG)
    player.playback.play(1.0, 1)
    player.advance(qtbot, 8)
    assert player.due == [2, 3, 2, 1, 0, 1, 2, 3]
    assert player.speeds == [1.0, -1.0, 1.0, -1.0][: len(player.speeds)]
    player.playback.stop()


@pytest.mark.parametrize("repeat", list(Repeat))
def test_one_frame_is_not_repeated(qtbot: QtBot, repeat: Repeat) -> None:
    player = Player(times_at(0, 10, 20))
    player.playback.set_range(FrameRange(1, 2))
    player.playback.set_repeat(repeat)
    player.playback.play(1.0, 1)
    qtbot.wait(30)
    assert player.playback.speed == 0


@pytest.mark.parametrize(
    ("speed", "shows_all"), [(0.125, False), (0.5, False), (-0.5, False), (1.0, True), (8.0, True)]
)
def test_every_frame_is_shown_however_late_the_pictures_are(
    qtbot: QtBot,
    speed: float,
    shows_all: bool,  # noqa: FBT001
) -> None:
    player = Player(times_at(*range(0, 100, 10)))
    player.playback.set_shows_all(shows_all=shows_all)
    player.playback.play(speed, 0 if speed > 0 else 9)
    for count in range(1, 10):
        # Later than several frames.
        player.now_s += 0.5
        while len(player.due) < count:
            qtbot.wait(2)
    assert player.due == (list(range(1, 10)) if speed > 0 else list(range(8, -1, -1)))
    assert player.playback.skipped == 0


def test_after_a_late_picture_slow_motion_goes_on_as_slowly(qtbot: QtBot) -> None:
    player = Player(times_at(*range(0, 1000, 100)), shows=False)
    player.playback.play(0.5, 0)
    player.now_s += 0.2001
    player.expect(qtbot, [1])
    player.now_s += 1.0
    player.playback.note_shown(1)
    player.now_s += 0.15
    qtbot.wait(20)
    assert player.due == [1]
    player.now_s += 0.0501
    player.expect(qtbot, [1, 2])
    player.playback.stop()


def test_skipped_frames_are_counted_from_when_playing_began(qtbot: QtBot) -> None:
    player = Player(times_at(*range(0, 1000, 10)))
    counts: list[int] = []
    player.playback.skipped_changed.connect(counts.append)
    player.playback.play(1.0, 0)
    player.now_s += 0.0101
    player.expect(qtbot, [1])
    player.now_s += 0.05
    player.expect(qtbot, [1, 6])
    player.now_s += 0.03
    player.expect(qtbot, [1, 6, 9])
    assert counts == [4, 6]
    player.playback.stop()
    assert player.playback.skipped == 6
    player.playback.play(1.0, 9)
    assert player.playback.skipped == 0
    player.playback.stop()


def test_frames_that_are_indexed_meanwhile_are_played_too(qtbot: QtBot) -> None:
    player = Player(times_at(0, 10, 20))
    player.playback.play(1.0, 0)
    player.advance(qtbot, 1)
    player.playback.set_times(times_at(*range(0, 60, 10)))
    player.play_out(qtbot)
    assert player.due == [1, 2, 3, 4, 5]
