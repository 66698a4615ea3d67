"""Fixtures for threads: fake media, and the guarantee that what was started is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.fakes import FakeMedia

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def media() -> Iterator[FakeMedia]:
    """A video of 100 frames with a keyframe every 10; its gates are open."""
    media = FakeMedia()
    yield media
    media.gate.set()
    media.listing_gate.set()
