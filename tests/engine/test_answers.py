"""Which answers may still be shown, and which come too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from framescope.engine.answers import Answer, AnswerDesk, FrameRequest
from framescope.engine.render import RenderSpec
from tests.engine.fakes import make_frame

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def desk(qtbot: QtBot) -> AnswerDesk:
    del qtbot
    return AnswerDesk(generation=3)


def request(serial: int, *, generation: int = 3) -> FrameRequest:
    return FrameRequest(generation, serial, 100 + serial, RenderSpec())


def exact(serial: int, *, generation: int = 3) -> Answer:
    asked = request(serial, generation=generation)
    frame = make_frame(asked.frame_number)
    return Answer(asked, QImage(), (32, 24), frame, frame.frame_number)


def stand_in(serial: int) -> Answer:
    return Answer(request(serial), QImage(), (32, 24), None, 90)


def unavailable(serial: int) -> Answer:
    return Answer(request(serial), None, (32, 24), None, None, "damaged")


def test_an_older_generation_is_dropped(desk: AnswerDesk) -> None:
    assert not desk.offer(exact(1, generation=2))
    assert desk.offer(exact(1))


def test_a_stand_in_is_followed_by_the_exact_frame(desk: AnswerDesk) -> None:
    assert desk.offer(stand_in(1))
    assert desk.pictured_number == 90
    assert not desk.is_settled(request(1))
    assert desk.offer(exact(1))
    assert desk.is_settled(request(1))


def test_nothing_follows_the_exact_frame(desk: AnswerDesk) -> None:
    assert desk.offer(exact(1))
    assert not desk.offer(stand_in(1))
    assert not desk.offer(exact(1))


def test_unavailable_is_final_and_no_placeholder(desk: AnswerDesk) -> None:
    answer = unavailable(1)
    assert not answer.is_provisional
    assert desk.offer(answer)
    assert desk.is_settled(request(1))


def test_a_frame_a_little_behind_is_shown_while_nothing_newer_was(desk: AnswerDesk) -> None:
    assert desk.offer(exact(1))
    assert desk.offer(exact(5))
    assert not desk.offer(exact(4))
    assert not desk.offer(stand_in(4))


def test_the_window_gets_the_latest_only(desk: AnswerDesk, qtbot: QtBot) -> None:
    shown: list[Answer] = []
    desk.answered.connect(shown.append)
    answers = [stand_in(1), exact(1), stand_in(2), exact(2)]
    desk._outbox.filled.disconnect()  # noqa: SLF001 - a window that is too busy to look
    for answer in answers:
        assert desk.offer(answer)
    desk._on_outbox_filled()  # noqa: SLF001
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == [answers[-1]]
