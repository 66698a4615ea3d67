"""Sources come and go: only the latest counts, and every thread ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDeadlineTimer

from framescope.core.errors import FrameScopeError, MissingFileError
from framescope.engine.jobs import JobRunner
from framescope.session.source_slot import SourceSlot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from tests.engine.fakes import FakeMedia


@pytest.fixture
def slot(qtbot: QtBot, media: FakeMedia) -> Iterator[SourceSlot]:
    del qtbot
    runner = JobRunner()
    slot = SourceSlot(media.backend, runner)
    yield slot
    slot.forget()
    runner.close()
    slot.close(QDeadlineTimer(60_000))


def test_a_source_arrives_and_is_taken_once(qtbot: QtBot, slot: SourceSlot) -> None:
    with qtbot.waitSignal(slot.arrived):
        slot.open("a.mp4", stream_index=2, cache_bytes=1 << 20)
    engine = slot.take()
    assert engine is not None
    assert (engine.source, engine.stream_index) == ("a.mp4", 2)
    assert slot.take() is None
    slot.end(engine)


def test_only_the_latest_of_two_arrives(qtbot: QtBot, slot: SourceSlot) -> None:
    arrivals: list[str] = []

    def note() -> None:
        engine = slot.take()
        assert engine is not None
        arrivals.append(engine.source)
        slot.end(engine)

    slot.arrived.connect(note)
    slot.open("a.mp4", stream_index=None, cache_bytes=1 << 20)
    slot.open("b.mp4", stream_index=None, cache_bytes=1 << 20)
    qtbot.waitUntil(lambda: bool(arrivals))
    assert arrivals == ["b.mp4"]


def test_failure_is_told_and_leaves_nothing(qtbot: QtBot, slot: SourceSlot, media: FakeMedia) -> None:
    media.open_error = MissingFileError("There is no such file.")
    errors: list[FrameScopeError] = []
    slot.failed.connect(errors.append)
    slot.open("a.mp4", stream_index=None, cache_bytes=1 << 20)
    qtbot.waitUntil(lambda: errors == [media.open_error])
    assert slot.take() is None


def test_ended_sources_are_cleared_away(qtbot: QtBot, slot: SourceSlot) -> None:
    with qtbot.waitSignal(slot.arrived):
        slot.open("a.mp4", stream_index=None, cache_bytes=1 << 20)
    engine = slot.take()
    assert engine is not None
    with qtbot.waitSignal(engine.destroyed):
        slot.end(engine)
