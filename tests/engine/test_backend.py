"""The way to core: what the threads get from a real clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.media.decode_count import always_go_on
from framescope.core.media.index import IndexBasis
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.engine.backend import core_backend

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index import FrameIndex


def test_core_backend_lists_opens_and_counts(plain_clip: Path) -> None:
    backend = core_backend(keeps_indexes=False)
    info = backend.probe(str(plain_clip), None)
    partial: list[FrameIndex] = []
    index = backend.build_index(
        info,
        by_decoding=False,
        on_partial=partial.append,
        progress=ignore_progress,
        cancel=CancelToken(),
        give_way=always_go_on,
    )
    counted = backend.build_index(
        info,
        by_decoding=True,
        on_partial=partial.append,
        progress=ignore_progress,
        cancel=CancelToken(),
        give_way=always_go_on,
    )
    assert len(index) == len(counted) == 48
    assert counted.basis is IndexBasis.DECODED
    reader = backend.open_reader(info, index, cache_bytes=1 << 24, read_ahead=False)
    try:
        assert reader.frame(17).frame_number == 17
        assert reader.cached_frame(17) is not None
        nearest = reader.nearest_cached_frame(40)
        assert nearest is not None
        assert any(start <= 17 < stop for start, stop in reader.cached_spans())
        assert reader.thumbnail(12, 60, exact=True).shape == (60, 80, 4)
    finally:
        reader.close()
