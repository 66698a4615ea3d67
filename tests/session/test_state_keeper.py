"""What the user does is there again when the video is opened the next time, from anywhere."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from framescope.cli.program import run
from framescope.core.errors import MissingFileError
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.marks.video_memory import PictureZoom, VideoMemory, VideoState
from framescope.engine.backend import core_backend
from framescope.session.controller import Controller
from tests.session.conftest import Ear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    Opener = Callable[[object], tuple[Controller, Ear]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "memory"


@pytest.fixture
def video(plain_clip: Path, tmp_path: Path) -> Path:
    path = tmp_path / "a.mp4"
    shutil.copy(plain_clip, path)
    return path


@pytest.fixture
def open_window(qtbot: QtBot, folder: Path) -> Iterator[Opener]:
    """Start a session as if the program were started, on a video, and wait until it shows an exact frame."""
    controllers: list[Controller] = []

    def open_one(source: object) -> tuple[Controller, Ear]:
        for controller in controllers:
            controller.close()
        controllers.clear()
        controller = Controller(backend=core_backend(keeps_indexes=False), memory=VideoMemory(folder))
        controllers.append(controller)
        ear = Ear(controller)
        open_in(qtbot, controller, ear, source)
        return controller, ear

    yield open_one
    for controller in controllers:
        controller.close()


def open_in(
    qtbot: QtBot, controller: Controller, ear: Ear, source: object, stream: int | None = None
) -> None:
    count = ear.words.count("opened")
    controller.open_source(str(source), stream_index=stream)

    def is_settled() -> bool:
        shown, index = controller.shown, controller.index
        is_open = ear.words.count("opened") > count and index is not None and index.complete
        return is_open and shown is not None and shown.frame is not None

    qtbot.waitUntil(is_settled)


def work_on(controller: Controller) -> None:
    controller.show_frame(31)
    controller.toggle_mark(4)
    controller.set_note(30, "Goal")
    controller.show_frame(10)
    controller.mark_in()
    controller.show_frame(40)
    controller.mark_out()
    controller.view.set_visible_range(8, 44)
    controller.view.set_picture_zoom(PictureZoom(3.0, 0.5, 0.25))


STATE = VideoState(MarkedFrames((4, 30), {30: "Goal"}, 10, 40), 40, (8.0, 44.0), PictureZoom(3.0, 0.5, 0.25))


def test_everything_is_there_the_next_time(video: Path, open_window: Opener) -> None:
    controller, ear = open_window(video)
    assert controller.keeper.state == VideoState()
    work_on(controller)
    assert ear.notices == []
    controller, ear = open_window(video)
    assert controller.keeper.state == STATE
    assert controller.shown is not None
    assert controller.shown.frame_number == 40
    # The frame it was left at is the first that is shown.
    assert {shown.frame_number for shown in ear.shown} == {40}
    assert ear.notices == [
        ("Continued at frame 40 with 2 marks and the in–out range. Home goes to the start.", "info")
    ]
    assert not controller.selection.can_undo


def test_a_moved_file_is_the_same_video(video: Path, tmp_path: Path, open_window: Opener) -> None:
    work_on(open_window(video)[0])
    moved = tmp_path / "elsewhere.mov"
    open_window(moved.with_name("a.mp4"))
    video.rename(moved)
    assert open_window(moved)[0].keeper.state == STATE


def test_two_videos_in_one_window(
    qtbot: QtBot, video: Path, clip: Callable[[str], Path], open_window: Opener
) -> None:
    controller, ear = open_window(video)
    work_on(controller)
    open_in(qtbot, controller, ear, clip("vfr.mkv"))
    assert controller.keeper.state == VideoState()
    controller.toggle_mark(3)
    open_in(qtbot, controller, ear, video)
    assert controller.keeper.state == STATE
    controller.close_source()
    open_in(qtbot, controller, ear, clip("vfr.mkv"))
    assert controller.marks == (3,)


def test_looking_at_a_video_leaves_nothing_behind(video: Path, folder: Path, open_window: Opener) -> None:
    controller, _ear = open_window(video)
    controller.close()
    assert not folder.exists()


def test_marks_taken_away_stay_away(video: Path, open_window: Opener) -> None:
    work_on(open_window(video)[0])
    controller, _ear = open_window(video)
    controller.clear_marks()
    controller.clear_range()
    controller.undo()
    controller.show_first()
    controller, _ear = open_window(video)
    assert (controller.marks, controller.selection.state.in_point, controller.position) == ((), 10, 0)


def test_a_file_with_other_frames_gets_none_of_them_unless_the_user_asks(
    qtbot: QtBot, video: Path, clip: Callable[[str], Path], open_window: Opener
) -> None:
    work_on(open_window(video)[0])
    shutil.copy(clip("vfr.mkv"), video)
    controller, ear = open_window(video)
    assert controller.keeper.state == VideoState()
    qtbot.waitUntil(lambda: bool(controller.keeper.earlier_marks))
    assert ear.notices == []
    controller.take_earlier_marks()
    assert controller.marks == tuple(number for number in (4, 30) if number < controller.frame_total)
    assert not controller.keeper.earlier_marks
    controller.undo()
    assert controller.marks == ()


def test_a_reload_of_a_changed_file_keeps_the_marks_and_says_so(
    qtbot: QtBot, video: Path, open_window: Opener
) -> None:
    controller, ear = open_window(video)
    work_on(controller)
    with video.open("ab") as file:
        file.write(bytes(1000))
    controller.reopen_source()
    qtbot.waitUntil(lambda: any("changed since it was marked" in text for text, _level in ear.notices))
    assert controller.marks == (4, 30)
    assert open_window(video)[0].marks == (4, 30)


def test_marks_are_on_disk_before_anything_else_happens(
    qtbot: QtBot, video: Path, folder: Path, open_window: Opener
) -> None:
    controller, _ear = open_window(video)
    controller.toggle_mark(7)
    qtbot.waitUntil(lambda: folder.is_dir() and bool(list(folder.glob("[!.]*.json"))))
    (entry,) = folder.glob("[!.]*.json")
    assert json.loads(entry.read_text())["marks"][0]["frame_number"] == 7
    controller.show_frame(20)
    qtbot.waitUntil(lambda: json.loads(entry.read_text())["view"]["position"] == 20)


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_mark_outlives_a_killed_program(video: Path, folder: Path, open_window: Opener) -> None:
    program = textwrap.dedent(
        f"""
        from pathlib import Path
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication
        from framescope.core.marks.video_memory import VideoMemory
        from framescope.session.controller import Controller
        app = QApplication([])
        folder = Path({str(folder)!r})
        controller = Controller(memory=VideoMemory(folder))
        def mark():
            controller.set_note(33, "before the end")
            # The window does nothing more: it hangs here, as far as anybody can see.
            while not list(folder.glob("[!.]*.json")):
                pass
            print("kept", flush=True)
            while True:
                pass
        controller.source_opened.connect(lambda: QTimer.singleShot(0, mark))
        controller.open_source({str(video)!r})
        app.exec()
        """
    )
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert child.stdout is not None
    with child.stdout:
        assert child.stdout.readline() == b"kept\n"
        child.send_signal(signal.SIGKILL)
        child.wait()
    controller, _ear = open_window(video)
    assert (controller.marks, dict(controller.notes)) == ((33,), {33: "before the end"})


def test_a_damaged_file_is_told_of_and_the_rest_of_it_is_kept(
    video: Path, folder: Path, open_window: Opener
) -> None:
    controller, _ear = open_window(video)
    work_on(controller)
    controller.close()
    (entry,) = folder.glob("[!.]*.json")
    entry.write_text(entry.read_text().replace('"frame_number": 4,', '"frame_number": "four",'))
    controller, ear = open_window(video)
    assert controller.marks == (30,)
    assert ear.notices[-1][1] == "warning"
    assert str(folder) in ear.notices[-1][0]
    # What could be read is saved again at once.
    controller, ear = open_window(video)
    assert controller.marks == (30,)
    assert all(level == "info" for _text, level in ear.notices)


def test_no_folder_is_told_once_when_something_is_marked(
    qtbot: QtBot, video: Path, folder: Path, open_window: Opener
) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_bytes(b"")
    controller, ear = open_window(video)
    controller.show_frame(9)
    controller.toggle_mark()
    qtbot.waitUntil(lambda: bool(ear.notices))
    controller.toggle_mark(3)
    controller.close()
    assert len(ear.notices) == 1
    assert ear.notices[0][0].startswith("Marks cannot be saved for next time. ")


def test_what_could_not_be_saved_is_saved_when_the_window_closes(
    qtbot: QtBot, video: Path, folder: Path, open_window: Opener
) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_bytes(b"")
    controller, ear = open_window(video)
    controller.toggle_mark(3)
    qtbot.waitUntil(lambda: bool(ear.notices))
    folder.unlink()
    assert open_window(video)[0].marks == (3,)


def test_what_is_kept_of_a_stream_that_is_gone_does_not_keep_the_video_from_opening(
    video: Path, folder: Path, open_window: Opener
) -> None:
    memory = VideoMemory(folder)
    identity = memory.identify(str(video))
    assert identity is not None
    memory.save(identity, 7, STATE, None)
    controller, ear = open_window(video)
    assert controller.keeper.state == VideoState()
    assert ear.errors == []


def test_marks_beyond_the_end_are_left_out_and_told_of(
    video: Path, folder: Path, open_window: Opener
) -> None:
    memory = VideoMemory(folder)
    identity = memory.identify(str(video))
    assert identity is not None
    memory.save(identity, 0, VideoState(MarkedFrames((4, 900)), 900, (0.0, 1000.0)), None)
    controller, ear = open_window(video)
    assert (controller.marks, controller.position, controller.frame_total) == ((4,), 47, 48)
    assert controller.view.visible_range == (0.0, 48.0)
    assert any(text == "1 mark beyond the last frame was left out." for text, _level in ear.notices)
    # It may have them again one day, as a playlist or an address may.
    controller.toggle_mark(6)
    controller.close()
    recalled = VideoMemory(folder).recall(str(video))
    assert recalled is not None
    assert recalled.state.marked.marks == (4, 6, 900)


def test_frames_with_other_timestamps_than_when_they_were_marked_are_told_of(
    video: Path, folder: Path, open_window: Opener
) -> None:
    controller, _ear = open_window(video)
    work_on(controller)
    controller.close()
    (entry,) = folder.glob("[!.]*.json")
    head = json.loads(entry.read_text())
    for row in head["marks"]:
        row["pts"] += row["frame_number"] == 4
    entry.write_text(json.dumps(head))
    controller, ear = open_window(video)
    assert controller.marks == (4, 30)
    assert any(text.startswith("1 of 2 marks now has a different timestamp") for text, _level in ear.notices)


def test_without_a_memory_nothing_is_kept(
    qtbot: QtBot, real_controller: Controller, video: Path, tmp_path: Path
) -> None:
    ear = Ear(real_controller)
    open_in(qtbot, real_controller, ear, video)
    real_controller.toggle_mark(3)
    real_controller.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4"]


def test_a_source_that_fails_to_open_keeps_what_is_open(
    qtbot: QtBot, video: Path, tmp_path: Path, open_window: Opener
) -> None:
    controller, ear = open_window(video)
    work_on(controller)
    controller.open_source(str(tmp_path / "missing.mp4"))
    qtbot.waitUntil(lambda: bool(ear.errors))
    assert isinstance(ear.errors[0], MissingFileError)
    assert controller.keeper.state == STATE


def test_each_stream_comes_back_with_its_own_marks(
    qtbot: QtBot, clip: Callable[[str], Path], open_window: Opener
) -> None:
    source = clip("two_videos.mkv")
    controller, ear = open_window(source)
    assert controller.info is not None
    first = controller.info.stream_index
    (other,) = {stream.stream_index for stream in controller.info.video_streams} - {first}
    controller.toggle_mark(3)
    open_in(qtbot, controller, ear, source, other)
    assert (controller.marks, controller.info.stream_index) == ((), other)
    controller.toggle_mark(5)
    controller, _ear = open_window(source)
    assert controller.info is not None
    assert (controller.marks, controller.info.stream_index) == ((5,), other)
    controller.open_source(str(source), stream_index=first)
    qtbot.waitUntil(lambda: controller.marks == (3,))


def test_a_fragment_store_is_known_by_its_manifest(
    qtbot: QtBot, plain_clip: Path, tmp_path: Path, open_window: Opener
) -> None:
    store = tmp_path / "store"
    assert run(["fragments", "split", str(plain_clip), str(store), "--json"]) == 0
    controller, ear = open_window(store)
    controller.set_note(9, "Goal")
    controller.close()
    moved = tmp_path / "moved"
    open_window(plain_clip)
    store.rename(moved)
    controller, ear = open_window(moved)
    assert controller.notes == {9: "Goal"}
    open_in(qtbot, controller, ear, f"{moved}#xywh=0,0,64,64")
    assert controller.notes == {9: "Goal"}
