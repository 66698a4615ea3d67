"""One open video at work: from the header to the last thread's end."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDeadlineTimer

from framescope.core.errors import FrameScopeError, IndexingError, MissingFileError, NoVideoStreamError
from framescope.core.model.progress import check_cancelled
from framescope.engine.jobs import JobRunner
from framescope.engine.render import RenderSpec
from framescope.engine.source_engine import SourceEngine
from tests.engine.fakes import FakeMedia, make_index, number_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.answers import Answer


class Rig:
    """An engine and everything it said."""

    def __init__(self, media: FakeMedia) -> None:
        self.media = media
        self.runner = JobRunner()
        self.engine = SourceEngine(
            "clip.mp4",
            stream_index=None,
            generation=1,
            cache_bytes=1 << 20,
            backend=media.backend,
            runner=self.runner,
        )
        self.heard: list[str] = []
        self.answers: list[Answer] = []
        self.errors: list[FrameScopeError | None] = []
        self.thumbnails: dict[int, QImage] = {}
        self.engine.probed.connect(self._on_probed)
        self.engine.index_arrived.connect(self._on_index_arrived)
        self.engine.answered.connect(self.answers.append)
        self.engine.failed.connect(self.errors.append)
        self.engine.listing_broke_off.connect(self.errors.append)
        self.engine.thumbnail_ready.connect(self.thumbnails.__setitem__)

    def _on_probed(self) -> None:
        self.heard.append("probed")

    def _on_index_arrived(self) -> None:
        index = self.engine.index
        self.heard.append(f"index {0 if index is None else len(index)}")

    def stop(self) -> None:
        self.media.gate.set()
        self.engine.retire()
        self.runner.close()
        assert self.engine.wait(QDeadlineTimer(60_000))


@pytest.fixture
def rig(qtbot: QtBot, media: FakeMedia) -> Iterator[Rig]:
    del qtbot
    rig = Rig(media)
    yield rig
    rig.stop()


def test_header_then_partial_index_then_whole_index(qtbot: QtBot, rig: Rig) -> None:
    rig.media.indexes = [make_index(10, complete=False), make_index()]
    rig.media.listing_gate.clear()
    rig.engine.start()
    qtbot.waitUntil(lambda: rig.heard == ["probed", "index 10"])
    assert rig.engine.is_listing
    rig.engine.show(5, RenderSpec())
    qtbot.waitUntil(lambda: len(rig.answers) == 1)
    rig.engine.show(80, RenderSpec())
    rig.media.listing_gate.set()
    qtbot.waitUntil(lambda: len(rig.answers) == 2)
    qtbot.waitUntil(lambda: not rig.engine.is_listing)
    assert rig.heard == ["probed", "index 10", "index 100"]
    assert [answer.pictured_number for answer in rig.answers] == [5, 80]


def test_failure_to_open(qtbot: QtBot, rig: Rig) -> None:
    rig.media.open_error = MissingFileError("There is no such file.")
    with qtbot.waitSignal(rig.engine.failed):
        rig.engine.start()
    assert rig.errors == [rig.media.open_error]
    assert rig.heard == []


def test_a_video_without_a_single_frame_is_a_failure(qtbot: QtBot, rig: Rig) -> None:
    rig.media.indexes = [make_index(0)]
    with qtbot.waitSignal(rig.engine.failed):
        rig.engine.start()
    assert isinstance(rig.errors[0], NoVideoStreamError)


def test_listing_that_fails_at_once_is_a_failure(qtbot: QtBot, rig: Rig) -> None:
    rig.media.listing_error = IndexingError("The file could not be read.")
    with qtbot.waitSignal(rig.engine.failed):
        rig.engine.start()
    assert rig.errors == [rig.media.listing_error]


def test_listing_that_breaks_off_keeps_what_it_has(qtbot: QtBot, rig: Rig) -> None:
    rig.media.indexes = [make_index(10, complete=False), make_index()]
    rig.media.listing_error = IndexingError("The file could not be read to its end.")
    with qtbot.waitSignal(rig.engine.listing_broke_off):
        rig.engine.start()
    assert rig.errors == [rig.media.listing_error]
    assert rig.engine.index is rig.media.indexes[0]
    rig.engine.show(9, RenderSpec())
    qtbot.waitUntil(lambda: len(rig.answers) == 1)


def test_cancelled_listing_is_no_error(qtbot: QtBot, rig: Rig) -> None:
    rig.media.indexes = [make_index(10, complete=False), make_index()]
    rig.media.listing_gate.clear()
    rig.engine.start()
    qtbot.waitUntil(lambda: "index 10" in rig.heard)
    with qtbot.waitSignal(rig.engine.listing_broke_off):
        rig.runner.jobs[0].cancel()
    assert rig.errors == [None]


def test_counting_replaces_the_index_at_the_end_only(qtbot: QtBot, rig: Rig) -> None:
    rig.media.counted = make_index(90)
    rig.media.listing_gate.clear()
    rig.engine.start()
    qtbot.waitUntil(lambda: rig.heard == ["probed"])
    assert rig.engine.count_by_decoding() is None
    rig.media.listing_gate.set()
    qtbot.waitUntil(lambda: rig.engine.index is not None and not rig.engine.is_listing)
    assert rig.engine.count_by_decoding() is not None
    qtbot.waitUntil(lambda: rig.heard[-1] == "index 90")


def test_thumbnails_and_cached_spans(qtbot: QtBot, rig: Rig) -> None:
    rig.engine.start()
    rig.engine.request_thumbnails([30, 31], 18)
    qtbot.waitUntil(lambda: set(rig.thumbnails) == {30, 31})
    kept = rig.engine.thumbnail(31, 18)
    assert kept is not None
    assert number_in(kept) == 31
    assert rig.engine.thumbnail(32, 18) is None
    with qtbot.waitSignal(rig.engine.cache_changed):
        rig.engine.show(7, RenderSpec())
    assert (7, 8) in rig.engine.cached_spans


def test_retiring_in_the_middle_of_everything_is_silent_and_leaves_no_thread(qtbot: QtBot, rig: Rig) -> None:
    rig.engine.start()
    qtbot.waitUntil(lambda: "index 100" in rig.heard)
    rig.media.gate.clear()
    rig.engine.show(50, RenderSpec())
    assert rig.media.decoding.wait(60)
    rig.engine.request_thumbnails(range(100), 18)
    rig.engine.retire()
    heard, thumbnails = list(rig.heard), dict(rig.thumbnails)
    with qtbot.waitSignal(rig.engine.retired):
        rig.media.gate.set()
    assert rig.engine.wait(QDeadlineTimer(60_000))
    assert not rig.engine.is_running
    assert (rig.heard, rig.answers, rig.thumbnails) == (heard, [], thumbnails)
    assert [reader.closings for reader in rig.media.readers] == [1] * len(rig.media.readers)


def test_a_listing_that_goes_on_keeps_the_engine_that_it_hands_frames_to(
    qtbot: QtBot, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_begun, may_end = threading.Event(), threading.Event()

    def list_deaf(
        *_arguments: object, on_partial: Callable[[FrameIndex], None], **_named: object
    ) -> FrameIndex:
        # A library that lists packets does not hear of the retirement before it returns.
        has_begun.set()
        assert may_end.wait(60)
        on_partial(make_index())
        return make_index()

    monkeypatch.setattr(rig.media, "build_index", list_deaf)
    rig = Rig(rig.media)
    rig.engine.start()
    qtbot.waitUntil(lambda: "probed" in rig.heard and has_begun.is_set())
    rig.engine.retire()
    ended: list[bool] = []
    rig.engine.retired.connect(lambda: ended.append(rig.engine.is_running))
    qtbot.wait(100)
    assert rig.engine.is_running
    assert ended == []
    may_end.set()
    qtbot.waitUntil(lambda: ended == [False])
    rig.stop()


def test_the_first_picture_is_decoded_while_the_window_is_busy(qtbot: QtBot, rig: Rig) -> None:
    rig.engine.start()
    # The window's thread does nothing here: no event is processed.
    assert rig.media.decoding.wait(60)
    assert rig.media.decoded == [0]
    assert rig.heard == []
    qtbot.waitUntil(lambda: rig.heard == ["probed", "index 100"])


def test_indexing_of_what_cannot_be_opened_is_not_announced(qtbot: QtBot, rig: Rig) -> None:
    announced: list[object] = []
    rig.runner.job_started.connect(announced.append)
    rig.media.open_error = MissingFileError("There is no such file.")
    with qtbot.waitSignal(rig.engine.failed):
        rig.engine.start()
    qtbot.waitUntil(lambda: not rig.runner.jobs)
    assert announced == []
    assert rig.errors == [rig.media.open_error]


def test_a_header_that_takes_long_is_given_up_without_a_word(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = FakeMedia()
    begun = threading.Event()

    def slow(source: str, stream_index: int | None) -> VideoInfo:
        del source, stream_index
        begun.set()
        while True:
            check_cancelled()

    bugs: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *bug: bugs.append(bug))
    monkeypatch.setattr(media, "probe", slow)
    rig = Rig(media)
    rig.engine.start()
    assert begun.wait(10)
    with qtbot.waitSignal(rig.engine.retired):
        rig.engine.retire()
    rig.stop()
    assert (rig.heard, rig.errors, bugs) == ([], [], [])
