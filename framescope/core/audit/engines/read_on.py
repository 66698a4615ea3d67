"""Continues after a failed read, which is not always the end of the file, and records where it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.audit.engines.protocol import Delivered, Nothing
from framescope.core.audit.messages import Attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PATIENCE = 200
"""Consecutive steps without a picture after which a library is considered at the end or stuck."""


def read_on(
    step: Callable[[], Delivered | None], *, call: str, gives: str = "None"
) -> Iterator[Delivered | Nothing]:
    """Repeat a step until the library reports the end or `PATIENCE` is exhausted.

    Args:
        step: Returns the next picture, or None; raises StopIteration at the end, or the library's errors.
        call: The step as written in a program, such as ``read()``.
        gives: What the call returns if there is no picture.

    Yields:
        Pictures, and `Nothing` for steps without one.

    Raises:
        Exception: What the library raised last, where it raised `PATIENCE` times in a row.
    """
    in_a_row = 0
    while True:
        delivered = None
        try:
            with Attempt(lets_through=StopIteration) as attempt:
                delivered = step()
        except StopIteration:
            return
        if delivered is not None:
            in_a_row = 0
            yield delivered
            continue
        in_a_row += 1
        if in_a_row >= PATIENCE:
            if attempt.exception is not None:
                raise attempt.exception
            return
        yield Nothing(f"{call} {attempt.raised or f'returns {gives}'}")


def pictures_of(steps: Iterable[Delivered | Nothing]) -> Iterator[Delivered]:
    """The pictures only."""
    return (one for one in steps if isinstance(one, Delivered))
