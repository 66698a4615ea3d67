"""What most export tests start from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.source.opening import probe
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo


@pytest.fixture(scope="session")
def info(plain_clip: Path) -> VideoInfo:
    """Facts of some video, named ``clip.mp4``."""
    return replace(probe(str(plain_clip)), source="/videos/clip.mp4")


@pytest.fixture
def index() -> FrameIndex:
    """200 frames at 25 a second."""
    return make_index([n * 40 for n in range(200)])


@pytest.fixture
def settings(tmp_path: Path) -> ExportSettings:
    """PNG files in a folder that does not exist yet."""
    return ExportSettings(tmp_path / "out", image_format=ImageFormat.PNG, compression=1)
