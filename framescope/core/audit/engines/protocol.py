"""The interface of an engine adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Delivered:
    """One picture that an engine gave.

    Attributes:
        planes: The pixels, as the engine gives them; one array for packed RGB.
        pts: The timestamp that the engine says the picture has, in the stream's time base.
        time_s: The time that the engine says the picture has, in seconds.
        position: The frame number that the engine says it stands at afterwards.
    """

    planes: tuple[NDArray[Any], ...]
    pts: int | None = None
    time_s: float | None = None
    position: float | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """A step of a sequential pass that brought no picture, although the pass continues.

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
        stream_index: The stream, counted over all streams of the file. Not every library can be told.
        time_base: Seconds per unit of pts.
        single_thread: Whether the stream is damaged, so that its pictures are defined with one thread.
        convert: Whether pictures are to be converted to RGB, as programs use them, where that is a choice.
        keeps_frames: Whether the engine may keep decoded frames, as it does in the hands of a person.
    """

    source: str
    stream_index: int
    time_base: Fraction
    single_thread: bool = False
    convert: bool = False
    keeps_frames: bool = False


class Engine(Protocol):
    """A library that reads frames. Threads: one. May raise whatever the library raises."""

    frame_count_claimed: int | None
    """How many frames the library says there are; None if it does not say."""

    def sequential(self) -> Iterator[Delivered | Nothing]:
        """Every frame in order from the start, and each step without one where a program can continue."""

    def seek_read(self, ask: Ask) -> Delivered | None:
        """Go to a frame and read it; None if nothing comes."""

    def go_to_end(self) -> None:
        """Read past the last frame, so that what is asked next comes after the end of the file."""

    def close(self) -> None:
        """Release the file."""


EngineFactory = Callable[[Target], Engine]
"""Opens the file. The class itself, as ``module:Name`` in the catalogue."""


def picture_of(pixels: NDArray[np.uint8], **facts: Any) -> Delivered:  # noqa: ANN401 - handed on
    """One packed array as a delivery."""
    return Delivered((pixels,), **facts)
