"""Small pictures are dealt with in the calling thread, others in threads; results and errors are the same."""

from __future__ import annotations

import threading

import pytest

from framescope.core.picture_threads import SMALL_PIXELS, picture_threads


@pytest.mark.parametrize(("pixels", "is_here"), [(320 * 180, True), (SMALL_PIXELS, False)])
def test_small_pictures_change_no_thread(pixels: int, *, is_here: bool) -> None:
    with picture_threads(pixels, 2, "test") as pool:
        thread = pool.submit(threading.current_thread).result()
    assert (thread is threading.current_thread()) is is_here


@pytest.mark.parametrize("pixels", [0, SMALL_PIXELS])
def test_an_error_is_raised_where_the_result_is_taken(pixels: int) -> None:
    with picture_threads(pixels, 2, "test") as pool:
        failed, answer = pool.submit(int, "no number"), pool.submit(divmod, 7, 2)
        with pytest.raises(ValueError, match="no number"):
            failed.result()
        assert answer.result() == (3, 1)


def test_ctrl_c_in_the_calling_thread_ends_the_work_at_once() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), picture_threads(0, 2, "test") as pool:
        pool.submit(interrupted)
