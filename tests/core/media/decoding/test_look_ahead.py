"""Iterations that are prepared ahead: the same items and errors, and no thread left behind."""

from __future__ import annotations

import gc
import os
import threading
import time
from typing import TYPE_CHECKING

import pytest

from framescope import open_video
from framescope.core.errors import FrameScopeError
from framescope.core.media import video as video_module
from framescope.core.media.decoding.look_ahead import looked_ahead
from framescope.core.synth.number_blocks import read_number
from tests.core.media.test_video_sharing import run_python

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() == before


def nothing() -> None:
    """Check nothing."""


def counted(noted: list[int], length: int, error: BaseException | None = None) -> Iterator[int]:
    for number in range(length):
        noted.append(number)
        yield number
    if error is not None:
        raise error


def test_all_items_come_in_order() -> None:
    assert list(looked_ahead(counted([], 50), nothing)) == list(range(50))


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt()])
def test_an_error_comes_where_it_belongs(error: BaseException) -> None:
    got: list[int] = []
    with pytest.raises(type(error)):
        got.extend(looked_ahead(counted([], 7, error), nothing))
    taken: list[int] = []
    items = looked_ahead(counted([], 7, error), nothing)
    taken.extend(next(items) for _ in range(7))
    with pytest.raises(type(error)):
        next(items)
    assert taken == list(range(7))


def test_no_more_than_a_few_are_ahead() -> None:
    noted: list[int] = []
    items = looked_ahead(counted(noted, 100), nothing)
    next(items)
    time.sleep(0.1)
    assert len(noted) <= 6
    items.close()  # type: ignore[attr-defined]


def test_a_dropped_iteration_ends_its_thread() -> None:
    items = looked_ahead(counted([], 100), nothing)
    next(items)
    del items
    gc.collect()


def test_frames_of_a_video(plain_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_module, "_LARGE_PIXELS", 0)
    with open_video(plain_clip, use_index_cache=False) as video:
        for numbers in (range(len(video)), range(5, len(video), 7), [3, 3, 4, 30]):
            assert [read_number(frame.to_rgb()) for frame in video.frames(numbers)] == list(numbers)
        frames = video.frames(range(len(video)))
        # Other frames may be read meanwhile.
        for number in range(6):
            assert read_number(next(frames).to_rgb()) == number
            assert read_number(video[40 - number].to_rgb()) == 40 - number
        video.close()
        with pytest.raises(FrameScopeError, match="is closed"):
            next(frames)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_forked_process_is_refused_and_does_not_wait(plain_clip: Path) -> None:
    code = f"""
import os
from framescope import open_video
from framescope.core.errors import FrameScopeError
from framescope.core.media import video as video_module
video_module._LARGE_PIXELS = 0
video = open_video({str(plain_clip)!r}, use_index_cache=False)
frames = video.frames(range(40))
next(frames)
child = os.fork()
if not child:
    try:
        for _ in frames:
            pass
    except FrameScopeError:
        os._exit(7)
    os._exit(1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), sum(1 for _ in frames))
"""
    assert run_python(code).split() == ["7", "39"]
