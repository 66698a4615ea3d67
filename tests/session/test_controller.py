"""Every command of the window, over fake media and over a clip with numbers drawn into its frames."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QDeadlineTimer, QThread

from framescope.core.synth.number_blocks import read_number
from framescope.engine import stragglers
from framescope.engine.jobs import Job
from framescope.engine.source_engine import SourceEngine
from framescope.session import controller as controller_module
from framescope.session.state import NO_CHOICE, FrameChoice, FrameRange
from tests.session.conftest import Ear

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller
    from tests.engine.fakes import FakeMedia


@pytest.fixture
def opened(controller: Controller, open_fake: Callable[[], None]) -> Controller:
    open_fake()
    return controller


def range_of(controller: Controller) -> FrameRange | None:
    """The range as it is now; a type checker would remember what it was."""
    return controller.marked_range


def test_commands_without_a_video_do_nothing(controller: Controller, ear: Ear) -> None:
    controller.show_frame(5)
    controller.show_next()
    controller.show_next_keyframe()
    controller.toggle_mark()
    controller.mark_keyframes()
    controller.mark_in()
    controller.mark_out()
    controller.player.toggle()
    controller.player.shuttle_backward()
    controller.copy_picture()
    controller.verify_numbering()
    controller.reopen_source()
    controller.video.request_thumbnails([1], 72)
    assert controller.video.thumbnail(1, 72) is None
    assert controller.go_to("5") == "The last frame is 0."
    assert (controller.position, controller.marks, controller.marked_range, controller.playback.speed) == (
        0,
        (),
        None,
        0,
    )
    assert ear.words == []


def test_steps(opened: Controller) -> None:
    visited = []
    for command in (
        opened.show_next, opened.show_next_10, opened.show_previous, opened.show_previous_10,
        opened.show_last, opened.show_next, opened.show_first, opened.show_previous,
        opened.show_next_keyframe, opened.show_next_keyframe, opened.show_previous_keyframe,
    ):  # fmt: skip
        command()
        visited.append(opened.position)
    assert visited == [1, 11, 10, 0, 99, 99, 0, 0, 10, 20, 10]


def test_step_stops_playing_and_show_frame_plays_on(opened: Controller) -> None:
    opened.player.shuttle_forward()
    opened.player.shuttle_forward()
    assert opened.playback.speed == 2
    opened.show_frame(50)
    assert opened.playback.speed == 2
    opened.step(-1)
    assert (opened.playback.speed, opened.position) == (0, 49)


def test_go_to(opened: Controller) -> None:
    assert opened.go_to("2s") is None
    assert opened.position == 50
    assert opened.go_to("+1") is None
    assert opened.position == 51
    assert opened.go_to("100") == "The last frame is 99."
    assert opened.position == 51


def test_marks(opened: Controller) -> None:
    opened.toggle_mark()
    opened.toggle_mark(50)
    opened.toggle_mark(100)
    assert list(opened.marks) == [0, 50]
    opened.show_next_mark()
    assert opened.position == 50
    opened.show_next_mark()
    assert opened.position == 50
    opened.show_previous_mark()
    assert opened.position == 0
    opened.undo()
    assert list(opened.marks) == [0]
    opened.redo()
    opened.clear_marks()
    assert list(opened.marks) == []


def test_keyframes_are_marked_inside_the_range_only(opened: Controller) -> None:
    opened.show_frame(10)
    opened.mark_in()
    opened.show_frame(30)
    opened.mark_out()
    assert range_of(opened) == FrameRange(10, 31)
    opened.mark_keyframes()
    assert list(opened.marks) == [10, 20, 30]
    opened.clear_range()
    assert range_of(opened) is None
    opened.mark_keyframes()
    assert len(opened.marks) == 10
    assert all(type(number) is int for number in opened.marks)


def test_the_view_follows_the_playhead(opened: Controller, ear: Ear) -> None:
    opened.view.set_visible_range(40, 60)
    opened.show_frame(60)
    opened.show_frame(61)
    assert ear.visible[-2:] == [(40, 60), (60, 80)]


def test_thumbnails(qtbot: QtBot, opened: Controller) -> None:
    ready: dict[int, QImage] = {}
    opened.video.thumbnail_ready.connect(ready.__setitem__)
    opened.video.request_thumbnails([40, 41], 18)
    qtbot.waitUntil(lambda: set(ready) == {40, 41})
    assert opened.video.thumbnail(40, 18) is not None
    assert opened.video.thumbnail(40, 19) is None


def test_jobs_are_announced(qtbot: QtBot, controller: Controller) -> None:
    jobs: list[Job] = []
    controller.job_started.connect(jobs.append)

    def work(progress: ProgressCallback, cancel: CancelToken) -> int:
        del progress, cancel
        return 7

    job = controller.run_job("Counting", work)
    assert jobs == [job]
    results: list[object] = []
    job.finished.connect(results.append)
    qtbot.waitUntil(lambda: results == [7])


def test_closing_in_the_middle_of_everything_leaves_no_thread(
    controller: Controller, media: FakeMedia, open_fake: Callable[[], None]
) -> None:
    open_fake()
    media.decoding.clear()
    media.gate.clear()
    controller.show_frame(77)
    assert media.decoding.wait(60)
    controller.video.request_thumbnails(range(100), 18)
    controller.run_job("Endless", _wait_for_cancel)
    threads = controller.findChildren(QThread)
    assert any(thread.isRunning() for thread in threads)
    threading.Timer(0.02, media.gate.set).start()
    controller.close()
    assert [thread for thread in controller.findChildren(QThread) if thread.isRunning()] == []
    assert {reader.closings for reader in media.readers} == {1}


def test_closing_does_not_wait_for_what_never_returns(
    controller: Controller,
    media: FakeMedia,
    open_fake: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left: list[stragglers.Straggler] = []
    monkeypatch.setattr(stragglers, "_stragglers", left)
    monkeypatch.setattr(controller_module, "_CLOSING_MS", 50)
    open_fake()
    media.decoding.clear()
    media.gate.clear()
    controller.show_frame(77)
    assert media.decoding.wait(60)
    has_begun, hangs = threading.Event(), threading.Event()

    def hang(progress: ProgressCallback, cancel: CancelToken) -> None:
        del progress, cancel
        has_begun.set()
        hangs.wait(60)

    controller.run_job("Hangs", hang)
    assert has_begun.wait(60)
    controller.close()
    assert [type(one) for one in left] == [Job, SourceEngine]
    assert all(one.is_running for one in left)
    media.gate.set()
    hangs.set()
    job, engine = left
    assert isinstance(job, Job)
    assert isinstance(engine, SourceEngine)
    assert job.wait(QDeadlineTimer(60_000))
    assert engine.wait(QDeadlineTimer(60_000))
    assert {reader.closings for reader in media.readers} == {1}
    assert media.interruptions


def _wait_for_cancel(progress: ProgressCallback, cancel: CancelToken) -> None:
    del progress
    while True:
        cancel.raise_if_cancelled()
        threading.Event().wait(0.001)


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 B, G, R of a Format_RGB32 image."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), :3]


def test_the_frame_asked_for_is_the_frame_seen(
    qtbot: QtBot, real_controller: Controller, plain_clip: Path
) -> None:
    ear = Ear(real_controller)
    real_controller.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: bool(ear.shown) and not real_controller.video.is_listing)
    for number in (47, 3, 24, 23, 0, 13, 46):
        real_controller.show_frame(number)
        qtbot.waitUntil(ear.is_exact)
        image = ear.shown[-1].image
        assert image is not None
        assert read_number(pixels_of(image)) == number


def test_frames_are_marked_together_and_taken_back_together(opened: Controller) -> None:
    opened.toggle_mark(3)
    opened.mark_frames([5, 1, 10**9, -1])
    marks = [opened.marks]
    opened.undo()
    assert [*marks, opened.marks] == [(1, 3, 5), (3,)]


def test_what_is_about_to_be_exported_is_told_and_forgotten_with_the_video(
    opened: Controller, qtbot: QtBot
) -> None:
    choice = FrameChoice(np.array([3, 5], np.int64), np.array([5], np.int64))
    with qtbot.waitSignal(opened.choice_changed):
        opened.show_choice(choice)
    with qtbot.assertNotEmitted(opened.choice_changed):
        opened.show_choice(choice)
    assert opened.choice is choice
    opened.close_source()
    assert opened.choice is NO_CHOICE
