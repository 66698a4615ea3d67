"""Messages between parent and child: one JSON object per line, over stdin and a separate pipe."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import numpy as np
import xxhash

from framescope.core.audit.engines.protocol import Target
from framescope.core.translation import tr

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from numpy.typing import NDArray

    from framescope.core.audit.engines.protocol import Delivered, EngineFactory

Message: TypeAlias = dict[str, Any]

_WORDS_LIMIT = 300
_LOOK_SQUARES = 16
"""Grid size for a picture's mean colours."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request, before it is judged.

    Attributes:
        digest: XXH3 of the pixels; None if there was no picture.
        pts: As reported by the engine, in the stream's time base.
        time_s: As reported by the engine.
        position: As reported by the engine.
        error: The library's error message.
    """

    digest: int | None
    pts: int | None = None
    time_s: float | None = None
    position: float | None = None
    error: str = ""

    def as_row(self) -> list[Any]:
        """The answer as JSON values."""
        return [self.digest, self.pts, self.time_s, self.position, self.error]


def digest_of(delivered: Delivered) -> int:
    """XXH3, 64 bit, over the pixels and their shape."""
    state = xxhash.xxh3_64()
    for plane in delivered.planes:
        state.update(f"{plane.shape}{plane.dtype}".encode())
        state.update(plane.tobytes() if not plane.flags.c_contiguous else plane.data)
    return state.intdigest()


def is_flat(delivered: Delivered) -> bool:
    """Whether every plane holds one value only."""
    return all(plane.size == 0 or bool((plane == plane.flat[0]).all()) for plane in delivered.planes)


def look_of(pixels: NDArray[Any]) -> NDArray[np.float64] | None:
    """A three-channel picture as means over a coarse grid, small enough to send; None for others.

    Args:
        pixels: (height, width, 3) uint8.

    Returns:
        float64 of the same channels, `_LOOK_SQUARES` across and down.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        return None
    down, across = pixels.shape[0] // _LOOK_SQUARES, pixels.shape[1] // _LOOK_SQUARES
    if not down or not across:
        return None
    inside = pixels[: down * _LOOK_SQUARES, : across * _LOOK_SQUARES]
    squares = inside.reshape(_LOOK_SQUARES, down, _LOOK_SQUARES, across, 3)
    means: NDArray[np.float64] = squares.mean((1, 3), dtype=np.float64)
    return means


def answer_of(delivered: Delivered | None, error: str = "") -> Answer:
    """A delivery, or its absence, as an answer."""
    if delivered is None:
        return Answer(None, error=error)
    return Answer(digest_of(delivered), delivered.pts, delivered.time_s, delivered.position)


def target_message(target: Target) -> Message:
    """A target as JSON values."""
    return {
        "source": target.source,
        "stream_index": target.stream_index,
        "time_base": str(target.time_base),
        "single_thread": target.single_thread,
        "convert": target.convert,
        "keeps_frames": target.keeps_frames,
        "device": target.device,
    }


def target_from(message: Message) -> Target:
    """The target that `target_message` wrote."""
    return Target(**{**message, "time_base": Fraction(message["time_base"])})


def load_named(reference: str) -> Any:  # noqa: ANN401 - whatever has that name
    """What ``module:name`` names; imports the module."""
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)


def load_factory(reference: str) -> EngineFactory:
    """The class that ``module:Name`` names; imports the library."""
    factory: EngineFactory = load_named(reference)
    return factory


class Attempt:
    """Runs a block that calls a third-party library, which may raise anything, and records the error.

    Attributes:
        error: ``Type: message`` of the exception; empty if nothing was.
        exception: What was raised; None if nothing was.
    """

    def __init__(self, *, lets_through: type[Exception] | tuple[()] = ()) -> None:
        self.error = ""
        self.exception: Exception | None = None
        self._lets_through = lets_through

    @property
    def raised(self) -> str:
        """``raises Kind``; empty if nothing was raised."""
        return "" if self.exception is None else tr("raises {name}", name=type(self.exception).__name__)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Suppress the library's exceptions; let KeyboardInterrupt and the like through."""
        if not isinstance(error, Exception) or isinstance(error, self._lets_through):
            return False
        self.exception = error
        words = " ".join(str(error).split())
        name = type(error).__name__
        self.error = f"{name}: {words}"[:_WORDS_LIMIT] if words else name
        return True


class Channel:
    """The child's end: reads jobs from stdin, writes messages to a pipe that library output cannot reach."""

    def __init__(self) -> None:
        # Ctrl+C in a terminal reaches the child too; the parent decides when to stop it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._out: IO[str] = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        if isinstance(sys.stdout, io.TextIOWrapper):
            # This process may be ended at any time: a library's output must have been flushed by then.
            sys.stdout.reconfigure(line_buffering=True)

    def receive(self) -> Message | None:
        """The next job; None when the parent has no more."""
        line = sys.stdin.readline()
        message: Message | None = json.loads(line) if line else None
        return message

    def send(self, kind: str, **content: Any) -> None:  # noqa: ANN401 - anything that JSON knows
        """Send the parent a message at once."""
        self._out.write(json.dumps({"kind": kind, **content}) + "\n")
        self._out.flush()
