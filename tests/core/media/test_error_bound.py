"""A loop that continues after errors ends, whatever the errors."""

from __future__ import annotations

from framescope.core.media.error_bound import ErrorBound


def test_errors_in_a_row_end_a_loop() -> None:
    bound = ErrorBound(2)
    assert [bound.is_exceeded() for _ in range(3)] == [False, False, True]


def test_progress_starts_the_count_over() -> None:
    bound = ErrorBound()
    for _ in range(5):
        assert not bound.is_exceeded()
        bound.note_progress()
