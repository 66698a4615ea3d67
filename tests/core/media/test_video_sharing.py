"""One video in many hands: threads, forked processes, after closing, copied, dropped."""

from __future__ import annotations

import copy
import gc
import multiprocessing
import os
import pickle
import shutil
import subprocess
import sys
import threading
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope import (
    CorruptFrameError,
    FrameIndex,
    FrameScopeError,
    FrameUnavailableError,
    MissingFileError,
    OpenError,
    Video,
    open_video,
)
from framescope.core.media.file_state import check_unchanged, found_again
from framescope.core.media.picture.picture import AvPicture
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LONGEST_S = 60


def run_python(code: str) -> str:
    """In a process of its own, since what is feared ends the interpreter or never ends."""
    return run_arguments("-c", code)


def run_arguments(*arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", *arguments],
        check=True,
        timeout=LONGEST_S,
        capture_output=True,
        text=True,
    )
    assert ran.stderr == ""
    return ran.stdout


@pytest.mark.parametrize("read_ahead", [False, True])
def test_threads_take_turns(plain_clip: Path, read_ahead: bool) -> None:  # noqa: FBT001
    code = f"""
import random, threading
from framescope import open_video
from framescope.core.synth.number_blocks import read_number

video = open_video({str(plain_clip)!r}, use_index_cache=False, cache_bytes=1, read_ahead={read_ahead})
right = []

def work(seed):
    rng = random.Random(seed)
    for _ in range(15):
        number = rng.randrange(len(video))
        right.append(read_number(video.frame(number).to_rgb()) == number)
    start = rng.randrange(20)
    for place, frame in enumerate(video.frames(range(start, start + 15))):
        right.append(read_number(frame.to_rgb()) == start + place)
    video.thumbnail(seed, 40)

threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
video.close()
print(len(right), all(right))
"""
    assert run_python(code) == "120 True\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes are forked")
@pytest.mark.parametrize("read_ahead", [False, True])
def test_a_forked_process_opens_the_file_for_itself(plain_clip: Path, read_ahead: bool) -> None:  # noqa: FBT001
    code = f"""
import os, sys
from framescope import FrameScopeError, open_video
from framescope.core.synth.number_blocks import read_number

video = open_video({str(plain_clip)!r}, use_index_cache=False, read_ahead={read_ahead})
going = video.frames(range(10, 30))
closed = open_video({str(plain_clip)!r})
closed.close()
for number in (20, 21, 22, 40): video.frame(number).to_rgb()
next(going)
child = os.fork()
if not child:
    numbers = [read_number(video.frame(number).to_rgb()) for number in (40, 3, 22)]
    numbers += [read_number(frame.to_rgb()) for frame in video[::20]]
    refused = 0
    for use in (lambda: next(going), lambda: closed.frame(3)):
        try: use()
        except FrameScopeError: refused += 1
    del going
    print(numbers, refused, len(video))
    if numbers[0] == 40: video.close()
    sys.exit(0)
print(os.waitpid(child, 0)[1], [frame.frame_number for frame in going][-1], flush=True)
video.close()
"""
    expected = ["0 29", "[40, 3, 22, 0, 20, 40] 2 48"]
    assert sorted(run_python(code).splitlines()) == expected


FORKED_WHILE_READING = """
import os, sys
import numpy as np
from framescope import FrameScopeError, open_video
from framescope.core.media.decoding import side_by_side
import framescope.core.media.video as video_module

# Small enough a clip for a test is read so too.
side_by_side._FEWEST_DECODED, side_by_side._STRETCH, side_by_side.core_count = 1, 4, lambda: 2
video_module._LARGE_PIXELS = 1
video = open_video(sys.argv[1], use_index_cache=False)
begun = [video.frames(range(0, 48, 6)), video.frames(range(48))]
assert [next(frames).frame_number for frames in begun] == [0, 0]
child = os.fork()
if not child:
    refused = 0
    for frames in begun:
        try: next(frames)
        except FrameScopeError: refused += 1
    begun.clear()
    print(refused, [frame.frame_number for frame in video.frames(range(0, 48, 6))][-1], flush=True)
    sys.exit(0)
print(os.waitpid(child, 0)[1], [[frame.frame_number for frame in frames][-1] for frames in begun], flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes are forked")
def test_readings_with_threads_do_not_wait_for_them_after_a_fork(plain_clip: Path) -> None:
    lines = run_arguments("-c", FORKED_WHILE_READING, str(plain_clip)).splitlines()
    assert sorted(lines) == ["0 [42, 47]", "2 42"]


OTHER_PROCESS = """
import multiprocessing, sys
from framescope import FrameScopeError, open_video
from framescope.core.synth.number_blocks import read_number

def read(video, part, answers):
    with video:
        answers.put([read_number(frame.to_rgb()) for frame in (video.frame(40), *part)])

if __name__ == "__main__":
    ways = multiprocessing.get_context(sys.argv[1])
    with open_video(sys.argv[2], use_index_cache=False, read_ahead=True) as video:
        video.frame(20).to_rgb()
        answers = ways.Queue()
        child = ways.Process(target=read, args=(video, video[5:8], answers))
        child.start()
        print(answers.get(timeout=50), read_number(video.frame(21).to_rgb()))
        child.join()
        print(child.exitcode)
"""


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_another_process_reads_the_same_frames(plain_clip: Path, tmp_path: Path, method: str) -> None:
    script = tmp_path / "other_process.py"
    script.write_text(OTHER_PROCESS, encoding="utf-8")
    assert run_arguments(str(script), method, str(plain_clip)) == "[40, 5, 6, 7] 21\n0\n"


def uses(video: Video) -> list[Callable[[], object]]:
    return [
        lambda: video.frame(3),
        lambda: video.frames(range(3)),
        lambda: video.try_frames(iter([3])),
        lambda: video.thumbnail(3, 40),
        lambda: video.adopt_index(video.index),
    ]


@pytest.mark.parametrize("read_ahead", [False, True])
def test_a_closed_video_reads_nothing(plain_clip: Path, read_ahead: bool) -> None:  # noqa: FBT001
    with open_video(plain_clip, use_index_cache=False, read_ahead=read_ahead) as video:
        going = (video.frames(range(10, 30)), video.frames(iter(range(10, 30))))
        for frames in going:
            next(frames)
    for use in (*uses(video), *(lambda frames=frames: next(frames) for frames in going)):
        with pytest.raises(FrameScopeError, match="closed"):
            use()
    assert (video.cached_frame(10), video.cached_spans(), len(video)) == (None, [], 48)
    video.close()


def test_closing_breaks_off_a_read_in_another_thread(plain_clip: Path) -> None:
    video = open_video(plain_clip, use_index_cache=False)
    reached, closing = threading.Event(), threading.Event()
    errors: list[FrameScopeError] = []

    def numbers() -> Iterator[int]:
        yield 3
        reached.set()
        assert closing.wait(LONGEST_S)
        yield 4

    def read() -> None:
        try:
            for _ in video.frames(numbers()):
                pass
        except FrameScopeError as error:
            errors.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    assert reached.wait(LONGEST_S)
    video.close()
    closing.set()
    thread.join(LONGEST_S)
    assert [error.message for error in errors] == ["h264.mp4 is closed."]


def pickled(video: Video) -> Video:
    again = pickle.loads(pickle.dumps(video))
    assert isinstance(again, Video)
    return again


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickled])
def test_a_copy_reads_for_itself(plain_clip: Path, duplicate: Callable[[Video], Video]) -> None:
    with open_video(plain_clip, use_index_cache=False, cache_bytes=1 << 20) as video:
        size = len(pickle.dumps(video))
        video.frame(20)
        # Neither frames nor what was computed from the index travel along.
        assert len(pickle.dumps(video)) == size
        again = duplicate(video)
        with again:
            assert (again.info, again.cached_frame(20)) == (video.info, None)
            assert read_number(again.frame(17).to_rgb()) == 17
            assert not again.index.pts.flags.writeable
            assert again.index.times_s.tolist() == video.index.times_s.tolist()
        assert read_number(video.frame(18).to_rgb()) == 18
    with pytest.raises(FrameScopeError, match="closed"):
        duplicate(video)


def test_a_live_video_stays_in_its_process(plain_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_video(plain_clip, use_index_cache=False) as video:
        monkeypatch.setattr(FrameIndex, "is_live", property(lambda _index: True))
        with pytest.raises(FrameScopeError, match="live video"):
            pickle.dumps(video)


def test_a_copy_refuses_a_file_that_was_replaced_meanwhile(plain_clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    shutil.copyfile(plain_clip, path)
    with open_video(path, use_index_cache=False) as video:
        stored = pickle.dumps(video)
        info = video.info
    path.write_bytes(path.read_bytes() + b"more")
    os.utime(path, (1, 1))
    path.rename(tmp_path / "old.mp4")
    shutil.copyfile(tmp_path / "old.mp4", path)
    with pickle.loads(stored) as again, pytest.raises(OpenError, match="changed or replaced"):
        again.frame(3)
    path.unlink()
    with pickle.loads(stored) as again, pytest.raises(MissingFileError):
        again.frame(3)
    assert info.file_state is not None


def test_a_file_is_known_again_on_another_machine(plain_clip: Path) -> None:
    """There, its device has another number; its size and time are the same."""
    with open_video(plain_clip, use_index_cache=False) as video:
        state = video.info.file_state
        assert state is not None
        elsewhere = replace(video.info, file_state=state._replace(device=state.device + 1, inode=7))
        other_file = replace(video.info, file_state=state._replace(inode=state.inode + 1))
        changed = replace(elsewhere, file_state=state._replace(device=state.device + 1, modified_ns=1))
    assert found_again(elsewhere).file_state == state
    for info in (other_file, changed):
        assert found_again(info) is info
        with pytest.raises(OpenError, match="changed or replaced"):
            check_unchanged(info, is_open=False)


@pytest.mark.parametrize(
    "error",
    [
        FrameUnavailableError(3, 1536, "it is lost", hint="Try another."),
        CorruptFrameError(3, None, "it is damaged"),
        OpenError("It is not a video.", hint="Choose another."),
    ],
)
def test_an_error_crosses_processes(error: FrameScopeError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))


def fetching_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("framescope-decoder")]


def live_pictures() -> int:
    return sum(isinstance(each, AvPicture) for each in gc.get_objects())


@pytest.mark.parametrize("read_ahead", [False, True])
def test_a_dropped_video_lets_go_of_everything(plain_clip: Path, read_ahead: bool) -> None:  # noqa: FBT001
    # Nothing is collected during a test.
    assert not gc.isenabled()
    video = open_video(plain_clip, use_index_cache=False, read_ahead=read_ahead)
    before = live_pictures()
    for number in (20, 21, 22):
        video.frame(number)
    assert live_pictures() > before
    assert bool(fetching_threads()) == read_ahead
    trace = weakref.ref(video)
    del video
    for thread in fetching_threads():
        thread.join(LONGEST_S)
    assert (trace(), fetching_threads(), live_pictures()) == (None, [], before)


def test_reading_through_keeps_no_picture(plain_clip: Path) -> None:
    """However the frames are chosen, those alive are the one in hand and the few that came out with it."""
    gc.collect()
    before = live_pictures()
    with open_video(plain_clip, use_index_cache=False) as video:
        for numbers in (range(48), range(0, 48, 5), [47], [3, 3, 30, 31], slice(20, None)):
            most = 0
            for place, _frame in enumerate(video.frames(numbers)):
                if place % 6 in (0, 5):
                    most = max(most, live_pictures() - before)
            del _frame
            # No more than the decoder held back, which it hands out at once at the end of the file.
            assert most < 24
            assert (video.cached_bytes, live_pictures()) == (0, before)


def test_reading_through_takes_what_is_at_hand(plain_clip: Path) -> None:
    with open_video(plain_clip, use_index_cache=False) as video:
        kept = video.frame(20)
        assert list(video.frames(range(18, 22)))[2] is kept


def test_two_readings_through_at_once_are_both_right(plain_clip: Path) -> None:
    with open_video(plain_clip, use_index_cache=False, cache_bytes=1) as video:
        pairs = zip(video.frames(range(48)), video.frames(range(5, 48, 3)), strict=False)
        numbers = [(read_number(one.to_rgb()), read_number(other.to_rgb())) for one, other in pairs]
    assert numbers == [(place, 5 + 3 * place) for place in range(15)]
