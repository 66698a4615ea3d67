"""The functions of core that the threads need, so that tests can replace them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.media.index_builder import Counting
from framescope.core.media.index_store import IndexStore
from framescope.core.source.opening import build_index, known_video, probe

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo


@dataclass(frozen=True, slots=True)
class Backend:
    """Access to core.

    Attributes:
        probe: (source, stream_index) → what the header declares. Raises OpenError.
        open_reader: (info, index, *, cache_bytes, read_ahead) → a video for the calling thread; it uses this
            index until it adopts another. Given ``hardware``, a device may decode.
        build_index: (info, *, by_decoding, on_partial, on_frame, progress, cancel, give_way) → the complete
            index; ``on_partial`` receives correct prefixes meanwhile, ``on_frame`` the first frame if it is
            decoded for the index; ``give_way`` may block for other work.
    """

    probe: Callable[[str, int | None], VideoInfo]
    open_reader: Callable[..., Video]
    build_index: Callable[..., FrameIndex]


def core_backend(*, keeps_indexes: bool = True) -> Backend:
    """The backend that uses core.

    Args:
        keeps_indexes: Whether to use the index cache in the user's cache folder.
    """
    store = IndexStore() if keeps_indexes else None

    def look(source: str, stream_index: int | None) -> VideoInfo:
        return probe(source, stream_index=stream_index)

    def list_frames(  # noqa: PLR0913 - every option is named at the call
        info: VideoInfo,
        *,
        by_decoding: bool,
        on_partial: Callable[[FrameIndex], None],
        on_frame: Callable[[Frame], None] | None = None,
        progress: ProgressCallback,
        cancel: CancelToken,
        give_way: Callable[[], None],
    ) -> FrameIndex:
        return build_index(
            info,
            counting=Counting.DECODE if by_decoding else Counting.AUTO,
            store=store,
            on_partial=on_partial,
            on_frame=on_frame,
            progress=progress,
            cancel=cancel,
            give_way=give_way,
        )

    return Backend(look, known_video, list_frames)
