"""The film that the tests compare versions of, and its fingerprints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.compare.fingerprints import measure_fingerprints
from framescope.core.source.opening import open_video
from tests.core.compare.moving import film, write

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.compare.fingerprints import Fingerprints
    from tests.core.compare.moving import Picture


@pytest.fixture(scope="session")
def frames() -> list[Picture]:
    """400 frames."""
    return film()


@pytest.fixture(scope="session")
def source_clip(frames: list[Picture], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film, 24 frames a second."""
    return write(tmp_path_factory.mktemp("compare") / "source.mp4", frames, crf=16)


@pytest.fixture(scope="session")
def source_prints(source_clip: Path) -> Fingerprints:
    """Its fingerprints."""
    return fingerprints_of(source_clip)


def fingerprints_of(path: Path) -> Fingerprints:
    with open_video(path, use_index_cache=False) as video:
        return measure_fingerprints(video)
