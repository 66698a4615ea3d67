"""The lanes' values are those of an own decode and of the packets, and are found only on request."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.source.opening import open_video
from framescope.ui.lanes.catalog import Source
from framescope.ui.lanes.desk import Curve, LaneDesk
from framescope.ui.lanes.measuring import Measuring
from tests.ui.clip.session import open_session
from tests.ui.timeline.live_session import LiveSession, make_index, without_pts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from tests.ui.stand_ins import StandInController

FRAMES = 48


@pytest.fixture
def desk(live: Controller, qtbot: QtBot) -> LaneDesk:
    qtbot.waitUntil(lambda: live.index is not None and live.index.complete)
    return LaneDesk.of(live)


def shown(desk: LaneDesk) -> dict[str, Curve]:
    return {curve.spec.name: curve for curve in desk.curves}


def values_of(desk: LaneDesk, name: str) -> list[float]:
    series = shown(desk)[name].series
    assert series is not None
    return [float(value) for value in series.values]


def is_measured(desk: LaneDesk, name: str) -> Callable[[], bool]:
    return lambda: shown(desk)[name].reached == FRAMES


def test_the_bit_rate_is_there_at_once(live: Controller, desk: LaneDesk, plain_clip: Path) -> None:
    assert desk.curves == ()
    live.settings.toggle_lane("bit_rate")
    with av.open(os.fspath(plain_clip)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    base = packets[0].time_base
    assert base is not None
    # Two whole seconds at 24 frames a second.
    sums = [0, 0]
    for packet in packets:
        sums[int((packet.pts or 0) * base)] += packet.size * 8
    assert values_of(desk, "bit_rate") == pytest.approx([sums[0]] * 24 + [sums[1]] * 24)
    curve = shown(desk)["bit_rate"]
    assert curve.words(3) == f"{sums[0] / 1000:.3g} kbit/s"
    assert curve.words(99) == "–"
    live.settings.toggle_lane("bit_rate")
    assert desk.curves == ()


def test_statistics_are_those_of_an_own_decode(
    live: Controller, desk: LaneDesk, plain_clip: Path, qtbot: QtBot
) -> None:
    live.settings.toggle_lane("luma_mean")
    live.settings.toggle_lane("difference")
    live.settings.toggle_lane("mean_quantiser")
    qtbot.waitUntil(lambda: is_measured(desk, "luma_mean")() and is_measured(desk, "mean_quantiser")())
    with open_video(plain_clip) as video:
        planes = [frame.planes()[0].astype(float) for frame in video]
    assert values_of(desk, "luma_mean") == pytest.approx([plane.mean() for plane in planes], rel=1e-5)
    changes = [abs(b - a).mean() for a, b in pairwise(planes)]
    found = values_of(desk, "difference")
    assert np.isnan(found[0])
    assert found[1:] == pytest.approx(changes, rel=1e-4)
    with open_video(plain_clip, with_blocks=True) as video:
        means = [frame.known_blocks.mean_quantiser for frame in video]
    expected = [np.nan if mean is None else mean for mean in means]
    assert values_of(desk, "mean_quantiser") == pytest.approx(expected, nan_ok=True)
    assert set(desk.columns) == {"luma_mean", "difference", "mean_quantiser"}
    # Another lane of the same pass is there at once.
    live.settings.toggle_lane("saturation")
    assert shown(desk)["saturation"].reached == FRAMES


def test_a_lane_from_the_last_time_waits_for_a_click(qtbot: QtBot, live: Controller) -> None:
    live.settings.toggle_lane("luma_max")
    qtbot.waitUntil(lambda: live.index is not None and live.index.complete)
    desk = LaneDesk.of(live)
    curve = shown(desk)["luma_max"]
    assert (curve.can_start, curve.series) == (True, None)
    assert curve.message == "Click to measure all frames"
    desk.start(Source.PIXELS)
    qtbot.waitUntil(is_measured(desk, "luma_max"))
    live.close_source()
    assert desk.curves == ()


def test_hiding_a_lane_stops_the_work_and_showing_it_starts_again(
    live: Controller, desk: LaneDesk, qtbot: QtBot
) -> None:
    live.settings.toggle_lane("psnr_db")
    work = next(one for one in live.findChildren(Measuring) if one.is_running)
    live.settings.toggle_lane("psnr_db")
    assert not work.is_running
    live.settings.toggle_lane("psnr_db")
    qtbot.waitUntil(is_measured(desk, "psnr_db"))
    assert not shown(desk)["psnr_db"].message


def test_a_buffer_that_is_not_declared(live: Controller, desk: LaneDesk, qtbot: QtBot) -> None:
    live.settings.toggle_lane("buffer")
    qtbot.waitUntil(lambda: shown(desk)["buffer"].message == "The stream declares no decoder buffer.")
    assert not shown(desk)["buffer"].can_start


@pytest.fixture
def faked(qtbot: QtBot) -> LiveSession:
    del qtbot
    return LiveSession()


def test_a_codec_without_quantisers_has_no_such_lane(qtbot: QtBot, clip: Callable[[str], Path]) -> None:
    with open_session(qtbot, clip("hevc.mp4")) as controller:
        desk = LaneDesk.of(controller)
        controller.settings.toggle_lane("mean_quantiser")
        assert desk.curves == ()
        assert controller.settings.lanes == ("mean_quantiser",)


def test_frames_without_times_have_no_rate(faked: LiveSession) -> None:
    desk = LaneDesk.of(faked.as_controller())
    faked.settings.toggle_lane("bit_rate")
    faked.open_index(make_index(20, **without_pts(20)))
    assert shown(desk)["bit_rate"].message == "The frames have no times."
    faked.close_source()
    faked.open_index(make_index(50))
    assert shown(desk)["bit_rate"].reached == 50


def test_measuring_waits_until_all_frames_are_listed(faked: LiveSession) -> None:
    desk = LaneDesk.of(faked.as_controller())
    faked.open_index(make_index(20, complete=False), frame_total=40)
    faked.settings.toggle_lane("luma_min")
    assert shown(desk)["luma_min"].message.startswith("Waiting")
    assert not any("Measuring" in str(title) for title, _ in faked.called("run_job"))
    faked.grow(make_index(40))
    assert shown(desk)["luma_min"].message == "Measuring…"
    assert sum("Measuring" in str(title) for title, _ in faked.called("run_job")) == 1
    # Another count of the same frames makes the values found so far those of other frames.
    faked.grow(make_index(39))
    assert sum("Measuring" in str(title) for title, _ in faked.called("run_job")) == 2


def test_names_that_are_no_lanes_are_passed_over(session: StandInController) -> None:
    session.settings.lanes = ("nothing", "bit_rate")
    desk = LaneDesk.of(session.as_controller())
    assert desk is LaneDesk.of(session.as_controller())
    session.open()
    session.index = make_index(10)
    session.index_updated.emit()
    assert list(shown(desk)) == ["bit_rate"]
