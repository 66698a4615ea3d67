"""The interface of an engine adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Delivered:
    """One picture returned by an engine.

    Attributes:
        planes: The pixels, as returned; one array for packed RGB.
        pts: The timestamp reported by the engine, in the stream's time base.
        time_s: The time reported by the engine, in seconds.
        position: The engine's reported position afterwards, as a frame number.
    """

    planes: tuple[NDArray[Any], ...]
    pts: int | None = None
    time_s: float | None = None
    position: float | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """A step of a sequential pass that gave no picture, although the pass continues.

    Attributes:
        words: What the library did, such as ``read() returns False``.
    """

    words: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; ``pts`` (stream time base) and ``time_s`` (since the first frame) come from the index.

    An engine that seeks by time takes the pts of its own sequential pass where it has one.
    """

    frame_number: int
    pts: int | None = None
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The file to read.

    Attributes:
        source: Absolute path or address.
        stream_index: The stream, counted over all streams of the file. Not every library can select it.
        time_base: Seconds per unit of pts.
        single_thread: Whether the stream is damaged, so that the reference decode uses one thread.
        convert: Whether to convert pictures to RGB, as programs do, if that is optional.
        keeps_frames: Whether the engine may keep decoded frames, as in normal use.
        device: The device for engines that decode by one, as for `open_video`.
    """

    source: str
    stream_index: int
    time_base: Fraction
    single_thread: bool = False
    convert: bool = False
    keeps_frames: bool = False
    device: str = ""


class Engine(Protocol):
    """A library that reads frames. Threads: one. May raise whatever the library raises."""

    frame_count_claimed: int | None
    """The frame count reported by the library; None if there is none."""

    def sequential(self) -> Iterator[Delivered | Nothing]:
        """Every frame in order from the start, and `Nothing` for a failed step that can be continued."""

    def seek_read(self, ask: Ask) -> Delivered | None:
        """Seek to a frame and read it; None if there is no picture."""

    def read_clip(self, asks: Sequence[Ask]) -> Iterator[Delivered]:
        """Consecutive frames, in the way that suits the library; fewer where it gives no more."""

    def go_to_end(self) -> None:
        """Read past the last frame, so that the next request comes after the end of the file."""

    def close(self) -> None:
        """Release the file."""


EngineFactory = Callable[[Target], Engine]
"""Opens the file. The class itself, as ``module:Name`` in the catalogue."""


def picture_of(pixels: NDArray[np.uint8], **facts: Any) -> Delivered:  # noqa: ANN401 - handed on
    """A packed array as `Delivered`."""
    return Delivered((pixels,), **facts)
