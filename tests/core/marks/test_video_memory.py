"""What is kept of each video: found by content, merged with what others kept, and never lost to damage."""

from __future__ import annotations

import json
import os
import shutil
import threading
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import DestinationError
from framescope.core.marks import video_memory
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.marks.video_memory import PictureZoom, VideoIdentity, VideoMemory, VideoState
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from pathlib import Path

INDEX = make_index(list(range(0, 5000, 100)))
STATE = VideoState(MarkedFrames((2, 30), {30: "Goal"}, 1, 40), 17, (5.0, 35.5), PictureZoom(2.0, 0.25, 0.75))


@pytest.fixture
def memory(tmp_path: Path) -> VideoMemory:
    return VideoMemory(tmp_path / "memory")


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(range(256)) * 10)
    return path


def identity_of(memory: VideoMemory, source: object) -> VideoIdentity:
    identity = memory.identify(str(source))
    assert identity is not None
    return identity


def keep(memory: VideoMemory, source: object, state: VideoState = STATE, stream: int = 0) -> None:
    memory.save(identity_of(memory, source), stream, state, INDEX)


def entries(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "memory").iterdir())


def state_of(memory: VideoMemory, source: object, stream: int | None = None) -> VideoState | None:
    recalled = memory.recall(str(source), stream)
    return None if recalled is None else recalled.state


def test_a_new_video_is_new_and_is_not_read(
    memory: VideoMemory, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video_memory, "source_digest", None)
    assert memory.recall(str(video)) is None


def test_labels_are_looked_for_without_changing_anything(
    memory: VideoMemory, video: Path, tmp_path: Path
) -> None:
    assert not memory.has_label(str(video))
    keep(memory, video)
    assert not memory.has_label(str(video))
    keep(memory, video, VideoState(MarkedFrames((2,), labels={2: "cat"})), stream=3)
    assert memory.has_label(str(video))
    # What another window stored meanwhile is still known to be new to this one.
    other = VideoMemory(tmp_path / "memory")
    other.recall(str(video), 3)
    keep(other, video, VideoState(MarkedFrames((2, 8), labels={2: "cat"})), stream=3)
    memory.has_label(str(video))
    keep(memory, video, VideoState(MarkedFrames((2, 9), labels={2: "cat"})), stream=3)
    state = state_of(memory, video, 3)
    assert state is not None
    assert state.marked.marks == (2, 8, 9)


def test_everything_comes_back(memory: VideoMemory, video: Path, tmp_path: Path) -> None:
    keep(memory, video)
    for one in (memory, VideoMemory(tmp_path / "memory")):
        recalled = one.recall(str(video))
        assert recalled is not None
        assert (recalled.state, recalled.stream_index, recalled.trouble) == (STATE, 0, "")
        assert recalled.file.stamps == {2: 200, 30: 3000}


def test_a_file_that_did_not_change_is_not_read_again(
    memory: VideoMemory, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(memory, video)
    monkeypatch.setattr(video_memory, "source_digest", None)
    assert state_of(memory, video) == STATE


def test_a_moved_copied_or_touched_file_is_known_by_its_content(
    memory: VideoMemory, video: Path, tmp_path: Path
) -> None:
    keep(memory, video)
    os.utime(video, (1, 1))
    assert state_of(memory, video) == STATE
    (tmp_path / "elsewhere").mkdir()
    copy = tmp_path / "elsewhere" / "b.mkv"
    shutil.copy(video, copy)
    assert state_of(memory, copy) == STATE
    video.unlink()
    assert state_of(memory, copy) == STATE


def test_an_image_sequence_is_known_by_its_pictures(memory: VideoMemory, tmp_path: Path) -> None:
    folder = tmp_path / "shots"
    folder.mkdir()
    for number in range(1, 31):
        (folder / f"s_{number:02d}.png").write_bytes(bytes([number]) * 100 * number)
    keep(memory, folder)
    for name in (folder, folder / "s_%02d.png", folder / "s_01.png", f"{folder}#fps=24"):
        assert state_of(memory, name) == STATE
    moved = folder.rename(tmp_path / "moved")
    assert state_of(memory, moved) == STATE
    # Of equal length, but another picture.
    (moved / "s_30.png").write_bytes(b"x" * 3000)
    assert state_of(memory, moved) is None
    (moved / "s_31.png").write_bytes(b"one more")
    assert state_of(memory, moved) is None


def test_another_content_under_the_same_name_gets_nothing_but_can_be_told_of(
    memory: VideoMemory, video: Path
) -> None:
    keep(memory, video)
    data = video.read_bytes()
    video.write_bytes(data[:-1] + b"x")
    assert memory.recall(str(video)) is None
    assert memory.earlier(identity_of(memory, video)) == STATE
    video.write_bytes(data + b"longer")
    assert memory.recall(str(video)) is None
    assert memory.earlier(identity_of(memory, video)) == STATE


def test_an_earlier_file_without_marks_is_not_told_of(memory: VideoMemory, video: Path) -> None:
    keep(memory, video, VideoState(position=9))
    video.write_bytes(b"other")
    assert memory.earlier(identity_of(memory, video)) is None


def test_each_stream_has_its_own_and_the_last_one_is_recalled(
    memory: VideoMemory, video: Path, tmp_path: Path
) -> None:
    keep(memory, video, STATE, stream=2)
    os.utime(entries(tmp_path)[0], (1, 1))
    keep(memory, video, VideoState(position=3), stream=0)
    recalled = memory.recall(str(video))
    assert recalled is not None
    assert (recalled.stream_index, recalled.state.position) == (0, 3)
    assert state_of(memory, video, 2) == STATE
    assert state_of(memory, video, 1) is None
    assert memory.earlier(identity_of(memory, video)) is None


def test_addresses_are_kept_without_their_secrets(memory: VideoMemory, tmp_path: Path) -> None:
    address = "https://me:secret@example.org/a.mp4?token=secret"
    keep(memory, address)
    assert state_of(memory, address) == STATE
    assert state_of(memory, "https://example.org/b.mp4") is None
    assert "secret" not in entries(tmp_path)[0].read_text() + entries(tmp_path)[0].name


def test_what_has_no_content_to_go_by_is_not_kept(memory: VideoMemory, tmp_path: Path) -> None:
    for source in (tmp_path, tmp_path / "missing.mp4", "", "\x00"):
        assert memory.identify(str(source)) is None
        assert memory.recall(str(source)) is None


@pytest.mark.skipif(os.name != "posix", reason="needs names that are not text, and pipes")
def test_odd_names_and_pipes(memory: VideoMemory, tmp_path: Path) -> None:
    named = os.fsdecode(os.fsencode(tmp_path) + b"/\xff\n.mp4")
    with open(named, "wb") as file:  # noqa: PTH123 - the name is not text
        file.write(b"video")
    keep(memory, named)
    assert state_of(memory, named) == STATE
    os.mkfifo(tmp_path / "pipe")
    assert memory.recall(str(tmp_path / "pipe")) is None


def test_two_processes_keep_each_others_marks(video: Path, tmp_path: Path) -> None:
    one, other = VideoMemory(tmp_path / "memory"), VideoMemory(tmp_path / "memory")
    keep(one, video, VideoState(MarkedFrames((1, 2))))
    assert state_of(other, video) == VideoState(MarkedFrames((1, 2)))
    keep(one, video, VideoState(MarkedFrames((1, 2, 3)), 30))
    keep(other, video, VideoState(MarkedFrames((2, 9)), 40))
    # The second process took mark 1 away and never saw mark 3.
    assert state_of(VideoMemory(tmp_path / "memory"), video) == VideoState(MarkedFrames((2, 3, 9)), 40)
    keep(one, video, VideoState(MarkedFrames((1, 2, 3, 4)), 30))
    assert state_of(VideoMemory(tmp_path / "memory"), video) == VideoState(MarkedFrames((2, 3, 4, 9)), 30)


def test_many_that_save_at_once_leave_a_whole_file(video: Path, tmp_path: Path) -> None:
    def work(number: int) -> None:
        memory = VideoMemory(tmp_path / "memory")
        for count in range(10):
            keep(memory, video, VideoState(MarkedFrames((number,)), count))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recalled = VideoMemory(tmp_path / "memory").recall(str(video))
    assert recalled is not None
    assert recalled.trouble == ""
    assert [entry.suffix for entry in entries(tmp_path)] == [".json"]


@pytest.mark.parametrize(
    ("damage", "marks"),
    [
        (lambda _text: "", ()),
        (lambda text: text[: len(text) // 2], ()),
        (lambda text: "\x00" * len(text), ()),
        (lambda text: text.replace('"version": 1', '"version": 2'), ()),
        (lambda text: text.replace('"frame_number": 30', '"frame_number": NaN'), (2,)),
        (lambda text: text.replace('"frame_number": 2,', '"frame_number": -2,'), (30,)),
    ],
)  # fmt: skip
def test_a_damaged_file_is_kept_aside_and_told_of(
    damage: object, marks: tuple[int, ...], memory: VideoMemory, video: Path, tmp_path: Path
) -> None:
    keep(memory, video)
    (entry,) = entries(tmp_path)
    text = damage(entry.read_text())  # type: ignore[operator]
    entry.write_text(text)
    # Only what the file's name says is left to know it by.
    recalled = memory.recall(str(video))
    assert recalled is not None
    assert recalled.state.marked.marks == marks
    (aside,) = entries(tmp_path)
    assert str(aside) in recalled.trouble
    assert aside.read_text() == text
    assert memory.recall(str(video)) is None
    keep(memory, video)
    assert state_of(memory, video) == STATE
    assert aside.read_text() == text


@pytest.mark.parametrize(
    "view",
    [
        None, [], 3, {}, {"position": -1, "timeline": [5, 3], "zoom": [0, 0, 0]},
        {"position": 2.5, "timeline": [1], "zoom": "x"}, {"position": True, "timeline": ["a", "b"]},
        {"position": 10**20, "timeline": [0, 10**400], "zoom": [1, 2, 3]}, {"timeline": [float("nan"), 1]},
        {"position": 1 << 31, "timeline": [0, 1e10], "zoom": [1e9, 0.5, 0.5]}, {"zoom": [1e-300, 0.5, 0.5]},
        {"position": "3", "timeline": [True, 5], "zoom": [float("inf"), 0.5, 0.5]}, {"position": 10**400},
        {"timeline": [-1, 5], "zoom": [1, -0.5, 0.5]}, {"position": [[[[{}]]]], "zoom": {"0": 1}},
    ],
)  # fmt: skip
def test_a_view_that_makes_no_sense_is_left_out(
    view: object, memory: VideoMemory, video: Path, tmp_path: Path
) -> None:
    keep(memory, video)
    (entry,) = entries(tmp_path)
    entry.write_text(json.dumps({**json.loads(entry.read_text()), "view": view}))
    assert state_of(memory, video) == VideoState(STATE.marked)


def test_without_a_folder_nothing_is_kept_and_that_is_said(
    video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video_memory, "data_folder", lambda: None)
    with pytest.raises(DestinationError):
        keep(VideoMemory(), video)
    assert VideoMemory().recall(str(video)) is None
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(DestinationError):
        keep(VideoMemory(blocked / "memory"), video)
    assert VideoMemory(blocked / "memory").recall(str(video)) is None


def test_the_number_of_files_is_bounded_and_marks_stay_longest(
    memory: VideoMemory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video_memory, "_MOST_ENTRIES", 3)
    monkeypatch.setattr(video_memory, "_MOST_MARKED", 5)
    names = [f"https://example.org/{number}.mp4" for number in range(12)]
    for number, name in enumerate(names):
        keep(memory, name, STATE if number % 2 else VideoState(position=number + 1))
        for entry in entries(tmp_path):
            os.utime(entry, ns=(entry.stat().st_mtime_ns - 10**9,) * 2)
    kept = [number for number, name in enumerate(names) if memory.recall(name) is not None]
    assert kept[-1] == 11
    assert len([number for number in kept if number % 2]) >= 5
    assert len(kept) <= 6


def test_leftovers_of_a_killed_process_are_cleared(memory: VideoMemory, video: Path, tmp_path: Path) -> None:
    keep(memory, "https://example.org/a.mp4")
    # The name that `framescope.core.files` gives to a file that is being written.
    leftover = tmp_path / "memory" / ".framescope-0123456789ab-1.part.json"
    leftover.write_bytes(b"")
    keep(memory, video)
    assert not leftover.exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (VideoState(), ""),
        (VideoState(position=7), "Continued at frame 7. Home goes to the start."),
        (VideoState(MarkedFrames((1,))), "Restored 1 mark from last time."),
        (STATE, "Continued at frame 17 with 2 marks and the in–out range. Home goes to the start."),
    ],
)
def test_what_was_restored_is_said(state: VideoState, words: str) -> None:
    assert state.words == words
    assert VideoState().least_total == 1
    assert STATE.least_total == 41


def test_marks_that_nobody_could_read_again_are_refused(
    memory: VideoMemory, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video_memory, "_MOST_MARKS", 10)
    keep(memory, video)
    with pytest.raises(DestinationError):
        keep(memory, video, VideoState(MarkedFrames(tuple(range(11)))))
    assert state_of(memory, video) == STATE
