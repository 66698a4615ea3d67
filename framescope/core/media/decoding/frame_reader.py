"""What every reader of frames is, whatever its source: what fetches, keeps and shows frames knows no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from framescope.core.media.decoding.seek_plan import DecoderPosition, Outlook
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import Frame


class Tally(NamedTuple):
    """Packets that a reader has processed so far.

    Attributes:
        fed: Fed to the decoder.
        fed_of_skippable: Those of them fed while skipping as many packets as possible.
        left_out: Skipped.
    """

    fed: int = 0
    fed_of_skippable: int = 0
    left_out: int = 0


class FrameReader(Protocol):
    """Reads frames of one source by number. Threads: one, from the first read to closing."""

    index: FrameIndex

    @property
    def position(self) -> DecoderPosition:
        """The decoder's position."""

    @property
    def tally(self) -> Tally:
        """Counts of the packets processed so far."""

    def adopt_index(self, index: FrameIndex) -> None:
        """Use another index of the same source from now on."""

    def read(self, frame_number: int, *, keeps_all: bool = False, outlook: Outlook | None = None) -> Frame:
        """The exact frame; ``keeps_all`` if those on the way are wanted too, ``outlook`` for what follows.

        Raises:
            FrameUnavailableError: It cannot be decoded.
            OpenError: The source no longer exists.
        """

    def forget_position(self) -> None:
        """Start the next read with a seek, as after a failed read."""

    @property
    def has_much_to_give_back(self) -> bool:
        """Whether closing it releases much memory that no picture in use occupies. Threads: any."""

    def close(self) -> None:
        """Release the source; the next read opens it again."""


MakeReader: TypeAlias = Callable[..., FrameReader]
"""Creates a reader from facts, an index and ``on_frame``; nothing is opened before its first read."""
