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
    settled: list[str] = []
    with cancel.settling(lambda: settled.append("enough")):
        cancel.cancel()
        assert (settled, cancel.is_cancelled) == (["enough"], False)
        cancel.cancel()
        assert cancel.is_cancelled


def test_other_tokens_do_not_settle() -> None:
    cancel = CancelToken()
    with cancel.settling(lambda: pytest.fail("it was to stop")):
        cancel.cancel()
    assert cancel.is_cancelled
    settles = CancelToken(settles=True)
    with settles.settling(lambda: pytest.fail("the work is over")):
        pass
    settles.cancel()
    assert settles.is_cancelled
