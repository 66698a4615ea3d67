"""The decode thread: it alone decodes, serves the latest request, waits for the index, and always ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QThread, Slot

from framescope.core.errors import FrameScopeError, MissingFileError
from framescope.engine.answers import Answer, AnswerDesk, FrameRequest
from framescope.engine.decode_thread import DecodeThread, declared_size
from framescope.engine.render import RenderSpec
from tests.engine.fakes import FakeMedia, make_frame, make_index, make_info, number_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.core.model.stream_facts import VideoInfo


class Rig(QObject):
    """A decode thread, its desk, and the result of it."""

    def __init__(self, media: FakeMedia) -> None:
        super().__init__()
        self.probed: list[VideoInfo] = []
        self.failures: list[FrameScopeError] = []
        self.media = media
        self.desk = AnswerDesk(generation=1)
        self.answers: list[Answer] = []
        self.desk.answered.connect(self.answers.append)
        self.decode = DecodeThread(lambda: media.probe("clip", None), media.backend, 1 << 20, self.desk)
        self.decode.probed.connect(self._on_probed)
        self.decode.open_failed.connect(self._on_open_failed)
        self.serial = 0

    @Slot(object)
    def _on_probed(self, info: VideoInfo) -> None:
        self.probed.append(info)

    @Slot(object)
    def _on_open_failed(self, error: FrameScopeError) -> None:
        self.failures.append(error)

    def ask(self, frame_number: int) -> FrameRequest:
        self.serial += 1
        request = FrameRequest(1, self.serial, frame_number, RenderSpec())
        self.decode.ask(request)
        return request

    @property
    def last(self) -> Answer:
        return self.answers[-1]


@pytest.fixture
def rig(qtbot: QtBot, media: FakeMedia) -> Iterator[Rig]:
    del qtbot
    rig = Rig(media)
    yield rig
    media.gate.set()
    rig.decode.stop()
    rig.decode.wait()


def test_declared_size_follows_the_rotation_switch() -> None:
    info = make_info(rotation=90, display_width=24, display_height=32)
    assert declared_size(info, RenderSpec()) == (24, 32)
    assert declared_size(info, RenderSpec(rotate=False)) == (32, 24)


def test_opens_serves_and_closes_in_its_own_thread(qtbot: QtBot, rig: Rig) -> None:
    rig.decode.start()
    qtbot.waitUntil(lambda: rig.probed == [rig.media.info])
    rig.decode.adopt_index(make_index())
    rig.ask(42)
    qtbot.waitUntil(lambda: bool(rig.answers))
    assert rig.last.frame is not None
    assert rig.last.frame.frame_number == 42
    assert rig.last.image is not None
    assert number_in(rig.last.image) == 42
    rig.decode.stop()
    assert rig.decode.wait()
    (reader,) = rig.media.readers
    assert reader.closings == 1
    assert rig.decode.reader is None
    assert QThread.currentThread().isRunning()
    assert len(rig.media.threads) == 1


def test_failure_to_open_is_told(qtbot: QtBot, rig: Rig) -> None:
    rig.media.open_error = MissingFileError("There is no such file.")
    rig.decode.start()
    qtbot.waitUntil(lambda: rig.failures == [rig.media.open_error])
    assert rig.decode.wait()


def test_200_wishes_in_a_row_cost_two_decodes(qtbot: QtBot, rig: Rig) -> None:
    rig.media.gate.clear()
    rig.decode.start()
    rig.decode.adopt_index(make_index(300))
    rig.ask(0)
    assert rig.media.decoding.wait(60)
    for number in range(1, 201):
        rig.ask(number)
    rig.media.gate.set()
    qtbot.waitUntil(lambda: bool(rig.answers) and rig.last.pictured_number == 200)
    assert rig.media.decoded == [0, 200]


def test_a_wish_beyond_the_partial_index_waits_for_a_longer_one(qtbot: QtBot, rig: Rig) -> None:
    rig.decode.start()
    rig.decode.adopt_index(make_index(10, complete=False))
    rig.ask(5)
    qtbot.waitUntil(lambda: len(rig.answers) == 1)
    rig.ask(50)
    assert rig.decode.wait_idle(20)
    rig.decode.adopt_index(make_index(40, complete=False))
    rig.decode.adopt_index(make_index(60, complete=False))
    qtbot.waitUntil(lambda: len(rig.answers) == 2)
    assert rig.last.pictured_number == 50


def test_a_wish_before_any_index_waits(qtbot: QtBot, rig: Rig) -> None:
    rig.decode.start()
    rig.ask(3)
    rig.decode.adopt_index(make_index(0, complete=False))
    rig.decode.adopt_index(make_index(10, complete=False))
    qtbot.waitUntil(lambda: bool(rig.answers))
    assert rig.last.pictured_number == 3


def test_an_unavailable_frame_is_an_answer_and_the_rest_stays_reachable(qtbot: QtBot, rig: Rig) -> None:
    rig.media.unavailable.add(7)
    rig.decode.start()
    rig.decode.adopt_index(make_index())
    rig.ask(7)
    qtbot.waitUntil(lambda: len(rig.answers) == 1)
    assert rig.last.image is None
    assert rig.last.unavailable_reason == "its packet is damaged."
    assert rig.last.source_size == (32, 24)
    rig.ask(8)
    qtbot.waitUntil(lambda: len(rig.answers) == 2)
    assert rig.last.pictured_number == 8


def test_a_bug_is_reported_answered_and_survived(
    qtbot: QtBot, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    bugs: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, bug, _trace: bugs.append(bug))
    rig.media.bug_at = 7
    rig.decode.start()
    rig.decode.adopt_index(make_index())
    rig.ask(7)
    qtbot.waitUntil(lambda: len(rig.answers) == 1)
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]
    assert rig.last.unavailable_reason is not None
    rig.ask(8)
    qtbot.waitUntil(lambda: len(rig.answers) == 2)
    assert rig.last.pictured_number == 8


def test_stopping_in_the_middle_of_a_decode_ends_the_thread(qtbot: QtBot, rig: Rig) -> None:
    del qtbot
    rig.media.gate.clear()
    rig.decode.start()
    rig.decode.adopt_index(make_index())
    rig.ask(1)
    assert rig.media.decoding.wait(60)
    rig.ask(2)
    rig.decode.stop()
    rig.media.gate.set()
    assert rig.decode.wait()
    assert rig.media.decoded == [1]
    assert rig.media.readers[0].closings == 1


def test_busy_until_nobody_waits(qtbot: QtBot, rig: Rig) -> None:
    rig.decode.start()
    rig.decode.adopt_index(make_index())
    rig.media.gate.clear()
    rig.ask(1)
    assert rig.media.decoding.wait(60)
    assert not rig.decode.wait_idle(0.01)
    rig.media.gate.set()
    assert rig.decode.wait_idle(20)
    qtbot.waitUntil(lambda: bool(rig.answers))


def test_a_frame_that_is_given_is_not_decoded_again(qtbot: QtBot, rig: Rig) -> None:
    rig.decode.start()
    rig.decode.give(make_frame(0))
    rig.decode.adopt_index(make_index(1, complete=False))
    rig.ask(0)
    qtbot.waitUntil(lambda: bool(rig.answers))
    assert rig.last.frame is not None
    assert rig.last.pictured_number == 0
    assert rig.media.decoded == []


def test_the_expected_frame_is_decoded_before_it_is_requested(qtbot: QtBot, rig: Rig) -> None:
    rig.decode.start()
    rig.decode.expect(7)
    rig.decode.adopt_index(make_index(5, complete=False))
    rig.decode.adopt_index(make_index())
    assert rig.media.decoding.wait(60)
    rig.ask(7)
    qtbot.waitUntil(lambda: bool(rig.answers))
    assert rig.media.decoded == [7]
    assert rig.last.pictured_number == 7
