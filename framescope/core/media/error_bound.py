"""Bounds loops that continue after errors: they may go on as long as they make progress."""

from __future__ import annotations


class ErrorBound:
    """Counts errors since the last progress. Each loop that continues after errors uses one. Threads: one."""

    def __init__(self, most: int = 1) -> None:
        """Allow this many errors in a row.

        Args:
            most: Consecutive errors allowed without progress; one more ends the loop.
        """
        self._most = most
        self._in_a_row = 0

    def note_progress(self) -> None:
        """A packet, a frame or a byte was consumed: the count starts over."""
        self._in_a_row = 0

    def is_exceeded(self) -> bool:
        """Count one more error; returns whether the loop must end."""
        self._in_a_row += 1
        return self._in_a_row > self._most
