"""The preview's work in the background, on a session that runs jobs for real."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.export.geometry import Crop
from framescope.core.export.quality.search import Metric, Search, Target
from framescope.core.export.quality.trial import LevelKind, Trial
from framescope.core.export.settings import ExportSettings
from framescope.core.source.opening import open_video
from framescope.ui.export.preview.desk import PreviewDesk
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import SignalInstance
    from pytestqt.qtbot import QtBot

    from framescope.core.export.size_estimate import SizeEstimate
    from framescope.ui.export.preview.picture import HeatPicture, Pyramid, SavedPicture

JPEG = ExportSettings(Path(), quality=80)
PATIENCE_MS = 20_000


@pytest.fixture
def running(qtbot: QtBot, plain_clip: Path) -> Iterator[RunningController]:
    """A session with a real clip, frame 7 on screen."""
    del qtbot
    controller = RunningController()
    with open_video(plain_clip) as video:
        controller.index = video.index
        controller.open(video.info, frame_total=len(video))
        controller.source = str(plain_clip)
        controller.show(7, frame=video.frame(7))
    yield controller
    controller.end()


class Listener:
    """Writes down what the desk says."""

    def __init__(self, desk: PreviewDesk) -> None:
        self.pictures: list[SavedPicture] = self.of(desk.picture_made)
        self.missing: list[str] = self.of(desk.picture_missing)
        self.heats: list[HeatPicture] = self.of(desk.heat_made)
        self.wholes: list[Pyramid] = self.of(desk.whole_made)
        self.curves: list[LevelKind | None] = self.of(desk.curve_begun)
        self.points: list[Trial] = self.of(desk.point_found)
        self.searches: list[Search | None] = self.of(desk.search_ended)
        self.sizes: list[SizeEstimate | None] = self.of(desk.size_estimated)

    @staticmethod
    def of(signal: SignalInstance) -> list:  # type: ignore[type-arg]
        heard: list[object] = []
        signal.connect(heard.append)
        return heard


@pytest.fixture
def desk(qtbot: QtBot, running: RunningController) -> PreviewDesk:
    made = PreviewDesk(running.as_controller(), running)
    made.set_settings(JPEG)
    del qtbot
    return made


@pytest.fixture
def heard(desk: PreviewDesk) -> Listener:
    return Listener(desk)


def test_picture_measures_and_curve_come(qtbot: QtBot, desk: PreviewDesk, heard: Listener) -> None:
    desk.set_active(active=True)
    qtbot.waitUntil(lambda: len(heard.points) >= 20, timeout=PATIENCE_MS)
    first, second = heard.pictures[:2]
    assert (first.frame_number, first.settings, first.fidelity) == (7, JPEG, None)
    assert second.fidelity is not None
    assert heard.curves == [LevelKind.QUALITY]
    assert heard.points[0].level == 80
    assert heard.points[0].size_bytes == first.size_bytes


def test_another_quality_keeps_the_curve(qtbot: QtBot, desk: PreviewDesk, heard: Listener) -> None:
    desk.set_active(active=True)
    qtbot.waitUntil(lambda: bool(heard.curves), timeout=PATIENCE_MS)
    desk.set_settings(replace(JPEG, quality=30))
    qtbot.waitUntil(
        lambda: any(each.settings.quality == 30 and each.fidelity for each in heard.pictures),
        timeout=PATIENCE_MS,
    )
    assert len(heard.curves) == 1
    desk.set_settings(replace(JPEG, image_format=ImageFormat.PNG))
    qtbot.waitUntil(lambda: heard.curves == [LevelKind.QUALITY, LevelKind.COMPRESSION], timeout=PATIENCE_MS)
    desk.set_settings(replace(JPEG, image_format=ImageFormat.NPY))
    qtbot.waitUntil(lambda: heard.curves[-1:] == [None], timeout=PATIENCE_MS)


def test_only_the_exact_frame_is_judged_by(
    qtbot: QtBot, desk: PreviewDesk, running: RunningController, heard: Listener
) -> None:
    desk.set_active(active=True)
    qtbot.waitUntil(lambda: bool(heard.pictures), timeout=PATIENCE_MS)
    running.show(9, frame=None, unavailable_reason="the packet is damaged")
    assert heard.missing[-1] == "Frame 9: the packet is damaged"
    running.source = running.info = running.shown = None
    running.source_closed.emit()
    assert heard.missing[-1] == ""


def test_a_playing_video_gets_pictures_but_no_curve(
    qtbot: QtBot, desk: PreviewDesk, running: RunningController, heard: Listener
) -> None:
    running.speed = 1.0
    desk.set_numbers(np.arange(10))
    desk.set_active(active=True)
    qtbot.waitUntil(lambda: len(heard.pictures) == 2, timeout=PATIENCE_MS)
    assert not heard.curves
    running.speed = 0.0
    running.speed_changed.emit(0.0)
    qtbot.waitUntil(lambda: bool(heard.curves), timeout=PATIENCE_MS)


def test_a_frame_that_is_drawn_anew_is_not_encoded_anew(
    qtbot: QtBot, desk: PreviewDesk, running: RunningController, heard: Listener
) -> None:
    desk.set_active(active=True)
    qtbot.waitUntil(lambda: len(heard.pictures) == 2, timeout=PATIENCE_MS)
    for _ in range(5):
        running.frame_shown.emit()
    desk.set_settings(replace(JPEG, quality=12))
    qtbot.waitUntil(lambda: heard.pictures[-1].settings.quality == 12, timeout=PATIENCE_MS)
    assert len(heard.pictures) <= 4
    assert {each.settings.quality for each in heard.pictures[:2]} == {80}
    assert {each.settings.quality for each in heard.pictures[2:]} == {12}


def test_differences_are_drawn_when_looked_at(qtbot: QtBot, desk: PreviewDesk, heard: Listener) -> None:
    desk.set_active(active=True)
    qtbot.waitUntil(lambda: bool(heard.pictures), timeout=PATIENCE_MS)
    assert not heard.heats
    desk.set_heat_wanted(wanted=True, gain=4)
    qtbot.waitUntil(lambda: bool(heard.heats), timeout=PATIENCE_MS)
    assert heard.heats[-1].gain == 4
    desk.set_settings(replace(JPEG, quality=5))
    qtbot.waitUntil(
        lambda: bool(heard.heats) and heard.heats[-1].largest > heard.heats[0].largest, timeout=PATIENCE_MS
    )


def test_the_whole_frame_comes_to_draw_a_crop_on(qtbot: QtBot, desk: PreviewDesk, heard: Listener) -> None:
    desk.set_settings(replace(JPEG, crop=Crop(0, 0, 40, 30)))
    desk.set_active(active=True)
    desk.set_whole_wanted(wanted=True)
    qtbot.waitUntil(lambda: bool(heard.wholes) and bool(heard.pictures), timeout=PATIENCE_MS)
    assert heard.wholes[-1].full.width() == 160
    assert heard.pictures[-1].width == 40
    count = len(heard.wholes)
    desk.set_settings(replace(JPEG, crop=Crop(0, 0, 50, 30)))
    qtbot.waitUntil(lambda: heard.pictures[-1].width == 50, timeout=PATIENCE_MS)
    assert len(heard.wholes) == count


def test_a_crop_beside_the_picture_is_said(qtbot: QtBot, desk: PreviewDesk, heard: Listener) -> None:
    desk.set_settings(replace(JPEG, crop=Crop(150, 0, 40, 30)))
    desk.set_active(active=True)
    qtbot.waitUntil(lambda: bool(heard.missing) and "beyond" in heard.missing[-1], timeout=PATIENCE_MS)


def test_a_search_finds_the_smallest_quality(qtbot: QtBot, desk: PreviewDesk, heard: Listener) -> None:
    desk.set_active(active=True)
    desk.search(Target(Metric.PSNR, 25.0))
    qtbot.waitUntil(lambda: bool(heard.searches), timeout=PATIENCE_MS)
    search = heard.searches[0]
    assert search is not None
    assert search.found is not None
    assert search.found.psnr_db >= 25.0


def test_a_search_that_is_stopped_says_so(qtbot: QtBot, desk: PreviewDesk, heard: Listener) -> None:
    desk.set_active(active=True)
    desk.search(Target(Metric.SSIM, 0.99))
    desk.stop_search()
    qtbot.waitUntil(lambda: len(heard.searches) == 1, timeout=PATIENCE_MS)
    # Stopped in time or only just too late: either way it is over, and another one can begin.
    desk.search(Target(Metric.PSNR, 20.0))
    qtbot.waitUntil(lambda: len(heard.searches) == 2, timeout=PATIENCE_MS)
    assert heard.searches[1] is not None


def test_the_size_of_all_frames_is_estimated(qtbot: QtBot, desk: PreviewDesk, heard: Listener) -> None:
    desk.set_active(active=True)
    desk.set_numbers(np.arange(0, 48, 2))
    qtbot.waitUntil(
        lambda: bool(heard.sizes) and heard.sizes[-1] is not None and heard.sizes[-1].sampled == 12,
        timeout=PATIENCE_MS,
    )
    last = heard.sizes[-1]
    assert last is not None
    assert last.count == 24
    desk.set_numbers(None)
    assert heard.sizes[-1] is None


def test_nobody_looks_nothing_is_done(
    qtbot: QtBot, desk: PreviewDesk, running: RunningController, heard: Listener
) -> None:
    desk.set_active(active=True)
    qtbot.waitUntil(lambda: bool(heard.pictures), timeout=PATIENCE_MS)
    desk.set_active(active=False)
    qtbot.waitUntil(lambda: not running.runner.jobs, timeout=PATIENCE_MS)
    count = len(heard.pictures)
    desk.set_settings(replace(JPEG, quality=1))
    running.frame_shown.emit()
    assert not running.runner.jobs
    assert len(heard.pictures) == count
