"""What is dropped, pasted or chosen in the window: the right one of them opens, and nothing waits."""

from __future__ import annotations

import shutil
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from framescope.core.source import input_videos
from framescope.ui.queue.dialog import QueueDialog
from tests.ui.parts import part
from tests.ui.window.conftest import wait_for_frame

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.window.main_window import MainWindow


def is_open(window: MainWindow, source: str) -> bool:
    return window.controller.source == source


@pytest.fixture
def clips(plain_clip: Path, tmp_path: Path) -> list[str]:
    """Three videos in a folder, and a file that is none."""
    (tmp_path / "notes.txt").write_text("no video")
    names = ("clip 2.mp4", "clip 10.mp4", "other.MP4")
    return [str(shutil.copy(plain_clip, tmp_path / name)) for name in names]


@pytest.mark.parametrize("drops_folder", [False, True])
def test_several_dropped_files_are_a_list_and_a_folder_is_one(
    qtbot: QtBot,
    opened: MainWindow,
    clips: list[str],
    drops_folder: bool,  # noqa: FBT001
) -> None:
    opened.open_sources([str(Path(clips[0]).parent)] if drops_folder else [clips[2], clips[0], clips[1]])
    listed = sorted(clips) if drops_folder else [clips[2], clips[0], clips[1]]
    qtbot.waitUntil(lambda: opened.controller.source == listed[0])
    assert list(opened.playlist.sources) == listed
    assert "(1 of 3)" in opened.windowTitle()
    opened.step_video(1)
    qtbot.waitUntil(lambda: opened.controller.source == listed[1])
    opened.step_video(-1)
    qtbot.waitUntil(lambda: opened.controller.source == listed[0])
    opened.step_video(-1)
    assert opened.status.notice == "This is the first video."
    menu = part(opened, QMenu, "menu.playlist")
    assert [action.isChecked() for action in menu.actions()] == [True, False, False]
    menu.actions()[2].trigger()
    qtbot.waitUntil(lambda: opened.controller.source == listed[2])
    opened.dialogs.export_queue()
    queue = part(opened, QueueDialog, "queueDialog")
    qtbot.waitUntil(lambda: [item.source for item in queue.runner.items] == listed)
    queue.close()


def test_a_video_that_is_not_in_the_list_ends_it(
    qtbot: QtBot, opened: MainWindow, clips: list[str], plain_clip: Path
) -> None:
    opened.open_sources(clips[:2])
    qtbot.waitUntil(lambda: opened.controller.source == clips[0])
    opened.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: opened.controller.source == str(plain_clip))
    assert opened.playlist.sources == ()
    assert " of " not in opened.windowTitle()


def test_next_video_of_the_folder_is_that_of_a_file_manager(
    qtbot: QtBot, opened: MainWindow, clips: list[str]
) -> None:
    opened.open_source(clips[0])
    qtbot.waitUntil(lambda: opened.controller.source == clips[0])
    for step, expected in ((1, clips[1]), (1, clips[2]), (-1, clips[1])):
        opened.step_video(step)
        opening = partial(is_open, opened, expected)
        qtbot.waitUntil(opening)
    opened.open_source(clips[2])
    qtbot.waitUntil(lambda: opened.controller.source == clips[2])
    opened.step_video(1)
    qtbot.waitUntil(lambda: opened.status.notice == "This is the last video.")


def test_the_next_video_without_a_label_passes_those_that_are_sorted(
    qtbot: QtBot, opened: MainWindow, clips: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled = {clips[1]}
    monkeypatch.setattr(opened.controller.keeper, "has_label", labelled.__contains__)
    opened.open_source(clips[0])
    qtbot.waitUntil(lambda: opened.controller.source == clips[0])
    seek = opened.actions_by_id["file.next_unlabelled"]
    seek.trigger()
    qtbot.waitUntil(lambda: opened.controller.source == clips[2])
    # After the last one, it starts over.
    seek.trigger()
    qtbot.waitUntil(lambda: opened.controller.source == clips[0])
    labelled.add(clips[2])
    seek.trigger()
    qtbot.waitUntil(lambda: opened.status.notice == "There is no other video without a label.")


def test_fast_hands_skip_videos_and_mark_none_that_they_have_left(
    qtbot: QtBot, opened: MainWindow, clips: list[str]
) -> None:
    controller = opened.controller
    opened.open_source(clips[0])
    qtbot.waitUntil(lambda: controller.source == clips[0])
    controller.toggle_label(1)
    opened.step_video(1)
    for mark in (partial(controller.toggle_label, 2), controller.toggle_mark, controller.mark_in):
        mark()
        assert opened.status.notice == "Nothing was marked: a video is being opened."
    opened.step_video(1)
    controller.mark_out()
    assert (controller.source, dict(controller.labels)) == (clips[0], {0: "1"})
    assert controller.marked_range is None
    qtbot.waitUntil(lambda: controller.source == clips[2])
    controller.toggle_label(2)
    assert dict(controller.labels) == {0: "2"}
    for _ in range(3):
        opened.step_video(-1)
    qtbot.waitUntil(lambda: controller.source == clips[0])


def test_a_key_for_the_next_video_reaches_it_as_soon_as_it_is_there(
    qtbot: QtBot, opened: MainWindow, clips: list[str]
) -> None:
    opened.open_sources(clips)
    qtbot.waitUntil(lambda: opened.controller.source == clips[0])
    wait_for_frame(qtbot, opened, 0)
    # What is refreshed at once when marks go away with their video must not leave the keys without effect.
    opened.actions_by_id["mark.label_2"].trigger()
    enabled: list[bool] = []

    def look() -> None:
        enabled.append(opened.actions_by_id["mark.label_1"].isEnabled())

    opened.controller.source_opened.connect(look)
    opened.step_video(1)
    qtbot.waitUntil(lambda: opened.controller.source == clips[1])
    assert enabled == [True]


def test_steps_count_from_the_video_that_is_being_opened(
    qtbot: QtBot, opened: MainWindow, clips: list[str]
) -> None:
    opened.open_sources(clips)
    qtbot.waitUntil(lambda: opened.controller.source == clips[0])
    opened.step_video(1)
    assert opened.controller.video.coming == clips[1]
    opened.step_video(1)
    assert opened.controller.awaits_video
    qtbot.waitUntil(lambda: opened.controller.source == clips[2])


@pytest.mark.parametrize("is_listed", [False, True])
def test_while_the_key_is_held_videos_are_named_and_only_the_last_one_is_opened(
    qtbot: QtBot, opened: MainWindow, plain_clip: Path, tmp_path: Path, *, is_listed: bool
) -> None:
    clips = [str(shutil.copy(plain_clip, tmp_path / f"{number:02d}.mp4")) for number in range(30)]
    opened.open_sources(clips if is_listed else clips[:1])
    qtbot.waitUntil(lambda: opened.controller.source == clips[0])
    opened.step_video(1)
    qtbot.waitUntil(lambda: opened.controller.source == clips[1])
    sources: list[str | None] = []
    notices: list[str] = []
    opened.controller.source_opened.connect(lambda: sources.append(opened.controller.source))
    opened.controller.notice_posted.connect(lambda text, _level: notices.append(text))
    for step in [1] * 9 + [-1] * 2:
        opened.step_video(step)
    qtbot.waitUntil(lambda: opened.controller.source == clips[8])
    # The first press opens at once: it may be the only one.
    assert set(sources) <= {clips[2], clips[8]}
    assert "10.mp4 (11 of 30)" in notices
    for _ in range(50):
        opened.step_video(1)
    # Steps beyond the end do not count.
    opened.step_video(-1)
    qtbot.waitUntil(lambda: opened.controller.source == clips[28])


@pytest.mark.parametrize("step", [1, -1])
def test_steps_beyond_the_end_never_lead_back(
    qtbot: QtBot, opened: MainWindow, clips: list[str], step: int
) -> None:
    end = clips[-1 if step > 0 else 0]
    opened.open_source(end)
    qtbot.waitUntil(lambda: opened.controller.source == end)
    opened.step_video(step)
    qtbot.waitUntil(lambda: not opened.controller.awaits_video)
    (timer,) = opened.playlist.findChildren(QTimer)
    qtbot.waitUntil(lambda: not timer.isActive())
    # A press at the end searches the folder, and the key repeats while it does.
    opened.step_video(step)
    assert opened.controller.awaits_video
    for _ in range(5):
        opened.step_video(step)
    qtbot.waitUntil(lambda: not timer.isActive() and not opened.controller.awaits_video)
    assert (opened.controller.source, opened.controller.video.coming) == (end, None)


def test_nothing_is_opened_after_the_window_is_closed(
    qtbot: QtBot, opened: MainWindow, clips: list[str]
) -> None:
    opened.open_sources(clips)
    qtbot.waitUntil(lambda: opened.controller.source == clips[0])
    for _ in range(3):
        opened.step_video(1)
    assert any(timer.isActive() for timer in opened.playlist.findChildren(QTimer))
    opened.close()
    assert not any(timer.isActive() for timer in opened.playlist.findChildren(QTimer))


def test_another_video_ends_the_steps_of_a_held_key(
    qtbot: QtBot, opened: MainWindow, clips: list[str], plain_clip: Path
) -> None:
    opened.open_sources(clips)
    qtbot.waitUntil(lambda: opened.controller.source == clips[0])
    opened.step_video(1)
    opened.step_video(1)
    opened.open_source(str(plain_clip))
    assert not opened.controller.awaits_video
    qtbot.waitUntil(lambda: opened.controller.source == str(plain_clip))


def test_a_video_that_cannot_be_opened_does_not_bar_the_way(
    qtbot: QtBot, opened: MainWindow, clips: list[str]
) -> None:
    Path(clips[1]).write_bytes(b"no video")
    opened.open_source(clips[0])
    qtbot.waitUntil(lambda: opened.controller.source == clips[0])
    for step, expected in ((1, clips[2]), (-1, clips[0])):
        with qtbot.waitSignal(opened.controller.source_failed):
            opened.step_video(step)
        opened.step_video(step)
        opening = partial(is_open, opened, expected)
        qtbot.waitUntil(opening)


def test_a_folder_without_videos_says_so(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    with qtbot.waitSignal(opened.controller.source_failed) as failed:
        opened.open_sources([str(tmp_path)])
    assert "no video" in failed.args[0].message


def test_the_window_goes_on_while_a_slow_disk_tells_what_was_dropped(
    qtbot: QtBot, opened: MainWindow, plain_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_answer = threading.Event()

    def waits(_source: str) -> bool:
        may_answer.wait()
        return False

    monkeypatch.setattr(input_videos, "is_folder_of_videos", waits)
    turns: list[int] = []
    opened.open_sources([str(plain_clip)])
    QTimer.singleShot(0, opened, lambda: turns.append(1))
    qtbot.waitUntil(lambda: bool(turns))
    with qtbot.waitSignal(opened.controller.source_opened):
        may_answer.set()


@pytest.mark.parametrize("last", ["dropped", "opened", "several"])
def test_what_was_asked_for_last_is_opened_however_slow_the_earlier_one_is(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    first = str(opened.controller.source)
    slow, quick = (str(shutil.copy(first, tmp_path / name)) for name in ("slow.mp4", "quick.mp4"))
    has_begun, may_answer, has_answered = threading.Event(), threading.Event(), threading.Event()

    def looks(source: str) -> bool:
        if source == slow:
            has_begun.set()
            may_answer.wait()
            has_answered.set()
        return False

    monkeypatch.setattr(input_videos, "is_folder_of_videos", looks)
    asked: list[str] = []
    ask = opened.controller.open_source

    def open_source(source: str) -> None:
        asked.append(source)
        ask(source)

    monkeypatch.setattr(opened.controller, "open_source", open_source)
    opened.open_sources([slow])
    qtbot.waitUntil(has_begun.is_set)
    if last == "dropped":
        opened.open_sources([quick])
    elif last == "opened":
        opened.open_source(quick)
    else:
        opened.open_sources([quick, first])
    if last != "several":
        qtbot.waitUntil(lambda: opened.controller.source == quick)
    may_answer.set()
    qtbot.waitUntil(has_answered.is_set)
    # Whatever comes of the earlier one is there before the end of this job, which begins later.
    later = opened.controller.run_job("Waiting", lambda _progress, _cancel: None, announce=False)
    with qtbot.waitSignal(later.settled):
        pass
    assert slow not in asked


def test_a_pasted_name_that_is_too_long_is_refused_in_the_window(qtbot: QtBot, window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("/" + "n" * 5000)
    with qtbot.waitSignal(window.controller.source_failed) as failed:
        window.paste()
    assert "name too long" in failed.args[0].message.lower()


def test_pasted_path_is_opened(qtbot: QtBot, window: MainWindow, plain_clip: Path) -> None:
    QGuiApplication.clipboard().setText(f'"{plain_clip}"')
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait_for_frame(qtbot, window, 0)
    QGuiApplication.clipboard().setText("no path")
    window.paste()
    assert "no path or address" in window.status.notice
