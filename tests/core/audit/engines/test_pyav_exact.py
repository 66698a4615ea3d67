"""PyAV's seek and decode finds frames of closed GOPs, and loses leading pictures of open ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.engines.protocol import Ask, Engine, Target
from framescope.core.audit.engines.pyav_exact import PyAVExact

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_it_decodes_up_to_the_frame(
    plain_clip: Path,
    target_of: Callable[[Path], Target],
    landings: Callable[[Engine, Path], list[int | None]],
) -> None:
    engine = PyAVExact(target_of(plain_clip))
    assert landings(engine, plain_clip) == list(range(48))
    assert engine.seek_read(Ask(48, 10**9)) is None
    with pytest.raises(ValueError, match="no timestamp"):
        engine.seek_read(Ask(99))


def test_leading_pictures_of_an_open_gop_are_lost(
    media_file: Callable[[str], Path],
    target_of: Callable[[Path], Target],
    landings: Callable[[Engine, Path], list[int | None]],
) -> None:
    path = media_file("hevc_tiny_opengop.mp4")
    found = landings(PyAVExact(target_of(path)), path)
    # Measured independently; see the manifest of the real files.
    assert {n: at - n for n, at in enumerate(found) if at is not None and at != n} == {3: 1, 5: 1, 7: 1}
