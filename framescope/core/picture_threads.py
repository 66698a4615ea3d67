"""Threads that share the work on pictures, where pictures are large enough for that to gain anything."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

SMALL_PIXELS = 100_000
"""Smaller pictures are measured in about a millisecond. Threads that share them gain nothing: they mostly
wait for Python's lock, with 6 changes of thread a picture, and up to 30 where others use all cores."""


class CallingThread(Executor):
    """Does what is submitted at once, in the thread that submits it."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The result, or the error that ended the work."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - raised again where the result is taken
            future.set_exception(error)
        return future


def picture_threads(pixels: int, most: int, name: str) -> Executor:
    """Threads for pictures of so many pixels; the calling thread does it alone if they are small.

    Args:
        pixels: Columns times rows of the pictures.
        most: How many threads.
        name: The prefix of their names.
    """
    return ThreadPoolExecutor(most, thread_name_prefix=name) if pixels >= SMALL_PIXELS else CallingThread()
