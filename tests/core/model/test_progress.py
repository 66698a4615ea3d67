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
