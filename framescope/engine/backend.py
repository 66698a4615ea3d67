"""What the threads need from core, as protocols and functions that tests can replace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from framescope.core.media.index_builder import Counting
from framescope.core.media.index_store import IndexStore
from framescope.core.source.opening import build_index, known_video, probe

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo


class VideoReader(Protocol):
    """A video as one thread reads it: the part of ``framescope.core.media.video.Video`` used here."""

    info: VideoInfo

    def frame(self, frame_number: int) -> Frame:
        """The exact frame. Raises FrameUnavailableError."""

    def thumbnail(self, frame_number: int, height_px: int, *, exact: bool) -> NDArray[np.uint8]:
        """(height, width, 4) uint8 B, G, R, x of the frame, scaled down and upright."""

    @property
    def damaged_frames(self) -> NDArray[np.int32]:
        """int32 numbers of the frames that are known to depend on damage."""

    def cached_frame(self, frame_number: int) -> Frame | None:
        """The frame if it is in memory. Threads: any."""

    def nearest_cached_frame(self, frame_number: int) -> Frame | None:
        """The frame in memory whose number is closest. Threads: any."""

    def cached_spans(self) -> list[tuple[int, int]]:
        """Half-open runs of frames in memory, ascending. Threads: any."""

    def adopt_index(self, index: FrameIndex) -> None:
        """Go by a longer or better index from now on."""

    def interrupt(self) -> None:
        """Break off a read in flight; nothing can be read afterwards. Threads: any."""

    def close(self) -> None:
        """Release the file."""


class IndexWork(Protocol):
    """Lists the frames of a stream."""

    def __call__(
        self,
        info: VideoInfo,
        *,
        by_decoding: bool,
        on_partial: Callable[[FrameIndex], None],
        progress: ProgressCallback,
        cancel: CancelToken,
    ) -> FrameIndex:
        """The complete index; ``on_partial`` takes correct prefixes of it on the way."""


class OpenReader(Protocol):
    """Makes a reader for the thread that calls it."""

    def __call__(
        self, info: VideoInfo, index: FrameIndex, *, cache_bytes: int, read_ahead: bool
    ) -> VideoReader:
        """A reader that goes by this index until it adopts another."""


@dataclass(frozen=True, slots=True)
class Backend:
    """Access to core.

    Attributes:
        probe: (source, stream_index) → what the header declares. Raises OpenError.
        open_reader: Makes a reader.
        build_index: Lists the frames.
    """

    probe: Callable[[str, int | None], VideoInfo]
    open_reader: OpenReader
    build_index: IndexWork


def core_backend(*, keeps_indexes: bool = True) -> Backend:
    """The backend that uses core.

    Args:
        keeps_indexes: Whether indexes are taken from and kept in the user's cache folder.
    """
    store = IndexStore() if keeps_indexes else None

    def look(source: str, stream_index: int | None) -> VideoInfo:
        return probe(source, stream_index=stream_index)

    def list_frames(
        info: VideoInfo,
        *,
        by_decoding: bool,
        on_partial: Callable[[FrameIndex], None],
        progress: ProgressCallback,
        cancel: CancelToken,
    ) -> FrameIndex:
        return build_index(
            info,
            counting=Counting.DECODE if by_decoding else Counting.AUTO,
            store=store,
            on_partial=on_partial,
            progress=progress,
            cancel=cancel,
        )

    return Backend(look, known_video, list_frames)
