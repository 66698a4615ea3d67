"""One video in many hands: threads, forked processes, after closing, copied, dropped."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import subprocess
import sys
import threading
import weakref
from typing import TYPE_CHECKING

import pytest

from framescope import FrameScopeError, open_video
from framescope.core.media.picture.picture import AvPicture
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from framescope.core.media.video import Video

LONGEST_S = 60


def run_python(code: str) -> str:
    """In a process of its own, since what is feared ends the interpreter or never ends."""
    ran = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", code],
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
def test_a_forked_process_is_refused_and_ends(plain_clip: Path, read_ahead: bool) -> None:  # noqa: FBT001
    code = f"""
import os, sys
from framescope import FrameScopeError, open_video
path = {str(plain_clip)!r}
video = open_video(path, use_index_cache=False, read_ahead={read_ahead})
going = video.frames(range(10, 30))
for number in (20, 21, 22, 40): video.frame(number)
next(going)
child = os.fork()
if not child:
    refused = 0
    for use in (
        lambda: video.frame(3), lambda: next(going), lambda: video.frames([1]), lambda: video.try_frames([1]),
        lambda: video.thumbnail(3, 40), lambda: video.cached_frame(3), lambda: video.adopt_index(video.index),
    ):
        try: use()
        except FrameScopeError: refused += 1
    video.close()
    with open_video(path, use_index_cache=False) as own: print(refused, own.frame(3).frame_number, len(video))
    sys.exit(0)
print(os.waitpid(child, 0)[1], video.frame(7).frame_number, flush=True)
video.close()
"""
    assert sorted(run_python(code).splitlines()) == ["0 7", "7 3 48"]


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


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_an_open_video_cannot_be_copied(plain_clip: Path, duplicate: Callable[[Video], object]) -> None:
    with (
        open_video(plain_clip, use_index_cache=False) as video,
        pytest.raises(FrameScopeError, match="cannot be copied"),
    ):
        duplicate(video)


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
