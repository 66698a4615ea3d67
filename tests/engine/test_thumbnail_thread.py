"""The thumbnail thread: most wanted first, requests replaced, the view before all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage

from framescope.engine.answers import AnswerDesk, FrameRequest
from framescope.engine.decode_thread import DecodeThread
from framescope.engine.render import RenderSpec
from framescope.engine.thumbnail_thread import ThumbnailThread, next_frame
from tests.engine.fakes import FakeMedia, make_frame, make_index, number_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.core.media.index import FrameIndex


class Rig(QObject):
    """A thumbnail thread beside a decode thread that need not run."""

    def __init__(self, media: FakeMedia) -> None:
        super().__init__()
        self.media = media
        self.decode = DecodeThread(
            lambda: media.probe("clip", None), media.backend, 1 << 20, AnswerDesk(generation=1)
        )
        self.thumbnails = ThumbnailThread(media.backend, self.decode)
        self.ready: list[int] = []
        self.images: dict[int, QImage] = {}
        self.thumbnails.ready.connect(self._on_ready)

    @Slot(int, QImage)
    def _on_ready(self, frame_number: int, image: QImage) -> None:
        self.ready.append(frame_number)
        self.images[frame_number] = image

    def adopt(self, index: FrameIndex) -> None:
        self.thumbnails.adopt_index(self.media.info, index)


@pytest.fixture
def rig(qtbot: QtBot, media: FakeMedia) -> Iterator[Rig]:
    del qtbot
    rig = Rig(media)
    # Nobody waits for the view.
    rig.decode.stop()
    yield rig
    media.gate.set()
    rig.thumbnails.stop()
    rig.thumbnails.wait()
    rig.decode.wait()


def test_most_wanted_first(qtbot: QtBot, rig: Rig) -> None:
    rig.adopt(make_index())
    rig.thumbnails.request([50, 49, 51, 0], 18)
    rig.thumbnails.start()
    qtbot.waitUntil(lambda: len(rig.ready) == 4)
    assert rig.ready == [50, 49, 51, 0]
    assert {number: number_in(image) for number, image in rig.images.items()} == {
        50: 50,
        49: 49,
        51: 51,
        0: 0,
    }
    assert {image.height() for image in rig.images.values()} == {18}
    kept = rig.thumbnails.cache.get(49, 18)
    assert kept is not None
    assert number_in(kept) == 49


def test_a_new_wish_replaces_the_old_one(qtbot: QtBot, rig: Rig) -> None:
    rig.adopt(make_index())
    rig.thumbnails.request(range(50), 18)
    rig.thumbnails.request([99], 18)
    rig.thumbnails.start()
    qtbot.waitUntil(lambda: bool(rig.ready))
    assert rig.media.thumbnails == [99]


def test_frames_not_listed_yet_wait_for_the_index(qtbot: QtBot, rig: Rig) -> None:
    rig.thumbnails.start()
    rig.thumbnails.request([80, 5], 18)
    rig.adopt(make_index(10, complete=False))
    qtbot.waitUntil(lambda: rig.ready == [5])
    rig.adopt(make_index())
    qtbot.waitUntil(lambda: rig.ready == [5, 80])


def test_a_frame_that_cannot_be_had_does_not_stop_the_others(qtbot: QtBot, rig: Rig) -> None:
    rig.media.unavailable.add(3)
    rig.adopt(make_index())
    rig.thumbnails.request([3, 4], 18)
    rig.thumbnails.start()
    qtbot.waitUntil(lambda: rig.ready == [4])


def test_gives_way_to_the_view_and_takes_its_frames_from_memory(qtbot: QtBot, media: FakeMedia) -> None:
    rig = Rig(media)
    media.gate.clear()
    rig.decode.start()
    rig.decode.adopt_index(make_index())
    rig.decode.ask(FrameRequest(1, 1, 0, RenderSpec()))
    assert media.decoding.wait(60)
    media.readers[0].cache[9] = make_frame(9)
    rig.adopt(make_index())
    rig.thumbnails.request([9, 60], 18)
    rig.thumbnails.start()
    media.gate.set()
    qtbot.waitUntil(lambda: rig.ready == [9, 60])
    assert media.thumbnails == [60]
    rig.thumbnails.stop()
    rig.decode.stop()
    assert rig.thumbnails.wait()
    assert rig.decode.wait()


def test_other_numbers_mean_other_pictures(qtbot: QtBot, rig: Rig) -> None:
    rig.adopt(make_index())
    rig.thumbnails.start()
    rig.thumbnails.request([5], 18)
    qtbot.waitUntil(lambda: rig.ready == [5])
    rig.adopt(make_index(120))
    rig.thumbnails.request([6], 18)
    qtbot.waitUntil(lambda: rig.ready == [5, 6])
    assert rig.thumbnails.cache.get(5, 18) is not None
    rig.adopt(make_index(120, first_packet=1))
    rig.thumbnails.request([7], 18)
    qtbot.waitUntil(lambda: rig.ready == [5, 6, 7])
    assert rig.thumbnails.cache.get(5, 18) is None


def test_hurried_keyframe_comes_before_every_wish(qtbot: QtBot, rig: Rig) -> None:
    rig.adopt(make_index())
    rig.thumbnails.start()
    rig.thumbnails.request([1], 18)
    qtbot.waitUntil(lambda: rig.ready == [1])
    rig.thumbnails.hurry_keyframe(77, distance=50)
    rig.thumbnails.request([40], 18)
    qtbot.waitUntil(lambda: rig.ready == [1, 40])
    nearest = rig.thumbnails.cache.nearest(77)
    assert nearest is not None
    assert nearest[0] == 70
    # It is there now: no need to hurry again.
    rig.thumbnails.hurry_keyframe(78, distance=50)
    # What is on screen is nearer than the keyframe: nothing to hurry for.
    rig.thumbnails.hurry_keyframe(55, distance=4)
    rig.thumbnails.request([2], 18)
    qtbot.waitUntil(lambda: rig.ready == [1, 40, 2])
    assert rig.media.thumbnails == [1, 70, 40, 2]


def test_first_picture_is_not_decoded_twice(qtbot: QtBot, rig: Rig) -> None:
    rig.adopt(make_index())
    rig.thumbnails.start()
    # Nothing is shown yet, and the view is decoding the very keyframe.
    rig.thumbnails.hurry_keyframe(70, distance=None)
    rig.thumbnails.request([2], 18)
    qtbot.waitUntil(lambda: rig.ready == [2])
    assert rig.media.thumbnails == [2]


def test_stopping_closes_the_reader(qtbot: QtBot, rig: Rig) -> None:
    rig.adopt(make_index())
    rig.thumbnails.start()
    rig.thumbnails.request([1], 18)
    qtbot.waitUntil(lambda: rig.ready == [1])
    rig.thumbnails.stop()
    assert rig.thumbnails.wait()
    assert rig.media.readers[0].closings == 1


def order_of(wanted: list[int], index: FrameIndex, most_kept: int = 12) -> list[int]:
    """The order in which thumbnails are made when nothing else is requested meanwhile."""
    left, made = list(wanted), list[int]()
    while (number := next_frame(left, index, made[-1] if made else None, most_kept)) is not None:
        left.remove(number)
        made.append(number)
    return made


def test_a_long_gop_is_passed_once_from_its_start_and_the_most_wanted_one_first() -> None:
    index = make_index(100, keyframe_every=25)
    outward = [50, 45, 55, 40, 60, 35, 65, 30, 70, 25, 75]
    assert order_of(outward, index) == [50, 55, 60, 65, 70, 25, 30, 35, 40, 45, 75]
    # One that stays in memory may be decoded in any order.
    assert order_of(outward, index, most_kept=25) == outward
    assert order_of(outward, make_index(100, keyframe_every=1)) == outward


def test_a_gop_that_was_begun_goes_on_when_more_of_it_is_listed() -> None:
    wanted, last, made = [20, 16, 24, 12, 28, 8, 4], None, list[int]()
    for listed in (6, 10, 17, 30, 30, 30, 30):
        last = next_frame(wanted, make_index(listed, keyframe_every=50, complete=False), last, 12)
        assert last is not None
        wanted.remove(last)
        made.append(last)
    assert made == [4, 8, 12, 16, 20, 24, 28]


def test_nothing_listed_nothing_made() -> None:
    assert next_frame([70, 90], make_index(60, complete=False), 20, 12) is None


def test_the_reader_is_told_which_frame_comes_next(qtbot: QtBot, rig: Rig) -> None:
    rig.adopt(make_index(100, keyframe_every=50))
    rig.thumbnails.request([50, 40, 60, 30, 70, 0], 18)
    rig.thumbnails.start()
    qtbot.waitUntil(lambda: len(rig.ready) == 6)
    assert rig.media.thumbnails == [50, 60, 70, 0, 30, 40]
    assert rig.media.announced == [60, 70, 0, 30, 40, None]
