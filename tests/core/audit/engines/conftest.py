"""A clip as a target, and a look at what an engine gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.engines.protocol import Ask, Engine, Target
from framescope.core.audit.engines.read_on import pictures_of
from framescope.core.audit.messages import digest_of
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def target_of() -> Callable[[Path], Target]:
    def make(path: Path) -> Target:
        with open_video(path) as video:
            return Target(str(path), video.info.stream_index, video.index.time_base)

    return make


@pytest.fixture
def landings() -> Callable[[Engine, Path], list[int | None]]:
    """For every frame, asked for backward: the frame that came by the engine's own sequence."""

    def look(engine: Engine, path: Path) -> list[int | None]:
        digests = [digest_of(one) for one in pictures_of(engine.sequential())]
        with open_video(path) as video:
            asks = [Ask(n, video.index.pts_of(n), video.index.time_of(n)) for n in range(len(video))]
        found: dict[int, int | None] = {}
        for ask in reversed(asks):
            given = engine.seek_read(ask)
            digest = None if given is None else digest_of(given)
            found[ask.frame_number] = digests.index(digest) if digest in digests else None
        return [found[ask.frame_number] for ask in asks]

    return look
