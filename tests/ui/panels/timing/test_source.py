"""Timing is measured when asked for, once for each index, and forgotten with its video."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import FrameScopeError
from framescope.ui.panels.timing import source as timing_source
from framescope.ui.panels.timing.source import TimingSource, make_timing
from tests.ui.panels.timing.parts import index_with
from tests.ui.running_controller import RunningController
from tests.ui.stand_ins import make_info

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[RunningController]:
    del qtbot
    controller = RunningController()
    controller.index = index_with([0, 40, 80, 500])
    controller.open()
    yield controller
    controller.runner.close()


def test_arrays_are_by_frame_number() -> None:
    timing = make_timing(make_info(), index_with([0, 40, 80, 500]), (np.array([0.0, 0.04, 0.08, 0.5]), ""))
    assert np.isnan(timing.intervals_ms[0])
    assert timing.intervals_ms[1:] == pytest.approx([40, 40, 420])
    assert timing.nominal_ms == pytest.approx([0, 0, 0, -380])
    assert timing.opencv_ms == pytest.approx([0, 0, 0, 0])


def test_one_for_all_who_ask(session: RunningController) -> None:
    assert TimingSource.of(session.as_controller()) is TimingSource.of(session.as_controller())


def test_the_same_index_is_measured_once(session: RunningController) -> None:
    source = TimingSource.of(session.as_controller())
    source.refresh()
    first = source.timing
    source.refresh()
    assert first is not None
    assert source.timing is first


def test_a_failed_reading_says_why(
    qtbot: QtBot, session: RunningController, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise FrameScopeError("The process ended.")

    monkeypatch.setattr(timing_source, "read_opencv_times", fail)
    source = TimingSource.of(session.as_controller())
    source.read_opencv()
    assert source.reading is not None
    qtbot.waitUntil(lambda: source.reading is None)
    assert source.reading_error == "The process ended."


def test_a_reading_ends_with_its_video(
    qtbot: QtBot, session: RunningController, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = (np.array([0.0, 0.04, 0.08, 0.5]), "")
    monkeypatch.setattr(timing_source, "read_opencv_times", lambda *_args, **_named: answer)
    source = TimingSource.of(session.as_controller())
    source.read_opencv()
    session.source_closed.emit()
    qtbot.waitUntil(lambda: not session.runner.jobs)
    source.refresh()
    assert source.timing is not None
    assert source.timing.report.opencv is None
