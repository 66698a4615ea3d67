"""Garbage is collected in the GUI thread and nowhere else."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

import pytest

from framescope.engine.collector import GuiThreadCollector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class Knot:
    """A cycle that says in which thread it came apart."""

    def __init__(self, deaths: list[int]) -> None:
        self.itself = self
        self.deaths = deaths

    def __del__(self) -> None:
        self.deaths.append(threading.get_ident())


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GuiThreadCollector]:
    del qtbot
    gc.enable()
    collector = GuiThreadCollector()
    yield collector
    collector.stop()
    gc.disable()


def allocate_in_a_thread() -> list[list[int]]:
    """So much that Python would collect there; what was allocated."""
    kept: list[list[int]] = []
    thread = threading.Thread(target=lambda: kept.extend([] for _ in range(100_000)))
    thread.start()
    thread.join()
    return kept


def test_threads_do_not_collect(qtbot: QtBot, collector: GuiThreadCollector) -> None:
    deaths: list[int] = []
    collector.start()
    for _ in range(10):
        Knot(deaths)
    kept = allocate_in_a_thread()
    assert deaths == []
    qtbot.waitUntil(lambda: len(deaths) == 10)
    assert kept
    assert set(deaths) == {threading.get_ident()}


def test_the_oldest_are_left_alone_while_someone_is_at_work(
    monkeypatch: pytest.MonkeyPatch, collector: GuiThreadCollector
) -> None:
    collected: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda generation=2: collected.append(generation))
    monkeypatch.setattr(gc, "get_count", lambda: (10**6, 10**6, 10**6))
    collector.note_activity()
    collector._on_timeout()  # noqa: SLF001 - the timer's turn
    collector._on_timeout()  # noqa: SLF001
    monkeypatch.setattr(gc, "get_count", lambda: (10**6, 0, 0))
    collector._on_timeout()  # noqa: SLF001
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 0))
    collector._on_timeout()  # noqa: SLF001
    assert collected == [1, 2, 0]


def test_threads_do_not_collect_what_a_closed_window_left(collector: GuiThreadCollector) -> None:
    deaths: list[int] = []
    other = GuiThreadCollector()
    collector.start()
    other.start()
    Knot(deaths)
    other.stop()
    allocate_in_a_thread()
    Knot(deaths)
    collector.stop()
    allocate_in_a_thread()
    assert deaths == []
    gc.collect()
    assert deaths == [threading.get_ident()] * 2
