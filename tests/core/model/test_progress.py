"""Progress and cancellation."""

from __future__ import annotations

import pytest

from framescope.core.errors import Cancelled
from framescope.core.model.progress import CancelToken, Progress, ignore_progress


def test_cancel_stops_at_the_next_check() -> None:
    cancel = CancelToken()
    cancel.raise_if_cancelled()
    cancel.cancel()
    assert cancel.is_cancelled
    with pytest.raises(Cancelled):
        cancel.raise_if_cancelled()


def test_progress_can_be_ignored() -> None:
    ignore_progress(Progress(1, None))


def test_a_token_that_settles_lets_endless_work_go_on_once() -> None:
    cancel = CancelToken(settles=True)
    stopped: list[str] = []
    with cancel.stopping(lambda: stopped.append("enough")):
        cancel.cancel()
        assert (stopped, cancel.is_cancelled) == (["enough"], False)
        cancel.cancel()
        assert (stopped, cancel.is_cancelled) == (["enough"], True)


@pytest.mark.parametrize("settles", [False, True])
def test_other_work_is_cancelled(settles: bool) -> None:  # noqa: FBT001 - a parameter
    cancel = CancelToken(settles=settles)
    stopped: list[str] = []
    with cancel.stopping(lambda: stopped.append("never")):
        pass
    cancel.cancel()
    assert (stopped, cancel.is_cancelled) == ([], True)


def test_what_is_waited_for_ends_before_the_work_does() -> None:
    cancel = CancelToken()
    stopped: list[str] = []
    with cancel.stopping(lambda: stopped.append("now")):
        cancel.cancel()
    assert (stopped, cancel.is_cancelled) == (["now"], True)
