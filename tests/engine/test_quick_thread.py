"""The quick thread: exact from memory at once, otherwise a marked stand-in that is worth showing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from framescope.engine.answers import Answer, AnswerDesk, FrameRequest
from framescope.engine.decode_thread import DecodeThread
from framescope.engine.quick_thread import QuickThread
from framescope.engine.render import RenderSpec
from framescope.engine.thumbnail_thread import ThumbnailThread
from tests.engine.fakes import FakeMedia, make_frame, make_index, make_info, number_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class Rig:
    """The three threads of a view, and every answer in order."""

    def __init__(self, media: FakeMedia) -> None:
        self.media = media
        self.desk = AnswerDesk(generation=1)
        self.answers: list[Answer] = []
        self.desk.answered.connect(self.answers.append)
        self.decode = DecodeThread(lambda: media.probe("clip", None), media.backend, 1 << 20, self.desk)
        self.thumbnails = ThumbnailThread(media.backend, self.decode)
        self.quick = QuickThread(self.decode, self.thumbnails, self.desk)
        self.thumbnails.hurried_ready.connect(self.quick.look_again, Qt.ConnectionType.DirectConnection)
        self.serial = 0

    def start(self, qtbot: QtBot) -> None:
        """Start, and show frame 0."""
        self.decode.start()
        self.quick.start()
        self.decode.adopt_index(make_index())
        self.ask(0)
        qtbot.waitUntil(lambda: len(self.answers) == 1)
        self.media.decoding.clear()

    def ask(self, frame_number: int, **changes: bool) -> None:
        self.serial += 1
        spec = RenderSpec(rotate=changes.pop("rotate", True))
        self.quick.ask(FrameRequest(1, self.serial, frame_number, spec, **changes))

    def shows(self, frame_number: int) -> bool:
        return self.answers[-1].pictured_number == frame_number

    def stop(self) -> None:
        for thread in (self.quick, self.thumbnails, self.decode):
            thread.stop()
            thread.wait()


@pytest.fixture
def rig(qtbot: QtBot, media: FakeMedia) -> Iterator[Rig]:
    del qtbot
    rig = Rig(media)
    yield rig
    media.gate.set()
    rig.stop()


def test_provisional_then_exact(qtbot: QtBot, rig: Rig) -> None:
    rig.start(qtbot)
    rig.media.readers[0].cache[38] = make_frame(38)
    rig.media.gate.clear()
    rig.ask(40)
    qtbot.waitUntil(lambda: len(rig.answers) == 2)
    stand_in = rig.answers[1]
    assert stand_in.is_provisional
    assert stand_in.frame is None
    assert stand_in.image is not None
    assert (stand_in.request.frame_number, stand_in.pictured_number, number_in(stand_in.image)) == (
        40,
        38,
        38,
    )
    rig.media.gate.set()
    qtbot.waitUntil(lambda: len(rig.answers) == 3)
    exact = rig.answers[2]
    assert not exact.is_provisional
    assert exact.image is not None
    assert (exact.pictured_number, number_in(exact.image)) == (40, 40)


def test_a_frame_in_memory_is_exact_while_another_is_being_decoded(qtbot: QtBot, rig: Rig) -> None:
    rig.start(qtbot)
    rig.media.gate.clear()
    rig.ask(40)
    assert rig.media.decoding.wait(60)
    rig.media.readers[0].cache[39] = make_frame(39)
    rig.ask(39)
    qtbot.waitUntil(lambda: rig.answers[-1].frame is not None and rig.answers[-1].pictured_number == 39)
    rig.media.gate.set()
    assert rig.decode.wait_idle(20)
    # Frame 40 came late: what is shown never goes back in time.
    assert rig.answers[-1].pictured_number == 39


def test_what_is_on_screen_stays_when_nothing_nearer_is_known(qtbot: QtBot, rig: Rig) -> None:
    rig.start(qtbot)
    rig.media.gate.clear()
    rig.ask(3)
    assert rig.media.decoding.wait(60)
    rig.quick.look_again()
    rig.quick.look_again()
    rig.media.gate.set()
    qtbot.waitUntil(lambda: len(rig.answers) == 2)
    assert not rig.answers[1].is_provisional


def test_no_stand_in_when_none_is_wanted(qtbot: QtBot, rig: Rig) -> None:
    rig.start(qtbot)
    rig.media.readers[0].cache[38] = make_frame(38)
    rig.media.gate.clear()
    rig.ask(40, allows_stand_in=False)
    assert rig.media.decoding.wait(60)
    rig.quick.look_again()
    rig.media.gate.set()
    qtbot.waitUntil(lambda: rig.answers[-1].pictured_number == 40)
    assert not any(answer.is_provisional for answer in rig.answers)


def test_a_decode_in_flight_may_pass_by_the_frame(qtbot: QtBot, rig: Rig) -> None:
    rig.start(qtbot)
    rig.media.gate.clear()
    rig.ask(40)
    assert rig.media.decoding.wait(60)
    rig.ask(30)
    rig.media.readers[0].cache[30] = make_frame(30)
    rig.quick.look_again()
    qtbot.waitUntil(lambda: rig.answers[-1].pictured_number == 30)
    assert rig.answers[-1].frame is not None


def test_what_is_decoded_on_the_way_is_shown_while_the_frame_is_awaited(qtbot: QtBot, rig: Rig) -> None:
    rig.start(qtbot)
    rig.media.gate.clear()
    rig.ask(40)
    assert rig.media.decoding.wait(60)
    for number in (20, 33, 38):
        rig.media.readers[0].cache[number] = make_frame(number)
        qtbot.waitUntil(partial(rig.shows, number))
        assert rig.answers[-1].is_provisional
    rig.media.gate.set()
    qtbot.waitUntil(lambda: rig.answers[-1].pictured_number == 40)


def test_a_keyframe_is_hurried_for_when_nothing_is_near(qtbot: QtBot, rig: Rig) -> None:
    rig.thumbnails.start()
    rig.thumbnails.adopt_index(rig.media.info, make_index())
    rig.start(qtbot)
    rig.media.gate.clear()
    rig.ask(77)
    qtbot.waitUntil(lambda: rig.answers[-1].pictured_number == 70)
    stand_in = rig.answers[-1]
    assert stand_in.is_provisional
    assert stand_in.image is not None
    assert (stand_in.image.width(), stand_in.image.height()) == (32, 24)
    assert rig.media.thumbnails == [70]


def test_upright_thumbnails_do_not_stand_in_for_a_picture_lying_on_its_side(qtbot: QtBot, rig: Rig) -> None:
    rig.media.info = make_info(rotation=90, display_width=24, display_height=32)
    rig.thumbnails.start()
    rig.thumbnails.adopt_index(rig.media.info, make_index())
    rig.start(qtbot)
    rig.media.gate.clear()
    rig.thumbnails.cache.put(70, 18, QImage(24, 18, QImage.Format.Format_RGB32))
    rig.ask(77, rotate=False)
    assert rig.media.decoding.wait(60)
    rig.quick.look_again()
    rig.media.gate.set()
    qtbot.waitUntil(lambda: rig.answers[-1].pictured_number == 77)
    assert rig.media.thumbnails == []
    assert not any(answer.is_provisional for answer in rig.answers)
